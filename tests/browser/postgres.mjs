// A PostgreSQL server of its own on a loopback port, in a folder that goes with it.
import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePort } from "./port.mjs";

const NOBODY = 65_534;

export class Postgres {
  #folder;

  static async start() {
    const server = new Postgres();
    const folder = server.#folder = mkdtempSync(join(tmpdir(), "lorecast-postgres-"));
    // It refuses to serve root.
    if (process.getuid() === 0) chownSync(folder, NOBODY, NOBODY);
    const port = await freePort();
    server.#run("initdb", "-U", "lorecast", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync");
    const options = `-k ${folder} -p ${port} -c listen_addresses=127.0.0.1 -c fsync=off`;
    process.once("exit", () => server.end());
    server.#run("pg_ctl", "-l", join(folder, "log"), "-w", "-o", options, "start");
    server.address = `postgres://lorecast@127.0.0.1:${port}/postgres`;
    return server;
  }

  end() {
    if (!existsSync(this.#folder)) return;
    this.#run("pg_ctl", "-m", "immediate", "-w", "stop");
    rmSync(this.#folder, { recursive: true });
  }

  #run(program, ...words) {
    const who = process.getuid() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    execFileSync(join(programs(), program), ["-D", join(this.#folder, "data"), ...words], { cwd: this.#folder, stdio: "ignore", ...who });
  }
}

// Debian keeps the programs of each release apart.
function programs() {
  const root = "/usr/lib/postgresql";
  const releases = existsSync(root) ? readdirSync(root).sort((a, b) => Number(a) - Number(b)) : [];
  if (!releases.length) throw new Error("PostgreSQL is missing: install the package `postgresql`");
  return join(root, releases.at(-1), "bin");
}

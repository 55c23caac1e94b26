// A show that is made for a walk and served by a process of its own.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { appendFileSync, cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

import { freePort } from "./port.mjs";

export class Show {
  #server;
  // However this ends, the server goes with it.
  #kills = () => this.#server.kill("SIGKILL");

  constructor(lorecast, folder) {
    Object.assign(this, { lorecast, root: join(folder, "show"), mailbox: join(folder, "mails") });
  }

  // `coming`: its last episode is being made again. `store`: where its index and journal are kept, when not in files.
  // `hostile`: its mail means harm as well, and some of that is told in its last episode, which is published.
  // `host`: the server's name, where it needs one; `beside`: the name of a second show on the same server.
  static async make(lorecast, folder, { coming, hostile, store, host, beside }) {
    const show = new Show(lorecast, folder);
    show.#begin({ coming, store });
    if (hostile) show.#takesIn(join(folder, "hostile"));
    if (beside) {
      show.beside = new Show(lorecast, join(folder, "beside"));
      show.beside.#begin({ coming, title: "The Show Beside" });
    }
    await show.#serve(host, beside);
    return show;
  }

  #begin({ coming, store, title }) {
    this.run("demo", "--out", this.root);
    const settings = join(this.root, "show.yaml");
    if (title) writeFileSync(settings, readFileSync(settings, "utf8").replace(/^title: .*$/m, `title: ${title}`));
    this.title = title;
    if (coming) this.#takesBack();
    writeFileSync(this.mailbox, "");
    if (process.env.TEMPLATES) cpSync(process.env.TEMPLATES, join(this.root, "templates", "web"), { recursive: true });
    const community = { mail: ["sh", "-c", `cat >> ${this.mailbox}`], from: "show@host.example" };
    appendFileSync(settings, `\ncommunity: ${JSON.stringify(community)}\n`);
    if (!store) return;
    appendFileSync(settings, `store: ${store}\n`);
    this.run("ingest");
  }

  // As if the last episode had never come out.
  #takesBack() {
    const episode = join(this.root, "episodes", "2025-06-22");
    const made = readdirSync(episode).filter((name) => /^(published|master)\./.test(name));
    for (const path of [...made.map((name) => join(episode, name)), join(this.root, "public")]) rmSync(path, { recursive: true });
  }

  // Reads the archives that `examples/hostile` beside the command writes, and tells of each of their threads.
  #takesIn(archives) {
    const threads = execFileSync(join(dirname(this.lorecast), "examples", "hostile"), [archives]).toString().trim().split("\n");
    this.hostile = { threads, words: readFileSync(join(archives, "words.txt"), "utf8").trimEnd().split("\n") };
    // Packed bombs are read up to where they burst, which is told: 2.
    const boxes = readdirSync(archives).filter((name) => name.includes(".mbox")).map((name) => join(archives, name));
    this.#command(["ingest", ...boxes], 2);
    this.run("draft", "--week", "2025-06-22", ...threads.flatMap((id) => ["--add", id]));
    this.run("publish");
    rmSync(join(this.root, "episodes", "2025-06-22", "published.yaml"));
  }

  async #serve(host, beside) {
    const port = host ? await freePort() : 0;
    const names = host ? ["--url", `http://${host}:${port}`] : [];
    if (beside) {
      this.beside.address = `http://${beside}:${port}`;
      names.push("--also", this.beside.address, this.beside.root);
    }
    const words = ["serve", "--show", this.root, "--port", String(port), ...names];
    this.#server = spawn(this.lorecast, words, { stdio: ["ignore", "pipe", "pipe"] });
    this.log = "";
    process.once("exit", this.#kills);
    this.#server.stderr.on("data", (text) => { this.log += text; });
    for await (const line of createInterface({ input: this.#server.stdout })) {
      [this.address] = line.match(/http:\/\/[^/\s]+/) ?? [];
      break;
    }
    if (!this.address) throw new Error(`the show is not served: ${this.log}`);
    if (host) this.address = `http://${host}:${port}`;
  }

  // What belongs to this server, for a browser.
  get addresses() {
    return [this, this.beside].filter(Boolean).map((show) => show.address);
  }

  async end() {
    this.#server.kill("SIGTERM");
    await once(this.#server, "exit");
    process.off("exit", this.#kills);
  }

  // Runs the command on the show, which may find something (1); what it says.
  run(...words) {
    return this.#command(words, 1);
  }

  #command(words, most) {
    const how = { encoding: "utf8", maxBuffer: 1 << 28 };
    const { status, stdout, stderr } = spawnSync(this.lorecast, ["--show", this.root, ...words], how);
    if (status === null || status > most) throw new Error(`lorecast ${words[0]} ended with ${status}: ${stderr}`);
    return stdout;
  }

  // A file of the coming episode.
  file(name) {
    return readFileSync(join(this.root, "episodes", "2025-06-22", name), "utf8");
  }

  // The link that signs the owner in.
  ownersLink() {
    return this.run("serve", "--sign-in", "--url", this.address).trim();
  }

  // The link of a kind in the latest mail that has one.
  latestLink(kind = "enter") {
    return readFileSync(this.mailbox, "utf8").match(new RegExp(`https?://\\S+/${kind}/\\S+`, "g")).at(-1);
  }

  // The most memory that the server has had, in MiB.
  memory() {
    const [, kib] = readFileSync(`/proc/${this.#server.pid}/status`, "utf8").match(/VmHWM:\s+(\d+) kB/);
    return Math.round(Number(kib) / 1024);
  }
}

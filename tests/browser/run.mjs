// The pages of `lorecast serve` in Chromium, on SQLite and on PostgreSQL.
//
//     node run.mjs LORECAST [WALK…]
//
// LORECAST is the command, built in any way; beside it is `examples/hostile`, which cargo builds with the tests. The walks are those
// in the list below, all of them when none is named. Prints a line a step, and ends with 1 when anything is wrong.
// SHOTS=FOLDER also writes pictures; TEMPLATES=FOLDER shows templates that are not built in yet. Needs Debian's chromium (or CHROMIUM=PROGRAM), and what `npm ci` installs here.
import { rm, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { launch } from "./chromium.mjs";
import { Postgres } from "./postgres.mjs";
import { Report } from "./report.mjs";
import { Show } from "./show.mjs";
import { hostile } from "./walks/hostile.mjs";
import { passkeys } from "./walks/passkeys.mjs";
import { people } from "./walks/people.mjs";
import { producing } from "./walks/producing.mjs";
import { reading } from "./walks/reading.mjs";
import { sound } from "./walks/sound.mjs";
import { takingPart } from "./walks/taking-part.mjs";

const walks = {
  reading: (stage) => stage.withShow({}, reading),
  "taking-part": (stage) => stage.withShow({ coming: true }, takingPart),
  // The same on the other engine; axe has seen the pages.
  "taking-part-postgres": (stage) => stage.withPostgres((store) => stage.withShow({ coming: true, store, axe: false }, takingPart)),
  producing: (stage) => stage.withShow({ coming: true }, producing),
  sound: (stage) => stage.withShow({ coming: true }, sound),
  people: (stage) => stage.withShow({ coming: true, host: "localhost", beside: "beside.localhost" }, people),
  // Browsers know passkeys at https and at this name alone.
  passkeys: (stage) => stage.withShow({ host: "localhost" }, passkeys),
  hostile: (stage) => stage.withShow({ hostile: true }, hostile),
};

// What every walk stands on: a folder, a browser, and who counts what is wrong.
class Stage {
  constructor(lorecast, folder, browser, report) {
    Object.assign(this, { lorecast, folder, browser, report });
  }

  async withShow({ axe = true, ...how }, walk) {
    const show = await Show.make(this.lorecast, await mkdtemp(join(this.folder, "show-")), how);
    try {
      await walk({ show, report: this.report, browser: this.browser, axe });
    } finally {
      await show.end();
    }
  }

  async withPostgres(walk) {
    const server = await Postgres.start();
    try {
      await walk(server.address);
    } finally {
      server.end();
    }
  }
}

const [program, ...names] = process.argv.slice(2);
const unknown = names.filter((name) => !walks[name]);
if (!program || unknown.length) {
  console.error(`node run.mjs LORECAST [WALK…]; the walks are ${Object.keys(walks).join(" ")}`);
  process.exit(2);
}
const folder = await mkdtemp(join(tmpdir(), "lorecast-browser-"));
const report = new Report();
const browser = await launch();
try {
  const stage = new Stage(resolve(program), folder, browser, report);
  for (const name of names.length ? names : Object.keys(walks)) {
    report.begin(name);
    // A walk that stumbles is wrong, and the others go on.
    await walks[name](stage).catch((error) => report.fail(error.stack ?? String(error)));
    report.end();
  }
} finally {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}
process.exit(report.close() ? 1 : 0);

// Chromium, people who have a browser of their own each, and what is held against every page that they look at.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const shots = process.env.SHOTS;
if (shots) mkdirSync(shots, { recursive: true });

// All scripts of a page, compressed: what somebody on a slow line waits for.
const MOST_SCRIPT = 40_000;

const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
  // A microphone that beeps, which nobody has to allow.
  "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
];

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: flags });
}

// Everybody who comes to a server. What they ask of anybody else is stopped and wrong, as are dialogs and errors of scripts.
export class Audience {
  #browser;
  #show;
  #report;
  #axe;
  #looked = new Set();
  #scripts = new Map();

  constructor({ browser, show, report, axe = true }) {
    [this.#browser, this.#show, this.#report, this.#axe] = [browser, show, report, axe];
  }

  // Somebody with a browser of their own. `before` runs in each page before its scripts.
  async person({ javascript = true, before } = {}) {
    const context = await this.#browser.newContext();
    // What takes long on a machine that is busy is not wrong.
    context.setDefaultTimeout(60_000);
    context.setDefaultNavigationTimeout(60_000);
    if (before) await context.addInitScript(before);
    // The browser draws its player from addresses that hold what they are of (`data:`).
    const ours = ["data:", ...this.#show.addresses.map((address) => `${address}/`)];
    await context.route((url) => !ours.some((address) => url.href.startsWith(address)), (route) => {
      this.#report.fail(`asks ${route.request().url()}`);
      return route.abort();
    });
    context.on("dialog", (dialog) => {
      // The browser's own question, whether to leave what was typed.
      if (dialog.type() === "beforeunload") return dialog.accept();
      this.#report.fail(`a dialog: ${dialog.message()}`);
      return dialog.dismiss();
    });
    context.on("weberror", (error) => this.#report.fail(`${error.page()?.url()}: ${error.error()}`));
    const person = new Person(await context.newPage(), this.#show.address);
    if (!javascript) await person.scripts(false);
    return person;
  }

  // Holds the page that somebody sees to axe, to its width and to the weight of its scripts: on a phone and wide, light and
  // dark. Without axe, once on a phone.
  async look(person, name) {
    if (this.#looked.has(name)) return;
    this.#looked.add(name);
    const { page } = person;
    const run = this.#axe ? await person.brings(axe) : undefined;
    for (const width of this.#axe ? [375, 1280] : [375]) {
      await page.setViewportSize({ width, height: 900 });
      for (const colorScheme of this.#axe ? ["light", "dark"] : ["light"]) {
        await page.emulateMedia({ colorScheme });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) this.#report.fail(`${name}: ${wide} pixels wider than ${width}`);
        if (shots) await page.screenshot({ path: join(shots, `${name}-${width}-${colorScheme}.png`), fullPage: true });
        const violations = await run?.(`axe.run(document, { runOnly: ${JSON.stringify(tags)} }).then((said) =>
          said.violations.map((v) => v.id + " " + v.nodes.length + " " + v.nodes[0].html.slice(0, 160)))`);
        for (const violation of violations ?? []) this.#report.fail(`${name}, ${width} ${colorScheme}: axe ${violation}`);
      }
    }
    const sources = await page.evaluate(() => [...document.scripts].map((script) => script.src));
    let bytes = 0;
    for (const source of sources) bytes += await this.#weight(person, source);
    if (bytes > MOST_SCRIPT) this.#report.fail(`${name}: ${bytes} bytes of scripts`);
    this.#report.step(`${name}: ${this.#axe ? "axe and width, four ways" : "width"}; ${bytes} bytes of scripts`);
  }

  // Of a script, compressed.
  async #weight({ page }, source) {
    if (!this.#scripts.has(source)) this.#scripts.set(source, gzipSync(await (await page.request.get(source)).body()).length);
    return this.#scripts.get(source);
  }
}

// Somebody with a browser.
class Person {
  #address;
  #client;
  // What they had to do so far: pages whose address they knew, presses, fields, and characters.
  did = { pages: 0, presses: 0, fields: 0, characters: 0 };

  constructor(page, address) {
    this.page = page;
    this.#address = address;
  }

  // The tools of whoever makes pages, for what a page alone cannot do.
  async devtools() {
    this.#client ??= await this.page.context().newCDPSession(this.page);
    return this.#client;
  }

  // Lets pages run their scripts, or not.
  async scripts(allowed) {
    await (await this.devtools()).send("Emulation.setScriptExecutionDisabled", { value: !allowed });
  }

  // Runs a script in a world of its own: the policy of the pages lets none in, and it sees the page as it is. Gives what runs
  // more in that world.
  async brings(script) {
    const client = await this.devtools();
    const { frameTree } = await client.send("Page.getFrameTree");
    const { executionContextId: contextId } = await client.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
    const run = async (expression) => {
      const how = { expression, contextId, awaitPromise: true, returnByValue: true };
      const { result, exceptionDetails } = await client.send("Runtime.evaluate", how);
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value;
    };
    await run(`${script}; null`);
    return run;
  }

  // Signs in with a link, and says how to be called when that is asked for.
  async enters(link, name) {
    // The server looks every now and then for links that other processes made.
    do await this.go(link); while (!(await this.has("main form button")));
    if (await this.has("#name")) await this.fill("#name", name);
    await this.press("main form button");
  }

  async go(path) {
    this.did.pages += 1;
    return this.page.goto(path.startsWith("http") ? path : this.#address + path, { waitUntil: "load" });
  }

  async press(selector) {
    this.did.presses += 1;
    await this.leadsOn(() => this.page.click(selector));
  }

  // Does what leads to another page.
  async leadsOn(does) {
    await Promise.all([this.page.waitForEvent("load"), does()]);
  }

  async fill(selector, text) {
    this.#types(text);
    await this.page.fill(selector, text);
  }

  // Types behind what a field holds.
  async adds(selector, text) {
    this.#types(text);
    await this.page.fill(selector, (await this.page.inputValue(selector)) + text);
  }

  #types(text) {
    this.did.fields += 1;
    this.did.characters += text.length;
  }

  has(selector) {
    return this.page.$(selector).then(Boolean);
  }

  text(selector = "main") {
    return this.page.innerText(selector);
  }
}

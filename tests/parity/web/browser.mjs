// Opens pages of a running `lorecast serve` in Chromium, narrow and wide, light and dark, and holds them to axe
// (WCAG 2.2 A and AA), to the width of the window, and to what mail must not do: run scripts, ask others, open dialogs.
//
//     node browser.mjs ADDRESS NPM PATH…
//
// ADDRESS is http://127.0.0.1:PORT. NPM is a folder in which `npm install axe-core puppeteer-core` was run. Prints a
// line a page, and ends with 1 when anything was found. SHOTS=FOLDER also writes pictures. Needs node and Debian's
// chromium.
import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [address, npm, ...paths] = process.argv.slice(2);
const require = createRequire(join(npm, "package.json"));
const puppeteer = (await import(pathToFileURL(require.resolve("puppeteer-core")))).default;
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
let found = 0;
for (const path of paths) {
  const faults = new Set();
  let checked = 0;
  for (const width of [375, 1280]) for (const scheme of ["light", "dark"]) {
    const page = await browser.newPage();
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    page.on("dialog", async (dialog) => { faults.add(`a dialog: ${dialog.message()}`); await dialog.dismiss(); });
    page.on("pageerror", (error) => faults.add(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" && !/status of (404|400)/.test(message.text())) faults.add(message.text());
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(`${address}/`)) faults.add(`asks ${request.url()}`);
      if (request.resourceType() === "script") faults.add(`loads a script: ${request.url()}`);
    });
    await page.goto(address + path, { waitUntil: "load" });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) faults.add(`${wide} pixels wider than ${width}`);
    if (process.env.SHOTS) {
      mkdirSync(process.env.SHOTS, { recursive: true });
      const name = `${path.replace(/[^a-z0-9]+/gi, "_")}-${width}-${scheme}.png`;
      await page.screenshot({ path: join(process.env.SHOTS, name) });
    }
    // The policy of the pages lets no script in, axe's neither: its own world is exempt.
    const client = await page.createCDPSession();
    const { frameTree } = await client.send("Page.getFrameTree");
    const world = await client.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
    const run = `${axe}; axe.run(document, { runOnly: ${JSON.stringify(tags)} }).then((r) => JSON.stringify(
      { passes: r.passes.length, violations: r.violations.map((v) => v.id + " " + v.nodes.length + " " + v.nodes[0].html.slice(0, 120)) }))`;
    const said = await client.send("Runtime.evaluate", { expression: run, contextId: world.executionContextId, awaitPromise: true });
    const { passes, violations } = JSON.parse(said.result.value);
    checked += passes;
    violations.forEach((violation) => faults.add(`axe, ${scheme}: ${violation}`));
    await page.close();
  }
  console.log(`${faults.size ? "FAIL" : "ok  "} ${path} (${checked} rules held)`);
  faults.forEach((fault) => console.log(`     ${fault}`));
  found |= faults.size > 0;
}
await browser.close();
process.exit(found ? 1 : 0);

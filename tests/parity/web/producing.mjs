// An editor works at the workbench of a running `lorecast serve` in Chromium: buttons without JavaScript, then dragging, keys,
// the notes beside a second editor, preview. Every page is held to axe (WCAG 2.2 A and AA), to the width of a phone, and to
// asking nobody else for anything, in light and dark; and the scripts are weighed.
//
//     node producing.mjs ADDRESS NPM SHOW LORECAST
//
// As taking-part.mjs, whose `taking-part.sh` sets all of it up: SCRIPT=producing.mjs tests/parity/web/taking-part.sh LORECAST.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { pathToFileURL } from "node:url";

const [address, npm, show, lorecast] = process.argv.slice(2);
const require = createRequire(join(npm, "package.json"));
const puppeteer = (await import(pathToFileURL(require.resolve("puppeteer-core")))).default;
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const shots = process.env.SHOTS;
if (shots) mkdirSync(shots, { recursive: true });

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
  ],
});
let wrong = 0;
const fail = (what) => { wrong += 1; console.log(`FAIL ${what}`); };
const step = (what) => console.log(`ok   ${what}`);
const expect = (what, is) => (is ? step : fail)(what);

async function person(name, javascript = true) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.on("request", (request) => {
    if (!request.url().startsWith(`${address}/`)) fail(`asks ${request.url()}`);
  });
  page.on("pageerror", (error) => fail(String(error)));
  page.on("dialog", async (dialog) => { if (dialog.type() !== "beforeunload") fail(`a dialog: ${dialog.message()}`); await dialog.accept(); });
  const printed = execFileSync(lorecast, ["serve", "--sign-in", "--show", show, "--url", address]).toString().trim();
  // The server looks for what other processes added every now and then.
  do await go(page, printed); while (!(await page.$("main form button")));
  if (await page.$("#name")) await page.type("#name", name);
  await press(page, "main form button");
  await page.setJavaScriptEnabled(javascript);
  return page;
}

const looked = new Set();
async function look(page, name) {
  if (looked.has(name)) return;
  looked.add(name);
  for (const width of [375, 1280]) for (const scheme of ["light", "dark"]) {
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) fail(`${name}: ${wide} pixels wider than ${width}`);
    if (shots) await page.screenshot({ path: join(shots, `${name}-${width}-${scheme}.png`), fullPage: !process.env.FOLD });
    const client = await page.createCDPSession();
    const { frameTree } = await client.send("Page.getFrameTree");
    const world = await client.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
    const run = `${axe}; axe.run(document, { runOnly: ${JSON.stringify(tags)} }).then((r) => JSON.stringify(
      r.violations.map((v) => v.id + " " + v.nodes.length + " " + v.nodes[0].html.slice(0, 160))))`;
    const said = await client.send("Runtime.evaluate", { expression: run, contextId: world.executionContextId, awaitPromise: true });
    for (const violation of JSON.parse(said.result.value)) fail(`${name}, ${width} ${scheme}: axe ${violation}`);
    await client.detach();
  }
  await page.setViewport({ width: 1280, height: 900 });
  step(`${name}: axe and width, four ways`);
}

const go = async (page, path) => page.goto(path.startsWith("http") ? path : address + path, { waitUntil: "load" });
const press = async (page, selector) => Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.click(selector)]);
const text = (page) => page.evaluate(() => document.querySelector("main").innerText);
const stories = (page, list = ".bench") => page.$$eval(`${list} > li:not(.dropped)`, (all) => all.map((one) => one.dataset.story));
const notes = () => execFileSync("sh", ["-c", 'cat "$0"/episodes/2025-06-22/notes.md', show]).toString();

// Without JavaScript: the buttons.
const editor = await person("Olga Owner", false);
await editor.setViewport({ width: 1280, height: 900 });
await go(editor, "/produce/");
const bench = new URL(editor.url()).pathname;
const list = ".bench[data-section=pulls]";
const [first, second] = await stories(editor, list);
const before = notes();
await press(editor, `${list} > li:nth-child(1) [data-step=down]`);
expect("a button moves a story down", (await stories(editor, list)).slice(0, 2).join() === [second, first].join());
expect("its text went with it", notes().indexOf(`/${first}/`) > notes().indexOf(`/${second}/`));
await press(editor, `${list} > li:nth-child(2) [data-step=up]`);
expect("and back, byte for byte", notes() === before);
await press(editor, `${list} > li:nth-child(1) button[value=pin]`);
expect("pinned", (await text(editor)).includes("pinned"));
await press(editor, `${list} > li:nth-child(2) button[value=drop]`);
expect("left out, with its text", !(await stories(editor)).includes(second) && !notes().includes(`/${second}/`));
await press(editor, "li.dropped button[value=release]");
expect("taken back", (await stories(editor)).includes(second) && notes().includes(`/${second}/`));

// With JavaScript: keys and dragging.
await editor.setJavaScriptEnabled(true);
await go(editor, bench);
await look(editor, "rundown");
await editor.focus(`${list} > li:nth-child(1) h3 a`);
const alt = async (key) => {
  await editor.keyboard.down("Alt");
  await Promise.all([editor.waitForNavigation({ waitUntil: "load" }), editor.keyboard.press(key)]);
  await editor.keyboard.up("Alt");
};
const [one, two] = await stories(editor, list);
await alt("ArrowDown");
expect("Alt and an arrow move a story", (await stories(editor, list))[1] === one);
expect("which keeps the focus", await editor.evaluate((id) => document.activeElement.closest("li")?.dataset.story === id, one));
await alt("ArrowUp");
expect("and back", (await stories(editor, list))[0] === one && (await stories(editor, list))[1] === two);
await editor.keyboard.press("j");
expect("j goes on to the next", await editor.evaluate((id) => document.activeElement.closest("li")?.dataset.story === id, two));
const drag = async (from, to, below) => {
  const handle = await editor.$(`${from} .handle`);
  await handle.evaluate((one) => one.scrollIntoView({ block: "center" }));
  const start = await handle.boundingBox();
  const end = await (await editor.$(to)).boundingBox();
  await Promise.all([
    editor.waitForNavigation({ waitUntil: "load" }),
    (async () => {
      await editor.mouse.move(start.x + 8, start.y + 12);
      await editor.mouse.down();
      await editor.mouse.move(start.x + 40, start.y + 30, { steps: 4 });
      const y = end.y + (below ? end.height - 5 : 5);
      await editor.mouse.move(end.x + 60, y, { steps: 8 });
      await editor.mouse.move(end.x + 61, y);
      await editor.mouse.up();
    })(),
  ]);
};
const all = await stories(editor, list);
await drag(`${list} > li:nth-child(1)`, `${list} > li:nth-child(2)`, true);
expect("a story is dragged behind the next", (await stories(editor, list)).slice(0, 2).join() === [all[1], all[0]].join());

// The notes, with somebody else at them.
await go(editor, `${bench}notes`);
await look(editor, "notes");
const other = await person("Otto Owner");
await other.setViewport({ width: 1280, height: 900 });
await go(other, `${bench}notes`);
const type = async (page, find, put) => page.$eval("#text", (area, find, put) => { area.value = area.value.replace(find, put); }, find, put);
await type(other, "That’s all", "And that is all");
await press(other, ".first");
expect("the other one saves", notes().includes("And that is all"));
await editor.waitForFunction(() => document.querySelector("main [role=status]:last-of-type").innerText.includes("Somebody changed"), { timeout: 5000 });
step("this page says so by itself");
await type(editor, "In this week’s edition", "In this edition");
await press(editor, ".first");
expect("both are kept", notes().includes("And that is all") && notes().includes("In this edition:"));
await go(other, `${bench}notes`);
await type(editor, "In this edition:", "This time:");
await press(editor, ".first");
await type(other, "In this edition:", "Today:");
await press(other, ".first");
expect("the same line: both stand in the form", (await text(other)).includes("Somebody else changed the same lines") && (await other.$eval("#text", (area) => area.value)).includes("saved meanwhile"));
await look(other, "notes-conflict");
await other.$eval("#text", (area) => { area.value = area.value.replace(/<<<<<<< [\s\S]*?=======\n([\s\S]*?)>>>>>>> yours\n/, "$1"); });
await press(other, ".first");
expect("and one is chosen", notes().includes("Today:"));
await type(other, "posted", "posted 99");
await type(other, "## ", "<b>Bold</b> and [no mail](https://lore.kernel.org/r/nothing@host.example/).\n\n## ");
await press(other, "button[formaction$=preview]");
await look(other, "notes-preview");
expect("a preview as the page has it", (await other.$$eval(".page b", (all) => all.length)) === 1);
expect("findings beside the lines", (await other.$$eval(".margin ul li", (all) => all.length)) > 0);
await other.click("[data-line]");
const [line, chosen] = await other.evaluate(() => {
  const area = document.querySelector("#text");
  const number = Number(document.querySelector("[data-line]").dataset.line);
  return [area.value.split("\n")[number - 1], area.value.slice(area.selectionStart, area.selectionEnd)];
});
expect("a finding selects its line", line && line === chosen);
await go(editor, bench);
await press(editor, `${list} > li:nth-child(1) .buttons a`);
await look(editor, "one-story");
await go(editor, `${bench}script`);
await look(editor, "no-script");
await press(editor, "form[action$=make] button");
await look(editor, "script");
const visitor = await (await browser.createBrowserContext()).newPage();
await go(visitor, "/log");
expect("everybody reads who did what", (await text(visitor)).includes("edited the notes"));
expect("and nobody else gets in", (await go(visitor, bench)).status() === 401);

const weight = await editor.evaluate(async () => (await (await fetch("/produce.js")).text()));
const packed = gzipSync(weight).length;
expect(`${packed} bytes of JavaScript, gzipped, on the workbench`, packed <= 40 * 1024);
await browser.close();
console.log(wrong ? `${wrong} wrong` : "all as it should be");
process.exit(wrong ? 1 : 0);

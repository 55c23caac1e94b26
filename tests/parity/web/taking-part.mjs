// A newcomer, a contributor, an editor and the owner use a running `lorecast serve` in Chromium, each with a browser of
// their own: sign in by mail, vote, propose, accept. Every page they come to is held to axe (WCAG 2.2 A and AA), to the width
// of a phone, and to asking nobody else for anything, in light and dark; and live pages follow what happens.
//
//     node taking-part.mjs ADDRESS NPM SHOW LORECAST MAILS
//
// ADDRESS is http://localhost:PORT or http://127.0.0.1:PORT. NPM is a folder in which `npm install axe-core puppeteer-core` was run. SHOW is the
// show that is served, whose `community: mail:` appends to the file MAILS. Prints a line a step; SHOTS=FOLDER also writes pictures. It ends with 1
// when anything is wrong. `taking-part.sh` sets all of it up.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [address, npm, show, lorecast, mails] = process.argv.slice(2);
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
    // A microphone that beeps, which nobody has to allow.
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
  ],
});
let wrong = 0;
const fail = (what) => { wrong += 1; console.log(`FAIL ${what}`); };
const step = (what) => console.log(`ok   ${what}`);
const expect = (what, is) => (is ? step : fail)(what);

// Somebody with a browser of their own.
async function person(javascript = true) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setJavaScriptEnabled(javascript);
  page.on("request", (request) => {
    // The browser draws the buttons of its player from addresses of its own.
    if (!request.url().startsWith(`${address}/`) && !request.url().startsWith("data:")) fail(`asks ${request.url()}`);
  });
  page.on("pageerror", (error) => fail(String(error)));
  page.on("dialog", async (dialog) => { fail(`a dialog: ${dialog.message()}`); await dialog.dismiss(); });
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
    if (shots) await page.screenshot({ path: join(shots, `${name}-${width}-${scheme}.png`), fullPage: true });
    const client = await page.createCDPSession();
    const { frameTree } = await client.send("Page.getFrameTree");
    const world = await client.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
    const run = `${axe}; axe.run(document, { runOnly: ${JSON.stringify(tags)} }).then((r) => JSON.stringify(
      r.violations.map((v) => v.id + " " + v.nodes.length + " " + v.nodes[0].html.slice(0, 160))))`;
    const said = await client.send("Runtime.evaluate", { expression: run, contextId: world.executionContextId, awaitPromise: true });
    for (const violation of JSON.parse(said.result.value)) fail(`${name}, ${width} ${scheme}: axe ${violation}`);
    await client.detach();
  }
  step(`${name}: axe and width, four ways`);
}

const go = async (page, path) => page.goto(path.startsWith("http") ? path : address + path, { waitUntil: "load" });
const press = async (page, selector) => Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.click(selector)]);
const text = (page) => page.evaluate(() => document.querySelector("main").innerText);
const links = () => [...readFileSync(mails, "utf8").matchAll(/https?:\/\/\S+\/enter\/\S+/g)].map(([link]) => link);

// The owner signs in with the link that the command prints.
const owner = await person();
const printed = execFileSync(lorecast, ["serve", "--sign-in", "--show", show, "--url", address]).toString().trim();
await go(owner, printed);
await look(owner, "enter");
await owner.type("#name", "Olga Owner");
await press(owner, "main form button");
expect("the owner is signed in", (await owner.$eval(".you", (nav) => nav.innerText)).includes("Olga Owner"));
await look(owner, "week");
const first = await owner.$eval(".rundown h3 a", (link) => link.getAttribute("href"));

// A newcomer without JavaScript writes first and signs in then.
const newcomer = await person(false);
const began = performance.now();
await go(newcomer, first);
const told = await newcomer.$eval("#text", (area) => area.value);
await newcomer.focus("#text");
await newcomer.keyboard.down("Control");
await newcomer.keyboard.press("End");
await newcomer.keyboard.up("Control");
await newcomer.type("#text", "\nIt is worth a listen <b>twice</b>.\n");
await newcomer.type("#email", "newcomer@host.example");
await press(newcomer, "section form button");
expect("a mail is on its way", (await text(newcomer)).includes("A mail is on its way"));
await go(newcomer, links().at(-1));
await newcomer.type("#name", "Nia Newcomer");
await press(newcomer, "main form button");
const proposal = new URL(newcomer.url()).pathname;
expect(`a newcomer proposes text in ${((performance.now() - began) / 1000).toFixed(1)} s, without JavaScript`, proposal.startsWith("/proposals/"));
await newcomer.setJavaScriptEnabled(true);
await newcomer.reload();
await look(newcomer, "proposal-of-a-newcomer");

// A reader votes; the owner's page follows.
await go(owner, "/week/");
const before = await owner.$eval(`.votes[data-story="${first}"] [data-votes=for]`, (votes) => Number(votes.innerText));
await go(newcomer, "/week/");
await press(newcomer, `.votes[data-story="${first}"] button[value=for]`);
await owner.waitForFunction((path, votes) => Number(document.querySelector(`.votes[data-story="${path}"] [data-votes=for]`).innerText) > votes, { timeout: 5000 }, first, before);
step("a vote of somebody else appears by itself");
await owner.keyboard.press("j");
expect("j goes to the first story", await owner.evaluate(() => document.activeElement.closest(".rundown h3") !== null));
await Promise.all([owner.waitForNavigation({ waitUntil: "load" }), owner.keyboard.press("v")]);
expect("v votes for it", (await owner.$eval(".rundown button[value=none]", () => true).catch(() => false)));

// The owner accepts, and the notes have it.
await go(owner, proposal);
await look(owner, "proposal-to-decide");
await press(owner, "form[action$=accept] button");
expect("the text is accepted", (await text(owner)).includes("accepted by Olga Owner"));
const notes = execFileSync("sh", ["-c", 'cat "$0"/episodes/*/notes.md', show]).toString();
expect("the notes have it", notes.includes("It is worth a listen <b>twice</b>."));
expect("what they told before is there", notes.includes(told.trim()));
expect("and the credit", execFileSync("sh", ["-c", 'cat "$0"/episodes/*/episode.yaml', show]).toString().includes("Nia Newcomer"));

// Comments, suggestions, reports, moderation.
await go(newcomer, proposal);
await newcomer.type("#comment", "Thank you! <script>alert(1)</script>");
await press(newcomer, "form[action$=comment] button");
await go(newcomer, "/suggest");
await look(newcomer, "suggest");
await newcomer.type("#story", "https://lore.kernel.org/r/missed@host.example/");
await newcomer.type("#reason", "Nobody told of it.");
await press(newcomer, "main form button");
expect("a missed story has a page", (await text(newcomer)).includes("Nobody told of it."));
await go(newcomer, proposal);
await newcomer.click("#comments ~ ul details summary");
await newcomer.type("#comments ~ ul details input[name=why]", "A slip of mine.");
await press(newcomer, "#comments ~ ul details button");
await go(owner, "/reports/");
await look(owner, "reports");
await owner.type("main input[name=why]", "As asked for.");
await press(owner, "main button[formaction]");
expect("the report is settled", (await text(owner)).includes("Nothing was reported"));
const visitor = await person();
await go(visitor, proposal);
expect("what is hidden is not seen", !(await text(visitor)).includes("Thank you!"));
await go(visitor, "/log");
expect("everybody can read why", (await text(visitor)).includes("As asked for."));
await look(visitor, "log");
for (const [path, name] of [["/", "week-of-a-visitor"], [first, "story-of-a-visitor"], ["/sign-in", "sign-in"], ["/nothing-here", "nothing"]]) {
  await go(visitor, path);
  await look(visitor, name);
}
for (const [path, name] of [["/me/", "me"], ["/accounts/", "accounts"], [first, "story"]]) {
  await go(owner, path);
  await look(owner, name);
}

// The owner records in the page, has the master made, and sees how far it is; a filler that is too short is refused in words.
const sound = "/produce/2025-06-22/sound";
const record = async (page, seconds) => {
  await page.click("[data-record] button[type=button]");
  await page.waitForFunction((least) => Number(/Recording, ([0-9]+)/.exec(document.querySelector("[data-record] [role=status]").textContent)?.[1]) >= least, {}, seconds);
  await page.click("[data-record] button[type=button]");
};
await go(owner, sound);
const takes = await owner.$$eval(".takes > li", (all) => all.length);
const first_take = await owner.$eval("#take", (select) => select.value);
await Promise.all([owner.waitForNavigation({ waitUntil: "load" }), record(owner, 2)]);
expect("a recording of the page is a take", (await owner.$$eval(".takes > li", (all) => all.length)) === takes + 1);
expect("it counts", (await text(owner)).includes(`${first_take}-take2.webm`));
await owner.evaluate(() => { const player = document.querySelector(".takes audio[src$='webm']"); player.muted = true; player.play(); });
await owner.waitForFunction(() => document.querySelector(".takes audio[src$='webm']").currentTime > 0.3, { timeout: 10000 });
step("it is heard in the page");
await press(owner, "form[action$=master] button");
await owner.waitForFunction(() => document.querySelector(".jobs > li").dataset.state === "done", { timeout: 120000 });
step("the master is made, and the page says so by itself");
await owner.waitForSelector("#master ~ audio");
await look(owner, "sound");
await owner.$eval("#at", (input) => { input.value = "2031-01-01T18:00"; });
await press(owner, "form[action$=schedule] button");
expect("a time years away is refused in words", (await text(owner)).includes("within 366 days"));
await go(newcomer, first);
await record(newcomer, 2);
await newcomer.waitForFunction(() => document.querySelector("[data-record] [role=status]").textContent.includes("30 to 60 seconds"), { timeout: 10000 });
step("a filler that is too short is refused in words");

// Whoever leaves takes their words along.
await go(newcomer, "/me/");
await newcomer.click("summary::-p-text(Delete the account)");
await newcomer.click("input[name=sure]");
await press(newcomer, "form[action$=erase] button");
expect("signed out for good", (await newcomer.$eval(".you", (nav) => nav.innerText)).includes("Sign in"));

await browser.close();
console.log(wrong ? `${wrong} wrong` : "all as it should be");
process.exit(wrong ? 1 : 0);

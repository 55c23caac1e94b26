// Somebody uses passkeys of a running `lorecast serve` in Chromium, with devices that Chromium simulates: adds one, signs in without
// typing, and is refused what is to be refused. /me/ and /sign-in are held to axe (WCAG 2.2 A and AA), to the width of a phone, and
// to asking nobody else for anything, in light and dark.
//
//     node passkeys.mjs ADDRESS NPM SHOW LORECAST
//
// ADDRESS is http://localhost:PORT: browsers know passkeys there and at https alone. NPM is a folder in which
// `npm install axe-core puppeteer-core` was run. SHOW is the show that is served. Prints a line a step; SHOTS=FOLDER also writes pictures. It
// ends with 1 when anything is wrong. `passkeys.sh` sets all of it up.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
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

// Somebody with a browser of their own, and a device at it.
async function person(javascript = true) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setJavaScriptEnabled(javascript);
  page.on("request", (request) => {
    if (!request.url().startsWith(`${address}/`)) fail(`asks ${request.url()}`);
  });
  page.on("pageerror", (error) => fail(String(error)));
  const devices = await page.createCDPSession();
  await devices.send("WebAuthn.enable");
  return { page, devices };
}

// A device that says yes, by a finger or not.
async function device({ devices }, isUserVerified = true) {
  const options = {
    protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal", hasResidentKey: true, hasUserVerification: true,
    isUserVerified, automaticPresenceSimulation: true,
  };
  return (await devices.send("WebAuthn.addVirtualAuthenticator", { options })).authenticatorId;
}

async function look(page, name) {
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
  }
  step(`${name}: axe and width, four ways`);
}

const go = (page, path) => page.goto(path.startsWith("http") ? path : address + path, { waitUntil: "load" });
const press = (page, selector) => Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.click(selector)]);
const text = (page) => page.evaluate(() => document.querySelector("main").innerText);
const who = (page) => page.$eval(".you", (nav) => nav.innerText);
const said = async (page, form) => {
  await page.waitForFunction((form) => document.querySelector(`${form} [role=alert]`).textContent, { timeout: 10000 }, form);
  return page.$eval(`${form} [role=alert]`, (alert) => alert.textContent);
};
const ADD = "form[action='/me/passkeys']";
const ENTER = "form[action='/sign-in/passkey']";

// The owner signs in with the link that the command prints, and adds a passkey.
const owner = await person();
const printed = execFileSync(lorecast, ["serve", "--sign-in", "--show", show, "--url", address]).toString().trim();
await go(owner.page, printed);
await owner.page.type("#name", "Olga Owner");
await press(owner.page, "main form button");
const telephone = await device(owner);
await go(owner.page, "/me/");
await owner.page.type("#device", "a telephone");
await press(owner.page, `${ADD} button`);
expect("a passkey is added", (await text(owner.page)).includes("a telephone"));
await look(owner.page, "me-with-a-passkey");
const kept = async () => (await owner.devices.send("WebAuthn.getCredentials", { authenticatorId: telephone })).credentials;
const [made] = await kept();
expect("the device knows for whom it is", made.isResidentCredential && made.rpId === "localhost" && Boolean(made.userHandle));
await owner.page.type("#device", "once more");
await owner.page.click(`${ADD} button`);
expect("one on each device", (await said(owner.page, ADD)).includes("has a passkey of yours already"));

// Signing out, and in without typing anything.
const enter = async () => {
  await go(owner.page, "/sign-in");
  await press(owner.page, `${ENTER} button`);
};
await go(owner.page, "/me/");
await press(owner.page, "form[action='/sign-out'] button");
expect("signed out", (await who(owner.page)).includes("Sign in"));
await go(owner.page, "/sign-in");
await look(owner.page, "sign-in-with-a-passkey");
const began = performance.now();
await enter();
expect(`signed in with a passkey in ${((performance.now() - began) / 1000).toFixed(1)} s`, (await who(owner.page)).includes("Olga Owner"));
const [counted] = await kept();
expect("the device counts", counted.signCount > made.signCount);
await go(owner.page, "/me/");
expect("the page says with what", (await text(owner.page)).includes("With a passkey (this browser)"));

// A copy of the device, as it was before.
await owner.devices.send("WebAuthn.clearCredentials", { authenticatorId: telephone });
await owner.devices.send("WebAuthn.addCredential", { authenticatorId: telephone, credential: made });
await press(owner.page, "form[action='/sign-out'] button");
await enter();
expect("a copy that counts less is refused", (await text(owner.page)).includes("does not prove who you are"));
await owner.devices.send("WebAuthn.clearCredentials", { authenticatorId: telephone });
await owner.devices.send("WebAuthn.addCredential", { authenticatorId: telephone, credential: { ...counted, signCount: counted.signCount + 5 } });
await enter();
expect("the device itself is not", (await who(owner.page)).includes("Olga Owner"));

// Somebody else holds the device.
await owner.devices.send("WebAuthn.setUserVerified", { authenticatorId: telephone, isUserVerified: false });
await go(owner.page, "/sign-in");
await owner.page.click(`${ENTER} button`);
expect("a device that does not know its owner signs nobody in", (await said(owner.page, ENTER)).includes("Nothing came of it"));
await owner.devices.send("WebAuthn.setUserVerified", { authenticatorId: telephone, isUserVerified: true });

// A device without a passkey of this show.
const stranger = await person();
await device(stranger);
await go(stranger.page, "/sign-in");
await stranger.page.click(`${ENTER} button`);
expect("a device of a stranger has nothing to say", (await said(stranger.page, ENTER)).includes("Nothing came of it"));

// The same key in another browser, as one that is kept with others; its session is seen and ended.
const laptop = await person();
const at = await device(laptop);
const [now] = await kept();
await laptop.devices.send("WebAuthn.addCredential", { authenticatorId: at, credential: { ...now, signCount: now.signCount + 5 } });
await go(laptop.page, "/sign-in");
await press(laptop.page, `${ENTER} button`);
expect("signed in there as well", (await who(laptop.page)).includes("Olga Owner"));
await go(owner.page, "/me/");
await press(owner.page, "form[action='/me/sessions/end'] button:not([name])");
await go(laptop.page, "/me/");
expect("and out from here", (await who(laptop.page)).includes("Sign in"));

// A second device, then the first is taken off.
await owner.devices.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId: telephone });
await device(owner);
await go(owner.page, "/me/");
await owner.page.type("#device", "a stick");
await press(owner.page, `${ADD} button`);
await press(owner.page, "form[action$='/drop'] button");
expect("taken off", !(await text(owner.page)).includes("a telephone") && (await text(owner.page)).includes("a stick"));
await go(laptop.page, "/sign-in");
await press(laptop.page, `${ENTER} button`);
expect("what was taken off lets nobody in", (await text(laptop.page)).includes("does not prove who you are"));
await go(owner.page, "/me/");
await press(owner.page, "form[action$='/drop'] button");
expect("the last way in stays", (await text(owner.page)).includes("the only way into your account"));

// Without JavaScript nothing is offered that does not work.
const plain = await person(false);
await go(plain.page, "/sign-in");
const hidden = (selector) => plain.page.$eval(selector, (form) => form.offsetParent === null).catch(() => true);
expect("without JavaScript the mail link remains", await hidden(ENTER) && !(await hidden("form[action='/sign-in']")));

await browser.close();
console.log(wrong ? `${wrong} wrong` : "all as it should be");
process.exit(wrong ? 1 : 0);

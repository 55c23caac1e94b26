// Serves a site and holds its pages to Lighthouse, axe and a number of bytes; see pages.sh.
//
//     node pages.mjs SITE NPM PAGE…
//
// SHOTS=FOLDER also writes a picture of each page, narrow and wide, light and dark.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const [site, npm, ...pages] = process.argv.slice(2);
const require = createRequire(join(npm, "package.json"));
const load = async (name) => import(pathToFileURL(require.resolve(name)));
const puppeteer = (await load("puppeteer-core")).default;
const lighthouse = (await import(pathToFileURL(join(npm, "node_modules/lighthouse/core/index.js")))).default;
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const types = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".xml": "application/rss+xml", ".png": "image/png", ".mp3": "audio/mpeg" };
const zipped = [".html", ".css", ".js", ".json", ".xml"];
const server = createServer((request, response) => {
  let path = join(site, normalize(decodeURIComponent(new URL(request.url, "http://x").pathname)));
  if (existsSync(path) && statSync(path).isDirectory()) path = join(path, "index.html");
  const found = existsSync(path);
  if (!found) path = join(site, "404.html");
  const bytes = readFileSync(path), type = extname(path);
  const head = { "content-type": types[type] || "application/octet-stream", "cache-control": "max-age=31536000" };
  const range = /bytes=(\d+)-(\d*)/.exec(request.headers.range || "");
  if (range) {
    const from = Number(range[1]), to = range[2] ? Number(range[2]) : bytes.length - 1;
    response.writeHead(206, { ...head, "content-range": `bytes ${from}-${to}/${bytes.length}`, "content-length": to - from + 1 });
    return response.end(bytes.subarray(from, to + 1));
  }
  const zip = zipped.includes(type) && /gzip/.test(request.headers["accept-encoding"] || "");
  response.writeHead(found ? 200 : 404, zip ? { ...head, "content-encoding": "gzip" } : { ...head, "accept-ranges": "bytes" });
  response.end(zip ? gzipSync(bytes) : bytes);
}).listen(8701, "127.0.0.1");

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
const widths = [375, 1280], schemes = ["light", "dark"];
let worst = 0;
const fail = (text) => { worst = 1; console.log(`  FAIL ${text}`); };

// Bytes as they travel, without sound: the page and what it asks for.
async function measure(page, url) {
  const asked = [];
  const hear = (response) => asked.push(response.url());
  page.on("response", hear);
  await page.goto(url, { waitUntil: "networkidle0" });
  page.off("response", hear);
  const own = [...new Set(asked)].filter((u) => u.startsWith("http://127.0.0.1:8701/"));
  const foreign = asked.filter((u) => !own.includes(u) && !u.startsWith("data:"));
  let all = 0, scripts = 0;
  for (const u of own) {
    let path = join(site, decodeURIComponent(new URL(u).pathname));
    if (existsSync(path) && statSync(path).isDirectory()) path = join(path, "index.html");
    if (!existsSync(path) || [".mp3", ".png"].includes(extname(path))) continue;
    const size = gzipSync(readFileSync(path)).length;
    all += size;
    if (extname(path) === ".js") scripts += readFileSync(path).length;
  }
  return { all, scripts, foreign };
}

for (const path of pages) {
  const url = `http://127.0.0.1:8701/${path.replace(/(^|\/)index\.html$/, "$1")}`;
  console.log(path);
  for (const width of widths) for (const scheme of schemes) {
    const page = await browser.newPage();
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.setBypassCSP(true);
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    const { all, scripts, foreign } = await measure(page, url);
    if (width === 375 && scheme === "light") {
      console.log(`  ${all} bytes gzip, ${scripts} bytes of JavaScript`);
      if (all > 50_000) fail("more than 50 kB");
      if (scripts > 15_000) fail("more than 15 kB of JavaScript");
      if (foreign.length) fail(`asks others: ${foreign}`);
    }
    if (errors.length && !path.startsWith("404")) fail(errors.join("; "));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) fail(`${wide} pixels wider than the window of ${width}`);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    for (const rule of violations) fail(`axe ${width} ${scheme}: ${rule.id}: ${rule.nodes[0].html}`);
    if (process.env.SHOTS) {
      mkdirSync(process.env.SHOTS, { recursive: true });
      const name = `${path.replace(/\/?index\.html$/, "").replace(/[/.]/g, "-") || "index"}-${width}-${scheme}.png`;
      await page.screenshot({ path: join(process.env.SHOTS, name) });
    }
    await page.close();
  }
  if (process.env.SHOTS && !process.env.LIGHTHOUSE) continue;
  const { lhr } = await lighthouse(url, { port: Number(new URL(browser.wsEndpoint()).port), output: "json", logLevel: "silent" });
  const scores = Object.values(lhr.categories).map((c) => [c.id, c.score]);
  console.log(`  ${scores.map(([id, score]) => `${id} ${score}`).join(", ")}`);
  for (const [id, score] of scores) {
    if (path.startsWith("404") && id === "seo") continue;
    if (score < (id === "performance" ? 0.95 : 1)) {
      const audits = lhr.categories[id].auditRefs.map((ref) => lhr.audits[ref.id]);
      fail(`${id}: ${audits.filter((a) => a.score !== null && a.score < 1).map((a) => a.id).join(", ")}`);
    }
  }
}
await browser.close();
server.close();
process.exit(worst);

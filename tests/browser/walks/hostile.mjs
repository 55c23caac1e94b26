// Mail, names and texts that mean harm, on every page that a crawl from the first page reaches, for an owner, and in every
// form that people write into: no script of theirs runs, nobody else is asked, and memory stays bounded.
import { Audience } from "../chromium.mjs";

// Pages of each kind that are looked at; the kind is an address with its ids and numbers taken out.
const EACH = 3;
// Pages that are open at a time.
const TABS = 4;
// What the server, built for tests, may need at most, in MiB.
const MEMORY = 400;

export async function hostile({ show, report, browser }) {
  const audience = new Audience({ browser, show, report });
  const { threads, words } = show.hostile;
  const caught = [];
  const watched = async () => {
    const person = await audience.person();
    // The name that every hostile script calls.
    await person.page.context().exposeBinding("trap", ({ page }, number) => caught.push(`${number} on ${page.url()}`));
    return person;
  };

  // Every word goes into every form that keeps text.
  const owner = await watched();
  await owner.enters(show.ownersLink(), "Olga Owner");
  const token = await owner.page.inputValue("input[name=token] >> nth=0");
  // As a form is sent: the status of the page that follows, and its path.
  const send = (path, form) => owner.page.evaluate(async ({ path, form }) => {
    const answer = await fetch(path, { method: "POST", body: new URLSearchParams(form) });
    return { status: answer.status, path: new URL(answer.url).pathname };
  }, { path, form: { token, ...form } });
  let kept = 0;
  const keep = async (path, form) => {
    const answer = await send(path, form);
    if (answer.status >= 500) report.fail(`${path} answers ${answer.status}`);
    kept += answer.status === 200;
    return answer;
  };
  // One account may do 120 things a minute, so that each word goes into half of the forms.
  for (const [number, word] of words.entries()) {
    const story = threads[number % threads.length];
    if (number % 2) {
      const { path } = await keep(`/stories/${story}/propose`, { text: `${word}\n\n# ${word}\n`, base: word });
      await keep(`${path}comment`, { text: word });
      await keep(`${path}decline`, { why: word });
    } else {
      await keep("/suggest", { story: `missed-${number}@x.example`, why: word });
      const exact = await mark(owner, `/${story}/`, word);
      if (exact) await keep(`/${story}/annotate`, { exact, text: word });
    }
    await send("/me/name", { name: word });
  }
  await owner.go("/me/");
  const name = await owner.text(".you");
  report.expect(`the name is still one of letters: ${name.trim()}`, /^[\p{L}\p{M} .,'’-]+$/u.test(name.trim()));
  report.expect(`${kept} hostile texts were kept`, kept > 60);

  // Every page that links lead to from the first one.
  const tabs = [owner, ...(await Promise.all(Array.from({ length: TABS - 1 }, watched)))];
  const starts = ["/", "/latest", "/site/", "/me/", "/reports/", "/log", "/accounts/", "/suggest"];
  const typed = words.map((word, number) => (number % 2 ? "/search?q=" : "/") + encodeURIComponent(word));
  const queue = [...starts, ...typed];
  const seen = new Set(queue);
  const kinds = new Map();
  let opened = 0;
  const open = async (person) => {
    for (let path; (path = queue.shift()) !== undefined;) {
      const answer = await person.page.goto(show.address + path, { waitUntil: "load" }).catch((error) => {
        // What is a download is no page.
        if (!/ERR_ABORTED|Download is starting/.test(error.message)) report.fail(`${path}: ${error.message}`);
      });
      if (!answer) continue;
      opened += 1;
      if (answer.status() >= 500) report.fail(`${path} answers ${answer.status()}`);
      if (!answer.headers()["content-security-policy"]) report.fail(`${path} has no policy`);
      if (answer.headers()["set-cookie"]?.includes("trap")) report.fail(`${path} sets a cookie of a mail`);
      // What would only run after a click or a touch is there to be found as well.
      const links = await person.page.evaluate(() => {
        for (const element of document.querySelectorAll("*")) {
          for (const { name } of element.attributes) if (name.startsWith("on")) window.trap?.(`${name} of ${element.tagName}`);
        }
        const all = [...document.querySelectorAll("[href], [src], [action]")];
        const addresses = all.map((element) => element.href ?? element.src ?? element.action).map(String);
        addresses.filter((address) => /^(javascript|data|vbscript):/i.test(address)).forEach((address) => window.trap?.(address));
        return addresses;
      }).catch((error) => report.fail(`${path}: ${error.message}`) ?? []);
      for (const link of links) {
        if (!link.startsWith(`${show.address}/`)) continue;
        const next = link.slice(show.address.length).replace(/#.*/, "");
        const kind = next.replace(/\?.*/, "?").replace(/[^/]*(@|%40)[^/]*/g, "ID").replace(/[0-9a-f]{6,}|\d+/g, "N")
          .replace(/^(\/site\/[^/]+\/).*/, "$1");
        const many = kinds.get(kind) ?? 0;
        if (seen.has(next) || many >= EACH || /sign-out|\.(mp3|opus|m4a|wav|gz)$/.test(next)) continue;
        seen.add(next);
        kinds.set(kind, many + 1);
        queue.push(next);
      }
    }
  };
  await Promise.all(tabs.map(open));
  report.step(`${opened} pages of ${kinds.size} kinds were opened`);
  report.expect("enough of them", opened > 80);
  for (const what of new Set(caught)) report.fail(`a script ran, or would: ${what}`);
  report.expect(`the server has had ${show.memory()} MiB, at most ${MEMORY}`, show.memory() <= MEMORY);
}

// Words of a mail that hold the hostile one, as somebody would mark them.
async function mark(person, path, word) {
  await person.go(path);
  const text = await person.page.innerText("article");
  return text.split("\n").find((line) => line.includes(word))?.trim();
}

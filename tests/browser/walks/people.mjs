// Somebody who wrote mail proves it and says something of themselves, follows things and hears what is new of them, all without
// scripts; and a second show at another host of the same server has people of its own.
import { writeFileSync } from "node:fs";

import { Audience } from "../chromium.mjs";
import { wave } from "../wave.mjs";

const MAIL = "20250616084110.93445-1-wanjiru@ndovu.example";
const ADDRESS = "wanjiru@ndovu.example";

export async function people({ show, report, browser, axe }) {
  const audience = new Audience({ browser, show, report, axe });
  const writer = await audience.person({ javascript: false });
  const look = async (name) => {
    await writer.scripts(true);
    await audience.look(writer, name);
    await writer.scripts(false);
  };

  // From a mail to who wrote it, to proving that one is that person.
  await writer.go("/sign-in");
  await writer.fill("#email", "wanja@host.example");
  await writer.press("main form button");
  await look("sign-in-sent");
  await writer.enters(show.latestLink(), "Wanja Writer");
  await writer.go(`/${MAIL}/`);
  await writer.press(".fields a[href$=writer]");
  const page = new URL(writer.page.url()).pathname;
  await writer.press("a:has-text('Is this you?')");
  await look("own-page-of-nobody");
  await writer.fill("#email", ADDRESS);
  await writer.press("form[action='/me/prove'] button");
  report.expect("a mail is on its way", (await writer.text()).includes("A mail is on its way"));
  await writer.go(show.latestLink("prove"));
  await look("prove");
  await writer.press("main form button");
  report.expect("the address is proved", (await writer.text()).includes(ADDRESS));

  // What the show says of them.
  await writer.fill("#say1", "wahn-JEE-roo");
  await writer.fill("#pronouns1", "she/her");
  await writer.fill("#bio1", "Folds *batches* <script>alert(1)</script> at night.");
  await writer.fill("[name=employer0]", "Ndovu Systems");
  await writer.fill("[name=from0]", "2024-02-01");
  await writer.fill("[name=title0]", "Blog");
  await writer.fill("[name=url0]", "https://ndovu.example/blog");
  await writer.press("form:has(#say1) > button");
  await writer.page.setInputFiles("input[name=file]", wave("name.wav", 2));
  await writer.press("form[action$=spoken] button");
  await look("own-page");
  await writer.go(page);
  const said = await writer.text();
  for (const words of ["wahn-JEE-roo", "she/her", "Ndovu Systems", "Blog", "Change your page"]) {
    report.expect(`everybody reads “${words}”`, said.includes(words));
  }
  report.expect("and hears the name", (await writer.page.request.get(new URL("spoken", writer.page.url()).href)).ok());
  await look("person-with-words");

  // Following: a person, a thread, a search; mail comes in, and it is told.
  await writer.go("/me/following");
  await look("following-nothing");
  await writer.go(`/${MAIL}/t/`);
  const thread = await writer.page.innerText("h1");
  const follow = "form.follow button";
  await writer.press(follow);
  report.expect("the button says so", (await writer.page.getAttribute(follow, "aria-pressed")) === "true");
  await writer.go("/search?q=s:hedgehog");
  await writer.press(follow);
  await writer.go("/people/");
  await writer.press(".lines a >> nth=0");
  await writer.press(follow);
  arrives(show, { subject: `Re: ${thread}`, answers: MAIL, text: "I tested this, and it works." });
  arrives(show, { subject: "[PATCH] hedgehog: roll up sooner", text: "It is late in the year." });
  await writer.go("/me/following");
  const news = await writer.text("section:has(#new)");
  report.expect("an answer in the thread is new", news.includes(thread));
  report.expect("and what the search finds", news.includes("hedgehog: roll up sooner"));
  await writer.page.selectOption("#notice", "weekly");
  await writer.press("form[action$=notify] button");
  report.expect("it comes by mail as one chooses", (await writer.page.inputValue("#notice")) === "weekly");
  await writer.press("form[action$=feed] button");
  await look("following");
  const feed = await writer.page.innerText(".key");
  const answer = await writer.page.request.get(feed);
  report.expect("a private feed has it as well", answer.headers()["content-type"].startsWith("application/atom+xml"));
  report.expect("with what is new", (await answer.text()).includes("hedgehog: roll up sooner"));
  await writer.go("/me/following");
  report.expect("its address is shown once", !(await writer.has(".key")));
  await writer.press(`form[action='/unfollow']:has([value="s:hedgehog"]) button`);
  report.expect("what is given up is told no more", !(await writer.text("section:has(#new)")).includes("hedgehog"));

  // What is new of the week.
  await writer.go("/week/");
  const fresh = () => writer.page.locator(".newness:text-is('new')").count();
  report.expect("no story is new at first", (await fresh()) === 0);
  show.run("draft", "--week", "2025-06-22", "--add", "20250602081500.71234-1-mirka@wisla.example");
  await writer.go("/week/");
  report.expect("then one is, and is marked", (await fresh()) === 1);
  await look("week-with-news");

  // A second show: who is in at one is nobody at the other.
  const other = show.beside;
  await writer.go(`${other.address}/`);
  report.expect("another host is another show", (await writer.text(".brand")).includes(other.title));
  report.expect("where one is nobody yet", (await writer.text(".you")).includes("Sign in"));
  const host = await audience.person({ javascript: false });
  await host.enters(other.ownersLink(), "Hodari Host");
  report.expect("it has an owner of its own", (await host.text(".you")).includes("Hodari Host"));
  await host.go(`${show.address}/accounts/`);
  report.expect("who owns nothing elsewhere", (await host.text()).includes("Sign in"));
  await writer.go("/me/");
  report.expect("and people stay in at theirs", (await writer.text(".you")).includes("Wanja Writer"));
}

// A mail that was written just now, by a clock that is a minute fast, and is read into the show.
function arrives(show, { subject, answers, text }) {
  const at = new Date(Date.now() + 60_000).toUTCString().replace("GMT", "+0000");
  const lines = [
    "From mboxrd@z Thu Jan  1 00:00:00 1970", "From: Tess Tester <tess@host.example>", "To: linux-kernel@lists.kernel.example",
    `Subject: ${subject}`, `Date: ${at}`, `Message-ID: <${subject.length}@host.example>`,
    ...(answers ? [`In-Reply-To: <${answers}>`] : []), "", text, "",
  ];
  const box = `${show.root}/../arrived-${subject.length}.mbox`;
  writeFileSync(box, lines.join("\n"));
  show.run("ingest", box);
}

// The pages of mail: somebody reads them without scripts, and each holds on a phone and wide, in light and dark.
import { Audience } from "../chromium.mjs";

export async function reading({ show, report, browser, axe }) {
  const audience = new Audience({ browser, show, report, axe });
  const reader = await audience.person({ javascript: false });

  // From the latest threads into the longest one, to a mail, to what it is beside, and to a search: by links and forms alone.
  const threads = show.run("export", "threads", "--format", "jsonl").trim().split("\n").map((line) => JSON.parse(line));
  const longest = threads.reduce((most, thread) => (thread.messages > most.messages ? thread : most));
  await reader.go("/latest");
  await reader.press(`.lines a:has-text(${JSON.stringify(longest.subject)})`);
  report.expect("a thread has all its mails", (await reader.page.locator("article").count()) === longest.messages);
  await reader.page.click("nav details[open] > summary");
  report.expect("the tree folds", !(await reader.has("nav details[open]")));
  await reader.press("article header a:text-is('alone')");
  report.expect("a mail has a page", (await reader.page.locator("article").count()) === 1);
  await reader.fill("#q", "s:batch");
  await reader.press("form[role=search] button");
  report.expect("a search finds", (await reader.page.locator(".lines li").count()) > 3);

  // Every kind of page, with what scripts add.
  await reader.scripts(true);
  const v3 = "20250618082002.81561-1-seun@lagoscompute.example";
  for (const [name, path] of [
    ["latest", "/latest"],
    ["thread", `/${longest.thread_id}/t/`],
    ["mail", `/${v3}/`],
    ["html-mail", "/html-only.20@campus.example/"],
    ["series", `/series/${v3}/`],
    ["interdiff", `/series/${v3}/interdiff`],
    ["search", "/search?q=s:batch"],
    ["search-wrong", "/search?q=(("],
    ["people", "/people/"],
    ["person", `/${v3}/writer`],
    ["not-held", "/nobody@nowhere.example/"],
  ]) {
    await reader.go(path);
    await audience.look(reader, name);
  }
}

// Editors work at the workbench: with buttons alone, then with keys and the mouse, at the notes beside a second editor, and with what
// `check` finds.
import { Audience } from "../chromium.mjs";

const LIST = ".bench[data-section=pulls]";
const nth = (number) => `${LIST} > li:nth-child(${number})`;

export async function producing({ show, report, browser, axe }) {
  const audience = new Audience({ browser, show, report, axe });
  const look = (person, name) => audience.look(person, name);
  const notes = () => show.file("notes.md");
  const has = (words) => report.expect(`the notes have “${words}”`, notes().includes(words));

  // Without scripts: the buttons, and the words.
  const editor = await audience.person({ javascript: false });
  await editor.enters(show.ownersLink(), "Olga Owner");
  await editor.go("/produce/");
  const bench = new URL(editor.page.url()).pathname;
  const [first, second] = await stories(editor);
  const before = notes();
  await editor.press(`${nth(1)} [data-step=down]`);
  report.expect("a button moves a story down", (await stories(editor)).slice(0, 2).join() === [second, first].join());
  report.expect("its text went with it", notes().indexOf(`/${first}/`) > notes().indexOf(`/${second}/`));
  await editor.press(`${nth(2)} [data-step=up]`);
  report.expect("and back, byte for byte", notes() === before);
  await editor.press(`${nth(1)} button[value=pin]`);
  report.expect("pinned", (await editor.text()).includes("pinned"));
  await editor.press(`${nth(2)} button[value=drop]`);
  report.expect("left out, with its text", !(await stories(editor)).includes(second) && !notes().includes(`/${second}/`));
  await editor.press("li.dropped button[value=release]");
  report.expect("taken back", (await stories(editor)).includes(second) && notes().includes(`/${second}/`));
  await editor.press(`${nth(1)} .buttons a:has-text('Move or merge')`);
  report.expect("a link leads to moving it elsewhere", (await editor.page.inputValue("#moved")) === first);
  await editor.page.selectOption("#place", { index: 1 });
  await editor.press("form:has(#moved) button");
  report.expect("moved to another section", !(await stories(editor)).includes(first) && notes().includes(`/${first}/`));
  await editor.page.selectOption("#moved", first);
  await editor.page.selectOption("#place", "section:pulls");
  await editor.press("form:has(#moved) button");
  report.expect("and back", (await stories(editor)).includes(first));
  await editor.go(`${bench}notes`);
  await change(editor, "That’s all", "That is all");
  await editor.press("button[formaction$=preview]");
  report.expect("a preview is not saved", (await editor.text()).includes("Nothing was saved yet") && !notes().includes("That is all"));
  await editor.press(".first");
  has("That is all");

  // With scripts: keys and dragging.
  await editor.scripts(true);
  await editor.go(bench);
  await look(editor, "rundown");
  await editor.page.setViewportSize({ width: 1280, height: 900 });
  await editor.page.focus(`${nth(1)} h3 a`);
  const focused = () => editor.page.evaluate(() => document.activeElement.closest("li")?.dataset.story);
  const [one, two] = await stories(editor);
  await editor.leadsOn(() => editor.page.keyboard.press("Alt+ArrowDown"));
  report.expect("Alt and an arrow move a story", (await stories(editor))[1] === one);
  report.expect("which keeps the focus", (await focused()) === one);
  await editor.leadsOn(() => editor.page.keyboard.press("Alt+ArrowUp"));
  report.expect("and back", (await stories(editor)).slice(0, 2).join() === [one, two].join());
  await editor.page.keyboard.press("j");
  report.expect("j goes on to the next", (await focused()) === two);
  await drag(editor.page, `${nth(1)} .handle`, nth(2));
  report.expect("a story is dragged behind the next", (await stories(editor)).slice(0, 2).join() === [two, one].join());

  // The notes, with somebody else at them.
  await editor.go(`${bench}notes`);
  await look(editor, "notes");
  const other = await audience.person();
  await other.enters(show.ownersLink(), "Otto Owner");
  await other.go(`${bench}notes`);
  await change(other, "That is all", "And that is all");
  await other.press(".first");
  has("And that is all");
  await editor.page.waitForSelector("main [role=status]:has-text('Somebody changed the episode')");
  report.step("another page of the notes says so by itself");
  await change(editor, "In this week’s edition", "In this edition");
  await editor.press(".first");
  has("In this edition:");
  has("And that is all");
  await other.go(`${bench}notes`);
  await change(editor, "In this edition:", "This time:");
  await editor.press(".first");
  await change(other, "In this edition:", "Today:");
  await other.press(".first");
  const both = await other.page.inputValue("#text");
  report.expect("the same line: both stand in the form", both.includes("This time:") && both.includes("Today:"));
  report.expect("and nothing was saved over", (await other.text()).includes("Somebody else changed the same lines") && !notes().includes("Today:"));
  await look(other, "notes-conflict");
  await other.fill("#text", both.replace(/<<<<<<< [^]*?=======\n([^]*?)>>>>>>> yours\n/, "$1"));
  await other.press(".first");
  has("Today:");

  // What is typed is not left by accident.
  await other.page.click("#text");
  await other.page.keyboard.type("Half a");
  const asked = other.page.waitForEvent("dialog");
  await other.go(`${bench}notes`);
  report.expect("leaving typed words asks first", (await asked).type() === "beforeunload");

  // Preview, and findings beside their lines.
  await change(other, "posted", "posted 99");
  await change(other, "## ", "<b>Bold</b> and [no mail](https://lore.kernel.org/r/nothing@host.example/).\n\n## ");
  await other.press("button[formaction$=preview]");
  await look(other, "notes-preview");
  report.expect("a preview as the page has it", (await other.page.locator(".page b").count()) === 1);
  report.expect("findings beside the lines", (await other.page.locator(".margin ul li").count()) > 0);
  await other.page.click("[data-line] >> nth=0");
  const [line, chosen] = await other.page.evaluate(() => {
    const area = document.querySelector("#text");
    const number = Number(document.querySelector("[data-line]").dataset.line);
    return [area.value.split("\n")[number - 1], area.value.slice(area.selectionStart, area.selectionEnd)];
  });
  report.expect("a finding selects its line", line && line === chosen);

  // One story alone, and the script.
  await editor.go(bench);
  await editor.press(`${nth(1)} .buttons a:has-text('Edit')`);
  await look(editor, "one-story");
  await editor.go(`${bench}script`);
  await look(editor, "no-script");
  await editor.press("form[action$=make] button");
  await look(editor, "script");

  const visitor = await audience.person();
  await visitor.go("/log");
  report.expect("everybody reads who did what", (await visitor.text()).includes("edited the notes"));
  report.expect("and nobody else gets in", (await visitor.go(bench)).status() === 401);
  await look(visitor, "workbench-of-a-visitor");
}

function stories({ page }) {
  return page.$$eval(`${LIST} > li:not(.dropped)`, (all) => all.map((one) => one.dataset.story));
}

// Puts other words into the form, where some stand.
async function change(person, words, others) {
  const text = await person.page.inputValue("#text");
  if (!text.includes(words)) throw new Error(`the form has no “${words}”`);
  await person.fill("#text", text.replace(words, others));
}

// Drags by a handle to the lower edge of a story, as a hand does: in steps.
async function drag(page, handle, story) {
  await page.locator(handle).evaluate((one) => one.scrollIntoView({ block: "center" }));
  const start = await page.locator(handle).boundingBox();
  const end = await page.locator(story).boundingBox();
  await page.mouse.move(start.x + 8, start.y + 12);
  await page.mouse.down();
  await page.mouse.move(start.x + 40, start.y + 30, { steps: 4 });
  await page.mouse.move(end.x + 60, end.y + end.height - 5, { steps: 8 });
  await page.mouse.move(end.x + 61, end.y + end.height - 5);
  await Promise.all([page.waitForEvent("load"), page.mouse.up()]);
}

// A newcomer, an editor who owns the show, and a visitor use it, each with a browser of their own: sign in by mail, vote,
// propose, accept, report, leave; and live pages follow what happens.
import { Audience } from "../chromium.mjs";

// What the newcomer writes: a paragraph of two sentences.
const PARAGRAPH = "It is worth a listen <b>twice</b>. The fix for bonded interfaces brings back the throughput that the week before had lost, "
  + "and whoever runs rc2 at home should take it.";

// Seconds that somebody needs who types 40 words a minute, after Card, Moran and Newell's keystroke-level model: 0.28 for each
// character, 1.1 to point at each thing, 0.4 to go between mouse and keys, 1.35 to think before each step.
function handsNeed({ pages, presses, fields, characters }) {
  return characters * 0.28 + (pages + presses + fields) * (1.1 + 1.35) + fields * 2 * 0.4;
}

export async function takingPart({ show, report, browser, axe }) {
  const audience = new Audience({ browser, show, report, axe });
  const look = (person, name) => audience.look(person, name);

  // The owner signs in with the link that the command prints.
  const owner = await audience.person();
  await owner.go(show.ownersLink());
  await look(owner, "enter");
  await owner.fill("#name", "Olga Owner");
  await owner.press("main form button");
  report.expect("the owner is signed in", (await owner.text(".you")).includes("Olga Owner"));
  await look(owner, "week");
  const first = await owner.page.getAttribute(".rundown h3 a", "href");

  // A newcomer without JavaScript, and without an account, writes first and signs in then. What they have to do is counted, from
  // the first page on; the machine's share is small.
  const newcomer = await audience.person({ javascript: false });
  const began = performance.now();
  await newcomer.go("/");
  await newcomer.press(`a[href="${first}#write"]`);
  const told = await newcomer.page.inputValue("#text");
  await newcomer.adds("#text", `\n${PARAGRAPH}\n`);
  await newcomer.fill("#email", "newcomer@host.example");
  await newcomer.press("section form button");
  report.expect("a mail is on its way", (await newcomer.text()).includes("A mail is on its way"));
  await newcomer.go(show.latestLink());
  await newcomer.fill("#name", "Nia Newcomer");
  await newcomer.press("main form button");
  const proposal = new URL(newcomer.page.url()).pathname;
  report.expect("a newcomer proposes text without JavaScript", proposal.startsWith("/proposals/"));
  const { pages, presses, fields, characters } = newcomer.did;
  const hands = handsNeed(newcomer.did);
  const machine = (performance.now() - began) / 1000;
  report.step(`${pages} addresses, ${presses} presses, ${fields} fields with ${characters} characters`);
  report.expect(`hands need ${Math.round(hands)} s for it, the machine ${machine.toFixed(1)} s, two minutes are allowed`, hands + machine < 120);
  report.expect("with two addresses, three presses and three fields", [pages, presses, fields].join() === "2,3,3");
  await newcomer.scripts(true);
  await newcomer.go(proposal);
  await look(newcomer, "proposal-of-a-newcomer");

  // A vote of the newcomer appears on the owner's page.
  await owner.go("/week/");
  const votes = `.votes[data-story="${first}"] [data-votes=for]`;
  const before = Number(await owner.text(votes));
  await newcomer.go("/week/");
  await newcomer.press(`.votes[data-story="${first}"] button[value=for]`);
  await owner.page.waitForSelector(`${votes}:text-is("${before + 1}")`);
  report.step("a vote of somebody else appears by itself");
  await owner.page.keyboard.press("j");
  report.expect("j goes to the first story", await owner.page.evaluate(() => document.activeElement.closest(".rundown h3") !== null));
  await owner.leadsOn(() => owner.page.keyboard.press("v"));
  report.expect("v votes for it", await owner.has(".rundown button[value=none]"));

  // The owner accepts, and the notes have it.
  await owner.go(proposal);
  await look(owner, "proposal-to-decide");
  await owner.press("form[action$=accept] button");
  report.expect("the text is accepted", (await owner.text()).includes("accepted by Olga Owner"));
  const notes = show.file("notes.md");
  report.expect("the notes have it", notes.includes(PARAGRAPH));
  report.expect("and what they told before", notes.includes(told.trim()));
  report.expect("and the credit", show.file("episode.yaml").includes("Nia Newcomer"));

  // Comments, suggestions, reports, moderation.
  await newcomer.go(proposal);
  await newcomer.fill("#comment", "Thank you! <script>alert(1)</script>");
  await newcomer.press("form[action$=comment] button");
  await newcomer.go("/suggest");
  await look(newcomer, "suggest");
  await newcomer.fill("#story", "https://lore.kernel.org/r/missed@host.example/");
  await newcomer.fill("#reason", "Nobody told of it.");
  await newcomer.press("main form button");
  report.expect("a missed story has a page", (await newcomer.text()).includes("Nobody told of it."));
  await newcomer.go(proposal);
  await newcomer.page.click("#comments ~ ul details summary");
  await newcomer.fill("#comments ~ ul details input[name=why]", "A slip of mine.");
  await newcomer.press("#comments ~ ul details button");
  await owner.go("/reports/");
  await look(owner, "reports");
  await owner.fill("main input[name=why]", "As asked for.");
  await owner.press("main button[formaction]");
  report.expect("the report is settled", (await owner.text()).includes("Nothing was reported"));
  const visitor = await audience.person();
  await visitor.go(proposal);
  report.expect("what is hidden is not seen", !(await visitor.text()).includes("Thank you!"));
  await visitor.go("/log");
  report.expect("everybody can read why", (await visitor.text()).includes("As asked for."));
  await look(visitor, "log");

  for (const [path, name] of [["/", "week-of-a-visitor"], [first, "story-of-a-visitor"], ["/sign-in", "sign-in"], ["/nothing-here", "nothing"]]) {
    await visitor.go(path);
    await look(visitor, name);
  }
  for (const [path, name] of [["/me/", "me"], ["/accounts/", "accounts"], [first, "story"]]) {
    await owner.go(path);
    await look(owner, name);
  }

  // Somebody asks at a desk and reads mail on a telephone, without JavaScript: the number that the desk shows lets in there.
  const desk = await audience.person();
  await desk.go("/sign-in");
  await desk.fill("#email", "two-screens@host.example");
  await desk.press("main form button");
  await look(desk, "sign-in-sent");
  const number = (await desk.text("main p strong")).trim();
  report.expect("a number of four digits is shown", /^[0-9]{4}$/.test(number));
  const phone = await audience.person({ javascript: false });
  await phone.go(show.latestLink());
  report.expect("another browser is asked for it", (await phone.text()).includes("asked for in another browser"));
  await phone.scripts(true);
  await look(phone, "link-in-another-browser");
  await phone.scripts(false);
  await phone.fill("#number", String((Number(number) + 1) % 10_000).padStart(4, "0"));
  await phone.press("form[action$=number] button");
  report.expect("a wrong number lets nobody in", (await phone.text("[role=alert]")).includes("another number"));
  await phone.fill("#number", number);
  await phone.press("form[action$=number] button");
  await phone.fill("#name", "Two Screens");
  await phone.press("main form button");
  report.expect("the right one does", (await phone.text(".you")).includes("Two Screens"));
  // At the desk the link was used; an earlier one than the last is over, and sends another.
  await desk.go("/sign-in");
  await desk.fill("#email", "two-screens@host.example");
  await desk.press("main form button");
  const earlier = show.latestLink();
  await desk.go("/sign-in");
  await desk.fill("#email", "two-screens@host.example");
  await desk.press("main form button");
  await desk.go(earlier);
  await look(desk, "link-that-is-over");
  await desk.press("form[action$=again] button");
  await desk.go(show.latestLink());
  await desk.press("main form button");
  report.expect("a link that is over sends one that works", (await desk.text(".you")).includes("Two Screens"));

  // Whoever leaves takes their words along.
  await newcomer.go("/me/");
  await newcomer.page.click("summary:has-text('Delete the account')");
  await newcomer.page.click("input[name=sure]");
  await newcomer.press("form[action$=erase] button");
  report.expect("signed out for good", (await newcomer.text(".you")).includes("Sign in"));
}

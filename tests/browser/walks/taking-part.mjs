// A newcomer, an editor who owns the show, and a visitor use it, each with a browser of their own: sign in by mail, vote,
// propose, accept, report, leave; and live pages follow what happens.
import { Audience } from "../chromium.mjs";

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

  // A newcomer without JavaScript writes first and signs in then.
  const newcomer = await audience.person({ javascript: false });
  const began = performance.now();
  await newcomer.go(first);
  const told = await newcomer.page.inputValue("#text");
  await newcomer.fill("#text", `${told}\nIt is worth a listen <b>twice</b>.\n`);
  await newcomer.fill("#email", "newcomer@host.example");
  await newcomer.press("section form button");
  report.expect("a mail is on its way", (await newcomer.text()).includes("A mail is on its way"));
  await newcomer.go(show.latestLink());
  await newcomer.fill("#name", "Nia Newcomer");
  await newcomer.press("main form button");
  const proposal = new URL(newcomer.page.url()).pathname;
  const took = ((performance.now() - began) / 1000).toFixed(1);
  report.expect(`a newcomer proposes text without JavaScript; the machine takes ${took} s of it`, proposal.startsWith("/proposals/"));
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
  report.expect("the notes have it", notes.includes("It is worth a listen <b>twice</b>."));
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

  // Whoever leaves takes their words along.
  await newcomer.go("/me/");
  await newcomer.page.click("summary:has-text('Delete the account')");
  await newcomer.page.click("input[name=sure]");
  await newcomer.press("form[action$=erase] button");
  report.expect("signed out for good", (await newcomer.text(".you")).includes("Sign in"));
}

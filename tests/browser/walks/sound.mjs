// The sound of an episode: takes are sent and recorded, the master is made by a job that the page follows, all of it is heard,
// somebody offers a filler, and the episode comes out.
import { Audience } from "../chromium.mjs";
import { wave } from "../wave.mjs";

const SOUND = "/produce/2025-06-22/sound";

export async function sound({ show, report, browser, axe }) {
  const audience = new Audience({ browser, show, report, axe });
  const look = (person, name) => audience.look(person, name);

  // Without scripts: a take is sent, counts or not, and is put aside; the master is asked for and taken back.
  const owner = await audience.person({ javascript: false });
  await owner.enters(show.ownersLink(), "Olga Owner");
  await owner.go(SOUND);
  const takes = () => owner.page.locator(".takes > li").count();
  const chapter = await owner.page.inputValue("#take");
  const before = await takes();
  await owner.page.setInputFiles("#recording", wave("anything.wav", 3));
  await owner.press("form[action$=takes] button");
  report.expect("a recording that is sent is a take", (await takes()) === before + 1);
  const sent = `.takes > li:has-text(${JSON.stringify(`${chapter}-take2.wav`)})`;
  report.expect("and counts", (await owner.text(sent)).includes("counts"));
  await owner.press(".takes form[action$=prefer] button");
  report.expect("until another one does", !(await owner.text(sent)).includes("counts"));
  await owner.press(`${sent} form[action$=remove] button`);
  report.expect("put aside", (await takes()) === before);

  // With scripts: a take is recorded in the page, and heard.
  await owner.scripts(true);
  await owner.go(SOUND);
  await look(owner, "sound");
  await owner.leadsOn(() => record(owner, 2));
  report.expect("a recording of the page is a take", (await takes()) === before + 1);
  const recorded = `.takes > li:has-text(".webm")`;
  report.expect("and counts", (await owner.text(recorded)).includes("counts"));
  await hear(owner, `${recorded} audio`);
  report.step("it is heard in the page");

  // The master is made, heard, and told when to come out.
  await owner.press("form[action$=master] button");
  await done(owner);
  report.step("the master is made, and the page says so by itself");
  await hear(owner, "#master ~ audio");
  report.step("it is heard as well");
  await owner.fill("#at", "2031-01-01T18:00");
  await owner.press("form[action$=schedule] button");
  report.expect("a time years away is refused in words", (await owner.text()).includes("within 366 days"));
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 16);
  await owner.fill("#at", tomorrow);
  await owner.press("form[action$='/schedule'] button");
  report.expect("a time tomorrow is not", (await owner.text("#out ~ p")).includes(tomorrow.slice(0, 10)));
  await look(owner, "sound-of-a-master");
  await owner.press("form[action$=unschedule] button");

  // Somebody offers a filler, without scripts; the owner hears it and takes it.
  const speaker = await audience.person({ javascript: false });
  await speaker.go("/sign-in");
  await speaker.fill("#email", "speaker@host.example");
  await speaker.press("main form button");
  await speaker.enters(show.latestLink(), "Sena Speaker");
  await speaker.go("/week/");
  await speaker.press(".rundown h3 a >> nth=0");
  const story = new URL(speaker.page.url()).pathname;
  await speaker.page.setInputFiles("#recording", wave("mine.wav", 35));
  await speaker.press("form[action$=filler] button");
  const filler = new URL(speaker.page.url()).pathname;
  report.expect("a filler is offered", filler.startsWith("/fillers/"));
  await speaker.scripts(true);
  await speaker.go(story);
  await look(speaker, "story-of-a-speaker");
  await record(speaker, 2);
  await speaker.page.waitForSelector("[data-record] [role=status]:has-text('30 to 60 seconds')");
  report.step("one that is too short is refused in words");
  await speaker.go(filler);
  await look(speaker, "filler-of-a-speaker");
  await owner.go(SOUND);
  await owner.press(`a[href='${filler}']`);
  await look(owner, "filler-to-decide");
  await hear(owner, "main audio");
  report.step("it is heard");
  await owner.press("form[action$=accept] button");
  report.expect("taken into the episode", (await owner.text()).includes("accepted by Olga Owner"));
  report.expect("with its speaker", show.file("episode.yaml").includes("speaker: Sena Speaker"));

  // The episode comes out.
  await owner.go(SOUND);
  await owner.press("form[action$=publish] button");
  await done(owner);
  await owner.go("/site/");
  report.expect("the site has the episode", await owner.has("a[href*='2025-06-22']"));
}

// Records in the page for so many seconds at least.
async function record(person, seconds) {
  const button = "[data-record] button[type=button]";
  await person.page.click(button);
  await person.page.waitForFunction((least) => {
    const said = document.querySelector("[data-record] [role=status]").textContent;
    return Number(/Recording, ([0-9]+)/.exec(said)?.[1]) >= least;
  }, seconds);
  await person.page.click(button);
}

// Plays a sound, and waits until some of it was heard.
async function hear(person, audio) {
  const player = await person.page.waitForSelector(audio);
  await player.evaluate((one) => {
    one.muted = true;
    return one.play();
  });
  await person.page.waitForFunction((one) => one.currentTime > 0.3, player);
}

// Waits until the page shows that the latest job is done.
async function done(person) {
  await person.page.waitForSelector(".jobs > li:first-child[data-state=done], .jobs > li:first-child .wrong");
  const job = await person.text(".jobs > li:first-child");
  if (!job.includes("done")) throw new Error(job);
}

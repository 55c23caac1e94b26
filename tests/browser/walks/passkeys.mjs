// Somebody uses passkeys with devices that Chromium simulates: adds one, signs in without typing, and is refused what is to be refused.
import { Audience } from "../chromium.mjs";
import { Device } from "../device.mjs";

const ADD = "form[action='/me/passkeys']";
const ENTER = "form[action='/sign-in/passkey']";

export async function passkeys({ show, report, browser, axe }) {
  const audience = new Audience({ browser, show, report, axe });

  // The owner adds a passkey.
  const owner = await audience.person();
  await owner.enters(show.ownersLink(), "Olga Owner");
  const telephone = await Device.at(owner);
  await owner.go("/me/");
  await owner.fill("#device", "a telephone");
  await owner.press(`${ADD} button`);
  report.expect("a passkey is added", (await owner.text()).includes("a telephone"));
  await audience.look(owner, "me-with-a-passkey");
  const [made] = await telephone.keys();
  report.expect("the device knows for whom it is", made.isResidentCredential && made.rpId === "localhost" && Boolean(made.userHandle));
  await owner.fill("#device", "once more");
  await owner.page.click(`${ADD} button`);
  await hears(owner, ADD, "has a passkey of yours already");
  report.step("one on each device");

  // Signing out, and in without typing anything.
  await owner.press("form[action='/sign-out'] button");
  report.expect("signed out", (await owner.text(".you")).includes("Sign in"));
  await owner.go("/sign-in");
  await audience.look(owner, "sign-in-with-a-passkey");
  await enter(owner);
  report.expect("signed in with a passkey", (await owner.text(".you")).includes("Olga Owner"));
  const [counted] = await telephone.keys();
  report.expect("the device counts", counted.signCount > made.signCount);
  await owner.go("/me/");
  report.expect("the page says with what", (await owner.text()).includes("With a passkey (this browser)"));

  // A copy of the device, as it was before.
  await telephone.keeps(made);
  await owner.press("form[action='/sign-out'] button");
  await enter(owner);
  report.expect("a copy that counts less is refused", (await owner.text()).includes("does not prove who you are"));
  await audience.look(owner, "sign-in-refused");
  await telephone.keeps({ ...counted, signCount: counted.signCount + 5 });
  await enter(owner);
  report.expect("the device itself is not", (await owner.text(".you")).includes("Olga Owner"));

  // Somebody else holds the device, or it has no key of this show.
  await telephone.knowsOwner(false);
  await owner.go("/sign-in");
  await owner.page.click(`${ENTER} button`);
  await hears(owner, ENTER, "Nothing came of it");
  report.step("a device that does not know its owner signs nobody in");
  await telephone.knowsOwner(true);
  const stranger = await audience.person();
  await Device.at(stranger);
  await stranger.go("/sign-in");
  await stranger.page.click(`${ENTER} button`);
  await hears(stranger, ENTER, "Nothing came of it");
  report.step("a device of a stranger has nothing to say");

  // The same key in another browser, as one that is kept with others; its session is seen and ended.
  const laptop = await audience.person();
  const [now] = await telephone.keys();
  await (await Device.at(laptop)).keeps({ ...now, signCount: now.signCount + 5 });
  await enter(laptop);
  report.expect("signed in there as well", (await laptop.text(".you")).includes("Olga Owner"));
  await owner.go("/me/");
  await owner.press("form[action='/me/sessions/end'] button:not([name])");
  await laptop.go("/me/");
  report.expect("and out from here", (await laptop.text(".you")).includes("Sign in"));

  // A second device, then the first is taken off.
  await telephone.goes();
  await Device.at(owner);
  await owner.go("/me/");
  await owner.fill("#device", "a stick");
  await owner.press(`${ADD} button`);
  await owner.press("form[action$='/drop'] button");
  const left = await owner.text();
  report.expect("taken off", !left.includes("a telephone") && left.includes("a stick"));
  await enter(laptop);
  report.expect("what was taken off lets nobody in", (await laptop.text()).includes("does not prove who you are"));
  await owner.go("/me/");
  await owner.press("form[action$='/drop'] button");
  report.expect("the last way in stays", (await owner.text()).includes("the only way into your account"));

  // Without scripts nothing is offered that does not work.
  const plain = await audience.person({ javascript: false });
  await plain.go("/sign-in");
  const seen = (selector) => plain.page.isVisible(selector);
  report.expect("without JavaScript the link by mail remains", !(await seen(ENTER)) && (await seen("form[action='/sign-in']")));
}

async function enter(person) {
  await person.go("/sign-in");
  await person.press(`${ENTER} button`);
}

// Waits for what a form says without another page.
async function hears(person, form, words) {
  await person.page.waitForSelector(`${form} [role=alert]:has-text(${JSON.stringify(words)})`);
}

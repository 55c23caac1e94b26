//! Passkeys: signing in without a name, and what does not let anybody in.

use axum::http::StatusCode;
use insta::assert_snapshot;
use jiff::{SignedDuration, Timestamp};
use lorecast_community::{Name, Role};
use lorecast_desk::new_key;
use lorecast_testkit::passkey::Device;

use crate::hall::{Browser, Hall, runtime};

const ORIGIN: &str = "https://mail.example";
const HOST: &str = "mail.example";

/// A question of a page.
fn asked(browser: &mut Browser<'_>, page: &str) -> String {
    let answer = browser.post(page, &[]);
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.words());
    assert_eq!(answer.headers["content-type"], "application/json");
    answer.text
}

/// Somebody adds a passkey on a new device.
pub(crate) fn adds(browser: &mut Browser<'_>, title: &str) -> Device {
    let mut device = Device::new(ORIGIN, HOST);
    let options = asked(browser, "/me/passkeys/ask");
    let answer = device.creates(&options);
    let page = browser.sends("/me/passkeys", &[("title", title), ("answer", &answer)]);
    assert!(page.starts_with("303 /me/?changed=ways"), "{page}");
    device
}

/// Somebody signs in with a device, which may lie: the status.
pub(crate) fn enters(browser: &mut Browser<'_>, lies: impl FnOnce(&str) -> String) -> u16 {
    let options = asked(browser, "/sign-in/passkey/ask");
    browser.post("/sign-in/passkey", &[("answer", &lies(&options))]).status.as_u16()
}

#[test]
fn somebody_signs_in_without_typing_anything() {
    let hall = Hall::new();
    let mut ann = hall.joins("Ann", Role::Contributor);
    let device = adds(&mut ann, "a telephone");
    let mut later = hall.visitor();
    assert!(later.get("/sign-in").text.contains("Sign in with a passkey"));
    assert_eq!(enters(&mut later, |options| device.signs(options)), 303);
    assert!(later.others.is_empty(), "what was kept for it is gone");
    let page = later.get("/me/");
    assert!(page.text.contains("<bdi>Ann</bdi>"));
    assert!(page.words().contains("With a passkey (this browser)"), "{}", page.words());
    let export = later.get("/me/export.json");
    let json: serde_json::Value = serde_json::from_str(&export.text).unwrap();
    let deeds = json["deeds"].as_array().unwrap().iter().map(|deed| deed["deed"].as_str().unwrap());
    assert_eq!(deeds.collect::<Vec<_>>(), ["enter", "add-passkey", "enter-with"]);
    // Whoever leaves takes their keys along.
    later.post("/me/erase", &[("sure", "yes")]);
    assert_eq!(enters(&mut hall.visitor(), |options| device.signs(options)), 403);
}

#[test]
fn what_is_asked_of_a_device() {
    let hall = Hall::new();
    let mut ann = hall.joins("Ann", Role::Contributor);
    adds(&mut ann, "a telephone");
    let options = asked(&mut ann, "/me/passkeys/ask");
    let options: serde_json::Value = serde_json::from_str(&options).unwrap();
    assert_eq!(options["rp"]["id"], HOST);
    assert_eq!(options["user"]["name"], "Ann");
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["excludeCredentials"].as_array().unwrap().len(), 1);
    let options = asked(&mut hall.visitor(), "/sign-in/passkey/ask");
    let options: serde_json::Value = serde_json::from_str(&options).unwrap();
    assert_eq!(
        (&options["rpId"], &options["userVerification"]),
        (&HOST.into(), &"required".into())
    );
    assert_eq!(options["allowCredentials"], serde_json::json!([]), "it tells nobody who has which");
}

/// Everything but the last line is a lie.
#[test]
fn what_proves_nothing_lets_nobody_in() {
    let hall = Hall::new();
    let (mut ann, mut eve) = (hall.joins("Ann", Role::Owner), hall.joins("Eve", Role::Reader));
    let (anns, eves) = (adds(&mut ann, "a telephone"), adds(&mut eve, "a stick"));
    let with = |change: fn(&mut Device, &Device)| {
        let mut device = Device::new(ORIGIN, HOST);
        device.user.clone_from(&anns.user);
        device.id.clone_from(&anns.id);
        change(&mut device, &eves);
        enters(&mut hall.visitor(), |options| device.signs(options))
    };
    let by_ann = |change: fn(String) -> String| {
        enters(&mut hall.visitor(), |options| change(anns.signs(options)))
    };
    let mut said = String::new();
    let mut line = |what: &str, status: u16| said.push_str(&format!("{status} {what}\n"));
    line("a key of one's own under the name of another", with(|_, _| {}));
    line("a key that nobody knows", with(|device, _| device.id = vec![7; 32]));
    line(
        "another's key for one's own account",
        with(|device, eves| device.user.clone_from(&eves.user)),
    );
    line("an id without end", with(|device, _| device.id = vec![7; 100_000]));
    line("no account", with(|device, _| device.user.clear()));
    line("not JSON", by_ann(|_| "{".to_owned()));
    line("nothing", by_ann(|_| String::new()));
    line("deep JSON", by_ann(|_| "[".repeat(100_000)));
    line("a signature that was changed", by_ann(|answer| swap(&answer, "signature")));
    line("data that was changed", by_ann(|answer| swap(&answer, "authenticatorData")));
    let honest = |lies: fn(&mut Device)| {
        let mut ann = hall.joins("Ann B", Role::Reader);
        let mut device = adds(&mut ann, "a telephone");
        lies(&mut device);
        let status = enters(&mut hall.visitor(), |options| device.signs(options));
        ann.post("/me/erase", &[("sure", "yes")]);
        status
    };
    line("another page", honest(|device| device.origin = "https://mail.example.net".to_owned()));
    line("another port", honest(|device| device.origin = "https://mail.example:444".to_owned()));
    line("without encryption", honest(|device| device.origin = "http://mail.example".to_owned()));
    line("a key for another host", honest(|device| device.host = "example".to_owned()));
    line("nobody looked who it is", honest(|device| device.verified = false));
    line("the truth", honest(|_| {}));
    assert_snapshot!(said, @r"
    403 a key of one's own under the name of another
    403 a key that nobody knows
    403 another's key for one's own account
    403 an id without end
    403 no account
    403 not JSON
    403 nothing
    403 deep JSON
    403 a signature that was changed
    403 data that was changed
    403 another page
    403 another port
    403 without encryption
    403 a key for another host
    403 nobody looked who it is
    303 the truth
    ");
}

/// The answer with the third letter of a field changed.
fn swap(answer: &str, field: &str) -> String {
    let mut json: serde_json::Value = serde_json::from_str(answer).unwrap();
    let text = json["response"][field].as_str().unwrap();
    let other = if &text[20..21] == "A" { "B" } else { "A" };
    json["response"][field] = format!("{}{other}{}", &text[..20], &text[21..]).into();
    json.to_string()
}

#[test]
fn an_answer_counts_once_and_in_the_browser_that_was_asked() {
    let hall = Hall::new();
    let mut ann = hall.joins("Ann", Role::Contributor);
    let device = adds(&mut ann, "a telephone");
    let mut browser = hall.visitor();
    let options = asked(&mut browser, "/sign-in/passkey/ask");
    let (answer, kept) = (device.signs(&options), browser.others.clone());
    let tries = |others: &std::collections::BTreeMap<String, String>, answer: &str| {
        let mut browser = hall.visitor();
        browser.others.clone_from(others);
        browser.post("/sign-in/passkey", &[("answer", answer)]).status.as_u16()
    };
    let mut thief = hall.visitor();
    asked(&mut thief, "/sign-in/passkey/ask");
    assert_eq!(tries(&thief.others, &answer), 403, "another browser, which was asked as well");
    assert_eq!(tries(&Default::default(), &answer), 403, "a browser that was not asked");
    let forged = kept.iter().map(|(name, value)| (name.clone(), value.replace('.', "A.")));
    assert_eq!(tries(&forged.collect(), &answer), 403, "a question that was made up");
    assert_eq!(tries(&kept, &answer), 303);
    assert_eq!(tries(&kept, &answer), 403, "once more");
    // What a device makes for an account signs nobody in, and the other way round.
    let options = asked(&mut ann, "/me/passkeys/ask");
    assert_eq!(tries(&ann.others, &device.signs(&options)), 403);
    let options = asked(&mut ann, "/sign-in/passkey/ask");
    let made = Device::new(ORIGIN, HOST).signs(&options);
    let add = ann.post("/me/passkeys", &[("title", "a"), ("answer", &made)]);
    assert_eq!(add.status, StatusCode::FORBIDDEN);
}

#[test]
fn a_device_that_counts_cannot_be_copied() {
    let hall = Hall::new();
    let mut ann = hall.joins("Ann", Role::Contributor);
    let mut device = adds(&mut ann, "a stick");
    let mut counted = |counter| {
        device.counter = counter;
        enters(&mut hall.visitor(), |options| device.signs(options))
    };
    assert_eq!([5, 5, 4, 6].map(&mut counted), [303, 403, 403, 303]);
}

#[test]
fn a_passkey_belongs_to_one_account() {
    let hall = Hall::new();
    let (mut ann, mut eve) =
        (hall.joins("Ann", Role::Contributor), hall.joins("Eve", Role::Reader));
    let device = adds(&mut ann, "a telephone");
    let mut copy = Device::new(ORIGIN, HOST);
    copy.id.clone_from(&device.id);
    let options = asked(&mut eve, "/me/passkeys/ask");
    let fields = [("title", "hers"), ("answer", &*copy.creates(&options))];
    assert_snapshot!(eve.sends("/me/passkeys", &fields), @r"
    409
    This cannot be done
    This was added already.
    The first page
    ");
    // A question to Ann is not answered by Eve.
    asked(&mut ann, "/me/passkeys/ask");
    let options = asked(&mut ann, "/me/passkeys/ask");
    eve.others.clone_from(&ann.others);
    let fields = [("title", "hers"), ("answer", &*Device::new(ORIGIN, HOST).creates(&options))];
    assert_eq!(eve.post("/me/passkeys", &fields).status, StatusCode::FORBIDDEN);
    let (id, _) = hall.community.look(|commons| {
        let ann = commons.accounts().next().unwrap().0;
        let (id, passkey) = commons.passkeys_of(ann).next().unwrap();
        (id, passkey.clone())
    });
    assert_eq!(eve.post(&format!("/me/passkeys/{id}/drop"), &[]).status, StatusCode::NOT_FOUND);
    // Ann was invited and has no address: the only way in stays.
    assert_snapshot!(ann.sends(&format!("/me/passkeys/{id}/drop"), &[]), @r"
    409
    This cannot be done
    This is the only way into your account; add another one first.
    The first page
    ");
    adds(&mut ann, "another");
    assert_eq!(ann.post(&format!("/me/passkeys/{id}/drop"), &[]).status, StatusCode::SEE_OTHER);
    assert_eq!(enters(&mut hall.visitor(), |options| device.signs(options)), 403);
}

#[test]
fn whoever_changes_how_they_sign_in_is_offered_to_end_other_sessions() {
    let hall = Hall::new();
    let mut ann = hall.joins("Ann", Role::Contributor);
    let offers = |page: String| {
        page.contains("sign out everywhere else") && page.contains("Sign out everywhere else")
    };
    assert!(!offers(ann.says("/me/")));
    adds(&mut ann, "a telephone");
    assert!(offers(ann.says("/me/?changed=ways")));
}

#[test]
fn how_one_gets_in_is_changed_by_who_signed_in_lately() {
    let hall = Hall::new();
    let mut ann = hall.joins("Ann", Role::Contributor);
    let device = adds(&mut ann, "a telephone");
    enters(&mut ann, |options| device.signs(options));
    ann.get("/me/");
    asked(&mut ann, "/me/passkeys/ask");
    // Another account, signed in an hour ago in another browser.
    let (link, session) =
        (hall.community.owners_link(Timestamp::now()).unwrap(), new_key().unwrap());
    let (name, then) =
        (Name::parse("Olga").unwrap(), Timestamp::now() - SignedDuration::from_hours(1));
    runtime().block_on(hall.community.enter(&link, &session, Some(name), None, then)).unwrap();
    let mut olga = hall.visitor();
    olga.cookie = format!("__Host-lorecast={}", session.text());
    olga.get("/me/");
    // She was handed a link and could not come back: she may add one.
    adds(&mut olga, "a stick");
    assert!(olga.says("/me/").contains("It is a while since you signed in."));
    let tries = [("/me/passkeys/ask", [("title", "a")]), ("/me/tokens", [("title", "a")])];
    for (page, fields) in tries {
        let mut fields = fields.to_vec();
        fields.extend([("scope", "read"), ("days", "1")]);
        assert_eq!(olga.post(page, &fields).status, StatusCode::FORBIDDEN, "{page}");
    }
}

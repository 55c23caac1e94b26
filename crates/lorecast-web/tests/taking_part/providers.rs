//! Signing in with a provider, and what it does not let anybody do.

use axum::http::StatusCode;
use insta::assert_snapshot;
use lorecast_community::Role;
use lorecast_testkit::provider::{Provider, Signs};
use lorecast_testkit::web::{Web, answer};
use serde_json::{Value, json};

use crate::hall::{Browser, Hall};

/// The secret that is in the environment: see [`Hall::with`].
const SECRET: &str = env!("CARGO_PKG_NAME");

/// A show with a provider, which signs so.
fn show(signs: Signs) -> (Provider, Hall) {
    let provider = Provider::start(signs, SECRET);
    let hall = Hall::with(&[("Example", &provider.issuer)]);
    (provider, hall)
}

/// Where a page sends a browser.
fn goes(browser: &mut Browser<'_>, page: &str) -> String {
    let answer = browser.get(page);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.words());
    answer.headers["location"].to_str().unwrap().to_owned()
}

/// Somebody goes to the provider and comes back with what it tells of them: the status and where they are sent.
fn comes_back(browser: &mut Browser<'_>, provider: &Provider, told: Value, signs: Signs) -> String {
    let sent = goes(browser, "/sign-in/with/Example");
    let back = provider.signs_in(&sent, told, signs);
    let answer = browser.get(&back);
    let place = answer.headers.get("location").map_or("", |place| place.to_str().unwrap());
    let place = place.split_once("/enter/").map_or(place, |_| "/enter/…");
    format!("{} {place}", answer.status.as_u16()).trim_end().to_owned()
}

/// Somebody new signs in, and is called so.
fn joins(browser: &mut Browser<'_>, provider: &Provider, told: Value, name: &str) {
    let sent = goes(browser, "/sign-in/with/Example");
    let link = goes(browser, &provider.signs_in(&sent, told, Signs::Es256));
    assert!(browser.sends(&link, &[("name", name)]).starts_with("303 /\n"));
    browser.get("/me/");
}

#[test]
fn somebody_new_is_welcomed_and_known_again() {
    for signs in [Signs::Es256, Signs::Rs256] {
        let (provider, hall) = show(signs);
        let mut ann = hall.visitor();
        assert!(ann.says("/sign-in").contains("Sign in with Example"));
        let sent = goes(&mut ann, "/sign-in/with/Example");
        assert!(sent.starts_with(&format!("{}/authorize?", provider.issuer)), "{sent}");
        let link = goes(&mut ann, &provider.signs_in(&sent, json!({}), signs));
        let page = ann.says(&link);
        assert!(page.contains("Welcome. What should we call you?"), "{page}");
        assert!(ann.sends(&link, &[("name", "Ann")]).starts_with("303 /\n"));
        let mut later = hall.visitor();
        assert_eq!(comes_back(&mut later, &provider, json!({}), signs), "303 /");
        assert!(later.others.is_empty(), "what was kept for it is gone");
        let page = later.get("/me/");
        assert!(page.text.contains("<bdi>Ann</bdi>"));
        assert!(page.words().contains("With Example (this browser)"), "{}", page.words());
        assert_eq!(hall.community.look(|commons| commons.accounts().count()), 1);
        // Whoever leaves is somebody new afterwards, and nothing that the provider told stays.
        later.post("/me/erase", &[("sure", "yes")]);
        let journal = std::fs::read(hall.root.join(".lorecast/community.db")).unwrap();
        let told = |text: &str| journal.windows(text.len()).any(|bytes| bytes == text.as_bytes());
        assert!(!told("\"somebody\""));
        assert_eq!(comes_back(&mut hall.visitor(), &provider, json!({}), signs), "303 /enter/…");
    }
}

#[test]
fn what_a_provider_hands_out_stays_with_the_server() {
    let (provider, hall) = show(Signs::Es256);
    let mut ann = hall.visitor();
    let sent = goes(&mut ann, "/sign-in/with/Example");
    let back = provider.signs_in(&sent, json!({}), Signs::Es256);
    let answer = ann.get(&back);
    let link = answer.headers["location"].to_str().unwrap().to_owned();
    let mut shown = format!("{:?}{}", answer.headers, answer.text);
    for answer in [
        ann.get(&link),
        ann.post(&link, &[("name", "Ann")]),
        ann.get("/me/"),
        ann.get("/me/export.json"),
    ] {
        shown.push_str(&format!("{:?}{}", answer.headers, answer.text));
    }
    let mut kept = std::fs::read(hall.root.join(".lorecast/community.db")).unwrap();
    kept.extend(std::fs::read(hall.root.join(".lorecast/community.db-wal")).unwrap_or_default());
    let told = provider.told();
    assert_eq!(told.len(), 2, "an access token and one that says who it is: {told:?}");
    for token in told {
        assert!(!shown.contains(&token), "{token} went to the browser");
        assert!(
            !kept.windows(token.len()).any(|bytes| bytes == token.as_bytes()),
            "{token} is kept"
        );
    }
    // Nor does it go to the provider again, or to anybody else.
    let with_token =
        |asked: &lorecast_testkit::web::Asked| asked.field("authorization").starts_with("Bearer");
    assert!(!provider.asked().iter().any(with_token));
}

/// Everything but the last two lines is refused.
#[test]
fn what_is_not_said_to_this_show_now_lets_nobody_in() {
    let (provider, hall) = show(Signs::Es256);
    joins(&mut hall.visitor(), &provider, json!({}), "Ann");
    let tells = |told, signs| comes_back(&mut hall.visitor(), &provider, told, signs);
    let now = jiff::Timestamp::now().as_second();
    let mut said = String::new();
    let mut line = |what: &str, status: String| said.push_str(&format!("{status} {what}\n"));
    for (what, told) in [
        ("for another client", json!({ "aud": "another" })),
        ("for others as well", json!({ "aud": ["the-show", "another"] })),
        ("for nobody", json!({ "aud": null })),
        ("another client's", json!({ "azp": "another" })),
        ("of another provider", json!({ "iss": "https://login.example" })),
        ("of nobody", json!({ "iss": null })),
        ("for another errand", json!({ "nonce": "another" })),
        ("for no errand", json!({ "nonce": null })),
        ("run out", json!({ "exp": now - 1 })),
        ("said long ago", json!({ "iat": now - 3600 })),
        ("said tomorrow", json!({ "iat": now + 86_400, "exp": now + 90_000 })),
        ("about nobody", json!({ "sub": null })),
        ("with another access token", json!({ "at_hash": "AAAAAAAAAAAAAAAAAAAAAA" })),
    ] {
        line(what, tells(told, Signs::Es256));
    }
    line("signed by somebody else", tells(json!({}), Signs::Forged));
    line("not signed", tells(json!({}), Signs::Nothing));
    line("signed with what two know", tells(json!({}), Signs::Secret));
    line("about somebody new", tells(json!({ "sub": "another" }), Signs::Es256));
    line("about Ann", tells(json!({}), Signs::Es256));
    assert_snapshot!(said, @r"
    403 for another client
    403 for others as well
    403 for nobody
    403 another client's
    403 of another provider
    403 of nobody
    403 for another errand
    403 for no errand
    403 run out
    403 said long ago
    403 said tomorrow
    403 about nobody
    403 with another access token
    403 signed by somebody else
    403 not signed
    403 signed with what two know
    303 /enter/… about somebody new
    303 / about Ann
    ");
}

#[test]
fn an_errand_is_done_once_by_the_browser_that_was_sent() {
    let (provider, hall) = show(Signs::Es256);
    joins(&mut hall.visitor(), &provider, json!({}), "Ann");
    let mut browser = hall.visitor();
    let sent = goes(&mut browser, "/sign-in/with/Example");
    let back = provider.signs_in_carelessly(&sent, json!({}));
    let kept = browser.others.clone();
    let tries = |others: &std::collections::BTreeMap<String, String>, page: &str| {
        let mut browser = hall.visitor();
        browser.others.clone_from(others);
        browser.get(page).status.as_u16()
    };
    let mut victim = hall.visitor();
    goes(&mut victim, "/sign-in/with/Example");
    assert_eq!(tries(&victim.others, &back), 403, "a link that somebody else was given");
    assert_eq!(tries(&Default::default(), &back), 403, "out of nowhere");
    assert_eq!(tries(&kept, &back.replace("state=", "state=0")), 403);
    assert_eq!(tries(&kept, &back.replace("code=", "code=0")), 403);
    assert_eq!(tries(&kept, &back.replace("iss=http", "iss=https")), 403, "another says so");
    assert_eq!(tries(&kept, &back), 303);
    // This provider takes the code once more; the show does not.
    let before = provider.asked().len();
    assert_eq!(tries(&kept, &back), 403, "once more");
    assert!(provider.asked().len() > before);
}

#[test]
fn what_one_provider_says_is_not_taken_from_another() {
    let (honest, evil) =
        (Provider::start(Signs::Es256, SECRET), Provider::start(Signs::Es256, SECRET));
    let hall = Hall::with(&[("Honest", &honest.issuer), ("Evil", &evil.issuer)]);
    let mut ann = hall.visitor();
    let sent = goes(&mut ann, "/sign-in/with/Honest");
    let back = honest.signs_in(&sent, json!({}), Signs::Es256);
    // The browser is led to where what the other one says is received.
    let led = back.replace("/Honest/", "/Evil/");
    assert_eq!(ann.get(&led).status, StatusCode::FORBIDDEN);
    assert!(evil.asked().is_empty(), "nothing was told to it");
    // Both know a `somebody`; these are two.
    let link = goes(&mut ann, &back);
    ann.sends(&link, &[("name", "Ann")]);
    let mut eve = hall.visitor();
    let sent = goes(&mut eve, "/sign-in/with/Evil");
    let link = goes(&mut eve, &evil.signs_in(&sent, json!({}), Signs::Es256));
    assert!(link.starts_with("/enter/"), "{link}");
    // Nor does it get in by saying that it is the other.
    let sent = goes(&mut eve, "/sign-in/with/Evil");
    let lie = evil.signs_in(&sent, json!({ "iss": honest.issuer }), Signs::Es256);
    assert_eq!(eve.get(&lie).status, StatusCode::FORBIDDEN);
}

#[test]
fn a_mail_address_counts_when_the_provider_has_seen_it() {
    let (provider, hall) = show(Signs::Es256);
    let told = |sub: &str, verified: Value| json!({ "sub": sub, "email": "Ann@host.example", "email_verified": verified });
    let mut unseen = hall.visitor();
    joins(&mut unseen, &provider, told("1", json!(false)), "Unseen");
    joins(&mut hall.visitor(), &provider, told("2", Value::Null), "Untold");
    assert!(!hall.community.look(|commons| commons.has_address("ann@host.example")));
    let mut ann = hall.visitor();
    joins(&mut ann, &provider, told("3", json!(true)), "Ann");
    assert!(ann.says("/me/").contains("ann@host.example"));
    // Whose account has the address is not let in by another who is said to have it as well, nor is a second one opened.
    let mut eve = hall.visitor();
    assert_eq!(comes_back(&mut eve, &provider, told("4", json!(true)), Signs::Es256), "409");
    assert!(eve.says("/me/").starts_with("401\n"));
}

#[test]
fn an_account_is_tied_by_who_is_signed_in() {
    let (provider, hall) = show(Signs::Es256);
    let (mut ann, mut eve) = (hall.joins("Ann", Role::Owner), hall.joins("Eve", Role::Reader));
    let sent = goes(&mut ann, "/me/with/Example");
    let back = provider.signs_in(&sent, json!({}), Signs::Es256);
    // Somebody else at the same browser, and nobody.
    eve.others.clone_from(&ann.others);
    assert_eq!(eve.get(&back).status, StatusCode::FORBIDDEN);
    let mut nobody = hall.visitor();
    nobody.others.clone_from(&ann.others);
    assert_eq!(nobody.get(&back).status, StatusCode::FORBIDDEN);
    assert_eq!(goes(&mut ann, &back), "/me/?changed=ways");
    assert!(ann.says("/me/").contains("Example\nprovider"));
    assert_eq!(comes_back(&mut hall.visitor(), &provider, json!({}), Signs::Es256), "303 /");
    // It is Ann's now.
    let sent = goes(&mut eve, "/me/with/Example");
    let back = provider.signs_in(&sent, json!({}), Signs::Es256);
    assert_snapshot!(eve.says(&back), @r"
    409
    This cannot be done
    This was added already.
    The first page
    ");
    // The only way in stays; beside another one it goes.
    let tie = hall.community.look(|commons| {
        let ann = commons.accounts().next().unwrap().0;
        commons.ties_of(ann).next().unwrap().0
    });
    let drop = format!("/me/providers/{tie}/drop");
    assert_eq!(eve.post(&drop, &[]).status, StatusCode::NOT_FOUND);
    assert_eq!(ann.post(&drop, &[]).status, StatusCode::CONFLICT);
    let sent = goes(&mut ann, "/me/with/Example");
    ann.get(&provider.signs_in(&sent, json!({ "sub": "as well" }), Signs::Es256));
    assert_eq!(ann.post(&drop, &[]).status, StatusCode::SEE_OTHER);
    let again = comes_back(&mut hall.visitor(), &provider, json!({}), Signs::Es256);
    assert_eq!(again, "303 /enter/…", "somebody new from now on");
}

#[test]
fn nobody_is_sent_by_a_link_elsewhere() {
    let (provider, hall) = show(Signs::Es256);
    let mut ann = hall.joins("Ann", Role::Reader);
    for elsewhere in ["cross-site", "same-site", "none", ""] {
        ann.sent_from = elsewhere;
        assert_eq!(goes(&mut ann, "/sign-in/with/Example"), "/sign-in");
        assert_eq!(goes(&mut ann, "/me/with/Example"), "/me/");
    }
    assert!(provider.asked().is_empty());
    ann.sent_from = "same-origin";
    assert_eq!(ann.get("/sign-in/with/Nobody").status, StatusCode::NOT_FOUND);
    // Somebody thinks better of it.
    goes(&mut ann, "/sign-in/with/Example");
    assert_snapshot!(ann.says("/sign-in/with/Example/back?error=access_denied"), @r"
    200
    Sign in
    A link goes to your mail address. There is no password.
    You were sent back without a word of who you are. Try again, or take another way.
    Your mail address
    Send me a link
    Sign in with a passkey
    Sign in with Example
    ");
}

#[test]
fn a_provider_is_who_it_says() {
    let provider = Provider::start(Signs::Es256, SECRET);
    // It calls itself something else: without the stroke.
    let hall = Hall::with(&[("Example", &format!("{}/", provider.issuer))]);
    let answer = hall.visitor().get("/sign-in/with/Example");
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    let provider = Provider::start(Signs::Es256, SECRET);
    let hall = Hall::with(&[("Example", &provider.issuer)]);
    let tells = |told| comes_back(&mut hall.visitor(), &provider, told, Signs::Es256);
    assert_eq!(tells(json!({ "iss": "https://login.example" })), "403");
    assert_eq!(tells(json!({})), "303 /enter/…");
}

#[test]
fn a_provider_is_not_followed_elsewhere() {
    let elsewhere = Provider::start(Signs::Es256, SECRET);
    let place = format!("Location: {}/.well-known/openid-configuration", elsewhere.issuer);
    let leads = Web::start(move |_, out| answer(out, "302 Found", &[&place], b""));
    let hall = Hall::with(&[("Example", leads.url.trim_end_matches('/'))]);
    let answer = hall.visitor().get("/sign-in/with/Example");
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!((leads.asked().len(), elsewhere.asked()), (1, vec![]));
}

#[test]
fn a_provider_leads_to_no_private_address() {
    for private in ["https://127.0.0.2/keys", "https://10.0.0.1/keys", "http://login.example/keys"]
    {
        let provider = Provider::with_keys_at(private, SECRET);
        let hall = Hall::with(&[("Example", &provider.issuer)]);
        let answer = hall.visitor().get("/sign-in/with/Example");
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{private}");
    }
    // One that is not there.
    let hall = Hall::with(&[("Example", "http://127.0.0.1:9")]);
    assert_snapshot!(hall.visitor().says("/sign-in/with/Example"), @r"
    503
    No answer
    Who should say who you are does not answer as it should. Try again later, or take another way.
    Sign in
    The first page
    ");
}

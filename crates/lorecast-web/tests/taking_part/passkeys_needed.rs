//! A show whose editors, or owners, need a passkey.

use axum::http::{Method, StatusCode};
use insta::assert_snapshot;
use jiff::Timestamp;
use lorecast_community::Role;
use lorecast_desk::{Desk, Silent};
use lorecast_testkit::passkey::Device;
use lorecast_web::{Ending, Serving};
use serde_json::{Value, json};

use crate::hall::{Browser, Hall};
use crate::passkeys::{adds, enters};
use crate::programs::ask;
use crate::refused::{ALL, a_filler};

/// A show where a passkey is needed from a role on.
fn needing(role: &str) -> Hall {
    let hall = Hall::new();
    let yaml = hall.read("show.yaml");
    let said = yaml.replace("community:\n", &format!("community:\n  passkeys: {role}\n"));
    assert_ne!(said, yaml);
    hall.write("show.yaml", &said);
    hall.another()
}

/// Somebody who was invited and has signed in anew with a passkey.
fn comes_with_passkey<'a>(hall: &'a Hall, name: &str, role: Role) -> (Browser<'a>, Device) {
    let mut browser = hall.joins(name, role);
    let device = adds(&mut browser, "a stick");
    assert_eq!(enters(&mut browser, |options| device.signs(options)), 303);
    browser.get("/me/");
    (browser, device)
}

/// How somebody came.
enum Way {
    Link,
    Passkey,
}

/// What becomes of a form when somebody sends it who has come in a way.
fn sends(
    hall: &Hall,
    (path, fields): (&str, &[(&str, &str)]),
    role: Role,
    way: Way,
) -> (u16, String) {
    let mut ann = hall.joins("Ann", Role::Contributor);
    ann.post("/stories/1@x/propose", &[("text", "a"), ("base", "b")]);
    let number = hall.community.look(|commons| commons.proposals().next().unwrap().0);
    let filler = a_filler(hall);
    hall.joins("Olga", Role::Owner);
    let path = path.replace('N', &number.to_string()).replace('F', &filler.to_string());
    let mut browser = match way {
        Way::Link => hall.joins("Somebody", role),
        Way::Passkey => comes_with_passkey(hall, "Somebody", role).0,
    };
    let answer = browser.post(&path, fields);
    (answer.status.as_u16(), answer.words())
}

/// Of a contributor, and of an editor where nobody needs a passkey; of both by a link where editors need one, and of an editor
/// with one.
#[test]
fn what_editors_do_needs_a_passkey_and_nothing_else_does() {
    let mut deeds = 0;
    for (path, fields) in ALL.iter().copied() {
        let form = (path, fields);
        let contributor = sends(&Hall::new(), form, Role::Contributor, Way::Link).0;
        let editor = sends(&Hall::new(), form, Role::Editor, Way::Link).0;
        let hall = needing("editor");
        assert_eq!(sends(&hall, form, Role::Contributor, Way::Link).0, contributor, "{path}");
        let (status, words) = sends(&needing("editor"), form, Role::Editor, Way::Link);
        if (contributor, editor) == (403, 403) || contributor == editor {
            assert_eq!(status, editor, "{path}");
            continue;
        }
        deeds += 1;
        assert_eq!(status, 403, "{path}");
        assert!(words.contains("Your role here needs a passkey: add one on /me/"), "{words}");
        assert_eq!(sends(&needing("editor"), form, Role::Editor, Way::Passkey).0, editor, "{path}");
    }
    assert_eq!(deeds, 23);
}

#[test]
fn what_editors_read_needs_a_passkey_and_it_is_told_how_to_get_one() {
    let hall = needing("editor");
    let (mut ed, mut ann) = (hall.joins("Ed", Role::Editor), hall.joins("Ann", Role::Contributor));
    let (mut eva, _) = comes_with_passkey(&hall, "Eva", Role::Editor);
    for page in [
        "/accounts/",
        "/reports/",
        "/produce/2026-03-01/",
        "/produce/2026-03-01/notes",
        "/produce/2026-03-01/script",
        "/produce/2026-03-01/sound",
    ] {
        assert_eq!(ed.get(page).status, StatusCode::FORBIDDEN, "{page}");
        assert_eq!(eva.get(page).status, StatusCode::OK, "{page}");
    }
    assert_snapshot!(ed.says("/accounts/"), @r"
    403
    This cannot be done
    Your role here needs a passkey: add one on /me/ and sign in with it.
    Sign in
    The first page
    ");
    let says = |browser: &mut Browser<'_>| browser.says("/me/").contains("needs a passkey");
    assert_eq!((says(&mut ed), says(&mut ann), says(&mut eva)), (true, false, false));
    // It is added in a session that a link began, and counts from the next one on.
    let device = adds(&mut ed, "a stick");
    assert_eq!(ed.get("/reports/").status, StatusCode::FORBIDDEN);
    assert!(ed.says("/me/").contains("Sign in with it"));
    assert_eq!(enters(&mut ed, |options| device.signs(options)), 303);
    assert_eq!(ed.get("/reports/").status, StatusCode::OK);
}

/// A key for programs that somebody makes in a session.
fn key(browser: &mut Browser<'_>) -> String {
    let fields = [("title", "a program"), ("scope", "edit"), ("days", "10")];
    let page = browser.post("/me/tokens", &fields).text;
    page.split_once("<code class=\"key\">").unwrap().1.split('<').next().unwrap().to_owned()
}

#[test]
fn a_key_reaches_as_far_as_the_session_that_made_it() {
    let hall = needing("editor");
    let mut ann = hall.joins("Ann", Role::Contributor);
    ann.post("/stories/1@x/propose", &[("text", "a"), ("base", "b")]);
    let number = hall.community.look(|commons| commons.proposals().next().unwrap().0);
    let by_link = key(&mut hall.joins("Ed", Role::Editor));
    let with = key(&mut comes_with_passkey(&hall, "Eva", Role::Editor).0);
    let refused = "403 Your role here needs a passkey: add one on /me/ and sign in with it.";
    let who = hall.community.look(|commons| commons.accounts().next().unwrap().0);
    let why = "because";
    let (episode, story) = ("2026-03-01", "1@x");
    for deed in [
        json!({"deed": "hide", "what": number, "why": why}),
        json!({"deed": "unhide", "what": number, "why": why}),
        json!({"deed": "ban", "who": who, "why": why}),
        json!({"deed": "unban", "who": who, "why": why}),
        json!({"deed": "sound", "episode": episode, "step": "unschedule"}),
        json!({"deed": "decline", "proposal": number, "why": why}),
    ] {
        assert_eq!(ask(&hall, Method::POST, "deeds", &by_link, &deed).0, refused, "{deed}");
        assert_eq!(ask(&hall, Method::POST, "deeds", &with, &deed).0, "200", "{deed}");
    }
    for page in ["", "/notes", "/sound"] {
        let page = format!("episodes/{episode}{page}");
        assert_eq!(ask(&hall, Method::GET, &page, &by_link, &Value::Null).0, refused, "{page}");
        assert_eq!(ask(&hall, Method::GET, &page, &with, &Value::Null).0, "200", "{page}");
    }
    let text = json!({"base": "a", "text": "b"});
    let notes = format!("episodes/{episode}/notes");
    assert_eq!(ask(&hall, Method::POST, &notes, &by_link, &text).0, refused);
    let pin = json!({"deed": "arrange", "episode": episode, "story": story, "to": "pin"});
    assert_eq!(ask(&hall, Method::POST, "deeds", &by_link, &pin).0, refused);
    let vote = json!({"deed": "vote", "story": story, "ballot": "for"});
    assert_eq!(ask(&hall, Method::POST, "deeds", &by_link, &vote).0, "200");
}

#[test]
fn an_owner_without_a_passkey_does_what_editors_may_where_owners_need_one() {
    let hall = needing("owner");
    hall.joins("Ann", Role::Contributor);
    let mut olga = hall.joins("Olga", Role::Owner);
    assert_eq!(olga.get("/reports/").status, StatusCode::OK);
    let ann = hall.community.look(|commons| commons.accounts().next().unwrap().0);
    let grant = format!("/accounts/{ann}/role");
    let role = [("role", "editor")];
    assert_eq!(olga.post(&grant, &role).status, StatusCode::FORBIDDEN);
    let (mut other, _) = comes_with_passkey(&hall, "Otto", Role::Owner);
    assert_eq!(other.post(&grant, &role).status, StatusCode::SEE_OTHER);
    let accounts = other.says("/accounts/");
    assert_eq!(accounts.matches("no passkey yet").count(), 1, "{accounts}");
}

/// A mailbox alone gets no new passkey where there is one: an owner, or for an owner the operator, has to know who it is.
#[test]
fn a_lost_passkey_is_replaced_by_who_is_known_to_an_owner_or_the_operator() {
    let hall = needing("editor");
    let (mut olga, _) = comes_with_passkey(&hall, "Olga", Role::Owner);
    let mut ed = hall.joins("Ed", Role::Editor);
    adds(&mut ed, "lost");
    let (who, lost) = hall.community.look(|commons| {
        let who = commons.accounts().last().unwrap().0;
        (who, commons.passkeys_of(who).next().unwrap().0)
    });
    let refused = "Your role here needs a passkey, and you have one: sign in with it first; if it is lost, ask an owner of the show.";
    for page in ["/me/passkeys/ask".to_owned(), format!("/me/passkeys/{lost}/drop")] {
        let answer = ed.post(&page, &[]);
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{page}");
        assert!(answer.words().contains(refused), "{}", answer.words());
    }
    let grant = format!("/accounts/{who}/role");
    olga.post(&grant, &[("role", "contributor")]);
    let device = adds(&mut ed, "a new one");
    assert_eq!(ed.post(&format!("/me/passkeys/{lost}/drop"), &[]).status, StatusCode::SEE_OTHER);
    olga.post(&grant, &[("role", "editor")]);
    assert_eq!(ed.get("/reports/").status, StatusCode::FORBIDDEN);
    assert_eq!(enters(&mut ed, |options| device.signs(options)), 303);
    assert_eq!(ed.get("/reports/").status, StatusCode::OK);
    // The operator's link lets the owner add one, and do nothing else that needs it.
    let link = hall.community.owners_link(Timestamp::now()).unwrap();
    let mut again = hall.visitor();
    again.post(&format!("/enter/{}", link.text()), &[]);
    assert_eq!(again.get("/accounts/").status, StatusCode::FORBIDDEN);
    again.get("/me/");
    let device = adds(&mut again, "another");
    assert_eq!(again.get("/accounts/").status, StatusCode::FORBIDDEN);
    assert_eq!(enters(&mut again, |options| device.signs(options)), 303);
    assert_eq!(again.get("/accounts/").status, StatusCode::OK);
}

#[test]
fn a_show_that_needs_passkeys_is_not_served_where_browsers_know_none() {
    let hall = needing("editor");
    let community = Desk::open(&hall.root, &Silent).unwrap().community().unwrap();
    let (url, site) = ("http://192.0.2.1:8700".to_owned(), hall.root.join("public"));
    let (_end, ending) = Ending::new();
    let serving = Serving { site, site_at: None, root: hall.root.clone(), url, community, ending };
    assert_snapshot!(lorecast_web::router(serving).unwrap_err(), @"`show.yaml` wants passkeys (`community: passkeys:`), and browsers know none at http://192.0.2.1:8700: name an address with a host name and `https://` with `--url`, or leave the key out");
}

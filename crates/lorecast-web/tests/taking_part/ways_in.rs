//! Signing in and out, one's own account, and inviting others.

use axum::http::StatusCode;
use insta::assert_snapshot;
use jiff::Timestamp;
use lorecast_community::Role;

use crate::hall::{Hall, unnumbered};

#[test]
fn a_link_is_looked_at_without_being_used() {
    let hall = Hall::new();
    let mut ann = hall.visitor();
    assert_snapshot!(ann.sends("/sign-in", &[("email", "nobody")]), @r"
    200
    Sign in
    A link goes to your mail address. There is no password.
    This is no mail address; write one such as name@host.example.
    Your mail address
    Send me a link
    Sign in with a passkey
    ");
    assert_snapshot!(unnumbered(&ann.sends("/sign-in", &[("email", "Ann@host.example")])), @r"
    303 /sign-in?sent=link
    Sign in
    A mail is on its way. The link in it lets you in. It works once, for ten minutes.
    In another browser, or on another device, it asks for this number: NNNN
    ");
    let mail = hall.read("sent");
    let link =
        mail.split_once("https://mail.example").unwrap().1.split('\n').next().unwrap().to_owned();
    // What looks at links in mails does not use them up.
    ann.get(&link);
    ann.get(&link);
    assert_snapshot!(ann.sends(&link, &[("name", "a\u{202e}b")]), @r"
    200
    Sign in
    Welcome. What should we call you?
    U+202E does not belong here; leave it out.
    Your name, as the episode credits it; everybody sees it
    Sign in
    ");
    assert!(ann.sends(&link, &[("name", "Ann")]).starts_with("303 /\n"));
    assert!(ann.get("/me/").text.contains("<bdi>Ann</bdi>"));
    assert_snapshot!(hall.visitor().says(&link), @r"
    404
    This cannot be done
    This link was used already or has run out; ask for a new one.
    The first page
    ");
    assert!(ann.sends("/sign-out", &[]).starts_with("303 /\n"));
    assert!(ann.says("/me/").starts_with("401\n"));
}

#[test]
fn the_cookie_is_for_this_host_and_no_script() {
    let hall = Hall::new();
    let key = hall.community.owners_link(Timestamp::now()).unwrap();
    let entered = hall.visitor().post(&format!("/enter/{}", key.text()), &[("name", "Olga")]);
    let cookie = entered.headers["set-cookie"].to_str().unwrap();
    let (pair, flags) = cookie.split_once(';').unwrap();
    assert_eq!(pair.len(), "__Host-lorecast=".len() + 43);
    assert_snapshot!(flags, @" Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=2592000");
}

#[test]
fn the_owner_has_one_account_however_often_a_link_is_made() {
    let hall = Hall::new();
    for name in ["Olga", ""] {
        let key = hall.community.owners_link(Timestamp::now()).unwrap();
        let entered = hall.visitor().post(&format!("/enter/{}", key.text()), &[("name", name)]);
        assert_eq!(entered.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(hall.community.look(|commons| commons.accounts().count()), 1);
}

#[test]
fn an_account_can_be_renamed_exported_and_deleted() {
    let hall = Hall::new();
    let (mut ann, _bob) =
        (hall.joins("Ann", Role::Contributor), hall.joins("Bob", Role::Contributor));
    ann.post("/stories/1@x/vote", &[("ballot", "for")]);
    assert!(
        ann.sends("/me/name", &[("name", "BOB")])
            .contains("Somebody else is called so, or it looks so")
    );
    assert!(ann.sends("/me/name", &[("name", "Ann B. Tester")]).contains("303 /me/"));
    let export = ann.get("/me/export.json");
    assert_eq!(export.headers["content-type"], "application/json");
    let json: serde_json::Value = serde_json::from_str(&export.text).unwrap();
    let deeds: Vec<&str> = json["deeds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|deed| deed["deed"].as_str().unwrap())
        .collect();
    assert_eq!(deeds, ["enter", "vote", "rename"]);
    assert!(ann.sends("/me/erase", &[]).contains("Tick the box"));
    assert!(ann.sends("/me/erase", &[("sure", "yes")]).starts_with("303 /\n"));
    assert!(ann.says("/me/").starts_with("401\n"));
    assert!(
        hall.community.look(|commons| commons
            .talk(&lorecast_model::MessageId::new("1@x").unwrap())
            .is_none())
    );
}

#[test]
fn an_owner_invites_and_says_who_is_what() {
    let hall = Hall::new();
    let mut olga = hall.joins("Olga", Role::Owner);
    let page = olga.sends("/accounts/invite", &[("role", "editor")]);
    let link = page.split_once("https://mail.example").unwrap().1.split('\n').next().unwrap();
    let mut ed = hall.visitor();
    assert_snapshot!(ed.says(link), @r"
    200
    Sign in
    Welcome, editor. What should we call you?
    Your name, as the episode credits it; everybody sees it
    Sign in
    ");
    ed.sends(link, &[("name", "Ed")]);
    assert!(ed.says("/accounts/").contains("Ed (you)"));
    let id = hall
        .community
        .look(|commons| commons.accounts().find(|(_, a)| a.name.as_str() == "Ed").unwrap().0);
    assert!(
        olga.sends(&format!("/accounts/{id}/role"), &[("role", "reader")])
            .starts_with("303 /accounts/\n")
    );
    assert!(ed.says("/accounts/").starts_with("403\n"));
    assert!(hall.visitor().says("/log").contains("Olga made Ed reader"));
    assert!(
        olga.sends(&format!("/accounts/{id}/ban"), &[("why", "He asked for it.")])
            .contains("shut out: He asked for it.")
    );
    assert!(ed.says("/me/").starts_with("401\n"));
}

#[test]
fn signing_in_ends_the_session_before() {
    let hall = Hall::new();
    let mut ann = hall.joins("Ann", Role::Contributor);
    let before = ann.cookie.clone();
    let key = hall.community.owners_link(Timestamp::now()).unwrap();
    ann.post(&format!("/enter/{}", key.text()), &[("name", "Olga")]);
    assert_ne!(ann.cookie, before);
    ann.cookie = before;
    assert!(ann.says("/me/").starts_with("401\n"));
}

#[test]
fn signing_out_clears_the_browser() {
    let hall = Hall::new();
    let ends = [
        ("/sign-out", ("", "")),
        ("/me/sessions/end", ("here", "too")),
        ("/me/erase", ("sure", "yes")),
    ];
    for (page, field) in ends {
        let mut ann = hall.joins(&page.replace('/', " "), Role::Contributor);
        let answer = ann.post(page, &[field]);
        assert_eq!(answer.headers["clear-site-data"], "\"cache\", \"storage\"", "{page}");
        assert_eq!(ann.cookie, "__Host-lorecast=", "{page}");
    }
}

#[test]
fn what_is_secret_is_kept_by_no_cache() {
    let hall = Hall::new();
    let mut olga = hall.joins("Olga", Role::Owner);
    let cache =
        |answer: crate::hall::Answer| answer.headers["cache-control"].to_str().unwrap().to_owned();
    for path in ["/me/", "/me/export.json", "/accounts/", "/enter/x", "/sign-in?sent=link"] {
        assert_eq!(cache(olga.get(path)), "no-store", "{path}");
    }
    for path in ["/week/", "/stories/1@x/", "/nothing", "/reports/"] {
        assert_eq!(cache(olga.get(path)), "private, no-cache", "{path}");
        assert_eq!(cache(hall.visitor().get(path)), "no-cache", "{path}");
    }
    let answer = hall.visitor().get("/week/");
    assert_eq!(answer.headers["strict-transport-security"], "max-age=31536000");
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
}

#[test]
fn addresses_are_seen_by_owners_alone() {
    let hall = Hall::new();
    let mut ann = hall.visitor();
    ann.sends("/sign-in", &[("email", "ann@host.example")]);
    let link = hall
        .read("sent")
        .split_once("https://mail.example")
        .unwrap()
        .1
        .split('\n')
        .next()
        .unwrap()
        .to_owned();
    ann.sends(&link, &[("name", "Ann")]);
    assert!(ann.says("/me/").contains("ann@host.example"));
    let sees = |role| {
        hall.joins(Role::word(role), role).get("/accounts/").text.contains("ann@host.example")
    };
    assert_eq!((sees(Role::Editor), sees(Role::Owner)), (false, true));
}

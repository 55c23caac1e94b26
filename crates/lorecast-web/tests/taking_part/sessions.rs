//! Where an account is signed in, and the end of it.

use insta::assert_snapshot;
use lorecast_community::Role;

use crate::hall::{Browser, Hall};

/// Somebody signed in by mail.
fn by_mail<'a>(hall: &'a Hall, name: &str) -> Browser<'a> {
    let mut browser = hall.visitor();
    browser.post("/sign-in", &[("email", "ann@host.example")]);
    let mail = hall.read("sent");
    let link = mail.split_once("https://mail.example").unwrap().1.split('\n').next().unwrap();
    browser.post(link, &[("name", name)]);
    browser.get("/me/");
    browser
}

fn is_in(browser: &mut Browser<'_>) -> bool {
    browser.get("/me/").status.is_success()
}

#[test]
fn sessions_are_seen_and_ended_one_by_one_and_together() {
    let hall = Hall::new();
    let (mut here, mut there) = (by_mail(&hall, "Ann"), by_mail(&hall, ""));
    let mut third = by_mail(&hall, "");
    let page = here.get("/me/");
    let words = page.words();
    assert_eq!(words.matches("With a link").count(), 3);
    assert_eq!(words.matches("(this browser)").count(), 1);
    let end = page.text.match_indices("/me/sessions/").map(|(at, _)| &page.text[at..]);
    let end = end.filter_map(|text| text.split('"').next()).next().unwrap().to_owned();
    assert!(here.sends(&end, &[]).starts_with("303 /me/"));
    assert_eq!((is_in(&mut here), is_in(&mut there), is_in(&mut third)), (true, false, true));
    assert!(here.sends("/me/sessions/end", &[]).starts_with("303 /me/"));
    assert_eq!((is_in(&mut here), is_in(&mut third)), (true, false));
    let mut again = by_mail(&hall, "");
    assert!(here.sends("/me/sessions/end", &[("here", "too")]).starts_with("303 /\n"));
    assert_eq!((is_in(&mut here), is_in(&mut again)), (false, false));
}

#[test]
fn who_signed_in_at_another_server_a_moment_ago_is_known() {
    let hall = Hall::new();
    let other = hall.another();
    let here = hall.joins("Ann", Role::Reader);
    let mut there = other.visitor();
    there.cookie.clone_from(&here.cookie);
    assert!(is_in(&mut there));
    "__Host-lorecast=nobody".clone_into(&mut there.cookie);
    assert!(!is_in(&mut there));
}

#[test]
fn a_session_of_somebody_else_is_left_alone() {
    let hall = Hall::new();
    let (mut ann, mut eve) = (by_mail(&hall, "Ann"), hall.joins("Eve", Role::Editor));
    let (account, session) = hall.community.look(|commons| {
        let ann = commons.accounts().find(|(_, account)| account.name.as_str() == "Ann").unwrap().0;
        (ann, commons.sessions_of(ann, jiff::Timestamp::now())[0].entry)
    });
    assert_snapshot!(eve.sends(&format!("/me/sessions/{session}/end"), &[]), @r"
    404
    This cannot be done
    There is no session 2.
    The first page
    ");
    assert_eq!(eve.post(&format!("/accounts/{account}/sign-out"), &[]).status, 403);
    assert!(is_in(&mut ann));
    // Somebody lost a device, and tells an owner.
    let mut olga = hall.joins("Olga", Role::Owner);
    assert_eq!(olga.post(&format!("/accounts/{account}/sign-out"), &[]).status, 303);
    assert_eq!((is_in(&mut ann), is_in(&mut olga)), (false, true));
}

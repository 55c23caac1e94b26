//! Where an account is signed in, and the end of it.

use insta::assert_snapshot;
use jiff::{SignedDuration, Timestamp};
use lorecast_community::{By, Name, Role};
use lorecast_desk::new_key;
use lorecast_testkit::mailbox::mail;

use crate::hall::{Browser, Hall, runtime};

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
fn a_session_that_nobody_used_for_two_weeks_is_over() {
    let hall = Hall::new();
    let ago = |days: i64| Timestamp::now() - SignedDuration::from_hours(24 * days);
    // An account that was opened so many days ago.
    let came = |name: &str, days: i64| {
        let link = hall.community.invitation(By::Show, Role::Reader, ago(days)).unwrap();
        let (session, name) = (new_key().unwrap(), Some(Name::parse(name).unwrap()));
        let entered = hall.community.enter(&link, &session, name, None, ago(days));
        let account = runtime().block_on(entered).unwrap().account.unwrap();
        let mut browser = hall.visitor();
        browser.cookie = format!("__Host-lorecast={}", session.text());
        (browser, account)
    };
    let used = |account| {
        runtime().block_on(hall.community.catches_up());
        hall.community.look(|commons| {
            commons.sessions_of(account, ago(0)).first().map(|session| session.used)
        })
    };
    let (mut idle, _) = came("Idle", 14);
    assert!(!is_in(&mut idle));
    let (mut busy, account) = came("Busy", 13);
    assert!(used(account) < Some(ago(12)));
    assert!(is_in(&mut busy) && used(account) > Some(ago(1)), "it was noted");
    let entries = hall.community.look(|commons| commons.last());
    assert!(is_in(&mut busy) && used(account).is_some());
    assert_eq!(hall.community.look(|commons| commons.last()), entries, "once a day");
}

#[test]
fn every_page_leads_to_where_one_signs_out() {
    let hall = Hall::new();
    hall.ingest(&[mail("1@x")]);
    let mut olga = hall.joins("Olga", Role::Owner);
    olga.post("/stories/1@x/propose", &[("text", "a"), ("base", "b")]);
    let proposal = hall.community.look(|commons| commons.proposals().next().unwrap().0);
    for page in [
        "/",
        "/latest",
        "/search?q=one",
        "/1@x/",
        "/1@x/t/",
        "/people/",
        "/stories/1@x/",
        "/suggest",
        "/log",
        "/reports/",
        "/accounts/",
        "/me/",
        "/me/page",
        "/me/following",
        "/produce/2026-03-01/",
        "/produce/2026-03-01/notes",
        "/produce/2026-03-01/script",
        "/produce/2026-03-01/sound",
        "/nothing/here/at/all",
        &format!("/proposals/{proposal}/"),
    ] {
        let text = olga.get(page).text;
        let account = text
            .split_once("aria-label=\"Account\">")
            .unwrap_or_else(|| panic!("{page}: {text}"))
            .1;
        assert!(account.starts_with("<a href=\"/me/\"><bdi>Olga</bdi></a>"), "{page}");
    }
    let own = olga.get("/me/").text;
    let first = own.split_once("<main").unwrap().1.split_once("<form ").unwrap().1;
    assert!(first.starts_with("method=\"post\" action=\"/sign-out\">"), "before anything else");
    assert!(olga.sends("/sign-out", &[]).starts_with("303 /\n") && !is_in(&mut olga));
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
    There is no session 3.
    The first page
    ");
    assert_eq!(eve.post(&format!("/accounts/{account}/sign-out"), &[]).status, 403);
    assert!(is_in(&mut ann));
    // Somebody lost a device, and tells an owner.
    let mut olga = hall.joins("Olga", Role::Owner);
    assert_eq!(olga.post(&format!("/accounts/{account}/sign-out"), &[]).status, 303);
    assert_eq!((is_in(&mut ann), is_in(&mut olga)), (false, true));
}

//! Which browser a link by mail lets in, and until when.

use insta::assert_snapshot;
use lorecast_community::{By, Commons, Deed, Door, Entry, Name, Over, Role, ShortNumber};

use crate::hall::{Hall, asked, key, propose};

/// A link that one browser asked for, which shows `0427`.
fn asks(hall: &mut Hall, link: &str, email: &str, then: Option<Deed>) {
    let (email, role, asked) = (email.to_owned(), Role::Contributor, Some(asked("desk", "0427")));
    let (door, until) = (Door::Mail { email, role, asked }, hall.hours(1));
    let then = then.map(Box::new);
    hall.does(By::Visitor, Deed::Link { key: key(link).digest(), door, until, then }).unwrap();
}

fn enters(hall: &mut Hall, link: &str, browser: Option<&str>) -> String {
    let (session, until) = (key(link).digest_for("session"), hall.hours(24));
    let (name, browser) = (Name::parse("Ann").ok(), browser.map(|browser| key(browser).digest()));
    let link = key(link).digest();
    hall.tries(By::Visitor, Deed::Enter { link, session, until, name, browser })
}

fn gives(hall: &mut Hall, link: &str, browser: &str, number: &str) -> String {
    let (link, browser) = (key(link).digest(), key(browser).digest());
    let number = ShortNumber::parse(number).unwrap();
    hall.tries(By::Visitor, Deed::GiveNumber { link, number, browser })
}

#[test]
fn a_link_is_for_the_browser_that_asked_and_for_one_with_its_number() {
    let mut hall = Hall::new();
    asks(&mut hall, "1", "ann@host.example", None);
    for browser in [None, Some("phone")] {
        let said = "this link was asked for in another browser; open it again, and give the number that the other one shows";
        assert_eq!(enters(&mut hall, "1", browser), said);
    }
    assert_snapshot!(gives(&mut hall, "1", "phone", "0428"), @"done");
    assert!(enters(&mut hall, "1", Some("phone")).contains("another browser"), "a wrong number");
    assert_snapshot!(gives(&mut hall, "1", "phone", "0427"), @"done");
    assert!(enters(&mut hall, "1", Some("thief")).contains("another browser"), "nor for a third");
    assert_snapshot!(enters(&mut hall, "1", Some("phone")), @"done");
    assert_snapshot!(gives(&mut hall, "1", "phone", "0427"), @"this link was used already or has run out; ask for a new one");
    asks(&mut hall, "2", "ann@host.example", None);
    assert_snapshot!(enters(&mut hall, "2", Some("desk")), @"done");
}

#[test]
fn the_third_number_ends_a_link_when_it_is_wrong() {
    let mut hall = Hall::new();
    asks(&mut hall, "1", "ann@host.example", None);
    for left in [2, 1, 0] {
        assert_eq!(gives(&mut hall, "1", "thief", "1111"), "done");
        assert_eq!(hall.commons.numbers_left(&key("1").digest()), left);
    }
    assert_eq!(hall.commons.over(&key("1").digest(), hall.now), Some(Over::WrongNumbers));
    for browser in ["desk", "thief"] {
        let said = "this link was used already or has run out; ask for a new one";
        assert_eq!(enters(&mut hall, "1", Some(browser)), said);
    }
    assert_snapshot!(gives(&mut hall, "1", "phone", "0427"), @"this link was used already or has run out; ask for a new one");
    // Whoever reads the journal again knows of the three.
    let mut again = Commons::default();
    hall.entries.iter().for_each(|entry| again.apply(entry));
    assert_eq!(again, hall.commons);
    // The link is forgotten with the others that nobody used.
    hall.passes(2);
    assert_eq!(hall.commons.unused_links(hall.now).len(), 1);
}

#[test]
fn of_the_links_that_are_for_the_same_the_last_works() {
    let mut hall = Hall::new();
    let over = |hall: &Hall, link: &str| hall.commons.over(&key(link).digest(), hall.now);
    asks(&mut hall, "1", "ann@host.example", None);
    asks(&mut hall, "text", "ann@host.example", Some(propose("a@x", "Words.")));
    asks(&mut hall, "other text", "ann@host.example", Some(propose("b@x", "Words.")));
    asks(&mut hall, "bob", "bob@host.example", None);
    for link in ["1", "text", "other text", "bob"] {
        assert_eq!(over(&hall, link), None, "{link}");
    }
    asks(&mut hall, "2", "ann@host.example", None);
    asks(&mut hall, "better text", "ann@host.example", Some(propose("a@x", "Better words.")));
    assert_eq!((over(&hall, "1"), over(&hall, "2")), (Some(Over::Replaced), None));
    assert_eq!((over(&hall, "text"), over(&hall, "better text")), (Some(Over::Replaced), None));
    assert_eq!((over(&hall, "other text"), over(&hall, "bob")), (None, None));
    assert_snapshot!(enters(&mut hall, "1", Some("desk")), @"this link was used already or has run out; ask for a new one");
    assert_snapshot!(enters(&mut hall, "2", Some("desk")), @"done");
}

#[test]
fn what_a_link_was_for_is_known_for_an_hour_more() {
    let mut hall = Hall::new();
    let offered = propose("a@x", "Words.");
    asks(&mut hall, "1", "ann@host.example", Some(offered.clone()));
    let known = |hall: &Hall| {
        let address = hall.commons.addressee(&key("1").digest(), hall.now).map(str::to_owned);
        (hall.commons.over(&key("1").digest(), hall.now), address)
    };
    hall.passes(1);
    assert_eq!(known(&hall), (Some(Over::RanOut), Some("ann@host.example".to_owned())));
    assert_eq!(hall.commons.wish(&key("1").digest()), Some(&offered));
    hall.passes(1);
    assert_eq!(known(&hall), (None, None));
}

#[test]
fn a_link_from_before_browsers_were_known_works_in_any() {
    let mut hall = Hall::new();
    let (digest, at) = (serde_json::to_string(&key("1").digest()).unwrap(), hall.now);
    let line = format!(
        r#"{{"id":1,"at":"{at}","by":"visitor","deed":"link","key":{digest},"door":{{"mail":{{"email":"ann@host.example","role":"reader"}}}},"until":"{}"}}"#,
        hall.hours(1)
    );
    hall.commons.apply(&serde_json::from_str::<Entry>(&line).unwrap());
    assert_snapshot!(enters(&mut hall, "1", None), @"done");
    // From now on, it is known for which browser one is.
    let (email, role) = ("ann@host.example".to_owned(), Role::Reader);
    let (door, until) = (Door::Mail { email, role, asked: None }, hall.hours(1));
    let link = Deed::Link { key: key("2").digest(), door, until, then: None };
    assert_snapshot!(hall.tries(By::Visitor, link), @"only the show itself does this");
}

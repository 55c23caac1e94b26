//! Who gets in.

use insta::assert_snapshot;
use lorecast_community::{AccountId, Ballot, By, Deed, Digest, Door, Name, Role, Scope};

use crate::hall::{Hall, asked, id, key, propose, vote};

fn mail_link(hall: &mut Hall, text: &str, email: &str, then: Option<Deed>) -> String {
    let (email, role, asked) = (email.to_owned(), Role::Contributor, Some(asked("hers", "0427")));
    let (door, until) = (Door::Mail { email, role, asked }, hall.hours(1));
    let then = then.map(Box::new);
    hall.tries(By::Visitor, Deed::Link { key: key(text).digest(), door, until, then })
}

/// The browser that asks for every link here.
fn hers() -> Option<Digest> {
    Some(asked("hers", "0427").browser)
}

fn enter(hall: &mut Hall, link: &str, name: Option<&str>) -> String {
    let name = name.map(|name| Name::parse(name).unwrap());
    let (link, session, until) =
        (key(link).digest(), key(link).digest_for("session"), hall.hours(24));
    hall.tries(By::Visitor, Deed::Enter { link, session, until, name, browser: hers() })
}

#[test]
fn a_link_lets_in_once_and_not_for_long() {
    let mut hall = Hall::new();
    assert_snapshot!(mail_link(&mut hall, "1", "ann@host.example", None), @"done");
    assert_snapshot!(enter(&mut hall, "1", None), @"a name is missing; write one");
    assert_snapshot!(enter(&mut hall, "1", Some("Ann")), @"done");
    assert_snapshot!(enter(&mut hall, "1", Some("Ann")), @"this link was used already or has run out; ask for a new one");
    assert_snapshot!(enter(&mut hall, "never given", Some("Ann")), @"this link was used already or has run out; ask for a new one");
    mail_link(&mut hall, "2", "ann@host.example", None);
    hall.passes(2);
    assert_snapshot!(enter(&mut hall, "2", None), @"this link was used already or has run out; ask for a new one");
    // The account is known by its address.
    mail_link(&mut hall, "3", "ann@host.example", None);
    assert_snapshot!(enter(&mut hall, "3", None), @"done");
    assert_eq!(hall.commons.accounts().count(), 1);
}

#[test]
fn an_address_is_one_that_mail_can_be_sent_to() {
    let mut hall = Hall::new();
    for wrong in ["ann", "a@b\r\nBcc: c@d", "Ann@host.example", "<a@b>", "a@b, c@d", ""] {
        assert_eq!(
            mail_link(&mut hall, "1", wrong, None),
            "this is no mail address; write one such as name@host.example"
        );
    }
}

#[test]
fn a_link_carries_what_the_visitor_wanted_to_do_and_nothing_else() {
    let mut hall = Hall::new();
    let offered = propose("a@x", "Words.");
    assert_snapshot!(mail_link(&mut hall, "1", "ann@host.example", Some(offered.clone())), @"done");
    assert_eq!(hall.commons.wish(&key("1").digest()), Some(&offered));
    assert_snapshot!(mail_link(&mut hall, "2", "ann@host.example", Some(Deed::Erase)), @"sign in first");
    assert_snapshot!(mail_link(&mut hall, "2", "ann@host.example", Some(propose("a@x", " "))), @"the text is missing; write one");
}

#[test]
fn names_that_look_alike_are_refused() {
    let mut hall = Hall::new();
    let lina = hall.joins("Lina Torvik", Role::Contributor);
    mail_link(&mut hall, "1", "eve@host.example", None);
    assert_snapshot!(enter(&mut hall, "1", Some("Linа  Тorvik")), @"somebody else is called so, or it looks so; choose another name");
    assert_snapshot!(enter(&mut hall, "1", Some("Eve")), @"done");
    // One's own name may be written anew, and an old one is free again.
    let name = |text: &str| Deed::Rename { name: Name::parse(text).unwrap() };
    assert_snapshot!(hall.tries(lina, name("lina torvik")), @"done");
    assert_snapshot!(hall.tries(lina, name("Torvik")), @"done");
    mail_link(&mut hall, "2", "eva@host.example", None);
    assert_snapshot!(enter(&mut hall, "2", Some("Lina Torvik")), @"done");
}

#[test]
fn sessions_and_tokens_end() {
    let mut hall = Hall::new();
    let ann = hall.joins("Ann", Role::Contributor);
    let (session, until) = (key("Ann").digest(), hall.hours(48));
    let make = Deed::MakeToken {
        key: key("t").digest(),
        title: "a bot".to_owned(),
        scopes: vec![Scope::Read],
        until,
        passkey: false,
    };
    let token = hall.does(ann, make).unwrap();
    assert!(hall.commons.token(&key("t").digest(), hall.now).is_some());
    hall.passes(2);
    assert!(hall.commons.session(&session, hall.now).is_none(), "ran out after an hour");
    hall.does(ann, Deed::DropToken { token }).unwrap();
    assert!(hall.commons.token(&key("t").digest(), hall.now).is_none(), "taken back");
    let bob = hall.joins("Bob", Role::Contributor);
    hall.does(bob, Deed::SignOut { session: key("Bob").digest() }).unwrap();
    assert!(hall.commons.session(&key("Bob").digest(), hall.now).is_none());
    assert_snapshot!(hall.tries(bob, Deed::DropToken { token }), @"there is no token 3");
}

#[test]
fn a_session_that_nobody_uses_ends_within_two_weeks() {
    const DAY: i64 = 24;
    let mut hall = Hall::new();
    hall.joins("Olga", Role::Owner);
    mail_link(&mut hall, "1", "ann@host.example", None);
    let (link, session) = (key("1").digest(), key("1").digest_for("session"));
    let (until, name) = (hall.hours(30 * DAY), Some(Name::parse("Ann").unwrap()));
    let began = hall
        .does(
            By::Visitor,
            Deed::Enter { link, session: session.clone(), until, name, browser: hers() },
        )
        .unwrap();
    let (ann, stay) = (By::Account(AccountId(began)), Deed::Stay { session: began });
    let lasts = |hall: &Hall| hall.commons.session(&session, hall.now).is_some();
    hall.passes(DAY - 1);
    assert_snapshot!(hall.tries(ann, stay.clone()), @"this was noted already");
    hall.passes(1);
    assert_snapshot!(hall.tries(ann, stay.clone()), @"done");
    assert!(hall.commons.past_stays(hall.now).is_empty(), "it is needed");
    hall.passes(13 * DAY);
    assert!(lasts(&hall));
    let first = hall.commons.last();
    hall.does(ann, stay.clone()).unwrap();
    assert_eq!(hall.commons.past_stays(hall.now), [first], "when somebody was there goes");
    hall.commons.tidy(hall.now);
    assert_eq!(hall.commons.past_stays(hall.now), []);
    hall.passes(14 * DAY - 1);
    assert!(lasts(&hall));
    hall.passes(1);
    assert!(!lasts(&hall) && hall.commons.sessions_of(AccountId(began), hall.now).is_empty());
    assert_eq!(hall.commons.past_stays(hall.now), [hall.commons.last()]);
    // However much it is used, it does not last for more than 30 days.
    mail_link(&mut hall, "2", "ann@host.example", None);
    let (link, session) = (key("2").digest(), key("2").digest_for("session"));
    let until = hall.hours(30 * DAY);
    let began = hall.does(
        By::Visitor,
        Deed::Enter { link, session: session.clone(), until, name: None, browser: hers() },
    );
    let stay = Deed::Stay { session: began.unwrap() };
    for _ in 0..29 {
        hall.passes(DAY);
        hall.does(ann, stay.clone()).unwrap();
    }
    assert!(hall.commons.session(&session, hall.now).is_some());
    hall.passes(DAY);
    assert!(hall.commons.session(&session, hall.now).is_none());
}

#[test]
fn a_day_has_an_end() {
    let mut hall = Hall::new();
    let (ann, ed) = (hall.joins("Ann", Role::Contributor), hall.joins("Ed", Role::Editor));
    let says = |on| Deed::Comment { on, text: "Words.".to_owned() };
    for _ in 0..5 {
        let on = hall.does(ann, propose("a@x", "Words.")).unwrap();
        for _ in 0..99 {
            hall.does(ann, says(on)).unwrap();
        }
    }
    let comment = says(hall.does(ed, propose("a@x", "Words.")).unwrap());
    assert_snapshot!(hall.tries(ann, comment.clone()), @"no more than 500 texts and recordings a day; go on after midnight (UTC)");
    let name = Deed::Rename { name: Name::parse("Anna").unwrap() };
    assert_snapshot!(hall.tries(ann, name), @"no more than 500 texts and recordings a day; go on after midnight (UTC)");
    for at in 0..2_000 {
        hall.does(ann, vote(&format!("{at}@x"), Ballot::For)).unwrap();
    }
    assert_snapshot!(hall.tries(ann, vote("1@x", Ballot::Against)), @"no more than 2000 votes a day; go on after midnight (UTC)");
    // Others may.
    assert_snapshot!(hall.tries(ed, comment.clone()), @"done");
    // It is ten o'clock.
    hall.passes(13);
    hall.commons.tidy(hall.now);
    assert!(hall.does(ann, comment.clone()).is_err());
    hall.passes(1);
    hall.commons.tidy(hall.now);
    assert_snapshot!(hall.tries(ann, comment), @"done");
    assert_snapshot!(hall.tries(ann, vote("1@x", Ballot::Against)), @"done");
}

#[test]
fn many_sessions_make_room() {
    let mut hall = Hall::new();
    mail_link(&mut hall, "0", "ann@host.example", None);
    enter(&mut hall, "0", Some("Ann"));
    for at in 1..30 {
        hall.passes(1);
        mail_link(&mut hall, &at.to_string(), "ann@host.example", None);
        enter(&mut hall, &at.to_string(), None);
    }
    let session =
        |at: i32| hall.commons.session(&key(&at.to_string()).digest_for("session"), hall.now);
    let last: Vec<i32> = (0..30).filter(|at| session(*at).is_some()).collect();
    assert_eq!(last, (10..30).collect::<Vec<_>>());
}

#[test]
fn whoever_leaves_leaves_nothing_but_accepted_text() {
    let mut hall = Hall::new();
    let (ann, ed) = (hall.joins("Ann", Role::Contributor), hall.joins("Ed", Role::Editor));
    let accepted = hall.does(ann, propose("a@x", "Accepted.")).unwrap();
    hall.does(
        ed,
        Deed::Accept { proposal: accepted, base: String::new(), text: "Accepted.".to_owned() },
    )
    .unwrap();
    let kept = hall.commons.clone();
    let open = hall.does(ann, propose("a@x", "Open.")).unwrap();
    hall.does(ann, vote("a@x", Ballot::For)).unwrap();
    hall.does(ann, Deed::Comment { on: accepted, text: "Thanks.".to_owned() }).unwrap();
    hall.does(ann, Deed::Suggest { story: id("b@x"), why: "Missed.".to_owned() }).unwrap();
    let report = Deed::Report { what: open, why: "Mine.".to_owned() };
    hall.does(ann, report).unwrap();
    hall.does(ann, Deed::Erase).unwrap();
    let (talk, before) = (hall.commons.talk(&id("a@x")), kept.talk(&id("a@x")));
    assert_eq!(talk, before);
    assert_eq!(hall.commons.talk(&id("b@x")), None);
    assert_eq!(hall.commons.reports().count(), 0);
    assert_eq!(hall.commons.name(ann.account().unwrap()), "somebody who left");
    assert_snapshot!(hall.tries(ann, vote("a@x", Ballot::For)), @"sign in first");
}

#[test]
fn an_invitation_goes_with_the_right_to_invite() {
    for loses in ["ban", "role", "account"] {
        let mut hall = Hall::new();
        let (ed, olga) = (hall.joins("Ed", Role::Editor), hall.joins("Olga", Role::Owner));
        let (who, until) = (ed.account().unwrap(), hall.hours(24));
        let invite = Deed::Link {
            key: key("i").digest(),
            door: Door::Invitation { role: Role::Editor },
            until,
            then: None,
        };
        hall.does(ed, invite).unwrap();
        let why = "because".to_owned();
        match loses {
            "ban" => hall.does(olga, Deed::Ban { who, why }),
            "role" => hall.does(olga, Deed::Grant { who, role: Role::Reader }),
            _ => hall.does(ed, Deed::Erase),
        }
        .unwrap();
        let refused = enter(&mut hall, "i", Some("Eve"));
        assert_eq!(
            refused, "this link was used already or has run out; ask for a new one",
            "{loses}"
        );
    }
}

#[test]
fn visitors_leave_no_more_text_than_fits() {
    let mut hall = Hall::new();
    let mut asked = (0..).map(|at| {
        mail_link(&mut hall, &at.to_string(), "ann@host.example", Some(propose("a@x", "Words.")))
    });
    assert_eq!(asked.position(|said| said != "done"), Some(200));
    drop(asked);
    // Signing in goes on, and room is made when they run out.
    assert_snapshot!(mail_link(&mut hall, "more", "ann@host.example", None), @"done");
    hall.passes(2);
    assert_snapshot!(mail_link(&mut hall, "later", "ann@host.example", Some(propose("a@x", "Words."))), @"done");
    assert_eq!(hall.commons.unused_links(hall.now).len(), 201);
}

//! What people say of themselves.

use insta::assert_snapshot;
use lorecast_community::{By, Deed, DescriptionState, Role};
use lorecast_model::{Own, PersonId};

use crate::hall::Hall;

fn ann() -> PersonId {
    PersonId("ann-vogel".to_owned())
}

fn describe(change: &str) -> Deed {
    Deed::Describe { person: ann(), changes: vec![change.to_owned()], recording: None }
}

fn prove(hall: &mut Hall, by: By, email: &str) -> String {
    hall.tries(By::Show, Deed::Prove { who: by.account().unwrap(), email: email.to_owned() })
}

fn own(bio: &str) -> Box<(String, Own)> {
    let own = Own { bio: Some(bio.to_owned()), ..Own::default() };
    Box::new(("ann@a.example".to_owned(), own))
}

#[test]
fn only_who_proved_an_address_says_something() {
    let mut hall = Hall::new();
    let (vogel, bo) = (hall.joins("Ann", Role::Reader), hall.joins("Bo", Role::Reader));
    assert_snapshot!(hall.tries(vogel, describe("bio=I look after batches.")), @"prove a mail address of yours first, on /me/page");
    let who = vogel.account().unwrap();
    assert_snapshot!(hall.tries(vogel, Deed::Prove { who, email: "ann@a.example".to_owned() }), @"only the show itself does this");
    assert_snapshot!(prove(&mut hall, vogel, "no address"), @"this is no mail address; write one such as name@host.example");
    assert_snapshot!(prove(&mut hall, vogel, "ann@a.example"), @"done");
    assert_snapshot!(hall.tries(vogel, describe("bio=I look after batches.")), @"done");
    assert_snapshot!(hall.tries(vogel, Deed::Describe { person: ann(), changes: vec![], recording: None }), @"a change is missing; write one");
    assert_snapshot!(hall.tries(vogel, describe(&format!("bio={}", "x".repeat(20_000)))), @"all of it may have 20000 characters; shorten it");
    assert_snapshot!(hall.tries(vogel, Deed::Describe { person: ann(), changes: vec![], recording: Some("../x".to_owned()) }), @"the recording is missing; write one");
    // Whoever proves it later has it.
    assert_snapshot!(prove(&mut hall, bo, "ann@a.example"), @"done");
    assert_snapshot!(hall.tries(vogel, describe("bio=x")), @"prove a mail address of yours first, on /me/page");
    assert_snapshot!(hall.tries(vogel, Deed::Disown { email: "ann@a.example".to_owned() }), @"prove a mail address of yours first, on /me/page");
    assert_snapshot!(hall.tries(bo, Deed::Disown { email: "ann@a.example".to_owned() }), @"done");
}

#[test]
fn an_editor_undoes_what_stands() {
    let mut hall = Hall::new();
    let (vogel, ed) = (hall.joins("Ann", Role::Reader), hall.joins("Ed", Role::Editor));
    prove(&mut hall, vogel, "ann@a.example");
    let what = hall.does(vogel, describe("bio=Buy my pills.")).unwrap();
    let undo = Deed::Undo { what, why: "An advertisement.".to_owned() };
    assert_snapshot!(hall.tries(ed, undo.clone()), @"this was kept, but not written already");
    assert_eq!(hall.commons.to_write().count(), 1);
    let who = vogel.account().unwrap();
    hall.does(By::Show, Deed::Written { who, what, before: Some(own("Before.")) }).unwrap();
    assert_eq!(hall.commons.to_write().count(), 0);
    assert_snapshot!(hall.tries(vogel, undo.clone()), @"only editors may do this; ask an owner of the show for the role");
    assert_snapshot!(hall.tries(ed, undo.clone()), @"done");
    let (_, waiting) = hall.commons.to_write().next().unwrap();
    assert_eq!(waiting.state, DescriptionState::Undoing { before: own("Before.") });
    hall.does(By::Show, Deed::Written { who, what, before: None }).unwrap();
    assert_eq!(hall.commons.description(what).unwrap().state, DescriptionState::Undone);
    assert_snapshot!(hall.tries(ed, undo), @"this was undone already");
}

#[test]
fn the_log_tells_what_was_changed_and_not_into_what() {
    let mut hall = Hall::new();
    let vogel = hall.joins("Ann", Role::Reader);
    prove(&mut hall, vogel, "ann@a.example");
    hall.does(vogel, describe("bio=Buy my pills.")).unwrap();
    let log = format!("{:?}", hall.commons.log());
    assert!(log.contains("ann-vogel") && log.contains("\"bio\""), "{log}");
    assert!(!log.contains("pills") && !log.contains("ann@a.example"), "{log}");
}

#[test]
fn nothing_is_left_when_the_account_is_closed() {
    let mut hall = Hall::new();
    let vogel = hall.joins("Ann", Role::Reader);
    let who = vogel.account().unwrap();
    prove(&mut hall, vogel, "ann@a.example");
    let what = hall.does(vogel, describe("bio=Unusual words.")).unwrap();
    hall.does(By::Show, Deed::Written { who, what, before: Some(own("Earlier words.")) }).unwrap();
    let left: Vec<String> = hall
        .entries
        .iter()
        .map(|entry| hall.commons.left_behind(who, entry).unwrap_or_else(|| entry.deed.clone()))
        .map(|deed| format!("{deed:?}"))
        .collect();
    let left = left.join("\n");
    assert!(!left.contains("words") && !left.contains("ann@a.example"), "{left}");
    hall.does(vogel, Deed::Erase).unwrap();
    assert_eq!((hall.commons.log().len(), hall.commons.proof("ann@a.example")), (0, None));
    assert!(hall.commons.description(what).is_none());
}

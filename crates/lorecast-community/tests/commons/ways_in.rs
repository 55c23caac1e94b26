//! Passkeys, providers, and sessions.

use insta::assert_snapshot;
use lorecast_community::{By, Deed, Door, Name, Role, Seal, Way};

use crate::hall::{Hall, add_passkey, enter_with, identity, key};

/// A link for somebody whom a provider knows, used at once.
fn comes(hall: &mut Hall, subject: &str, proof: &str, email: Option<&str>, name: &str) -> String {
    let (identity, proof) = (identity(subject), key(proof).digest());
    let (email, role) = (email.map(str::to_owned), Role::Reader);
    let door = Door::Identity { identity, proof, email, role };
    let (link, until) = (key(name).digest_for("link"), hall.hours(1));
    let made = hall.tries(By::Show, Deed::Link { key: link.clone(), door, until, then: None });
    if made != "done" {
        return made;
    }
    let (session, name) = (key(name).digest(), Some(Name::parse(name).unwrap()));
    hall.tries(By::Visitor, Deed::Enter { link, session, until, name, browser: None })
}

#[test]
fn a_proof_counts_once() {
    let mut hall = Hall::new();
    let ann = hall.joins("Ann", Role::Contributor);
    let who = ann.account().unwrap();
    let passkey = hall.does(ann, add_passkey("hers")).unwrap();
    assert_snapshot!(hall.tries(By::Show, enter_with(who, passkey, "1")), @"done");
    assert_snapshot!(hall.tries(By::Show, enter_with(who, passkey, "1")), @"this does not prove who you are, or it took too long; try again");
    let session = key("1").digest_for("session");
    let (known, _) = hall.commons.session(&session, hall.now).unwrap();
    assert_eq!((known.account, &known.way), (who, &Way::Passkey));
    assert_snapshot!(comes(&mut hall, "eve", "1", None, "Eve"), @"this does not prove who you are, or it took too long; try again");
    assert_snapshot!(comes(&mut hall, "eve", "2", None, "Eve"), @"done");
    assert_snapshot!(hall.tries(By::Show, enter_with(who, passkey, "2")), @"this does not prove who you are, or it took too long; try again");
    // It is remembered for longer than any proof is good, and not for ever.
    let later = hall.hours(23);
    hall.commons.tidy(later);
    assert_snapshot!(hall.tries(By::Show, enter_with(who, passkey, "1")), @"this does not prove who you are, or it took too long; try again");
    let later = hall.hours(25);
    hall.commons.tidy(later);
    assert_snapshot!(hall.tries(By::Show, enter_with(who, passkey, "1")), @"done");
}

#[test]
fn a_key_opens_its_own_account_alone() {
    let mut hall = Hall::new();
    let (ann, eve) = (hall.joins("Ann", Role::Owner), hall.joins("Eve", Role::Reader));
    let (who, other) = (ann.account().unwrap(), eve.account().unwrap());
    let own = hall.does(eve, add_passkey("eve's")).unwrap();
    assert_snapshot!(hall.tries(By::Show, enter_with(who, own, "1")), @"this does not prove who you are, or it took too long; try again");
    assert_snapshot!(hall.tries(By::Show, enter_with(who, who.0, "1")), @"this does not prove who you are, or it took too long; try again");
    let why = "advertisements".to_owned();
    hall.does(ann, Deed::Ban { who: other, why }).unwrap();
    assert_snapshot!(hall.tries(By::Show, enter_with(other, own, "1")), @"this account may not take part: advertisements");
}

#[test]
fn whoever_is_known_gets_their_own_account() {
    let mut hall = Hall::new();
    assert_snapshot!(comes(&mut hall, "ann", "1", Some("ann@host.example"), "Ann"), @"done");
    assert_snapshot!(comes(&mut hall, "eve", "2", Some("ann@host.example"), "Eve"), @"done");
    assert_snapshot!(comes(&mut hall, "ann", "3", None, "Anybody"), @"done");
    let accounts: Vec<String> = hall
        .commons
        .accounts()
        .map(|(_, account)| format!("{} {:?}", account.name, account.email))
        .collect();
    // An address is one account's, however many are said to have it.
    assert_eq!(accounts, ["Ann Some(\"ann@host.example\")", "Eve None"]);
    let (_, tie) = hall.commons.tie(&identity("ann")).unwrap();
    assert_eq!(hall.commons.name(tie.by), "Ann");
}

#[test]
fn what_is_added_is_bounded_and_nobody_elses() {
    let mut hall = Hall::new();
    let (ann, eve) = (hall.joins("Ann", Role::Reader), hall.joins("Eve", Role::Reader));
    hall.does(ann, add_passkey("hers")).unwrap();
    assert_snapshot!(hall.tries(eve, add_passkey("hers")), @"this was added already");
    hall.does(ann, Deed::AddIdentity { identity: identity("ann") }).unwrap();
    assert_snapshot!(hall.tries(eve, Deed::AddIdentity { identity: identity("ann") }), @"this was added already");
    assert_snapshot!(hall.tries(eve, Deed::AddIdentity { identity: identity("") }), @"whom a provider knows is missing; write one");
    assert_snapshot!(hall.tries(eve, add_passkey(&"a".repeat(1_365))), @"the id of a passkey may have 1364 characters; shorten it");
    let mut added = (1..).map(|at| hall.tries(ann, add_passkey(&format!("{at}"))));
    assert_eq!(added.position(|said| said != "done"), Some(19));
}

#[test]
fn the_seal_is_made_once() {
    let mut hall = Hall::new();
    let seal = |text: &str| Deed::Seal { seal: Seal::new(key(text)) };
    hall.does(By::Show, seal("1")).unwrap();
    assert_snapshot!(hall.tries(By::Show, seal("2")), @"this was made already");
    assert_eq!(hall.commons.seal(), Some(&Seal::new(key("1"))));
}

#[test]
fn a_closed_account_leaves_no_way_in() {
    let mut hall = Hall::new();
    comes(&mut hall, "ann", "1", Some("ann@host.example"), "Ann");
    let (_, tie) = hall.commons.tie(&identity("ann")).unwrap();
    let (who, ann) = (tie.by, By::Account(tie.by));
    let passkey = hall.does(ann, add_passkey("hers")).unwrap();
    hall.does(By::Show, enter_with(who, passkey, "2")).unwrap();
    let left = |entry: &lorecast_community::Entry| hall.commons.left_behind(who, entry);
    let left: Vec<Option<Deed>> = hall.entries.iter().map(left).collect();
    let goes = |deed: &Option<Deed>| *deed == Some(Deed::Gone);
    // What the provider told, the passkey, and its use; that the link was used stays.
    assert_eq!(left.iter().map(goes).collect::<Vec<_>>(), [true, false, true, true]);
    hall.does(ann, Deed::Erase).unwrap();
    assert_eq!(hall.commons.tie(&identity("ann")), None);
    assert_eq!(hall.commons.passkey("hers"), None);
    assert!(hall.commons.session(&key("2").digest_for("session"), hall.now).is_none());
    assert_snapshot!(hall.tries(By::Show, enter_with(who, passkey, "3")), @"this does not prove who you are, or it took too long; try again");
}

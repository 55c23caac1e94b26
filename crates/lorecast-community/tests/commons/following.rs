//! What people follow, and what they are told.

use insta::assert_snapshot;
use jiff::Timestamp;
use lorecast_community::{AccountId, By, Deed, Interest, NewsKey, Notice, Role};

use crate::hall::{Hall, id, key};

fn thread(name: &str) -> Interest {
    Interest::Thread(id(name))
}

fn follow(what: Interest) -> Deed {
    Deed::Follow { what, known: vec![] }
}

fn news(about: &str) -> NewsKey {
    NewsKey::new("mail", about)
}

/// Somebody with an address, who is told every day.
fn follower(hall: &mut Hall) -> (By, AccountId) {
    let ann = hall.joins("Ann", Role::Reader);
    let who = ann.account().unwrap();
    assert_snapshot!(hall.tries(ann, Deed::Notify { notice: Notice::Daily }), @"there is no mail address to send it to; prove one of yours first, on /me/page");
    hall.does(By::Show, Deed::Prove { who, email: "ann@a.example".to_owned() }).unwrap();
    hall.does(ann, Deed::Notify { notice: Notice::Daily }).unwrap();
    (ann, who)
}

fn tell(who: AccountId, since: Option<Timestamp>, about: &str, way_out: &str) -> Deed {
    Deed::Tell { who, since, news: vec![news(about)], way_out: key(way_out).digest() }
}

#[test]
fn one_follows_so_much_and_no_more() {
    let mut hall = Hall::new();
    let ann = hall.joins("Ann", Role::Reader);
    assert_snapshot!(hall.tries(ann, follow(thread("1@x"))), @"done");
    assert_snapshot!(hall.tries(ann, follow(thread("1@x"))), @"this was followed by you already");
    assert_snapshot!(hall.tries(ann, Deed::Unfollow { what: thread("2@x") }), @"this was given up already");
    assert_snapshot!(hall.tries(ann, follow(Interest::Search(" ".to_owned()))), @"what to follow is missing; write one");
    let searches: Vec<String> =
        (0..21).map(|n| hall.tries(ann, follow(Interest::Search(format!("s:{n}"))))).collect();
    assert_snapshot!(searches[20], @"no more than 20 followed searches at a time; finish one first");
    let threads: Vec<String> =
        (2..202).map(|n| hall.tries(ann, follow(thread(&format!("{n}@x"))))).collect();
    assert_snapshot!(threads[199], @"no more than 200 followed things at a time; finish one first");
    assert_snapshot!(hall.tries(ann, Deed::Unfollow { what: thread("1@x") }), @"done");
}

#[test]
fn nothing_is_told_twice() {
    let mut hall = Hall::new();
    let (ann, who) = follower(&mut hall);
    hall.does(ann, follow(thread("1@x"))).unwrap();
    assert_snapshot!(hall.tries(ann, tell(who, None, "2@x", "1")), @"only the show itself does this");
    assert_snapshot!(hall.tries(By::Show, tell(who, None, "2@x", "1")), @"done");
    // Another server that found the same at the same time.
    assert_snapshot!(hall.tries(By::Show, tell(who, None, "2@x", "2")), @"this was told already");
    let held = hall.commons.following(who).unwrap();
    assert_eq!((held.told, held.was_told(&news("2@x"))), (Some(hall.now), true));
}

#[test]
fn what_could_not_be_sent_was_not_told() {
    let mut hall = Hall::new();
    let (ann, who) = follower(&mut hall);
    hall.does(ann, follow(thread("1@x"))).unwrap();
    hall.does(By::Show, tell(who, None, "2@x", "1")).unwrap();
    let first = hall.now;
    hall.passes(24);
    hall.does(By::Show, tell(who, Some(first), "3@x", "2")).unwrap();
    hall.does(By::Show, Deed::Untell { who }).unwrap();
    let held = hall.commons.following(who).unwrap();
    assert_eq!(
        (held.told, held.was_told(&news("2@x")), held.was_told(&news("3@x"))),
        (Some(first), true, false)
    );
}

#[test]
fn a_mail_ends_mails() {
    let mut hall = Hall::new();
    let (_, who) = follower(&mut hall);
    hall.does(By::Show, tell(who, None, "2@x", "1")).unwrap();
    let unsubscribe = |text: &str| Deed::Unsubscribe { key: key(text).digest() };
    assert_snapshot!(hall.tries(By::Visitor, unsubscribe("2")), @"this link was used already or has run out; ask for a new one");
    assert_snapshot!(hall.tries(By::Visitor, unsubscribe("1")), @"done");
    assert_eq!(hall.commons.following(who).unwrap().notice, Notice::Never);
    assert_snapshot!(hall.tries(By::Show, tell(who, Some(hall.now), "3@x", "3")), @"this was told already");
}

#[test]
fn a_feed_has_one_key_and_goes_with_the_account() {
    let mut hall = Hall::new();
    let ann = hall.joins("Ann", Role::Reader);
    for name in ["1", "2"] {
        hall.does(ann, Deed::MakeFeed { key: key(name).digest() }).unwrap();
    }
    let whose = |hall: &Hall, name| hall.commons.feed_of(&key(name).digest());
    assert_eq!((whose(&hall, "1"), whose(&hall, "2")), (None, ann.account()));
    hall.does(ann, Deed::Erase).unwrap();
    assert_eq!(whose(&hall, "2"), None);
}

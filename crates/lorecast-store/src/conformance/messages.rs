//! Messages go in once and come out as they were.

use jiff::Timestamp;
use lorecast_model::{Defect, Mailbox, Placement};

use super::Case;
use super::build::*;
use crate::{Added, Batch, SourceKey, Span, Store, StoreError};

fn added(new: u64, known: u64) -> Added {
    Added { new, known, removed: 0 }
}

pub(super) const CASES: &[Case] = &[
    ("an empty store answers everything with nothing", empty),
    ("a message comes back exactly", round_trip),
    ("odd strings and moments survive", odd_values),
    ("messages come in the order in which they are asked for", in_order),
    ("a known message only adds its lists", lists_add_up),
    ("the same batch twice changes nothing", same_batch_twice),
    ("cursors are kept by source", cursors),
    ("a batch that fails changes nothing", failing_batch),
    ("headers are visited by date and id within the span", headers_in_order),
    ("a visit that fails stops the walk", visit_fails),
    ("statistics count", statistics),
];

fn empty(store: &mut dyn Store) {
    assert_eq!(store.cursor(&source()).unwrap(), None);
    assert_eq!(store.message(&id("a")).unwrap(), None);
    assert_eq!(store.thread(&id("a")).unwrap(), None);
    assert_eq!(store.revision_of(&id("a")).unwrap(), None);
    assert!(store.threads(Span::ALL).unwrap().is_empty());
    assert!(store.revisions(Span::ALL).unwrap().is_empty());
    assert!(store.stale_threads(9).unwrap().is_empty());
    assert_eq!(store.stats().unwrap().messages, 0);
}

fn round_trip(store: &mut dyn Store) {
    let mut message = reply("b", 1, &["root", "a", "root"]);
    message.header.defects = vec![Defect::BadDate, Defect::Charset];
    message.header.lists = vec![list("a.example"), list("b.example")];
    message.to = vec![person("Grace"), person("Ada"), person("Grace")];
    message.cc = vec![Mailbox { name: String::new(), email: "x@y.example".to_owned() }];
    message.text = "Two\nlines – and “quotes”.\n".to_owned();
    message.diff = "diff --git a/x b/x\n".to_owned();
    message.attached = "[    0.0] boot\n".to_owned();
    message.attachments = vec!["0001-x.patch".to_owned(), "dmesg.txt".to_owned()];
    message.signature = Some(lorecast_model::Signature::Pgp);
    store.commit(&batch(std::slice::from_ref(&message))).unwrap();
    assert_eq!(store.message(&id("b")).unwrap(), Some(message));
    assert_eq!(store.message(&id("root")).unwrap(), None, "a ghost is no message");
}

fn in_order(store: &mut dyn Store) {
    store.commit(&batch(&[mail("a", 1), mail("b", 2), reply("c", 3, &["a", "ghost"])])).unwrap();
    let found = store.messages_of(&["c", "ghost", "a"].map(id)).unwrap();
    assert_eq!(names(found.iter().map(|message| &message.header.id)), "c a");
    assert_eq!(found[0].header.references, ["a", "ghost"].map(id));
}

fn odd_values(store: &mut dyn Store) {
    let odd = "'; DROP TABLE message; -- \" % _ \u{fffd} \u{1F427}".to_owned();
    let mut message = mail("it's\"%odd", 0);
    message.header.date = Timestamp::MIN;
    message.header.subject = odd.clone();
    message.header.from = Mailbox { name: odd.clone(), email: odd.clone() };
    message.text = odd.repeat(1000);
    let mut plain = mail("plain", 0);
    plain.header.from = Mailbox::default();
    plain.header.subject = String::new();
    keep_apart(store, &[message.clone(), plain.clone()]);
    assert_eq!(store.message(&message.header.id).unwrap(), Some(message));
    assert_eq!(store.message(&id("plain")).unwrap(), Some(plain));
}

fn lists_add_up(store: &mut dyn Store) {
    let first = mail("a", 0);
    keep_apart(store, std::slice::from_ref(&first));
    let mut again = mail("a", 5);
    again.header.subject = "changed".to_owned();
    again.header.defects = vec![Defect::DateOff];
    again.header.lists = vec![list("another.example")];
    let said = store.commit(&batch(&[again])).unwrap();
    assert_eq!(said, added(0, 1));
    let mut expected = first;
    expected.header.lists.insert(0, list("another.example"));
    assert_eq!(store.message(&id("a")).unwrap(), Some(expected));
}

fn same_batch_twice(store: &mut dyn Store) {
    let batch = batch(&[mail("a", 0), reply("b", 1, &["a", "ghost"]), mail("a", 0)]);
    assert_eq!(store.commit(&batch).unwrap(), added(2, 1));
    let before = (store.stats().unwrap().messages, store.thread(&id("b")).unwrap());
    assert_eq!(store.commit(&batch).unwrap(), added(0, 3));
    let after = (store.stats().unwrap().messages, store.thread(&id("b")).unwrap());
    assert_eq!(before, after);
    assert_eq!(store.stats().unwrap().threads, 1);
}

fn cursors(store: &mut dyn Store) {
    let mut batch = batch(&[]);
    store.commit(&batch).unwrap();
    batch.cursor = "2 'x'".to_owned();
    store.commit(&batch).unwrap();
    store.commit(&Batch { source: SourceKey("other".to_owned()), ..batch.clone() }).unwrap();
    assert_eq!(store.cursor(&source()).unwrap().as_deref(), Some("2 'x'"));
    assert_eq!(store.cursor(&SourceKey("third".to_owned())).unwrap(), None);
}

fn failing_batch(store: &mut dyn Store) {
    keep_apart(store, &[mail("kept", 0)]);
    track(store, "kept", vec![]);
    let mut new = mail("new", 1);
    new.header.from = person("Newcomer");
    let mut bad = batch(&[reply("kept2", 1, &["kept"]), new.clone(), mail("forgotten", 2)]);
    bad.cursor = "never".to_owned();
    bad.placement.members.retain(|(member, _)| *member != id("forgotten"));
    let error = store.commit(&bad).unwrap_err();
    assert!(matches!(&error, StoreError::Unplaced(id) if *id == super::build::id("forgotten")));
    assert_eq!(store.cursor(&source()).unwrap().as_deref(), Some("1"));
    assert_eq!(store.stats().unwrap().messages, 1);
    assert_eq!(store.stale_count().unwrap(), 0);
    assert!(store.thread_keys(&[id("new"), id("kept2")]).unwrap().is_empty());
    // What the engine remembered of the failed batch must not leak into the next.
    keep_apart(store, std::slice::from_ref(&new));
    assert_eq!(store.message(&id("new")).unwrap(), Some(new));
    let unplaced = Batch { placement: Placement::default(), ..batch(&[mail("x", 1)]) };
    assert!(store.commit(&unplaced).is_err());
}

fn headers_in_order(store: &mut dyn Store) {
    keep_apart(store, &[mail("late", 9), mail("b", 5), mail("a", 5), mail("early", 1)]);
    let mut seen = Vec::new();
    let mut visit = |header: lorecast_model::Header, thread| {
        assert_eq!(header.id, thread, "a thread not tracked is named by its first message");
        seen.push(header.id);
        Ok(())
    };
    store.each_header(span(1, 9), &mut visit).unwrap();
    assert_eq!(names(&seen), "early a b");
    track(store, "a", vec![]);
    let mut threads = Vec::new();
    let mut visit = |header: lorecast_model::Header, thread| {
        threads.push(thread);
        assert_eq!(header, store.message(&header.id)?.map(|m| m.header).unwrap());
        Ok(())
    };
    store.each_header(Span::ALL, &mut visit).unwrap();
    assert_eq!(names(&threads), "early a b late");
}

fn visit_fails(store: &mut dyn Store) {
    keep_apart(store, &[mail("a", 1), mail("b", 2)]);
    let mut calls = 0;
    let mut visit = |_, _| {
        calls += 1;
        Err(StoreError::Unplaced(id("stop")))
    };
    let error = store.each_header(Span::ALL, &mut visit).unwrap_err();
    assert!(matches!(error, StoreError::Unplaced(_)), "{error}");
    assert_eq!(calls, 1);
}

fn statistics(store: &mut dyn Store) {
    let mut bad = mail("bad", 2);
    bad.header.defects = vec![Defect::Encoding, Defect::ViaList];
    let mut rewritten = reply("c", 3, &["ghost"]);
    rewritten.header.defects = vec![Defect::ViaList];
    bad.header.lists = vec![list("one.lists.example"), list("two.lists.example")];
    keep_apart(store, &[mail("a", 1), bad, rewritten]);
    track(store, "a", vec![revision("a", 1, &[])]);
    let stats = store.stats().unwrap();
    let numbers = (stats.messages, stats.threads, stats.revisions, stats.defective);
    assert_eq!(numbers, (3, 3, 1, 1), "a harmless defect does not count");
    assert_eq!(stats.defects, [(Defect::Encoding, 1), (Defect::ViaList, 2)]);
    let lists = vec![(list("one.lists.example"), 3), (list("two.lists.example"), 1)];
    assert_eq!(stats.lists, lists);
    assert!(stats.bytes > 0);
}

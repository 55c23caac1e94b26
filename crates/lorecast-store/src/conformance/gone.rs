//! What archives no longer hold.

use lorecast_model::{Field, Group, Order, Placement, Query};

use super::Case;
use super::build::*;
use crate::{Batch, Page, SourceKey, Store};

pub(super) const CASES: &[Case] = &[
    ("a removed message is gone everywhere", removed),
    ("a message that another archive holds stays", held_elsewhere),
    ("of several mails of one id only one is removed", one_variant),
    ("what a reading from the start does not meet is gone", swept),
    ("an interrupted reading sweeps when it ends", interrupted),
    ("a broken thread is placed anew, and what nobody names is forgotten", regrouped),
];

fn remove(store: &mut dyn Store, messages: &[lorecast_model::Message]) -> u64 {
    let removals = messages.iter().map(removal).collect();
    store.commit(&Batch { removals, ..batch(&[]) }).unwrap().removed
}

fn removed(store: &mut dyn Store) {
    let (a, b) = (mail("a", 0), mail("b", 1));
    keep_apart(store, &[a.clone(), b]);
    assert_eq!(remove(store, &[a.clone(), mail("nobody", 0)]), 1);
    assert_eq!(remove(store, &[a]), 0);
    assert_eq!(store.message(&id("a")).unwrap(), None);
    assert!(store.originals(&id("a")).unwrap().is_empty());
    let fields = Field::Subject.into();
    let about = Query::Phrase { fields, words: vec!["about".to_owned()] };
    let hits = store.search(&about, Order::Newest, Page { skip: 0, take: 9 }).unwrap();
    assert_eq!(names(hits.iter().map(|hit| &hit.header.id)), "b");
    let stats = store.stats().unwrap();
    assert_eq!((stats.messages, stats.threads, stats.lists[0].1), (1, 1, 1));
}

fn held_elsewhere(store: &mut dyn Store) {
    let mut elsewhere = mail("a", 0);
    elsewhere.header.lists = vec![list("two.lists.example")];
    keep_apart(store, &[mail("a", 0)]);
    let other = SourceKey("/other".to_owned());
    store.commit(&Batch { source: other, ..batch(&[elsewhere.clone()]) }).unwrap();
    assert_eq!(remove(store, &[mail("a", 0)]), 0);
    assert_eq!(store.message(&id("a")).unwrap(), Some(elsewhere));
}

fn one_variant(store: &mut dyn Store) {
    store.commit(&batch(&[mail("a", 0), variant("a", 5)])).unwrap();
    assert_eq!(remove(store, &[mail("a", 0)]), 1);
    assert_eq!(store.messages(&id("a")).unwrap(), [variant("a", 5)]);
}

fn swept(store: &mut dyn Store) {
    keep_apart(store, &[mail("a", 0), mail("b", 1)]);
    assert_eq!(store.sweep(&source()).unwrap(), 0);
    store.start_over(&source()).unwrap();
    assert_eq!(store.cursor(&source()).unwrap(), None);
    keep_apart(store, &[mail("b", 1), mail("c", 2)]);
    assert_eq!(store.sweep(&source()).unwrap(), 1);
    assert_eq!(store.sweep(&source()).unwrap(), 0);
    assert_eq!(store.message(&id("a")).unwrap(), None);
    assert_eq!(store.stats().unwrap().messages, 2);
}

fn interrupted(store: &mut dyn Store) {
    keep_apart(store, &[mail("a", 0), mail("b", 1)]);
    store.start_over(&source()).unwrap();
    keep_apart(store, &[mail("b", 1)]);
    // It ended here, and goes on from its cursor.
    keep_apart(store, &[mail("c", 2)]);
    assert_eq!(store.sweep(&source()).unwrap(), 1);
    assert_eq!(store.stats().unwrap().messages, 2);
}

fn regrouped(store: &mut dyn Store) {
    let middle = reply("middle", 1, &["a", "ghost"]);
    store.commit(&batch(&[mail("a", 0), middle.clone(), reply("b", 2, &["middle"])])).unwrap();
    track(store, "a", vec![revision("a", 0, &[])]);
    assert!(store.broken_threads(9).unwrap().is_empty());
    remove(store, &[middle]);
    let broken = store.broken_threads(9).unwrap();
    assert_eq!(broken, [store.thread_keys(&[id("a")]).unwrap()[&id("a")]]);
    let members =
        vec![(id("a"), Group::New(0)), (id("b"), Group::New(1)), (id("middle"), Group::New(1))];
    store.regroup(broken[0], &Placement { members, merges: vec![] }).unwrap();
    assert!(store.broken_threads(9).unwrap().is_empty());
    let keys = store.thread_keys(&["a", "b", "middle", "ghost"].map(id)).unwrap();
    assert_eq!(keys[&id("b")], keys[&id("middle")]);
    assert_ne!(keys[&id("a")], keys[&id("b")]);
    assert!(!keys.contains_key(&id("ghost")));
    assert_eq!(store.stale_count().unwrap(), 2);
    assert!(store.revisions(crate::Span::ALL).unwrap().is_empty());
}

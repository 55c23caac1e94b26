//! Placements, ghosts, merges and staleness.

use lorecast_model::{Group, MessageId, Placement, ThreadKey};

use super::Case;
use super::build::*;
use crate::{Batch, Page, Span, Store, StoreError};

pub(super) const CASES: &[Case] = &[
    ("ghosts have a thread and are no messages", ghosts),
    ("a thread lists its messages by date, then by id", thread_in_order),
    ("a message joins a known thread", known_thread),
    ("merged threads are one, and their keys go", merges),
    ("merges may form a chain", merge_chain),
    ("a placement that came too late heals itself", late_placement),
    ("an unknown thread is refused", unknown_thread),
    ("threads are stale until tracked and after each new message", stale),
    ("threads of a span have a message in it", threads_in_span),
    ("the thread with the latest message comes first", latest),
];

fn key(store: &dyn Store, name: &str) -> ThreadKey {
    store.thread_keys(&[id(name)]).unwrap()[&id(name)]
}

fn commit(
    store: &mut dyn Store,
    messages: &[lorecast_model::Message],
    members: Vec<(MessageId, Group)>,
    merges: Vec<(ThreadKey, ThreadKey)>,
) -> crate::Result<crate::Added> {
    let placement = Placement { members, merges };
    store.commit(&Batch { placement, ..batch(messages) })
}

fn ghosts(store: &mut dyn Store) {
    store.commit(&batch(&[reply("b", 1, &["ghost"])])).unwrap();
    assert_eq!(key(store, "ghost"), key(store, "b"));
    let (_, headers) = store.thread(&id("ghost")).unwrap().unwrap();
    assert_eq!(names(headers.iter().map(|h| &h.id)), "b");
    assert!(!store.thread_keys(&[id("nobody")]).unwrap().contains_key(&id("nobody")));
    // The ghost arrives.
    store.commit(&Batch { placement: Placement::default(), ..batch(&[mail("ghost", 0)]) }).unwrap();
    let (_, headers) = store.thread(&id("b")).unwrap().unwrap();
    assert_eq!(names(headers.iter().map(|h| &h.id)), "ghost b");
}

fn thread_in_order(store: &mut dyn Store) {
    store.commit(&batch(&[mail("c", 3), mail("b", 1), mail("a", 1)])).unwrap();
    let messages = store.thread_messages(key(store, "c")).unwrap();
    assert_eq!(names(messages.iter().map(|m| &m.header.id)), "a b c");
    let (thread, headers) = store.thread(&id("c")).unwrap().unwrap();
    assert_eq!(names(headers.iter().map(|h| &h.id)), "a b c");
    let known = (thread.id, thread.messages, thread.participants, thread.last);
    assert_eq!(known, (id("a"), 3, 1, minute(3)), "said before it was tracked");
}

fn known_thread(store: &mut dyn Store) {
    keep_apart(store, &[mail("a", 0)]);
    let members = vec![(id("b"), Group::Known(key(store, "a")))];
    commit(store, &[reply("b", 1, &["a"])], members, vec![]).unwrap();
    assert_eq!(key(store, "a"), key(store, "b"));
    assert_eq!(store.stats().unwrap().threads, 1);
}

fn merges(store: &mut dyn Store) {
    keep_apart(store, &[mail("a", 0), mail("b", 1)]);
    track(store, "a", vec![]);
    track(store, "b", vec![revision("b", 1, &[])]);
    let (a, b) = (key(store, "a"), key(store, "b"));
    let members = vec![(id("c"), Group::Known(a))];
    commit(store, &[reply("c", 2, &["b", "a"])], members, vec![(b, a)]).unwrap();
    assert_eq!([key(store, "a"), key(store, "b"), key(store, "c")], [a; 3]);
    assert_eq!(store.stale_threads(9).unwrap(), [a]);
    assert!(store.thread_messages(b).unwrap().is_empty());
    // What was derived from the merged thread is replaced with it.
    track(store, "a", vec![]);
    assert!(store.revisions(Span::ALL).unwrap().is_empty());
}

fn merge_chain(store: &mut dyn Store) {
    keep_apart(store, &[mail("a", 0), mail("b", 1), mail("c", 2)]);
    let [a, b, c] = ["a", "b", "c"].map(|name| key(store, name));
    let chain = vec![(c, b), (b, a), (c, a)];
    commit(store, &[], vec![(id("d"), Group::Known(c))], chain).unwrap();
    assert_eq!(["b", "c", "d"].map(|name| key(store, name)), [a; 3]);
}

fn late_placement(store: &mut dyn Store) {
    keep_apart(store, &[mail("a", 0), mail("b", 1)]);
    // Computed before `a` and `b` were placed: founds a thread for both.
    store.commit(&batch(&[reply("c", 2, &["a", "b"])])).unwrap();
    assert_eq!(key(store, "a"), key(store, "b"));
    assert_eq!(key(store, "a"), key(store, "c"));
    assert_eq!(store.stats().unwrap().threads, 1);
}

fn unknown_thread(store: &mut dyn Store) {
    let nowhere = ThreadKey(4711);
    let members = vec![(id("a"), Group::Known(nowhere))];
    let error = commit(store, &[mail("a", 0)], members, vec![]).unwrap_err();
    assert!(matches!(error, StoreError::UnknownThread(_)), "{error}");
    let tracked = crate::Tracked {
        key: nowhere,
        thread: summary("a"),
        revisions: vec![],
        told: crate::Told::default(),
    };
    assert!(store.put_tracked(&[tracked]).is_err());
    assert!(store.thread_keys(&[id("a")]).unwrap().is_empty());
}

fn stale(store: &mut dyn Store) {
    keep_apart(store, &[mail("a", 0), mail("b", 1), mail("c", 2)]);
    assert_eq!(store.stale_count().unwrap(), 3);
    assert_eq!(store.stale_threads(2).unwrap().len(), 2);
    track(store, "a", vec![]);
    assert_eq!(store.stale_count().unwrap(), 2);
    keep_apart(store, &[mail("a", 0)]);
    assert_eq!(store.stale_count().unwrap(), 2, "nothing new in it");
    let members = vec![(id("d"), Group::Known(key(store, "a")))];
    commit(store, &[reply("d", 3, &["a"])], members, vec![]).unwrap();
    assert_eq!(store.stale_count().unwrap(), 3);
    assert!(store.stale_threads(9).unwrap().contains(&key(store, "a")));
    commit(store, &[], vec![(id("ghost"), Group::New(0))], vec![]).unwrap();
    assert_eq!(store.stale_count().unwrap(), 3, "a thread of ghosts has nothing to track");
}

fn threads_in_span(store: &mut dyn Store) {
    store.commit(&batch(&[mail("b", 1), reply("b2", 8, &["b"])])).unwrap();
    keep_apart(store, &[mail("a", 2), mail("late", 9)]);
    track(store, "a", vec![]);
    let within = |from, to| {
        let threads = store.threads(span(from, to)).unwrap();
        names(threads.iter().map(|thread| &thread.id))
    };
    assert_eq!(within(2, 9), "a b");
    assert_eq!(within(3, 8), "");
    assert_eq!(within(0, 99), "a b late");
    assert!(store.threads(span(0, 99)).unwrap().contains(&summary("a")));
}

fn latest(store: &mut dyn Store) {
    store.commit(&batch(&[mail("b", 1), reply("b2", 8, &["b"])])).unwrap();
    keep_apart(store, &[mail("a", 2), mail("late", 9)]);
    track(store, "a", vec![]);
    let page = |skip, take| {
        let threads = store.latest_threads(Page { skip, take }).unwrap();
        names(threads.iter().map(|thread| &thread.id))
    };
    assert_eq!(page(0, 9), "late b a");
    assert_eq!(page(1, 1), "b");
    assert_eq!(page(2, 9), "a");
    assert_eq!(page(3, u32::MAX), "");
}

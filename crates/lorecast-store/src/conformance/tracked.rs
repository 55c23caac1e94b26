//! Summaries and revisions.

use lorecast_model::{ClueKey, Clues, Posted, Revision, SeriesId, State};

use super::Case;
use super::build::*;
use crate::{Span, Store, Tracked};

pub(super) const CASES: &[Case] = &[
    ("a summary comes back exactly", summaries),
    ("a revision comes back exactly, by root, cover letter and patch", revision_round_trip),
    ("tracking again replaces a thread's revisions", replaces),
    ("revisions are found by a key that they share", alike),
    ("the revisions of a thread and of a series are found", by_thread_and_series),
    ("revisions of a span are sorted by date, then by root", in_span),
    ("revisions are replaced by root", put_revisions),
    ("a failing call replaces nothing", atomic),
];

fn roots(revisions: &[Revision]) -> String {
    names(revisions.iter().map(|revision| &revision.root))
}

fn summaries(store: &mut dyn Store) {
    keep_apart(store, &[mail("a", 0)]);
    track(store, "a", vec![]);
    let (thread, headers) = store.thread(&id("a")).unwrap().unwrap();
    assert_eq!((thread, headers.len()), (summary("a"), 1));
    assert_eq!(store.threads(Span::ALL).unwrap(), [summary("a")]);
}

fn revision_round_trip(store: &mut dyn Store) {
    keep_apart(store, &[mail("root", 0)]);
    let revision = revision("root", 0, &["p1", "p2"]);
    track(store, "root", vec![revision.clone()]);
    for name in ["root", "p1", "p2"] {
        assert_eq!(store.revision_of(&id(name)).unwrap(), Some(revision.clone()), "{name}");
    }
    assert_eq!(store.revision_of(&id("p3")).unwrap(), None);
}

fn replaces(store: &mut dyn Store) {
    keep_apart(store, &[mail("a", 0), mail("b", 1)]);
    track(store, "a", vec![revision("a", 0, &["p1"]), revision("a2", 1, &[])]);
    track(store, "b", vec![revision("b", 2, &[])]);
    track(store, "a", vec![revision("a", 0, &["p2"])]);
    assert_eq!(roots(&store.revisions(Span::ALL).unwrap()), "a b");
    assert_eq!(store.revision_of(&id("p1")).unwrap(), None);
    assert!(store.revision_of(&id("p2")).unwrap().is_some());
}

fn with_keys(root: &str, keys: &[i64]) -> Posted {
    let keys = keys.iter().copied().map(ClueKey).collect();
    let clues =
        Clues { change_id: Some(root.to_owned()), lines: vec![1, 5], keys, ..Clues::default() };
    Posted { revision: revision(root, 0, &[]), clues }
}

fn alike(store: &mut dyn Store) {
    keep_apart(store, &[mail("a", 0)]);
    let key = store.thread_keys(&[id("a")]).unwrap()[&id("a")];
    let revisions = vec![with_keys("z", &[-7, 8]), with_keys("y", &[8]), with_keys("x", &[9])];
    let tracked = Tracked {
        key,
        thread: summary("a"),
        revisions: revisions.clone(),
        told: crate::Told::default(),
    };
    store.put_tracked(std::slice::from_ref(&tracked)).unwrap();
    let found = |keys: &[i64]| {
        let keys: Vec<_> = keys.iter().copied().map(ClueKey).collect();
        store.alike(&keys).unwrap()
    };
    assert_eq!(found(&[8, -7]), [revisions[1].clone(), revisions[0].clone()], "each once");
    assert_eq!(found(&[9]), [revisions[2].clone()], "the clues come back exactly");
    assert!(found(&[10]).is_empty());
    store.put_tracked(&[Tracked { revisions: vec![], ..tracked }]).unwrap();
    assert!(store.alike(&[ClueKey(8)]).unwrap().is_empty(), "clues go with their revision");
}

fn by_thread_and_series(store: &mut dyn Store) {
    keep_apart(store, &[mail("a", 0), mail("b", 1)]);
    let mut second = revision("b", 1, &[]);
    second.series = SeriesId(id("a"));
    track(store, "a", vec![revision("a", 0, &[])]);
    track(store, "b", vec![second.clone()]);
    let keys = store.thread_keys(&[id("a"), id("b")]).unwrap();
    assert_eq!(store.revisions_in(&[keys[&id("b")]]).unwrap(), [second]);
    let all: Vec<_> =
        store.of_series(&[SeriesId(id("a"))]).unwrap().into_iter().map(|p| p.revision).collect();
    assert_eq!(roots(&all), "a b");
    assert!(store.of_series(&[SeriesId(id("b"))]).unwrap().is_empty());
}

fn in_span(store: &mut dyn Store) {
    keep_apart(store, &[mail("a", 0)]);
    let all = [("late", 9), ("b", 5), ("a", 5), ("early", 1)];
    track(store, "a", all.iter().map(|(name, at)| revision(name, *at, &[])).collect());
    assert_eq!(roots(&store.revisions(span(1, 9)).unwrap()), "early a b");
    assert_eq!(roots(&store.revisions(Span::ALL).unwrap()), "early a b late");
}

fn put_revisions(store: &mut dyn Store) {
    keep_apart(store, &[mail("a", 0), mail("b", 1)]);
    track(store, "a", vec![revision("a", 0, &["p1"])]);
    let mut linked = revision("a", 0, &["p1"]);
    linked.series = SeriesId(id("older"));
    linked.state = State::Superseded { by: id("b") };
    store.put_revisions(std::slice::from_ref(&linked)).unwrap();
    store.put_revisions(std::slice::from_ref(&linked)).unwrap();
    assert_eq!(store.revisions(Span::ALL).unwrap(), [linked.clone()]);
    assert_eq!(store.revision_of(&id("p1")).unwrap(), Some(linked));
    track(store, "a", vec![]);
    assert!(store.revisions(Span::ALL).unwrap().is_empty(), "it belongs to its thread");
    assert!(store.put_revisions(&[revision("nowhere", 0, &[])]).is_err());
}

fn atomic(store: &mut dyn Store) {
    keep_apart(store, &[mail("a", 0)]);
    track(store, "a", vec![revision("a", 0, &[])]);
    let key = store.thread_keys(&[id("a")]).unwrap()[&id("a")];
    let good = Tracked {
        key,
        thread: summary("changed"),
        revisions: vec![],
        told: crate::Told::default(),
    };
    let bad = Tracked { key: lorecast_model::ThreadKey(key.0 + 99), ..good.clone() };
    assert!(store.put_tracked(&[good, bad]).is_err());
    assert_eq!(store.threads(Span::ALL).unwrap(), [summary("a")]);
    assert_eq!(roots(&store.revisions(Span::ALL).unwrap()), "a");
}

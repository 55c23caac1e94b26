//! Patches, trees, and what landed in them.

use std::fmt::Write as _;

use lorecast_model::{
    ClueKey, Clues, CommitId, Event, Landing, Match, MessageId, Posted, Proof, PullRequest,
    Released, TreeRole, What,
};

use super::Case;
use super::build::*;
use crate::{
    FoundLanding, Holding, KeptCommit, Landed, Matter, Merge, Pull, Span, Store, StoreError, Told,
    Tracked, TreeStep,
};

pub(super) const CASES: &[Case] = &[
    ("events and pull requests come back exactly, and go with their thread", told),
    ("a notice is found by what it names, and touches that thread once", notices),
    ("patches are found by a key, and new ones make commits stale", patches),
    ("a tree remembers where it stood and what it held", trees),
    ("a landing knows its tree, its release, and what became of it", landings),
    ("what a mail says of a commit never replaces what a tree says", hearsay),
    ("a notice and what it is about may come together", together),
    ("a later posting of what a notice names touches the earlier ones once", later),
    ("a revert that was reverted undoes nothing", again),
    ("a patch that is gone takes its landings along", gone_patch),
    ("a removed tree takes commits along that no other holds", removed_tree),
    ("a merge is found by what it joined", merges),
    ("what a visitor of landings fails with comes out", stopped),
];

fn commit(letter: char) -> CommitId {
    CommitId::new(&letter.to_string().repeat(40)).unwrap()
}

fn kept(letter: char, keys: &[i64]) -> KeptCommit {
    KeptCommit {
        id: commit(letter),
        date: minute(letter as i64),
        title: format!("net: {letter}"),
        matter: matter(&letter.to_string(), keys),
        reverts: None,
        origin: None,
        hearsay: false,
    }
}

fn matter(text: &str, keys: &[i64]) -> Matter {
    Matter { keys: keys.iter().copied().map(ClueKey).collect(), bytes: text.as_bytes().to_vec() }
}

fn step(tree: &str, commits: Vec<KeptCommit>) -> TreeStep {
    TreeStep { tree: tree.to_owned(), commits, ..TreeStep::default() }
}

fn tell(store: &mut dyn Store, name: &str, told: Told) {
    let key = store.thread_keys(&[id(name)]).unwrap()[&id(name)];
    store.put_tracked(&[Tracked { key, thread: summary(name), revisions: vec![], told }]).unwrap();
}

fn with_patches(patches: &[(&str, &str, &[i64])]) -> Told {
    let patch = |(name, text, keys): &(&str, &str, &[i64])| (id(name), matter(text, keys));
    Told { patches: patches.iter().map(patch).collect(), ..Told::default() }
}

fn found(message: &str, score: f64) -> Option<FoundLanding> {
    Some(FoundLanding { message: id(message), how: Match::PatchId, score })
}

/// Every landing as `message tree commit score`.
fn all(store: &dyn Store, span: Span) -> String {
    let mut text = String::new();
    let mut visit = |landing: Landing| {
        let Landing { message, tree, commit, score, .. } = landing;
        let name = message.as_str().split('@').next().unwrap();
        write!(text, "{name} {tree} {} {score}; ", &commit.as_str()[..1]).unwrap();
        Ok(())
    };
    store.each_landing(span, &mut visit).unwrap();
    text
}

fn stale(store: &dyn Store) -> String {
    let all = store.stale_commits(99).unwrap();
    assert_eq!(all.len() as u64, store.stale_commit_count().unwrap());
    all.iter().map(|(id, _)| &id.as_str()[..1]).collect()
}

fn told(store: &mut dyn Store) {
    keep_apart(store, &[mail("a", 0), mail("b", 1)]);
    let what = What::Applied { tree: "net".to_owned(), commit: Some("abc".to_owned()) };
    let (who, proof) = ("Ada".to_owned(), Proof::Message(id("thanks")));
    let events = vec![Event { date: minute(3), what, who, proof, patches: vec![2] }];
    let request =
        PullRequest { tip: Some(commit('a')), url: "git://x".to_owned(), ..Default::default() };
    let pull = Pull {
        id: id("b"),
        title: "net".to_owned(),
        from: person("Grace"),
        date: minute(1),
        request,
    };
    let pulls = vec![pull.clone()];
    tell(store, "a", Told { events: vec![(id("a"), events.clone())], ..Told::default() });
    tell(store, "b", Told { pulls, ..Told::default() });
    assert_eq!(store.events(&id("a")).unwrap(), events);
    assert!(store.events(&id("b")).unwrap().is_empty());
    assert_eq!(store.pulls(span(1, 2)).unwrap(), std::slice::from_ref(&pull));
    assert_eq!(store.pull(&id("b")).unwrap(), Some(pull));
    assert_eq!(store.pull(&id("a")).unwrap(), None);
    assert!(store.pulls(span(2, 9)).unwrap().is_empty());
    tell(store, "a", Told::default());
    assert!(store.events(&id("a")).unwrap().is_empty());
}

fn notices(store: &mut dyn Store) {
    keep_apart(store, &[mail("a", 0), mail("b", 1)]);
    let clues = Clues { keys: vec![ClueKey(4)], ..Clues::default() };
    let revisions = vec![Posted { revision: revision("a", 0, &[]), clues }];
    let keys = store.thread_keys(&[id("a"), id("b")]).unwrap();
    let key = keys[&id("a")];
    store
        .put_tracked(&[Tracked { key, thread: summary("a"), revisions, told: Told::default() }])
        .unwrap();
    let twice = vec![ClueKey(4), ClueKey(4)];
    let told = Told { notices: vec![(id("b"), twice)], ..Told::default() };
    tell(store, "b", told.clone());
    assert_eq!(store.stale_threads(9).unwrap(), [key], "what it is about is read again");
    assert_eq!(store.notices(&[ClueKey(3), ClueKey(4)], key).unwrap(), [id("b")]);
    assert!(store.notices(&[ClueKey(4)], keys[&id("b")]).unwrap().is_empty());
    tell(store, "a", Told::default());
    tell(store, "b", told);
    assert_eq!(store.stale_count().unwrap(), 0, "it said nothing new");
}

fn patches(store: &mut dyn Store) {
    keep_apart(store, &[mail("p", 0), mail("q", 1)]);
    store.put_tree(&step("net", vec![kept('a', &[1, 2]), kept('b', &[3])])).unwrap();
    assert_eq!(stale(store), "ab");
    assert_eq!(store.stale_commits(1).unwrap(), [(commit('a'), matter("a", &[1, 2]))]);
    store.put_landings(&[(commit('a'), None), (commit('b'), None)]).unwrap();
    assert_eq!(stale(store), "");
    let told = with_patches(&[("p", "first", &[2, 9])]);
    tell(store, "p", told.clone());
    assert_eq!(stale(store), "a", "a patch came that it may be");
    let alike = |store: &dyn Store, key| store.patches_like(&[ClueKey(key), ClueKey(9)]).unwrap();
    assert_eq!(alike(store, 2), [b"first".to_vec()], "once");
    store.put_landings(&[(commit('a'), None)]).unwrap();
    tell(store, "p", told);
    assert_eq!(stale(store), "", "nothing changed");
    store.put_tree(&step("tip", vec![kept('a', &[1, 2])])).unwrap();
    assert_eq!(stale(store), "", "known from another tree");
    tell(store, "p", Told::default());
    assert!(alike(store, 2).is_empty());
}

fn trees(store: &mut dyn Store) {
    let mut first = step("net", vec![kept('a', &[]), kept('b', &[])]);
    store.put_tree(&first).unwrap();
    assert_eq!(store.trees().unwrap()[0].tips, None, "more steps follow");
    first.tips = Some("here".to_owned());
    store.put_tree(&first).unwrap();
    let dropped = TreeStep { gone: vec![commit('a')], role: TreeRole::Next, ..step("net", vec![]) };
    store.put_tree(&dropped).unwrap();
    let state = store.trees().unwrap().remove(0);
    assert_eq!((state.tips.as_deref(), state.role), (Some("here"), TreeRole::Next));
    assert_eq!((state.commits, state.gone), (2, 1));
    assert_eq!(store.held_by("net").unwrap(), [commit('b')]);
    store.put_tree(&step("net", vec![kept('a', &[])])).unwrap();
    assert_eq!(store.held_by("net").unwrap(), [commit('a'), commit('b')], "it came back");
}

fn hearsay(store: &mut dyn Store) {
    let told = KeptCommit { hearsay: true, title: "as a mail says".to_owned(), ..kept('a', &[7]) };
    store.put_tree(&step("tip", vec![told.clone()])).unwrap();
    store.put_tree(&step("linus", vec![kept('a', &[1])])).unwrap();
    store.put_tree(&step("tip", vec![told])).unwrap();
    assert_eq!(store.stale_commits(9).unwrap(), [(commit('a'), matter("a", &[1]))]);
    assert_eq!(store.held_by("tip").unwrap(), [commit('a')]);
}

fn later(store: &mut dyn Store) {
    keep_apart(store, &[mail("a", 0), mail("b", 1), mail("c", 2)]);
    let keys = store.thread_keys(&[id("a"), id("b"), id("c")]).unwrap();
    let posted = |name: &str| {
        let clues = Clues { keys: vec![ClueKey(4)], ..Clues::default() };
        let revisions = vec![Posted { revision: revision(name, 0, &[]), clues }];
        let (key, told) = (keys[&id(name)], Told::default());
        Tracked { key, thread: summary(name), revisions, told }
    };
    store.put_tracked(&[posted("a")]).unwrap();
    tell(store, "c", Told { notices: vec![(id("c"), vec![ClueKey(4)])], ..Told::default() });
    store.put_tracked(&[posted("a")]).unwrap();
    store.put_tracked(&[posted("b")]).unwrap();
    assert_eq!(store.stale_threads(9).unwrap(), [keys[&id("a")]], "it may be about the other");
    store.put_tracked(&[posted("a"), posted("b")]).unwrap();
    assert_eq!(store.stale_count().unwrap(), 0, "nothing is new");
}

fn together(store: &mut dyn Store) {
    keep_apart(store, &[mail("a", 0), mail("b", 1)]);
    let clues = Clues { keys: vec![ClueKey(4)], ..Clues::default() };
    let posted = Posted { revision: revision("b", 1, &[]), clues };
    let keys = store.thread_keys(&[id("a"), id("b")]).unwrap();
    let told = Told { notices: vec![(id("a"), vec![ClueKey(4)])], ..Told::default() };
    let notice = Tracked { key: keys[&id("a")], thread: summary("a"), revisions: vec![], told };
    let (key, told) = (keys[&id("b")], Told::default());
    let patch = Tracked { key, thread: summary("b"), revisions: vec![posted], told };
    store.put_tracked(&[notice, patch]).unwrap();
    assert_eq!(store.stale_threads(9).unwrap(), [key], "it did not see the notice yet");
}

fn again(store: &mut dyn Store) {
    keep_apart(store, &[mail("p", 0)]);
    tell(store, "p", with_patches(&[("p", "p", &[1])]));
    let undo = KeptCommit { reverts: Some("a".repeat(40)), ..kept('b', &[]) };
    let redo = KeptCommit { reverts: Some("b".repeat(40)), ..kept('c', &[]) };
    store.put_tree(&step("linus", vec![kept('a', &[1]), undo])).unwrap();
    store.put_landings(&[(commit('a'), found("p", 1.0))]).unwrap();
    assert_eq!(store.landed(&id("p")).unwrap()[0].reverted.len(), 1);
    store.put_tree(&step("linus", vec![redo])).unwrap();
    assert!(store.landed(&id("p")).unwrap()[0].reverted.is_empty(), "the revert was reverted");
}

fn landings(store: &mut dyn Store) {
    keep_apart(store, &[mail("p", 0), mail("q", 5)]);
    tell(store, "p", with_patches(&[("p", "p", &[1])]));
    tell(store, "q", with_patches(&[("q", "q", &[1])]));
    let undo = KeptCommit { reverts: Some("a".repeat(12)), ..kept('c', &[]) };
    let backport = KeptCommit { origin: Some("a".repeat(40)), ..kept('d', &[]) };
    let released = Released { tag: Some("v6.4-rc1".to_owned()), release: Some("v6.4".to_owned()) };
    store
        .put_tree(&TreeStep {
            role: TreeRole::Mainline,
            released: vec![(commit('a'), released.clone())],
            entered: vec![(commit('a'), minute(300))],
            ..step("linus", vec![kept('a', &[1]), undo])
        })
        .unwrap();
    store.put_tree(&step("stable", vec![backport])).unwrap();
    store.put_landings(&[(commit('a'), found("p", 0.9))]).unwrap();
    store.put_landings(&[(commit('a'), found("q", 1.0))]).unwrap();
    assert_eq!(all(store, Span::ALL), "q linus a 1; ");
    assert_eq!(store.posted_as(&[commit('c'), commit('a')]).unwrap(), [id("q")]);
    assert_eq!(all(store, span(5, 6)), "q linus a 1; ", "by the date of the mail");
    let Landed { landing, holding, reverted, carried } = store.landed(&id("q")).unwrap().remove(0);
    assert_eq!((landing.how, landing.score), (Match::PatchId, 1.0));
    assert_eq!(
        (holding.role, holding.gone, holding.released),
        (TreeRole::Mainline, false, released)
    );
    assert_eq!((holding.title.as_str(), holding.date), ("net: a", minute(300)));
    let names = |holdings: &[Holding]| -> String {
        holdings.iter().map(|h| format!("{} {}", h.tree, &h.commit.as_str()[..1])).collect()
    };
    assert_eq!((names(&reverted), names(&carried)), ("linus c".to_owned(), "stable d".to_owned()));
    store.put_tree(&TreeStep { gone: vec![commit('a')], ..step("linus", vec![]) }).unwrap();
    assert_eq!(all(store, Span::ALL), "", "dropped");
    assert!(store.landed(&id("q")).unwrap()[0].holding.gone, "and not forgotten");
}

fn gone_patch(store: &mut dyn Store) {
    keep_apart(store, &[mail("p", 0)]);
    tell(store, "p", with_patches(&[("p", "p", &[1])]));
    store.put_tree(&step("net", vec![kept('a', &[1])])).unwrap();
    store.put_landings(&[(commit('a'), found("p", 1.0))]).unwrap();
    tell(store, "p", Told::default());
    assert_eq!((all(store, Span::ALL), stale(store)), (String::new(), "a".to_owned()));
}

fn removed_tree(store: &mut dyn Store) {
    keep_apart(store, &[mail("p", 0)]);
    tell(store, "p", with_patches(&[("p", "p", &[1])]));
    store.put_tree(&step("net", vec![kept('a', &[1]), kept('b', &[])])).unwrap();
    store.put_tree(&step("tip", vec![kept('b', &[])])).unwrap();
    store.put_landings(&[(commit('a'), found("p", 1.0))]).unwrap();
    store.remove_tree("net").unwrap();
    assert_eq!(all(store, Span::ALL), "");
    assert_eq!(stale(store), "b");
    assert_eq!(store.trees().unwrap().len(), 1);
}

fn merges(store: &mut dyn Store) {
    let merge =
        Merge { id: commit('e'), tip: commit('b'), brought: vec![commit('a'), commit('b')] };
    store
        .put_tree(&TreeStep { merges: vec![merge], ..step("linus", vec![kept('e', &[])]) })
        .unwrap();
    let found = store.merged(&commit('b')).unwrap();
    assert_eq!((found.len(), &found[0].0.commit), (1, &commit('e')));
    assert_eq!(found[0].1, [commit('a'), commit('b')]);
    assert!(store.merged(&commit('a')).unwrap().is_empty());
}

fn stopped(store: &mut dyn Store) {
    keep_apart(store, &[mail("p", 0)]);
    tell(store, "p", with_patches(&[("p", "p", &[1])]));
    store.put_tree(&step("net", vec![kept('a', &[1])])).unwrap();
    store.put_landings(&[(commit('a'), found("p", 1.0))]).unwrap();
    let end = store.each_landing(Span::ALL, &mut |_| Err(StoreError::Stopped));
    assert!(matches!(end, Err(StoreError::Stopped)));
    let missing = MessageId::new("nobody").unwrap();
    assert!(store.landed(&missing).unwrap().is_empty());
}

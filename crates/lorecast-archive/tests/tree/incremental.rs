//! A second reading yields only what is new.

use std::ops::ControlFlow;

use jiff::Timestamp;
use lorecast_archive::{Span, Tips};

use crate::reading::{open, read, repo, since, tips, titles, try_read};

#[test]
fn commits_come_once_and_oldest_first() {
    let (_room, repo) = repo();
    repo.commit("one").file("a", "1\n").make();
    repo.commit("two").file("a", "2\n").make();
    let (first, known) = read(&repo, &Tips::default());
    assert_eq!(titles(&first), ["one", "two"]);
    assert_eq!(titles(&read(&repo, &known).0), [""; 0]);
    repo.commit("three").file("a", "3\n").make();
    let (second, _) = read(&repo, &known);
    assert_eq!(titles(&second), ["three"]);
    assert_eq!(second[0].parents, [first[1].id.clone()]);
}

#[test]
fn parents_come_before_children_whatever_their_dates() {
    let (_room, repo) = repo();
    repo.commit("late").at(1_690_000_000).make();
    repo.commit("early").at(1_680_000_000).make();
    repo.switch("side");
    repo.commit("side").at(1_685_000_000).make();
    repo.switch("master");
    repo.commit("next").at(1_686_000_000).make();
    repo.merge("side", "merge");
    assert_eq!(
        titles(&read(&repo, &Tips::default()).0),
        ["late", "early", "side", "next", "merge"]
    );
}

#[test]
fn a_new_branch_on_old_commits_brings_only_its_own() {
    let (_room, repo) = repo();
    repo.commit("one").make();
    repo.commit("two").make();
    let known = tips(&repo);
    repo.git(&["branch", "old", "HEAD~1"]);
    repo.switch("side");
    repo.commit("three").make();
    let (commits, now) = read(&repo, &known);
    assert_eq!(titles(&commits), ["three"]);
    assert_eq!(now.branches().count(), 3);
}

#[test]
fn what_is_older_than_asked_for_is_left_out() {
    let (_room, repo) = repo();
    repo.commit("old").at(since("2022-01-01T00:00:00Z").as_second()).make();
    repo.commit("new").at(since("2023-01-01T00:00:00Z").as_second()).make();
    let (before, now) = (Tips::default(), tips(&repo));
    let span = Span { before: &before, now: &now, since: since("2022-06-01T00:00:00Z") };
    assert_eq!(titles(&try_read(&open(&repo.path), &span).unwrap().0), ["new"]);
}

#[test]
fn a_rewritten_branch_brings_what_it_did_not_have() {
    let (_room, repo) = repo();
    repo.commit("base").file("a", "0\n").make();
    repo.commit("dropped").file("b", "0\n").make();
    repo.commit("kept").file("c", "0\n").make();
    let (_, known) = read(&repo, &Tips::default());
    repo.git(&["rebase", "-q", "--onto", "HEAD~2", "HEAD~1", "master"]);
    assert_eq!(titles(&read(&repo, &known).0), ["kept"]);
    // The old commits are gone: what is still there comes again.
    repo.forget();
    assert_eq!(titles(&read(&repo, &known).0), ["base", "kept"]);
}

#[test]
fn a_reading_can_be_stopped_and_tells_how_far_it_is() {
    let (_room, repo) = repo();
    (0..4).for_each(|at| drop(repo.commit(&format!("{at}")).make()));
    let (before, now) = (Tips::default(), tips(&repo));
    let span = Span { before: &before, now: &now, since: Timestamp::MIN };
    let (mut seen, mut heard) = (0, Vec::new());
    let stop = &mut |_| {
        seen += 1;
        if seen == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    open(&repo.path).each_new(&span, &mut |done, total| heard.push((done, total)), stop).unwrap();
    assert_eq!((seen, heard), (2, vec![(0, 4), (1, 4), (2, 4)]));
}

#[test]
fn tips_are_kept_as_text() {
    let (_room, repo) = repo();
    repo.commit("one").make();
    repo.tag("v1.0");
    let known = tips(&repo);
    let text = serde_json::to_string(&known).unwrap();
    assert!(text.starts_with("{\"refs/heads/master\":\""), "{text}");
    assert_eq!(serde_json::from_str::<Tips>(&text).unwrap(), known);
}

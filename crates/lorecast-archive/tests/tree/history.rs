//! The commits of a release, and of a span of time.

use std::ops::ControlFlow;

use lorecast_archive::History;
use lorecast_testkit::tree::Repo;

use crate::reading::{open, repo};

/// 1 April 2023, in seconds of Unix.
const APRIL: i64 = 1_680_307_200;

fn check(repo: &Repo, history: &History, titles: &[&str]) {
    let mut found = Vec::new();
    open(&repo.path)
        .each_of(history, &mut |_, _| (), &mut |commit| {
            found.push(commit.title().to_owned());
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(found, titles, "{history:?}");
}

fn commit_and_tag(repo: &Repo, title: &str, tag: &str) {
    repo.commit(title).make();
    repo.tag(tag);
}

#[test]
fn a_release_holds_what_no_earlier_one_does() {
    let (_room, repo) = repo();
    commit_and_tag(&repo, "a", "v6.2");
    repo.switch("stable");
    commit_and_tag(&repo, "fix", "v6.2.1");
    repo.switch("main");
    commit_and_tag(&repo, "b", "v6.3-rc1");
    commit_and_tag(&repo, "c", "v6.3-rc2");
    commit_and_tag(&repo, "d", "v6.3");
    commit_and_tag(&repo, "e", "v6.10");
    let release = |tag: &str| History::Release(tag.to_owned());
    check(&repo, &release("v6.3"), &["b", "c", "d"]);
    check(&repo, &release("v6.3-rc2"), &["c"]);
    check(&repo, &release("v6.2.1"), &["fix"]);
    check(&repo, &release("v6.10"), &["e"]);
}

#[test]
fn days_are_from_the_first_to_before_the_last() {
    let (_room, repo) = repo();
    for day in 0..4 {
        repo.commit(&format!("day {day}")).at(APRIL + day * 86_400).make();
    }
    let at = |day: i64| jiff::Timestamp::from_second(APRIL + day * 86_400).unwrap();
    check(&repo, &History::Days { from: at(1), to: at(3) }, &["day 1", "day 2"]);
    check(&repo, &History::Days { from: at(9), to: at(10) }, &[]);
}

#[test]
fn an_unknown_release_names_the_newest() {
    let (_room, repo) = repo();
    commit_and_tag(&repo, "a", "v6.2");
    let history = History::Release("v6.9".to_owned());
    let visit = &mut |_| ControlFlow::Continue(());
    let error = open(&repo.path).each_of(&history, &mut |_, _| (), visit).unwrap_err();
    let says = error.to_string();
    assert!(says.ends_with("has no release `v6.9`: the newest are `v6.2`"), "{says}");
}

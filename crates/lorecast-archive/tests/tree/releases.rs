//! The releases that commits came out in.

use lorecast_archive::{Span, Tips};
use lorecast_testkit::tree::Repo;

use crate::reading::{all, open, repo, since, tips};

/// Title, first tag and first final release of each commit that a reading since some tips yields.
fn released(repo: &Repo, span: &Span<'_>) -> Vec<String> {
    let mut all = Vec::new();
    let visit = &mut |commit, released: lorecast_model::Released| all.push((commit, released));
    open(&repo.path).releases(span, visit).unwrap();
    let title = |commit: &lorecast_model::CommitId| {
        repo.git(&["log", "-1", "--format=%s", commit.as_str()])
    };
    let text = |name: Option<String>| name.unwrap_or_else(|| "-".to_owned());
    let mut lines: Vec<String> = all
        .into_iter()
        .map(|(id, released)| {
            format!("{} {} {}", title(&id), text(released.tag), text(released.release))
        })
        .collect();
    lines.sort();
    lines
}

fn commit_and_tag(repo: &Repo, title: &str, tag: &str) {
    repo.commit(title).make();
    repo.tag(tag);
}

#[test]
fn the_first_tag_and_the_first_final_release() {
    let (_room, repo) = repo();
    commit_and_tag(&repo, "a", "v6.3");
    commit_and_tag(&repo, "b", "v6.4-rc1");
    commit_and_tag(&repo, "c", "v6.4");
    repo.commit("d").make();
    let lines = released(&repo, &all(&Tips::default(), &tips(&repo)));
    assert_eq!(lines, ["a v6.3 v6.3", "b v6.4-rc1 v6.4", "c v6.4 v6.4"]);
}

#[test]
fn only_what_a_new_tag_says() {
    let (_room, repo) = repo();
    commit_and_tag(&repo, "a", "v6.3");
    commit_and_tag(&repo, "b", "v6.4-rc1");
    let first = tips(&repo);
    commit_and_tag(&repo, "c", "v6.4-rc2");
    let second = tips(&repo);
    assert_eq!(released(&repo, &all(&first, &second)), ["c v6.4-rc2 -"]);
    repo.tag("v6.4");
    let third = tips(&repo);
    assert_eq!(released(&repo, &all(&second, &third)), ["b - v6.4", "c - v6.4"]);
    assert_eq!(released(&repo, &all(&third, &third)), [""; 0]);
}

#[test]
fn versions_order_tags_not_dates() {
    let (_room, repo) = repo();
    commit_and_tag(&repo, "a", "v6.9");
    repo.switch("linux-6.9.y");
    repo.switch("master");
    commit_and_tag(&repo, "b", "v6.10");
    repo.switch("linux-6.9.y");
    commit_and_tag(&repo, "c", "v6.9.1");
    let lines = released(&repo, &all(&Tips::default(), &tips(&repo)));
    assert_eq!(lines, ["a v6.9 v6.9", "b v6.10 v6.10", "c v6.9.1 v6.9.1"]);
}

#[test]
fn an_older_version_that_comes_late_is_the_first_one() {
    let (_room, repo) = repo();
    repo.commit("a").make();
    commit_and_tag(&repo, "b", "2.0");
    let known = tips(&repo);
    repo.git(&["tag", "1.9", "HEAD~1"]);
    assert_eq!(released(&repo, &all(&known, &tips(&repo))), ["a 1.9 1.9"]);
}

#[test]
fn tags_that_are_no_releases() {
    let (_room, repo) = repo();
    commit_and_tag(&repo, "a", "next-20230403");
    repo.tag("for-linus");
    repo.git(&["tag", "v1-tree", "HEAD^{tree}"]);
    commit_and_tag(&repo, "b", "2.4-beta1");
    let lines = released(&repo, &all(&Tips::default(), &tips(&repo)));
    assert_eq!(lines, ["a 2.4-beta1 -", "b 2.4-beta1 -"]);
}

#[test]
fn projects_in_one_tree_are_woven_by_date() {
    let (_room, repo) = repo();
    commit_and_tag(&repo, "a", "zoo-0.9");
    commit_and_tag(&repo, "b", "bar-5.0");
    commit_and_tag(&repo, "c", "zoo-0.10");
    let lines = released(&repo, &all(&Tips::default(), &tips(&repo)));
    assert_eq!(lines, ["a zoo-0.9 zoo-0.9", "b bar-5.0 bar-5.0", "c zoo-0.10 zoo-0.10"]);
}

#[test]
fn old_commits_are_left_out() {
    let (_room, repo) = repo();
    repo.commit("old").at(since("2021-01-01T00:00:00Z").as_second()).make();
    repo.commit("new").at(since("2023-01-01T00:00:00Z").as_second()).make();
    repo.tag("v1");
    let (before, now) = (Tips::default(), tips(&repo));
    let span = Span { before: &before, now: &now, since: since("2022-01-01T00:00:00Z") };
    assert_eq!(released(&repo, &span), ["new v1 v1"]);
}

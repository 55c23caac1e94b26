//! What merges and pulls brought.

use std::ops::ControlFlow;

use lorecast_archive::{Brought, Tips};
use lorecast_model::{Commit, CommitId};
use lorecast_testkit::tree::Repo;

use crate::reading::{all, open, repo, tips};

fn titles(repo: &Repo, brought: &Brought) -> Vec<String> {
    let title = |id: &CommitId| repo.git(&["log", "-1", "--format=%s", id.as_str()]);
    assert!(!brought.cut);
    brought.commits.iter().map(title).collect()
}

#[test]
fn a_merge_brings_what_its_first_parent_lacks() {
    let (_room, repo) = repo();
    let base = repo.commit("base").make();
    repo.switch("one");
    repo.commit("a").make();
    repo.commit("b").make();
    repo.git(&["switch", "-q", "-c", "two", base.as_str()]);
    repo.commit("c").make();
    repo.switch("master");
    let own = repo.commit("own").make();
    repo.git(&["merge", "-q", "-m", "octopus", "one", "two"]);
    let octopus = repo.head();
    let tree = open(&repo.path);
    assert_eq!(titles(&repo, &tree.brought(&octopus).unwrap()), ["a", "b", "c"]);
    assert_eq!(titles(&repo, &tree.brought(&own).unwrap()), [""; 0]);
    assert_eq!(titles(&repo, &tree.brought(&base).unwrap()), [""; 0]);
    assert_eq!(titles(&repo, &tree.between(&own, &octopus).unwrap()), ["a", "b", "c", "octopus"]);
}

#[test]
fn a_merge_of_merges_brings_all_of_them() {
    let (_room, repo) = repo();
    repo.commit("base").make();
    repo.switch("inner");
    repo.commit("a").make();
    repo.git(&["switch", "-q", "-c", "outer", "master"]);
    repo.merge("inner", "inner merge");
    repo.switch("master");
    let merge = repo.merge("outer", "outer merge");
    assert_eq!(titles(&repo, &open(&repo.path).brought(&merge).unwrap()), ["a", "inner merge"]);
}

#[test]
fn a_merge_can_be_asked_about_while_commits_are_read() {
    let (_room, repo) = repo();
    repo.commit("base").make();
    repo.switch("side");
    repo.commit("a").make();
    repo.switch("master");
    repo.merge("side", "merge");
    let (tree, now) = (open(&repo.path), tips(&repo));
    let mut brought = Vec::new();
    let visit = &mut |commit: Commit| {
        brought.push(tree.brought(&commit.id).unwrap().commits.len());
        ControlFlow::Continue(())
    };
    tree.each_new(&all(&Tips::default(), &now), &mut |_, _| (), visit).unwrap();
    assert_eq!(brought, [0, 0, 1]);
}

#[test]
fn an_unknown_merge_is_named() {
    let (_room, repo) = repo();
    repo.commit("base").make();
    let unknown = CommitId::new(&"7".repeat(40)).unwrap();
    let error = open(&repo.path).brought(&unknown).unwrap_err().to_string();
    assert!(error.contains(unknown.as_str()), "{error}");
    let sha256 = CommitId::new(&"7".repeat(64)).unwrap();
    assert!(open(&repo.path).brought(&sha256).is_err());
}

//! Commits that were in a branch and are not any more.

use lorecast_archive::{Gone, Tips};

use crate::reading::{all, open, repo, tips};

#[test]
fn commits_that_a_forced_push_left_behind() {
    let (_room, repo) = repo();
    let base = repo.commit("base").make();
    let one = repo.commit("one").make();
    let two = repo.commit("two").make();
    let known = tips(&repo);
    repo.reset(base.as_str());
    repo.commit("other").make();
    let tree = open(&repo.path);
    let span = all(&known, &tips(&repo));
    assert_eq!(tree.gone(&span).unwrap(), Gone::Commits(vec![one, two]));
    assert_eq!(tree.gone(&all(&Tips::default(), &known)).unwrap(), Gone::Commits(vec![]));
    assert_eq!(tree.gone(&all(&known, &known)).unwrap(), Gone::Commits(vec![]));
}

#[test]
fn commits_that_moved_to_another_branch_are_not_gone() {
    let (_room, repo) = repo();
    let base = repo.commit("base").make();
    repo.switch("for-next");
    repo.commit("one").make();
    let known = tips(&repo);
    repo.switch("master");
    repo.merge("for-next", "merge");
    repo.git(&["branch", "-f", "for-next", base.as_str()]);
    assert_eq!(open(&repo.path).gone(&all(&known, &tips(&repo))).unwrap(), Gone::Commits(vec![]));
}

#[test]
fn a_deleted_branch_takes_its_commits_with_it() {
    let (_room, repo) = repo();
    repo.commit("base").make();
    repo.switch("side");
    let side = repo.commit("side").make();
    let known = tips(&repo);
    repo.switch("master");
    repo.git(&["branch", "-D", "side"]);
    let gone = open(&repo.path).gone(&all(&known, &tips(&repo))).unwrap();
    assert_eq!(gone, Gone::Commits(vec![side]));
}

#[test]
fn what_was_thrown_away_is_asked_for_by_name() {
    let (_room, repo) = repo();
    let base = repo.commit("base").make();
    let dropped = repo.commit("dropped").make();
    let known = tips(&repo);
    repo.reset(base.as_str());
    let kept = repo.commit("kept").make();
    repo.forget();
    let (tree, now) = (open(&repo.path), tips(&repo));
    assert_eq!(tree.gone(&all(&known, &now)).unwrap(), Gone::Unknown);
    let asked = [dropped, kept, base];
    assert_eq!(tree.is_reachable(&now, &asked).unwrap(), [false, true, true]);
    assert_eq!(tree.is_reachable(&now, &[]).unwrap(), [false; 0]);
}

#[test]
fn a_commit_that_is_there_but_in_no_branch_is_not_reachable() {
    let (_room, repo) = repo();
    let base = repo.commit("base").make();
    let dropped = repo.commit("dropped").at(86_400).make();
    repo.reset(base.as_str());
    let reachable = open(&repo.path).is_reachable(&tips(&repo), &[dropped, base]);
    assert_eq!(reachable.unwrap(), [false, true]);
}

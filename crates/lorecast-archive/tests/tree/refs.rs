//! Which branches are followed, and where from.

use lorecast_archive::{Tips, Tree};
use lorecast_testkit::tree::Repo;

use crate::reading::{all, open, read, repo, room, tips, titles, try_read};

fn followed(repo: &Repo, patterns: &[&str]) -> Vec<String> {
    let patterns: Vec<String> = patterns.iter().map(|&p| p.to_owned()).collect();
    let tips = Tree::open(&repo.path, &patterns).unwrap().tips().unwrap();
    tips.0.into_keys().collect()
}

#[test]
fn patterns_choose_branches_and_leave_tags() {
    let (_room, repo) = repo();
    repo.commit("one").make();
    repo.tag("v1.0");
    repo.git(&["branch", "linux-6.1.y"]);
    repo.git(&["branch", "linux-6.3.y"]);
    assert_eq!(followed(&repo, &["master"]), ["refs/heads/master", "refs/tags/v1.0"]);
    let stable = ["refs/heads/linux-6.1.y", "refs/heads/linux-6.3.y", "refs/tags/v1.0"];
    assert_eq!(followed(&repo, &["linux-*.y"]), stable);
    assert_eq!(followed(&repo, &[]).len(), 4);
    let notices = Tree::open(&repo.path, &["master".into(), "main".into()]).unwrap().notices();
    let text = notices.unwrap()[0].to_string().replace(repo.path.as_str(), "TREE");
    insta::assert_snapshot!(text, @"no branch of the tree `TREE` matches `main`");
}

#[test]
fn branches_of_a_remote_are_followed_by_their_own_name() {
    let (_room, upstream) = repo();
    upstream.commit("one").make();
    let clone = upstream.cloned(&upstream.path.with_file_name("clone"), &[]);
    upstream.commit("two").make();
    clone.git(&["fetch", "-q"]);
    assert_eq!(followed(&clone, &["master"]), ["refs/heads/master", "refs/remotes/origin/master"]);
    assert_eq!(followed(&clone, &["origin/master"]), ["refs/remotes/origin/master"]);
    assert_eq!(titles(&read(&clone, &Tips::default()).0), ["one", "two"]);
}

#[test]
fn tags_with_a_message_stand_at_their_commit() {
    let (_room, repo) = repo();
    let one = repo.commit("one").make();
    repo.tag("v1.0");
    repo.git(&["tag", "-a", "-m", "again", "outer", "v1.0"]);
    repo.git(&["tag", "blob", "HEAD^{tree}"]);
    let tips = tips(&repo);
    let tags: Vec<_> = tips.tags().collect();
    assert_eq!(tags, [("outer", &one), ("v1.0", &one)]);
}

#[test]
fn bare_repositories_and_work_trees_and_borrowed_objects() {
    let (_room, repo) = repo();
    repo.commit("one").make();
    let beside = |name: &str| repo.path.with_file_name(name);
    let bare = repo.cloned(&beside("bare.git"), &["--bare"]);
    let borrowed = repo.cloned(&beside("borrowed"), &["--reference", repo.path.as_str()]);
    let work = beside("work");
    repo.git(&["worktree", "add", "-q", "-b", "side", work.as_str()]);
    for path in [&bare.path, &borrowed.path, &work] {
        let now = open(path).tips().unwrap();
        let (commits, _) = try_read(&open(path), &all(&Tips::default(), &now)).unwrap();
        assert_eq!(titles(&commits), ["one"], "{path}");
    }
}

#[test]
fn a_checkout_without_a_branch_is_followed() {
    let (_room, repo) = repo();
    repo.commit("one").make();
    repo.git(&["checkout", "-q", "--detach"]);
    repo.git(&["branch", "-D", "master"]);
    assert_eq!(followed(&repo, &[]), ["HEAD"]);
    assert_eq!(titles(&read(&repo, &Tips::default()).0), ["one"]);
}

#[test]
fn a_shallow_clone_is_read_as_far_as_it_goes() {
    let (_room, upstream) = repo();
    for title in ["one", "two", "three"] {
        upstream.commit(title).file("a", title).make();
    }
    let clone = upstream.cloned(&upstream.path.with_file_name("clone"), &["--depth", "2"]);
    let now = tips(&clone);
    let (commits, notices) = try_read(&open(&clone.path), &all(&Tips::default(), &now)).unwrap();
    assert_eq!(titles(&commits), ["two", "three"]);
    let diffs: Vec<usize> = commits.iter().map(|commit| commit.diffs.len()).collect();
    assert_eq!((diffs, commits[0].parents.len()), (vec![0, 1], 1));
    let text = notices[0].to_string().replace(clone.path.as_str(), "TREE");
    insta::assert_snapshot!(text, @"the tree `TREE` is a shallow clone, its older commits are missing: run `git -C TREE fetch --unshallow`");
}

#[test]
fn an_empty_clone_has_no_branch() {
    let (_room, path) = room();
    let repo = Repo::new(&path.join("empty"));
    let error = Tree::open(&repo.path, &[]).err().unwrap().to_string();
    assert!(error.contains("has no branch: run `git -C"), "{error}");
}

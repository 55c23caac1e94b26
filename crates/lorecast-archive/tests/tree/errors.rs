//! Trees that cannot be read: one clear error, and no panic.

use std::fs;

use lorecast_archive::{Tips, Tree, TreeError};
use lorecast_testkit::git;
use lorecast_testkit::tree::Repo;

use crate::reading::{all, open, repo, room, tips, try_read};

fn failure(repo: &Repo) -> (TreeError, String) {
    let now = tips(repo);
    let error = try_read(&open(&repo.path), &all(&Tips::default(), &now)).unwrap_err();
    let text = error.to_string().replace(repo.path.as_str(), "TREE");
    (error, text)
}

#[test]
fn nothing_or_something_else_at_the_path() {
    let (_room, path) = room();
    let error = |path| Tree::open(path, &[]).err().unwrap().to_string();
    let missing = path.join("none");
    insta::assert_snapshot!(error(&missing).replace(path.as_str(), "ROOM"), @"the tree `ROOM/none` does not exist: check its path in show.yaml, or clone it there");
    insta::assert_snapshot!(error(&path).replace(path.as_str(), "ROOM"), @"`ROOM` is not a git repository: name the folder that holds `.git`, or a bare repository");
    let file = path.join("file");
    fs::write(&file, "text").unwrap();
    assert!(matches!(Tree::open(&file, &[]), Err(TreeError::NotRepository { .. })));
}

#[test]
fn no_branch_as_named() {
    let (_room, repo) = repo();
    repo.commit("one").make();
    let error = Tree::open(&repo.path, &["main".into(), "for-*".into()]).err().unwrap().to_string();
    insta::assert_snapshot!(error.replace(repo.path.as_str(), "TREE"), @"no branch of the tree `TREE` matches `main`, `for-*`: correct `branches` in show.yaml, there are `master`");
}

#[test]
fn formats_that_are_not_read() {
    let (_room, path) = room();
    git::run(&path, &["init", "-q", "--object-format=sha256", "new"], b"");
    let error = Tree::open(&path.join("new"), &[]).err().unwrap();
    assert!(matches!(error, TreeError::Format { .. }), "{error}");
}

#[test]
fn a_damaged_commit() {
    let (_room, repo) = repo();
    repo.commit("one").make();
    let damaged = repo.commit("two").make();
    repo.commit("three").make();
    repo.corrupt(&damaged);
    let (error, text) = failure(&repo);
    assert!(matches!(&error, TreeError::Object { object, .. } if *object == damaged), "{error}");
    assert!(text.contains("run `git -C TREE fsck`, or clone it again"), "{text}");
}

#[test]
fn a_damaged_folder_or_file() {
    for object in ["HEAD^{tree}", "HEAD:b", "HEAD:b/c"] {
        let (_room, repo) = repo();
        repo.commit("one").file("b/c", "1\n").make();
        repo.commit("two").file("b/c", "2\n").make();
        let damaged = repo.id(object);
        repo.corrupt(&damaged);
        let (error, _) = failure(&repo);
        assert!(
            matches!(&error, TreeError::Object { object, .. } if *object == damaged),
            "{error}"
        );
    }
}

#[test]
fn a_partial_clone() {
    let (_room, repo) = repo();
    repo.commit("one").file("a", "1\n").make();
    let left_out = repo.id("HEAD:a");
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let options = ["--bare", "--filter=blob:none"];
    let (error, text) = failure(&repo.cloned(&repo.path.with_file_name("clone"), &options));
    assert!(matches!(&error, TreeError::Partial { object, .. } if *object == left_out), "{error}");
    assert!(text.contains("run `git -C TREE fetch --refetch --no-filter`"), "{text}");
}

#[test]
fn an_object_of_another_kind() {
    let (_room, repo) = repo();
    repo.commit("one").file("a", "1\n").make();
    let (blob, tree) = (repo.id("HEAD:a"), repo.id("HEAD^{tree}"));
    let copy = |from: &str, to: &str| {
        let place = |id: &str| repo.path.join(".git/objects").join(&id[..2]).join(&id[2..]);
        fs::remove_file(place(to)).unwrap();
        fs::copy(place(from), place(to)).unwrap();
    };
    copy(blob.as_str(), tree.as_str());
    let (error, _) = failure(&repo);
    assert!(matches!(&error, TreeError::Object { object, .. } if *object == tree), "{error}");
}

#[test]
fn a_lost_pack() {
    let (_room, repo) = repo();
    let one = repo.commit("one").make();
    let now = tips(&repo);
    let tree = open(&repo.path);
    repo.lose_packs();
    let error = open(&repo.path).tips().unwrap_err();
    assert!(matches!(&error, TreeError::Object { object, .. } if *object == one), "{error}");
    drop(tree);
    let read = try_read(&open(&repo.path), &all(&Tips::default(), &now));
    assert!(matches!(read, Err(TreeError::Object { .. })));
}

#[test]
fn a_damaged_ref_is_not_taken_for_a_branch_that_was_deleted() {
    let (_room, repo) = repo();
    repo.commit("one").make();
    repo.git(&["branch", "for-6.4/net"]);
    repo.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/gone"]);
    for content in ["nonsense\n", ""] {
        assert!(open(&repo.path).tips().is_ok());
        let file = repo.path.join(".git/refs/heads/for-6.4/net");
        let whole = fs::read(&file).unwrap();
        fs::write(&file, content).unwrap();
        let error = Tree::open(&repo.path, &["master".into()]).err().unwrap().to_string();
        insta::allow_duplicates! {
            insta::assert_snapshot!(error.replace(repo.path.as_str(), "TREE"), @"the ref `refs/heads/for-6.4/net` of the tree `TREE` is damaged: fetch it again with `git -C TREE fetch`, or delete it with `git -C TREE update-ref -d refs/heads/for-6.4/net`");
        }
        fs::write(&file, whole).unwrap();
    }
}

//! Commits that change too much.

use std::fmt::Write as _;

use lorecast_archive::{DIFF_LIMIT, FILE_LIMIT, Tips, TreeNotice};
use lorecast_testkit::git;
use lorecast_testkit::tree::Repo;

use crate::reading::{all, open, repo, tips, try_read};

/// The length of the last commit's diff, how many files it shows, and whether it was said to be cut.
fn cut(repo: &Repo) -> (usize, usize, bool) {
    let (commits, notices) =
        try_read(&open(&repo.path), &all(&Tips::default(), &tips(repo))).unwrap();
    let commit = commits.last().unwrap();
    let said = notices
        .iter()
        .any(|notice| matches!(notice, TreeNotice::Cut { commit: of, .. } if *of == commit.id));
    let diff = &commit.diffs[0];
    (diff.len(), diff.matches("diff --git").count(), said)
}

#[test]
fn too_many_files() {
    for (files, shown, said) in
        [(FILE_LIMIT, FILE_LIMIT, false), (FILE_LIMIT + 1, FILE_LIMIT, true)]
    {
        let (_room, repo) = repo();
        let mut stream =
            "commit refs/heads/master\ncommitter a <a@a.example> 1680307200 +0000\ndata 1\nx"
                .to_owned();
        for at in 0..files {
            write!(stream, "\nM 100644 inline d{}/f{at}\ndata 2\nx\n", at % 7).unwrap();
        }
        git::run(&repo.path, &["fast-import", "--quiet"], stream.as_bytes());
        let (_, files, was_said) = cut(&repo);
        assert_eq!((files, was_said), (shown, said));
    }
}

#[test]
fn too_long_a_diff() {
    let (_room, repo) = repo();
    let large = "0123456789abcdef\n".repeat(DIFF_LIMIT / 18 - 100);
    repo.commit("large").file("a", &large).file("b", "x\n".repeat(10_000)).file("c", "y\n").make();
    let (length, files, said) = cut(&repo);
    assert!(length <= DIFF_LIMIT && files == 1 && said, "{length} {files} {said}");
}

#[test]
fn too_large_a_file() {
    let (_room, repo) = repo();
    repo.commit("huge").file("a", vec![b'x'; 17 * 1024 * 1024]).file("b", "y\n").make();
    let (length, files, said) = cut(&repo);
    assert!(length < 1_000 && files == 2 && said, "{length} {files} {said}");
}

#[test]
fn lines_that_take_too_long_to_pair() {
    let (_room, repo) = repo();
    // No two lines in a row are the same, and each is everywhere.
    let text =
        |step: u32| -> String { (0..600_000).map(|n| format!("{}\n", n * step % 7)).collect() };
    repo.commit("before").file("a", text(1)).file("b", "x\n").make();
    repo.commit("after").file("a", text(3)).file("b", "y\n").make();
    let (length, files, said) = cut(&repo);
    assert!(length < 1_000 && files == 2 && said, "{length} {files} {said}");
}

#[test]
fn folders_within_each_other_without_end() {
    let (_room, repo) = repo();
    let path = "d/".repeat(400) + "f";
    let stream = format!(
        "commit refs/heads/master\ncommitter a <a@a.example> 1680307200 +0000\ndata 1\nx\n\
         M 100644 inline {path}\ndata 2\nx\n"
    );
    git::run(&repo.path, &["fast-import", "--quiet"], stream.as_bytes());
    let now = tips(&repo);
    let (commits, notices) = try_read(&open(&repo.path), &all(&Tips::default(), &now)).unwrap();
    assert_eq!((commits[0].diffs.len(), notices.len()), (0, 1));
}

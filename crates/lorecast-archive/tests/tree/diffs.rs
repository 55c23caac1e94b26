//! Diffs are git's, byte for byte, and so are their patch ids.

use lorecast_archive::Tips;
use lorecast_mail::patch_id;
use lorecast_model::PatchId;
use lorecast_testkit::git;
use lorecast_testkit::tree::{Draft, Repo};
use proptest::prelude::*;

use crate::reading::{read, repo, tips};

fn lines(range: std::ops::Range<u32>) -> String {
    range.map(|n| format!("line {n}\n")).collect()
}

/// What git shows of HEAD.
fn shown(repo: &Repo, options: &[&str]) -> String {
    let arguments = [&["show", "--format=", "--full-index", "-p"], options].concat();
    String::from_utf8(git::run(&repo.path, &arguments, b"")).unwrap()
}

fn git_patch_id(repo: &Repo) -> String {
    // As it is mailed: with the data of binary files.
    let mail = git::run(&repo.path, &["format-patch", "-1", "--stdout"], b"");
    let ids = git::run(&repo.path, &["patch-id", "--stable"], &mail);
    String::from_utf8(ids).unwrap().chars().take(40).collect()
}

/// Makes a commit on top of another, compares its diffs with git's, and returns them.
fn check(
    before: impl Fn(Draft<'_>) -> Draft<'_>,
    after: impl Fn(Draft<'_>) -> Draft<'_>,
) -> Vec<String> {
    let (_room, repo) = repo();
    before(repo.commit("before")).make();
    let known = tips(&repo);
    after(repo.commit("after")).make();
    let diffs = read(&repo, &known).0.remove(0).diffs;
    assert_eq!(diffs[0], shown(&repo, &[]));
    assert_eq!(
        patch_id(&diffs[0]).as_ref().map(PatchId::to_string).unwrap_or_default(),
        git_patch_id(&repo)
    );
    diffs
}

#[test]
fn changed_new_and_deleted_files() {
    let diffs = check(
        |draft| draft.file("a", lines(0..20)).file("gone", "x\n").file("empty", ""),
        |draft| {
            draft
                .file("a", lines(1..21))
                .remove("gone")
                .file("new/er", "y\n")
                .remove("empty")
                .file("none", "")
        },
    );
    assert_eq!(diffs[0].matches("diff --git").count(), 4);
}

#[test]
fn a_first_commit_is_compared_with_nothing() {
    let (_room, repo) = repo();
    repo.commit("first").file("a", "x\n").make();
    assert_eq!(read(&repo, &Tips::default()).0[0].diffs, [shown(&repo, &[])]);
}

#[test]
fn a_merge_has_no_diff_and_an_empty_commit_neither() {
    let (_room, repo) = repo();
    repo.commit("first").make();
    repo.switch("side");
    repo.commit("side").file("b", "x\n").make();
    repo.switch("master");
    repo.commit("own").file("a", "x\n").make();
    repo.merge("side", "merge");
    let (commits, _) = read(&repo, &Tips::default());
    let diffs: Vec<usize> = commits.iter().map(|commit| commit.diffs.len()).collect();
    assert_eq!(diffs, [0, 1, 1, 0]);
}

#[test]
fn the_last_line_may_lack_its_end() {
    check(|draft| draft.file("a", "x\ny"), |draft| draft.file("a", "x\ny\n"));
    check(|draft| draft.file("a", "x\ny\n"), |draft| draft.file("a", "x\nz"));
}

#[test]
fn modes_links_and_what_became_another_kind() {
    check(|draft| draft.file("a", "x\n"), |draft| draft.executable("a", true));
    check(|draft| draft.file("a", "x\n"), |draft| draft.file("a", "y\n").executable("a", true));
    check(|draft| draft.link("a", "b"), |draft| draft.link("a", "c"));
    check(|draft| draft.file("a", "x\n"), |draft| draft.link("a", "b"));
    check(|draft| draft.file("a", "x\n"), |draft| draft.remove("a").file("a/b", "x\ny\n"));
}

#[test]
fn submodules() {
    let (_room, repo) = repo();
    let one = repo.commit("one").make();
    let two = repo.commit("two").submodule("sub", &one).make();
    let known = tips(&repo);
    repo.commit("moved").submodule("sub", &two).make();
    assert_eq!(read(&repo, &known).0[0].diffs, [shown(&repo, &[])]);
    let (commits, _) = read(&repo, &Tips::default());
    assert!(commits[1].diffs[0].contains("+Subproject commit"), "{:?}", commits[1].diffs);
}

#[test]
fn binary_files_count_by_their_blobs() {
    let diffs = check(
        |draft| draft.file("a", b"\0\x01").file("b", b"\0\x02"),
        |draft| draft.file("a", b"\0\x03").remove("b").file("c", b"\0\x04"),
    );
    assert_eq!(diffs.len(), 1);
}

#[test]
fn renames() {
    let diffs = check(
        |draft| draft.file("old/a", lines(0..40)),
        |draft| draft.rename("old/a", "new/b").file("new/b", lines(3..40)),
    );
    assert!(diffs[0].contains("similarity index 9"), "{}", diffs[0]);
    assert!(diffs[1].contains("deleted file") && !diffs[1].contains("rename from"), "{}", diffs[1]);
    check(|draft| draft.file("a", lines(0..40)), |draft| draft.rename("a", "b"));
    check(
        |draft| draft.file("a", lines(0..40)),
        |draft| draft.rename("a", "b").file("b", lines(30..70)),
    );
    check(|draft| draft.file("a", ""), |draft| draft.rename("a", "b"));
    check(|draft| draft.link("a", "x"), |draft| draft.remove("a").link("b", "x"));
}

#[test]
fn the_right_one_of_several_is_renamed() {
    let similar = |at: u32| lines(0..30) + &lines(100 * at..100 * at + 10);
    check(
        |draft| draft.file("a/x", similar(1)).file("b/y", similar(2)).file("c/z", similar(3)),
        |draft| {
            draft
                .remove("a/x")
                .remove("b/y")
                .remove("c/z")
                .file("d/z", similar(1))
                .file("d/w", similar(2))
                .file("d/v", similar(2) + "more\n")
        },
    );
    check(
        |draft| draft.file("a/x", "same\n").file("b/y", "same\n").file("c/x", "same\n"),
        |draft| draft.rename("a/x", "d/y").rename("b/y", "d/x").rename("c/x", "d/z"),
    );
}

#[test]
fn names_with_spaces_and_other_characters() {
    let names = ["a b", "tab\tquote\"back\\", "grüße", "ctrl\u{1}"];
    check(
        |draft| names.iter().fold(draft, |draft, name| draft.file(name, "x\n")),
        |draft| names.iter().fold(draft, |draft, name| draft.file(name, "y\n")),
    );
    check(|draft| draft.file("a b", "x\n"), |draft| draft.rename("a b", "ü").file("a c", "y\n"));
}

#[test]
fn carriage_returns_stay() {
    check(|draft| draft.file("a", "x\r\ny\r\n"), |draft| draft.file("a", "x\r\nz\r\n"));
}

#[test]
fn other_settings_are_given_where_they_differ() {
    let one = "int f(void)\n{\n\ta();\n}\n\nint g(void)\n{\n\tb();\n}\n";
    let two = "int g(void)\n{\n\tb();\n}\n\nint f(void)\n{\n\tc();\n\ta();\n}\n";
    let (_room, repo) = repo();
    repo.commit("before").file("a", one).make();
    let known = tips(&repo);
    repo.commit("after").file("a", two).make();
    let diffs = read(&repo, &known).0.remove(0).diffs;
    let mut expected = vec![shown(&repo, &[])];
    for option in ["--patience", "--minimal"] {
        let text = shown(&repo, &[option]);
        if !expected.contains(&text) {
            expected.push(text);
        }
    }
    assert_eq!(diffs, expected);
    assert!(diffs.len() > 1);
}

#[test]
fn other_bytes_than_utf_8_are_read_twice() {
    let (_room, repo) = repo();
    repo.commit("latin").file("a", b"Gr\xfc\xdfe\n").make();
    let diffs = read(&repo, &Tips::default()).0.remove(0).diffs;
    assert!(diffs[0].ends_with("+Gr\u{fffd}\u{fffd}e\n"), "{}", diffs[0]);
    assert!(diffs[1].ends_with("+Grüße\n"), "{}", diffs[1]);
    assert_eq!(diffs.len(), 2);
}

#[test]
fn attributes_and_configuration_of_a_repository_change_nothing() {
    let (_room, repo) = repo();
    repo.commit("before").file("a", "x\n").file(".gitattributes", "* diff=evil\n").make();
    repo.git(&["config", "diff.evil.command", "touch ran"]);
    repo.git(&["config", "diff.evil.textconv", "touch ran"]);
    repo.git(&["config", "diff.context", "9"]);
    repo.git(&["config", "diff.noprefix", "true"]);
    let known = tips(&repo);
    repo.commit("after").file("a", "y\n").make();
    let diffs = read(&repo, &known).0.remove(0).diffs;
    assert!(diffs[0].ends_with("--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n+y\n"), "{}", diffs[0]);
    assert!(!repo.path.join("ran").exists());
}

/// Writes files of numbered lines, the same number being the same line.
fn write<'a>(draft: Draft<'a>, folder: &str, files: &[Vec<u32>]) -> Draft<'a> {
    let text =
        |lines: &Vec<u32>| -> String { lines.iter().map(|n| format!("{n} is a line\n")).collect() };
    let numbered = files.iter().enumerate();
    numbered.fold(draft, |draft, (at, file)| draft.file(&format!("{folder}/{at}"), text(file)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn any_edits_give_what_git_gives(
        before in prop::collection::vec(prop::collection::vec(0u32..12, 0..40), 4),
        after in prop::collection::vec(prop::collection::vec(0u32..12, 0..40), 4),
        kept in 0usize..5,
    ) {
        check(
            |draft| write(draft, "a", &before),
            |draft| {
                let draft = (kept..4).fold(draft, |draft, at| draft.remove(&format!("a/{at}")));
                let draft = write(draft, "a", &after[..kept.min(4)]);
                write(draft, "b", &after[kept.min(4)..])
            },
        );
    }
}

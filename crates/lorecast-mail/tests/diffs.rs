//! Diffs: their lines by kind.

#![allow(clippy::unwrap_used)] // the helpers of tests are tests too

use std::io::Write;
use std::process::{Command, Stdio};

use insta::assert_snapshot;
use lorecast_mail::{diff_lines, patch_id};
use proptest::prelude::*;

fn shown(diff: &str) -> String {
    diff_lines(diff).map(|line| format!("{line:?}")).collect::<Vec<_>>().join("\n")
}

#[test]
fn lines_of_a_diff_by_kind() {
    let diff = "diff --git a/f.c b/g.c\nsimilarity index 90%\nrename from f.c\nrename to g.c\n\
                index 1234567..89abcde 100644\n--- a/f.c\n+++ b/g.c\t2023-04-10\n\
                @@ -1,4 +1,3 @@ int main(void)\n one\n--- two\n-++ three\n\n+four\r\n\
                \\ No newline at end of file\n--- /dev/null\n\
                +++ \"b/\\303\\274\"\n@@ -0,0 +1 @@\n+x\n";
    assert_snapshot!(shown(diff), @r#"
    Other("diff --git a/f.c b/g.c")
    Other("similarity index 90%")
    Path("f.c")
    Path("g.c")
    Blobs { pre: "1234567", post: "89abcde" }
    Path("f.c")
    Path("g.c")
    Hunk("int main(void)")
    Context("one")
    Removed("-- two")
    Removed("++ three")
    Context("")
    Added("four")
    Other("\\ No newline at end of file")
    Other("--- /dev/null")
    Path("\\303\\274")
    Hunk("")
    Added("x")
    "#);
}

#[test]
fn binary_patches_yield_nothing() {
    let diff = "diff --git a/x b/x\nindex 0000000..89abcde\nGIT binary patch\nliteral 3\n\
                KcmZQzWMT#Y01f~L\n\nliteral 0\nHcmV?d00001\n\ndiff --git a/y b/y\n";
    assert_snapshot!(shown(diff), @r#"
    Path("x")
    Blobs { pre: "0000000", post: "89abcde" }
    Path("y")
    "#);
}

#[test]
fn counts_that_are_wrong_do_not_hide_lines() {
    let diff = "--- a/f\n+++ b/f\n@@ -1,9 +1,9 @@\n a\nbroken off\n-b\n\
                --- a/g\n+++ b/g\n@@ -1 +1 @@\n-c\n+d\n+e\n-- \n";
    assert_snapshot!(shown(diff), @r#"
    Path("f")
    Hunk("")
    Context("a")
    Other("broken off")
    Removed("b")
    Path("g")
    Hunk("")
    Removed("c")
    Added("d")
    Added("e")
    Other("-- ")
    "#);
}

/// What the real `git patch-id --stable` prints for each diff, in one run: lines with made-up
/// commits stand between them.
fn by_git(diffs: &[String]) -> Vec<Option<String>> {
    let commit = |at: usize| format!("{at:040x}");
    let feed: String =
        diffs.iter().enumerate().map(|(at, diff)| format!("From {}\n{diff}", commit(at))).collect();
    let mut child = Command::new("git")
        .args(["patch-id", "--stable"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(feed.as_bytes()).unwrap());
    let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    writer.join().unwrap();
    let ids = |at| output.lines().find_map(|line| line.strip_suffix(&format!(" {}", commit(at))));
    (0..diffs.len()).map(|at| ids(at).map(str::to_owned)).collect()
}

#[track_caller]
fn check_ids(diffs: &[&str]) {
    let diffs: Vec<String> = diffs.iter().map(|diff| diff.to_string()).collect();
    let ours: Vec<_> = diffs.iter().map(|d| patch_id(d).map(|id| id.to_string())).collect();
    for ((diff, our), git) in diffs.iter().zip(ours).zip(by_git(&diffs)) {
        assert_eq!(our, git, "{diff}");
    }
}

const ONE: &str = "diff --git a/f b/f\nindex 1..2 100644\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n";

#[test]
fn patch_ids_are_gits() {
    let id = patch_id(ONE).unwrap().to_string();
    assert_snapshot!(id, @"e897e68f3d28ff9d46e3eee9734b8298f517d9fe");
    let two = ONE.replace("/f", "/g");
    let moved = ONE.replace("@@ -1 +1 @@", "@@ -9,1 +7 @@ main()").replace("+b", "+  b\t");
    assert_eq!(patch_id(&moved), patch_id(ONE));
    assert_eq!(patch_id(&format!("{ONE}{two}")), patch_id(&format!("{two}{ONE}")));
    check_ids(&[ONE, &two, &moved, &format!("{ONE}{two}"), &format!("{two}{ONE}")]);
}

#[test]
fn patch_ids_of_odd_diffs_are_gits() {
    let plain = "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n";
    let binary = "diff --git a/x b/x\nindex 1234567..89abcde 100644\nGIT binary patch\nliteral 3\n\
                  KcmZQzWMT#Y01f~L\n\nliteral 0\nHcmV?d00001\n\n";
    let differ = "diff --git a/x b/x\nindex 12..34\nBinary files a/x and b/x differ\n";
    let renamed = "diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n";
    let mode = "diff --git a/x b/x\nold mode 100644\nnew mode 100755\n";
    let new = "diff --git a/x b/x\nnew file mode 100644\nindex 00..34\n--- /dev/null\n+++ b/x\n\
               @@ -0,0 +1,2 @@\n+a\n+\u{c}b\u{b}c\n\\ No newline at end of file\n";
    let miscounted = "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,9 +1,9 @@\n-a\n+b\n\nprose\n";
    let prose = format!("prose\n{ONE}\nmore\n-- \n2.40\n");
    let cut = "diff --git a/f b/f\n--- a/f\n";
    let other = "diff -u a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n@@ -x +y @@\n-c\n";
    let minus =
        "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,2 +0,0 @@\n--- x\n-y\n@@ -1 +1 @@\n-\n+\n";
    check_ids(&[
        plain, binary, differ, renamed, mode, new, miscounted, &prose, cut, other, minus, "",
    ]);
    let all = [binary, ONE, renamed, differ, mode, ONE, new].concat();
    check_ids(&[
        &all,
        &format!("{all}{prose}"),
        &format!("{binary}{ONE}"),
        &format!("{ONE}{binary}{differ}"),
    ]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn patch_ids_of_generated_diffs_are_gits(all in prop::collection::vec(prop::collection::vec(
        prop::sample::select(vec![
            "diff --git a/f b/f\n", "diff --git a/g b/h\n", "index 12..34 100644\n", "index 5..6\n",
            "--- a/f\n", "+++ b/f\n", "@@ -1,2 +1,3 @@ f()\n", "@@ -1 +1 @@\n", "@@ -0,0 +1 @@\n",
            " same\n", "-old\n", "+new\n", "+\t n e w \r\n", "\n", " \n", "prose\n", "-- \n", "2.40\n",
            "Binary files a/f and b/f differ\n", "GIT binary patch\n", "literal 3\n",
            "\\ No newline at end of file\n", "rename from f\n", "new file mode 100644\n",
        ]), 0..30), 40)) {
        let diffs = all.iter().map(|lines| format!("{ONE}{}", lines.concat()));
        let diffs: Vec<String> = diffs.collect();
        check_ids(&diffs.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

//! Diffs: their lines by kind.

#![allow(clippy::unwrap_used)] // the helpers of tests are tests too

use insta::assert_snapshot;
use lorecast_mail::{diff_lines, quoted};

fn shown(diff: &str) -> String {
    diff_lines(diff).map(|line| format!("{line:?}")).collect::<Vec<_>>().join("\n")
}

#[test]
fn lines_of_a_diff_by_kind() {
    let diff = "diff --git a/f.c b/g.c\nsimilarity index 90%\nrename from f.c\nrename to g.c\n\
                index 1234567..89abcde 100644\n--- a/f.c\n+++ b/g.c\t2023-04-10\n\
                @@ -1,4 +1,3 @@ int main(void)\n one\n--- two\n-++ three\n\n+four\r\n\
                \\ No newline at end of file\n--- /dev/null\n+++ \"b/\\303\\274\"\n@@ -0,0 +1 @@\n+x\n";
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
    let diff = "diff --git a/x b/x\nindex 0000000..89abcde\nGIT binary patch\nliteral 3\nKcmZQzWMT#Y01f~L\n\n\
                literal 0\nHcmV?d00001\n\ndiff --git a/y b/y\n";
    assert_snapshot!(shown(diff), @r#"
    Path("x")
    Blobs { pre: "0000000", post: "89abcde" }
    Path("y")
    "#);
}

#[test]
fn counts_that_are_wrong_do_not_hide_lines() {
    let diff = "--- a/f\n+++ b/f\n@@ -1,9 +1,9 @@\n a\nbroken off\n-b\n--- a/g\n+++ b/g\n@@ -1 +1 @@\n-c\n+d\n+e\n-- \n";
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

#[test]
fn quotations() {
    for line in
        ["> a", ">a", ">> a", "  > a", "| > a", "AE> a", "Ann> a", "» a", ">From: Ann", "> From "]
    {
        assert!(quoted(line), "{line}");
    }
    for line in ["a > b", "a->b", ">From the start", "", "Foo->bar", "if (a> b)", "| a | b |"] {
        assert!(!quoted(line), "{line}");
    }
}

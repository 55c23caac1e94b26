//! Prose, trailers and diffs apart from each other.

#![allow(clippy::unwrap_used)] // the helpers of tests are tests too

use insta::assert_snapshot;
use lorecast_mail::{Arrival, diff_paths, parse, prose, trailers};
use proptest::prelude::*;

const PATCH: &str = "\
The frobnicator forgets its lock when the device goes away,
and the next open finds it taken.

Take it later.

Signed-off-by: Ann Example <ann@a.example>
---
Changes in v2:
 - renamed the lock

 drivers/frob/core.c | 2 +-
 1 file changed, 1 insertion(+), 1 deletion(-)

diff --git a/drivers/frob/core.c b/drivers/frob/core.c
index 1234567..89abcde 100644
--- a/drivers/frob/core.c
+++ b/drivers/frob/core.c
@@ -1,3 +1,3 @@
 int a;
-int b;
+int c;
 
-- 
2.40.1
";

fn split(body: &str) -> (String, String) {
    let read = parse(format!("From: a@b\n\n{body}").as_bytes(), &Arrival::default());
    (read.text, read.diff)
}

#[test]
fn a_patch_mail_falls_into_prose_and_diff() {
    let (text, diff) = split(PATCH);
    assert!(text.ends_with("1 file changed, 1 insertion(+), 1 deletion(-)\n"), "{text}");
    assert!(diff.starts_with("diff --git") && diff.ends_with("+int c;\n \n"), "{diff}");
}

#[test]
fn an_answer_below_a_suggested_diff_is_kept() {
    let (text, diff) = split("How about:\n\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n\nRight?\n");
    assert_eq!(text, "How about:\n\n\nRight?\n");
    assert_eq!(diff, "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n");
}

#[test]
fn quoted_diffs_stay_prose() {
    let body = "> diff --git a/f b/f\n> --- a/f\n> +++ b/f\n> @@ -1 +1 @@\n> -a\n> +b\n\nNo.\n";
    assert_eq!(split(body), (body.to_owned(), String::new()));
}

#[test]
fn what_cvs_writes_above_a_diff_belongs_to_it() {
    let file = |name: &str| {
        format!(
            "Index: lib/{name}\n===========\nRCS file: /cvs/lib/{name},v\n\
             retrieving revision 1.3\ndiff -u -p -r1.3 {name}\n\
             --- lib/{name}\t1 Aug 2021\n+++ lib/{name}\t2 Aug 2021\n@@ -1 +1 @@\n-a\n+b\n"
        )
    };
    let diff = file("one.c") + &file("two.c");
    assert_eq!(split(&format!("x\n\n{diff}")), ("x\n".to_owned(), diff));
}

#[test]
fn a_removed_line_is_no_signature() {
    let (text, diff) = split("x\n\n--- a/f\n+++ b/f\n@@ -1,2 +1 @@\n a\n-- \n-- \n2.40.1\n");
    assert_eq!((text.as_str(), diff.ends_with(" a\n-- \n")), ("x\n", true), "{diff}");
}

#[test]
fn a_line_broken_by_a_mailer_does_not_end_the_diff() {
    let (text, _) =
        split("--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a long line that\nwas broken\n-b\n+c\n");
    assert_eq!(text, "");
}

#[test]
fn paths_are_the_new_names() {
    let diff = "diff --git a/old name.c b/new name.c\nrename from old name.c\n\
                diff --git a/gone.c b/gone.c\n--- a/gone.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n\
                diff --git \"a/tab\\there\" \"b/\\303\\274\"\n\
                diff --git a/gone.c b/gone.c\n";
    assert_eq!(diff_paths(diff), ["new name.c", "gone.c", "ü"]);
    let plain =
        "--- linux-6.3/a.c\t2023\n+++ linux/a.c\t2023\n@@ -1 +1,2 @@\n x\n+++ b/not-a-file\n";
    assert_eq!(diff_paths(plain), ["a.c"]);
    assert!(diff_paths("prose\n--- not\n").is_empty());
}

fn shown(text: &str) -> String {
    let all = trailers(text);
    all.iter().map(|t| format!("{}={}", t.key, t.value)).collect::<Vec<_>>().join("\n")
}

#[test]
fn trailers_of_a_patch() {
    assert_snapshot!(shown(PATCH), @"signed-off-by=Ann Example <ann@a.example>");
    let block = "Text: of the patch\ngoes on.\n\nFixes: 1234 (\"a\n b\")\nTested-on: a box\n\
                 [ann: a note]\nCc: <stable@v.example> # 5.15\nAcked-By: B <b@b.example>\n";
    assert_snapshot!(shown(block), @r#"
    fixes=1234 ("a b")
    tested-on=a box
    cc=<stable@v.example> # 5.15
    acked-by=B <b@b.example>
    "#);
}

#[test]
fn trailers_in_a_reply() {
    let reply = "> Signed-off-by: Ann Example <ann@a.example>\n\nNote: fine\nwith me.\n\
                 Reviewed-by: A Very Long Name\n<b@b.example>\nthanks\n\n-- \nAcked-by: x <x@x>\n";
    assert_snapshot!(shown(reply), @"reviewed-by=A Very Long Name <b@b.example>");
}

const REPLY: &str = "\
Hi,

On Mon, 10 Apr 2023 at 12:00,
Ann Example <ann@a.example> wrote:
> The lock is
> taken.

I do not think that
it is: see https://x.example.

 - one
 - two
   goes on
and so the lock stays.

    code();

Reviewed-by: B <b@b.example>

-- 
B, from somewhere
";

#[test]
fn own_words_leave_out_what_others_said() {
    assert_snapshot!(prose::own_words(REPLY).replace("\n\n\n", "\n"), @r"
    Hi,


    I do not think that
    it is: see https://x.example.

     - one
     - two
       goes on
    and so the lock stays.

        code();

    Reviewed-by: B <b@b.example>
    ");
}

#[test]
fn paragraphs_are_running_text_on_one_line() {
    assert_snapshot!(prose::paragraphs(REPLY).join("\n"), @"I do not think that it is: see https://x.example.");
    let halves = "From: B <b@b.example>\nWell.  Yes.\n+code\nof half a sentence\n";
    assert_snapshot!(prose::paragraphs(halves).join("\n"), @"Well. Yes.");
    assert_snapshot!(prose::paragraphs(&split(PATCH).0).join("\n"), @r"
    The frobnicator forgets its lock when the device goes away, and the next open finds it taken.
    Take it later.
    ");
}

#[test]
fn paragraphs_leave_out_what_tools_wrote() {
    let cover = "This series frobnicates.\n\nChanges in v3:\n- a\n- b\n\nv1 -> v2:\n  fixed it\n\n\
                 It needs testing still.\n\nAnn Example (2):\n  one\n  two\n\n \
                 a.c | 3 +++\n 1 file changed, 3 insertions(+)\n";
    assert_snapshot!(prose::paragraphs(cover).join("\n"), @r"
    This series frobnicates.
    It needs testing still.
    ");
    let pull = "The following changes since commit 1234:\n\n  Linux 6.3-rc1\n\n\
                are available in the Git repository at:\n\n  git://x.example tags/y\n\n\
                for you to fetch changes up to 5678:\n\n-----------------------------\n\
                Fixes for frobs\nof all kinds.\n\n-----------------------------\nAnn (1):\n";
    assert_snapshot!(prose::paragraphs(pull).join("\n"), @"Fixes for frobs of all kinds.");
}

#[test]
fn unwrapping_finds_quoted_words_as_well() {
    assert_eq!(prose::unwrapped("> > a\n> b\n\n  c\td\n"), "a b c d");
}

proptest! {
    #[test]
    fn every_paragraph_is_in_the_unwrapped_text(text in "([a-z:<>@()|+-]{1,9}|\n|\n\n| |\t|> |- |---\n|-- \n){0,60}") {
        let flat = prose::unwrapped(&text);
        for paragraph in prose::paragraphs(&text) {
            prop_assert!(flat.contains(&paragraph), "{paragraph:?} is not in {flat:?}");
        }
    }
}

//! Who vouches for what.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use lorecast_model::{Mailbox, Message, Revision};
use lorecast_tracker::{agrees, series, vouched};
use mails::mails;

mod mails;

fn posted(messages: &[Message]) -> Vec<Revision> {
    series::revisions(messages).into_iter().map(|posted| posted.revision).collect()
}

/// One trailer a line: the root, the patch (`*` for all), the trailer, `!` for a mismatch. What
/// stands behind `DIFF` in a mail is its diff.
fn check(text: &str) -> String {
    let mut messages = mails(text);
    for message in &mut messages {
        if let Some((front, diff)) = message.text.split_once("DIFF") {
            (message.diff, message.text) = (diff.to_owned(), front.to_owned());
        }
    }
    let revisions = posted(&messages);
    let found = vouched(&messages, &revisions);
    messages.reverse();
    assert_eq!(vouched(&messages, &revisions), found, "the order of the mails mattered");
    let mut lines = Vec::new();
    for (revision, found) in revisions.iter().zip(found) {
        let counted = found.vouches.iter().map(|vouch| (vouch, ""));
        for (vouch, mark) in counted.chain(found.mismatches.iter().map(|vouch| (vouch, "! "))) {
            let patch = vouch.patch.map_or("*".to_owned(), |number| number.to_string());
            lines.push(format!(
                "{mark}{} {patch} {}: {}",
                revision.root, vouch.trailer.key, vouch.trailer.value
            ));
        }
    }
    lines.join("\n")
}

const SERIES: &str = "
    c       | ada | [PATCH v2 0/3] fold
    p1 < c  | ada | [PATCH v2 1/3] one | DIFF-
    p2 < c  | ada | [PATCH v2 2/3] two | DIFF-
    p3 < c  | ada | [PATCH v2 3/3] three | DIFF-
";

fn answered(answer: &str) -> String {
    check(&format!("{SERIES}\n{answer}"))
}

#[test]
fn an_answer_belongs_to_the_posting_above_it() {
    let tag = "Reviewed-by: bob <bob@kernel.example>";
    let given = "reviewed-by: bob <bob@kernel.example>";
    assert_eq!(
        answered(&format!("a < c p2 | bob | Re: [PATCH v2 2/3] two | {tag}")),
        format!("c 2 {given}")
    );
    assert_eq!(
        answered(&format!("a < c | bob | Re: [PATCH v2 0/3] fold | {tag}")),
        format!("c * {given}")
    );
    let deep = format!(
        "a < c p3 | cy | Re: three | Why?\nb < c p3 a | ada | Re: three | So.\nd < b | bob | Re: three | {tag}"
    );
    assert_eq!(answered(&deep), format!("c 3 {given}"));
    let whole = format!("a < c p1 | bob | Re: one | For the whole series:\\n{tag}");
    assert_eq!(answered(&whole), format!("c * {given}"));
    let some = format!("a < c | bob | Re: fold | For patches 2-3:\\n{tag}");
    assert_eq!(answered(&some), format!("c 2 {given}\nc 3 {given}"));
}

#[test]
fn a_trailer_for_somebody_else_is_a_mismatch() {
    insta::assert_snapshot!(answered("a < c p2 | bob | Re: two | Acked-by: Cy <cy@c.example>\\nAcked-by: Bob <bob+x@kernel.example>"), @"
c 2 acked-by: Bob <bob+x@kernel.example>
! c 2 acked-by: Cy <cy@c.example>
");
}

#[test]
fn what_never_counts() {
    for answer in [
        "a < c p2 | bob | Re: two | > Acked-by: bob <bob@kernel.example>",
        "a < c p2 | ada | Re: two | Signed-off-by: ada <ada@kernel.example>",
        "a < c p2 | bob | Re: two | Or so?\\nSigned-off-by: bob <bob@kernel.example>\\n---\\nDIFF-a",
        "a < c p2 | bob | Re: two | Reviewed-by: tags are welcome",
        "a < x | bob | Re: other | Acked-by: bob <bob@kernel.example>",
        "x < c p2 | cy | Re: two | Better so.\\nSigned-off-by: cy <cy@kernel.example>\\n---\\nDIFF-a\na < c p2 x | bob | Re: two | Acked-by: bob <bob@kernel.example>",
        "a | bob | [PATCH] own | Acked-by: bob <bob@kernel.example>",
    ] {
        assert_eq!(answered(answer), "", "{answer}");
    }
}

#[test]
fn said_twice_counts_once() {
    let tag = "Acked-by: bob <bob@kernel.example>";
    let twice = format!("a < c p2 | bob | Re: two | {tag}\nb < c p2 a | bob | Re: two | {tag}");
    assert_eq!(answered(&twice), "c 2 acked-by: bob <bob@kernel.example>");
}

#[test]
fn a_patch_that_was_sent_again_takes_its_own() {
    let again = "n < c p3 | ada | [PATCH v2.1 3/3] three | DIFF-
        a < c p3 | bob | Re: [PATCH v2 3/3] three | Acked-by: bob <bob@kernel.example>
        b < c p3 n | cy | Re: [PATCH v2.1 3/3] three | Acked-by: cy <cy@kernel.example>";
    assert_eq!(answered(again), "c 3 acked-by: cy <cy@kernel.example>");
}

#[test]
fn an_answer_that_lost_its_re() {
    let lost = "p | ada | [PATCH] fold | DIFF-
        a < p | bob | [PATCH] fold | Reviewed-by: bob <bob@kernel.example>";
    assert_eq!(check(lost), "p 1 reviewed-by: bob <bob@kernel.example>");
}

#[test]
fn one_person_under_two_mailboxes() {
    let person = |text: &str| {
        let (name, email) = text.split_once('<').unwrap();
        Mailbox { name: name.trim().to_owned(), email: email.to_owned() }
    };
    for (one, other, same) in [
        ("Ann <a@x.example", "Ann B <A@X.example", true),
        ("<a+b@x.example", "<a@x.example", true),
        ("<a@x.example", "<a@linux.x.example", true),
        ("<a@example", "<a@x.example", false),
        ("Ann Example <a@x.example", "ann example <b@y.example", true),
        ("Example, Ann <a@x.example", "Ann Example <b@y.example", true),
        ("Ann Example (Firm) <a@x.example", "Ann Example <b@y.example", true),
        ("Ann B. Example <a@x.example", "Ann Example <b@y.example", true),
        ("Ann Example <a@x.example", "Ann Example via List <l@y.example", true),
        ("Jörg Büßer <a@x.example", "Joerg Buesser <b@y.example", true),
        ("José Example <a@x.example", "Jose Example <b@y.example", true),
        ("Ann Example <a@x.example", "Bob Example <b@y.example", false),
        ("Ann <a@x.example", "Ann Example <b@y.example", false),
        ("<a@x.example", "<b@x.example", false),
        ("<", "<", false),
    ] {
        assert_eq!(agrees(&person(one), &person(other)), same, "{one}> and {other}>");
    }
}

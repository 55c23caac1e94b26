//! Who wrote a mail, and what it says of them.

#![allow(clippy::unwrap_used)] // the helpers of tests are tests too

mod mail;

use lorecast_model::Writer;
use mail::message;
use proptest::prelude::*;

const DIFF: &str = "---\n a.c | 1 +\n\ndiff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n\
                    @@ -1 +1,2 @@\n a\n+b\n-- \n2.40.0\n";

/// The writer of a mail with these headers and this body, in one line.
fn writer(headers: &str, body: &str) -> String {
    let rest = "Date: Mon, 10 Apr 2023 12:00:00 +0000\nMessage-ID: <1@a.example>\n";
    told(&message(format!("{headers}{rest}\n{body}")).writer)
}

fn told(Writer { who, declared, robot }: &Writer) -> String {
    let declared = declared.as_ref().map(|it| format!(" | {} ({})", it.employer, it.by.name()));
    format!("{who}{}{}", declared.unwrap_or_default(), if *robot { " | robot" } else { "" })
}

#[track_caller]
fn check(headers: &str, body: &str, expected: &str) {
    assert_eq!(writer(headers, body), expected, "{headers}\n{body}");
}

/// The writer of a patch by Ann that begins with these lines.
#[track_caller]
fn check_patch(top: &str, expected: &str) {
    let headers = "From: Ann Vogel <ann@a.example>\nSubject: [PATCH] fold it\n";
    check(headers, &format!("{top}\n\nFold it.\n\n{DIFF}"), expected);
}

#[test]
fn behind_a_list_is_the_person() {
    let list = "From: Ann Vogel via frobs <frobs@v.example>\nTo: frobs@v.example\nList-Id: <frobs.v.example>\n";
    let ann = "Ann Vogel <ann@a.example>";
    check(&format!("{list}Reply-To: Ann Vogel <ann@a.example>\n"), "x\n", ann);
    check(&format!("{list}Reply-To: ann@a.example\n"), "x\n", ann);
    check(&format!("{list}Reply-To: frobs@v.example, Ann <ann@a.example>\n"), "x\n", ann);
    check(&format!("{list}Reply-To: Bo <bo@b.example>, Ann Vogel <ann@a.example>\n"), "x\n", ann);
    check(&format!("{list}X-Original-From: Ann Vogel <ann@a.example>\n"), "x\n", ann);
    check(&format!("{list}X-Original-Sender: ann@a.example\n"), "x\n", ann);
    check(&format!("{list}Cc: Bo <bo@b.example>, Ann Vogel <ann@a.example>\n"), "x\n", ann);
    check(&format!("{list}Reply-To: frobs@v.example\n"), "x\n", "Ann Vogel <frobs@v.example>");
    let quoted = list.replace("Ann Vogel via frobs", "\"'Vogel, Ann' via frobs\"");
    check(&format!("{quoted}Reply-To: ann@a.example\n"), "x\n", ann);
    let unnamed = list.replace("Ann Vogel via", "ann@a.example via");
    check(&unnamed, "x\n", "ann@a.example");
    let silent = list.replace(" via frobs", "");
    check(&format!("{silent}Reply-To: Ann Vogel <ann@a.example>\n"), "x\n", ann);
    let remark = list.replace("via frobs", "(via frobs)");
    check(&format!("{remark}Reply-To: ann@a.example\n"), "x\n", ann);
}

#[test]
fn behind_a_relay_is_the_person() {
    let relay = "From: Ann Vogel via B4 Relay <devnull+ann.a.example@relay.example>\n\
                 Subject: [PATCH 0/2] fold it\n";
    let ann = "Ann Vogel <ann@a.example>";
    check(&format!("{relay}Reply-To: ann@a.example\n"), "x\n", ann);
    check(relay, "From: Ann Vogel <ann@a.example>\n\nFold it.\n", ann);
    check(
        &format!("{relay}Reply-To: ann@a.example\n"),
        &format!("From: Bo Ek <bo@b.example>\n\nFold it.\n{DIFF}"),
        "Bo Ek <bo@b.example>",
    );
    let gateway = "From: Ann Vogel via Gateway <gateway@x.example>\nSubject: [PATCH] fold it\n\
                   Cc: Ann Vogel <ann@a.example>\n";
    check(gateway, "From: Ann Vogel <ann@b.example>\n\nFold it.\n", "Ann Vogel <ann@b.example>");
    check(gateway, "Fold it.\n", ann);
}

#[test]
fn a_patch_names_its_author() {
    check_patch("From: Bo Ek <bo@b.example>", "Bo Ek <bo@b.example>");
    check_patch("From: Ann Vogel <ann@work.example>", "Ann Vogel <ann@work.example>");
    check_patch("\n\nFrom: Bo Ek <bo@b.example>", "Bo Ek <bo@b.example>");
    check_patch("From: bo@b.example (Bo Ek)", "Bo Ek <bo@b.example>");
    check_patch("From: bo@b.example", "bo@b.example");
    check_patch("from: \"Ek, Bo\" <bo@b.example>  ", "Bo Ek <bo@b.example>");
    check_patch("From: =?utf-8?q?B=C3=B6_Ek?= <bo@b.example>", "Bö Ek <bo@b.example>");
    check_patch(
        "From: =?utf-8?q?B=C3=B6?=\n =?utf-8?q?_Ek?= <bo@b.example>",
        "Bö Ek <bo@b.example>",
    );
    let git = "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\n";
    check_patch(&format!("{git}From: Bo Ek <bo@b.example>\nDate: x\n"), "Bo Ek <bo@b.example>");
    check_patch("Subject: fold\nFrom: Bo Ek <bo@b.example>", "Bo Ek <bo@b.example>");
    check_patch("From: Bo Ek (Widgets) <bo@b.example>", "Bo Ek <bo@b.example> | Widgets (name)");
}

#[test]
fn other_lines_name_nobody() {
    let ann = "Ann Vogel <ann@a.example>";
    for top in [
        "> From: Bo Ek <bo@b.example>",
        "Hello,\n\nFrom: Bo Ek <bo@b.example>",
        "From: Bo Ek",
        "From: here on it folds, says bo@b.example to us",
        "From: Bo Ek <bo@b.example>, Cy <cy@c.example>",
        "From: Bo Ek <bo@b.example> Sent: Monday",
        "From: Bo Ek <bo@b.example>\nSent: Monday\nTo: ann@a.example",
        "From: Bo Ek <bo@b.example>\nDate: Monday\nTo: ann@a.example\nSubject: x",
        "From: Bo Ek <bo>",
        "From: <>",
    ] {
        check_patch(top, ann);
    }
    let from = "From: Ann Vogel <ann@a.example>\n";
    let body = "From: Bo Ek <bo@b.example>\n\nIt oopses.\n";
    for subject in ["it oopses", "Re: [PATCH] fold it", "Fwd: [PATCH] fold it", "[BUG] it oopses"] {
        check(&format!("{from}Subject: {subject}\n"), body, ann);
    }
    let git = "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\n";
    let pasted = format!("{git}{body}{DIFF}");
    check(&format!("{from}Subject: Re: [PATCH] x\n"), &pasted, "Bo Ek <bo@b.example>");
    check(&format!("{from}Subject: Re: [PATCH] x\n"), &format!("Or this:\n\n{pasted}"), ann);
}

#[test]
fn a_mail_says_whom_its_writer_works_for() {
    let from = "From: Ann Vogel <ann@a.example>\n";
    let header = |value: &str| writer(&format!("{from}Organization: {value}\n"), "x\n");
    let ann = "Ann Vogel <ann@a.example>";
    for (value, employer) in [
        ("Example Widgets", "Example Widgets"),
        ("Widgets Oy - BIC 0000000-0 - Street 7", "Widgets Oy"),
        ("Widgets UK Ltd. Registered Address: Street 7", "Widgets UK Ltd."),
        ("=?utf-8?q?W=C3=AFdgets?=", "Wïdgets"),
    ] {
        assert_eq!(header(value), format!("{ann} | {employer} (header)"));
    }
    for value in ["", "I am not organized", "none", "Private person", "Ann Vogel", "x", "My Home!"]
    {
        assert_eq!(header(value), ann, "{value}");
    }
    check(&format!("{from}Organisation: Widgets\n"), "x\n", &format!("{ann} | Widgets (header)"));
    let both = "From: Ann Vogel (Wheels) <ann@a.example>\nOrganization: Widgets\n";
    check(both, "x\n", &format!("{ann} | Wheels (name)"));
    let sent =
        "From: Ann Vogel (Wheels) <ann@a.example>\nOrganization: Wheels\nSubject: [PATCH] x\n";
    check(sent, &format!("From: Bo <bo@b.example>\n\n{DIFF}"), "Bo <bo@b.example>");
    let own = format!("From: Ann Vogel <ann@home.example>\n\n{DIFF}");
    check(sent, &own, "Ann Vogel <ann@home.example> | Wheels (name)");
}

/// What a signature says of Ann, who writes from `ann@dev.bigwidgets.example`.
#[track_caller]
fn check_signature(signature: &str, expected: &str) {
    let from = "From: Ann Vogel <ann@dev.bigwidgets.example>\n";
    let body = format!("Hello.\n\n-- \n{signature}\n");
    let told = writer(from, &body);
    let employer = told.split(" | ").nth(1).unwrap_or("-").replace(" (signature)", "");
    assert_eq!(employer, expected, "{signature}");
}

#[test]
fn signatures_name_employers() {
    for (signature, expected) in [
        ("Ann Vogel, Wheels GmbH", "Wheels GmbH"),
        ("Ann Vogel\nBig Widgets Labs, Ulm", "Big Widgets"),
        ("Best regards,\n\nAnn Vogel\nKernel Group\nBig Widgets", "Big Widgets"),
        ("Software Engineer at Wheels", "Wheels"),
        ("Ann Vogel - Kernel Developer @ Wheels & Sons", "Wheels & Sons"),
        ("Big Widgets | Ulm | Machines for all", "Big Widgets"),
        ("Wheels GmbH, Street 5, 12345 Ulm\nHRB 12345, GF: Bo Ek", "Wheels GmbH"),
        ("Ann Vogel\tBig Widgets Linux Group", "Big Widgets"),
        (
            "Dr. Ann Vogel        Storage Architect\nann@x.example    +49 000 000\nWheels AG",
            "Wheels AG",
        ),
        ("Ann Vogel\nUniversity of Ulm", "University of Ulm"),
    ] {
        check_signature(signature, expected);
    }
}

#[test]
fn signatures_that_say_nothing_sure_are_passed_over() {
    for signature in [
        "Ann",
        "Ann Vogel\nhttps://bigwidgets.example/ann",
        "Ann Vogel, Ulm",
        "Linux Kernel Developer",
        "Developer at heart",
        "Student at University",
        "\"All widgets are equal.\" Wheels Inc",
        "- Bo Ek, Wheels GmbH",
        "Wheels GmbH\nSpokes GmbH",
        "This mail was checked by Wheels Inc software",
        "> Ann Vogel, Wheels GmbH",
        "big widgets",
        "lists mailing list\nlists@lists.example\nhttps://lists.example/listinfo",
    ] {
        check_signature(signature, "-");
    }
    let page: String = (0..40).map(|n| format!("Page {n}\n")).collect();
    check_signature(&format!("{page}Wheels GmbH"), "-");
    let from = "From: Ann Vogel <ann@a.example>\n";
    let quoted = "> Hello.\n> -- \n> Bo Ek, Wheels GmbH\n\nHi.\n";
    check(from, quoted, "Ann Vogel <ann@a.example>");
    let above = "Hi.\n\n-- \nAnn\n\nOn Monday, Bo Ek, Wheels GmbH wrote:\n> Hello.\n";
    check(from, above, "Ann Vogel <ann@a.example>");
}

#[test]
fn programs_are_marked() {
    let ann = "Ann Vogel <ann@a.example>";
    let from = format!("From: {ann}\n");
    for mark in [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (rejected)",
        "X-stable: review",
        "X-KernelTest-Branch: linux-6.1.y",
        "Robot-ID: <bot@x.example>",
        "Content-Type: multipart/report; boundary=x",
        "Subject: Automatic reply: fold it",
        "Subject: linux-next: manual merge of the widgets tree with the wheels tree",
        "Subject: [widgets] linux-next: Tree for Apr 4",
        "Subject: [PATCH AUTOSEL 6.2 01/10] widgets: fold",
        "Subject: [PATCH 6.1 000/123] 6.1.25-rc1 review",
        "Subject: Patch \"widgets: fold\" has been added to the 6.1-stable tree",
    ] {
        check(&format!("{from}{mark}\n"), "x\n", &format!("{ann} | robot"));
    }
    for mark in [
        "Auto-Submitted: no",
        "X-Patchwork-Hint: ignore",
        "X-Patchwork-Bot: notify",
        "X-Auto-Response-Suppress: DR, OOF, AutoReply",
        "Precedence: bulk",
        "Subject: Re: linux-next: manual merge of the widgets tree with the wheels tree",
        "Subject: linux-next: a question about widgets",
        "Subject: [PATCH 6.1.y] widgets: fold",
        "Subject: Linux 6.1.25",
    ] {
        check(&format!("{from}{mark}\n"), "x\n", ann);
    }
    check("From: syzbot <syzbot+0@x.example>\n", "x\n", "syzbot <syzbot+0@x.example> | robot");
    let queue = format!("{from}X-stable: review\nSubject: [PATCH 6.1 1/2] widgets: fold\n");
    let body = format!("From: Bo Ek <bo@b.example>\n\nFold.\n\n{DIFF}");
    check(&queue, &body, &format!("{ann} | robot"));
}

#[test]
fn hostile_names_are_plain_and_short() {
    let long = "x".repeat(10_000);
    let read = message(format!("From: \"{long}\" <{long}@a.example>\n\nx\n")).writer;
    assert_eq!(read.who.name.len(), 100);
    assert!(read.who.email.len() <= 256);
    check(
        "From: \"A\u{1b}[31mnn\u{202e} <i>V</i>\" <ann@a.example>\n",
        "x\n",
        "A[31mnn <i>V</i> <ann@a.example>",
    );
    let employer = "Widgets ".repeat(1000);
    check(&format!("From: ann@a.example\nOrganization: {employer}\n"), "x\n", "ann@a.example");
    let many: String = (0..10_000).map(|n| format!("a{n}@a.example, ")).collect();
    check(&format!("From: x via y <y@y.example>\nReply-To: {many}\n"), "x\n", "x <a0@a.example>");
}

proptest! {
    #[test]
    fn any_mail_has_a_writer(
        from in "\\PC{0,40}",
        reply in "\\PC{0,40}",
        top in "(From: )?\\PC{0,40}\n{0,2}\\PC{0,20}",
        signature in "(\\PC{0,30}\n){0,4}",
    ) {
        let mail = format!(
            "From: {from} via x <x@x.example>\nReply-To: {reply}\nSubject: [PATCH] x\n\n\
             {top}\n\n{DIFF}\n-- \n{signature}"
        );
        let read = message(mail).writer;
        prop_assert!(!read.who.name.contains(char::is_control));
        prop_assert!(read.who.name.chars().count() <= 100);
    }
}

/// Who posted a patch with these headers that begins with these lines.
#[track_caller]
fn check_poster(headers: &str, top: &str, expected: &str) {
    let rest = "Subject: [PATCH] fold it\nList-Id: <frobs.v.example>\nMessage-ID: <1@a.example>\n";
    let mail = message(format!("{headers}{rest}\n{top}\nFold it.\n\n{DIFF}"));
    assert_eq!(lorecast_mail::poster(&mail).to_string(), expected, "{headers}{top}");
}

#[test]
fn who_posts_is_behind_the_list_and_is_not_the_author_of_the_patch() {
    let (bo, by_ann) =
        ("From: \"Quill, Bo (Gadgets)\" <bo@b.example>\n", "From: Ann <ann@a.example>\n");
    check_poster(bo, "", "Bo Quill <bo@b.example>");
    check_poster(bo, by_ann, "Bo Quill <bo@b.example>");
    let list = "From: Bo Quill via frobs <frobs@v.example>\n";
    check_poster(&format!("{list}Reply-To: bo@b.example\n"), "", "Bo Quill <bo@b.example>");
    check_poster(list, by_ann, "Bo Quill <frobs@v.example>");
    let bare = "From: frobs@v.example\nX-Original-From: Bo Quill <bo@b.example>\n";
    check_poster(bare, "", "Bo Quill <bo@b.example>");
    check_poster(
        "From: devnull+bo.b.example@v.example\nReply-To: bo@b.example\n",
        "",
        "bo@b.example",
    );
}

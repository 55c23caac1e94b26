//! Mail that wants to hurt: all of it is read, in bounded time.
//!
//! The bounds leave room for slow machines without optimisation; quadratic behaviour takes minutes.

#![allow(clippy::unwrap_used)] // the helpers of tests are tests too

mod mail;

use std::time::{Duration, Instant};

use lorecast_mail::{
    Arrival, SIZE_LIMIT, diff_lines, diff_paths, parse, patch_id, prose, trailers,
};
use lorecast_model::{Defect, Message};
use mail::{HEAD, has, message, with};
use proptest::prelude::*;

const BOUND: Duration = Duration::from_secs(10);

/// Reads a mail in bounded time.
#[track_caller]
fn timed(mail: impl AsRef<[u8]>) -> Message {
    let start = Instant::now();
    let read = message(mail);
    assert!(start.elapsed() < BOUND, "{:?}", start.elapsed());
    read
}

/// Everything else that is read from a message.
fn look_at(read: &Message) {
    diff_paths(&read.diff);
    patch_id(&read.diff);
    diff_lines(&read.diff).for_each(drop);
    trailers(&read.text);
    prose::paragraphs(&read.text);
}

/// Reads a mail with a header that is repeated or long.
#[track_caller]
fn timed_with(headers: &str, body: &str) -> Message {
    timed(format!("{HEAD}{headers}\n{body}"))
}

#[test]
fn five_thousand_parts_in_parts() {
    let opening: String = (0..5000)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"))
        .collect();
    let read = timed(format!("{HEAD}{opening}\ndeep words\n"));
    assert_eq!((read.header.subject.as_str(), has(&read, Defect::Structure)), ("hello", true));
    assert!(read.text.contains("deep words"));
    let mails = "Content-Type: message/rfc822\n\n".repeat(5000);
    let read = timed(format!("{HEAD}{mails}deep words\n"));
    assert!(has(&read, Defect::Structure) && read.text.contains("deep words"));
}

#[test]
fn a_hundred_thousand_parts() {
    let parts = "--b\n\nx\n".repeat(100_000);
    let read = timed_with("Content-Type: multipart/mixed; boundary=b\n", &parts);
    assert!(has(&read, Defect::Structure) && read.text.starts_with("x\nx\n"));
}

#[test]
fn headers_without_end() {
    let ten = "x".repeat(10 << 20);
    let read = timed(format!("X-Long: {ten}\n{HEAD}\nwords\n"));
    assert_eq!((read.header.id.as_str(), read.text.as_str()), ("1@a.example", "words\n"));
    assert!(has(&read, Defect::TooLarge));
    for start in
        ["Subject: ", "To: ", "Content-Type: ", "Date: ", "In-Reply-To: ", "", "Subject: ("]
    {
        timed(format!("{start}{ten}\n{HEAD}\nwords\n"));
    }
    let many = "X-A: b\n".repeat(1_000_000);
    assert!(has(&timed(format!("{HEAD}{many}\nwords\n")), Defect::TooLarge));
}

#[test]
fn a_million_references() {
    let ids: String = (0..1_000_000).map(|n| format!("<{n}@x>\n ")).collect();
    let read = timed_with(&format!("References: {ids}<last@x>\n"), "x");
    assert_eq!(read.header.references.last().unwrap().as_str(), "last@x");
    assert_eq!(read.header.references.len(), 500);
    timed_with(&format!("References: {}\n", "<".repeat(1_000_000)), "x");
    timed_with(&"References: <a@x>\n".repeat(500_000), "x");
}

#[test]
fn comments_in_comments_in_addresses() {
    for open in ["(", "<", "\"", "\\", ":", "@", ",", "a,", "=?", "=?utf-8?q?", "\"<("] {
        let nest = open.repeat(100_000);
        let read =
            timed_with(&format!("Cc: {nest} Ann <ann@a.example>\nIn-Reply-To: {nest}\n"), "x");
        assert_eq!(read.header.id.as_str(), "1@a.example", "{open}");
        timed(format!("From: {nest}\nSubject: {nest}\nMessage-ID: {nest}\n\nx"));
    }
}

#[test]
fn bombs_of_encoded_words() {
    let words = "=?utf-8?b?w7w=?= ".repeat(100_000);
    let read = timed(format!("From: {words}<a@b>\nTo: {words}\nSubject: {words}\n\nx"));
    assert_eq!(read.header.subject.chars().count(), 1000);
    let changing: String = (0..100_000).map(|n| format!("=?x{n}?q?a?= ")).collect();
    timed(format!("From: a@b\nSubject: {changing}\n\nx"));
    let names = "; name*0*=utf-8''%41".repeat(100_000);
    timed_with(&format!("Content-Type: text/plain{names}\n"), "x");
}

#[test]
fn huge_bodies() {
    let base64 = "QUJD".repeat(5 << 20);
    let read = timed_with("Content-Transfer-Encoding: base64\n", &base64);
    assert!(has(&read, Defect::TooLarge) && read.text.len() > 10 << 20);
    let line = "word ".repeat(SIZE_LIMIT / 5);
    assert!(timed_with("", &line).text.len() > SIZE_LIMIT - 2000);
    let encoded = "Content-Transfer-Encoding: quoted-printable\n";
    let flowed = "Content-Type: text/plain; format=flowed\n";
    for piece in ["word ", "=", "=\n", "\n", "> \n", ">", " \n", "\r"] {
        for headers in ["", encoded, flowed] {
            timed_with(headers, &piece.repeat(1 << 18));
        }
    }
}

#[test]
fn html_without_end() {
    let html = |body: String| timed_with("Content-Type: text/html\n", &body);
    assert!(html(format!("{}words", "<div>".repeat(1_000_000))).text.contains("words"));
    for piece in ["<", "<!--", "</", "<script>", "<style></", "&", "&#", "&amp", "<a href=\"", "< "]
    {
        html(piece.repeat(200_000));
    }
}

#[test]
fn diffs_that_are_none() {
    for piece in [
        "@@ -1,99999999 +1,99999999 @@\n",
        "--- a/f\n+++ b/f\n@@ -1,99999 +1,99999 @@\n",
        "diff --git a/f b/f\n",
        "--- a\n",
        "+++ b\n",
        "-- \n2.40\n",
        "GIT binary patch\n",
        "Index: f\n",
        "\n@@ -1 +1 @@\nx\n",
        "-----BEGIN PGP SIGNED MESSAGE-----\n",
        "On x wrote:\n> a\n",
        "Fixes: a\n",
        "\u{a0}@@ -1 +1 @@\n",
    ] {
        let body = piece.repeat((256 << 10) / piece.len());
        for kind in ["", "Content-Type: text/plain; format=flowed\n"] {
            let read = timed_with(kind, &format!("diff --git a/f b/f\n{body}"));
            let start = Instant::now();
            look_at(&read);
            assert!(start.elapsed() < BOUND, "{piece}: {:?}", start.elapsed());
        }
    }
}

#[test]
fn ids_and_subjects_come_out_harmless() {
    let id = |id: &str| message(format!("From: a@b\nMessage-ID: {id}\n\nx")).header.id.to_string();
    assert_eq!(id("<a'; DROP TABLE m; --/../\"%@x>"), "a';DROPTABLEm;--/../\"%@x");
    assert_eq!(id("<a\n b@x>"), "ab@x");
    for bad in ["<\u{1b}[31m@x>", "<a\u{202e}b@x>", "<>", "< >", "y"] {
        assert!(id(bad).ends_with("@missing.lorecast.invalid"), "{bad:?}");
    }
    let read = message("From: a@b\nSubject: =?utf-8?q?a=0A=1B[2Jb=E2=80=AEc=00?='\"/..\n\nx");
    assert_eq!(read.header.subject, "a [2Jbc'\"/..");
    let read = with("References: <\u{1b}@x> <\u{202e}@x> <ok@x>\n", "a\u{1b}[2Jb\u{9b}\n");
    assert_eq!(read.header.references.len(), 1);
    assert_eq!(read.text, "a[2Jb\n");
}

/// What mutations are made of: a mail with something of everything.
const RICH: &str = "From: =?utf-8?q?J=C3=BCrgen?= <j@a.example>\nTo: l@v.example, \"B, C\" <c@d>\n\
    Date: Mon, 10 Apr 2023 12:00:00 +0200\nSubject: [PATCH v2 1/2] x: y\nMessage-ID: <1@x>\n\
    References: <a@x> <b@x>\nIn-Reply-To: <b@x>\nContent-Type: multipart/mixed; boundary=\"b\"\n\n\
    --b\nContent-Type: text/plain; charset=utf-8; format=flowed\n\
    Content-Transfer-Encoding: quoted-printable\n\nwords =C3=BC flow \non\n> quoted\n\n\
    --- a/f\n+++ b/f\n@@ -1,2 +1,2 @@ f()\n  x\n-a\n+b\n-- \n2.40\n\
    --b\nContent-Type: application/octet-stream; name*0*=utf-8''%C3%BC; name*1=.patch\n\
    Content-Transfer-Encoding: base64\n\nZGlmZiAtLWdpdCBhL2YgYi9mCg==\n--b\n\
    Content-Type: message/rfc822\n\nSubject: inner\n\n<p>&amp;\n--b--\n";

/// A mail always has an id and a date, and nothing in it can hurt a terminal.
fn check_whole(raw: &[u8]) {
    let read = parse(raw, &Arrival::default());
    assert!(!read.header.id.as_str().is_empty());
    assert!(!read.header.subject.chars().any(char::is_control));
    assert!(!read.text.chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
    assert!(
        read.attachments
            .iter()
            .all(|name| !name.contains('/') && !name.chars().any(char::is_control))
    );
    assert!(read.header.defects.is_sorted());
    assert_eq!(read, parse(raw, &Arrival::default()));
    look_at(&read);
}

proptest! {
    #[test]
    fn any_bytes(raw in prop::collection::vec(any::<u8>(), 0..2000)) {
        check_whole(&raw);
    }

    #[test]
    fn mutated_mails(changes in prop::collection::vec(
        (any::<prop::sample::Index>(), 0..6_u8, any::<u8>()), 1..20,
    )) {
        let mut raw = RICH.as_bytes().to_vec();
        for (index, action, byte) in changes {
            let at = index.index(raw.len());
            match action {
                0 => raw[at] = byte,
                1 => raw.insert(at, byte),
                2 if raw.len() > 1 => drop(raw.remove(at)),
                3 => raw.truncate(at.max(1)),
                4 => raw.extend_from_within(at..(at + 40).min(raw.len())),
                _ => raw[at] = b"\n\r\0=>\"(@;:"[usize::from(byte) % 10],
            }
        }
        check_whole(&raw);
    }
}

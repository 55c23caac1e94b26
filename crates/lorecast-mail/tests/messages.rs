//! Whole mails, invented, and what is read from them.

#![allow(clippy::unwrap_used)] // the helpers of tests are tests too

mod mail;

use insta::assert_snapshot;
use lorecast_mail::{Arrival, SIZE_LIMIT, parse};
use lorecast_model::{Defect, ListId, Message};
use mail::{HEAD, defects, message, multipart, with};
use proptest::prelude::*;

/// Headers in one block, for snapshots.
fn headers(message: &Message) -> String {
    let header = &message.header;
    let join = |all: &[String]| all.join(" ");
    let ids = header.references.iter().map(ToString::to_string).collect::<Vec<_>>();
    let lists = header.lists.iter().map(ToString::to_string).collect::<Vec<_>>();
    format!(
        "{}\n{}\n{}\n{}\nreferences: {}\nlists: {}\ndefects: {}",
        header.id,
        header.date,
        header.from,
        header.subject,
        join(&ids),
        join(&lists),
        defects(message)
    )
}

#[test]
fn a_plain_mail() {
    let read = with("References: <r@x>\nIn-Reply-To: <p@x>\nList-Id: <l.v.example>\n", "Hi!\r\n");
    assert_snapshot!(headers(&read), @r"
    1@a.example
    2023-04-10T12:00:00Z
    Ann Example <ann@a.example>
    hello
    references: r@x p@x
    lists: l.v.example
    defects: 
    ");
    assert_eq!((read.text.as_str(), read.diff.as_str()), ("Hi!\n", ""));
}

#[test]
fn a_mail_without_anything() {
    assert_snapshot!(headers(&message("")), @r"
    709e80c88487a2411e1ee4dfb9f22a861492d20c@missing.lorecast.invalid
    1970-01-01T00:00:00Z


    references: 
    lists: 
    defects: missing-id bad-date missing-from missing-subject not-mail no-recipients
    ");
}

#[test]
fn a_file_that_is_no_mail_is_all_text() {
    let read = message("just some words\n\nand more\n");
    assert!(defects(&read).contains("not-mail"));
    assert_eq!(read.text, "just some words\n\nand more\n");
}

#[test]
fn headers_cannot_harm_a_terminal() {
    let read = message("From: \u{1b}[31mAnn\u{202e} <a@b>\nSubject: a\u{7}b\u{9b}c\0d\n\nx\n");
    assert_eq!(read.header.from.to_string(), "[31mAnn <a@b>");
    assert_eq!(read.header.subject, "abcd");
}

#[test]
fn the_derived_id_is_the_same_through_every_list() {
    let one = message("Received: here\nFrom: a@b\nSubject: s\n\nbody\n").header.id;
    let other = message("Received: there\r\nFrom: a@b\r\nSubject: s\r\n\r\nbody\r\n\r\n").header.id;
    let different = message("From: a@b\nSubject: s\n\nanother\n").header.id;
    assert_eq!(one, other);
    assert_ne!(one, different);
    let folded = "From: a@b\nSubject: s\n folded\n\nbody\n";
    assert_eq!(message(folded).header.id, message(folded.replace('\n', "\r\n")).header.id);
}

#[test]
fn the_archive_corrects_a_date_that_is_a_day_off() {
    let arrival = |time: &str| Arrival { received: Some(time.parse().unwrap()), list: None };
    let at = |time: &str| {
        let read = parse(format!("{HEAD}\n").as_bytes(), &arrival(time));
        format!("{} {}", read.header.date, defects(&read))
    };
    assert_eq!(at("2023-04-11T11:59:59Z"), "2023-04-10T12:00:00Z ");
    assert_eq!(at("2023-04-11T12:00:00Z"), "2023-04-11T12:00:00Z date-off");
    let undated = parse(b"From: a@b\nDate: soon\n\n", &arrival("2023-04-11T12:00:00Z"));
    assert_eq!(undated.header.date.to_string(), "2023-04-11T12:00:00Z");
}

#[test]
fn without_a_date_the_last_hop_tells() {
    let read = message(
        "Received: by mx; Tue, 11 Apr 2023 08:00:00 +0000\n\
         Received: by me; Mon, 3 Apr 2023 08:00:00 +0000\nFrom: a@b\n\nx\n",
    );
    assert_eq!(read.header.date.to_string(), "2023-04-11T08:00:00Z");
    assert!(defects(&read).contains("bad-date"));
}

#[test]
fn the_archive_knows_its_list() {
    let list = ListId::new("other.v.example").unwrap();
    let arrival = Arrival { list: Some(list.clone()), received: None };
    let read = parse(format!("{HEAD}List-Id: <l.v.example>\n\n").as_bytes(), &arrival);
    assert_eq!(read.header.lists, [list]);
}

#[test]
fn encodings_are_undone() {
    let read = with(
        "Content-Type: text/plain; charset=\"iso-8859-1\"\n\
         Content-Transfer-Encoding: quoted-printable\n",
        "Gr=FC=DFe aus =\nK=F6ln\n",
    );
    assert_eq!(read.text, "Grüße aus Köln\n");
    let read = with(
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n",
        "R3LDvMOfZQo=\n________\na list's footer\n",
    );
    assert_eq!((read.text.as_str(), defects(&read).as_str()), ("Grüße\n", "encoding"));
}

#[test]
fn an_unknown_charset_is_named() {
    let read = with("Content-Type: text/plain; charset=x-klingon\n", "nuqneH\n");
    assert_eq!((read.text.as_str(), defects(&read).as_str()), ("nuqneH\n", "charset"));
}

#[test]
fn every_defect_can_be_found_but_the_one_that_needs_two_mails() {
    let diff = "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n";
    let crlf = diff.replace('\n', "=0D\n");
    let quoted = "Content-Transfer-Encoding: quoted-printable\n";
    let mut mails = vec![
        message("words"),
        message(
            "From: a via l <l@v>\nReply-To: a@b\nDate: Mon, 10 Apr 2023 12:00:00 +1600\n\n\u{e9}",
        ),
        with("In-Reply-To: y\n", "a\rb\n\n>From here\n"),
        with("References: y\nContent-Type: text/html; charset=y\n", "<p>x"),
        with("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n", "!!"),
        with("Content-Type: multipart/mixed\n", "x"),
        with(&format!("{quoted}Content-Type: text/plain; format=flowed\n"), &crlf),
        message(format!("X: {}\n\n", "x".repeat(200_000))),
    ];
    let late = Arrival { received: Some("2024-01-01T00:00:00Z".parse().unwrap()), list: None };
    mails.push(parse(HEAD.as_bytes(), &late));
    let found = |defect| mails.iter().any(|mail| mail::has(mail, defect));
    let missed: Vec<Defect> = Defect::ALL.into_iter().filter(|defect| !found(*defect)).collect();
    assert_eq!(missed, [Defect::SharedId]);
}

#[test]
fn plain_text_wins_over_html() {
    let html = "Content-Type: text/html\n\n<p>a &amp; <b>b</b></p>";
    let read = multipart("alternative", &[html, "Content-Type: text/plain\n\nplain"]);
    assert_eq!(read.text, "plain\n");
    assert_eq!(multipart("alternative", &[html]).text, "a & b\n");
}

#[test]
fn attached_patches_are_diff_and_other_files_are_neither() {
    let patch = "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n";
    let attached = format!("Content-Type: text/x-patch; name=f.patch\n\nSubject: f\n\n{patch}");
    let log = "Content-Type: text/plain\nContent-Disposition: attachment; filename=dmesg\n\nboot";
    let read = multipart("mixed", &["\nsee below", &attached, log]);
    assert_eq!((read.text.as_str(), read.diff.as_str()), ("see below\n", patch));
}

#[test]
fn a_broken_structure_keeps_the_raw_text() {
    let headers = "Content-Type: multipart/mixed; boundary=never\n";
    let read = with(headers, "words\n");
    assert_eq!((read.text.as_str(), defects(&read).as_str()), ("words\n", "structure"));
    let unclosed = with("Content-Type: multipart/mixed; boundary=b\n", "--b\n\nwords\n");
    assert_eq!((unclosed.text.as_str(), defects(&unclosed).as_str()), ("words\n", "structure"));
}

#[test]
fn parts_in_parts_end_at_some_depth() {
    let mut body = String::from("\ndeep\n");
    for level in 0..60 {
        body = format!(
            "Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n{body}--b{level}--\n"
        );
    }
    let read = message(format!("{HEAD}{body}"));
    assert!(defects(&read).contains("structure"));
    assert!(read.text.contains("deep"));
}

#[test]
fn a_huge_mail_is_cut() {
    let mut raw = format!("{HEAD}\n").into_bytes();
    raw.resize(SIZE_LIMIT + 1, b'x');
    let read = message(raw);
    assert_eq!(defects(&read), "too-large");
    assert!(read.text.len() < SIZE_LIMIT);
}

#[test]
fn a_huge_header_is_cut() {
    let read = message(format!("{HEAD}To: {}\n\nbody\n", "a@b, ".repeat(200_000)));
    assert_eq!((defects(&read).as_str(), read.text.as_str()), ("too-large", "body\n"));
}

#[test]
fn a_mail_that_lost_its_end_is_kept() {
    let read = with("Content-Transfer-Encoding: base64\n", "SGVsbG8gd29ybGQhIQ");
    assert_eq!((read.text.as_str(), defects(&read).as_str()), ("Hello world!\n", "encoding"));
}

proptest! {
    #[test]
    fn no_bytes_panic(raw in prop::collection::vec(any::<u8>(), 0..2000)) {
        parse(&raw, &Arrival::default());
    }

    #[test]
    fn no_mail_like_text_panics(pieces in prop::collection::vec(prop::sample::select(vec![
        "From: ", "Subject: ", "Content-Type: multipart/mixed; boundary=b\n", "--b\n", "--b--\n",
        "\n", "\r", "=?utf-8?q?", "=?utf-8?b?", "?=", "=C3", "<", ">", "@", "\"", ",", ":", ";",
        "Content-Transfer-Encoding: base64\n", "diff --git a/x b/x\n", "--- a/x\n", "+++ b/x\n",
        "@@ -1,9 +1,2 @@\n", "-- \n", "2.40.1\n", "GIT binary patch\n", " ", "é", "\0", "x*0*=", "(",
        "References: ", "Date: ", "> ", "On Monday Ann wrote:\n", "name*=utf-8''%",
    ]), 0..60)) {
        let read = message(pieces.concat());
        lorecast_mail::diff_paths(&read.diff);
        lorecast_mail::trailers(&read.text);
        let flat = lorecast_mail::prose::unwrapped(&read.text);
        for paragraph in lorecast_mail::prose::paragraphs(&read.text) {
            prop_assert!(flat.contains(&paragraph), "{paragraph:?} is not in {flat:?}");
        }
    }
}

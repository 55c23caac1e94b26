//! Header fields as they should not be, and what is said of them.

#![allow(clippy::unwrap_used)] // the helpers of tests are tests too

mod mail;

use lorecast_mail::{Arrival, parse};
use lorecast_model::Defect;
use mail::{has, message, with};

/// Whether a header makes a mail have a defect.
#[track_caller]
fn check(headers: &str, defect: Defect, expected: bool) {
    assert_eq!(has(&with(headers, "x\n"), defect), expected, "{headers}");
}

#[test]
fn folded_and_eight_bit_headers() {
    let read =
        message("From: J\u{fc}rgen\n <j@a.example>\nSubject: Gr\u{fc}\u{df}e\n\taus\r\n K\n\n");
    assert_eq!(read.header.from.to_string(), "Jürgen <j@a.example>");
    assert_eq!(read.header.subject, "Grüße aus K");
    let latin = message(b"From: a@b\nSubject: Gr\xfc\xdfe\n\n");
    assert_eq!(latin.header.subject, "Grüße");
    assert!(has(&latin, Defect::Charset));
}

#[test]
fn encoded_words_in_broken_charsets() {
    for charset in ["y", "a", "x-unknown-one", "--subject='re:"] {
        let read = message(format!("From: a@b\nSubject: =?{charset}?q?hi_there?=\n\n"));
        assert_eq!((read.header.subject.as_str(), has(&read, Defect::Charset)), ("hi there", true));
    }
    let read = message("From: a@b\nSubject: =?utf-8?q?caf=C3?=\n\n");
    assert_eq!(read.header.subject, "caf\u{fffd}");
}

#[test]
fn answers_to_odd_ids() {
    check("In-Reply-To: <p@x>\n", Defect::OddReply, false);
    check("In-Reply-To: <p@x> (Ann's message of \"Mon (10) Apr\")\n", Defect::OddReply, false);
    check("In-Reply-To:\n", Defect::OddReply, false);
    check("In-Reply-To: <p@x> <q@x>\n", Defect::OddReply, true);
    check("In-Reply-To: <p@x>\nIn-Reply-To: <q@x>\n", Defect::OddReply, true);
    check("In-Reply-To: Your message of \"Mon, 10 Apr\" <p@x>\n", Defect::OddReply, true);
    check("In-Reply-To: p@x\n", Defect::OddReply, true);
    check("In-Reply-To: y\n", Defect::OddReply, true);
    let several = with("In-Reply-To: <p@x> <q@x>\n", "x\n").header.references;
    assert_eq!(several.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["p@x", "q@x"]);
}

#[test]
fn ids_that_a_robot_encoded() {
    let word = "=?utf-8?q?=3Cp=40?=\n =?utf-8?q?x=3E?=";
    let read = with(&format!("In-Reply-To: {word}\nReferences: {word}\n"), "x\n");
    assert_eq!(read.header.references.len(), 1);
    assert_eq!((read.header.references[0].as_str(), mail::defects(&read).as_str()), ("p@x", ""));
}

#[test]
fn references_that_are_missing_or_empty_of_ids() {
    check("In-Reply-To: <p@x>\n", Defect::NoReferences, true);
    check("In-Reply-To: <p@x>\nReferences: <p@x>\n", Defect::NoReferences, false);
    check("Subject: x\n", Defect::NoReferences, false);
    check("References: y\n", Defect::NoIds, true);
    check("References: <p@x>\n", Defect::NoIds, false);
    check("References: p@x\n", Defect::NoIds, false);
    check("References:\n", Defect::NoIds, false);
}

#[test]
fn mails_to_nobody() {
    let no =
        |headers: &str| has(&message(format!("From: a@b\n{headers}\nx\n")), Defect::NoRecipients);
    assert!(no("Subject: x\n"));
    assert!(no("To: undisclosed-recipients:;\n"));
    assert!(no("To: Undisclosed recipients: ;\nCc:\n"));
    assert!(no("To: undisclosed-recipients\n") && no("To: Undisclosed recipients\n"));
    assert!(!no("Cc: l@v.example\n"));
    let many: String = (0..238).map(|n| format!("Ann {n} <ann{n}@a.example>,\n ")).collect();
    let read = message(format!("From: a@b\nCc: {many}\n\nx\n"));
    assert_eq!(
        (read.cc.len(), mail::defects(&read).as_str()),
        (238, "missing-id bad-date missing-subject")
    );
}

#[test]
fn senders_that_a_list_rewrote() {
    let via = |headers: &str| has(&message(format!("{headers}\nx\n")), Defect::ViaList);
    let list = "Ann via frobs <frobs@v.example>";
    assert!(via(&format!("From: {list}\nTo: frobs@v.example\n")));
    assert!(via(&format!("From: {list}\nList-Id: <frobs.v.example>\n")));
    assert!(via("From: 'Ann' via frobs <frobs@v.example>\nX-Original-From: Ann <a@b>\n"));
    assert!(via(&format!("From: {list}\nReply-To: Ann <a@b>\n")));
    assert!(!via(&format!("From: {list}\nTo: others@v.example\n")));
    assert!(!via("From: Ann <frobs@v.example>\nTo: frobs@v.example\n"));
}

#[test]
fn dates_in_zones_and_years_that_are_none() {
    let arrival = Arrival { received: Some("2023-04-10T13:00:00Z".parse().unwrap()), list: None };
    let read = |date: &str| {
        let mail =
            format!("From: a@b\nTo: c@d\nMessage-ID: <1@x>\nSubject: s\nDate: {date}\n\nx\n");
        let read = parse(mail.as_bytes(), &arrival);
        format!("{} {}", read.header.date, mail::defects(&read))
    };
    assert_eq!(read("Mon, 10 Apr 2023 12:00:00 +1600"), "2023-04-10T12:00:00Z bad-zone");
    assert_eq!(read("Mon, 10 Apr 2023 12:00:00 -2359"), "2023-04-10T12:00:00Z bad-zone");
    assert_eq!(read("Mon, 10 Apr 2023 12:00:00 +1400"), "2023-04-09T22:00:00Z ");
    assert_eq!(read("10 Apr 23 12:00 +0000"), "2023-04-10T12:00:00Z ");
    for date in [
        "Thu, 1 Jan 1970 00:00:00 +0000",
        "Mon, 19 Jan 2038 03:14:08 +0000",
        "Fri, 10 Apr 2093 12:00:00 +0000",
        "Thu, 1 Jan 1970 00:00:00 +1600",
    ] {
        assert!(read(date).starts_with("2023-04-10T13:00:00Z date-off"), "{date}");
    }
    for date in ["", "soon", "10 Apr 99999 12:00:00 +0000"] {
        assert_eq!(read(date), "2023-04-10T13:00:00Z bad-date", "{date}");
    }
}

#[test]
fn carriage_returns_that_end_no_line() {
    check("X-A: a\rb\n", Defect::BareCr, true);
    check("X-A: a\r\n", Defect::BareCr, false);
    assert!(has(&with("", "a\rb\n"), Defect::BareCr));
    assert!(!has(&with("", "a\r\nb\r\r\n"), Defect::BareCr));
    assert_eq!(with("", "a\rb\r\r\nc\n").text, "a\nb\nc\n");
}

#[test]
fn a_header_that_begins_with_a_space_or_a_return_does_not_hide_the_others() {
    let read = message(" stray\n\rTo: c@d\nFrom: a@b\nno colon here\nSubject: s\n\nx\n");
    assert_eq!((read.header.subject.as_str(), read.to.len()), ("s", 1));
}

//! The dialects of mbox.

use std::fs;

use lorecast_archive::{Hints, MboxForm, discover};
use lorecast_testkit::mailbox::{counted, mail, mboxcl2, mboxo, mboxrd};

use crate::reading::{folder, raw};

/// What is read of a file, with this hint.
fn read(content: &[u8], form: Option<MboxForm>) -> Vec<String> {
    let (_room, path) = folder();
    fs::write(path.join("box"), content).unwrap();
    let found = discover(&path.join("box"), &Hints { list: None, form }).unwrap();
    let text = |item| String::from_utf8(raw(&item).bytes.clone()).unwrap();
    found[0].read(None).unwrap().map(|item| text(item.unwrap())).collect()
}

/// A mail that a careless reader would split.
fn tricky() -> Vec<u8> {
    mail("1@x").body("a\n\nFrom a Mon Apr 10 08:05:00 2023\n>From b\n>>From c\n\n").bytes()
}

fn check(content: &[u8], form: Option<MboxForm>, mails: &[Vec<u8>]) {
    let mails: Vec<_> = mails.iter().map(|mail| String::from_utf8(mail.clone()).unwrap()).collect();
    assert_eq!(read(content, form), mails);
}

#[test]
fn mboxrd_gives_back_every_line() {
    let mails = [tricky(), mail("2@x").bytes()];
    check(&mboxrd(&mails), None, &mails);
    check(&mboxrd(&mails), Some(MboxForm::Rd), &mails);
}

#[test]
fn mboxo_gives_back_what_it_can() {
    let body = "From a\n>From b\n>>From c\n";
    let read = read(&mboxo(&[mail("1@x").body(body).bytes()]), Some(MboxForm::O));
    assert!(read[0].ends_with("\n\nFrom a\nFrom b\n>>From c\n"), "{}", read[0]);
}

#[test]
fn mboxcl2_is_told_by_its_lengths() {
    let mails = [counted(&tricky()), counted(&mail("2@x").bytes()), mail("3@x").bytes()];
    let content = [mboxcl2(&[tricky(), mail("2@x").bytes()]), mboxrd(&mails[2..])].concat();
    check(&content, None, &mails);
    check(&content, Some(MboxForm::Cl2), &mails);
}

#[test]
fn mboxcl2_needs_no_empty_line_and_no_date() {
    let (one, two) = (counted(&tricky()), counted(&mail("2@x").bytes()));
    let content = [b"From a\n", one.as_slice(), b"From b\n", two.as_slice()].concat();
    check(&content, None, &[one, two]);
}

#[test]
fn mboxcl2_may_hold_bodies_without_a_line_end_or_anything() {
    for body in ["", "x", "x\n\n", "x\r\n"] {
        let one = counted(&mail("1@x").body(body).bytes());
        for between in ["\n", "\r\n"] {
            let next = [b"From b\n".as_slice(), &one, between.as_bytes()].concat();
            check(&next.repeat(3), None, &[one.clone(), one.clone(), one.clone()]);
        }
    }
}

#[test]
fn a_length_that_is_wrong_is_not_believed() {
    for length in ["1", "9", "99", "99999", "-1", "x", "18446744073709551615"] {
        let one = mail("1@x").header("Content-Length", length).body("a\n>From b\nc\n").bytes();
        let mails = [one, mail("2@x").bytes()];
        check(&mboxrd(&mails), None, &mails);
    }
}

#[test]
fn a_length_is_not_believed_against_a_hint() {
    let content = mboxcl2(&[tricky()]);
    assert_eq!(read(&content, Some(MboxForm::Rd)).len(), 2);
    assert_eq!(read(&content, Some(MboxForm::O)).len(), 2);
}

#[test]
fn nothing_is_unescaped_in_mboxcl2() {
    let one = mail("1@x").body(">From a\n").bytes();
    let content = [b"From a\n", one.as_slice(), b"\n"].concat();
    check(&content, Some(MboxForm::Cl2), &[one]);
}

#[test]
fn many_wrong_lengths_do_not_take_long() {
    let one = mail("1@x").header("Content-Length", "60000000").bytes();
    let mails: Vec<_> = std::iter::repeat_n(one, 20_000).collect();
    assert_eq!(read(&mboxrd(&mails), None).len(), 20_000);
}

//! Files that are one mail, and standard input.

use std::fs;

use lorecast_archive::Item;
use lorecast_testkit::mailbox::{mail, mboxrd};
use lorecast_testkit::packed::gzip;

use crate::reading::{archive, first, folder, ids, mails, read};

#[test]
fn a_file_that_starts_with_a_header_is_never_split() {
    let (_room, path) = folder();
    let one = mail("1@x").body("a\n\nFrom a Mon Apr 10 08:05:00 2023\n>From b\n").bytes();
    for (name, content) in [("a.eml", one.clone()), ("b", gzip(&one))] {
        fs::write(path.join(name), content).unwrap();
        let (items, _) = read(&path.join(name), None);
        assert_eq!((items.len(), &first(&items).bytes), (1, &one));
    }
}

#[test]
fn a_mail_is_read_again_only_when_its_file_changed() {
    let (_room, path) = folder();
    let (file, moved) = (path.join("a.eml"), path.join("b.eml"));
    fs::write(&file, mail("1@x").bytes()).unwrap();
    let (_, cursor) = read(&file, None);
    let (none, same) = read(&file, Some(&cursor));
    assert_eq!((none.len(), &same), (0, &cursor));
    fs::copy(&file, &moved).unwrap();
    assert!(archive(&moved).continues(&cursor));
    fs::write(&file, mail("2@x").bytes()).unwrap();
    assert!(archive(&file).read(Some(&cursor)).unwrap().from_the_start());
    assert_eq!(ids(&read(&file, Some(&cursor)).0), ["2@x"]);
}

#[test]
fn a_place_is_named_when_asked_for() {
    let (_room, path) = folder();
    let file = path.join("a.mbox");
    fs::write(&file, mboxrd(&mails(&["1@x"]))).unwrap();
    let item = archive(&file).read(None).unwrap().next().unwrap().unwrap();
    let Item::Mail(mail) = item else { panic!("{item:?}") };
    assert_eq!(mail.place.to_string(), format!("{file} at byte 0"));
}

//! Maildirs: read, grown, tidied.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;

use lorecast_testkit::maildir::deliver;
use lorecast_testkit::packed::gzip;

use crate::reading::{archive, first, folder, ids, mails, raw, read};

#[test]
fn mails_come_in_the_order_of_their_names() {
    let (_room, path) = folder();
    let mails = mails(&["1@x", "2@x", "3@x"]);
    deliver(&path, "new", "1681128003.c", &mails[2]);
    deliver(&path, "cur", "1681128002.b:2,S", &mails[1]);
    deliver(&path, "new", "1681128001.a", &gzip(&mails[0]));
    fs::write(path.join("cur/.hidden"), "x").unwrap();
    fs::write(path.join("tmp/1.half"), "x").unwrap();
    let (items, _) = read(&path, None);
    assert_eq!(ids(&items), ["1@x", "2@x", "3@x"]);
    assert_eq!(first(&items).received.unwrap().to_string(), "2023-04-10T12:00:01Z");
    let place = raw(items[1].as_ref().unwrap()).place.to_string();
    assert_eq!(place, format!("{path}/cur/1681128002.b:2,S"));
}

#[test]
fn what_was_delivered_since_is_read() {
    let (_room, path) = folder();
    let mails = mails(&["1@x", "2@x"]);
    deliver(&path, "new", "2.a", &mails[0]);
    let (_, cursor) = read(&path, None);
    deliver(&path, "new", "1.b", &mails[1]);
    let (items, next) = read(&path, Some(&cursor));
    assert!(ids(&items).contains(&"2@x".to_owned()));
    assert!(next >= cursor);
}

#[test]
fn an_old_mail_is_not_read_again_when_it_is_older_than_the_cursor() {
    let (_room, path) = folder();
    deliver(&path, "new", "1.a", &mails(&["1@x"])[0]);
    let later = "maildir:32503680000.000000000";
    let (items, cursor) = read(&path, Some(later));
    assert_eq!((items.len(), cursor.as_str()), (0, later));
}

#[test]
fn a_reading_stopped_in_the_middle_begins_where_it_began() {
    let (_room, path) = folder();
    let mails = mails(&["1@x", "2@x"]);
    deliver(&path, "new", "1.a", &mails[0]);
    deliver(&path, "new", "2.b", &mails[1]);
    let mut reader = archive(&path).read(None).unwrap();
    reader.next().unwrap().unwrap();
    assert_eq!((reader.cursor(), reader.done(), reader.total()), (String::new(), 1, 2));
}

#[test]
fn a_mail_that_was_moved_meanwhile_is_no_error_and_none_is_ever_gone() {
    let (_room, path) = folder();
    let mails = mails(&["1@x", "2@x"]);
    let gone = deliver(&path, "new", "1.a", &mails[0]);
    deliver(&path, "new", "2.b", &mails[1]);
    let mut reader = archive(&path).read(None).unwrap();
    fs::remove_file(gone).unwrap();
    assert_eq!(ids(&reader.by_ref().collect()), ["2@x"]);
    assert!(!reader.from_the_start());
    assert!(!archive(&path).continues(&reader.cursor()));
}

#[test]
fn a_name_that_is_not_utf_8_hides_no_other() {
    let (_room, path) = folder();
    deliver(&path, "new", "1.a", &mails(&["1@x"])[0]);
    fs::write(path.join("cur").as_std_path().join(OsStr::from_bytes(b"2.\xff")), "x").unwrap();
    assert_eq!(ids(&read(&path, None).0), ["1@x"]);
}

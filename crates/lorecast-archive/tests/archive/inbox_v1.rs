//! public-inbox v1: one mail a file.

use std::fs;

use lorecast_archive::read_blob;
use lorecast_testkit::mailbox::mail;
use lorecast_testkit::{git, inbox};

use crate::reading::{archive, first, folder, ids, mails, read};

#[test]
fn mails_come_in_the_order_of_commits() {
    let (_room, path) = folder();
    let path = path.join("x.git");
    let all = mails(&["1@x", "2@x", "3@x"]);
    inbox::build_v1(&path, &all[..2]);
    let (items, cursor) = read(&path, None);
    assert_eq!(ids(&items), ["1@x", "2@x"]);
    assert_eq!(first(&items).received.unwrap().to_string(), "2023-04-10T12:00:00Z");
    assert_eq!(read_blob(&path, first(&items).blob.unwrap()).unwrap(), all[0]);
    inbox::build_v1(&path, &all[2..]);
    assert_eq!(ids(&read(&path, Some(&cursor)).0), ["3@x"]);
}

#[test]
fn a_deleted_file_is_a_removal() {
    let (_room, path) = folder();
    let path = path.join("x.git");
    let all = mails(&["1@x", "2@x"]);
    inbox::build_v1(&path, &all);
    let (_, cursor) = read(&path, None);
    inbox::remove_v1(&path, &all[0]);
    assert_eq!(ids(&read(&path, Some(&cursor)).0), ["-1@x"]);
    inbox::remove_v1(&path, &all[1]);
    assert_eq!(ids(&read(&path, None).0), ["1@x", "2@x", "-1@x", "-2@x"]);
}

#[test]
fn a_replaced_file_goes_and_comes() {
    let (_room, path) = folder();
    let path = path.join("x.git");
    inbox::build_v1(&path, &[mail("1@x").bytes(), mail("1@x").body("edited\n").bytes()]);
    let (items, _) = read(&path, None);
    assert_eq!(ids(&items), ["1@x", "-1@x", "1@x"]);
    assert!(first(&items).bytes.ends_with(b"Hello.\n"));
}

#[test]
fn one_commit_may_hold_many_mails() {
    let (_room, path) = folder();
    let path = path.join("x.git");
    let all: Vec<_> = (0..300).map(|n| mail(&format!("{n}@x")).bytes()).collect();
    inbox::import_v1(&path, &all);
    let mut reader = archive(&path).read(None).unwrap();
    assert_eq!(reader.by_ref().take(299).count(), 299);
    assert_eq!(reader.cursor(), "", "the commit is not read to its end");
    assert_eq!((reader.count(), reader_at_end(&path)), (1, 300));
}

fn reader_at_end(path: &camino::Utf8Path) -> usize {
    let (items, cursor) = read(path, None);
    assert_eq!(read(path, Some(&cursor)).0.len(), 0);
    items.len()
}

#[test]
fn other_files_are_no_mails() {
    let (_room, path) = folder();
    let path = path.join("x.git");
    inbox::build_v1(&path, &mails(&["1@x"]));
    let stream = "commit refs/heads/master\ncommitter a <a@a> 1 +0000\ndata 0\n\
                  from refs/heads/master^0\nM 100644 inline README\ndata 1\nx\n\
                  M 100644 inline ab/short\ndata 1\nx\n";
    git::run(&path, &["fast-import", "--quiet"], stream.as_bytes());
    assert_eq!(ids(&read(&path, None).0), ["1@x"]);
}

#[test]
fn a_rewritten_history_is_read_from_the_start() {
    let (_room, path) = folder();
    inbox::build_v1(&path.join("a.git"), &mails(&["1@x", "2@x"]));
    inbox::build_v1(&path.join("b.git"), &mails(&["1@x"]));
    let (_, cursor) = read(&path.join("a.git"), None);
    fs::remove_dir_all(path.join("a.git")).unwrap();
    let reader = archive(&path.join("b.git")).read(Some(&cursor)).unwrap();
    assert!(reader.from_the_start());
    assert_eq!(ids(&reader.collect()), ["1@x"]);
}

//! What happens around the file: strangers' files, newer layouts, other writers, full disks.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use lorecast_model::{BlobId, Field, Group, Header, Mailbox, Message, MessageId, Placement};
use lorecast_store::sqlite::SqliteStore;
use lorecast_store::{Added, Batch, Entry, Found, Raw, SourceKey, Store, StoreError, Words};
use rusqlite::Connection;

/// The error of opening `index.db` after `before` prepared it, with the folder's name left out.
fn refused(before: impl FnOnce(&Utf8Path)) -> String {
    let (_dir, path) = folder();
    before(&path);
    let bytes = std::fs::read(&path).unwrap();
    let Err(error) = SqliteStore::open(&path) else { panic!("it was opened") };
    assert!(std::fs::read(&path).unwrap() == bytes, "the file was changed");
    error.to_string().replace(path.parent().unwrap().as_str(), "DIR")
}

fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(dir.path().join("index.db")).unwrap();
    (dir, path)
}

fn batch(numbers: std::ops::Range<u32>, text: &str) -> Batch {
    let id = |number| MessageId::new(&format!("{number}@lists.example")).unwrap();
    let message = |number| Message {
        header: Header {
            id: id(number),
            date: Timestamp::UNIX_EPOCH,
            from: Mailbox::default(),
            subject: String::new(),
            references: vec![],
            lists: vec![],
            defects: vec![],
        },
        to: vec![],
        cc: vec![],
        text: text.to_owned(),
        diff: String::new(),
        attached: String::new(),
        attachments: vec![],
        signature: None,
        writer: lorecast_model::Writer::default(),
        content: lorecast_model::ContentHash::default(),
    };
    let members = numbers.clone().map(|number| (id(number), Group::New(number))).collect();
    Batch {
        source: SourceKey("mbox".to_owned()),
        cursor: numbers.end.to_string(),
        entries: numbers.map(message).map(entry).collect(),
        removals: vec![],
        placement: Placement { members, merges: vec![] },
    }
}

#[test]
fn a_file_that_is_not_sqlite_is_refused() {
    let text = "From nobody\n".repeat(100);
    insta::assert_snapshot!(refused(|path| std::fs::write(path, text).unwrap()), @"`DIR/index.db` is not a store of Lorecast: file is not a database; the store holds only what was derived from the archives, so `lorecast store rebuild` can make it anew");
}

#[test]
fn a_database_of_another_program_is_refused_and_left_alone() {
    let foreign = |path: &Utf8Path| {
        Connection::open(path).unwrap().execute_batch("CREATE TABLE photos (id)").unwrap();
    };
    insta::assert_snapshot!(refused(foreign), @"`DIR/index.db` is not a store of Lorecast: it is a SQLite database of another program; the store holds only what was derived from the archives, so `lorecast store rebuild` can make it anew");
}

#[test]
fn a_newer_layout_is_refused() {
    let newer = |path: &Utf8Path| {
        drop(SqliteStore::open(path).unwrap());
        Connection::open(path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    };
    insta::assert_snapshot!(refused(newer), @"the store `DIR/index.db` has layout 99, and this Lorecast knows layouts up to 5; use a newer Lorecast, or `lorecast store rebuild`");
}

#[test]
fn a_missing_folder_is_named() {
    let (_dir, path) = folder();
    let Err(error) = SqliteStore::open(&path.join("deeper/index.db")) else { panic!("opened") };
    assert!(error.to_string().contains("deeper/index.db"), "{error}");
    assert!(matches!(error, StoreError::Open { .. }));
}

#[test]
fn content_is_there_after_opening_again() {
    let (_dir, path) = folder();
    SqliteStore::open(&path).unwrap().commit(&batch(0..3, "hello")).unwrap();
    let mut store = SqliteStore::open(&path).unwrap();
    assert_eq!(store.stats().unwrap().messages, 3);
    assert_eq!(
        store.commit(&batch(0..4, "hello")).unwrap(),
        Added { new: 1, known: 3, removed: 0 }
    );
}

#[test]
fn a_second_writer_is_told_and_readers_go_on() {
    let (_dir, path) = folder();
    let mut store = SqliteStore::open(&path).unwrap();
    store.commit(&batch(0..1, "")).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    store.wait_for_writers(Duration::ZERO).unwrap();
    let error = store.commit(&batch(1..2, "")).unwrap_err();
    assert!(matches!(error, StoreError::Busy { .. }), "{error}");
    assert_eq!(store.stats().unwrap().messages, 1);
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(store.commit(&batch(1..2, "")).unwrap().new, 1);
}

#[test]
fn a_full_disk_loses_nothing_stored() {
    let (_dir, path) = folder();
    let mut store = SqliteStore::open(&path).unwrap();
    store.commit(&batch(0..3, "hello")).unwrap();
    store.limit_pages_to_present().unwrap();
    let words: String = (0..20_000).map(|n| format!("w{n:x} ")).collect();
    let error = store.commit(&batch(3..99, &words)).unwrap_err();
    assert!(matches!(error, StoreError::Disk { .. }), "{error}");
    assert!(error.to_string().contains("index.db"));
    drop(store);
    let mut store = SqliteStore::open(&path).unwrap();
    assert_eq!(store.cursor(&SourceKey("mbox".to_owned())).unwrap().as_deref(), Some("3"));
    assert_eq!(store.commit(&batch(3..9, "hello")).unwrap().new, 6);
}

fn entry(message: Message) -> Entry {
    let mut words = Words::default();
    words.add(Field::Unquoted, &message.text);
    let found = Found { received: None, raw: Raw::Blob(BlobId([1; 20])), alone: vec![] };
    Entry::new(message, words, found)
}

#[test]
fn a_second_process_is_told_who_writes() {
    let (_dir, path) = folder();
    let first = SqliteStore::open_to_write(&path, "lorecast sync").unwrap();
    let Err(error) = SqliteStore::open_to_write(&path, "lorecast ingest") else { panic!("opened") };
    let text = error.to_string();
    assert!(matches!(error, StoreError::Busy { .. }), "{error}");
    assert!(text.contains(&format!("process {} (lorecast sync), since 2", std::process::id())));
    assert_eq!(SqliteStore::open(&path).unwrap().stats().unwrap().messages, 0);
    drop(first);
    SqliteStore::open_to_write(&path, "lorecast ingest").unwrap();
}

/// Readers that were opened before and after a change agree on which state they see.
#[test]
fn all_readers_know_a_state_by_the_same_number() {
    let (_dir, path) = folder();
    let mut writer = SqliteStore::open(&path).unwrap();
    let early = SqliteStore::open_to_read(&path).unwrap();
    let empty = early.generation().unwrap();
    assert_eq!([writer.generation().unwrap(), early.generation().unwrap()], [empty, empty]);
    writer.commit(&batch(0..1, "hello")).unwrap();
    let late = SqliteStore::open_to_read(&path).unwrap();
    let one = late.generation().unwrap();
    assert_ne!(one, empty);
    assert_eq!([writer.generation().unwrap(), early.generation().unwrap()], [one, one]);
    drop((writer, early, late));
    std::fs::remove_file(&path).unwrap();
    let mut anew = SqliteStore::open(&path).unwrap();
    anew.commit(&batch(0..1, "hello")).unwrap();
    assert_ne!(anew.generation().unwrap(), one, "a store that was made anew is another one");
}

/// A store as the first release left it.
#[test]
fn layout_1_is_emptied_and_remembers_its_archives() {
    let (_dir, path) = folder();
    let old = Connection::open(&path).unwrap();
    old.execute_batch(include_str!("../migrations/sqlite/0001_messages_threads_series.sql"))
        .unwrap();
    old.execute_batch(
        "INSERT INTO source VALUES ('mbox', '7');
         INSERT INTO thread (id) VALUES (1);
         INSERT INTO node VALUES (1, 'a@x', 1);
         INSERT INTO mailbox VALUES (1, 'a@x', 'Ann');
         INSERT INTO message VALUES (1, 0, 1, 's', x'', x'00', NULL);
         INSERT INTO search (rowid, subject, sender, prose) VALUES (1, 's', 'Ann', 'hello');
         PRAGMA application_id = 0x4C6F7265;
         PRAGMA user_version = 1;",
    )
    .unwrap();
    drop(old);
    let mut store = SqliteStore::open(&path).unwrap();
    assert_eq!(store.stats().unwrap().messages, 0);
    assert_eq!(store.sources().unwrap(), [SourceKey("mbox".to_owned())]);
    assert_eq!(store.cursor(&SourceKey("mbox".to_owned())).unwrap(), None);
    assert_eq!(store.commit(&batch(0..3, "hello")).unwrap().new, 3);
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

/// A store as the release before writers left it: its mails stay, and their archive is read again.
#[test]
fn layout_3_gets_its_writers_when_archives_are_read_again() {
    let (_dir, path) = folder();
    let old = Connection::open(&path).unwrap();
    for layout in [
        include_str!("../migrations/sqlite/0001_messages_threads_series.sql"),
        include_str!("../migrations/sqlite/0002_archives_at_full_strength.sql"),
        include_str!("../migrations/sqlite/0003_series_followed.sql"),
    ] {
        old.execute_batch(layout).unwrap();
    }
    old.execute_batch(
        "INSERT INTO source (name, cursor) VALUES ('mbox', '7');
         INSERT INTO thread (id, stale) VALUES (1, 0);
         INSERT INTO node VALUES (1, '0@lists.example', 1);
         INSERT INTO mailbox VALUES (1, 'list@x.example', 'Ann via the-list');
         INSERT INTO message VALUES (1, 1, zeroblob(16), 0, 1, 's', x'', x'00', 0);
         INSERT INTO body VALUES (1, x'');
         INSERT INTO location VALUES (1, 1, 0, zeroblob(20));
         PRAGMA application_id = 0x4C6F7265;
         PRAGMA user_version = 3;",
    )
    .unwrap();
    drop(old);
    let mut store = SqliteStore::open(&path).unwrap();
    let mailboxes = |store: &SqliteStore| {
        let mut found = Vec::new();
        let mut visit = |seen: lorecast_model::Sighting| {
            found.push(format!("{} {}", seen.writer.who, seen.mails));
            Ok(())
        };
        store.each_sighting(lorecast_store::Span::ALL, &mut visit).unwrap();
        found
    };
    assert_eq!(mailboxes(&store), ["Ann via the-list <list@x.example> 1"]);
    assert_eq!(store.cursor(&SourceKey("mbox".to_owned())).unwrap(), None);
    let mut again = batch(0..2, "hello");
    for entry in &mut again.entries {
        entry.message.writer.who.name = "Ann".to_owned();
    }
    assert_eq!(store.commit(&again).unwrap(), Added { new: 1, known: 1, removed: 0 });
    assert_eq!(mailboxes(&store), ["Ann 2"]);
    assert_eq!(store.stale_count().unwrap(), 2, "names of authors may be others now");
    assert_eq!(store.sweep(&SourceKey("mbox".to_owned())).unwrap(), 0);
}

#[test]
fn damage_is_found() {
    let (_dir, path) = folder();
    let mut store = SqliteStore::open(&path).unwrap();
    store.commit(&batch(0..3, "hello")).unwrap();
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
    let other = Connection::open(&path).unwrap();
    other
        .execute_batch(
            "UPDATE body SET packed = x'00' WHERE id = 2; DELETE FROM body WHERE id = 1;",
        )
        .unwrap();
    insta::assert_snapshot!(store.check().unwrap().join("\n"), @r"
    1 messages without a body
    2 bodies that cannot be unpacked
    ");
}

#[test]
fn a_check_that_has_to_wait_too_long_finds_no_damage() {
    let (_dir, path) = folder();
    let store = SqliteStore::open(&path).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    store.wait_for_writers(Duration::ZERO).unwrap();
    assert!(matches!(store.check(), Err(StoreError::Busy { .. })));
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

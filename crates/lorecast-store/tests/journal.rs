//! The journal in an SQLite file.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use camino::Utf8PathBuf;
use insta::assert_snapshot;
use lorecast_store::conformance::run_journal;
use lorecast_store::journal::{
    Appended, Journal, JournalError, Line, PostgresJournal, SqliteJournal,
};
use lorecast_store::postgres::Address;
use lorecast_testkit::postgres::Postgres;
use tempfile::TempDir;

fn place(dir: &TempDir, name: &str) -> Utf8PathBuf {
    Utf8PathBuf::from_path_buf(dir.path().join(name)).unwrap()
}

fn text(text: &str) -> Vec<String> {
    vec![text.to_owned()]
}

#[test]
fn sqlite_in_memory() {
    run_journal(&|| Box::new(SqliteJournal::in_memory().unwrap()));
}

/// A journal on a server, each time an empty one; nothing where there is no server.
fn on_a_server() -> Option<impl Fn() -> PostgresJournal> {
    let server = Postgres::shared()?;
    Some(|| PostgresJournal::open(&Address::parse(&server.fresh()).unwrap()).unwrap())
}

#[test]
fn postgres() {
    let Some(open) = on_a_server() else { return };
    run_journal(&|| Box::new(open()));
}

#[test]
fn another_node_is_told_of_new_lines() {
    let Some(server) = Postgres::shared() else { return };
    let address = Address::parse(&server.fresh()).unwrap();
    let (mut here, mut there) =
        (PostgresJournal::open(&address).unwrap(), PostgresJournal::open(&address).unwrap());
    let (tell, told) = std::sync::mpsc::channel();
    there.listen(Box::new(move || tell.send(()).unwrap())).unwrap();
    // Once when it begins to listen, and then for what is added.
    told.recv().unwrap();
    here.append(0, &text("a")).unwrap();
    told.recv().unwrap();
    assert_eq!(there.lines(0, 9).unwrap(), [Line::new(1, "a")]);
    assert_eq!(there.append(0, &text("b")).unwrap(), Appended::Behind);
}

#[test]
fn what_was_kept_is_there_again() {
    let dir = tempfile::tempdir().unwrap();
    let file = place(&dir, "community.db");
    SqliteJournal::open(&file).unwrap().append(0, &text("a")).unwrap();
    let mut journal = SqliteJournal::open(&file).unwrap();
    assert_eq!(journal.lines(0, 9).unwrap(), [Line::new(1, "a")]);
    // Another process that writes meanwhile is noticed.
    let mut other = SqliteJournal::open(&file).unwrap();
    assert_eq!(other.append(1, &text("b")).unwrap(), Appended::Kept);
    assert_eq!(journal.append(1, &text("c")).unwrap(), Appended::Behind);
    assert_eq!(journal.lines(1, 9).unwrap(), [Line::new(2, "b")]);
}

#[test]
fn what_was_replaced_is_in_no_file_any_more() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = SqliteJournal::open(&place(&dir, "community.db")).unwrap();
    journal.append(0, &text("a secret of somebody who leaves")).unwrap();
    let holds = || {
        let files = std::fs::read_dir(dir.path())
            .unwrap()
            .map(|file| std::fs::read(file.unwrap().path()).unwrap());
        let needle: &[u8] = b"secret of somebody";
        files.into_iter().any(|bytes| bytes.windows(needle.len()).any(|window| window == needle))
    };
    assert!(holds());
    journal.replace(&[Line::new(1, "gone")]).unwrap();
    assert!(!holds());
}

#[test]
fn a_full_disk_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = SqliteJournal::open(&place(&dir, "community.db")).unwrap();
    journal.append(0, &text("a")).unwrap();
    journal.limit_growth(2).unwrap();
    let much = text(&"x".repeat(100_000));
    assert!(matches!(journal.append(1, &much), Err(JournalError::Full { .. })));
    assert_eq!(journal.lines(0, 9).unwrap(), [Line::new(1, "a")]);
    journal.limit_growth(100).unwrap();
    assert_eq!(journal.append(1, &much).unwrap(), Appended::Kept);
}

#[test]
fn what_is_no_journal_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let check = |name: &str| {
        let error = SqliteJournal::open(&place(&dir, name)).err().unwrap().to_string();
        error.replace(dir.path().to_str().unwrap(), "DIR")
    };
    std::fs::write(place(&dir, "text.db"), "hello ".repeat(1000)).unwrap();
    assert_snapshot!(check("text.db"), @"`DIR/text.db` is no journal of Lorecast; move it away, or restore a backup");
    drop(lorecast_store::sqlite::SqliteStore::open(&place(&dir, "index.db")).unwrap());
    assert_snapshot!(check("index.db"), @"`DIR/index.db` is no journal of Lorecast; move it away, or restore a backup");
    assert_snapshot!(check("no/such/folder.db"), @"cannot open `DIR/no/such/folder.db`: unable to open database file: DIR/no/such/folder.db; check that it is there and may be written");
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_it() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let mut journal = SqliteJournal::open(&place(&dir, "community.db")).unwrap();
    journal.append(0, &text("a")).unwrap();
    for file in std::fs::read_dir(dir.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }
}

//! A journal in one SQLite file.

use std::io::{Read, Write};
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::file::{self, Kind, fault};
use super::{Appended, Journal, Line, Result, file_fault, in_parts};

/// "LcJn". What is replaced is overwritten with zeros.
const KIND: Kind = Kind {
    application: 0x4c63_4a6e,
    layout: 2,
    settings: "PRAGMA secure_delete = ON;",
    tables: "CREATE TABLE IF NOT EXISTS line (number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
             CREATE TABLE IF NOT EXISTS attachment (
                 name TEXT NOT NULL, part INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (name, part)
             ) STRICT, WITHOUT ROWID;",
};
/// How often to look for what another process added.
const LOOK: Duration = Duration::from_millis(100);

/// A journal in one SQLite file.
pub struct SqliteJournal {
    conn: Connection,
    path: Utf8PathBuf,
}

impl SqliteJournal {
    /// Opens the file, and creates it when absent.
    ///
    /// # Errors
    /// When the file cannot be opened, is no journal, or comes from a newer version.
    pub fn open(path: &Utf8Path) -> Result<Self> {
        Ok(Self { conn: file::open(path, &KIND)?, path: path.to_owned() })
    }

    /// A journal that is gone when dropped.
    ///
    /// # Errors
    /// When SQLite finds no memory.
    pub fn in_memory() -> Result<Self> {
        Ok(Self { conn: file::in_memory(&KIND)?, path: ":memory:".into() })
    }

    /// Lets the file grow by so many pages of 4 KiB and no further, as on a full disk. For tests.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn limit_growth(&self, pages: u32) -> Result<()> {
        let limit = |conn: &Connection| {
            let held: u32 = conn.pragma_query_value(None, "page_count", |row| row.get(0))?;
            conn.pragma_update(None, "max_page_count", held + pages)
        };
        limit(&self.conn).map_err(|error| fault(error, &self.path))
    }

    fn run<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        work(&self.conn).map_err(|error| fault(error, &self.path))
    }
}

impl Journal for SqliteJournal {
    fn lines(&mut self, after: u64, most: usize) -> Result<Vec<Line>> {
        let (after, most) = (signed(after), i64::try_from(most).unwrap_or(i64::MAX));
        let lines = self.run(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT number, text FROM line WHERE number > ?1 ORDER BY number LIMIT ?2",
            )?;
            let rows = statement.query_map(params![after, most], |row| {
                Ok(Line { number: row.get::<_, i64>(0)?.unsigned_abs(), text: row.get(1)? })
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        })?;
        super::without_gaps(lines, after.unsigned_abs(), self.path.to_string())
    }

    fn append(&mut self, after: u64, texts: &[String]) -> Result<Appended> {
        let path = self.path.clone();
        let add = |conn: &mut Connection| {
            let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let last: i64 =
                transaction
                    .query_row("SELECT coalesce(max(number), 0) FROM line", [], |row| row.get(0))?;
            if last.unsigned_abs() != after {
                return Ok(Appended::Behind);
            }
            {
                let mut insert = transaction
                    .prepare_cached("INSERT INTO line (number, text) VALUES (?1, ?2)")?;
                for (text, number) in texts.iter().zip(after + 1..) {
                    insert.execute(params![signed(number), text])?;
                }
            }
            transaction.commit()?;
            Ok(Appended::Kept)
        };
        add(&mut self.conn).map_err(|error| fault(error, &path))
    }

    fn listen(&mut self, _: Box<dyn Fn() + Send>) -> Result<Duration> {
        // Nobody tells, but looking costs next to nothing.
        Ok(LOOK)
    }

    fn replace(&mut self, lines: &[Line]) -> Result<()> {
        let path = self.path.clone();
        let write = |conn: &mut Connection| {
            let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for line in lines {
                let text = &line.text;
                transaction.execute(
                    "UPDATE line SET text = ?2 WHERE number = ?1",
                    params![signed(line.number), text],
                )?;
            }
            transaction.commit()?;
            empty_log(conn)
        };
        write(&mut self.conn).map_err(|error| fault(error, &path))
    }

    fn attach(&mut self, name: &str, from: &mut dyn Read) -> Result<()> {
        let path = self.path.clone();
        let fault = |error| fault(error, &path);
        let behavior = TransactionBehavior::Immediate;
        let transaction = self.conn.transaction_with_behavior(behavior).map_err(fault)?;
        transaction.execute("DELETE FROM attachment WHERE name = ?1", [name]).map_err(fault)?;
        in_parts(name, from, &mut |part, bytes| {
            let insert = "INSERT INTO attachment (name, part, bytes) VALUES (?1, ?2, ?3)";
            transaction.execute(insert, params![name, part, bytes]).map(drop).map_err(fault)
        })?;
        transaction.commit().map_err(fault)
    }

    fn attachment(&mut self, name: &str, to: &mut dyn Write) -> Result<bool> {
        let read = "SELECT bytes FROM attachment WHERE name = ?1 AND part = ?2";
        for part in 0_i64.. {
            let bytes: Option<Vec<u8>> = self.run(|conn| {
                conn.query_row(read, params![name, part], |row| row.get(0)).optional()
            })?;
            match bytes {
                Some(bytes) => to.write_all(&bytes).map_err(|error| file_fault(name, error))?,
                None => return Ok(part > 0),
            }
        }
        Ok(true)
    }

    fn detach(&mut self, name: &str) -> Result<()> {
        self.run(|conn| {
            conn.execute("DELETE FROM attachment WHERE name = ?1", [name])?;
            empty_log(conn)
        })
    }

    fn attachments(&mut self) -> Result<Vec<String>> {
        self.run(|conn| {
            let mut names =
                conn.prepare("SELECT name FROM attachment WHERE part = 0 ORDER BY name")?;
            let names = names.query_map([], |row| row.get(0))?;
            names.collect()
        })
    }
}

/// The log of changes holds what was there before as well, until it is emptied.
fn empty_log(conn: &Connection) -> rusqlite::Result<()> {
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}

/// SQLite counts with a sign.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

//! Jobs in one SQLite file.

use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};

use super::{
    End, GAVE_UP, Held, Job, JobId, JobState, Jobs, MOST_ENDED, MOST_TRIES, MOST_WAITING, Queued,
    Result, Taken, Task, cut, lasting, micros, moment, number,
};
use crate::journal::file::{self, Kind, fault};

/// "LcJb". A number is given once: whoever asks for a job that is forgotten gets no other one.
const KIND: Kind = Kind {
    application: 0x4c63_4a62,
    layout: 1,
    settings: "",
    tables: "CREATE TABLE IF NOT EXISTS job (
                 id INTEGER PRIMARY KEY AUTOINCREMENT,
                 kind TEXT NOT NULL, subject TEXT NOT NULL, asked_by TEXT NOT NULL, state TEXT NOT NULL,
                 queued INTEGER NOT NULL, due INTEGER NOT NULL, begun INTEGER, ended INTEGER,
                 lease INTEGER, tries INTEGER NOT NULL DEFAULT 0,
                 words TEXT NOT NULL DEFAULT '', share INTEGER NOT NULL DEFAULT 0
             ) STRICT;",
};

const COLUMNS: &str =
    "id, kind, subject, asked_by, state, queued, due, begun, ended, tries, words, share";

/// Jobs in one SQLite file, for the processes of one machine.
pub struct SqliteJobs {
    conn: Connection,
    path: Utf8PathBuf,
}

impl SqliteJobs {
    /// Opens the file, and creates it when absent.
    ///
    /// # Errors
    /// When the file cannot be opened, holds something else, or comes from a newer version.
    pub fn open(path: &Utf8Path) -> Result<Self> {
        Ok(Self { conn: file::open(path, &KIND)?, path: path.to_owned() })
    }

    /// Jobs that are gone when dropped.
    ///
    /// # Errors
    /// When SQLite finds no memory.
    pub fn in_memory() -> Result<Self> {
        Ok(Self { conn: file::in_memory(&KIND)?, path: ":memory:".into() })
    }

    /// Runs `work` as the only one who writes.
    fn with<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T> {
        let path = &self.path;
        let fault = |error| fault(error, path);
        let behavior = TransactionBehavior::Immediate;
        let transaction = self.conn.transaction_with_behavior(behavior).map_err(fault)?;
        let done = work(&transaction).map_err(fault)?;
        transaction.commit().map_err(fault)?;
        Ok(done)
    }
}

impl Jobs for SqliteJobs {
    fn queue(&mut self, task: &Task, by: &str, due: Timestamp) -> Result<Queued> {
        self.with(|transaction| {
            let same = "SELECT id FROM job WHERE state = 'waiting' AND kind = ?1 AND subject = ?2";
            let known: Option<i64> = transaction
                .query_row(same, params![task.kind, task.subject], |row| row.get(0))
                .optional()?;
            if let Some(id) = known {
                let sooner = "UPDATE job SET due = min(due, ?2) WHERE id = ?1";
                transaction.execute(sooner, params![id, micros(due)])?;
                return Ok(Queued::Already(JobId(id.unsigned_abs())));
            }
            let waiting = "SELECT count(*) FROM job WHERE state = 'waiting'";
            let waiting: i64 = transaction.query_row(waiting, [], |row| row.get(0))?;
            if waiting.unsigned_abs() >= MOST_WAITING as u64 {
                return Ok(Queued::Full);
            }
            transaction.execute(
                "INSERT INTO job (kind, subject, asked_by, state, queued, due) VALUES (?1, ?2, ?3, 'waiting', ?4, ?5)",
                params![task.kind, task.subject, cut(by), now(), micros(due)],
            )?;
            let id = transaction.last_insert_rowid();
            let old = "DELETE FROM job WHERE id IN (SELECT id FROM job WHERE state NOT IN ('waiting', 'running') \
                       ORDER BY id DESC LIMIT -1 OFFSET ?1)";
            transaction.execute(old, [MOST_ENDED as i64])?;
            Ok(Queued::New(JobId(id.unsigned_abs())))
        })
    }

    fn take(&mut self, lease: Duration) -> Result<Option<Job>> {
        // Most of the time there is nothing to take: whoever looks need not wait for whoever writes.
        let now = now();
        let any = "SELECT EXISTS (SELECT 1 FROM job WHERE (state = 'waiting' AND due <= ?1) OR (state = 'running' AND lease <= ?1))";
        let any = self.conn.query_row(any, [now], |row| row.get::<_, bool>(0));
        if !any.map_err(|error| fault(error, &self.path))? {
            return Ok(None);
        }
        self.with(|transaction| {
            transaction.execute(
                "UPDATE job SET state = 'failed', ended = ?1, lease = NULL, words = ?2
                 WHERE state = 'running' AND lease <= ?1 AND tries >= ?3",
                params![now, GAVE_UP, MOST_TRIES],
            )?;
            let taken = format!(
                "UPDATE job SET state = 'running', begun = ?1, lease = ?2, tries = tries + 1, words = '', share = 0
                 WHERE id = (
                     SELECT id FROM job AS one
                     WHERE ((state = 'waiting' AND due <= ?1) OR (state = 'running' AND lease <= ?1))
                       AND NOT EXISTS (SELECT 1 FROM job AS other WHERE other.state = 'running' AND other.id <> one.id
                                       AND other.kind = one.kind AND other.subject = one.subject)
                     ORDER BY due, id LIMIT 1)
                 RETURNING {COLUMNS}"
            );
            let until = now.saturating_add(lasting(lease));
            transaction.query_row(&taken, params![now, until], job).optional()
        })
    }

    fn hold(&mut self, taken: Taken, words: &str, share: u16, lease: Duration) -> Result<Held> {
        self.with(|transaction| {
            let until = now().saturating_add(lasting(lease));
            let held = transaction.execute(
                "UPDATE job SET words = ?3, share = ?4, lease = ?5 WHERE id = ?1 AND tries = ?2 AND state = 'running'",
                params![number(taken.id), taken.tries, cut(words), share.min(1000), until],
            )?;
            if held == 1 {
                return Ok(Held::Yes);
            }
            let cancelled = "SELECT count(*) FROM job WHERE id = ?1 AND tries = ?2 AND state = 'cancelled'";
            let cancelled: i64 =
                transaction.query_row(cancelled, params![number(taken.id), taken.tries], |row| row.get(0))?;
            Ok(if cancelled == 1 { Held::Cancelled } else { Held::Lost })
        })
    }

    fn end(&mut self, taken: Taken, end: End, words: &str) -> Result<bool> {
        self.with(|transaction| {
            let own = "WHERE id = ?1 AND tries = ?2 AND state = 'running'";
            let (id, tries) = (number(taken.id), taken.tries);
            let state = match end {
                End::Done => JobState::Done,
                End::Failed => JobState::Failed,
                End::GivenBack => {
                    let back = format!(
                        "UPDATE job SET state = 'waiting', lease = NULL, begun = NULL, tries = tries - 1, words = '', share = 0 {own}"
                    );
                    return Ok(transaction.execute(&back, params![id, tries])? == 1);
                }
            };
            let over = format!("UPDATE job SET state = ?3, ended = ?4, lease = NULL, words = ?5 {own}");
            let changed =
                transaction.execute(&over, params![id, tries, state.word(), now(), cut(words)])?;
            Ok(changed == 1)
        })
    }

    fn cancel(&mut self, id: JobId) -> Result<bool> {
        self.with(|transaction| {
            let sql = "UPDATE job SET state = 'cancelled', ended = ?2, lease = NULL WHERE id = ?1 AND state IN ('waiting', 'running')";
            Ok(transaction.execute(sql, params![number(id), now()])? == 1)
        })
    }

    fn all(&mut self) -> Result<Vec<Job>> {
        let read = || {
            let sql = format!("SELECT {COLUMNS} FROM job ORDER BY id DESC");
            let mut statement = self.conn.prepare_cached(&sql)?;
            let jobs = statement.query_map([], job)?;
            jobs.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|error| fault(error, &self.path))
    }
}

fn job(row: &Row<'_>) -> rusqlite::Result<Job> {
    let at = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(moment));
    Ok(Job {
        id: JobId(row.get::<_, i64>(0)?.unsigned_abs()),
        task: Task { kind: row.get(1)?, subject: row.get(2)? },
        by: row.get(3)?,
        state: JobState::of(&row.get::<_, String>(4)?),
        queued: moment(row.get(5)?),
        due: moment(row.get(6)?),
        begun: at(7)?,
        ended: at(8)?,
        tries: row.get(9)?,
        words: row.get(10)?,
        share: row.get(11)?,
    })
}

/// The one clock of the machine that the file is on.
fn now() -> i64 {
    micros(Timestamp::now())
}

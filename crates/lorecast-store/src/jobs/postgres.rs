//! Jobs in a PostgreSQL database, for any number of processes on any number of machines.

use std::time::Duration;

use jiff::Timestamp;
use postgres::{Client, Row, Transaction};

use super::{
    End, GAVE_UP, Held, Job, JobId, JobState, Jobs, MOST_ENDED, MOST_TRIES, MOST_WAITING, Queued,
    Result, Taken, Task, cut, lasting, micros, moment, number,
};
use crate::journal::{JournalError, server_fault};
use crate::postgres::Address;

/// Behind the name of the show's schema: no rebuild of the index, which drops that one, touches this one.
const OURS: &str = "_jobs";
/// The layout that this program writes.
const LAYOUT: i32 = 1;
/// The server's clock, in microseconds since 1970.
const NOW: &str = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

const COLUMNS: &str =
    "id, kind, subject, asked_by, state, queued, due, begun, ended, tries, words, share";

/// Jobs in a PostgreSQL database. What fails because the server went away fails once: the next call connects again.
pub struct PostgresJobs {
    address: Address,
    schema: String,
    client: Option<Client>,
}

impl PostgresJobs {
    /// Connects, and makes the tables when they are absent.
    ///
    /// # Errors
    /// When the database cannot be reached, or what is there comes from a newer version.
    pub fn open(address: &Address) -> Result<Self> {
        let schema = format!("{}{OURS}", address.schema());
        let mut jobs = Self { address: address.clone(), schema, client: None };
        jobs.with(|_, _| Ok(()))?;
        Ok(jobs)
    }

    /// Runs `work` in a transaction, on a connection that is there.
    fn with<T>(
        &mut self,
        work: impl FnOnce(&mut Transaction<'_>, &str) -> std::result::Result<T, postgres::Error>,
    ) -> Result<T> {
        let mut client = match self.client.take().filter(|client| !client.is_closed()) {
            Some(client) => client,
            None => self.connect()?,
        };
        let done = client.transaction().and_then(|mut transaction| {
            let done = work(&mut transaction, &self.schema)?;
            transaction.commit().map(|()| done)
        });
        // After an error nobody knows what the connection is in the middle of.
        if done.is_ok() {
            self.client = Some(client);
        }
        done.map_err(|error| server_fault(error, &self.address))
    }

    fn connect(&self) -> Result<Client> {
        let place = || self.address.to_string();
        let mut client = self.address.connect("lorecast jobs").map_err(|error| {
            JournalError::Open { place: place(), why: crate::postgres::said(&error) }
        })?;
        let layout = set_up(&mut client, &self.schema)
            .map_err(|error| server_fault(error, &self.address))?;
        if layout > LAYOUT {
            let (found, known) = (layout.unsigned_abs(), LAYOUT.unsigned_abs());
            return Err(JournalError::Newer { place: place(), found, known });
        }
        Ok(client)
    }
}

/// Makes what is absent, as the only one who does, and says which layout is there.
fn set_up(client: &mut Client, schema: &str) -> std::result::Result<i32, postgres::Error> {
    let known = "SELECT to_regclass($1) IS NOT NULL";
    let layout = format!("{schema}.layout");
    if !client.query_one(known, &[&layout])?.get::<_, bool>(0) {
        let mut transaction = client.transaction()?;
        transaction.execute("SELECT pg_advisory_xact_lock(hashtext($1))", &[&schema])?;
        transaction.batch_execute(&format!(
            "CREATE SCHEMA IF NOT EXISTS {schema};
             CREATE TABLE IF NOT EXISTS {schema}.job (
                 id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                 kind text NOT NULL, subject text NOT NULL, asked_by text NOT NULL, state text NOT NULL,
                 queued bigint NOT NULL, due bigint NOT NULL, begun bigint, ended bigint,
                 lease bigint, tries bigint NOT NULL DEFAULT 0,
                 words text NOT NULL DEFAULT '', share bigint NOT NULL DEFAULT 0
             );
             CREATE TABLE IF NOT EXISTS {schema}.layout (number integer NOT NULL);
             INSERT INTO {schema}.layout SELECT {LAYOUT} WHERE NOT EXISTS (SELECT FROM {schema}.layout);"
        ))?;
        transaction.commit()?;
    }
    Ok(client.query_one(&format!("SELECT number FROM {layout}"), &[])?.get(0))
}

/// Nobody else queues or takes until the transaction ends: what two say at the same time is one job.
fn alone(
    transaction: &mut Transaction<'_>,
    schema: &str,
) -> std::result::Result<(), postgres::Error> {
    transaction.execute("SELECT pg_advisory_xact_lock(hashtext($1))", &[&schema]).map(drop)
}

impl Jobs for PostgresJobs {
    fn queue(&mut self, task: &Task, by: &str, due: Timestamp) -> Result<Queued> {
        self.with(|transaction, schema| {
            alone(transaction, schema)?;
            let sooner = format!(
                "UPDATE {schema}.job SET due = least(due, $3) WHERE state = 'waiting' AND kind = $1 AND subject = $2 RETURNING id"
            );
            let same =
                transaction.query_opt(&sooner, &[&task.kind, &task.subject, &micros(due)])?;
            if let Some(row) = same {
                return Ok(Queued::Already(JobId(row.get::<_, i64>(0).unsigned_abs())));
            }
            let waiting = format!("SELECT count(*) FROM {schema}.job WHERE state = 'waiting'");
            let waiting: i64 = transaction.query_one(&waiting, &[])?.get(0);
            if waiting.unsigned_abs() >= MOST_WAITING as u64 {
                return Ok(Queued::Full);
            }
            let insert = format!(
                "INSERT INTO {schema}.job (kind, subject, asked_by, state, queued, due)
                 VALUES ($1, $2, $3, 'waiting', {NOW}, $4) RETURNING id"
            );
            let row = transaction
                .query_one(&insert, &[&task.kind, &task.subject, &cut(by), &micros(due)])?;
            let old = format!(
                "DELETE FROM {schema}.job WHERE id IN (SELECT id FROM {schema}.job WHERE state NOT IN ('waiting', 'running')
                 ORDER BY id DESC OFFSET $1)"
            );
            transaction.execute(&old, &[&(MOST_ENDED as i64)])?;
            Ok(Queued::New(JobId(row.get::<_, i64>(0).unsigned_abs())))
        })
    }

    fn take(&mut self, lease: Duration) -> Result<Option<Job>> {
        self.with(|transaction, schema| {
            let ready = format!(
                "SELECT id FROM {schema}.job AS one
                 WHERE ((state = 'waiting' AND due <= {NOW}) OR (state = 'running' AND lease <= {NOW}))
                   AND NOT EXISTS (SELECT FROM {schema}.job AS other WHERE other.state = 'running' AND other.id <> one.id
                                   AND other.kind = one.kind AND other.subject = one.subject)
                 ORDER BY due, id LIMIT 1"
            );
            // Most of the time there is nothing to take, and nobody has to wait to see that.
            if transaction.query_opt(&ready, &[])?.is_none() {
                return Ok(None);
            }
            // Two tasks that are the same are told apart by taking one at a time; what is just being taken back is passed over.
            alone(transaction, schema)?;
            let given_up = format!(
                "UPDATE {schema}.job SET state = 'failed', ended = {NOW}, lease = NULL, words = $1
                 WHERE state = 'running' AND lease <= {NOW} AND tries >= $2"
            );
            transaction.execute(&given_up, &[&GAVE_UP, &i64::from(MOST_TRIES)])?;
            let taken = format!(
                "UPDATE {schema}.job SET state = 'running', begun = {NOW}, lease = {NOW} + $1, tries = tries + 1, words = '', share = 0
                 WHERE id = ({ready} FOR UPDATE SKIP LOCKED) RETURNING {COLUMNS}"
            );
            Ok(transaction.query_opt(&taken, &[&lasting(lease)])?.as_ref().map(job))
        })
    }

    fn hold(&mut self, taken: Taken, words: &str, share: u16, lease: Duration) -> Result<Held> {
        self.with(|transaction, schema| {
            let (id, tries) = (number(taken.id), i64::from(taken.tries));
            let held = format!(
                "UPDATE {schema}.job SET words = $3, share = $4, lease = {NOW} + $5
                 WHERE id = $1 AND tries = $2 AND state = 'running'"
            );
            let share = i64::from(share.min(1000));
            let held =
                transaction.execute(&held, &[&id, &tries, &cut(words), &share, &lasting(lease)])?;
            if held == 1 {
                return Ok(Held::Yes);
            }
            let cancelled = format!(
                "SELECT EXISTS (SELECT FROM {schema}.job WHERE id = $1 AND tries = $2 AND state = 'cancelled')"
            );
            let cancelled: bool = transaction.query_one(&cancelled, &[&id, &tries])?.get(0);
            Ok(if cancelled { Held::Cancelled } else { Held::Lost })
        })
    }

    fn end(&mut self, taken: Taken, end: End, words: &str) -> Result<bool> {
        self.with(|transaction, schema| {
            let own = "WHERE id = $1 AND tries = $2 AND state = 'running'";
            let (id, tries) = (number(taken.id), i64::from(taken.tries));
            let state = match end {
                End::Done => JobState::Done,
                End::Failed => JobState::Failed,
                End::GivenBack => {
                    let back = format!(
                        "UPDATE {schema}.job SET state = 'waiting', lease = NULL, begun = NULL, tries = tries - 1, words = '', share = 0 {own}"
                    );
                    return Ok(transaction.execute(&back, &[&id, &tries])? == 1);
                }
            };
            let over = format!(
                "UPDATE {schema}.job SET state = $3, ended = {NOW}, lease = NULL, words = $4 {own}"
            );
            let changed =
                transaction.execute(&over, &[&id, &tries, &state.word(), &cut(words)])?;
            Ok(changed == 1)
        })
    }

    fn cancel(&mut self, id: JobId) -> Result<bool> {
        self.with(|transaction, schema| {
            let sql = format!(
                "UPDATE {schema}.job SET state = 'cancelled', ended = {NOW}, lease = NULL
                 WHERE id = $1 AND state IN ('waiting', 'running')"
            );
            Ok(transaction.execute(&sql, &[&number(id)])? == 1)
        })
    }

    fn all(&mut self) -> Result<Vec<Job>> {
        self.with(|transaction, schema| {
            let sql = format!("SELECT {COLUMNS} FROM {schema}.job ORDER BY id DESC");
            Ok(transaction.query(&sql, &[])?.iter().map(job).collect())
        })
    }
}

fn job(row: &Row) -> Job {
    let at = |column: usize| row.get::<_, Option<i64>>(column).map(moment);
    Job {
        id: JobId(row.get::<_, i64>(0).unsigned_abs()),
        task: Task { kind: row.get(1), subject: row.get(2) },
        by: row.get(3),
        state: JobState::of(row.get(4)),
        queued: moment(row.get(5)),
        due: moment(row.get(6)),
        begun: at(7),
        ended: at(8),
        tries: u32::try_from(row.get::<_, i64>(9)).unwrap_or(u32::MAX),
        words: row.get(10),
        share: u16::try_from(row.get::<_, i64>(11)).unwrap_or(1000),
    }
}

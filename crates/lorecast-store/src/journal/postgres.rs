//! A journal in a PostgreSQL database, for any number of processes on any number of machines.

use std::io::{Read, Write};
use std::time::Duration;

use postgres::error::SqlState;
use postgres::fallible_iterator::FallibleIterator;
use postgres::{Client, Transaction};

use super::{Appended, Journal, JournalError, Line, Result, file_fault, in_parts};
use crate::postgres::Address;

/// Behind the name of the show's schema: no rebuild of the index, which drops that one, touches this one.
const OURS: &str = "_people";
/// The layout that this program writes.
const LAYOUT: i32 = 2;
/// How often to look though nobody told: a connection may have been away.
const LOOK: Duration = Duration::from_secs(5);
/// How long the listener waits before it connects again.
const AGAIN: Duration = Duration::from_secs(1);

/// A journal in a PostgreSQL database. What fails because the server went away fails once: the next call connects again.
pub struct PostgresJournal {
    address: Address,
    schema: String,
    client: Option<Client>,
}

impl PostgresJournal {
    /// Connects, and makes the tables when they are absent.
    ///
    /// # Errors
    /// When the database cannot be reached, or what is there comes from a newer version.
    pub fn open(address: &Address) -> Result<Self> {
        let schema = format!("{}{OURS}", address.schema());
        let mut journal = Self { address: address.clone(), schema, client: None };
        journal.with(|_, _| Ok(()))?;
        Ok(journal)
    }

    /// Runs `work` on a connection that is there.
    fn with<T>(
        &mut self,
        work: impl FnOnce(&mut Client, &str) -> std::result::Result<T, postgres::Error>,
    ) -> Result<T> {
        let mut client = match self.client.take().filter(|client| !client.is_closed()) {
            Some(client) => client,
            None => self.connect()?,
        };
        let done = work(&mut client, &self.schema);
        // After an error nobody knows what the connection is in the middle of.
        if done.is_ok() {
            self.client = Some(client);
        }
        done.map_err(|error| self.fault(error))
    }

    fn connect(&self) -> Result<Client> {
        let mut client =
            self.address.connect("lorecast journal").map_err(|error| self.unreachable(&error))?;
        let layout = set_up(&mut client, &self.schema).map_err(|error| self.fault(error))?;
        if layout > LAYOUT {
            let place = self.address.to_string();
            let found = layout.unsigned_abs();
            return Err(JournalError::Newer { place, found, known: LAYOUT.unsigned_abs() });
        }
        Ok(client)
    }

    fn unreachable(&self, error: &postgres::Error) -> JournalError {
        let why = crate::postgres::said(error);
        JournalError::Unreachable { place: self.address.to_string(), why }
    }

    fn fault(&self, error: postgres::Error) -> JournalError {
        server_fault(error, &self.address)
    }
}

/// What a server said, as ours.
pub(crate) fn server_fault(error: postgres::Error, address: &Address) -> JournalError {
    let place = address.to_string();
    if crate::postgres::is_lost(&error) {
        return JournalError::Unreachable { place, why: crate::postgres::said(&error) };
    }
    match error.code() {
        Some(code) if [SqlState::DISK_FULL, SqlState::OUT_OF_MEMORY].contains(code) => {
            JournalError::Full { place, why: crate::postgres::said(&error) }
        }
        _ => JournalError::Engine { place, source: Box::new(error) },
    }
}

/// Makes what is absent, as the only one who does, and says which layout is there.
fn set_up(client: &mut Client, schema: &str) -> std::result::Result<i32, postgres::Error> {
    let mut transaction = client.transaction()?;
    let lock = "SELECT pg_advisory_xact_lock(hashtext($1))";
    transaction.execute(lock, &[&schema])?;
    transaction.batch_execute(&format!(
        "CREATE SCHEMA IF NOT EXISTS {schema};
         CREATE TABLE IF NOT EXISTS {schema}.layout (number integer NOT NULL);
         INSERT INTO {schema}.layout SELECT {LAYOUT} WHERE NOT EXISTS (SELECT FROM {schema}.layout);
         UPDATE {schema}.layout SET number = {LAYOUT} WHERE number < {LAYOUT};
         CREATE TABLE IF NOT EXISTS {schema}.line (number bigint PRIMARY KEY, text text NOT NULL);
         CREATE TABLE IF NOT EXISTS {schema}.attachment (
             name text NOT NULL, part bigint NOT NULL, bytes bytea NOT NULL, PRIMARY KEY (name, part)
         );"
    ))?;
    let layout = transaction.query_one(&format!("SELECT number FROM {schema}.layout"), &[])?.get(0);
    transaction.commit()?;
    Ok(layout)
}

impl Journal for PostgresJournal {
    fn lines(&mut self, after: u64, most: usize) -> Result<Vec<Line>> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let lines: Vec<Line> = self.with(|client, schema| {
            let sql = format!(
                "SELECT number, text FROM {schema}.line WHERE number > $1 ORDER BY number LIMIT $2"
            );
            let rows = client.query(&sql, &[&signed(after), &most])?;
            let line = |row: &postgres::Row| Line {
                number: row.get::<_, i64>(0).unsigned_abs(),
                text: row.get(1),
            };
            Ok(rows.iter().map(line).collect())
        })?;
        super::without_gaps(lines, after, self.address.to_string())
    }

    fn append(&mut self, after: u64, texts: &[String]) -> Result<Appended> {
        self.with(|client, schema| {
            let mut transaction = client.transaction()?;
            if last(&mut transaction, schema)? != after {
                return Ok(Appended::Behind);
            }
            let numbers: Vec<i64> = (after + 1..).take(texts.len()).map(signed).collect();
            let insert =
                format!("INSERT INTO {schema}.line SELECT * FROM unnest($1::bigint[], $2::text[])");
            transaction.execute(&insert, &[&numbers, &texts])?;
            if !texts.is_empty() {
                transaction.execute("SELECT pg_notify($1, '')", &[&schema])?;
            }
            // Whatever the server's settings are: what is acknowledged is on its disk.
            transaction.batch_execute("SET LOCAL synchronous_commit = on")?;
            transaction.commit()?;
            Ok(Appended::Kept)
        })
    }

    fn listen(&mut self, tell: Box<dyn Fn() + Send>) -> Result<Duration> {
        let (address, schema) = (self.address.clone(), self.schema.clone());
        let listen = move || {
            loop {
                // What is wrong shows where the journal is read.
                drop(hear(&address, &schema, &tell));
                std::thread::sleep(AGAIN);
            }
        };
        let thread = std::thread::Builder::new().name("community news".to_owned()).spawn(listen);
        let place = self.address.to_string();
        thread.map_err(|source| JournalError::Engine { place, source: Box::new(source) })?;
        Ok(LOOK)
    }

    fn replace(&mut self, lines: &[Line]) -> Result<()> {
        self.with(|client, schema| {
            let mut transaction = client.transaction()?;
            let update = format!("UPDATE {schema}.line SET text = $2 WHERE number = $1");
            for line in lines {
                transaction.execute(&update, &[&signed(line.number), &line.text])?;
            }
            transaction.commit()?;
            // Old versions of the rows are cleared away at once, not some time.
            client.batch_execute(&format!("VACUUM {schema}.line"))
        })
    }

    fn attach(&mut self, name: &str, from: &mut dyn Read) -> Result<()> {
        let address = self.address.clone();
        let mut refused = Ok(());
        let kept = self.with(|client, schema| {
            let mut transaction = client.transaction()?;
            let delete = format!("DELETE FROM {schema}.attachment WHERE name = $1");
            transaction.execute(&delete, &[&name])?;
            let insert = format!("INSERT INTO {schema}.attachment VALUES ($1, $2, $3)");
            refused = in_parts(name, from, &mut |part, bytes| {
                let inserted = transaction.execute(&insert, &[&name, &part, &bytes]);
                inserted.map(drop).map_err(|error| server_fault(error, &address))
            });
            if refused.is_ok() { transaction.commit() } else { transaction.rollback() }
        });
        refused.and(kept)
    }

    fn attachment(&mut self, name: &str, to: &mut dyn Write) -> Result<bool> {
        for part in 0_i64.. {
            let bytes: Option<Vec<u8>> = self.with(|client, schema| {
                let read =
                    format!("SELECT bytes FROM {schema}.attachment WHERE name = $1 AND part = $2");
                Ok(client.query_opt(&read, &[&name, &part])?.map(|row| row.get(0)))
            })?;
            match bytes {
                Some(bytes) => to.write_all(&bytes).map_err(|error| file_fault(name, error))?,
                None => return Ok(part > 0),
            }
        }
        Ok(true)
    }

    fn detach(&mut self, name: &str) -> Result<()> {
        self.with(|client, schema| {
            let delete = format!("DELETE FROM {schema}.attachment WHERE name = $1");
            client.execute(&delete, &[&name])?;
            client.batch_execute(&format!("VACUUM {schema}.attachment"))
        })
    }

    fn attachments(&mut self) -> Result<Vec<String>> {
        self.with(|client, schema| {
            let names =
                format!("SELECT name FROM {schema}.attachment WHERE part = 0 ORDER BY name");
            Ok(client.query(&names, &[])?.iter().map(|row| row.get(0)).collect())
        })
    }
}

/// The number of the last line; until the transaction ends, nobody else adds one.
fn last(
    transaction: &mut Transaction<'_>,
    schema: &str,
) -> std::result::Result<u64, postgres::Error> {
    transaction.batch_execute(&format!("LOCK TABLE {schema}.line IN SHARE ROW EXCLUSIVE MODE"))?;
    let sql = format!("SELECT coalesce(max(number), 0) FROM {schema}.line");
    Ok(transaction.query_one(&sql, &[])?.get::<_, i64>(0).unsigned_abs())
}

/// Tells of every commit that adds lines, until the connection is lost.
fn hear(
    address: &Address,
    schema: &str,
    tell: &(dyn Fn() + Send),
) -> std::result::Result<(), postgres::Error> {
    let mut client = address.connect("lorecast news")?;
    client.batch_execute(&format!("LISTEN {schema}"))?;
    // Something may have been added before anybody listened.
    tell();
    let mut notifications = client.notifications();
    let mut heard = notifications.blocking_iter();
    while heard.next()?.is_some() {
        tell();
    }
    Ok(())
}

/// PostgreSQL counts with a sign.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

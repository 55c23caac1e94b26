//! A connection that comes back by itself, with its statements, snapshots and transactions.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::Duration;

use postgres::binary_copy::BinaryCopyInWriter;
use postgres::types::{ToSql, Type};
use postgres::{Client, Row, Statement};

use super::address::Address;
use super::fault::{Fault, is_lost};
use super::schema;
use crate::sought::in_time;

/// A value of a statement.
pub(super) type Value<'v> = &'v (dyn ToSql + Sync);

/// How many prepared statements are kept.
const STATEMENTS: usize = 256;

/// How many rows of a long answer are fetched at a time: a bound on memory.
const AT_ONCE: u32 = 1000;

/// How long a transaction waits for another writer.
const PATIENCE: &str = "5s";

/// What a session may do.
pub(super) enum Role {
    /// Read, and write when nobody else does.
    Any,
    /// Read alone.
    Reader,
    /// Write, as the only one: who that is.
    Writer(String),
}

/// A connection to a store. What fails because the server went away fails once: the next call
/// connects again.
pub(super) struct Session {
    address: Address,
    role: Role,
    link: RefCell<Option<Link>>,
    /// How often it connected.
    connected: Cell<u64>,
    /// How long a search may take, if there is an end to it.
    searches: Cell<Option<Duration>>,
}

struct Link {
    client: Client,
    statements: HashMap<String, Statement>,
    /// How many snapshots and transactions are open, one inside the other: the outermost counts.
    depth: u32,
    /// PostgreSQL's number of the schema when it was opened.
    schema: u32,
}

impl Session {
    /// Connects.
    pub(super) fn open(address: &Address, role: Role) -> Result<Self, Fault> {
        let session = Self {
            address: address.clone(),
            role,
            link: RefCell::default(),
            connected: Cell::new(0),
            searches: Cell::new(None),
        };
        let link = session.connect()?;
        *session.link.borrow_mut() = Some(link);
        Ok(session)
    }

    /// How often it connected: what was true of one connection may not be of the next.
    pub(super) fn connected(&self) -> u64 {
        self.connected.get()
    }

    /// How long a search may take from now on.
    pub(super) fn give_searches(&self, most: Duration) -> Result<(), Fault> {
        self.searches.set(Some(most));
        self.run(&timeout(most))
    }

    /// Searches for as long as that may take.
    pub(super) fn search_for<T>(
        &self,
        work: impl FnOnce() -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        match self.searches.get() {
            Some(most) => in_time(most, work, Fault::was_ended),
            None => work(),
        }
    }

    /// Whether the schema still is the one that was opened.
    pub(super) fn is_current(&self) -> Result<bool, Fault> {
        let found = self.query(schema::ID, &[&self.address.schema()])?;
        let id = found.first().map(|row| row.get::<_, u32>(0));
        Ok(self.link.borrow().as_ref().map(|link| link.schema) == id)
    }

    /// The rows that a statement finds, all at once. The statement is remembered.
    pub(super) fn query(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Fault> {
        self.with(|link| {
            let statement = link.prepared(sql)?;
            link.client.query(&statement, values)
        })
    }

    /// The same for a statement that is made for one occasion, whose values have these types.
    pub(super) fn query_once(
        &self,
        sql: &str,
        values: &[(Value<'_>, Type)],
    ) -> Result<Vec<Row>, Fault> {
        self.with(|link| link.client.query_typed(sql, values))
    }

    /// The first row, if there is one.
    pub(super) fn first(&self, sql: &str, values: &[Value<'_>]) -> Result<Option<Row>, Fault> {
        Ok(self.query(sql, values)?.into_iter().next())
    }

    /// A number that a statement counts.
    pub(super) fn number(&self, sql: &str, values: &[Value<'_>]) -> Result<i64, Fault> {
        let row = self.first(sql, values)?.ok_or_else(|| Fault::content("nothing was counted"))?;
        Ok(row.get(0))
    }

    /// Changes rows, and says how many.
    pub(super) fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, Fault> {
        self.with(|link| {
            let statement = link.prepared(sql)?;
            link.client.execute(&statement, values)
        })
    }

    /// Runs statements without values.
    pub(super) fn run(&self, sql: &str) -> Result<(), Fault> {
        self.with(|link| link.client.batch_execute(sql))
    }

    /// Writes rows in bulk: `fill` writes one after the other.
    pub(super) fn copy(
        &self,
        into: &str,
        types: &[Type],
        fill: impl FnOnce(&mut BinaryCopyInWriter<'_>) -> Result<(), postgres::Error>,
    ) -> Result<(), Fault> {
        let mut link = self.link.borrow_mut();
        let link = link.as_mut().ok_or_else(|| Fault::content("no transaction is open"))?;
        let sql = format!("COPY {into} FROM STDIN (FORMAT binary)");
        let mut writer = BinaryCopyInWriter::new(link.client.copy_in(&sql)?, types);
        fill(&mut writer)?;
        writer.finish()?;
        Ok(())
    }

    /// Visits the rows of a long answer, some at a time. Memory stays bounded, and `visit` may ask for
    /// more meanwhile.
    pub(super) fn each(
        &self,
        sql: &str,
        values: &[Value<'_>],
        visit: &mut dyn FnMut(Vec<Row>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.snapshot(|| {
            let name = format!("rows_{}", self.depth());
            self.execute(&format!("DECLARE {name} NO SCROLL CURSOR FOR {sql}"), values)?;
            let fetch = format!("FETCH {AT_ONCE} FROM {name}");
            loop {
                let rows = self.query_once(&fetch, &[])?;
                if rows.is_empty() {
                    return self.run(&format!("CLOSE {name}"));
                }
                if let Err(stopped) = visit(rows) {
                    // Others may be reading on in this snapshot.
                    drop(self.run(&format!("CLOSE {name}")));
                    return Err(stopped);
                }
            }
        })?
    }

    /// Lets `work` see one state of the store throughout.
    pub(super) fn snapshot<T>(&self, work: impl FnOnce() -> T) -> Result<T, Fault> {
        self.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        let value = work();
        self.end("COMMIT")?;
        Ok(value)
    }

    /// Runs `work` in one transaction, as the only writer.
    pub(super) fn write<T>(&self, work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        let key = schema::lock_key(self.address.schema());
        self.begin(&format!(
            "BEGIN; SET LOCAL lock_timeout = '{PATIENCE}'; SELECT pg_advisory_xact_lock({key})"
        ))?;
        let grown = || self.execute("UPDATE state SET generation = generation + 1", &[]);
        match work().and_then(|value| grown().map(|_| value)) {
            Ok(value) => self.end("COMMIT").map(|()| value),
            Err(fault) => {
                drop(self.end("ROLLBACK"));
                Err(fault)
            }
        }
    }

    fn begin(&self, sql: &str) -> Result<(), Fault> {
        let begun = self.with(|link| {
            if link.depth == 0 {
                link.client.batch_execute(sql)?;
            }
            link.depth += 1;
            Ok(())
        });
        if begun.is_err()
            && let Some(link) = self.link.borrow_mut().as_mut()
            && link.depth == 0
        {
            // The transaction was begun and the lock was not to be had.
            drop(link.client.batch_execute("ROLLBACK"));
        }
        begun
    }

    /// Ends what was begun; there is nothing to end when the connection was lost in between.
    fn end(&self, sql: &str) -> Result<(), Fault> {
        let mut held = self.link.borrow_mut();
        let Some(link) = held.as_mut().filter(|link| link.depth > 0) else { return Ok(()) };
        link.depth -= 1;
        if link.depth > 0 {
            return Ok(());
        }
        let ended = link.client.batch_execute(sql);
        if ended.as_ref().is_err_and(is_lost) {
            *held = None;
        }
        Ok(ended?)
    }

    fn depth(&self) -> u32 {
        self.link.borrow().as_ref().map_or(0, |link| link.depth)
    }

    /// Works with the connection. One that turns out to be gone is made again, and the work is tried
    /// once more, unless it is in the middle of a transaction.
    fn with<T>(&self, work: impl Fn(&mut Link) -> Result<T, postgres::Error>) -> Result<T, Fault> {
        let mut held = self.link.borrow_mut();
        let was_open = held.is_some();
        let link = match held.as_mut() {
            Some(link) => link,
            None => held.insert(self.connect()?),
        };
        let again = was_open && link.depth == 0;
        match work(link) {
            Err(error) if is_lost(&error) || link.client.is_closed() => {
                *held = None;
                if !again {
                    return Err(error.into());
                }
                tracing::info!("the database went away ({error}); connecting again");
                Ok(work(held.insert(self.connect()?))?)
            }
            other => Ok(other?),
        }
    }

    fn connect(&self) -> Result<Link, Fault> {
        let name = match &self.role {
            Role::Writer(who) => who,
            Role::Any | Role::Reader => "lorecast",
        };
        let name = format!("{name} (process {})", std::process::id());
        let mut client = self.address.connect(&name)?;
        let reads = matches!(self.role, Role::Reader);
        let schema = schema::prepare(&mut client, &self.address, !reads)?;
        // Our plans are small: compiling them takes longer than running them.
        client.batch_execute(&format!(
            "SET search_path TO {}; SET jit = off; SET work_mem = '64MB';
             SET default_transaction_read_only = {reads}; SET client_min_messages = warning",
            self.address.schema()
        ))?;
        if let Some(most) = self.searches.get() {
            client.batch_execute(&timeout(most))?;
        }
        if let Role::Writer(_) = self.role {
            self.lock(&mut client)?;
            // It begins with empty tables, and a plan that reads a whole one would stay while they grow.
            client.batch_execute("SET enable_seqscan = off")?;
        }
        self.connected.set(self.connected.get() + 1);
        Ok(Link { client, statements: HashMap::new(), depth: 0, schema })
    }

    /// Takes the right to write, for as long as the connection lasts.
    fn lock(&self, client: &mut Client) -> Result<(), Fault> {
        let key = schema::lock_key(self.address.schema());
        if client.query_one("SELECT pg_try_advisory_lock($1)", &[&key])?.get(0) {
            return Ok(());
        }
        let sql = "SELECT a.application_name,
                       to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
                   FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
                   WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
                       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                       AND l.classid::bigint << 32 | l.objid::bigint = $1";
        let holder = client.query_opt(sql, &[&key])?.map_or_else(
            || "another process".to_owned(),
            |row| format!("{}, since {} UTC", row.get::<_, String>(0), row.get::<_, String>(1)),
        );
        Err(Fault::Busy(holder))
    }
}

/// Ends statements that take longer than this. Of several in one search each may take so long; they are few, and
/// the whole is looked at when it is done.
fn timeout(most: Duration) -> String {
    // None at all is what 0 means.
    format!("SET statement_timeout = {}", most.as_millis().clamp(1, i32::MAX as u128))
}

impl Link {
    fn prepared(&mut self, sql: &str) -> Result<Statement, postgres::Error> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        let statement = self.client.prepare(sql)?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

impl Drop for Session {
    /// The client waits for its goodbye in a way that asynchronous code must not: on a thread of its own
    /// it may.
    fn drop(&mut self) {
        let tidies = matches!(self.role, Role::Writer(_));
        if let Some(mut link) = self.link.take() {
            let end = move || {
                if tidies {
                    // New words wait in a list, which every search would have to read.
                    let sql = "SELECT gin_clean_pending_list('search_lexemes'::regclass)";
                    drop(link.client.batch_execute(sql));
                }
                drop(link);
            };
            drop(std::thread::spawn(end).join());
        }
    }
}

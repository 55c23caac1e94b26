//! Applies what the tracker says about threads.

use std::collections::HashMap;

use lorecast_model::{Group, Placement, ThreadKey};
use rusqlite::{Connection, OptionalExtension, params};

use super::fault::Fault;
use super::{intern, told};
use crate::StoreError;

/// Gives every member its thread and joins threads.
///
/// A member that has a thread already keeps it, and the thread it was meant for joins that one: so
/// applying a placement twice, or one computed a moment too early, ends in the same partition.
pub(super) fn apply(conn: &Connection, placement: &Placement) -> Result<(), Fault> {
    let mut threads = Threads { conn, founded: HashMap::new(), moved: HashMap::new() };
    for (id, group) in &placement.members {
        let (node, placed) = intern::place(conn, id)?;
        match placed {
            Some(thread) => threads.adopt(*group, thread)?,
            None => {
                let thread = threads.of(*group)?;
                conn.prepare_cached("UPDATE node SET thread = ?2 WHERE id = ?1")?
                    .execute([node, thread])?;
                threads.touch(thread)?;
            }
        }
    }
    for (from, to) in &placement.merges {
        threads.join(threads.now(from.0), threads.now(to.0))?;
    }
    Ok(())
}

/// Places the members of a thread anew. Ids that are no member any more were only named by what is
/// gone: they are forgotten.
pub(super) fn regroup(
    conn: &Connection,
    thread: ThreadKey,
    placement: &Placement,
) -> Result<(), Fault> {
    // Revisions in other threads may continue what goes.
    let sql = "UPDATE thread SET stale = 1 WHERE id IN (
                   SELECT r.thread FROM revision r
                   WHERE r.series IN (SELECT series FROM revision WHERE thread = ?1))";
    conn.prepare_cached(sql)?.execute([thread.0])?;
    conn.prepare_cached("DELETE FROM revision WHERE thread = ?1")?.execute([thread.0])?;
    told::forget(conn, thread)?;
    let nodes: Vec<i64> = conn
        .prepare_cached("SELECT id FROM node WHERE thread = ?1")?
        .query_map([thread.0], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    conn.prepare_cached("UPDATE node SET thread = NULL WHERE thread = ?1")?.execute([thread.0])?;
    conn.prepare_cached("DELETE FROM thread WHERE id = ?1")?.execute([thread.0])?;
    apply(conn, placement)?;
    let mut forget = conn.prepare_cached("DELETE FROM node WHERE id = ?1 AND thread IS NULL")?;
    for node in nodes {
        forget.execute([node])?;
    }
    Ok(())
}

struct Threads<'c> {
    conn: &'c Connection,
    /// Threads that stand for `Group::New`.
    founded: HashMap<u32, i64>,
    /// Threads that were joined to another in this placement.
    moved: HashMap<i64, i64>,
}

impl Threads<'_> {
    /// Where the members of a thread are now.
    fn now(&self, mut thread: i64) -> i64 {
        while let Some(&next) = self.moved.get(&thread) {
            thread = next;
        }
        thread
    }

    /// The thread of a group, founded when needed.
    fn of(&mut self, group: Group) -> Result<i64, Fault> {
        match group {
            Group::Known(key) => {
                let thread = self.now(key.0);
                match self.exists(thread)? {
                    true => Ok(thread),
                    false => Err(StoreError::UnknownThread(ThreadKey(thread)).into()),
                }
            }
            Group::New(number) => {
                if let Some(&thread) = self.founded.get(&number) {
                    return Ok(self.now(thread));
                }
                let thread =
                    self.conn.prepare_cached("INSERT INTO thread DEFAULT VALUES")?.insert([])?;
                self.founded.insert(number, thread);
                Ok(thread)
            }
        }
    }

    /// A member of this group turned out to have a thread.
    fn adopt(&mut self, group: Group, thread: i64) -> Result<(), Fault> {
        match group {
            Group::New(number) if !self.founded.contains_key(&number) => {
                self.founded.insert(number, thread);
                Ok(())
            }
            Group::New(number) => {
                let founded = self.founded.get(&number).copied().unwrap_or(thread);
                self.join(self.now(founded), thread)
            }
            Group::Known(key) => self.join(self.now(key.0), thread),
        }
    }

    /// Everything of the first goes to the second.
    fn join(&mut self, from: i64, to: i64) -> Result<(), Fault> {
        if from == to || !self.exists(from)? {
            return Ok(());
        }
        if !self.exists(to)? {
            return Err(StoreError::UnknownThread(ThreadKey(to)).into());
        }
        for sql in [
            "UPDATE node SET thread = ?2 WHERE thread = ?1",
            "UPDATE revision SET thread = ?2 WHERE thread = ?1",
            "UPDATE event SET thread = ?2 WHERE thread = ?1",
            "UPDATE patch SET thread = ?2 WHERE thread = ?1",
            "UPDATE pull SET thread = ?2 WHERE thread = ?1",
            "UPDATE notice SET thread = ?2 WHERE thread = ?1",
        ] {
            self.conn.prepare_cached(sql)?.execute([from, to])?;
        }
        self.conn.prepare_cached("DELETE FROM thread WHERE id = ?1")?.execute([from])?;
        self.moved.insert(from, to);
        self.touch(to)
    }

    fn touch(&self, thread: i64) -> Result<(), Fault> {
        let sql = "UPDATE thread SET stale = 1 WHERE id = ?1 AND stale = 0";
        self.conn.prepare_cached(sql)?.execute(params![thread])?;
        Ok(())
    }

    fn exists(&self, thread: i64) -> Result<bool, Fault> {
        let sql = "SELECT 1 FROM thread WHERE id = ?1";
        let found = self.conn.prepare_cached(sql)?.query_row([thread], |_| Ok(())).optional()?;
        Ok(found.is_some())
    }
}

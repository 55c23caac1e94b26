//! Applies what the tracker says about threads: computed in memory, kept in a few statements.

use std::collections::{BTreeSet, HashMap, HashSet};

use lorecast_model::{Group, MessageId, Placement, ThreadKey};

use super::fault::Fault;
use super::nodes::Nodes;
use super::session::Session;
use super::told;
use crate::StoreError;

/// Threads as a placement changes them.
pub(super) struct Threads {
    /// Those that there are.
    known: HashSet<i64>,
    /// Those that are not kept yet.
    new: Vec<i64>,
    /// The last row id that is taken.
    last: i64,
    /// Threads that stand for `Group::New`.
    founded: HashMap<u32, i64>,
    /// Threads that were joined to another.
    moved: HashMap<i64, i64>,
    /// Threads that became stale.
    touched: BTreeSet<i64>,
}

impl Threads {
    /// Gives every member its thread and joins threads.
    ///
    /// A member that has a thread already keeps it, and the thread it was meant for joins that one: so
    /// applying a placement twice, or one computed a moment too early, ends in the same partition.
    pub(super) fn place(
        session: &Session,
        nodes: &mut Nodes,
        placement: &Placement,
    ) -> Result<Self, Fault> {
        let mut threads = Self::load(session, nodes, placement)?;
        for (id, group) in &placement.members {
            match nodes.place(id).1 {
                Some(thread) => threads.adopt(*group, threads.now(thread))?,
                None => {
                    let thread = threads.of(*group)?;
                    nodes.put(id, thread);
                    threads.touch(thread);
                }
            }
        }
        for (from, to) in &placement.merges {
            threads.join(threads.now(from.0), threads.now(to.0))?;
        }
        Ok(threads)
    }

    /// Where the members of a thread are now.
    pub(super) fn now(&self, mut thread: i64) -> i64 {
        while let Some(&next) = self.moved.get(&thread) {
            thread = next;
        }
        thread
    }

    /// It has to be tracked again.
    pub(super) fn touch(&mut self, thread: i64) {
        self.touched.insert(thread);
    }

    /// Keeps threads, joins and staleness.
    pub(super) fn keep(&self, session: &Session) -> Result<(), Fault> {
        if !self.new.is_empty() {
            let new: Vec<i64> =
                self.new.iter().copied().filter(|thread| self.known.contains(thread)).collect();
            session.execute("INSERT INTO thread (id) SELECT unnest($1::bigint[])", &[&new])?;
        }
        let (from, to): (Vec<i64>, Vec<i64>) =
            self.moved.keys().map(|&from| (from, self.now(from))).unzip();
        if !from.is_empty() {
            for table in ["node", "revision", "event", "patch", "pull", "notice"] {
                let sql = format!(
                    "UPDATE {table} SET thread = u.now FROM unnest($1::bigint[], $2::bigint[])
                     AS u (old, now) WHERE thread = u.old"
                );
                session.execute(&sql, &[&from, &to])?;
            }
            session.execute("DELETE FROM thread WHERE id = ANY($1)", &[&from])?;
        }
        let touched: Vec<i64> = self.touched.iter().map(|&thread| self.now(thread)).collect();
        mark_stale(session, &touched)
    }

    fn load(session: &Session, nodes: &Nodes, placement: &Placement) -> Result<Self, Fault> {
        let groups = placement.members.iter().filter_map(|(_, group)| match group {
            Group::Known(key) => Some(key.0),
            Group::New(_) => None,
        });
        let merged = placement.merges.iter().flat_map(|(from, to)| [from.0, to.0]);
        let named: BTreeSet<i64> = nodes.threads().chain(groups).chain(merged).collect();
        let named: Vec<i64> = named.into_iter().collect();
        let known = session.query("SELECT id FROM thread WHERE id = ANY($1)", &[&named])?;
        Ok(Self {
            known: known.iter().map(|row| row.get(0)).collect(),
            new: Vec::new(),
            last: session.number("SELECT coalesce(max(id), 0) FROM thread", &[])?,
            founded: HashMap::new(),
            moved: HashMap::new(),
            touched: BTreeSet::new(),
        })
    }

    /// The thread of a group, founded when needed.
    fn of(&mut self, group: Group) -> Result<i64, Fault> {
        match group {
            Group::Known(key) => {
                let thread = self.now(key.0);
                match self.known.contains(&thread) {
                    true => Ok(thread),
                    false => Err(StoreError::UnknownThread(ThreadKey(thread)).into()),
                }
            }
            Group::New(number) => {
                if let Some(&thread) = self.founded.get(&number) {
                    return Ok(self.now(thread));
                }
                self.last += 1;
                self.known.insert(self.last);
                self.new.push(self.last);
                self.founded.insert(number, self.last);
                Ok(self.last)
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
        if from == to || !self.known.contains(&from) {
            return Ok(());
        }
        if !self.known.contains(&to) {
            return Err(StoreError::UnknownThread(ThreadKey(to)).into());
        }
        self.known.remove(&from);
        self.moved.insert(from, to);
        self.touch(to);
        Ok(())
    }
}

/// Places the members of a thread anew. Ids that are no member any more were only named by what is
/// gone: they are forgotten.
pub(super) fn regroup(
    session: &Session,
    thread: ThreadKey,
    placement: &Placement,
) -> Result<(), Fault> {
    // Revisions in other threads may continue what goes.
    let sql = "UPDATE thread SET stale = true WHERE id IN (
                   SELECT r.thread FROM revision r
                   WHERE r.series IN (SELECT series FROM revision WHERE thread = $1))";
    session.execute(sql, &[&thread.0])?;
    super::revisions::forget(session, &[thread.0])?;
    told::forget(session, thread)?;
    let sql = "UPDATE node SET thread = NULL WHERE thread = $1 RETURNING id";
    let old: Vec<i64> = session.query(sql, &[&thread.0])?.iter().map(|row| row.get(0)).collect();
    session.execute("DELETE FROM thread WHERE id = $1", &[&thread.0])?;
    let ids = placement.members.iter().map(|(id, _)| id);
    let mut nodes = Nodes::load(session, ids)?;
    let threads = Threads::place(session, &mut nodes, placement)?;
    threads.keep(session)?;
    nodes.keep(session, |thread| threads.now(thread))?;
    session.execute("DELETE FROM node WHERE id = ANY($1) AND thread IS NULL", &[&old])?;
    Ok(())
}

/// These threads have to be tracked again.
pub(super) fn mark_stale(session: &Session, threads: &[i64]) -> Result<(), Fault> {
    if !threads.is_empty() {
        let sql = "UPDATE thread SET stale = true WHERE id = ANY($1) AND NOT stale";
        session.execute(sql, &[&threads])?;
    }
    Ok(())
}

/// The row of a message that must have a thread.
pub(super) fn placed(nodes: &Nodes, id: &MessageId) -> Result<(i64, i64), Fault> {
    match nodes.find(id) {
        Some((node, Some(thread))) => Ok((node, thread)),
        _ => Err(StoreError::Unplaced(id.clone()).into()),
    }
}

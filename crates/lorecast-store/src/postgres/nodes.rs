//! Message-IDs as rows, many at a time.

use std::collections::{BTreeSet, HashMap};

use lorecast_model::MessageId;
use postgres::types::Type;

use super::fault::Fault;
use super::session::Session;

/// Rows of Message-IDs: those that are kept, and new ones that are not yet.
#[derive(Default)]
pub(super) struct Nodes {
    rows: HashMap<MessageId, Node>,
    /// The last row id that is taken.
    last: i64,
}

struct Node {
    row: i64,
    thread: Option<i64>,
    state: State,
}

#[derive(PartialEq, Eq)]
enum State {
    Kept,
    Moved,
    New,
}

impl Nodes {
    /// What is known of these ids.
    pub(super) fn load<'i>(
        session: &Session,
        ids: impl Iterator<Item = &'i MessageId>,
    ) -> Result<Self, Fault> {
        let ids: BTreeSet<&MessageId> = ids.collect();
        let names: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
        let sql = "SELECT message_id, id, thread FROM node WHERE message_id = ANY($1)";
        let mut rows = HashMap::with_capacity(ids.len());
        for row in session.query(sql, &[&names])? {
            let node = Node { row: row.get(1), thread: row.get(2), state: State::Kept };
            rows.insert(message_id(row.get(0))?, node);
        }
        let last = session.number("SELECT coalesce(max(id), 0) FROM node", &[])?;
        Ok(Self { rows, last })
    }

    /// Row and thread of an id, when it is known.
    pub(super) fn find(&self, id: &MessageId) -> Option<(i64, Option<i64>)> {
        self.rows.get(id).map(|node| (node.row, node.thread))
    }

    /// Row and thread of an id, which is new when it was not known.
    pub(super) fn place(&mut self, id: &MessageId) -> (i64, Option<i64>) {
        if !self.rows.contains_key(id) {
            self.last += 1;
            let node = Node { row: self.last, thread: None, state: State::New };
            self.rows.insert(id.clone(), node);
        }
        let node = &self.rows[id];
        (node.row, node.thread)
    }

    /// The row of an id, which is new when it was not known.
    pub(super) fn row(&mut self, id: &MessageId) -> i64 {
        self.place(id).0
    }

    /// Gives an id a thread.
    pub(super) fn put(&mut self, id: &MessageId, thread: i64) {
        if let Some(node) = self.rows.get_mut(id) {
            node.thread = Some(thread);
            if node.state == State::Kept {
                node.state = State::Moved;
            }
        }
    }

    /// The threads that are named.
    pub(super) fn threads(&self) -> impl Iterator<Item = i64> {
        self.rows.values().filter_map(|node| node.thread)
    }

    /// Keeps what is new; `now` says where the members of a thread are by now.
    pub(super) fn keep(&self, session: &Session, now: impl Fn(i64) -> i64) -> Result<(), Fault> {
        let of = |state| self.rows.iter().filter(move |(_, node)| node.state == state);
        let mut new: Vec<_> = of(State::New).collect();
        if !new.is_empty() {
            new.sort_unstable_by_key(|(_, node)| node.row);
            let types = [Type::INT8, Type::TEXT, Type::INT8];
            session.copy("node (id, message_id, thread)", &types, |out| {
                new.into_iter().try_for_each(|(id, node)| {
                    out.write(&[&node.row, &id.as_str(), &node.thread.map(&now)])
                })
            })?;
        }
        let moved: (Vec<i64>, Vec<Option<i64>>) =
            of(State::Moved).map(|(_, node)| (node.row, node.thread.map(&now))).unzip();
        if !moved.0.is_empty() {
            let sql = "UPDATE node SET thread = u.thread FROM unnest($1::bigint[], $2::bigint[])
                       AS u (id, thread) WHERE node.id = u.id";
            session.execute(sql, &[&moved.0, &moved.1])?;
        }
        Ok(())
    }
}

/// A Message-ID as it is kept.
pub(super) fn message_id(text: &str) -> Result<MessageId, Fault> {
    MessageId::new(text).map_err(Fault::content)
}

//! Strings that come again and again, as row ids.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use lorecast_model::{ListId, Mailbox, MessageId, Writer};
use rusqlite::{Connection, OptionalExtension, params};
use rustc_hash::FxBuildHasher;

use super::fault::Fault;
use super::writers;
use crate::words::Inflected;

/// How many mailboxes are remembered before all are forgotten: a bound on memory, not a tuning.
const REMEMBERED: usize = 50_000;

/// How many words are remembered: they are only numbers.
const WORDS: usize = 1_000_000;

/// Row ids of mailboxes, writers, lists and Message-IDs met lately, and words. Of these rows only those of
/// Message-IDs are ever deleted.
#[derive(Default)]
pub(super) struct Interned {
    mailboxes: HashMap<Mailbox, i64>,
    writers: HashMap<Writer, i64>,
    lists: HashMap<ListId, i64>,
    /// Ids that messages refer to: the same again and again within a thread.
    nodes: HashMap<MessageId, i64>,
    /// Hashes of words whose stem is known to be kept.
    words: HashSet<u64, FxBuildHasher>,
}

impl Interned {
    /// Forgets everything; needed when a transaction was undone.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Forgets Message-IDs; needed when rows of theirs may have been deleted.
    pub(super) fn forget_nodes(&mut self) {
        self.nodes.clear();
    }

    /// The row of a mailbox, made when needed.
    pub(super) fn mailbox(&mut self, conn: &Connection, mailbox: &Mailbox) -> Result<i64, Fault> {
        if let Some(&id) = self.mailboxes.get(mailbox) {
            return Ok(id);
        }
        if self.mailboxes.len() >= REMEMBERED {
            self.mailboxes.clear();
        }
        let key = params![mailbox.email, mailbox.name];
        let find = "SELECT id FROM mailbox WHERE email = ?1 AND name = ?2";
        let add = "INSERT INTO mailbox (email, name) VALUES (?1, ?2)";
        let id = match conn.prepare_cached(find)?.query_row(key, |row| row.get(0)).optional()? {
            Some(id) => id,
            None => conn.prepare_cached(add)?.insert(key)?,
        };
        self.mailboxes.insert(mailbox.clone(), id);
        Ok(id)
    }

    /// The row of a writer, made when needed.
    pub(super) fn writer(&mut self, conn: &Connection, writer: &Writer) -> Result<i64, Fault> {
        if let Some(&id) = self.writers.get(writer) {
            return Ok(id);
        }
        if self.writers.len() >= REMEMBERED {
            self.writers.clear();
        }
        let id = writers::row(conn, self, writer)?;
        self.writers.insert(writer.clone(), id);
        Ok(id)
    }

    /// Keeps a word under its stem.
    pub(super) fn stem(&mut self, conn: &Connection, found: &Inflected) -> Result<(), Fault> {
        if self.words.len() >= WORDS {
            self.words.clear();
        }
        if self.words.insert(FxBuildHasher.hash_one(&found.word)) {
            let add = "INSERT OR IGNORE INTO stem (stem, word) VALUES (?1, ?2)";
            conn.prepare_cached(add)?.execute([&found.stem, &found.word])?;
        }
        Ok(())
    }

    /// The row of a list, made when needed.
    pub(super) fn list(&mut self, conn: &Connection, list: &ListId) -> Result<i64, Fault> {
        if let Some(&id) = self.lists.get(list) {
            return Ok(id);
        }
        let find = "SELECT id FROM list WHERE name = ?1";
        let add = "INSERT INTO list (name) VALUES (?1)";
        let key = [list.as_str()];
        let id = match conn.prepare_cached(find)?.query_row(key, |row| row.get(0)).optional()? {
            Some(id) => id,
            None => conn.prepare_cached(add)?.insert(key)?,
        };
        if self.lists.len() >= REMEMBERED {
            self.lists.clear();
        }
        self.lists.insert(list.clone(), id);
        Ok(id)
    }
}

impl Interned {
    /// The row of a Message-ID that others refer to, made when needed.
    pub(super) fn node(&mut self, conn: &Connection, id: &MessageId) -> Result<i64, Fault> {
        if let Some(&node) = self.nodes.get(id) {
            return Ok(node);
        }
        if self.nodes.len() >= REMEMBERED {
            self.nodes.clear();
        }
        let row = node(conn, id)?;
        self.nodes.insert(id.clone(), row);
        Ok(row)
    }
}

/// The row of a Message-ID, made when needed.
pub(super) fn node(conn: &Connection, id: &MessageId) -> Result<i64, Fault> {
    place(conn, id).map(|(node, _)| node)
}

/// The row of a Message-ID, made when needed, and its thread.
pub(super) fn place(conn: &Connection, id: &MessageId) -> Result<(i64, Option<i64>), Fault> {
    match find_node(conn, id)? {
        Some(found) => Ok(found),
        None => {
            let add = "INSERT INTO node (message_id) VALUES (?1)";
            Ok((conn.prepare_cached(add)?.insert([id.as_str()])?, None))
        }
    }
}

/// The row of a Message-ID and its thread.
pub(super) fn find_node(
    conn: &Connection,
    id: &MessageId,
) -> Result<Option<(i64, Option<i64>)>, Fault> {
    let find = "SELECT id, thread FROM node WHERE message_id = ?1";
    let found = conn
        .prepare_cached(find)?
        .query_row([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found)
}

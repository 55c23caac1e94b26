//! Batches, summaries and revisions going in. Every function runs inside a transaction.

use std::collections::BTreeSet;

use lorecast_model::{ClueKey, ContentHash, Defect, Message, MessageId, ThreadKey};
use rusqlite::{Connection, params};

use super::fault::Fault;
use super::intern::{self, Interned};
use super::{placement, remove, revisions, source, told, writers};
use crate::columns::{bit, bits};
use crate::pack::{self, micros};
use crate::{Added, Batch, Entry, Raw, StoreError, Tracked};

/// Keeps a batch.
pub(super) fn commit(
    conn: &Connection,
    interned: &mut Interned,
    batch: &Batch,
) -> Result<Added, Fault> {
    placement::apply(conn, &batch.placement)?;
    let source = source::row(conn, &batch.source)?;
    let mut added = Added::default();
    for entry in &batch.entries {
        let header = &entry.message.header;
        let (node, thread) = placed(conn, &header.id)?;
        let held = held(conn, node, entry.message.content)?;
        let message = match held.same {
            Some(message) => {
                added.known += 1;
                better_date(conn, message, entry)?;
                writers::fill(conn, interned, message, &entry.message.writer)?;
                message
            }
            None => {
                added.new += 1;
                conn.prepare_cached("UPDATE thread SET stale = 1 WHERE id = ?1 AND stale = 0")?
                    .execute([thread])?;
                let message = keep_message(conn, interned, node, entry)?;
                if held.others {
                    mark_shared(conn, node)?;
                }
                message
            }
        };
        keep_arrival(conn, interned, message, source, entry)?;
    }
    for removal in &batch.removals {
        added.removed += remove::from_source(conn, source.id, removal)?;
    }
    source::set_cursor(conn, source.id, &batch.cursor)?;
    Ok(added)
}

/// Replaces what was derived from these threads.
pub(super) fn put_tracked(conn: &Connection, tracked: &[Tracked]) -> Result<(), Fault> {
    let mut fresh: BTreeSet<(ClueKey, ThreadKey)> = BTreeSet::new();
    for Tracked { key, thread, revisions, told: _ } in tracked {
        let sql = "UPDATE thread SET stale = 0, root = ?2, subject = ?3, messages = ?4,
                   participants = ?5, first = ?6, last = ?7 WHERE id = ?1";
        let changed = conn.prepare_cached(sql)?.execute(params![
            key.0,
            thread.id.as_str(),
            thread.subject,
            thread.messages,
            thread.participants,
            micros(thread.first),
            micros(thread.last),
        ])?;
        if changed == 0 {
            return Err(StoreError::UnknownThread(*key).into());
        }
        let before = revisions::keys(conn, *key)?;
        conn.prepare_cached("DELETE FROM revision WHERE thread = ?1")?.execute([key.0])?;
        for posted in revisions {
            revisions::keep(conn, key.0, posted)?;
        }
        let keys = revisions.iter().flat_map(|posted| &posted.clues.keys);
        fresh.extend(keys.filter(|clue| !before.contains(clue)).map(|clue| (*clue, *key)));
    }
    // A notice is about the last posting with the title that it names: there may be a later one now.
    for (clue, thread) in fresh {
        told::touch_noticed(conn, clue, thread)?;
    }
    // When all revisions are there: a notice in one of these threads may be about another of them.
    tracked.iter().try_for_each(|tracked| told::keep(conn, tracked.key, &tracked.told))
}

/// The row of a message that must have a thread.
pub(super) fn placed(conn: &Connection, id: &MessageId) -> Result<(i64, i64), Fault> {
    match intern::find_node(conn, id)? {
        Some((node, Some(thread))) => Ok((node, thread)),
        _ => Err(StoreError::Unplaced(id.clone()).into()),
    }
}

/// Which messages of an id are held.
pub(super) struct Held {
    /// The one with this content.
    pub(super) same: Option<i64>,
    /// There are others.
    others: bool,
}

/// Looks for the messages of an id.
pub(super) fn held(conn: &Connection, node: i64, content: ContentHash) -> Result<Held, Fault> {
    let mut statement = conn.prepare_cached("SELECT id, content FROM message WHERE node = ?1")?;
    let mut rows = statement.query([node])?;
    let mut held = Held { same: None, others: false };
    while let Some(row) = rows.next()? {
        if ContentHash(row.get(1)?) == content {
            held.same = Some(row.get(0)?);
        } else {
            held.others = true;
        }
    }
    Ok(held)
}

/// Whatever copy comes first, the date ends the same: the Date header when any archive bears it
/// out, else the earliest arrival.
fn better_date(conn: &Connection, message: i64, entry: &Entry) -> Result<(), Fault> {
    let doubt = bit(Defect::DateOff) | bit(Defect::BadDate);
    let header = &entry.message.header;
    let sure = bits(&header.defects) & doubt == 0;
    let sql = "UPDATE message SET date = ?2, defects = defects & ~?3
               WHERE id = ?1 AND defects & ?4 != 0 AND (?5 OR date > ?2)";
    let cleared = if sure { doubt } else { 0 };
    let changed = conn.prepare_cached(sql)?.execute(params![
        message,
        micros(header.date),
        cleared,
        doubt,
        sure
    ])?;
    if changed > 0 {
        let sql = "UPDATE thread SET stale = 1 WHERE id = (
                       SELECT n.thread FROM message m JOIN node n ON n.id = m.node WHERE m.id = ?1)";
        conn.prepare_cached(sql)?.execute([message])?;
    }
    Ok(())
}

/// Keeps everything of a message, and returns its row.
fn keep_message(
    conn: &Connection,
    interned: &mut Interned,
    node: i64,
    entry: &Entry,
) -> Result<i64, Fault> {
    let message = keep_header(conn, interned, node, entry)?;
    conn.prepare_cached("INSERT INTO body (id, packed) VALUES (?1, ?2)")?
        .execute(params![message, entry.packed])?;
    let sql = "INSERT INTO search (subject, sender, recipients, copies, unquoted, quoted,
                   attachment, mid, path, removed, added, hunk, context, pre, post, patch, rowid)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)";
    let mut statement = conn.prepare_cached(sql)?;
    for (column, words) in entry.words.iter().enumerate() {
        statement.raw_bind_parameter(column + 1, words)?;
    }
    statement.raw_bind_parameter(entry.words.len() + 1, message)?;
    statement.raw_execute()?;
    for inflected in &entry.inflected {
        interned.stem(conn, inflected)?;
    }
    Ok(message)
}

fn keep_header(
    conn: &Connection,
    interned: &mut Interned,
    node: i64,
    entry: &Entry,
) -> Result<i64, Fault> {
    let Message { header, writer, to, cc, content, .. } = &entry.message;
    let sender = interned.mailbox(conn, &header.from)?;
    let writer = interned.writer(conn, writer)?;
    let mut refs = Vec::with_capacity(header.references.len());
    for reference in &header.references {
        refs.push(interned.node(conn, reference)?);
    }
    let mut recipients = vec![to.len() as i64];
    for mailbox in to.iter().chain(cc) {
        recipients.push(interned.mailbox(conn, mailbox)?);
    }
    let sql = "INSERT INTO message
                   (node, content, date, sender, subject, refs, recipients, defects, writer)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let message = conn.prepare_cached(sql)?.insert(params![
        node,
        content.0,
        micros(header.date),
        sender,
        header.subject,
        pack::pack_ids(refs),
        pack::pack_ids(recipients),
        bits(&header.defects),
        writer,
    ])?;
    for key in &entry.alone {
        conn.prepare_cached("INSERT OR IGNORE INTO alone (key, message) VALUES (?1, ?2)")?
            .execute([key.0, message])?;
    }
    Ok(message)
}

/// Says of all messages of an id whether there are several.
pub(super) fn mark_shared(conn: &Connection, node: i64) -> Result<(), Fault> {
    let sql = "SELECT count(*), max(defects & ?2 != 0) FROM message WHERE node = ?1";
    let shared = bit(Defect::SharedId);
    let (count, marked): (i64, Option<bool>) = conn
        .prepare_cached(sql)?
        .query_row([node, shared], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if count < 2 && marked != Some(true) {
        return Ok(());
    }
    let bits = if count > 1 { shared } else { 0 };
    let sql = "UPDATE message SET defects = defects & ~?2 | ?3 WHERE node = ?1";
    conn.prepare_cached(sql)?.execute([node, shared, bits])?;
    Ok(())
}

/// Notes through which lists and archive a message came, and keeps its raw bytes if that does not.
fn keep_arrival(
    conn: &Connection,
    interned: &mut Interned,
    message: i64,
    source: source::Row,
    entry: &Entry,
) -> Result<(), Fault> {
    for list in &entry.message.header.lists {
        let list = interned.list(conn, list)?;
        let sql = "INSERT INTO arrival (message, list, source, received) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT DO UPDATE SET received = min(received, excluded.received)";
        conn.prepare_cached(sql)?.execute(params![
            message,
            list,
            source.id,
            entry.received.map(micros)
        ])?;
    }
    let blob = match &entry.raw {
        Raw::Blob(id) => Some(id.0),
        // Also of a mail that a git repository holds: that one may drop it.
        Raw::Bytes(packed) => {
            conn.prepare_cached("INSERT OR IGNORE INTO raw (message, packed) VALUES (?1, ?2)")?
                .execute(params![message, packed])?;
            None
        }
    };
    let sql = "INSERT INTO location (message, source, run, blob) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT DO UPDATE SET run = excluded.run, blob = excluded.blob";
    conn.prepare_cached(sql)?.execute(params![message, source.id, source.run, blob])?;
    Ok(())
}

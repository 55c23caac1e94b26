//! Batches, summaries and revisions going in. Every function runs inside a transaction.

use lorecast_model::{Message, MessageId, Revision};
use rusqlite::{Connection, params};

use super::fault::Fault;
use super::intern::{self, Interned};
use super::pack::{self, Packer, micros};
use super::placement;
use crate::{Added, Batch, StoreError, Tracked};

/// Keeps a batch.
pub(super) fn commit(
    conn: &Connection,
    interned: &mut Interned,
    batch: &Batch,
) -> Result<Added, Fault> {
    placement::apply(conn, &batch.placement)?;
    let mut added = Added::default();
    let mut packer = Packer::new()?;
    for message in &batch.messages {
        let (node, thread) = placed(conn, &message.header.id)?;
        if keep_message(conn, interned, node, message)? {
            keep_body(conn, &mut packer, node, message)?;
            conn.prepare_cached("UPDATE thread SET stale = 1 WHERE id = ?1 AND stale = 0")?
                .execute([thread])?;
            added.new += 1;
        } else {
            added.known += 1;
        }
        keep_lists(conn, interned, node, message)?;
    }
    let sql = "INSERT INTO source (name, cursor) VALUES (?1, ?2)
               ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor";
    conn.prepare_cached(sql)?.execute([&batch.source.0, &batch.cursor])?;
    Ok(added)
}

/// Replaces what was derived from these threads.
pub(super) fn put_tracked(conn: &Connection, tracked: &[Tracked]) -> Result<(), Fault> {
    for Tracked { key, thread, revisions } in tracked {
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
        conn.prepare_cached("DELETE FROM revision WHERE thread = ?1")?.execute([key.0])?;
        for revision in revisions {
            keep_revision(conn, key.0, revision)?;
        }
    }
    Ok(())
}

/// Replaces revisions by their roots.
pub(super) fn put_revisions(conn: &Connection, revisions: &[Revision]) -> Result<(), Fault> {
    for revision in revisions {
        let (_, thread) = placed(conn, &revision.root)?;
        keep_revision(conn, thread, revision)?;
    }
    Ok(())
}

/// The row of a message that must have a thread.
fn placed(conn: &Connection, id: &MessageId) -> Result<(i64, i64), Fault> {
    match intern::find_node(conn, id)? {
        Some((node, Some(thread))) => Ok((node, thread)),
        _ => Err(StoreError::Unplaced(id.clone()).into()),
    }
}

/// False when the message is held already; then nothing changes.
fn keep_message(
    conn: &Connection,
    interned: &mut Interned,
    node: i64,
    message: &Message,
) -> Result<bool, Fault> {
    let known = "SELECT EXISTS (SELECT 1 FROM message WHERE id = ?1)";
    if conn.prepare_cached(known)?.query_row([node], |row| row.get(0))? {
        return Ok(false);
    }
    let header = &message.header;
    let sender = interned.mailbox(conn, &header.from)?;
    let mut refs = Vec::with_capacity(header.references.len());
    for reference in &header.references {
        refs.push(intern::node(conn, reference)?);
    }
    let mut recipients = vec![message.to.len() as i64];
    for mailbox in message.to.iter().chain(&message.cc) {
        recipients.push(interned.mailbox(conn, mailbox)?);
    }
    let defects = match header.defects.is_empty() {
        true => None,
        false => Some(serde_json::to_string(&header.defects).map_err(Fault::content)?),
    };
    let sql = "INSERT INTO message (id, date, sender, subject, refs, recipients, defects)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    conn.prepare_cached(sql)?.execute(params![
        node,
        micros(header.date),
        sender,
        header.subject,
        pack::pack_ids(refs),
        pack::pack_ids(recipients),
        defects,
    ])?;
    Ok(true)
}

fn keep_body(
    conn: &Connection,
    packer: &mut Packer,
    node: i64,
    message: &Message,
) -> Result<(), Fault> {
    let packed = packer.pack(&message.text, &message.diff)?;
    conn.prepare_cached("INSERT INTO body (id, packed) VALUES (?1, ?2)")?
        .execute(params![node, packed])?;
    let sql = "INSERT INTO search (rowid, subject, sender, prose) VALUES (?1, ?2, ?3, ?4)";
    let header = &message.header;
    let sender = header.from.to_string();
    conn.prepare_cached(sql)?.execute(params![node, header.subject, sender, message.text])?;
    Ok(())
}

fn keep_lists(
    conn: &Connection,
    interned: &mut Interned,
    node: i64,
    message: &Message,
) -> Result<(), Fault> {
    for list in &message.header.lists {
        let list = interned.list(conn, list)?;
        conn.prepare_cached("INSERT OR IGNORE INTO message_list (message, list) VALUES (?1, ?2)")?
            .execute([node, list])?;
    }
    Ok(())
}

fn keep_revision(conn: &Connection, thread: i64, revision: &Revision) -> Result<(), Fault> {
    let root = intern::node(conn, &revision.root)?;
    conn.prepare_cached("DELETE FROM revision WHERE root = ?1")?.execute([root])?;
    let json = serde_json::to_string(revision).map_err(Fault::content)?;
    let sql = "INSERT INTO revision (root, thread, series, major, minor, author_email, date, json)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    conn.prepare_cached(sql)?.execute(params![
        root,
        thread,
        revision.series.0.as_str(),
        revision.version.major,
        revision.version.minor,
        revision.author.email.to_lowercase(),
        micros(revision.date),
        json,
    ])?;
    let cover = revision.cover.iter().map(|cover| &cover.id);
    let patches = revision.patches.iter().map(|patch| &patch.id);
    for id in std::iter::once(&revision.root).chain(cover).chain(patches) {
        let node = intern::node(conn, id)?;
        conn.prepare_cached(
            "INSERT OR REPLACE INTO revision_message (message, revision) VALUES (?1, ?2)",
        )?
        .execute([node, root])?;
    }
    Ok(())
}

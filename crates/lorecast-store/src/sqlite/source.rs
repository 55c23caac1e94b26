//! Archives: where reading goes on, and where a message's raw bytes are.

use std::collections::BTreeMap;

use lorecast_model::{BlobId, ContentHash, ListId, MessageId};
use rusqlite::{Connection, OptionalExtension, params};

use super::fault::Fault;
use crate::pack::{self, moment};
use crate::{Original, SourceKey};

/// An archive's row.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) id: i64,
    /// Which reading from the start this is.
    pub(super) run: i64,
}

/// All archives by name.
pub(super) fn all(conn: &Connection) -> Result<Vec<SourceKey>, Fault> {
    let mut statement = conn.prepare_cached("SELECT name FROM source ORDER BY name")?;
    let names = statement.query_map([], |row| row.get(0).map(SourceKey))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// The row of an archive, made when needed.
pub(super) fn row(conn: &Connection, source: &SourceKey) -> Result<Row, Fault> {
    conn.prepare_cached("INSERT OR IGNORE INTO source (name) VALUES (?1)")?.execute([&source.0])?;
    let sql = "SELECT id, run FROM source WHERE name = ?1";
    let read = |row: &rusqlite::Row<'_>| Ok(Row { id: row.get(0)?, run: row.get(1)? });
    Ok(conn.prepare_cached(sql)?.query_row([&source.0], read)?)
}

pub(super) fn cursor(conn: &Connection, source: &SourceKey) -> Result<Option<String>, Fault> {
    let sql = "SELECT cursor FROM source WHERE name = ?1";
    let found = conn.prepare_cached(sql)?.query_row([&source.0], |row| row.get(0));
    Ok(found.optional()?.flatten())
}

pub(super) fn set_cursor(conn: &Connection, source: i64, cursor: &str) -> Result<(), Fault> {
    conn.prepare_cached("UPDATE source SET cursor = ?2 WHERE id = ?1")?
        .execute(params![source, cursor])?;
    Ok(())
}

/// A name that is taken already keeps its own archive; the moved one is then read again.
pub(super) fn rename(conn: &Connection, from: &SourceKey, to: &SourceKey) -> Result<(), Fault> {
    conn.prepare_cached("UPDATE OR IGNORE source SET name = ?2 WHERE name = ?1")?
        .execute([&from.0, &to.0])?;
    Ok(())
}

pub(super) fn start_over(conn: &Connection, source: &SourceKey) -> Result<(), Fault> {
    let Row { id, .. } = row(conn, source)?;
    conn.prepare_cached("UPDATE source SET run = run + 1, cursor = NULL WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}

/// Where the messages of an id came from, by content.
pub(super) fn originals(conn: &Connection, id: &MessageId) -> Result<Vec<Original>, Fault> {
    let sql = "SELECT m.id, m.content FROM message m JOIN node n ON n.id = m.node
               WHERE n.message_id = ?1 ORDER BY m.content";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([id.as_str()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let message = row.get(0)?;
        found.push(Original {
            content: ContentHash(row.get(1)?),
            arrivals: arrivals(conn, message)?,
            places: places(conn, message)?,
            bytes: bytes(conn, message)?,
        });
    }
    Ok(found)
}

/// Every message of an archive whose raw bytes are in git.
pub(super) fn each_blob(
    conn: &Connection,
    source: &SourceKey,
    visit: &mut dyn FnMut(MessageId, BlobId) -> crate::Result<()>,
) -> Result<(), Fault> {
    let sql = "SELECT n.message_id, p.blob FROM source s JOIN location p ON p.source = s.id
                   JOIN message m ON m.id = p.message JOIN node n ON n.id = m.node
               WHERE s.name = ?1 AND p.blob IS NOT NULL ORDER BY m.id";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([&source.0])?;
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        visit(MessageId::new(&id).map_err(Fault::content)?, BlobId(row.get(1)?))?;
    }
    Ok(())
}

/// By list, the earliest arrival of each.
fn arrivals(
    conn: &Connection,
    message: i64,
) -> Result<Vec<(ListId, Option<jiff::Timestamp>)>, Fault> {
    let sql = "SELECT l.name, min(a.received) FROM arrival a JOIN list l ON l.id = a.list
               WHERE a.message = ?1 GROUP BY l.id";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([message])?;
    let mut found = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        let received: Option<i64> = row.get(1)?;
        found
            .insert(ListId::new(&name).map_err(Fault::content)?, received.map(moment).transpose()?);
    }
    Ok(found.into_iter().collect())
}

fn places(conn: &Connection, message: i64) -> Result<Vec<(SourceKey, Option<BlobId>)>, Fault> {
    let sql = "SELECT s.name, p.blob FROM location p JOIN source s ON s.id = p.source
               WHERE p.message = ?1 ORDER BY s.name";
    let mut statement = conn.prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| {
        let blob: Option<[u8; 20]> = row.get(1)?;
        Ok((SourceKey(row.get(0)?), blob.map(BlobId)))
    };
    Ok(statement.query_map([message], read)?.collect::<Result<_, _>>()?)
}

fn bytes(conn: &Connection, message: i64) -> Result<Option<Vec<u8>>, Fault> {
    let sql = "SELECT packed FROM raw WHERE message = ?1";
    let packed: Option<Vec<u8>> =
        conn.prepare_cached(sql)?.query_row([message], |row| row.get(0)).optional()?;
    Ok(packed.map(|packed| pack::unpack(&packed)).transpose()?)
}

//! Archives: where reading goes on, and where a message's raw bytes are.

use std::collections::HashMap;

use lorecast_model::{BlobId, ListId, MessageId};

use super::commit::content;
use super::fault::Fault;
use super::nodes::message_id;
use super::session::Session;
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
pub(super) fn all(session: &Session) -> Result<Vec<SourceKey>, Fault> {
    let rows = session.query("SELECT name FROM source ORDER BY name", &[])?;
    Ok(rows.iter().map(|row| SourceKey(row.get(0))).collect())
}

/// The row of an archive, made when needed.
pub(super) fn row(session: &Session, source: &SourceKey) -> Result<Row, Fault> {
    let find = "SELECT id, run FROM source WHERE name = $1";
    if let Some(row) = session.first(find, &[&source.0])? {
        return Ok(Row { id: row.get(0), run: row.get(1) });
    }
    let add = "INSERT INTO source (id, name)
               SELECT coalesce(max(id), 0) + 1, $1 FROM source RETURNING id, run";
    let row = session.first(add, &[&source.0])?.ok_or_else(|| Fault::content("no archive"))?;
    Ok(Row { id: row.get(0), run: row.get(1) })
}

pub(super) fn cursor(session: &Session, source: &SourceKey) -> Result<Option<String>, Fault> {
    let row = session.first("SELECT cursor FROM source WHERE name = $1", &[&source.0])?;
    Ok(row.and_then(|row| row.get(0)))
}

pub(super) fn set_cursor(session: &Session, source: i64, cursor: &str) -> Result<(), Fault> {
    session.execute("UPDATE source SET cursor = $2 WHERE id = $1", &[&source, &cursor])?;
    Ok(())
}

/// A name that is taken already keeps its own archive; the moved one is then read again.
pub(super) fn rename(session: &Session, from: &SourceKey, to: &SourceKey) -> Result<(), Fault> {
    let sql = "UPDATE source SET name = $2
               WHERE name = $1 AND NOT EXISTS (SELECT 1 FROM source WHERE name = $2)";
    session.execute(sql, &[&from.0, &to.0])?;
    Ok(())
}

pub(super) fn start_over(session: &Session, source: &SourceKey) -> Result<(), Fault> {
    let Row { id, .. } = row(session, source)?;
    let sql = "UPDATE source SET run = run + 1, cursor = NULL WHERE id = $1";
    session.execute(sql, &[&id])?;
    Ok(())
}

/// Where the messages of an id came from, by content.
pub(super) fn originals(session: &Session, id: &MessageId) -> Result<Vec<Original>, Fault> {
    let sql = "SELECT m.id, m.content, r.packed FROM message m JOIN node n ON n.id = m.node
               LEFT JOIN raw r ON r.message = m.id WHERE n.message_id = $1 ORDER BY m.content";
    let mut found = Vec::new();
    let mut by_message: HashMap<i64, usize> = HashMap::new();
    for row in session.query(sql, &[&id.as_str()])? {
        let packed: Option<&[u8]> = row.get(2);
        by_message.insert(row.get(0), found.len());
        found.push(Original {
            content: content(row.get(1))?,
            arrivals: Vec::new(),
            places: Vec::new(),
            bytes: packed.map(pack::unpack).transpose()?,
        });
    }
    let messages: Vec<i64> = by_message.keys().copied().collect();
    // By list, the earliest arrival of each.
    let sql =
        "SELECT a.message, l.name, min(a.received) FROM arrival a JOIN list l ON l.id = a.list
               WHERE a.message = ANY($1) GROUP BY a.message, l.name ORDER BY l.name";
    for row in session.query(sql, &[&messages])? {
        let received: Option<i64> = row.get(2);
        let list = ListId::new(row.get(1)).map_err(Fault::content)?;
        let original = &mut found[by_message[&row.get(0)]];
        original.arrivals.push((list, received.map(moment).transpose()?));
    }
    let sql = "SELECT p.message, s.name, p.blob FROM location p JOIN source s ON s.id = p.source
               WHERE p.message = ANY($1) ORDER BY s.name";
    for row in session.query(sql, &[&messages])? {
        let blob: Option<&[u8]> = row.get(2);
        let place = (SourceKey(row.get(1)), blob.map(blob_id).transpose()?);
        found[by_message[&row.get(0)]].places.push(place);
    }
    Ok(found)
}

/// Every message of an archive whose raw bytes are in git.
pub(super) fn each_blob(
    session: &Session,
    source: &SourceKey,
    visit: &mut dyn FnMut(MessageId, BlobId) -> crate::Result<()>,
) -> Result<(), Fault> {
    let sql = "SELECT n.message_id, p.blob FROM source s JOIN location p ON p.source = s.id
                   JOIN message m ON m.id = p.message JOIN node n ON n.id = m.node
               WHERE s.name = $1 AND p.blob IS NOT NULL ORDER BY m.id";
    session.each(sql, &[&source.0], &mut |rows| {
        for row in rows {
            visit(message_id(row.get(0))?, blob_id(row.get(1))?)?;
        }
        Ok(())
    })
}

fn blob_id(bytes: &[u8]) -> Result<BlobId, Fault> {
    Ok(BlobId(bytes.try_into().map_err(Fault::content)?))
}

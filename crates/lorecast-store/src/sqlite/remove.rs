//! What archives no longer hold. Every function runs inside a transaction.

use rusqlite::{Connection, params};

use super::fault::Fault;
use super::{intern, source, write};
use crate::{Removal, SourceKey};

/// Takes a message out of an archive; counts 1 when no other holds it, so that it is gone.
pub(super) fn from_source(conn: &Connection, source: i64, removal: &Removal) -> Result<u64, Fault> {
    let Some((node, _)) = intern::find_node(conn, &removal.id)? else { return Ok(0) };
    match write::held(conn, node, removal.content)?.same {
        Some(message) => leave(conn, message, source),
        None => Ok(0),
    }
}

/// Takes out of an archive what its latest reading from the start did not meet.
pub(super) fn sweep(conn: &Connection, source: &SourceKey) -> Result<u64, Fault> {
    let source = source::row(conn, source)?;
    let due = "UPDATE source SET swept = run WHERE id = ?1 AND swept < run";
    if conn.prepare_cached(due)?.execute([source.id])? == 0 {
        return Ok(0);
    }
    let sql = "SELECT message FROM location WHERE source = ?1 AND run < ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let gone = statement.query_map([source.id, source.run], |row| row.get(0))?;
    let gone: Vec<i64> = gone.collect::<Result<_, _>>()?;
    gone.into_iter().try_fold(0, |sum, message| Ok(sum + leave(conn, message, source.id)?))
}

fn leave(conn: &Connection, message: i64, source: i64) -> Result<u64, Fault> {
    for table in ["arrival", "location"] {
        let sql = format!("DELETE FROM {table} WHERE message = ?1 AND source = ?2");
        conn.prepare_cached(&sql)?.execute([message, source])?;
    }
    let elsewhere = "SELECT EXISTS (SELECT 1 FROM location WHERE message = ?1)";
    if conn.prepare_cached(elsewhere)?.query_row([message], |row| row.get(0))? {
        return Ok(0);
    }
    delete(conn, message)?;
    Ok(1)
}

fn delete(conn: &Connection, message: i64) -> Result<(), Fault> {
    let sql = "SELECT m.node, n.thread FROM message m JOIN node n ON n.id = m.node WHERE m.id = ?1";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let (node, thread): (i64, Option<i64>) =
        conn.prepare_cached(sql)?.query_row([message], read)?;
    for (table, key) in [("search", "rowid"), ("body", "id"), ("raw", "message"), ("message", "id")]
    {
        conn.prepare_cached(&format!("DELETE FROM {table} WHERE {key} = ?1"))?
            .execute([message])?;
    }
    write::mark_shared(conn, node)?;
    let sql = "UPDATE thread SET broken = 1, stale = 1 WHERE id = ?1";
    conn.prepare_cached(sql)?.execute(params![thread])?;
    Ok(())
}

//! Revisions and their clues, going in and coming out.

use std::collections::BTreeSet;

use jiff::Timestamp;
use lorecast_model::{ClueKey, MessageId, Posted, Revision, SeriesId, ThreadKey};
use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use super::fault::Fault;
use super::read::bounds;
use super::{intern, write};
use crate::pack::{micros, moment};
use crate::{ALIKE, Span, StoreError};

/// Keeps a revision of a thread with its clues.
pub(super) fn keep(conn: &Connection, thread: i64, posted: &Posted) -> Result<(), Fault> {
    let Posted { revision, clues } = posted;
    let root = intern::node(conn, &revision.root)?;
    conn.prepare_cached("DELETE FROM revision WHERE root = ?1")?.execute([root])?;
    let sql = "INSERT INTO revision (root, thread, series, date, json, clues)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    conn.prepare_cached(sql)?.execute(params![
        root,
        thread,
        revision.series.0.as_str(),
        micros(revision.date),
        serde_json::to_string(revision).map_err(Fault::content)?,
        serde_json::to_string(clues).map_err(Fault::content)?,
    ])?;
    for id in revision.messages() {
        let node = intern::node(conn, id)?;
        conn.prepare_cached(
            "INSERT OR REPLACE INTO revision_message (message, revision) VALUES (?1, ?2)",
        )?
        .execute([node, root])?;
    }
    for key in &clues.keys {
        conn.prepare_cached("INSERT OR IGNORE INTO clue (key, revision) VALUES (?1, ?2)")?
            .execute([key.0, root])?;
    }
    Ok(())
}

/// Replaces revisions by their roots.
pub(super) fn replace(conn: &Connection, revisions: &[Revision]) -> Result<(), Fault> {
    for revision in revisions {
        let (root, _) = write::placed(conn, &revision.root)?;
        let sql = "UPDATE revision SET series = ?2, date = ?3, json = ?4 WHERE root = ?1";
        let changed = conn.prepare_cached(sql)?.execute(params![
            root,
            revision.series.0.as_str(),
            micros(revision.date),
            serde_json::to_string(revision).map_err(Fault::content)?,
        ])?;
        if changed == 0 {
            return Err(StoreError::NoRevision(revision.root.clone()).into());
        }
    }
    Ok(())
}

/// The keys of the revisions kept for a thread.
pub(super) fn keys(conn: &Connection, thread: ThreadKey) -> Result<BTreeSet<ClueKey>, Fault> {
    let sql = "SELECT c.key FROM clue c JOIN revision r ON r.root = c.revision WHERE r.thread = ?1";
    let mut statement = conn.prepare_cached(sql)?;
    let keys = statement.query_map([thread.0], |row| Ok(ClueKey(row.get(0)?)))?;
    Ok(keys.collect::<Result<_, _>>()?)
}

/// The revisions kept for these threads.
pub(super) fn of_threads(conn: &Connection, threads: &[ThreadKey]) -> Result<Vec<Revision>, Fault> {
    let mut found = Vec::new();
    for thread in threads {
        found.extend(select(conn, "r.thread = ?1", [thread.0], revision)?);
    }
    Ok(in_order(found, |revision| revision))
}

/// Revisions that have any of these keys.
pub(super) fn alike(conn: &Connection, keys: &[ClueKey]) -> Result<Vec<Posted>, Fault> {
    let sql = format!("SELECT revision FROM clue WHERE key = ?1 LIMIT {ALIKE} + 1");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut roots: Vec<i64> = Vec::new();
    for key in keys {
        let found = statement.query_map([key.0], |row| row.get(0))?;
        let found: Vec<i64> = found.collect::<Result<_, _>>()?;
        roots.extend(Some(found).filter(|found| found.len() <= ALIKE).into_iter().flatten());
    }
    roots.sort_unstable();
    roots.dedup();
    let mut found = Vec::with_capacity(roots.len());
    for root in roots {
        found.extend(select(conn, "r.root = ?1", [root], posted)?);
    }
    Ok(in_order(found, |posted| &posted.revision))
}

/// All revisions of these series.
pub(super) fn of_series(conn: &Connection, series: &[SeriesId]) -> Result<Vec<Posted>, Fault> {
    let mut found = Vec::new();
    for SeriesId(id) in series {
        found.extend(select(conn, "r.series = ?1", [id.as_str()], posted)?);
    }
    Ok(in_order(found, |posted| &posted.revision))
}

/// The revision that a message is in.
pub(super) fn of_message(conn: &Connection, id: &MessageId) -> Result<Option<Revision>, Fault> {
    let condition = "r.root = (
        SELECT rm.revision FROM revision_message rm JOIN node k ON k.id = rm.message
        WHERE k.message_id = ?1)";
    Ok(select(conn, condition, [id.as_str()], revision)?.into_iter().next())
}

/// Revisions dated in a span.
pub(super) fn of_span(conn: &Connection, span: Span) -> Result<Vec<Revision>, Fault> {
    let found = select(conn, "r.date >= ?1 AND r.date < ?2", bounds(span), revision)?;
    Ok(in_order(found, |revision| revision))
}

/// When revisions began to be posted, in sane times: the oldest archives begin in 1998. One in a
/// thousand does not count: a single wrong clock would have the whole history of a tree read.
pub(super) fn first(conn: &Connection) -> Result<Option<Timestamp>, Fault> {
    const SANE: i64 = 883_612_800_000_000;
    let sql = "SELECT date FROM revision WHERE date >= ?1 ORDER BY date
               LIMIT 1 OFFSET (SELECT count(*) / 1000 FROM revision WHERE date >= ?1)";
    let first = conn.prepare_cached(sql)?.query_row([SANE], |row| row.get(0)).optional()?;
    first.map(|first| moment(first).map_err(Fault::content)).transpose()
}

fn select<T>(
    conn: &Connection,
    condition: &str,
    values: impl Params,
    read: fn(&Row<'_>) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    let sql = format!("SELECT r.json, r.clues FROM revision r WHERE {condition}");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

fn revision(row: &Row<'_>) -> Result<Revision, Fault> {
    serde_json::from_str(row.get_ref(0)?.as_str().map_err(Fault::content)?).map_err(Fault::content)
}

fn posted(row: &Row<'_>) -> Result<Posted, Fault> {
    let clues = row.get_ref(1)?.as_str().map_err(Fault::content)?;
    let clues = serde_json::from_str(clues).map_err(Fault::content)?;
    Ok(Posted { revision: revision(row)?, clues })
}

/// By date, then by root, each once.
fn in_order<T>(mut found: Vec<T>, revision: fn(&T) -> &Revision) -> Vec<T> {
    let order = |one: &T| (revision(one).date, revision(one).root.clone());
    found.sort_by_cached_key(order);
    found.dedup_by(|one, other| revision(one).root == revision(other).root);
    found
}

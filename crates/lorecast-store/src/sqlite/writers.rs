//! Who wrote messages, and what they say of themselves.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use lorecast_model::{Declared, Mailbox, MessageId, Sighting, Writer};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::fault::Fault;
use super::intern::Interned;
use super::read::bounds;
use crate::Span;
use crate::columns::{join, vouch};
use crate::pack::moment;

/// The columns that [`writer`] reads, in its order.
pub(super) const WRITER: &str = "wp.name, wp.email, w.employer, w.vouch, w.robot";

/// Where [`WRITER`] comes from, behind `message m`. A message without a writer was written by its
/// sender, as far as is known.
pub(super) const WRITERS: &str = "LEFT JOIN writer w ON w.id = m.writer
                                  JOIN mailbox wp ON wp.id = coalesce(w.who, m.sender)";

/// The row of a writer, made when needed.
pub(super) fn row(
    conn: &Connection,
    interned: &mut Interned,
    writer: &Writer,
) -> Result<i64, Fault> {
    let who = interned.mailbox(conn, &writer.who)?;
    let declared = writer.declared.as_ref();
    let employer = declared.map(|declared| declared.employer.as_str());
    let vouch = declared.map(|declared| declared.by as i64);
    let key = params![who, employer, vouch, writer.robot];
    let find = "SELECT id FROM writer
                WHERE who = ?1 AND employer IS ?2 AND vouch IS ?3 AND robot = ?4";
    let add = "INSERT INTO writer (who, employer, vouch, robot) VALUES (?1, ?2, ?3, ?4)";
    match conn.prepare_cached(find)?.query_row(key, |row| row.get(0)).optional()? {
        Some(id) => Ok(id),
        None => Ok(conn.prepare_cached(add)?.insert(key)?),
    }
}

/// Gives a message that was kept before writers were its writer.
pub(super) fn fill(
    conn: &Connection,
    interned: &mut Interned,
    message: i64,
    writer: &Writer,
) -> Result<(), Fault> {
    let missing = "SELECT writer IS NULL FROM message WHERE id = ?1";
    if !conn.prepare_cached(missing)?.query_row([message], |row| row.get(0))? {
        return Ok(());
    }
    let writer = interned.writer(conn, writer)?;
    conn.prepare_cached("UPDATE message SET writer = ?2 WHERE id = ?1")?
        .execute([message, writer])?;
    let sql = "UPDATE thread SET stale = 1 WHERE id = (
                   SELECT n.thread FROM message m JOIN node n ON n.id = m.node WHERE m.id = ?1)";
    conn.prepare_cached(sql)?.execute([message])?;
    Ok(())
}

/// The writer in the columns of [`WRITER`], from column `at` on.
pub(super) fn writer(row: &Row<'_>, at: usize) -> Result<Writer, Fault> {
    let employer: Option<String> = row.get(at + 2)?;
    let by: Option<i64> = row.get(at + 3)?;
    let by = by.map(vouch).transpose().map_err(Fault::content)?;
    let declared = employer.zip(by).map(|(employer, by)| Declared { employer, by });
    let robot: Option<bool> = row.get(at + 4)?;
    let who = Mailbox { name: row.get(at)?, email: row.get(at + 1)? };
    Ok(Writer { who, declared, robot: robot.unwrap_or(false) })
}

/// Every writer of the span with what was seen of them, in the order of writers.
pub(super) fn each_sighting(
    conn: &Connection,
    span: Span,
    visit: &mut dyn FnMut(Sighting) -> crate::Result<()>,
) -> Result<(), Fault> {
    let mut found = BTreeMap::new();
    // Known writers by their index alone; the others are few, and only in stores of old.
    collect(conn, span, &grouped("m.writer IS NOT NULL", "m.writer"), &mut found)?;
    collect(conn, span, &grouped("m.writer IS NULL", "m.sender"), &mut found)?;
    Ok(found.into_values().try_for_each(visit)?)
}

/// Counts, first and last by a column, and what is first there. The `+` keeps SQLite at the index of
/// writers, which has all that is asked: that of dates would sort every message.
fn grouped(which: &str, by: &str) -> String {
    format!(
        "SELECT {WRITER}, g.mails, g.first, g.last, (
             SELECT min(n.message_id) FROM message f JOIN node n ON n.id = f.node
             WHERE f.{column} = g.key AND f.date = g.first AND {first})
         FROM (SELECT {by} AS key, count(*) AS mails, min(m.date) AS first, max(m.date) AS last
               FROM message m WHERE {which} AND +m.date >= ?1 AND +m.date < ?2
               GROUP BY {by}) g
         LEFT JOIN writer w ON {join}
         JOIN mailbox wp ON wp.id = coalesce(w.who, g.key)",
        column = &by[2..],
        first = which.replace("m.", "f."),
        join = if by == "m.writer" { "w.id = g.key" } else { "0" },
    )
}

fn collect(
    conn: &Connection,
    span: Span,
    sql: &str,
    found: &mut BTreeMap<Writer, Sighting>,
) -> Result<(), Fault> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(bounds(span))?;
    while let Some(row) = rows.next()? {
        let proof: String = row.get(8)?;
        let sighting = Sighting {
            writer: writer(row, 0)?,
            mails: row.get::<_, i64>(5)?.cast_unsigned(),
            first: moment(row.get(6)?)?,
            last: moment(row.get(7)?)?,
            proof: Some(MessageId::new(&proof).map_err(Fault::content)?),
        };
        match found.entry(sighting.writer.clone()) {
            Entry::Vacant(entry) => _ = entry.insert(sighting),
            Entry::Occupied(mut entry) => join(entry.get_mut(), sighting),
        }
    }
    Ok(())
}

//! What archives no longer hold. Every function runs inside a transaction.

use lorecast_model::Defect;

use super::fault::Fault;
use super::session::Session;
use super::source;
use crate::columns::bit;
use crate::{Removal, SourceKey};

/// Takes a message out of an archive; counts 1 when no other holds it, so that it is gone.
pub(super) fn from_source(session: &Session, source: i64, removal: &Removal) -> Result<u64, Fault> {
    let sql = "SELECT m.id FROM message m JOIN node n ON n.id = m.node
               WHERE n.message_id = $1 AND m.content = $2";
    let content = removal.content.0.as_slice();
    let found = session.query(sql, &[&removal.id.as_str(), &content])?;
    let found: Vec<i64> = found.iter().map(|row| row.get(0)).collect();
    leave(session, &found, source)
}

/// Takes out of an archive what its latest reading from the start did not meet.
pub(super) fn sweep(session: &Session, source: &SourceKey) -> Result<u64, Fault> {
    let source = source::row(session, source)?;
    let due = "UPDATE source SET swept = run WHERE id = $1 AND swept < run";
    if session.execute(due, &[&source.id])? == 0 {
        return Ok(0);
    }
    let sql = "SELECT message FROM location WHERE source = $1 AND run < $2";
    let gone = session.query(sql, &[&source.id, &source.run])?;
    let gone: Vec<i64> = gone.iter().map(|row| row.get(0)).collect();
    leave(session, &gone, source.id)
}

/// Takes messages out of an archive; counts those that no other holds, which are gone.
fn leave(session: &Session, messages: &[i64], source: i64) -> Result<u64, Fault> {
    if messages.is_empty() {
        return Ok(0);
    }
    for table in ["arrival", "location"] {
        let sql = format!("DELETE FROM {table} WHERE message = ANY($1) AND source = $2");
        session.execute(&sql, &[&messages, &source])?;
    }
    let sql = "SELECT u.id FROM unnest($1::bigint[]) AS u (id)
               WHERE NOT EXISTS (SELECT 1 FROM location p WHERE p.message = u.id)";
    let gone = session.query(sql, &[&messages])?;
    let gone: Vec<i64> = gone.iter().map(|row| row.get(0)).collect();
    delete(session, &gone)?;
    Ok(gone.len() as u64)
}

fn delete(session: &Session, messages: &[i64]) -> Result<(), Fault> {
    let sql = "WITH gone AS (DELETE FROM search WHERE message = ANY($1) RETURNING words)
               UPDATE state SET documents = documents - (SELECT count(*) FROM gone),
                   words = words - (SELECT coalesce(sum(words), 0)::bigint FROM gone)";
    session.execute(sql, &[&messages])?;
    for (table, key) in [("body", "id"), ("raw", "message"), ("alone", "message")] {
        session.execute(&format!("DELETE FROM {table} WHERE {key} = ANY($1)"), &[&messages])?;
    }
    let sql = "DELETE FROM message WHERE id = ANY($1) RETURNING node";
    let nodes: Vec<i64> = session.query(sql, &[&messages])?.iter().map(|row| row.get(0)).collect();
    // What is left of an id with several mails may be one alone.
    let sql = "UPDATE message SET defects = defects & ~$2::bigint WHERE node IN (
                   SELECT node FROM message WHERE node = ANY($1) GROUP BY node HAVING count(*) = 1)";
    session.execute(sql, &[&nodes, &bit(Defect::SharedId)])?;
    let sql = "UPDATE thread SET broken = true, stale = true
               WHERE id IN (SELECT thread FROM node WHERE id = ANY($1))";
    session.execute(sql, &[&nodes])?;
    Ok(())
}

//! Looking for damage.

use super::fault::Fault;
use super::read;
use super::session::Session;
use crate::pack;

/// What must be nowhere, and how to say it.
const NOWHERE: &[(&str, &str)] = &[
    (
        "messages without a body",
        "SELECT count(*) FROM message m WHERE NOT EXISTS (SELECT 1 FROM body b WHERE b.id = m.id)",
    ),
    (
        "messages without a thread",
        "SELECT count(*) FROM message m WHERE NOT EXISTS (
             SELECT 1 FROM node n JOIN thread t ON t.id = n.thread WHERE n.id = m.node)",
    ),
    (
        "messages that no archive holds",
        "SELECT count(*) FROM message m
         WHERE NOT EXISTS (SELECT 1 FROM location p WHERE p.message = m.id)",
    ),
    (
        "messages that search does not know",
        "SELECT count(*) FROM message m
         WHERE NOT EXISTS (SELECT 1 FROM search s WHERE s.message = m.id)",
    ),
    (
        "messages without raw bytes",
        "SELECT count(*) FROM location p WHERE p.blob IS NULL
         AND NOT EXISTS (SELECT 1 FROM raw r WHERE r.message = p.message)",
    ),
    (
        "messages that search counts wrongly",
        "SELECT abs(documents - (SELECT count(*) FROM search))
             + abs(words - (SELECT coalesce(sum(words), 0)::bigint FROM search)) FROM state",
    ),
];

/// Which columns name rows of which other table.
const NAMED: &[(&str, &str, &str)] = &[
    ("message", "sender", "mailbox"),
    ("message", "writer", "writer"),
    ("writer", "who", "mailbox"),
    ("node", "thread", "thread"),
    ("body", "id", "message"),
    ("raw", "message", "message"),
    ("search", "message", "message"),
    ("alone", "message", "message"),
    ("arrival", "message", "message"),
    ("arrival", "list", "list"),
    ("arrival", "source", "source"),
    ("location", "message", "message"),
    ("location", "source", "source"),
    ("revision", "root", "node"),
    ("revision", "thread", "thread"),
    ("revision_message", "message", "node"),
    ("event", "root", "node"),
    ("event", "thread", "thread"),
    ("notice", "message", "node"),
    ("notice", "thread", "thread"),
    ("patch", "message", "node"),
    ("patch", "thread", "thread"),
    ("pull", "message", "node"),
    ("pull", "thread", "thread"),
    ("commit_key", "commit", "tree_commit"),
    ("holding", "commit", "tree_commit"),
    ("holding", "tree", "tree"),
    ("landing", "commit", "tree_commit"),
    ("landing", "message", "node"),
    ("merge", "commit", "tree_commit"),
];

/// Asks our own rules: PostgreSQL looks after its pages itself.
pub(super) fn check(session: &Session) -> Result<Vec<String>, Fault> {
    session.snapshot(|| {
        let mut found = Vec::new();
        for (table, column, other) in NAMED {
            let sql = format!(
                "SELECT count(*) FROM {table} AS it WHERE it.{column} IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM {other} AS other WHERE other.id = it.{column})"
            );
            let lost = session.query_once(&sql, &[])?;
            if lost.first().is_some_and(|row| row.get::<_, i64>(0) > 0) {
                found.push(format!("a row of `{table}` points to nothing"));
            }
        }
        for (what, sql) in NOWHERE {
            let count = session.number(sql, &[])?;
            if count > 0 {
                found.push(format!("{count} {what}"));
            }
        }
        found.extend(bodies(session)?);
        Ok(found)
    })?
}

/// Every body must unpack.
fn bodies(session: &Session) -> Result<Option<String>, Fault> {
    let mut broken = 0;
    session.each("SELECT id FROM message ORDER BY id", &[], &mut |rows| {
        let ids: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
        for some in ids.chunks(100) {
            let bodies = read::bodies(session, some)?;
            let whole = |id| bodies.get(id).is_some_and(|packed| pack::unpack_body(packed).is_ok());
            broken += some.iter().filter(|id| !whole(id)).count();
        }
        Ok(())
    })?;
    Ok((broken > 0).then(|| format!("{broken} bodies that cannot be unpacked")))
}

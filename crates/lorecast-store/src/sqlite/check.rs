//! Looking for damage.

use rusqlite::{Connection, ErrorCode};

use super::fault::Fault;
use super::read;

/// What must be nowhere, and how to say it.
const NOWHERE: &[(&str, &str)] = &[
    (
        "messages without a body",
        "SELECT count(*) FROM message m WHERE NOT EXISTS (SELECT 1 FROM body b WHERE b.id = m.id)",
    ),
    (
        "messages without a thread",
        "SELECT count(*) FROM message m JOIN node n ON n.id = m.node WHERE n.thread IS NULL",
    ),
    (
        "messages that no archive holds",
        "SELECT count(*) FROM message m
         WHERE NOT EXISTS (SELECT 1 FROM location p WHERE p.message = m.id)",
    ),
    (
        "messages that search does not know",
        "SELECT count(*) FROM message m
         WHERE NOT EXISTS (SELECT 1 FROM search_docsize s WHERE s.id = m.id)",
    ),
    (
        "messages without raw bytes",
        "SELECT count(*) FROM location p WHERE p.blob IS NULL
         AND NOT EXISTS (SELECT 1 FROM raw r WHERE r.message = p.message)",
    ),
];

/// Asks SQLite, the full-text index and our own rules.
pub(super) fn check(conn: &Connection) -> Result<Vec<String>, Fault> {
    let mut found = Vec::new();
    let mut statement = conn.prepare("PRAGMA integrity_check(20)")?;
    let said = statement.query_map([], |row| row.get::<_, String>(0))?;
    found.extend(said.collect::<Result<Vec<_>, _>>()?.into_iter().filter(|line| line != "ok"));
    let mut statement = conn.prepare("PRAGMA foreign_key_check")?;
    let said = statement.query_map([], |row| row.get::<_, String>(0))?;
    for table in said.collect::<Result<Vec<_>, _>>()?.into_iter().take(20) {
        found.push(format!("a row of `{table}` points to nothing"));
    }
    if !found.is_empty() {
        // On damaged ground the questions below have no sensible answers.
        return Ok(found);
    }
    // It is asked by a statement that writes, and so may have to wait for a writer.
    let asked = conn.execute("INSERT INTO search (search) VALUES ('integrity-check')", []);
    match asked.map_err(|error| (error.sqlite_error_code(), error)) {
        Ok(_) => {}
        Err((Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked), busy)) => {
            return Err(busy.into());
        }
        Err((_, error)) => found.push(format!("the full-text index: {error}")),
    }
    for (what, sql) in NOWHERE {
        let count: i64 = conn.query_row(sql, [], |row| row.get(0))?;
        if count > 0 {
            found.push(format!("{count} {what}"));
        }
    }
    found.extend(bodies(conn)?);
    Ok(found)
}

/// Every body must unpack.
fn bodies(conn: &Connection) -> Result<Option<String>, Fault> {
    let mut statement = conn.prepare("SELECT id FROM message")?;
    let ids = statement.query_map([], |row| row.get(0))?;
    let mut broken = 0;
    for id in ids {
        broken += u64::from(read::body(conn, id?).is_err());
    }
    Ok((broken > 0).then(|| format!("{broken} bodies that cannot be unpacked")))
}

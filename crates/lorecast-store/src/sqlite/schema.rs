//! Opening a file: whose it is, its settings, and its migrations.

use std::time::Duration;

use camino::Utf8Path;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::fault::Fault;
use crate::StoreError;
use crate::write_ahead::write_ahead;

/// Layout n+1 is what layout n becomes by `MIGRATIONS[n]`. Only ever append.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/sqlite/0001_messages_threads_series.sql"),
    include_str!("../../migrations/sqlite/0002_archives_at_full_strength.sql"),
    include_str!("../../migrations/sqlite/0003_series_followed.sql"),
    include_str!("../../migrations/sqlite/0004_writers.sql"),
];

/// `PRAGMA application_id` of our files: "Lore" in ASCII.
const OURS: i32 = 0x4C6F_7265;

/// How many prepared statements are kept.
const STATEMENTS: usize = 64;

/// Makes an open connection ready for use.
pub(super) fn prepare(conn: &mut Connection, path: &Utf8Path) -> crate::Result<()> {
    let patience = conn.busy_timeout(Duration::from_secs(5)).map_err(Fault::from);
    // First of all: another program's file must not be touched.
    patience
        .and_then(|()| layout(conn, path))
        .and_then(|_| configure(conn))
        .and_then(|()| migrate(conn, path))
        .map_err(|fault| fault.at(path))
}

fn configure(conn: &Connection) -> Result<(), Fault> {
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    // No plan of ours depends on a value, and without this every new value costs a new plan.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // NORMAL: with the log, a power cut may lose the last batches but never damages the file,
    // and what is lost is read again from the archive.
    write_ahead(conn)?;
    conn.execute_batch(
        "PRAGMA synchronous = NORMAL;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -65536;
         PRAGMA wal_autocheckpoint = 8000;
         PRAGMA journal_size_limit = 67108864;",
    )?;
    Ok(())
}

fn migrate(conn: &mut Connection, path: &Utf8Path) -> Result<(), Fault> {
    if layout(conn, path)? == MIGRATIONS.len() {
        return Ok(());
    }
    let tx = Transaction::new(conn, TransactionBehavior::Immediate)?;
    // Asked again under the lock: another process may have migrated meanwhile.
    for migration in MIGRATIONS.iter().skip(layout(&tx, path)?) {
        tx.execute_batch(migration)?;
    }
    tx.pragma_update(None, "application_id", OURS)?;
    tx.pragma_update(None, "user_version", MIGRATIONS.len() as i64)?;
    tx.commit()?;
    Ok(())
}

/// How many migrations the file has seen.
fn layout(conn: &Connection, path: &Utf8Path) -> Result<usize, Fault> {
    let application: i32 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: u32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: u32 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let fresh = application == 0 && version == 0 && tables == 0;
    if application != OURS && !fresh {
        let why = "it is a SQLite database of another program".to_owned();
        return Err(StoreError::NotAStore { place: path.to_owned().into(), why }.into());
    }
    let known = MIGRATIONS.len() as u32;
    if version > known {
        return Err(
            StoreError::Newer { place: path.to_owned().into(), found: version, known }.into()
        );
    }
    Ok(version as usize)
}

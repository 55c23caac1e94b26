//! Files of SQLite for what is not derived: the owner's alone, and on the disk when a commit returns.

use std::time::Duration;

use camino::Utf8Path;
use rusqlite::{Connection, ErrorCode};

use super::{JournalError, Result};
use crate::write_ahead::write_ahead;

/// How long to wait for another process that writes.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a file is for.
pub(crate) struct Kind {
    /// `PRAGMA application_id`, which tells our files from others.
    pub(crate) application: u32,
    /// The layout that this program writes.
    pub(crate) layout: u32,
    /// Settings of each connection.
    pub(crate) settings: &'static str,
    /// Makes the tables that are not there.
    pub(crate) tables: &'static str,
}

/// Opens a file, and creates it when absent.
///
/// # Errors
/// When it cannot be opened, holds something else, or comes from a newer version.
pub(crate) fn open(path: &Utf8Path, kind: &Kind) -> Result<Connection> {
    create_private(path);
    set_up(Connection::open(path).map_err(|error| fault(error, path))?, path, kind)
}

/// A file that is gone when dropped.
///
/// # Errors
/// When SQLite finds no memory.
pub(crate) fn in_memory(kind: &Kind) -> Result<Connection> {
    let path = Utf8Path::new(":memory:");
    set_up(Connection::open_in_memory().map_err(|error| fault(error, path))?, path, kind)
}

fn set_up(conn: Connection, path: &Utf8Path, kind: &Kind) -> Result<Connection> {
    let known = |name| conn.pragma_query_value(None, name, |row| row.get::<_, u32>(0));
    let about = || {
        conn.busy_timeout(PATIENCE)?;
        let tables = "SELECT count(*) FROM sqlite_schema";
        let tables: i64 = conn.query_row(tables, [], |row| row.get(0))?;
        Ok((tables, known("application_id")?, known("user_version")?))
    };
    let (tables, application, layout) = about().map_err(|error| fault(error, path))?;
    let place = path.to_string();
    if tables > 0 && application != kind.application {
        return Err(JournalError::NotAJournal { place });
    }
    if layout > kind.layout {
        return Err(JournalError::Newer { place, found: layout, known: kind.layout });
    }
    let Kind { application, layout, settings, tables } = kind;
    // FULL: a commit waits for the disk.
    let make = format!(
        "PRAGMA synchronous = FULL; {settings}
         BEGIN IMMEDIATE;
         {tables}
         PRAGMA application_id = {application};
         PRAGMA user_version = {layout};
         COMMIT;"
    );
    let made = write_ahead(&conn).and_then(|()| conn.execute_batch(&make));
    made.map_err(|error| fault(error, path))?;
    Ok(conn)
}

/// Makes the file when it is absent, so that nobody but its owner reads it: it holds mail addresses. The log beside it
/// gets the same rights. What goes wrong here is said by SQLite next.
fn create_private(path: &Utf8Path) {
    let mut options = std::fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    drop(options.open(path));
}

pub(crate) fn fault(error: rusqlite::Error, path: &Utf8Path) -> JournalError {
    let (place, why) = (path.to_string(), error.to_string());
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure | ErrorCode::ReadOnly) => {
            JournalError::Full { place, why }
        }
        Some(ErrorCode::NotADatabase) => JournalError::NotAJournal { place },
        Some(ErrorCode::DatabaseCorrupt) => JournalError::Damaged { place, why },
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            JournalError::Open { place, why }
        }
        _ => JournalError::Engine { place, source: Box::new(error) },
    }
}

//! Files of SQLite with a log beside them, which lets readers and one writer work at the same time.

use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode};

/// How long to try.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long until the next try.
const PAUSE: Duration = Duration::from_millis(5);

/// Turns the log of a file on, where it is off. Who opens a fresh file while another does may find it locked in that moment, and of all
/// statements this one does not wait as long as `busy_timeout` says: it would have to wait while it holds what the other needs
/// (<https://www.sqlite.org/c3ref/busy_handler.html>).
pub(crate) fn write_ahead(conn: &Connection) -> rusqlite::Result<()> {
    let started = Instant::now();
    loop {
        match conn.execute_batch("PRAGMA journal_mode = WAL") {
            Err(error) if is_busy(&error) && started.elapsed() < PATIENCE => {
                std::thread::sleep(PAUSE);
            }
            outcome => return outcome,
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn many_open_a_fresh_file_at_the_same_moment() {
        let dir = tempfile::tempdir().unwrap();
        for round in 0..20 {
            let file = dir.path().join(format!("{round}.db"));
            let (ready, hands) = (Barrier::new(8), 0..8);
            std::thread::scope(|scope| {
                for _ in hands {
                    scope.spawn(|| {
                        let conn = Connection::open(&file).unwrap();
                        conn.busy_timeout(PATIENCE).unwrap();
                        ready.wait();
                        write_ahead(&conn).unwrap();
                        conn.execute_batch("CREATE TABLE IF NOT EXISTS word (text TEXT)").unwrap();
                    });
                }
            });
        }
    }
}

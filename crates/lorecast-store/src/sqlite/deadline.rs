//! When a search has to end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode};

use super::fault::Fault;
use crate::sought::in_time;

/// So many steps of SQLite's machine are made between two looks at the clock: some tens of microseconds.
const STEPS: i32 = 1_000;

/// What SQLite asks, again and again, while it works.
#[derive(Debug)]
pub(super) struct Deadline {
    most: Duration,
    since: Instant,
    /// Nanoseconds from `since`; 0 when nothing has to end.
    at: Arc<AtomicU64>,
}

impl Deadline {
    /// Watches a connection, whose searches may take so long.
    pub(super) fn watch(conn: &mut Connection, most: Duration) -> Result<Self, Fault> {
        let (since, at) = (Instant::now(), Arc::<AtomicU64>::default());
        let asked = Arc::clone(&at);
        conn.progress_handler(
            STEPS,
            Some(move || {
                let at = asked.load(Ordering::Relaxed);
                at != 0 && nanoseconds(since.elapsed()) >= at
            }),
        )?;
        Ok(Self { most, since, at })
    }

    /// Lets `work` search as long as it may.
    pub(super) fn hold<T>(&self, work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        let at = nanoseconds(self.since.elapsed().saturating_add(self.most));
        self.at.store(at.max(1), Ordering::Relaxed);
        let found = in_time(self.most, work, was_ended);
        self.at.store(0, Ordering::Relaxed);
        found
    }
}

fn was_ended(fault: &Fault) -> bool {
    let Fault::Engine(error) = fault else { return false };
    error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted)
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

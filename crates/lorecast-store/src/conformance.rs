//! What every engine must do, as named cases. For engines' tests; programs have no use for it.
//!
//! A case gets an empty store and panics when the engine fails it. An engine joins with one test:
//!
//! ```
//! # use lorecast_store::{conformance, sqlite::SqliteStore};
//! conformance::run(&|| Box::new(SqliteStore::in_memory().expect("memory for a store")));
//! ```
// Test code that ships as a module, so that other crates' engines can run it.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc)]

use crate::Store;

mod build;
mod gone;
mod jobs;
mod journal;
mod landings;
mod messages;
mod origins;
mod searching;
mod threads;
mod tracked;
mod writers;

pub use jobs::{JOBS_CASES, JobsCase, run_jobs};
pub use journal::{JOURNAL_CASES, JournalCase, run_journal};

/// One promise of the interface, and how to check it.
pub type Case = (&'static str, fn(&mut dyn Store));

/// Every case, by the part of the interface that it checks.
pub const CASES: &[&[Case]] = &[
    messages::CASES,
    writers::CASES,
    origins::CASES,
    gone::CASES,
    threads::CASES,
    tracked::CASES,
    landings::CASES,
    searching::CASES,
];

/// Any message, for tests of what is inside one.
#[cfg(test)]
pub(crate) fn plain_mail() -> lorecast_model::Message {
    build::mail("plain", 0)
}

/// Runs every case on a store of its own.
///
/// # Panics
/// With the names of the cases that failed.
pub fn run(open: &dyn Fn() -> Box<dyn Store>) {
    let mut failed = Vec::new();
    for (name, case) in CASES.iter().copied().flatten() {
        let mut store = open();
        let attempt = std::panic::AssertUnwindSafe(|| case(store.as_mut()));
        if std::panic::catch_unwind(attempt).is_err() {
            failed.push(*name);
        }
    }
    assert!(failed.is_empty(), "failed: {}", failed.join(", "));
}

//! What can go wrong, in words for the person who reads it.

use std::error::Error;

use lorecast_model::{MessageId, ThreadKey};
use thiserror::Error;

use crate::Place;

/// Why a store could not be opened, read or written. A call that returned one changed nothing.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file cannot be opened or created.
    #[error(
        "cannot open the store `{place}`: {why}; check that its folder exists and can be written"
    )]
    Open {
        /// Where it is.
        place: Place,
        /// What the engine said.
        why: String,
    },
    /// The address of a server cannot be used.
    #[error("`store: {address}`: {why}; write `postgres://USER@HOST/DATABASE`")]
    Address {
        /// The address, without its password.
        address: String,
        /// What is wrong with it.
        why: String,
    },
    /// The server does not answer, refuses, or went away. The next call connects again.
    #[error(
        "cannot reach the store `{place}`: {why}; nothing that was kept is lost: see that \
         PostgreSQL runs there and lets you in, and do the same again"
    )]
    Unreachable {
        /// Where it is.
        place: Place,
        /// What went wrong, as far as the system tells.
        why: String,
    },
    /// The file is something else, or too damaged to be told.
    #[error(
        "`{place}` is not a store of Lorecast: {why}; the store holds only what was derived from \
         the archives, so `lorecast store rebuild` can make it anew"
    )]
    NotAStore {
        /// Where it is.
        place: Place,
        /// What it is instead.
        why: String,
    },
    /// A later version of Lorecast wrote it.
    #[error(
        "the store `{place}` has layout {found}, and this Lorecast knows layouts up to {known}; \
         use a newer Lorecast, or `lorecast store rebuild`"
    )]
    Newer {
        /// Where it is.
        place: Place,
        /// Its layout.
        found: u32,
        /// The newest layout this program knows.
        known: u32,
    },
    /// Another process writes.
    #[error(
        "the store `{place}` is being written by {holder}; wait until that is done and try again"
    )]
    Busy {
        /// Where it is.
        place: Place,
        /// Who writes.
        holder: String,
    },
    /// The disk is full or failed.
    #[error(
        "cannot write the store `{place}`: {why}; everything stored before is kept: make room and \
         run the same command again"
    )]
    Disk {
        /// Where it is.
        place: Place,
        /// What the engine said.
        why: String,
    },
    /// What the store holds cannot be read back.
    #[error("the store `{place}` is damaged: {why}; `lorecast store rebuild` makes it anew")]
    Damaged {
        /// Where it is.
        place: Place,
        /// What does not fit.
        why: String,
    },
    /// A batch holds a message that its placement forgot, or a revision has a root never placed.
    #[error("message `{0}` has no thread; place it before it is kept")]
    Unplaced(MessageId),
    /// A revision that is not there.
    #[error("no revision with root {0} is in the store; read the revisions again")]
    NoRevision(MessageId),
    /// A thread that is not there: another process may have merged it.
    #[error("thread {} is not in the store; read the threads again", .0.0)]
    UnknownThread(ThreadKey),
    /// A search nested too deep or made of too many parts.
    #[error("the search is too long: at most {parts} parts, nested {depth} deep")]
    Query {
        /// How many parts a search may have.
        parts: usize,
        /// How deep they may be nested.
        depth: usize,
    },
    /// A search that took longer than it may.
    #[error(
        "the search took longer than {seconds} seconds; name a list or a time, or words that are less common"
    )]
    TooLong {
        /// How long a search may take.
        seconds: u64,
    },
    /// The visitor of a stream had enough.
    #[error("stopped by the reader")]
    Stopped,
    /// Anything else that the engine refused.
    #[error("the store `{place}` failed")]
    Engine {
        /// Where it is.
        place: Place,
        /// What the engine said.
        source: Box<dyn Error + Send + Sync>,
    },
}

//! What can go wrong with a journal, in words for the person who reads it.

use std::error::Error;

use thiserror::Error;

/// Why a journal could not be opened, read or written. Unlike a store, it cannot be made anew.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum JournalError {
    /// It cannot be opened or created.
    #[error("cannot open `{place}`: {why}; check that it is there and may be written")]
    Open {
        /// The file.
        place: String,
        /// What the engine said.
        why: String,
    },
    /// The server does not answer, refuses, or went away. The next call connects again.
    #[error(
        "cannot reach `{place}`: {why}; nothing that was kept is lost: see that PostgreSQL runs there and lets you in"
    )]
    Unreachable {
        /// The address of the database, without its password.
        place: String,
        /// What went wrong, as far as the system tells.
        why: String,
    },
    /// It is something else.
    #[error("`{place}` is no journal of Lorecast; move it away, or restore a backup")]
    NotAJournal {
        /// The file.
        place: String,
    },
    /// A later version of Lorecast wrote it.
    #[error(
        "`{place}` was written by a newer Lorecast (layout {found}, this one knows {known}); use that one"
    )]
    Newer {
        /// The file.
        place: String,
        /// Its layout.
        found: u32,
        /// The newest layout this program knows.
        known: u32,
    },
    /// There is no room.
    #[error("no room to write `{place}`: {why}; all that was kept before is safe")]
    Full {
        /// The file.
        place: String,
        /// What the engine said.
        why: String,
    },
    /// What it holds cannot be read back.
    #[error("`{place}` is damaged: {why}; restore a backup with `lorecast store restore`")]
    Damaged {
        /// The file.
        place: String,
        /// What does not fit.
        why: String,
    },
    /// There are other lines already where a copy was to go.
    #[error("`{place}` holds a journal already; a copy goes into an empty one")]
    NotEmpty {
        /// The file.
        place: String,
    },
    /// Anything else that the engine refused.
    #[error("`{place}` failed")]
    Engine {
        /// The file.
        place: String,
        /// What the engine said.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl JournalError {
    /// Whether room has to be made.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Full { .. })
    }

    /// Whether the database is away, which passes.
    pub fn is_away(&self) -> bool {
        matches!(self, Self::Unreachable { .. })
    }
}

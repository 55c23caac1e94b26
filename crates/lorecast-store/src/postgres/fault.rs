//! Turns what PostgreSQL says into what a person can act on.

use std::error::Error;

use postgres::error::SqlState;

use super::address::said;
use crate::pack::Unpackable;
use crate::{Place, StoreError};

/// A failure inside the engine, before the place is known.
#[derive(Debug)]
pub(super) enum Fault {
    /// PostgreSQL refused, or is gone.
    Engine(postgres::Error),
    /// Already in the words of the interface.
    Said(StoreError),
    /// Another process writes.
    Busy(String),
    /// A stored value cannot be read back.
    Content(String),
    /// There is nothing to read.
    Missing(String),
    /// It is the store of somebody else.
    Strange(String),
    /// A later version made it: its layout, and the newest that is known.
    Newer(u32, u32),
}

impl From<postgres::Error> for Fault {
    fn from(error: postgres::Error) -> Self {
        Self::Engine(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Said(error)
    }
}

impl From<Unpackable> for Fault {
    fn from(error: Unpackable) -> Self {
        Self::content(error)
    }
}

impl Fault {
    /// A stored value that cannot be read back.
    pub(super) fn content(why: impl std::fmt::Display) -> Self {
        Self::Content(why.to_string())
    }

    /// Whether the search was too much for the engine.
    pub(super) fn is_too_much(&self) -> bool {
        let limits = [SqlState::PROGRAM_LIMIT_EXCEEDED, SqlState::STATEMENT_TOO_COMPLEX];
        matches!(self, Self::Engine(error) if error.code().is_some_and(|code| limits.contains(code)))
    }

    /// Whether the server ended a statement that took too long.
    pub(super) fn was_ended(&self) -> bool {
        matches!(self, Self::Engine(error) if error.code() == Some(&SqlState::QUERY_CANCELED))
    }

    /// The error to hand out, naming the place.
    pub(super) fn at(self, place: &Place) -> StoreError {
        let place = place.clone();
        match self {
            Self::Said(error) => error,
            Self::Busy(holder) => StoreError::Busy { place, holder },
            Self::Content(why) => StoreError::Damaged { place, why },
            Self::Missing(why) => StoreError::Open { place, why },
            Self::Strange(why) => StoreError::NotAStore { place, why },
            Self::Newer(found, known) => StoreError::Newer { place, found, known },
            Self::Engine(error) => from_postgres(error, place),
        }
    }
}

/// Whether the server is gone, or not to be reached: what it says of itself, or that it says nothing.
pub(crate) fn is_lost(error: &postgres::Error) -> bool {
    let Some(code) = error.code() else {
        // A value that does not fit is no loss. The library tells kinds of errors by their words alone.
        let io = error.source().is_some_and(|source| source.is::<std::io::Error>());
        let kinds = ["error connecting", "error performing TLS", "authentication", "timeout"];
        let why = error.to_string();
        return io || error.is_closed() || kinds.iter().any(|kind| why.starts_with(kind));
    };
    // Classes of PostgreSQL's appendix A: connections, who may log in, which database, shutdown.
    ["08", "28", "3D", "57P"].iter().any(|class| code.code().starts_with(class))
        || *code == SqlState::TOO_MANY_CONNECTIONS
}

fn from_postgres(error: postgres::Error, place: Place) -> StoreError {
    let why = said(&error);
    if is_lost(&error) {
        return StoreError::Unreachable { place, why };
    }
    match error.code() {
        Some(&SqlState::LOCK_NOT_AVAILABLE) => {
            StoreError::Busy { place, holder: "another process".to_owned() }
        }
        Some(&SqlState::DISK_FULL | &SqlState::IO_ERROR | &SqlState::READ_ONLY_SQL_TRANSACTION) => {
            StoreError::Disk { place, why }
        }
        Some(&SqlState::DATA_CORRUPTED | &SqlState::INDEX_CORRUPTED) => {
            StoreError::Damaged { place, why }
        }
        _ => StoreError::Engine { place, source: Box::new(error) },
    }
}

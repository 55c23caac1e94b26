//! Turns what SQLite says into what a person can act on.

use camino::Utf8Path;
use rusqlite::ErrorCode;

use crate::pack::Unpackable;
use crate::{Place, StoreError};

/// A failure inside the engine, before the file's name is known.
#[derive(Debug)]
pub(super) enum Fault {
    /// SQLite refused.
    Engine(rusqlite::Error),
    /// Already in the words of the interface.
    Said(StoreError),
    /// A stored value cannot be read back.
    Content(String),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
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

    /// The error to hand out, naming the file.
    pub(super) fn at(self, path: &Utf8Path) -> StoreError {
        match self {
            Self::Said(error) => error,
            Self::Content(why) => StoreError::Damaged { place: path.to_owned().into(), why },
            Self::Engine(error) => from_sqlite(error, path),
        }
    }
}

fn from_sqlite(error: rusqlite::Error, path: &Utf8Path) -> StoreError {
    let place = Place::from(path.to_owned());
    let why = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            StoreError::Busy { place, holder: "another process".to_owned() }
        }
        Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure | ErrorCode::ReadOnly) => {
            StoreError::Disk { place, why }
        }
        Some(ErrorCode::NotADatabase) => StoreError::NotAStore { place, why },
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged { place, why },
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            StoreError::Open { place, why }
        }
        _ => StoreError::Engine { place, source: Box::new(error) },
    }
}

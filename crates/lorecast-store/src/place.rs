//! Where a store is, and the engine that keeps it there.

use std::fmt;
use std::fs;

use camino::Utf8PathBuf;

use crate::postgres::{self, Address, PostgresStore};
use crate::sqlite::SqliteStore;
use crate::{Result, Store, StoreError};

/// Where a store is.
#[derive(Clone)]
pub enum Place {
    /// A file of the embedded engine.
    File(Utf8PathBuf),
    /// A schema of a PostgreSQL database.
    Server(Box<Address>),
}

impl Place {
    /// A database by its address; see [`Address::parse`].
    ///
    /// # Errors
    /// When the address cannot be used.
    pub fn server(address: &str) -> Result<Self> {
        Ok(Self::Server(Box::new(Address::parse(address)?)))
    }

    /// Whether a store is there.
    ///
    /// # Errors
    /// When a server does not answer.
    pub fn is_made(&self) -> Result<bool> {
        match self {
            Self::File(file) => Ok(file.is_file()),
            Self::Server(address) => postgres::is_made(address),
        }
    }

    /// Opens the store, makes it when there is none, and brings its layout up to date.
    ///
    /// # Errors
    /// When it cannot be reached, is no store of ours, or comes from a newer version.
    pub fn open(&self) -> Result<Box<dyn Store>> {
        Ok(match self {
            Self::File(file) => Box::new(SqliteStore::open(file)?),
            Self::Server(address) => Box::new(PostgresStore::open(address)?),
        })
    }

    /// Opens the store to write it, as the only one: `who` says to a second writer what goes on,
    /// such as `lorecast sync`. Readers never wait.
    ///
    /// # Errors
    /// As [`Place::open`], and [`StoreError::Busy`] naming the other writer.
    pub fn open_to_write(&self, who: &str) -> Result<Box<dyn Store>> {
        Ok(match self {
            Self::File(file) => {
                if let Some(folder) = file.parent() {
                    fs::create_dir_all(folder).map_err(|why| self.refused(&why))?;
                }
                Box::new(SqliteStore::open_to_write(file, who)?)
            }
            Self::Server(address) => Box::new(PostgresStore::open_to_write(address, who)?),
        })
    }

    /// Opens a store that is there to read it alone, as one of several readers of a server.
    ///
    /// # Errors
    /// As [`Place::open`]; and when there is no store.
    pub fn open_to_read(&self) -> Result<Box<dyn Store>> {
        Ok(match self {
            Self::File(file) => Box::new(SqliteStore::open_to_read(file)?),
            Self::Server(address) => Box::new(PostgresStore::open_to_read(address)?),
        })
    }

    /// Where [`Place::set_aside`] puts a store.
    pub fn aside(&self) -> Self {
        match self {
            Self::File(file) => Self::File(file.with_extension("db.old")),
            Self::Server(address) => Self::Server(Box::new(address.aside())),
        }
    }

    /// Makes room for a new store: the old one is at [`Place::aside`] from now on.
    ///
    /// # Errors
    /// When it cannot be moved.
    pub fn set_aside(&self) -> Result<()> {
        match (self, self.aside()) {
            (Self::File(file), Self::File(aside)) => {
                fs::rename(file, aside).map_err(|why| self.refused(&why))?;
                for journal in ["-wal", "-shm"] {
                    drop(fs::remove_file(format!("{file}{journal}")));
                }
                Ok(())
            }
            (Self::Server(address), _) => postgres::set_aside(address),
            (Self::File(_), Self::Server(_)) => Ok(()),
        }
    }

    /// Deletes the store, if there is one.
    ///
    /// # Errors
    /// When a server refuses.
    pub fn delete(&self) -> Result<()> {
        match self {
            Self::File(file) => {
                drop(fs::remove_file(file));
                Ok(())
            }
            Self::Server(address) => postgres::delete(address),
        }
    }

    fn refused(&self, why: &std::io::Error) -> StoreError {
        StoreError::Open { place: self.clone(), why: why.to_string() }
    }
}

impl From<Utf8PathBuf> for Place {
    fn from(file: Utf8PathBuf) -> Self {
        Self::File(file)
    }
}

/// As a person may read it: never with a password.
impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => out.write_str(file.as_str()),
            Self::Server(address) => address.fmt(out),
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

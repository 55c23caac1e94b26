//! A list of lines that only grows, and that no rebuild touches: what people did for the show.
//!
//! A journal knows nothing of what its lines say. Several processes may write one: whoever adds lines says behind which
//! line, and learns when others were quicker. [`SqliteJournal`] keeps it in a file, [`PostgresJournal`] in a database for several machines.

mod copy;
mod error;
mod postgres;
mod sqlite;

pub use copy::{Copied, copy};
pub use error::JournalError;
pub use postgres::PostgresJournal;
pub use sqlite::SqliteJournal;

use std::time::Duration;

/// What every call returns.
pub type Result<T> = std::result::Result<T, JournalError>;

/// A line of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its place, from 1; no number is left out.
    pub number: u64,
    /// What it says.
    pub text: String,
}

/// What became of lines that were to be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// They are kept, whatever happens to this machine's power.
    Kept,
    /// Nothing was added: there are lines already behind the one they were to follow. Read those first.
    Behind,
}

/// A journal, whatever keeps it. A call that failed changed nothing.
pub trait Journal: Send {
    /// Lines behind a number, in order, at most so many; 0 is before the first one.
    ///
    /// # Errors
    /// When the journal cannot be read.
    fn lines(&mut self, after: u64, most: usize) -> Result<Vec<Line>>;

    /// Adds lines, all or none of them, behind the line `after` if that is the last one.
    ///
    /// # Errors
    /// When they cannot be kept: [`JournalError::Full`] when there is no room.
    fn append(&mut self, after: u64, texts: &[String]) -> Result<Appended>;

    /// Calls `tell` when others may have added lines, for as long as the journal is open, and returns how often to look
    /// all the same.
    ///
    /// # Errors
    /// When nobody can be asked to tell.
    fn listen(&mut self, tell: Box<dyn Fn() + Send>) -> Result<Duration>;

    /// Writes other text in the place of lines: whoever leaves may take their words along. Nothing of the
    /// old text stays in a journal's file; a database clears its tables, and keeps its own log and backups as long as it is told to.
    ///
    /// # Errors
    /// When it cannot be written.
    fn replace(&mut self, lines: &[Line]) -> Result<()>;
}

/// Lines that follow each other, or what is missing of them.
fn without_gaps(lines: Vec<Line>, after: u64, place: String) -> Result<Vec<Line>> {
    match lines
        .iter()
        .zip(after.saturating_add(1)..)
        .find(|(line, expected)| line.number != *expected)
    {
        Some((_, missing)) => {
            Err(JournalError::Damaged { place, why: format!("entry {missing} is missing") })
        }
        None => Ok(lines),
    }
}

//! A list of lines that only grows, and that no rebuild touches: what people did for the show.
//!
//! A journal knows nothing of what its lines say. Several processes may write one: whoever adds lines says behind which
//! line, and learns when others were quicker. [`SqliteJournal`] keeps it in a file, [`PostgresJournal`] in a database for several machines.

mod copy;
mod error;
pub(crate) mod file;
mod postgres;
mod sqlite;

pub use copy::{Copied, copy, go_on};
pub use error::JournalError;
pub use postgres::PostgresJournal;
pub(crate) use postgres::server_fault;
pub use sqlite::SqliteJournal;

use std::io::{self, Read, Write};
use std::time::Duration;

/// What every call returns.
pub type Result<T> = std::result::Result<T, JournalError>;

/// Bytes that one attachment has at most.
pub const LONGEST_ATTACHMENT: u64 = 32 << 20;
/// Bytes of an attachment that are held in memory at a time.
const PART: usize = 1 << 20;

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

    /// Keeps bytes that lines speak of under a name, whole or not at all; what had the name before goes.
    ///
    /// # Errors
    /// When they cannot be read or kept, or are more than [`LONGEST_ATTACHMENT`].
    fn attach(&mut self, name: &str, from: &mut dyn Read) -> Result<()>;

    /// Writes what is kept under a name; `false` when there is nothing.
    ///
    /// # Errors
    /// When it cannot be read or written.
    fn attachment(&mut self, name: &str, to: &mut dyn Write) -> Result<bool>;

    /// Forgets what is kept under a name.
    ///
    /// # Errors
    /// When it cannot be written.
    fn detach(&mut self, name: &str) -> Result<()>;

    /// The names under which something is kept, in order.
    ///
    /// # Errors
    /// When they cannot be read.
    fn attachments(&mut self) -> Result<Vec<String>>;
}

/// Gives each part of an attachment to `keep`, with its number from 0.
fn in_parts(
    name: &str,
    from: &mut dyn Read,
    keep: &mut dyn FnMut(i64, &[u8]) -> Result<()>,
) -> Result<()> {
    // One byte more than is allowed tells that there is more.
    let mut from = from.take(LONGEST_ATTACHMENT + 1);
    let (mut part, mut length) = (Vec::with_capacity(PART), 0);
    for number in 0.. {
        part.clear();
        let read = (&mut from).take(PART as u64).read_to_end(&mut part);
        length += read.map_err(|error| file_fault(name, error))? as u64;
        if length > LONGEST_ATTACHMENT {
            return Err(file_fault(name, io::ErrorKind::FileTooLarge.into()));
        }
        if part.is_empty() && number > 0 {
            break;
        }
        keep(number, &part)?;
    }
    Ok(())
}

/// What a file said from which an attachment comes, or into which it goes.
fn file_fault(name: &str, error: io::Error) -> JournalError {
    let place = name.to_owned();
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            JournalError::Full { place, why: error.to_string() }
        }
        _ => JournalError::Engine { place, source: Box::new(error) },
    }
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

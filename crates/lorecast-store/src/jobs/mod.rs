//! Work that waits to be done: by one node alone, again when that node dies, and not before its time.
//!
//! Jobs know nothing of what they are for. A node takes a job for a while (its *lease*) and keeps it by saying, again and
//! again, how far it is; a job whose lease ran out is there to be taken once more. All times of leases are told by the
//! engine's clock, so a node whose own clock is wrong takes nobody's job away. [`SqliteJobs`] keeps them in a file,
//! [`PostgresJobs`] in a database for several machines.
//!
//! Nothing here is precious: what is not done yet can be asked for again.

mod postgres;
mod sqlite;

pub use postgres::PostgresJobs;
pub use sqlite::SqliteJobs;

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::journal::JournalError;

/// What every call returns. A queue fails in the ways in which a journal does.
pub type Result<T> = std::result::Result<T, JournalError>;

/// So many jobs wait at most; one more is not queued.
pub const MOST_WAITING: usize = 100;
/// So many jobs that ended are remembered, the latest.
pub const MOST_ENDED: usize = 200;
/// Characters of what is told of a job; more is cut off.
pub const LONGEST_WORDS: usize = 4_000;
/// A job that took its node down so often is not tried again.
pub const MOST_TRIES: u32 = 5;

/// The number of a job, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(pub u64);

/// What is to be done, and about what: two that say the same are the same job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// What: `master`.
    pub kind: String,
    /// About what: `2023-04-16`.
    pub subject: String,
}

/// A job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Its number.
    pub id: JobId,
    /// What is to be done.
    pub task: Task,
    /// Who asked for it, in the words of whoever queued it.
    pub by: String,
    /// What became of it.
    pub state: JobState,
    /// When it was asked for.
    pub queued: Timestamp,
    /// Not before this.
    pub due: Timestamp,
    /// When a node took it last.
    pub begun: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// How often it was taken.
    pub tries: u32,
    /// What is being done, or what came of it.
    pub words: String,
    /// How much of that is done, in thousandths.
    pub share: u16,
}

/// What became of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobState {
    /// It waits for its time or for a node.
    Waiting,
    /// A node does it, or died doing it and its lease has not run out.
    Running,
    /// It is done.
    Done,
    /// It failed; the words say why.
    Failed,
    /// Somebody took it back.
    Cancelled,
}

/// What became of a wish to queue a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queued {
    /// It waits.
    New(JobId),
    /// The same one waits already, and now does so for the earlier of both times.
    Already(JobId),
    /// Too many wait.
    Full,
}

/// A job that a node has taken. Who is too late with it holds an older one, which nothing is done for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Which.
    pub id: JobId,
    /// Which time this is, from 1.
    pub tries: u32,
}

/// Whether a node that has a job may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// It may.
    Yes,
    /// Somebody took the job back: stop, and [`Jobs::end`] nothing.
    Cancelled,
    /// The lease ran out and another node has it, or it is gone: stop.
    Lost,
}

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Done.
    Done,
    /// Failed.
    Failed,
    /// It is given back undone, to be taken again: its node ends. This try does not count.
    GivenBack,
}

/// Jobs, whatever keeps them. A call that failed changed nothing.
pub trait Jobs: Send {
    /// Asks for a job, not before `due`. A job that is running is no reason not to ask for it once more: something may have
    /// changed since it began.
    ///
    /// # Errors
    /// When it cannot be kept.
    fn queue(&mut self, task: &Task, by: &str, due: Timestamp) -> Result<Queued>;

    /// Takes the job that has been due for longest, for as long as `lease`. A task that is running is not taken a second time.
    ///
    /// # Errors
    /// When the jobs cannot be read or written.
    fn take(&mut self, lease: Duration) -> Result<Option<Job>>;

    /// Says how far a job is, and keeps it for another `lease`.
    ///
    /// # Errors
    /// When it cannot be kept.
    fn hold(&mut self, job: Taken, words: &str, share: u16, lease: Duration) -> Result<Held>;

    /// Ends a job; `false` when somebody else has it by now, or it was taken back.
    ///
    /// # Errors
    /// When it cannot be kept.
    fn end(&mut self, job: Taken, end: End, words: &str) -> Result<bool>;

    /// Takes a job back that has not ended; `false` when it has, or there is none.
    ///
    /// # Errors
    /// When it cannot be kept.
    fn cancel(&mut self, id: JobId) -> Result<bool>;

    /// All jobs that are remembered, the latest first.
    ///
    /// # Errors
    /// When they cannot be read.
    fn all(&mut self) -> Result<Vec<Job>>;
}

impl Job {
    /// Of a job that was just taken.
    pub fn taken(&self) -> Taken {
        Taken { id: self.id, tries: self.tries }
    }
}

impl JobState {
    const ALL: [Self; 5] =
        [Self::Waiting, Self::Running, Self::Done, Self::Failed, Self::Cancelled];

    /// In a word, as it is kept and shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing will change any more.
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }

    /// A state by its word; one that nobody knows is over.
    fn of(word: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.word() == word).unwrap_or(Self::Failed)
    }
}

/// What is told of a job that took its nodes down again and again.
const GAVE_UP: &str =
    "the server ended in the middle of it again and again; it is not tried any more";

/// No more than is kept.
fn cut(words: &str) -> &str {
    words.char_indices().nth(LONGEST_WORDS).map_or(words, |(end, _)| &words[..end])
}

/// A moment as both engines keep it: microseconds since 1970.
fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

fn moment(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn lasting(lease: Duration) -> i64 {
    i64::try_from(lease.as_micros()).unwrap_or(i64::MAX / 4)
}

fn number(id: JobId) -> i64 {
    i64::try_from(id.0).unwrap_or(i64::MAX)
}

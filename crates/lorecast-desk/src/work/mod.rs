//! Work that takes minutes, asked for on a page and done by whichever server is free.
//!
//! | file | |
//! |---|---|
//! | `worker` | the thread of a server that takes jobs, one at a time |
//! | `watch` | how far a job is, for whoever looks, and the way to stop it |
//! | `perform` | what a job does |
//! | `schedule` | the time at which an episode comes out |

mod perform;
mod schedule;
mod watch;
mod worker;

use std::fmt;

use jiff::Timestamp;
use lorecast_model::EpisodeId;
use lorecast_store::Place;
use lorecast_store::jobs::{Job, JobId, Jobs, PostgresJobs, Queued, SqliteJobs, Task};
use serde::{Deserialize, Serialize};

use crate::{Desk, DeskError, Result};

pub use worker::Worker;

/// What can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// The chapters of an episode in its one long recording.
    Split,
    /// The sound of an episode from its takes.
    Master,
    /// The site and the feed, with an episode in it.
    Publish,
}

/// Work for an episode, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct EpisodeJob {
    /// What it does.
    pub work: Work,
    /// For which episode.
    pub episode: EpisodeId,
    /// The rest.
    pub job: Job,
}

impl Desk<'_> {
    /// Asks for work on an episode, not before `due`. `by` says who asks, for those who read it.
    ///
    /// # Errors
    /// When there is no such episode, or it cannot be kept.
    pub fn ask_for(
        &self,
        work: Work,
        episode: EpisodeId,
        by: &str,
        due: Timestamp,
    ) -> Result<Queued> {
        self.dir.episode(episode)?;
        Ok(self.queue()?.queue(&work.on(episode), by, due)?)
    }

    /// All work that is remembered, the latest first.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn jobs(&self) -> Result<Vec<EpisodeJob>> {
        Ok(self.queue()?.all()?.into_iter().filter_map(EpisodeJob::of).collect())
    }

    /// Takes work back that has not ended; `false` when it has.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn take_back(&self, job: JobId) -> Result<bool> {
        Ok(self.queue()?.cancel(job)?)
    }

    /// Work that waits: in a file, or in the same database as the index.
    pub(crate) fn queue(&self) -> Result<Box<dyn Jobs>> {
        if let Place::Server(address) = self.place()? {
            return Ok(Box::new(PostgresJobs::open(&address)?));
        }
        let file = self.dir.jobs();
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|source| DeskError::Folder { path: folder.to_owned(), source })?;
        }
        Ok(Box::new(SqliteJobs::open(&file)?))
    }
}

impl Work {
    /// In a word, as it is kept and shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Split => "split",
            Self::Master => "master",
            Self::Publish => "publish",
        }
    }

    fn on(self, episode: EpisodeId) -> Task {
        Task { kind: self.word().to_owned(), subject: episode.to_string() }
    }
}

impl fmt::Display for Work {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

impl EpisodeJob {
    /// `None` for what a newer Lorecast queued.
    fn of(job: Job) -> Option<Self> {
        let work = [Work::Split, Work::Master, Work::Publish];
        let work = work.into_iter().find(|work| work.word() == job.task.kind)?;
        let episode = EpisodeId::new(&job.task.subject).ok()?;
        Some(Self { work, episode, job })
    }
}

//! What can go wrong with a show on disk.

use std::io;

use camino::Utf8PathBuf;
use lorecast_model::EpisodeId;
use thiserror::Error;

/// Each variant names the file and says what to do next.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ShowError {
    /// No `show.yaml` in the folder.
    #[error(
        "no show in `{dir}`: it has no `show.yaml`; run `lorecast init {dir}` to start one, or name another folder with `--show`"
    )]
    NoShow {
        /// The folder.
        dir: Utf8PathBuf,
    },
    /// `init` on a folder that has a show already.
    #[error("`{dir}` already holds a show; nothing was changed")]
    Exists {
        /// The folder.
        dir: Utf8PathBuf,
    },
    /// An episode that does not exist.
    #[error("no episode `{id}` in `{dir}`; run `lorecast draft --week {id}` to start it")]
    NoEpisode {
        /// The episode asked for.
        id: String,
        /// The folder of episodes.
        dir: Utf8PathBuf,
    },
    /// YAML that does not say what it should.
    #[error(
        "{file}:{line}:{column}: {message}; nothing was changed, correct the line and run the command again"
    )]
    Yaml {
        /// The file.
        file: Utf8PathBuf,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// A value that YAML accepts and a show cannot use.
    #[error("{file}:{line}: `{key}`: {message}")]
    Value {
        /// The file.
        file: Utf8PathBuf,
        /// The line of the key, from 1.
        line: usize,
        /// The key.
        key: &'static str,
        /// What is wrong, and what would be right.
        message: String,
    },
    /// An entry of a list that contradicts another one, or names what is not there.
    #[error("{file}:{line}: {message}; nothing was changed")]
    Entry {
        /// The file.
        file: Utf8PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong, and the next step.
        message: String,
    },
    /// Markers of an earlier merge are still there.
    #[error(
        "{file}:{line}: a conflict with an earlier draft is not settled yet; choose one side, delete the marker lines, and run the command again"
    )]
    Unsettled {
        /// The file.
        file: Utf8PathBuf,
        /// The line of the first marker, from 1.
        line: usize,
    },
    /// A change that has no clear place in a file laid out by hand.
    #[error(
        "{file}:{line}: these lines are laid out by hand, and the change has no clear place in them; nothing was changed, make it by hand (`state: pinned`, `state: dropped`, `section: …`, `from: 12:34`)"
    )]
    EditByHand {
        /// The file.
        file: Utf8PathBuf,
        /// About where, from 1.
        line: usize,
    },
    /// People were forgotten, and the key of their hashes is gone or damaged.
    #[error(
        "{file} is missing or damaged, so that nobody knows who asked to be forgotten: bring it back from a backup before anything is imported or published"
    )]
    ForgottenKey {
        /// The key's file.
        file: Utf8PathBuf,
    },
    /// A chapter whose recording is not there.
    #[error(
        "no recording for the chapter `{chapter}`: put `{take}.wav` (or .flac, .mp3, .m4a, .opus, …) into `{dir}`, or delete the chapter from `episode.yaml`"
    )]
    NoTake {
        /// The chapter's title.
        chapter: String,
        /// The take's name.
        take: String,
        /// The folder of takes.
        dir: Utf8PathBuf,
    },
    /// Two recordings under one name.
    #[error("two recordings for the take `{take}`: `{first}` and `{second}`; keep one")]
    TwoTakes {
        /// The take's name.
        take: String,
        /// The one.
        first: Utf8PathBuf,
        /// The other.
        second: Utf8PathBuf,
    },
    /// Reading failed.
    #[error("cannot read `{path}`: {source}")]
    Read {
        /// The file or folder.
        path: Utf8PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Writing failed; what was there before is untouched.
    #[error("cannot write `{path}`: {source}; what was there before is untouched")]
    Write {
        /// The file or folder.
        path: Utf8PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Others are changing the episode, and go on.
    #[error("somebody else is changing the episode {id}; try again when that is done")]
    Held {
        /// The episode.
        id: EpisodeId,
    },
}

impl ShowError {
    /// Whether there is no room on the disk to write.
    pub fn is_full(&self) -> bool {
        let full = [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded];
        matches!(self, Self::Write { source, .. } if full.contains(&source.kind()))
    }
}

//! A copy of a public inbox on this machine, kept up to date by git.

mod location;
mod manifest;
mod parts;
mod program;
mod talk;

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use git2::BranchType;

use crate::{ArchiveError, discover, git};
use location::Location;
use parts::{Part, Search};
use program::{Branches, Git};

/// An inbox that is somewhere else, and the folder that holds its copy: `git/0.git`, `git/1.git`, …
/// for a public-inbox v2 archive, `all.git` for one that is a single repository (v1). The folder is
/// what [`discover`](crate::discover()) reads.
pub struct Mirror {
    from: Location,
    folder: Utf8PathBuf,
    git: Git,
}

/// What is going on while a mirror is brought up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The repository below the mirror's folder, such as `git/0.git`.
    pub repository: &'a str,
    /// Which one of them it is, from 1.
    pub number: usize,
    /// How many there are.
    pub count: usize,
    /// What git is doing, in its own words: `Receiving objects`.
    pub step: &'a str,
    /// How much of the step is done.
    pub percent: u8,
}

/// What bringing a mirror up to date did, by repository below the mirror's folder.
#[derive(Debug, Default)]
pub struct MirrorReport {
    /// Those that are here for the first time.
    pub cloned: Vec<String>,
    /// Those that had something new, or were rewritten.
    pub fetched: Vec<String>,
    /// Those that were the same already.
    pub unchanged: Vec<String>,
    /// Why others could not be brought up to date; each names its URL.
    pub failures: Vec<ArchiveError>,
}

impl Mirror {
    /// A mirror of a URL (file, git, http, https or ssh) or a path, below a folder that is created
    /// when it is not there. A URL that names one epoch, `…/git/0.git` or `…/0`, brings only that.
    ///
    /// # Errors
    /// When the URL is none that git should see.
    pub fn new(url: &str, folder: &Utf8Path) -> Result<Self, ArchiveError> {
        let git = Git { program: "git".into() };
        Ok(Self { from: Location::new(url)?, folder: folder.to_owned(), git })
    }

    /// Uses another program than the `git` on the PATH.
    #[must_use]
    pub fn with_git(mut self, program: impl Into<OsString>) -> Self {
        self.git.program = program.into();
        self
    }

    /// The folder that holds the copy.
    pub fn folder(&self) -> &Utf8Path {
        &self.folder
    }

    /// Clones what is missing and fetches what has changed, also where history was rewritten. One
    /// repository that fails does not keep the others from it. It may be stopped at any time: a
    /// clone counts only when it is whole.
    ///
    /// # Errors
    /// When git is missing, another process is at it, or there is no inbox at the URL.
    pub fn bring_up_to_date(
        &self,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<MirrorReport, ArchiveError> {
        let _lock = self.lock()?;
        let mut report = MirrorReport::default();
        let search = Search { from: &self.from, folder: &self.folder, git: &self.git };
        let parts = search.parts(&mut report.failures)?;
        let count = parts.len();
        for (at, part) in parts.into_iter().enumerate() {
            let repository = part.name.clone();
            let mut steps = |step: &str, percent: u8| {
                let number = at + 1;
                progress(Progress { repository: &repository, number, count, step, percent });
            };
            match self.bring(part, &mut steps) {
                Ok(State::Cloned) => report.cloned.push(repository),
                Ok(State::Fetched) => report.fetched.push(repository),
                Ok(State::Unchanged) => report.unchanged.push(repository),
                Err(error @ ArchiveError::NoGit { .. }) => return Err(error),
                Err(error) => report.failures.push(error),
            }
        }
        Ok(report)
    }

    /// Two processes in one folder would clone into each other's files. The lock goes with the
    /// process, however it ends.
    fn lock(&self) -> Result<File, ArchiveError> {
        let path = self.folder.join("mirror.lock");
        let io = |source| ArchiveError::MirrorFolder { path: self.folder.clone(), source };
        fs::create_dir_all(self.folder.join("git")).map_err(io)?;
        let file = File::create(path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => {
                Err(ArchiveError::MirrorBusy { path: self.folder.clone() })
            }
            Err(TryLockError::Error(source)) => Err(io(source)),
        }
    }

    fn bring(&self, part: Part, steps: program::Steps<'_>) -> Result<State, ArchiveError> {
        let here = self.folder.join(&part.name);
        if !here.exists() {
            self.clone_whole(&part.from, &here, steps)?;
            return Ok(State::Cloned);
        }
        let there = match part.branches {
            Some(branches) => branches,
            None => self
                .git
                .branches(&part.from)?
                .ok_or_else(|| ArchiveError::NoInbox { url: part.from.to_string() })?,
        };
        if branches(&here)? == there {
            return Ok(State::Unchanged);
        }
        clear_locks(&here);
        self.git.fetch(&part.from, &here, steps)?;
        Ok(State::Fetched)
    }

    /// Clones under another name, so that what has the right name is whole.
    fn clone_whole(
        &self,
        from: &Location,
        here: &Utf8Path,
        steps: program::Steps<'_>,
    ) -> Result<(), ArchiveError> {
        let io = |source| ArchiveError::MirrorFolder { path: here.to_owned(), source };
        let unfinished = Utf8PathBuf::from(format!("{here}.part"));
        match fs::remove_dir_all(&unfinished) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io(error)),
            _ => {}
        }
        self.git.clone(from, &unfinished, steps)?;
        fs::rename(&unfinished, here).map_err(io)
    }
}

/// What became of a repository.
enum State {
    Cloned,
    Fetched,
    Unchanged,
}

/// Removes what a git that was killed left behind and the next one would stop at. Nobody else is at
/// work, as we hold the mirror's lock.
fn clear_locks(repository: &Utf8Path) {
    for folder in [repository.to_owned(), repository.join("refs/heads")] {
        let entries = discover::entries(&folder).unwrap_or_default();
        for lock in entries.iter().filter(|path| path.extension() == Some("lock")) {
            // If it cannot be removed, git says so.
            let _ = fs::remove_file(lock);
        }
    }
}

/// The branches of a repository here.
fn branches(repository: &Utf8Path) -> Result<Branches, ArchiveError> {
    let failed = |source| ArchiveError::Git { path: repository.to_owned(), source };
    let git = git::open(repository)?;
    let all = git.branches(Some(BranchType::Local)).map_err(failed)?;
    let branch = |branch: git2::Branch<'_>| {
        let reference = branch.get();
        Some((reference.name().ok()?.to_owned(), reference.target()?.to_string()))
    };
    Ok(all.flatten().filter_map(|(found, _)| branch(found)).collect())
}

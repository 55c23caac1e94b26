//! public-inbox v2 epochs: git repositories with one message a commit, in the file `m`
//! (public-inbox-v2-format(5)).

use camino::{Utf8Path, Utf8PathBuf};
use git2::{Commit, ObjectType, Oid, Repository};
use jiff::Timestamp;
use lorecast_model::ListId;

use crate::reader::MAIL_LIMIT;
use crate::{Archive, ArchiveError, RawMail};

/// How many commits are looked at before a repository counts as one without mail.
const LOOK_AT: usize = 200;

/// Whether a folder is a git repository, bare or with a work tree.
pub(crate) fn is_repository(path: &Utf8Path) -> bool {
    let bare = |path: &Utf8Path| path.join("HEAD").is_file() && path.join("objects").is_dir();
    bare(path) || path.join(".git").exists()
}

/// # Errors
/// When the repository cannot be opened, or none of its newest commits holds a mail.
pub(crate) fn expect_mail(path: &Utf8Path) -> Result<(), ArchiveError> {
    let repository = open(path)?;
    let mut next = tip(&repository);
    for _ in 0..LOOK_AT {
        let Some(commit) = next.and_then(|id| repository.find_commit(id).ok()) else { break };
        if commit.tree().is_ok_and(|tree| tree.get_name("m").is_some()) {
            return Ok(());
        }
        next = commit.parent_id(0).ok();
    }
    // A newest commit that is damaged is for the reading to report.
    match next {
        Some(id) if repository.find_commit(id).is_err() => Ok(()),
        _ => Err(ArchiveError::NoMessages { path: path.to_owned() }),
    }
}

/// The reading of one epoch.
pub(crate) struct Epoch {
    path: Utf8PathBuf,
    list: Option<ListId>,
    repository: Repository,
    /// What to read, newest first, so that the next one is popped from the end.
    waiting: Vec<Oid>,
    total: u64,
    last: Option<Oid>,
    /// The history broke off at this commit.
    broken: Option<ArchiveError>,
}

impl Epoch {
    pub fn open(archive: &Archive, cursor: Option<&str>) -> Result<Self, ArchiveError> {
        let repository = open(&archive.path)?;
        let since = cursor.and_then(|cursor| Oid::from_str(cursor.strip_prefix("git:")?).ok());
        let mut epoch = Self {
            path: archive.path.clone(),
            list: archive.list.clone(),
            repository,
            waiting: Vec::new(),
            total: 0,
            last: since,
            broken: None,
        };
        epoch.walk(since);
        epoch.total = epoch.waiting.len() as u64;
        Ok(epoch)
    }

    pub fn cursor(&self) -> String {
        self.last.map(|id| format!("git:{id}")).unwrap_or_default()
    }

    pub fn total(&self) -> u64 {
        self.total
    }

    pub fn done(&self) -> u64 {
        self.total - self.waiting.len() as u64
    }

    /// Lists the commits from the tip back to the cursor. Epochs have one line of history.
    fn walk(&mut self, since: Option<Oid>) {
        let mut next = tip(&self.repository);
        while let Some(id) = next {
            if Some(id) == since {
                return;
            }
            match self.repository.find_commit(id) {
                Ok(commit) => {
                    self.waiting.push(id);
                    next = commit.parent_id(0).ok();
                }
                Err(source) => {
                    self.broken = Some(self.commit_error(id, source));
                    return;
                }
            }
        }
        if let Some(since) = since {
            let path = &self.path;
            tracing::warn!("`{path}` no longer leads to commit {since}: reading all of it again");
        }
    }

    fn commit_error(&self, id: Oid, source: git2::Error) -> ArchiveError {
        ArchiveError::Commit { path: self.path.clone(), commit: id.to_string(), source }
    }

    /// The mail of a commit; none when it holds no file `m` (a purge, `d`).
    fn mail(&self, id: Oid) -> Result<Option<RawMail>, ArchiveError> {
        let git = |source| self.commit_error(id, source);
        let commit = self.repository.find_commit(id).map_err(git)?;
        let tree = commit.tree().map_err(git)?;
        let Some(entry) = tree.get_name("m") else { return Ok(None) };
        if entry.kind() != Some(ObjectType::Blob) {
            return Ok(None);
        }
        let odb = self.repository.odb().map_err(git)?;
        let (bytes, _) = odb.read_header(entry.id()).map_err(git)?;
        if bytes > MAIL_LIMIT {
            let (path, commit) = (self.path.clone(), id.to_string());
            return Err(ArchiveError::TooLarge { path, commit, bytes });
        }
        let blob = odb.read(entry.id()).map_err(git)?;
        Ok(Some(RawMail {
            bytes: blob.data().to_vec(),
            list: self.list.clone(),
            received: received(&commit),
            place: format!("{} commit {id}", self.path),
        }))
    }

    pub fn next(&mut self) -> Option<Result<RawMail, ArchiveError>> {
        if let Some(broken) = self.broken.take() {
            return Some(Err(broken));
        }
        loop {
            let id = self.waiting.pop()?;
            self.last = Some(id);
            if let Some(item) = self.mail(id).transpose() {
                return Some(item);
            }
        }
    }
}

/// public-inbox writes the time of arrival as the committer's.
fn received(commit: &Commit<'_>) -> Option<Timestamp> {
    Timestamp::from_second(commit.committer().when().seconds()).ok()
}

pub(crate) fn open(path: &Utf8Path) -> Result<Repository, ArchiveError> {
    Repository::open(path).map_err(|source| ArchiveError::Git { path: path.to_owned(), source })
}

/// The newest commit: of HEAD, or of the only sensible branch when HEAD leads nowhere.
fn tip(repository: &Repository) -> Option<Oid> {
    ["HEAD", "refs/heads/master", "refs/heads/main"]
        .iter()
        .find_map(|name| repository.refname_to_id(name).ok())
}

//! The reading of a repository, commit by commit.

use std::fs;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use git2::{Error, ErrorClass, ErrorCode, Oid};
use jiff::Timestamp;
use lorecast_model::{BlobId, ListId};

use super::changes::{self, Change};
use super::objects::{Objects, Unread};
use super::{Layout, read_cursor, tip};
use crate::reader::{Item, Place, RawMail};
use crate::{Archive, ArchiveError};

/// The commits since a cursor.
pub(crate) struct History {
    name: Arc<Utf8Path>,
    path: Utf8PathBuf,
    list: Option<ListId>,
    objects: Objects,
    layout: Layout,
    /// What to read, newest first, so that the next one is popped from the end.
    waiting: Vec<Oid>,
    total: u64,
    /// What the commit at hand still has to say, last first, and when it was made.
    changes: Vec<Change>,
    commit: Option<(Oid, Option<Timestamp>)>,
    /// The last commit of which everything was said.
    last: Option<Oid>,
    pub from_the_start: bool,
    /// Why the history breaks off.
    broken: Option<ArchiveError>,
}

impl History {
    pub fn open(
        archive: &Archive,
        layout: Layout,
        cursor: Option<&str>,
    ) -> Result<Self, ArchiveError> {
        let since = cursor.and_then(read_cursor);
        let mut history = Self {
            name: archive.name(),
            path: archive.path.clone(),
            list: archive.list.clone(),
            objects: Objects::open(&archive.path)?,
            layout,
            waiting: Vec::new(),
            total: 0,
            changes: Vec::new(),
            commit: None,
            last: since,
            from_the_start: false,
            broken: None,
        };
        history.from_the_start = !history.walk(since);
        history.total = history.waiting.len() as u64;
        Ok(history)
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

    pub fn next(&mut self) -> Option<Result<Item, ArchiveError>> {
        if let Some(broken) = self.broken.take() {
            return Some(Err(broken));
        }
        loop {
            if let Some(change) = self.changes.pop() {
                let item = self.item(change);
                self.finish_commit();
                return Some(item);
            }
            self.finish_commit();
            let id = self.waiting.pop()?;
            if let Err(source) = self.begin(id) {
                self.finish_commit();
                return Some(Err(self.commit_error(id, source)));
            }
        }
    }

    /// Lists the commits from the tip back to the cursor, and says whether it was met.
    fn walk(&mut self, since: Option<Oid>) -> bool {
        let mut next = tip(self.objects.repository());
        // The place of a commit that is looked out for.
        let mut mark = 0;
        while let Some(id) = next {
            if Some(id) == since {
                return true;
            }
            if self.waiting.get(mark) == Some(&id) {
                self.leave_circle(self.waiting.len() - mark);
                self.broken = Some(self.commit_error(id, circle()));
                break;
            }
            if self.waiting.len() >= 2 * mark {
                mark = self.waiting.len();
            }
            match self.objects.commit(id) {
                Ok(commit) => {
                    self.waiting.push(id);
                    next = commit.parent;
                }
                Err(source) => {
                    self.broken = Some(self.break_error(id, source));
                    break;
                }
            }
        }
        if let Some(since) = since {
            let path = &self.path;
            tracing::warn!("`{path}` no longer leads to commit {since}: reading all of it again");
        }
        false
    }

    /// Keeps each commit once when they lead back into themselves after so many. No commit holds the
    /// hash of one that holds its own, but the files of a damaged or hostile disk may be called so.
    fn leave_circle(&mut self, length: usize) {
        let (all, known) = (&self.waiting, self.waiting.len() - length);
        let start = (0..known).find(|&at| all[at] == all[at + length]).unwrap_or(known);
        self.waiting.truncate(start + length);
    }

    /// Why there is nothing before the oldest commit met: it was never fetched, or it is damaged.
    fn break_error(&self, id: Oid, source: Error) -> ArchiveError {
        let oldest = self.waiting.last().map(Oid::to_string);
        match oldest.filter(|oldest| shallow(&self.objects.folder()).contains(oldest)) {
            Some(commit) => ArchiveError::Shallow { path: self.path.clone(), commit },
            None => self.commit_error(id, source),
        }
    }

    fn begin(&mut self, id: Oid) -> Result<(), Error> {
        self.commit = Some((id, None));
        let commit = self.objects.commit(id)?;
        // public-inbox writes the time of arrival as the committer's.
        let received = commit.time.and_then(|time| Timestamp::from_second(time).ok());
        self.commit = Some((id, received));
        self.changes = changes::of_commit(&self.objects, self.layout, &commit)?;
        Ok(())
    }

    fn finish_commit(&mut self) {
        if self.changes.is_empty() {
            self.last = self.commit.map(|(id, _)| id).or(self.last);
        }
    }

    fn item(&self, change: Change) -> Result<Item, ArchiveError> {
        match change {
            Change::Added(blob) => self.mail(blob).map(Item::Mail),
            Change::Removed(blob) => self.mail(blob).map(Item::Removal),
        }
    }

    fn mail(&self, blob: Oid) -> Result<RawMail, ArchiveError> {
        let (commit, received) = self.commit.unwrap_or((Oid::ZERO_SHA1, None));
        let bytes = self.objects.blob(blob).map_err(|unread| match unread {
            Unread::Git(source) => self.commit_error(commit, source),
            Unread::TooLarge(bytes) => {
                let (path, commit) = (self.path.clone(), commit.to_string());
                ArchiveError::TooLarge { path, commit, bytes }
            }
        })?;
        let place = Place::Commit(self.name.clone(), sha1(commit));
        Ok(RawMail {
            bytes,
            list: self.list.clone(),
            received,
            blob: Some(BlobId(sha1(blob))),
            place,
        })
    }

    fn commit_error(&self, id: Oid, source: Error) -> ArchiveError {
        ArchiveError::Commit { path: self.path.clone(), commit: id.to_string(), source }
    }
}

fn circle() -> Error {
    let message = "its history leads back to it";
    Error::new(ErrorCode::Invalid, ErrorClass::Object, message)
}

fn sha1(id: Oid) -> [u8; 20] {
    id.as_bytes().try_into().unwrap_or_default()
}

/// The commits whose parents a shallow clone left out (gitrepository-layout(5)).
fn shallow(repository: &Utf8Path) -> Vec<String> {
    let text = fs::read_to_string(repository.join("shallow")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

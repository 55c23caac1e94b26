//! public-inbox repositories: v2 epochs with one message a commit, in the file `m`
//! (public-inbox-v2-format(5)), and v1 inboxes with one message a file
//! (public-inbox-v1-format(5)).

mod blobs;
mod changes;
mod history;
mod objects;

use camino::Utf8Path;
use git2::{BranchType, ErrorCode, Oid, Repository};

pub use blobs::{Blobs, read_blob};
pub(crate) use history::History;

use crate::ArchiveError;
use objects::Objects;
pub(crate) use objects::tune;

/// How many commits are looked at before a repository counts as one without mail.
const LOOK_AT: usize = 200;

/// Where a repository keeps its mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// v1: `f2/8c6cfd2b0a65f994c3e1be266105413b3d3f63`, after the SHA-1 of the Message-ID.
    Files,
    /// v2: `m` for a mail, `d` for one that is gone.
    Commits,
}

/// Whether a folder is a git repository, bare or with a work tree.
pub(crate) fn is_repository(path: &Utf8Path) -> bool {
    let bare = |path: &Utf8Path| path.join("HEAD").is_file() && path.join("objects").is_dir();
    bare(path) || path.join(".git").exists()
}

/// # Errors
/// When the repository cannot be opened, or none of its newest commits holds a mail.
pub(crate) fn layout(path: &Utf8Path) -> Result<Layout, ArchiveError> {
    let objects = Objects::open(path)?;
    let mut next = tip(objects.repository());
    if next.is_none() {
        return Err(ArchiveError::NoCommits { path: path.to_owned() });
    }
    for _ in 0..LOOK_AT {
        let Some(id) = next else { break };
        // A commit that is damaged is for the reading to report.
        let Ok(commit) = objects.commit(id) else { return Ok(Layout::Commits) };
        if let Some(layout) = changes::layout(&objects, commit.tree) {
            return Ok(layout);
        }
        next = commit.parent;
    }
    Err(ArchiveError::NoMessages { path: path.to_owned() })
}

/// Whether a cursor's commit is in a repository.
pub(crate) fn holds(path: &Utf8Path, cursor: &str) -> bool {
    let commit = read_cursor(cursor);
    commit.is_some_and(|id| Objects::open(path).is_ok_and(|objects| objects.commit(id).is_ok()))
}

pub(crate) fn open(path: &Utf8Path) -> Result<Repository, ArchiveError> {
    let path = path.to_owned();
    Repository::open(&path).map_err(|source| match source.code() {
        ErrorCode::Owner => ArchiveError::NotOurs { path },
        _ => ArchiveError::Git { path, source },
    })
}

fn read_cursor(text: &str) -> Option<Oid> {
    Oid::from_str(text.strip_prefix("git:").filter(|hex| hex.len() == 40)?).ok()
}

/// The newest commit: of HEAD, or of another branch when HEAD leads nowhere.
fn tip(repository: &Repository) -> Option<Oid> {
    let known = ["HEAD", "refs/heads/master", "refs/heads/main"];
    let known = known.iter().find_map(|name| repository.refname_to_id(name).ok());
    known.or_else(|| {
        let branches = repository.branches(Some(BranchType::Local)).ok()?;
        branches.flatten().find_map(|(branch, _)| branch.get().target())
    })
}

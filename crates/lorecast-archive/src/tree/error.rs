//! What can be wrong with a tree.

use std::fmt;

use camino::Utf8PathBuf;
use lorecast_model::CommitId;
use thiserror::Error;

/// Why a tree cannot be read. Nothing of the reading is to be kept then: the state of the last good
/// one stands. Each message ends in the next step.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TreeError {
    /// There is nothing at the path.
    #[error("the tree `{path}` does not exist: check its path in show.yaml, or clone it there")]
    NotFound {
        /// What was asked for.
        path: Utf8PathBuf,
    },
    /// Something else than a repository.
    #[error(
        "`{path}` is not a git repository: name the folder that holds `.git`, or a bare repository"
    )]
    NotRepository {
        /// What was asked for.
        path: Utf8PathBuf,
    },
    /// Git does not read repositories of other users unless it is told that they are safe.
    #[error(
        "the tree `{path}` belongs to another user: if you trust it, run `git config --global --add \
         safe.directory {path}`"
    )]
    NotOurs {
        /// The repository.
        path: Utf8PathBuf,
    },
    /// A repository of a format that is not read: SHA-256, reftable.
    #[error(
        "the tree `{path}` is stored in a way that is not read ({source}): clone it again, in git's \
         default format"
    )]
    Format {
        /// The repository.
        path: Utf8PathBuf,
        /// What git says.
        source: git2::Error,
    },
    /// Git cannot read the repository.
    #[error(
        "cannot read the tree `{path}` ({source}): run `git -C {path} fsck`, or clone it again"
    )]
    Git {
        /// The repository.
        path: Utf8PathBuf,
        /// What git says.
        source: git2::Error,
    },
    /// A repository without any branch.
    #[error("the tree `{path}` has no branch: run `git -C {path} fetch`, or clone it again")]
    NoBranches {
        /// The repository.
        path: Utf8PathBuf,
    },
    /// No branch is called as `show.yaml` says.
    #[error(
        "no branch of the tree `{path}` matches {}: correct `branches` in show.yaml, there are {}",
        list(patterns),
        list(branches)
    )]
    NoMatch {
        /// The repository.
        path: Utf8PathBuf,
        /// What was asked for.
        patterns: Vec<String>,
        /// Some of the branches that there are.
        branches: Vec<String>,
    },
    /// No tag is called like the release that was asked for.
    #[error("the tree `{path}` has no release `{tag}`: {}", newest_of(newest))]
    NoRelease {
        /// The repository.
        path: Utf8PathBuf,
        /// What was asked for.
        tag: String,
        /// Its newest releases.
        newest: Vec<String>,
    },
    /// The file of a ref is damaged, so that nobody knows where the branch stood.
    #[error(
        "the ref `{name}` of the tree `{path}` is damaged: fetch it again with `git -C {path} \
         fetch`, or delete it with `git -C {path} update-ref -d {name}`"
    )]
    Ref {
        /// The repository.
        path: Utf8PathBuf,
        /// The full name of the ref.
        name: String,
    },
    /// A partial clone, from which files are missing that diffs are made of.
    #[error(
        "the tree `{path}` is a partial clone, object {object} was left out: run `git -C {path} \
         fetch --refetch --no-filter`, or clone it again without `--filter`"
    )]
    Partial {
        /// The repository.
        path: Utf8PathBuf,
        /// The object, as hex digits.
        object: CommitId,
    },
    /// An object is missing or damaged.
    #[error(
        "object {object} of the tree `{path}` is missing or damaged ({source}): run `git -C {path} \
         fsck`, or clone it again"
    )]
    Object {
        /// The repository.
        path: Utf8PathBuf,
        /// The object, as hex digits.
        object: CommitId,
        /// What git says.
        source: git2::Error,
    },
}

/// What is to be known of a reading that went well.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TreeNotice {
    /// The clone is shallow: what is older than it is missing.
    Shallow {
        /// The repository.
        path: Utf8PathBuf,
    },
    /// No branch matches one of several patterns.
    Unmatched {
        /// The repository.
        path: Utf8PathBuf,
        /// The pattern.
        pattern: String,
    },
    /// A commit changes so much that its diff was cut: it can only be known by its message.
    Cut {
        /// The repository.
        path: Utf8PathBuf,
        /// The commit.
        commit: CommitId,
    },
    /// There are more commits than are read at once; the oldest were left out.
    TooMany {
        /// The repository.
        path: Utf8PathBuf,
    },
}

impl fmt::Display for TreeNotice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shallow { path } => write!(
                f,
                "the tree `{path}` is a shallow clone, its older commits are missing: run `git -C \
                 {path} fetch --unshallow`"
            ),
            Self::Unmatched { path, pattern } => {
                write!(f, "no branch of the tree `{path}` matches `{pattern}`")
            }
            Self::Cut { path, commit } => {
                write!(f, "commit {commit} of the tree `{path}` changes too much: its diff was cut")
            }
            Self::TooMany { path } => {
                write!(f, "the tree `{path}` has too many commits: the oldest were left out")
            }
        }
    }
}

fn newest_of(names: &[String]) -> String {
    match names {
        [] => "it has no tag that names a version; fetch them with `git fetch --tags`".to_owned(),
        names => format!("the newest are {}", list(names)),
    }
}

fn list(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

//! Upstream git trees, their commits, and the patches that became commits.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{CommitId, Mailbox, MessageId};

/// What a tree is for. Decides what a commit in it means for a patch.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum TreeRole {
    /// A maintainer's tree: a patch in it is on its way.
    #[default]
    Maintainer,
    /// linux-next, or another tree that is put together anew all the time.
    Next,
    /// The tree that releases are made of: a patch in it has landed.
    Mainline,
    /// Fixes carried over to releases: its commits are backports.
    Stable,
}

impl TreeRole {
    /// The stable name, as `show.yaml` spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Maintainer => "maintainer",
            Self::Next => "next",
            Self::Mainline => "mainline",
            Self::Stable => "stable",
        }
    }
}

/// A commit as read from a tree, or from the mail that a bot sent for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its name.
    pub id: CommitId,
    /// The names of its parents; more than one for a merge.
    pub parents: Vec<CommitId>,
    /// Who wrote the change.
    pub author: Mailbox,
    /// When it was written, UTC.
    pub authored: Timestamp,
    /// Who put it into the tree.
    pub committer: Mailbox,
    /// When it was put there, UTC.
    pub committed: Timestamp,
    /// The whole message: title, empty line, text, trailers.
    pub message: String,
    /// The change against the first parent as unified diffs, one a setting in which diffs may be
    /// posted: git's default first, others only where they differ. Empty for a merge.
    pub diffs: Vec<String>,
}

impl Commit {
    /// The first line of the message.
    pub fn title(&self) -> &str {
        self.message.lines().next().unwrap_or_default().trim()
    }

    /// Whether it joins histories.
    pub fn is_merge(&self) -> bool {
        self.parents.len() > 1
    }
}

/// A patch that became a commit of a tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Landing {
    /// The posted patch.
    pub message: MessageId,
    /// The name of the tree.
    pub tree: String,
    /// The commit.
    pub commit: CommitId,
    /// How the two were recognised as one.
    pub how: Match,
    /// How sure that is, from 0 to 1.
    pub score: f64,
}

/// How a commit was recognised as a posted patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Match {
    /// The commit names the message (`Link:`, `Message-ID:`).
    Link,
    /// Both have the same stable patch id, under one of several diff settings.
    PatchId,
    /// They share most of their changed lines, or their title and author: edited on the way.
    Similar,
}

impl Match {
    /// The stable name, as `export` prints it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::PatchId => "patch-id",
            Self::Similar => "similar",
        }
    }
}

impl fmt::Display for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The releases that a commit came out in first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Released {
    /// The first tag that contains it: `v6.4-rc1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// The first final release: `v6.4`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
}

/// What a pull request asks for (git-request-pull(1)).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullRequest {
    /// The commit that the changes start from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<CommitId>,
    /// The repository to pull from.
    pub url: String,
    /// The tag or branch there; its HEAD when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The last commit to pull.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tip: Option<CommitId>,
}

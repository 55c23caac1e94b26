//! What is kept of posted patches, upstream trees and the commits in them.

use jiff::Timestamp;
use lorecast_model::{
    ClueKey, CommitId, Event, Landing, Mailbox, Match, MessageId, PullRequest, Released, TreeRole,
};
use serde::Serialize;

/// What the tracker compares of a patch or a commit: opaque to the store, but for the keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matter {
    /// What it is found by: a patch and the commit that it became have at least one in common.
    pub keys: Vec<ClueKey>,
    /// The rest.
    pub bytes: Vec<u8>,
}

/// What one thread says beside its revisions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// What happened to each revision or pull request, by its root.
    pub events: Vec<(MessageId, Vec<Event>)>,
    /// Its patches.
    pub patches: Vec<(MessageId, Matter)>,
    /// Mails in it that say something of postings in other threads, and what those are found by.
    pub notices: Vec<(MessageId, Vec<ClueKey>)>,
    /// Its pull requests.
    pub pulls: Vec<Pull>,
}

/// A mail that asks to pull.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pull {
    /// The mail.
    pub id: MessageId,
    /// Its title without tags.
    pub title: String,
    /// Who asks.
    pub from: Mailbox,
    /// When, UTC.
    pub date: Timestamp,
    /// What it asks for.
    pub request: PullRequest,
}

/// A commit to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptCommit {
    /// Its name.
    pub id: CommitId,
    /// When it was put into the tree, UTC.
    pub date: Timestamp,
    /// The first line of its message.
    pub title: String,
    /// What the tracker compares.
    pub matter: Matter,
    /// The start of the name of the commit that it takes back.
    pub reverts: Option<String>,
    /// The start of the name of the commit that it was carried over from.
    pub origin: Option<String>,
    /// Only a mail tells of it: what a tree says is never replaced by that.
    pub hearsay: bool,
}

/// A merge, and what it brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// The merge commit.
    pub id: CommitId,
    /// The commit that it joined.
    pub tip: CommitId,
    /// What came with it, oldest first.
    pub brought: Vec<CommitId>,
}

/// A step of reading a tree, kept whole or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TreeStep {
    /// The name of the tree.
    pub tree: String,
    /// What it is for.
    pub role: TreeRole,
    /// Where its branches stand, opaque to the store; nothing while more steps follow.
    pub tips: Option<String>,
    /// Commits that are new in this tree.
    pub commits: Vec<KeptCommit>,
    /// Commits that this tree does not hold any more.
    pub gone: Vec<CommitId>,
    /// When merges brought commits of this tree.
    pub entered: Vec<(CommitId, Timestamp)>,
    /// Releases that commits of this tree came out in.
    pub released: Vec<(CommitId, Released)>,
    /// Merges in this tree.
    pub merges: Vec<Merge>,
}

/// A tree that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeState {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub role: TreeRole,
    /// What the last good reading said of its branches; opaque to the store.
    pub tips: Option<String>,
    /// How many commits of it are kept, those that are gone included.
    pub commits: u64,
    /// How many of them it does not hold any more.
    pub gone: u64,
}

/// A patch that a commit was recognised as.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundLanding {
    /// The mail that posted it.
    pub message: MessageId,
    /// How it was recognised.
    pub how: Match,
    /// How sure that is, from 0 to 1.
    pub score: f64,
}

/// Where a commit is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holding {
    /// The tree.
    pub tree: String,
    /// What it is for.
    pub role: TreeRole,
    /// The commit.
    pub commit: CommitId,
    /// When it came there, UTC: was merged, or made.
    pub date: Timestamp,
    /// The first line of its message.
    pub title: String,
    /// The tree held it once and does not any more.
    pub gone: bool,
    /// The releases that it came out in.
    pub released: Released,
}

/// A landing, the place of the commit, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Landed {
    /// The landing.
    pub landing: Landing,
    /// Where the commit is.
    pub holding: Holding,
    /// Later commits that take it back, where they are.
    pub reverted: Vec<Holding>,
    /// Commits of other trees that carry it over, where they are.
    pub carried: Vec<Holding>,
}

//! Who did something, and when.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Deed;

/// The number of an entry of the journal, from 1. Whatever the entry began has this number as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryId(pub u64);

/// An account, known by the entry that opened it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(pub EntryId);

/// What somebody may do in a show; each may do what those before may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Votes and reports.
    Reader,
    /// Claims, annotates, comments, suggests and proposes.
    Contributor,
    /// Accepts and declines, hides and bans, edits the episode.
    Editor,
    /// Says who is what.
    Owner,
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// Somebody who is not signed in.
    Visitor,
    /// The show itself: its producer at the command line, or the server.
    Show,
    /// Somebody who is signed in.
    Account(AccountId),
}

/// A deed that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place in the journal.
    pub id: EntryId,
    /// When, UTC.
    pub at: Timestamp,
    /// Who.
    pub by: By,
    /// What.
    #[serde(flatten)]
    pub deed: Deed,
}

impl By {
    /// The account, if somebody was signed in.
    pub fn account(self) -> Option<AccountId> {
        match self {
            Self::Account(id) => Some(id),
            Self::Visitor | Self::Show => None,
        }
    }
}

impl Role {
    /// All of them, the one who may do least first.
    pub const ALL: [Self; 4] = [Self::Reader, Self::Contributor, Self::Editor, Self::Owner];

    /// As pages and people write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Contributor => "contributor",
            Self::Editor => "editor",
            Self::Owner => "owner",
        }
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

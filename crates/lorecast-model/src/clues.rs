//! What a revision says that helps to recognise others of the same work.

use serde::{Deserialize, Serialize};

use crate::{MessageId, Revision, Version};

/// A revision and its clues, as the tracker reads both from a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// The revision.
    pub revision: Revision,
    /// What it says about others.
    pub clues: Clues,
}

/// What a revision says that helps to recognise others of the same work.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Clues {
    /// What `change-id:` says: the name that b4 gives to a piece of work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change_id: Option<String>,
    /// Messages that it names as earlier revisions, each with the version it is said to be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<(Option<Version>, MessageId)>,
    /// Messages outside of it that its root answers, the nearest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<MessageId>,
    /// The smallest hashes of the lines that it adds and removes, in order: a sample that is the
    /// same for equal lines (Broder, "On the resemblance and containment of documents", 1997).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<u32>,
    /// Hashes of the files that it changes, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<u32>,
    /// What it is found by: two revisions of one work have at least one key in common.
    pub keys: Vec<ClueKey>,
}

/// Something that two revisions of one work have in common, hashed: a title, a named message, a
/// line. The store finds revisions by it and needs to know no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClueKey(pub i64);

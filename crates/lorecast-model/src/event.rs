//! What happened to a revision, each with the message or commit that proves it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{CommitId, MessageId};

/// Something that happened to a revision or to some of its patches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Event {
    /// When, UTC.
    pub date: Timestamp,
    /// What.
    #[serde(flatten)]
    pub what: What,
    /// Who said or did it, spelt as there.
    pub who: String,
    /// What proves it.
    pub proof: Proof,
    /// The numbers of the patches concerned; empty when it is about all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patches: Vec<u32>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum What {
    /// Somebody other than the author answered.
    Answered,
    /// Somebody vouched for it with a trailer: the key, such as `reviewed-by`.
    Vouched {
        /// The key of the trailer in lower case.
        key: String,
    },
    /// A reviewer asked for another version.
    ChangesRequested,
    /// The author said that another version comes.
    Promised,
    /// A maintainer's tree took it.
    Applied {
        /// The tree as the mail names it, or as `show.yaml` does; may be empty.
        tree: String,
        /// The commit that it became, when the mail says so; may be shortened.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        commit: Option<String>,
    },
    /// It is in linux-next.
    Next,
    /// It is in mainline.
    Landed {
        /// The first tag that contains it, when there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tag: Option<String>,
        /// The first final release that contains it, when there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        release: Option<String>,
        /// The commit that it became there (of a pull request: the merge), when the mail says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        commit: Option<String>,
    },
    /// A stable release carries it, or is about to.
    Stable {
        /// The first release of that branch, such as `v6.1.25`, or what the mail says (`6.1`).
        release: String,
    },
    /// It was applied and then taken out again.
    Dropped {
        /// The tree that it left.
        tree: String,
    },
    /// A later commit undid it.
    Reverted,
    /// A maintainer turned it down.
    Rejected,
}

impl What {
    /// As a person would say it, without who and when.
    pub fn in_words(&self) -> String {
        let named =
            |tree: &str| if tree.is_empty() { String::new() } else { format!(" to {tree}") };
        match self {
            Self::Answered => "answered".to_owned(),
            Self::Vouched { key } => format!("{key} given"),
            Self::ChangesRequested => "changes requested".to_owned(),
            Self::Promised => "another version promised".to_owned(),
            Self::Applied { tree, .. } => format!("applied{}", named(tree)),
            Self::Next => "in linux-next".to_owned(),
            Self::Landed { tag, .. } => match tag {
                Some(tag) => format!("landed in {tag}"),
                None => "landed in mainline".to_owned(),
            },
            // A mail names the branch that it proposes a patch for; a tree its tag, or itself.
            Self::Stable { release } if release.starts_with(|c: char| c.is_ascii_digit()) => {
                format!("on its way to stable {release}")
            }
            Self::Stable { release } => format!("in stable {release}"),
            Self::Dropped { tree } if tree.is_empty() => "dropped".to_owned(),
            Self::Dropped { tree } => format!("dropped from {tree}"),
            Self::Reverted => "reverted".to_owned(),
            Self::Rejected => "rejected".to_owned(),
        }
    }
}

/// What proves an event.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// A mail.
    Message(MessageId),
    /// A commit of a tree.
    Commit {
        /// The name of the tree in `show.yaml`.
        tree: String,
        /// The commit.
        id: CommitId,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(event: What, expected: &str) {
        assert_eq!(event.in_words(), expected);
    }

    #[test]
    fn a_release_is_reached_and_a_branch_is_headed_for() {
        let stable = |release: &str| What::Stable { release: release.to_owned() };
        check(stable("6.1"), "on its way to stable 6.1");
        check(stable("v6.1.25"), "in stable v6.1.25");
    }

    #[test]
    fn what_an_author_says_is_no_request() {
        check(What::Promised, "another version promised");
        check(What::ChangesRequested, "changes requested");
    }
}

//! Pieces of work and their revisions.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Mailbox, MessageId, Proof, SeriesId};

/// What the brackets and prefixes of a subject say, and the title that remains.
///
/// `Re: [RFC PATCH net-next v3 02/10] foo: bar` reads as a reply, `rfc`, `patch`, trees
/// `[net-next]`, version 3, number 2 of 10, title `foo: bar`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectTags {
    /// The subject began with `Re:`, `AW:` or a like prefix.
    pub reply: bool,
    /// A `PATCH` word, or a bare `n/m`, was there.
    pub patch: bool,
    /// A pull request (`[GIT PULL]`, `[PULL]`).
    pub pull: bool,
    /// Marked RFC (Request For Comments).
    pub rfc: bool,
    /// Marked RESEND.
    pub resend: bool,
    /// Marked ANNOUNCE.
    pub announce: bool,
    /// The version, 1 when none is given.
    pub version: Version,
    /// `n` of `n/m`.
    pub number: Option<u32>,
    /// `m` of `n/m`.
    pub total: Option<u32>,
    /// Other words in the brackets, such as tree names, in order.
    pub trees: Vec<String>,
    /// What is left: the title as one would read it aloud.
    pub title: String,
}

/// The version of a revision. Ordered by number, then by the digit behind the dot (`v5.1`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Version {
    /// 5 of `v5.1`.
    pub major: u32,
    /// 1 of `v5.1`, 0 when there is none.
    pub minor: u32,
}

impl Default for Version {
    fn default() -> Self {
        Self { major: 1, minor: 0 }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.minor {
            0 => write!(f, "{}", self.major),
            minor => write!(f, "{}.{minor}", self.major),
        }
    }
}

/// One piece of work: all its revisions, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// Names the series.
    pub id: SeriesId,
    /// Its revisions in order of version, then of date.
    pub revisions: Vec<Revision>,
}

/// One posting of a series: v1, v2, …
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// The cover letter, or the first patch when there is none. Names the revision.
    pub root: MessageId,
    /// The series that it belongs to.
    pub series: SeriesId,
    /// v1, v2, …
    pub version: Version,
    /// The root of the revision before, when there is one.
    pub previous: Option<MessageId>,
    /// How `previous` was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tie: Option<Tie>,
    /// How sure `previous` is, in percent.
    #[serde(default)]
    pub confidence: u8,
    /// The root of the first revision that continues it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<MessageId>,
    /// The title of the cover letter or of the only patch.
    pub title: String,
    /// Who posted it.
    pub author: Mailbox,
    /// UTC, of the root.
    pub date: Timestamp,
    /// Marked RFC.
    pub rfc: bool,
    /// Marked RESEND.
    #[serde(default)]
    pub resend: bool,
    /// Other words in the brackets of its subjects, such as the tree it is for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trees: Vec<String>,
    /// The cover letter (0/m), when there is one.
    pub cover: Option<CoverLetter>,
    /// The patches we hold, by number.
    pub patches: Vec<Patch>,
    /// Patches that were posted and whose place another took (`v5.1 10/12`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<Patch>,
    /// `m` of `n/m`: how many patches the author announced.
    pub announced: u32,
    /// Where it stands, as far as the mails of its thread tell.
    pub state: State,
}

impl Revision {
    /// The numbers of the patches that were announced and that we do not hold.
    pub fn holes(&self) -> Vec<u32> {
        let held = |number: &u32| self.patches.iter().any(|patch| patch.number == *number);
        // A subject may announce billions.
        let most = self.announced.min(self.patches.len() as u32 + Self::MOST_HOLES);
        (1..=most).filter(|number| !held(number)).take(Self::MOST_HOLES as usize).collect()
    }

    /// The most holes that are counted.
    pub const MOST_HOLES: u32 = 1000;

    /// The ids of everything in it: root, cover letter, patches, and those that were replaced. The
    /// root may come twice.
    pub fn messages(&self) -> impl Iterator<Item = &MessageId> {
        let cover = self.cover.iter().map(|cover| &cover.id);
        let patches = self.patches.iter().chain(&self.replaced).map(|patch| &patch.id);
        std::iter::once(&self.root).chain(cover).chain(patches)
    }
}

/// How a revision was recognised as the continuation of another; the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tie {
    /// Both carry the same `change-id:` (b4).
    ChangeId,
    /// The mail names the earlier revision: `Link to v2: https://lore.kernel.org/r/…`.
    Link,
    /// It answers the earlier revision.
    Reply,
    /// The same sender posted the same title.
    Title,
    /// Most of the patches have the same titles.
    Patches,
    /// The patches add and remove the same lines.
    Lines,
}

impl Tie {
    /// The stable name, as `series` and `export` print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ChangeId => "change-id",
            Self::Link => "link",
            Self::Reply => "reply",
            Self::Title => "title",
            Self::Patches => "patches",
            Self::Lines => "lines",
        }
    }
}

/// The message that introduces a series, `0/m`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverLetter {
    /// Its id.
    pub id: MessageId,
}

/// One patch of a revision, `n/m`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patch {
    /// Its id.
    pub id: MessageId,
    /// `n` of `n/m`, 1 for a single patch.
    pub number: u32,
    /// Its title without tags.
    pub title: String,
}

/// Where a revision stands, with what proves it; the later ones weigh more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum State {
    /// Posted; nobody has said anything.
    #[default]
    Posted,
    /// Others have answered.
    UnderReview {
        /// The last word.
        last: MessageId,
    },
    /// Nobody has said anything for a season.
    Stale {
        /// The last word, or the posting.
        last: MessageId,
    },
    /// A reviewer asked for another version.
    ChangesRequested {
        /// The mail that asks.
        by: MessageId,
    },
    /// A maintainer turned it down.
    Rejected {
        /// The mail that says so.
        by: MessageId,
    },
    /// A later revision took its place.
    Superseded {
        /// The root of that revision.
        by: MessageId,
    },
    /// It was applied, and then taken out again.
    Dropped {
        /// The mail that says so, or the commit that is gone.
        by: Proof,
    },
    /// A maintainer's tree took it.
    Applied {
        /// The mail that says so, or the commit.
        by: Proof,
    },
    /// It is in linux-next.
    Next {
        /// The commit, or the mail that says so.
        by: Proof,
    },
    /// It is in mainline.
    Landed {
        /// The commit, or the mail that says so.
        by: Proof,
        /// The first tag that contains it, when there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tag: Option<String>,
        /// The first final release, when there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        release: Option<String>,
    },
    /// It was in mainline, and a later commit undid it.
    Reverted {
        /// The commit or mail that did.
        by: Proof,
    },
}

impl State {
    /// The stable name, as `export` prints it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Posted => "posted",
            Self::UnderReview { .. } => "under-review",
            Self::Stale { .. } => "stale",
            Self::ChangesRequested { .. } => "changes-requested",
            Self::Rejected { .. } => "rejected",
            Self::Superseded { .. } => "superseded",
            Self::Dropped { .. } => "dropped",
            Self::Applied { .. } => "applied",
            Self::Next { .. } => "next",
            Self::Landed { .. } => "landed",
            Self::Reverted { .. } => "reverted",
        }
    }

    /// A maintainer has it, or it is further on its way.
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::Applied { .. } | Self::Next { .. } | Self::Landed { .. })
    }
}

/// A line such as `Reviewed-by: A Name <a@b>` (git-interpret-trailers(1)).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Trailer {
    /// The key in lower case: `reviewed-by`.
    pub key: String,
    /// What stands behind the colon, trimmed.
    pub value: String,
}

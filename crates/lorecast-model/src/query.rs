//! A search, already parsed: engines translate it, nobody passes them text.

use std::fmt;
use std::ops::BitOr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Defect, MessageId};

/// What to look for. The empty `And` matches everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Query {
    /// A word in one of some fields. What is joined by `-`, `/`, `.`, `:`, `@` or `\\` is a phrase;
    /// of other words in it, each must occur.
    Word {
        /// Where to look.
        fields: Fields,
        /// The word, as written.
        word: String,
        /// Which words are the same.
        like: Like,
    },
    /// Words in this order, side by side, within one of some fields.
    Phrase {
        /// Where to look.
        fields: Fields,
        /// The words.
        words: Vec<String>,
    },
    /// Came through a list whose id has these words side by side: `linux-pci`, `vger.kernel.org`.
    List(String),
    /// Dated from `from` (inclusive) to `to` (exclusive), UTC.
    Dated {
        /// No earlier than this.
        from: Option<Timestamp>,
        /// Earlier than this.
        to: Option<Timestamp>,
    },
    /// Reached an archive from `from` (inclusive) to `to` (exclusive), UTC.
    Arrived {
        /// No earlier than this.
        from: Option<Timestamp>,
        /// Earlier than this.
        to: Option<Timestamp>,
    },
    /// Has this Message-ID.
    Id(MessageId),
    /// Has this defect.
    Defect(Defect),
    /// All of these.
    And(Vec<Query>),
    /// At least one of these.
    Or(Vec<Query>),
    /// An odd number of these.
    Xor(Vec<Query>),
    /// Not this.
    Not(Box<Query>),
}

/// Which words a word stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Like {
    /// Itself, whatever its case.
    Exact,
    /// All words with its English stem: `tests`, `tested` and `testing` for `test`. As in lore, a
    /// word that does not begin with a small letter stands for itself.
    #[default]
    Stem,
    /// All words that begin so.
    Prefix,
}

/// A part of a mail that is searched on its own.
///
/// The order is the order of the columns in a store: only ever append.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Field {
    /// The subject.
    Subject,
    /// The sender's name and address.
    From,
    /// The main recipients.
    To,
    /// The other recipients.
    Cc,
    /// The sender's own words.
    Unquoted,
    /// Quoted text.
    Quoted,
    /// File names of attachments.
    Attachment,
    /// The Message-ID.
    Id,
    /// Paths of the files that a diff changes.
    Path,
    /// Removed lines.
    Removed,
    /// Added lines.
    Added,
    /// What stands behind the `@@` of a hunk: mostly the name of a function.
    Hunk,
    /// Lines of context.
    Context,
    /// Git's names of the files before the change.
    Pre,
    /// Git's names of the files after the change.
    Post,
    /// `git patch-id --stable` of the diff.
    PatchId,
}

impl Field {
    /// All of them, in their order.
    pub const ALL: [Self; 16] = [
        Self::Subject,
        Self::From,
        Self::To,
        Self::Cc,
        Self::Unquoted,
        Self::Quoted,
        Self::Attachment,
        Self::Id,
        Self::Path,
        Self::Removed,
        Self::Added,
        Self::Hunk,
        Self::Context,
        Self::Pre,
        Self::Post,
        Self::PatchId,
    ];
}

/// A set of fields.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(u32);

impl Fields {
    /// The diff, with all that belongs to it.
    pub const DIFF: Self = Self::of(&[
        Field::Path,
        Field::Removed,
        Field::Added,
        Field::Hunk,
        Field::Context,
        Field::Pre,
        Field::Post,
        Field::PatchId,
    ]);
    /// What the sender wrote: own words and diff.
    pub const OWN: Self = Self::of(&[Field::Unquoted]).with(Self::DIFF);
    /// All text below the headers.
    pub const BODY: Self = Self::of(&[Field::Quoted]).with(Self::OWN);
    /// Where a word without a prefix is looked for.
    pub const ANY: Self =
        Self::of(&[Field::Subject, Field::From, Field::Attachment, Field::Id]).with(Self::BODY);

    /// A set of these.
    pub const fn of(fields: &[Field]) -> Self {
        let (mut bits, mut at) = (0, 0);
        while at < fields.len() {
            bits |= 1 << fields[at] as u32;
            at += 1;
        }
        Self(bits)
    }

    /// Both sets together.
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a field is in the set.
    pub const fn has(self, field: Field) -> bool {
        self.0 & (1 << field as u32) != 0
    }

    /// The fields of the set, in order.
    pub fn iter(self) -> impl Iterator<Item = Field> {
        Field::ALL.into_iter().filter(move |field| self.has(*field))
    }
}

impl From<Field> for Fields {
    fn from(field: Field) -> Self {
        Self::of(&[field])
    }
}

impl BitOr for Fields {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        self.with(other)
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ANY => f.write_str("ANY"),
            Self::BODY => f.write_str("BODY"),
            Self::OWN => f.write_str("OWN"),
            Self::DIFF => f.write_str("DIFF"),
            _ => f.debug_set().entries(self.iter()).finish(),
        }
    }
}

/// In which order results come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    /// The best match first; among equals the newest.
    #[default]
    Relevance,
    /// The newest first.
    Newest,
}

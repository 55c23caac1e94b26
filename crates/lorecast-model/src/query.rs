//! A search, already parsed: engines translate it, nobody passes them text.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ListId;

/// What to look for. The empty `And` matches everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Query {
    /// A word in a field; `prefix` when it was written `word*`.
    Word {
        /// Where to look.
        field: Field,
        /// The word, as written.
        word: String,
        /// True to match all words that begin so.
        prefix: bool,
    },
    /// Words in this order, side by side.
    Phrase {
        /// Where to look.
        field: Field,
        /// The words.
        words: Vec<String>,
    },
    /// Came through this list.
    List(ListId),
    /// Dated from `from` (inclusive) to `to` (exclusive), UTC.
    Dated {
        /// No earlier than this.
        from: Option<Timestamp>,
        /// Earlier than this.
        to: Option<Timestamp>,
    },
    /// All of these.
    And(Vec<Query>),
    /// At least one of these.
    Or(Vec<Query>),
    /// Not this.
    Not(Box<Query>),
}

/// Where a word is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Field {
    /// Subject, sender and prose.
    Any,
    /// `s:`
    Subject,
    /// `f:` the sender's name and address.
    From,
    /// `b:` the prose.
    Body,
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

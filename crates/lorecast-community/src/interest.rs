//! What somebody wants to hear of, and how.

use lorecast_model::{MessageId, PersonId};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// What somebody follows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Interest {
    /// A thread, by a message of it: its mails, and the episodes that tell of it.
    Thread(MessageId),
    /// A series, by a message of it: its revisions, where they land, the episodes that tell of it.
    Series(MessageId),
    /// A person: the series and threads that they begin.
    Person(PersonId),
    /// A story, by its message: all that can be new of its thread and its series.
    Story(MessageId),
    /// A search, in lore's query language: the mails that match.
    Search(String),
}

/// How somebody hears of what is new, beside the page and the feed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    /// By no mail.
    #[default]
    Never,
    /// By one mail a day at most.
    Daily,
    /// By one mail a week at most.
    Weekly,
}

/// Names one piece of news for ever, whoever finds it: 64 bits of the SHA-256 of what it is, in hexadecimal digits.
/// Among the thousands that one account is told of, two of one key are less likely than a broken disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NewsKey(String);

impl Interest {
    /// What kind it is, as forms and addresses write it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Thread(_) => "thread",
            Self::Series(_) => "series",
            Self::Person(_) => "person",
            Self::Story(_) => "story",
            Self::Search(_) => "search",
        }
    }

    /// What it is of: a Message-ID, the id of a person, or the words of a search.
    pub fn of(&self) -> &str {
        match self {
            Self::Thread(id) | Self::Series(id) | Self::Story(id) => id.as_str(),
            Self::Person(id) => &id.0,
            Self::Search(text) => text,
        }
    }

    /// Reads what [`Interest::kind`] and [`Interest::of`] write; nothing for anything else.
    pub fn read(kind: &str, of: &str) -> Option<Self> {
        let message = || MessageId::new(of).ok();
        match kind {
            "thread" => message().map(Self::Thread),
            "series" => message().map(Self::Series),
            "story" => message().map(Self::Story),
            "person" => Some(Self::Person(PersonId(of.to_owned()))),
            "search" => Some(Self::Search(of.to_owned())),
            _ => None,
        }
    }
}

impl Notice {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Never, Self::Daily, Self::Weekly];

    /// As forms write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
        }
    }
}

impl NewsKey {
    /// Of the kind of news and what it is about.
    pub fn new(kind: &str, about: &str) -> Self {
        let digest = Sha256::new().chain_update(kind).chain_update([0]).chain_update(about);
        let mut digits = data_encoding::HEXLOWER.encode(&digest.finalize());
        digits.truncate(16);
        Self(digits)
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interest_reads_what_it_wrote() {
        for (kind, of) in [
            ("thread", "1@x"),
            ("series", "1@x"),
            ("story", "1@x"),
            ("person", "ann-vogel"),
            ("search", "s:slab f:ann"),
        ] {
            let interest = Interest::read(kind, of).unwrap();
            assert_eq!((interest.kind(), interest.of()), (kind, of));
        }
        assert_eq!(Interest::read("thread", "a b"), None);
        assert_eq!(Interest::read("list", "1@x"), None);
    }

    #[test]
    fn a_key_depends_on_kind_and_matter() {
        assert_eq!(NewsKey::new("mail", "1@x"), NewsKey::new("mail", "1@x"));
        assert_ne!(NewsKey::new("mail", "1@x"), NewsKey::new("mail1", "@x"));
        assert_eq!(serde_json::to_string(&NewsKey::new("a", "b")).unwrap().len(), 18);
    }
}

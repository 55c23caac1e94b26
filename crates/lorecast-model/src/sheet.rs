//! The two texts of an episode.

use serde::{Deserialize, Serialize};

/// A text of an episode that people edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sheet {
    /// The show notes.
    Notes,
    /// What is read aloud.
    Script,
}

impl Sheet {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Notes, Self::Script];

    /// As commands, addresses and people write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Notes => "notes",
            Self::Script => "script",
        }
    }

    /// Its file, in the folder of the episode.
    pub fn file(self) -> &'static str {
        match self {
            Self::Notes => "notes.md",
            Self::Script => "script.md",
        }
    }
}

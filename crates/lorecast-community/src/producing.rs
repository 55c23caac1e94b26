//! What editors do with an episode, as [`Deed`](crate::Deed)s tell it.

use jiff::Timestamp;
use lorecast_model::MessageId;
use serde::{Deserialize, Serialize};

/// What becomes of a story of an episode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arrangement {
    /// It is told, whatever the ranking says.
    Pin,
    /// It is left out, whatever the ranking says.
    Drop,
    /// The ranking decides again: takes the other two back.
    Release,
    /// It is told in the section of this key.
    Section(String),
    /// It is told as part of this other story.
    Into(MessageId),
    /// It is told before this other story of its section.
    Before(MessageId),
    /// It is the last story of its section.
    Last,
}

/// Something that is done for the sound of an episode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum SoundStep {
    /// A recording is among its takes.
    AddTake {
        /// The file, in the folder of takes.
        file: String,
    },
    /// An earlier take counts again.
    PreferTake {
        /// The file.
        file: String,
    },
    /// A take is put aside.
    RemoveTake {
        /// The file.
        file: String,
    },
    /// Its chapters are found in the one long recording.
    Split,
    /// The master is made.
    Master,
    /// The site and the feed are published.
    Publish,
    /// A job is taken back.
    Stop {
        /// Its number.
        job: u64,
    },
    /// It comes out at a time.
    Schedule {
        /// When.
        at: Timestamp,
    },
    /// It does not come out by itself any more.
    Unschedule,
}

impl SoundStep {
    /// Whether it decides that the episode comes out, or when.
    pub(crate) fn says_when_it_is_out(&self) -> bool {
        matches!(self, Self::Publish | Self::Schedule { .. } | Self::Unschedule)
    }
}

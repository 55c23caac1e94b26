//! What became of what was posted, and of what an episode told.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{CommitId, EpisodeId, Event, Mailbox, MessageId, Revision, SeriesId, State, Version};

/// A revision with everything that is known of it, from mails and from trees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The revision; its `state` is what follows from all events.
    #[serde(flatten)]
    pub revision: Revision,
    /// What happened to it, by date.
    pub events: Vec<Event>,
    /// How many of its patches are in a maintainer's tree, in linux-next, in mainline.
    pub taken: Taken,
}

impl Standing {
    /// Where it stands, in words: `landed in v6.4-rc1, released with v6.4, 3 of 4`.
    pub fn in_words(&self) -> String {
        let Self { revision, taken, .. } = self;
        let all = revision.patches.len() as u32;
        let part =
            |n: u32| if n < all && n > 0 { format!(", {n} of {all}") } else { String::new() };
        match &revision.state {
            State::Landed { tag, release, .. } => {
                let first = tag.as_ref().map(|tag| format!(" in {tag}")).unwrap_or_default();
                let out = release.as_ref().filter(|release| Some(*release) != tag.as_ref());
                let out = out.map(|release| format!(", released with {release}"));
                format!("landed{first}{}{}", out.unwrap_or_default(), part(taken.landed))
            }
            State::Next { .. } => format!("in linux-next{}", part(taken.next)),
            State::Applied { .. } => format!("applied{}", part(taken.applied)),
            state => state.name().replace('-', " "),
        }
    }
}

/// How far the patches of a revision came: so many of those that are held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// In a maintainer's tree or further.
    pub applied: u32,
    /// In linux-next or further.
    pub next: u32,
    /// In mainline.
    pub landed: u32,
}

/// What became of a story that an episode told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// The episode.
    pub episode: EpisodeId,
    /// The revision that was told, by its root.
    pub told: MessageId,
    /// Its title.
    pub title: String,
    /// Its author.
    pub author: Mailbox,
    /// Its version.
    pub version: Version,
    /// The work that it belongs to.
    pub series: SeriesId,
    /// Revisions that were posted since, oldest first.
    pub later: Vec<Later>,
    /// Where the latest revision stands.
    pub state: State,
    /// What happened since the end of the episode's days, to what was told and to what followed.
    pub events: Vec<Event>,
    /// How far the patches of the latest revision came, and how many there are.
    pub taken: Taken,
    /// How many patches of the latest revision are held.
    pub patches: u32,
    /// How many patches the latest revision announced.
    pub announced: u32,
    /// The posted patch that each commit of `events` became or undid.
    pub posted: BTreeMap<CommitId, MessageId>,
    /// When the last word about the latest revision was said, UTC, if it went stale since.
    pub quiet: Option<Timestamp>,
}

/// What an earlier episode told of a piece of work, the last time that one did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covered {
    /// The work.
    pub series: SeriesId,
    /// The episode.
    pub episode: EpisodeId,
    /// The revision that was told, by its root.
    pub told: MessageId,
    /// Its version.
    pub version: Version,
}

/// A revision that was posted after an episode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Later {
    /// Its root.
    pub root: MessageId,
    /// Its version.
    pub version: Version,
    /// When it was posted, UTC.
    pub date: Timestamp,
}

impl FollowUp {
    /// Whether anything happened since.
    pub fn is_news(&self) -> bool {
        !self.later.is_empty() || !self.events.is_empty()
    }

    /// The root of the latest revision.
    pub fn latest(&self) -> &MessageId {
        self.later.last().map_or(&self.told, |later| &later.root)
    }
}

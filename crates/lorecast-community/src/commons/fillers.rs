//! Recordings that were offered to go between two chapters.

use jiff::Timestamp;
use lorecast_model::{EpisodeId, MessageId};

use super::Commons;
use crate::{AccountId, Deed, Entry, EntryId};

/// A recording that was offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filler {
    /// Who speaks.
    pub by: AccountId,
    /// When it was offered.
    pub at: Timestamp,
    /// What it is about.
    pub story: MessageId,
    /// The name of the recording beside the journal.
    pub recording: String,
    /// How long it plays, in milliseconds.
    pub millis: u32,
    /// What became of it.
    pub state: FillerState,
}

/// What became of a filler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FillerState {
    /// Nobody decided.
    Open,
    /// It is taken.
    Accepted {
        /// Who decided so.
        by: AccountId,
        /// When.
        at: Timestamp,
        /// The episode among whose takes it is by now.
        placed: Option<EpisodeId>,
    },
    /// It is not.
    Declined {
        /// Who decided so.
        by: AccountId,
        /// When.
        at: Timestamp,
        /// The reason.
        why: String,
    },
    /// Who spoke took it back.
    Withdrawn,
}

impl Filler {
    /// Whether nobody has decided yet.
    pub fn is_open(&self) -> bool {
        self.state == FillerState::Open
    }

    /// Whether its recording has to be kept beside the journal: nobody decided, or it is not among the takes yet.
    pub fn is_needed(&self) -> bool {
        matches!(self.state, FillerState::Open | FillerState::Accepted { placed: None, .. })
    }
}

impl FillerState {
    /// What it is, in a word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted { .. } => "accepted",
            Self::Declined { .. } => "declined",
            Self::Withdrawn => "taken back",
        }
    }
}

impl Commons {
    /// A filler.
    pub fn filler(&self, id: EntryId) -> Option<&Filler> {
        self.fillers.get(&id)
    }

    /// All fillers, the oldest first.
    pub fn fillers(&self) -> impl Iterator<Item = (EntryId, &Filler)> {
        self.fillers.iter().map(|(id, filler)| (*id, filler))
    }

    /// Accepted fillers that are among no takes yet, the oldest first.
    pub fn to_place(&self) -> impl Iterator<Item = (EntryId, &Filler)> {
        let waits =
            |filler: &Filler| matches!(filler.state, FillerState::Accepted { placed: None, .. });
        self.fillers().filter(move |(_, filler)| waits(filler))
    }

    /// The recording that a deed, which was just done, leaves without a use.
    pub fn spent(&self, deed: &Deed) -> Option<&str> {
        let filler = match deed {
            Deed::WithdrawFiller { filler }
            | Deed::DeclineFiller { filler, .. }
            | Deed::FillerPlaced { filler, .. } => self.filler(*filler)?,
            _ => return None,
        };
        Some(filler.recording.as_str()).filter(|_| !filler.is_needed())
    }

    pub(super) fn offer_filler(
        &mut self,
        by: AccountId,
        entry: &Entry,
        story: &MessageId,
        recording: &str,
        millis: u32,
    ) {
        let filler = Filler {
            by,
            at: entry.at,
            story: story.clone(),
            recording: recording.to_owned(),
            millis,
            state: FillerState::Open,
        };
        self.fillers.insert(entry.id, filler);
        self.on_story(story, |talk| talk.fillers.push(entry.id));
    }

    pub(super) fn settle_filler(&mut self, id: EntryId, state: FillerState) {
        if let Some(filler) = self.fillers.get_mut(&id) {
            filler.state = state;
        }
    }

    pub(super) fn filler_placed(&mut self, id: EntryId, episode: EpisodeId) {
        let state = self.fillers.get_mut(&id).map(|filler| &mut filler.state);
        if let Some(FillerState::Accepted { placed, .. }) = state {
            *placed = Some(episode);
        }
    }
}

//! What is said of stories.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lorecast_model::MessageId;

use super::Commons;
use crate::{AccountId, Ballot, Entry, EntryId};

/// All that was said of one story.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoryTalk {
    /// Who finds that it belongs into the show, and who does not.
    pub(crate) votes: BTreeMap<AccountId, Ballot>,
    /// Who writes it; ask [`StoryTalk::claim`], which knows that claims run out.
    pub(crate) claim: Option<Claim>,
    /// Who found that it was missed.
    pub suggestions: Vec<Suggestion>,
    /// The text that was offered for it, the oldest first.
    pub proposals: Vec<EntryId>,
    /// The recordings that were offered for it, the oldest first.
    pub fillers: Vec<EntryId>,
}

/// "I write this one."
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who.
    pub by: AccountId,
    /// Until when.
    pub until: Timestamp,
}

/// "This was missed."
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Its entry.
    pub id: EntryId,
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// Why it is a story.
    pub why: String,
}

impl StoryTalk {
    /// How many find that it belongs into the show, and how many that it does not.
    pub fn votes(&self) -> (usize, usize) {
        let of = |ballot| self.votes.values().filter(|cast| **cast == ballot).count();
        (of(Ballot::For), of(Ballot::Against))
    }

    /// What an account voted.
    pub fn ballot(&self, by: AccountId) -> Ballot {
        self.votes.get(&by).copied().unwrap_or(Ballot::None)
    }

    /// Who writes it at this time.
    pub fn claim(&self, now: Timestamp) -> Option<&Claim> {
        self.claim.as_ref().filter(|claim| claim.until > now)
    }

    pub(super) fn vote(&mut self, by: AccountId, ballot: Ballot) {
        match ballot {
            Ballot::None => self.votes.remove(&by),
            Ballot::For | Ballot::Against => self.votes.insert(by, ballot),
        };
    }

    pub(super) fn is_silent(&self) -> bool {
        *self == Self::default()
    }
}

impl Commons {
    /// What was said of a story.
    pub fn talk(&self, story: &MessageId) -> Option<&StoryTalk> {
        self.stories.get(story)
    }

    /// All stories of which something was said.
    pub fn talks(&self) -> impl Iterator<Item = (&MessageId, &StoryTalk)> {
        self.stories.iter()
    }

    /// Changes what is said of a story; nothing is kept of one of which nothing is said any more.
    pub(super) fn on_story(&mut self, id: &MessageId, change: impl FnOnce(&mut StoryTalk)) {
        let talk = self.stories.entry(id.clone()).or_default();
        change(talk);
        if talk.is_silent() {
            self.stories.remove(id);
        }
    }

    pub(super) fn suggest(&mut self, by: AccountId, entry: &Entry, story: &MessageId, why: &str) {
        let suggestion = Suggestion { id: entry.id, by, at: entry.at, why: why.to_owned() };
        self.on_story(story, |talk| talk.suggestions.push(suggestion));
        self.suggestions.insert(entry.id, story.clone());
    }
}

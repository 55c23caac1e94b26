//! Collects the evidence while a story is told.

use lorecast_model::{Fact, Message, MessageId, Proof, Story, StoryState};

use super::{Known, Telling};
use crate::evidence::Proved;
use crate::kind::Nature;
use crate::{Pick, Ranked};

/// Collects the evidence while a story is told.
pub(super) struct Teller<'a> {
    pub about: &'a Message,
    pub pick: &'a Pick,
    pub known: Known<'a>,
    pub nature: Nature,
    pub proved: Proved,
}

impl Teller<'_> {
    pub(super) fn proves(&mut self, fact: Fact, value: &str, message: &MessageId) {
        self.proved.message(fact, value, message);
    }

    /// What a commit proves of the story's message, or a mail.
    pub(super) fn proved_by(&mut self, fact: Fact, value: &str, proof: &Proof) {
        self.proved.by(fact, value, proof, &self.about.header.id);
    }

    pub(super) fn story(self, ranked: &Ranked, telling: &Telling) -> Story {
        Story {
            id: self.about.header.id.clone(),
            state: StoryState::Proposed,
            with: Vec::new(),
            assisted: false,
            section: String::new(),
            kind: telling.head.kind,
            title: telling.head.title.clone(),
            score: ranked.score,
            reasons: ranked.reasons.clone(),
            evidence: self.proved.all(),
        }
    }
}

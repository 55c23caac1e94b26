//! Accepted text goes into the notes.

use std::sync::PoisonError;

use jiff::Timestamp;
use lorecast_community::{By, Commons, Deed, EntryId, Proposal, ProposalState};
use lorecast_mail::linked_message;
use lorecast_model::{Episode, MessageId};
use lorecast_show::{EpisodeDir, Outcome, passage, three_way};

use super::Community;
use crate::{Desk, Result, Silent};

/// What the notes would say of a story if a proposal were accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// What they say now; empty when they do not tell of the story.
    pub now: String,
    /// The proposal, merged into that: what changed since it was written is kept.
    pub merged: String,
    /// Whether both changed the same lines; `merged` then shows both between markers.
    pub conflict: bool,
}

impl Community {
    /// What accepting a proposal would do to the notes of the coming episode.
    ///
    /// # Errors
    /// When the notes cannot be read.
    pub fn preview(&self, proposal: &Proposal) -> Result<Preview> {
        let now = Desk::open(&self.root, &Silent)?.told(&proposal.story)?.unwrap_or_default();
        let ended = |text: &str| format!("{}\n", text.trim_end());
        let merged = three_way(&ended(&proposal.base), &ended(&now), &ended(&proposal.text));
        let conflict = !merged.conflicts.is_empty();
        Ok(Preview { now, merged: merged.text, conflict })
    }

    /// Puts accepted text into the notes that is not there yet, with credit to who wrote it. Nothing that was accepted
    /// is lost: what cannot be done now (the notes do not tell of the story, an earlier conflict is not settled) is done the
    /// next time.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub fn weave(&self, now: Timestamp) -> Result<Vec<(EntryId, Outcome)>> {
        let _one_at_a_time = self.weaving.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = self.look(|commons| {
            commons.to_merge().map(|(id, p)| Accepted::of(commons, id, p)).collect()
        });
        let waiting: Vec<Option<Accepted>> = waiting;
        let desk = Desk::open(&self.root, &Silent)?;
        let mut woven = Vec::new();
        for accepted in waiting.into_iter().flatten() {
            let Some((dir, _)) = desk.coming()? else { break };
            let held = desk.hold(dir.id())?;
            // Somebody may have changed it until then.
            let episode = dir.episode()?;
            let about = about(&episode, &accepted.story);
            let Some(outcome) = dir.weave(about, &accepted.base, &accepted.text)? else { continue };
            if !episode.credits.contains(&accepted.credit) {
                dir.edit(|episode| episode.credits.push(accepted.credit.clone()))?;
            }
            held.keep()?;
            self.does_now(By::Show, Deed::Merged { proposal: accepted.id }, now)?;
            woven.push((accepted.id, outcome));
        }
        Ok(woven)
    }
}

/// An accepted proposal on its way.
struct Accepted {
    id: EntryId,
    story: MessageId,
    base: String,
    text: String,
    credit: String,
}

impl Accepted {
    fn of(commons: &Commons, id: EntryId, proposal: &Proposal) -> Option<Self> {
        let ProposalState::Accepted { base, text, .. } = &proposal.state else { return None };
        let (base, text) = (base.clone(), text.clone());
        let credit = commons.name(proposal.by).to_owned();
        Some(Self { id, story: proposal.story.clone(), base, text, credit })
    }
}

impl Desk<'_> {
    /// The latest episode that is not published yet.
    pub(crate) fn coming(&self) -> Result<Option<(EpisodeDir, Episode)>> {
        for dir in self.dir.episodes()?.into_iter().rev() {
            if dir.publication()?.is_some() {
                continue;
            }
            let episode = dir.episode()?;
            return Ok(Some((dir, episode)));
        }
        Ok(None)
    }

    /// What the notes of the coming episode tell of a story.
    pub(super) fn told(&self, story: &MessageId) -> Result<Option<String>> {
        let Some((dir, episode)) = self.coming()? else { return Ok(None) };
        let notes = dir.notes()?;
        Ok(passage(&notes, about(&episode, story)).map(|place| notes[place].to_owned()))
    }
}

/// Whether an address leads to the story, to another one of the episode, or to neither.
pub(crate) fn about(episode: &Episode, story: &MessageId) -> impl Fn(&str) -> Option<bool> {
    let told = episode.stories.iter().filter(|story| story.is_told()).map(|story| story.id.clone());
    let told: Vec<MessageId> = told.collect();
    let story = story.clone();
    move |address| {
        let linked = linked_message(address)?;
        if linked == story { Some(true) } else { told.contains(&linked).then_some(false) }
    }
}

//! What should not stand, and what was decided about it.

use jiff::Timestamp;
use lorecast_model::{MessageId, PersonId};

use super::Commons;
use crate::{AccountId, By, Deed, Entry, EntryId};

/// "Look at this."
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Who reported it.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// The entry.
    pub what: EntryId,
    /// What is wrong with it.
    pub why: String,
}

/// A line of the public log: what an editor or owner decided about others or about the episode, or whose page was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// Its entry.
    pub id: EntryId,
    /// When.
    pub at: Timestamp,
    /// Who decided.
    pub by: By,
    /// What.
    pub deed: Deed,
}

/// Where something is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// At a proposal.
    Proposal(EntryId),
    /// At a mail.
    Mail(&'a MessageId),
    /// At a story.
    Story(&'a MessageId),
    /// On the page of a person.
    Person(&'a PersonId),
}

/// Something that somebody wrote and that can be reported and hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark<'a> {
    /// Who wrote it.
    pub by: AccountId,
    /// What it is: `proposal`, `comment`, `annotation`, `suggestion`, `page`.
    pub kind: &'static str,
    /// The words.
    pub text: &'a str,
    /// Where it is to be read.
    pub place: Place<'a>,
}

impl LogLine {
    pub(super) fn of(entry: &Entry) -> Option<Self> {
        let deed = entry.deed.logged()?;
        Some(Self { id: entry.id, at: entry.at, by: entry.by, deed })
    }
}

impl Commons {
    /// What was reported and not decided yet, the oldest first.
    pub fn reports(&self) -> impl Iterator<Item = (EntryId, &Report)> {
        self.reports.iter().map(|(id, report)| (*id, report))
    }

    /// Something that somebody wrote.
    pub fn remark(&self, id: EntryId) -> Option<Remark<'_>> {
        if let Some(proposal) = self.proposals.get(&id) {
            let (by, text) = (proposal.by, proposal.text.as_str());
            return Some(Remark { by, kind: "proposal", text, place: Place::Proposal(id) });
        }
        if let Some(on) = self.comments.get(&id) {
            let comment =
                self.proposals.get(on)?.comments.iter().find(|comment| comment.id == id)?;
            let (by, text) = (comment.by, comment.text.as_str());
            return Some(Remark { by, kind: "comment", text, place: Place::Proposal(*on) });
        }
        if let Some(annotation) = self.annotations.get(&id) {
            let (by, text) = (annotation.by, annotation.text.as_str());
            return Some(Remark {
                by,
                kind: "annotation",
                text,
                place: Place::Mail(&annotation.on),
            });
        }
        if let Some(description) = self.descriptions.get(&id) {
            let text = description.changes.first().map_or("a recording", String::as_str);
            let place = Place::Person(&description.person);
            return Some(Remark { by: description.by, kind: "page", text, place });
        }
        let story = self.suggestions.get(&id)?;
        let talk = self.stories.get(story)?;
        let suggestion = talk.suggestions.iter().find(|suggestion| suggestion.id == id)?;
        let (by, text) = (suggestion.by, suggestion.why.as_str());
        Some(Remark { by, kind: "suggestion", text, place: Place::Story(story) })
    }

    /// Hiding answers all reports of it.
    pub(super) fn hide(&mut self, what: EntryId) {
        self.hidden.insert(what);
        self.reports.retain(|_, report| report.what != what);
    }
}

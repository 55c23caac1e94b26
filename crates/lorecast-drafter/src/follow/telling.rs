//! One follow-up: what its template tells, and the evidence for every word of it.

use jiff::civil::Date;
use lorecast_model::{FollowUp, FollowUpStory, Show, State, StoryState};
use serde::Serialize;

use super::happened::of;
use super::teller::Teller;
use crate::spoken;

/// What `notes/follow-up.md` sees. Everything in it is also in the evidence.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct FollowUpTelling {
    /// The how-manieth it is, from 0: sentences take turns by it.
    pub place: usize,
    /// Where the latest revision can be read.
    pub url: String,
    /// Who wrote it.
    pub author: String,
    /// Its title without tags.
    pub title: String,
    /// The day of the episode that told it: `2 April`.
    pub covered: String,
    /// The version that was told, when it is not the first.
    pub version: Option<String>,
    /// What was posted since: `version 4`, `versions 4 and 5`.
    pub versions: Option<String>,
    /// The same version was posted again.
    pub again: bool,
    /// What the sentence ends with, when there is more to say than versions.
    pub outcome: Option<Outcome>,
    /// Who applied it, asked for changes or turned it down.
    pub by: Option<String>,
    /// The tree that took it, holds it, dropped it or undid it.
    pub tree: Option<String>,
    /// It was applied since the episode, before it was dropped.
    pub applied: bool,
    /// Where it landed: tags, or the tree.
    pub landed: Option<String>,
    /// The final release that it came out in, when it landed before that.
    pub released: Option<String>,
    /// `three of its five patches`, when it is not about all of them.
    pub part: Option<String>,
    /// Stable releases that carry it.
    pub stable: Option<String>,
    /// Stable kernels that are about to: `stable 6.1`, or `stable`.
    pub queued: Option<String>,
    /// Who vouched for it.
    pub vouchers: Vec<Vouchers>,
    /// All of them vouched for some of the patches only.
    pub in_part: bool,
    /// The day of the last word: `2 January`.
    pub quiet: Option<String>,
}

impl FollowUpTelling {
    /// Whether both sound the same: work that was posted twice, and by machines to stable as well.
    pub fn is_like(&self, other: &Self) -> bool {
        (&self.author, &self.title) == (&other.author, &other.title)
    }
}

/// Where work stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Outcome {
    Reverted,
    Landed,
    Dropped,
    Rejected,
    Next,
    Applied,
    ChangesRequested,
    Backported,
    Queued,
    Vouched,
    Quiet,
}

/// People who did the same.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Vouchers {
    /// `reviewed`, `acked`, `tested`.
    pub verb: &'static str,
    /// Their names: `A, B, C and others`.
    pub names: String,
    /// It was about some of the patches only.
    pub part: bool,
}

/// Tells one follow-up in an episode of that day. `None` when nothing of it is worth saying.
pub(crate) fn tell(
    found: &FollowUp,
    today: Date,
    show: &Show,
) -> Option<(FollowUpStory, FollowUpTelling)> {
    let mut teller = Teller::new(found, today, show.profile);
    let mut telling = FollowUpTelling {
        title: teller.title(),
        author: teller.author(),
        url: show.link(found.latest()),
        covered: spoken::day(found.episode.0, today),
        version: teller.version(),
        again: !found.later.is_empty(),
        versions: teller.versions(),
        outcome: outcome(found),
        ..FollowUpTelling::default()
    };
    teller.outcome(&mut telling);
    teller.stable(&mut telling);
    telling.vouchers = teller.vouchers();
    telling.in_part = telling.vouchers.iter().all(|vouchers| vouchers.part);
    if telling.outcome.is_none() {
        telling.quiet = teller.quiet();
        telling.outcome = lesser(&telling);
    }
    let story = FollowUpStory {
        id: found.told.clone(),
        state: StoryState::Proposed,
        episode: found.episode,
        title: telling.title.clone(),
        evidence: teller.evidence(),
    };
    (telling.again || telling.outcome.is_some()).then_some((story, telling))
}

/// Where the work stands, as far as that happened since.
pub(crate) fn outcome(found: &FollowUp) -> Option<Outcome> {
    let there = |outcome: &Outcome| found.events.iter().any(|e| of(&e.what) == Some(*outcome));
    let stands = match &found.state {
        // Steps on the way here are no news.
        State::Reverted { .. } => return Some(Outcome::Reverted).filter(there),
        State::Dropped { .. } => return Some(Outcome::Dropped).filter(there),
        State::Landed { .. } => return Some(Outcome::Landed).filter(there),
        State::Next { .. } => return Some(Outcome::Next).filter(there),
        State::Applied { .. } => return Some(Outcome::Applied).filter(there),
        State::Rejected { .. } => Some(Outcome::Rejected),
        State::ChangesRequested { .. } => Some(Outcome::ChangesRequested),
        _ => None,
    };
    // An earlier revision may have been taken all the same.
    let taken = [Outcome::Landed, Outcome::Next, Outcome::Applied];
    stands.filter(there).or_else(|| taken.into_iter().find(there))
}

/// What ends the sentence when the work went no further. Versions alone can do so as well.
fn lesser(told: &FollowUpTelling) -> Option<Outcome> {
    match told {
        told if told.quiet.is_some() => Some(Outcome::Quiet),
        told if told.again => None,
        told if told.stable.is_some() => Some(Outcome::Backported),
        told if told.queued.is_some() => Some(Outcome::Queued),
        told if !told.vouchers.is_empty() => Some(Outcome::Vouched),
        _ => None,
    }
}

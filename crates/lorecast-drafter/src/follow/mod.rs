//! What became of the work of earlier episodes.
//!
//! | file | step |
//! |---|---|
//! | `unsaid` | what no episode has told yet |
//! | `telling` | one follow-up as its template sees it |
//! | `teller`, `happened` | its facts, each with its evidence |

mod happened;
mod teller;
mod telling;
mod unsaid;

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::Timestamp;
use lorecast_model::{FollowUp, FollowUpStory, SeriesId, StoryState};

pub(crate) use telling::FollowUpTelling;
pub use unsaid::{Said, unsaid};

use crate::Request;
use telling::{Outcome, outcome, tell};

/// So many follow-ups a draft proposes; pinned ones come on top.
const MOST: usize = 12;
/// And so many of them say that work went quiet: that is the least of news.
const MOST_QUIET: usize = 2;

/// An entry with what its template sees; nothing to see for one that only `episode.yaml` keeps.
pub(crate) struct ToldFollowUp {
    pub story: FollowUpStory,
    pub telling: Option<FollowUpTelling>,
}

/// The follow-ups of an episode, those that the producer dropped too: what landed or was undone
/// first, then what was taken, posted and reviewed. What the episode's own stories tell is left out
/// unless it is pinned.
pub(crate) fn follow_ups(request: &Request<'_>, told: &BTreeSet<SeriesId>) -> Vec<ToldFollowUp> {
    let decided = request.decided.map_or(&[][..], |episode| &episode.follow_ups);
    let mut news: Vec<&FollowUp> = request.follow_ups.iter().collect();
    news.sort_by_cached_key(|found| (weight(found), Reverse(latest(found)), found.told.clone()));
    let mut all: Vec<ToldFollowUp> = Vec::new();
    let (mut proposed, mut quiet) = (0, 0);
    for found in news {
        let state =
            decided.iter().find(|d| d.id == found.told).map_or(StoryState::Proposed, |d| d.state);
        let place = proposed < MOST && !told.contains(&found.series);
        if state == StoryState::Proposed && !place {
            continue;
        }
        let Some((story, telling)) = tell(found, request.id.0, request.show) else { continue };
        let alike =
            |told: &ToldFollowUp| told.telling.as_ref().is_some_and(|t| t.is_like(&telling));
        let is_quiet = telling.outcome == Some(Outcome::Quiet);
        if state == StoryState::Proposed
            && (is_quiet && quiet >= MOST_QUIET || all.iter().any(alike))
        {
            continue;
        }
        quiet += usize::from(is_quiet);
        proposed += usize::from(state == StoryState::Proposed);
        all.push(ToldFollowUp { story: FollowUpStory { state, ..story }, telling: Some(telling) });
    }
    let gone = |d: &&FollowUpStory| {
        d.state != StoryState::Proposed && all.iter().all(|told| told.story.id != d.id)
    };
    let kept: Vec<FollowUpStory> = decided.iter().filter(gone).cloned().collect();
    all.extend(kept.into_iter().map(|story| ToldFollowUp { story, telling: None }));
    let place = |told: &ToldFollowUp| decided.iter().position(|d| d.id == told.story.id);
    all.sort_by_key(|told| place(told).unwrap_or(usize::MAX));
    let shown = all.iter_mut().filter(|told| told.story.state != StoryState::Dropped);
    for (place, telling) in shown.filter_map(|told| told.telling.as_mut()).enumerate() {
        telling.place = place;
    }
    all
}

/// The smaller, the more it is news.
fn weight(found: &FollowUp) -> u8 {
    match outcome(found) {
        Some(Outcome::Reverted | Outcome::Landed) => 0,
        Some(Outcome::Dropped | Outcome::Rejected) => 1,
        Some(Outcome::Next | Outcome::Applied) => 2,
        _ if !found.later.is_empty() => 3,
        Some(Outcome::ChangesRequested) => 4,
        _ => 5,
    }
}

/// When the last of it happened.
fn latest(found: &FollowUp) -> Option<Timestamp> {
    let events = found.events.iter().map(|event| event.date);
    events.chain(found.later.iter().map(|later| later.date)).max()
}

//! What became of the stories of earlier episodes.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use lorecast_model::{
    CommitId, Episode, EpisodeId, Event, FollowUp, Later, MessageId, Proof, Standing, State,
    StoryState, What,
};
use lorecast_store::Store;
use lorecast_tracker::state::SILENCE;

use super::standing::{Moment, standing};
use crate::{Desk, Result};

impl Desk<'_> {
    /// What became of every series that an episode told, in the order of its stories.
    ///
    /// # Errors
    /// When there is no such episode, or the store fails.
    pub fn follow_ups(&self, id: EpisodeId) -> Result<Vec<FollowUp>> {
        let episode = self.dir.episode(id)?.episode()?;
        let store = self.filled_store()?;
        let moment = Moment::latest(&*store)?;
        told(&episode)
            .filter_map(|story| follow(&*store, id, &episode, story, moment).transpose())
            .collect()
    }
}

/// The stories that were told: those that the producer dropped were not.
pub(crate) fn told(episode: &Episode) -> impl Iterator<Item = &MessageId> {
    let stories = episode.stories.iter().filter(|story| story.state != StoryState::Dropped);
    stories.flat_map(|story| std::iter::once(&story.id).chain(&story.with))
}

/// What became of one story; `None` when it is no posting of patches.
pub(super) fn follow(
    store: &dyn Store,
    id: EpisodeId,
    episode: &Episode,
    story: &MessageId,
    moment: Moment,
) -> Result<Option<FollowUp>> {
    let Some(told) = store.revision_of(story)? else { return Ok(None) };
    let (_, end) = episode.window.bounds();
    let mut all = store.of_series(std::slice::from_ref(&told.series))?;
    all.retain(|posted| posted.revision.date < moment.until);
    all.sort_by(|a, b| {
        let order = |revision: &lorecast_model::Revision| (revision.date, revision.root.clone());
        order(&a.revision).cmp(&order(&b.revision))
    });
    let later = |revision: &lorecast_model::Revision| {
        revision.date >= end && (revision.version > told.version || revision.root != told.root)
    };
    let mut events: BTreeSet<Event> = BTreeSet::new();
    let mut posted_as = BTreeMap::new();
    let mut latest = None;
    let mut followed = Vec::new();
    for posted in all {
        let revision = posted.revision;
        let is_later = later(&revision);
        if is_later {
            let (root, version, date) = (revision.root.clone(), revision.version, revision.date);
            followed.push(Later { root, version, date });
        }
        let standing = standing(store, revision, moment)?;
        posted_as.extend(commits(&standing));
        events.extend(standing.events.iter().filter(|e| news(e, end, moment.until)).cloned());
        if is_later || standing.revision.root == told.root {
            latest = Some(standing);
        }
    }
    let Some(latest) = latest else { return Ok(None) };
    let quiet = match &latest.revision.state {
        State::Stale { last } => silent_since(store, last, end)?,
        _ => None,
    };
    Ok(Some(FollowUp {
        episode: id,
        told: told.root,
        title: told.title,
        author: told.author,
        version: told.version,
        series: told.series,
        later: followed,
        state: latest.revision.state,
        events: events.into_iter().collect(),
        taken: latest.taken,
        patches: latest.revision.patches.len() as u32,
        announced: latest.revision.announced,
        posted: posted_as,
        quiet,
    }))
}

/// The patch that each commit among the events of a revision is about.
fn commits(standing: &Standing) -> impl Iterator<Item = (CommitId, MessageId)> {
    let patches = &standing.revision.patches;
    standing.events.iter().filter_map(|event| {
        let Proof::Commit { id, .. } = &event.proof else { return None };
        let number = event.patches.first();
        let patch = match number {
            Some(number) => patches.iter().find(|patch| patch.number == *number),
            None => patches.first(),
        };
        Some((id.clone(), patch?.id.clone()))
    })
}

/// When the last word was said, if the silence became one after the end of an episode.
fn silent_since(store: &dyn Store, last: &MessageId, end: Timestamp) -> Result<Option<Timestamp>> {
    let date = store.message(last)?.map(|message| message.header.date);
    Ok(date.filter(|date| date.checked_add(SILENCE).is_ok_and(|silent| silent >= end)))
}

/// What happened after an episode; answers alone are no news.
fn news(event: &Event, from: Timestamp, until: Timestamp) -> bool {
    event.date >= from && event.date < until && event.what != What::Answered
}

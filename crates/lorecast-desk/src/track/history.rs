//! What is new about the stories of all earlier episodes.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use lorecast_drafter::{Said, unsaid};
use lorecast_model::{
    Covered, Episode, EpisodeId, Fact, FollowUp, SeriesId, StoryState, TreeRole, Window,
};
use lorecast_store::Store;
use lorecast_tracker::state::SILENCE;

use super::follow::{follow, told};
use super::standing::Moment;
use crate::{Desk, Result};

/// Something must have happened within so many days, or since the episode before, for old work to
/// come back: a show that begins to follow up does not begin with last year.
const RECENT: SignedDuration = SignedDuration::from_hours(24 * 35);

impl Desk<'_> {
    /// The news about everything that episodes before `id` told and that they have not told
    /// themselves; what was told last comes first, a series comes once. Nothing counts that happened
    /// after the window.
    pub(crate) fn news(
        &self,
        store: &dyn Store,
        id: EpisodeId,
        window: Window,
    ) -> Result<Vec<FollowUp>> {
        let (_, until) = window.bounds();
        let mut earlier: Vec<(EpisodeId, Episode)> = Vec::new();
        for dir in self.dir.episodes()?.into_iter().rev().filter(|dir| dir.id() < id) {
            earlier.push((dir.id(), dir.episode()?));
        }
        let before = earlier.first().map(|(_, episode)| episode.window.bounds().1);
        let recent = until.checked_sub(RECENT).unwrap_or(Timestamp::MIN);
        let recent = before.map_or(recent, |before| before.min(recent));
        let mut said: BTreeMap<SeriesId, Vec<Said<'_>>> = BTreeMap::new();
        let mut seen: BTreeSet<SeriesId> = BTreeSet::new();
        let knows_mainline = store
            .trees()?
            .iter()
            .any(|tree| tree.role == TreeRole::Mainline && tree.tips.is_some());
        let mut news = Vec::new();
        for (told_in, episode) in &earlier {
            let (_, end) = episode.window.bounds();
            for story in &episode.follow_ups {
                if let Some(revision) = store.revision_of(&story.id)? {
                    let one = Said { episode: *told_in, end, story };
                    said.entry(revision.series).or_default().push(one);
                }
            }
            for story in told(episode) {
                let Some(revision) = store.revision_of(story)? else { continue };
                if !seen.insert(revision.series.clone()) {
                    continue;
                }
                let known = said.get(&revision.series).map_or(&[][..], Vec::as_slice);
                let found = follow(store, *told_in, episode, story, Moment::at(until))?;
                let Some(found) = found.and_then(|found| of_late(unsaid(found, known), recent))
                else {
                    continue;
                };
                news.push(as_told(store, found, knows_mainline)?);
            }
        }
        Ok(news)
    }

    /// What episodes before `id` told, news or not: each piece of work once, as it was told last.
    ///
    /// # Errors
    /// When an earlier episode or the store cannot be read.
    pub(crate) fn covered(&self, store: &dyn Store, id: EpisodeId) -> Result<Vec<Covered>> {
        let mut seen: BTreeSet<SeriesId> = BTreeSet::new();
        let mut all = Vec::new();
        for dir in self.dir.episodes()?.into_iter().rev().filter(|dir| dir.id() < id) {
            let episode = dir.episode()?;
            // A later revision that was followed up is what was told last.
            let followed = episode.follow_ups.iter().filter(|f| f.state != StoryState::Dropped);
            let followed = followed.map(|story| {
                let later = story.evidence.iter().rev().find(|e| e.fact == Fact::Later);
                later.map_or(&story.id, |evidence| &evidence.message)
            });
            for told in told(&episode).chain(followed) {
                let Some(revision) = store.revision_of(told)? else { continue };
                if seen.insert(revision.series.clone()) {
                    let (series, version) = (revision.series, revision.version);
                    all.push(Covered { series, episode: dir.id(), told: revision.root, version });
                }
            }
        }
        Ok(all)
    }
}

/// A follow-up under the title that was told last. Silence is no news without a mainline: the work may
/// have landed there without a word.
fn as_told(store: &dyn Store, mut found: FollowUp, knows_mainline: bool) -> Result<FollowUp> {
    if let Some(told) = store.revision_of(&found.told)? {
        (found.title, found.author) = (told.title, told.author);
    }
    found.quiet = found.quiet.filter(|_| knows_mainline);
    Ok(found)
}

/// A follow-up of which something is recent.
fn of_late(mut found: FollowUp, recent: Timestamp) -> Option<FollowUp> {
    found.quiet = found.quiet.filter(|last| last.checked_add(SILENCE).is_ok_and(|at| at >= recent));
    let happened = found.events.iter().map(|event| event.date);
    let posted = found.later.iter().map(|later| later.date);
    let late = found.quiet.is_some() || happened.chain(posted).any(|date| date >= recent);
    late.then_some(found)
}

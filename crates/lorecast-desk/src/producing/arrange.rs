//! Which stories are told, and in which order.

use std::ops::Range;

use jiff::civil::Date;
use lorecast_community::Arrangement;
use lorecast_model::{Episode, EpisodeId, MessageId, Sheet, Story};
use lorecast_show::{Outcome, passage, rearranged};

use crate::community::about;
use crate::{Decisions, Desk, DeskError, Drafting, Result};

/// What became of an episode's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arranged {
    /// `episode.yaml`.
    pub episode: Outcome,
    /// `notes.md`.
    pub notes: Outcome,
}

impl Desk<'_> {
    /// Decides about a story of an episode. What is told at all, and in which section, is `draft` with the same decision: the
    /// text comes and goes with it. Another order moves the story's entry in `episode.yaml` and its text in the notes,
    /// both whole, as somebody would by hand; later drafts keep to it.
    ///
    /// # Errors
    /// When there is no such episode or story, nothing was ingested, or a conflict in a file is not settled yet.
    pub fn arrange(
        &self,
        id: EpisodeId,
        story: &MessageId,
        to: &Arrangement,
        today: Date,
    ) -> Result<Arranged> {
        let story = || story.clone();
        let none = Decisions::default();
        let decisions = match to {
            Arrangement::Before(other) => return self.reorder(id, &story(), Some(other)),
            Arrangement::Last => return self.reorder(id, &story(), None),
            Arrangement::Pin => Decisions { pin: vec![story()], ..none },
            Arrangement::Drop => Decisions { drop: vec![story()], ..none },
            Arrangement::Release => Decisions { release: vec![story()], ..none },
            Arrangement::Section(key) => Decisions { moves: vec![(story(), key.clone())], ..none },
            Arrangement::Into(other) => {
                Decisions { merges: vec![(story(), other.clone())], ..none }
            }
        };
        let window = self.dir.episode(id)?.episode()?.window;
        let report = self.draft(id, window, &decisions, Drafting { assist: false, today })?;
        Ok(Arranged { episode: report.episode, notes: report.notes })
    }

    /// Moves a story before another one of its section, or to the end of it.
    fn reorder(
        &self,
        id: EpisodeId,
        story: &MessageId,
        before: Option<&MessageId>,
    ) -> Result<Arranged> {
        let dir = self.dir.episode(id)?;
        let held = self.hold(id)?;
        let (episode, standing) = (dir.episode()?, dir.standing(Sheet::Notes)?);
        let text = standing.unwrap_or_default().text;
        let section = Section::of(&episode, &text, story)?;
        let units = section.with_moved(story, before)?;
        let order: Vec<usize> =
            units.iter().filter_map(|unit| unit.place.as_ref()).map(|(at, _)| *at).collect();
        let places = section.places();
        let notes = dir.reword(Sheet::Notes, |text| rearranged(text, &places, &order))?;
        let stories: Vec<MessageId> = units.into_iter().flat_map(|unit| unit.stories).collect();
        let episode = dir.edit(|episode| put_in_order(&mut episode.stories, &stories))?;
        held.keep()?;
        Ok(Arranged { episode, notes })
    }
}

/// Stories that the notes tell of in one place, or nowhere.
#[derive(Clone, Debug)]
struct Unit {
    /// Its number among those of the section that have a place, and where that is.
    place: Option<(usize, Range<usize>)>,
    stories: Vec<MessageId>,
}

/// The told stories of a section, in the order of the notes.
struct Section(Vec<Unit>);

impl Section {
    /// The section in which a story stands.
    fn of(episode: &Episode, notes: &str, story: &MessageId) -> Result<Self> {
        let told =
            |id: &MessageId| episode.stories.iter().find(|one| one.id == *id && one.is_told());
        let own = told(story).ok_or_else(|| DeskError::NoStory { id: story.clone() })?;
        let all = episode.stories.iter().filter(|one| one.is_told() && one.section == own.section);
        let place = |one: &Story| passage(notes, about(episode, &one.id));
        let mut all: Vec<_> = all.map(|one| (place(one), one.id.clone())).collect();
        all.sort_by_key(|(place, _)| place.as_ref().map_or(usize::MAX, |place| place.start));
        let mut units: Vec<Unit> = Vec::new();
        for (place, id) in all {
            let last =
                units.last_mut().and_then(|unit| Some((unit.place.as_mut()?, &mut unit.stories)));
            match (place, last) {
                // A paragraph that tells of both.
                (Some(place), Some(((_, known), stories))) if place.start < known.end => {
                    known.end = known.end.max(place.end);
                    stories.push(id);
                }
                (place, _) => {
                    let place = place.map(|place| (units.len(), place));
                    units.push(Unit { place, stories: vec![id] });
                }
            }
        }
        Ok(Self(units))
    }

    fn places(&self) -> Vec<Range<usize>> {
        self.0.iter().filter_map(|unit| unit.place.clone()).map(|(_, place)| place).collect()
    }

    fn find(&self, story: &MessageId) -> Result<usize> {
        let found = self.0.iter().position(|unit| unit.stories.contains(story));
        found.ok_or_else(|| DeskError::NoStory { id: story.clone() })
    }

    /// The units with one of them before another one, or at the end.
    fn with_moved(&self, story: &MessageId, before: Option<&MessageId>) -> Result<Vec<Unit>> {
        let from = self.find(story)?;
        let to = before.map_or(Ok(self.0.len()), |before| self.find(before))?;
        let mut units = self.0.clone();
        let unit = units.remove(from);
        units.insert(if to > from { to - 1 } else { to }, unit);
        Ok(units)
    }
}

/// Puts the stories that are named into this order, on the places that they have now.
fn put_in_order(stories: &mut [Story], order: &[MessageId]) {
    let places: Vec<usize> =
        (0..stories.len()).filter(|at| order.contains(&stories[*at].id)).collect();
    let mut named: Vec<Story> = places.iter().map(|at| stories[*at].clone()).collect();
    named.sort_by_key(|story| order.iter().position(|id| *id == story.id));
    for (at, story) in places.into_iter().zip(named) {
        stories[at] = story;
    }
}

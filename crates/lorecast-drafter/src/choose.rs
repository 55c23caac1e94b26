//! Which threads become stories.

use std::collections::{BTreeMap, BTreeSet};

use lorecast_model::{Episode, Kind, MessageId, SeriesId, Show, StoryState};

use crate::facts::is_announcement;
use crate::{Ranked, Routine};

/// At most so many announcements; a week has about a dozen.
const MOST_ANNOUNCEMENTS: usize = 40;
/// Below this score a thread is no story, however quiet the week.
const LEAST_SCORE: f64 = 1.0;

/// The places in `ranked` of the threads to tell: announcements, what the producer pinned, then the
/// best by score until there are `show.stories` of them. Dropped stories never come back, a series
/// comes once (its newest revision), and pull requests fill between a sixth and a third.
pub fn choose(ranked: &[Ranked], show: &Show, decided: Option<&Episode>) -> Vec<usize> {
    let wishes = Wishes::of(decided);
    let mut chosen = Chosen::default();
    let newest = newest_of_series(ranked);
    let open = |place: &usize| !wishes.drops(&ranked[*place]);
    let announced = (0..ranked.len()).filter(open).filter(|place| is_news(&ranked[*place]));
    for place in announced.take(MOST_ANNOUNCEMENTS) {
        chosen.take(place, &ranked[place]);
    }
    for place in (0..ranked.len()).filter(open).filter(|place| wishes.pins(&ranked[*place])) {
        chosen.keep(place, &ranked[place]);
    }
    let pulls = |one: &Ranked| one.facts.kind == Kind::Pull && one.facts.fresh;
    for place in (0..ranked.len()).filter(open).filter(|place| pulls(&ranked[*place])) {
        if chosen.has_room_for(&ranked[place], show.stories / 6) {
            chosen.take(place, &ranked[place]);
        }
    }
    let announcements = chosen.places.iter().filter(|place| is_news(&ranked[**place])).count();
    let most_pulls = show.stories.div_ceil(3);
    for place in (0..ranked.len()).filter(open) {
        if chosen.places.len() >= announcements + show.stories {
            break;
        }
        let place = newest_revision(place, ranked, &newest);
        let one = &ranked[place];
        let fits = is_story(one) && chosen.has_room_for(one, most_pulls);
        if fits && !wishes.drops(one) && !is_announcement(one.facts.kind) {
            chosen.take(place, one);
        }
    }
    chosen.places
}

/// How many pull requests of one person become stories: some send them by the dozen.
const MOST_PULLS_OF_ONE: usize = 2;

#[derive(Default)]
struct Chosen {
    series: BTreeSet<SeriesId>,
    places: Vec<usize>,
    pulls: usize,
    pulls_of: BTreeMap<String, usize>,
}

impl Chosen {
    fn take(&mut self, place: usize, ranked: &Ranked) {
        let known = ranked.facts.series.as_ref().is_some_and(|id| self.series.contains(id));
        if !known {
            self.keep(place, ranked);
        }
    }

    /// Takes it although its series is there already: the producer asked for it.
    fn keep(&mut self, place: usize, ranked: &Ranked) {
        if !self.places.contains(&place) {
            self.series.extend(ranked.facts.series.clone());
            self.places.push(place);
            if ranked.facts.kind == Kind::Pull {
                self.pulls += 1;
                *self.pulls_of.entry(ranked.facts.author.email.clone()).or_default() += 1;
            }
        }
    }

    fn has_room_for(&self, ranked: &Ranked, most_pulls: usize) -> bool {
        let of_one = self.pulls_of.get(&ranked.facts.author.email).copied().unwrap_or(0);
        ranked.facts.kind != Kind::Pull || self.pulls < most_pulls && of_one < MOST_PULLS_OF_ONE
    }
}

/// Routine mail is a story only when people talk about it.
fn is_story(one: &Ranked) -> bool {
    let talked_about = one.facts.people >= 4;
    let routine = one.facts.routine.is_some_and(|routine| routine != Routine::Trivial);
    one.score >= LEAST_SCORE && (!routine || talked_about)
}

fn is_news(ranked: &Ranked) -> bool {
    is_announcement(ranked.facts.kind) && ranked.facts.fresh
}

type Newest<'a> = BTreeMap<&'a SeriesId, usize>;

/// The place of each series' newest revision among the threads of the window.
fn newest_of_series(ranked: &[Ranked]) -> Newest<'_> {
    let mut newest: Newest<'_> = BTreeMap::new();
    for (place, one) in ranked.iter().enumerate() {
        if let Some(series) = &one.facts.series {
            let held = newest.entry(series).or_insert(place);
            if (one.facts.version, one.facts.date)
                > (ranked[*held].facts.version, ranked[*held].facts.date)
            {
                *held = place;
            }
        }
    }
    newest
}

fn newest_revision(place: usize, ranked: &[Ranked], newest: &Newest<'_>) -> usize {
    let series = ranked[place].facts.series.as_ref();
    series.and_then(|id| newest.get(id)).copied().unwrap_or(place)
}

/// What the producer said in `episode.yaml`.
struct Wishes<'a> {
    pinned: BTreeSet<&'a MessageId>,
    dropped: BTreeSet<&'a MessageId>,
}

impl<'a> Wishes<'a> {
    fn of(decided: Option<&'a Episode>) -> Self {
        let with = |state| {
            let stories = decided.iter().flat_map(|episode| &episode.stories);
            let found = stories.filter(move |story| story.state == state).map(|story| &story.id);
            found.collect::<BTreeSet<_>>()
        };
        let stories = decided.iter().flat_map(|episode| &episode.stories);
        let merged = stories.filter(|s| s.state != StoryState::Dropped && !s.with.is_empty());
        let merged = merged.flat_map(|story| std::iter::once(&story.id).chain(&story.with));
        let pinned = with(StoryState::Pinned).into_iter().chain(merged).collect();
        Self { pinned, dropped: with(StoryState::Dropped) }
    }

    fn pins(&self, one: &Ranked) -> bool {
        self.pinned.contains(&one.facts.about) || self.pinned.contains(&one.facts.thread)
    }

    fn drops(&self, one: &Ranked) -> bool {
        self.dropped.contains(&one.facts.about) || self.dropped.contains(&one.facts.thread)
    }
}

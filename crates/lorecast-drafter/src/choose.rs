//! Which threads become stories.

use std::collections::{BTreeMap, BTreeSet};

use lorecast_model::{Episode, Kind, MessageId, SeriesId, Show, StoryState};

use crate::facts::is_announcement;
use crate::settle::newest_of_series;
use crate::{Facts, Ranked, Routine};

/// At most so many announcements for each story: a stable review week has a dozen of them.
const ANNOUNCEMENTS: f64 = 0.5;
/// However many announcements there are, so large a part of the stories is something else.
const LEAST_OTHERS: f64 = 0.75;
/// Below this score a thread is no story, however quiet the week.
const LEAST_SCORE: f64 = 0.5;
/// From how many people on routine mail is talked about.
const TALKED_ABOUT: u32 = 4;
/// Of single patches, and of conversations without one, at most so large a part of the stories.
const MOST_OF_A_KIND: f64 = 0.4;
/// A person has at most so many stories, pull requests not counted, as long as there are others.
const MOST_OF_ONE: usize = 3;

/// How long a story is, read aloud: what the stories of the 2017 show had on average.
const WORDS_A_STORY: f64 = 95.0;
/// The size of an episode when the show says nothing.
const USUAL_STORIES: std::ops::RangeInclusive<usize> = 19..=31;
const USUAL_WORDS: usize = 2_000;
const WORDS_OF_A_SHORT_STORY: usize = 60;
/// Headlines and sign-off.
const WORDS_AROUND: f64 = 150.0;
/// What `show.yaml` allows.
const MOST_STORIES: f64 = 1000.0;

/// How many stories a draft proposes: as many as fit into `minutes:` at the reader's pace, else
/// `stories:`.
pub fn stories_for(show: &Show) -> usize {
    let Some(minutes) = show.minutes.filter(|minutes| minutes.is_finite()) else {
        return show.stories;
    };
    let stories = (minutes * words_a_minute(show) - WORDS_AROUND) / WORDS_A_STORY;
    stories.round().clamp(1.0, MOST_STORIES) as usize
}

/// How near to its minutes an episode is to come, as a part of them.
const NEAR: f64 = 0.05;

/// How many stories more, or less, an episode needs that tells `told` in `words` words. With `minutes:`
/// those must be filled and kept to. A show that wants a usual number of stories gets a few more in a
/// week of few words, in which stories are short; one that wants another number, and says so, none.
pub fn stories_lacking(show: &Show, told: usize, words: usize) -> isize {
    if let Some(target) = words_for(show) {
        let lacking = target - words as f64;
        if lacking.abs() <= target * NEAR {
            return 0;
        }
        let stories = (lacking / WORDS_OF_A_SHORT_STORY as f64).clamp(-MOST_STORIES, MOST_STORIES);
        // The last one is not taken away.
        return (stories.round() as isize).max(1 - told.min(MOST_STORIES as usize) as isize);
    }
    if !USUAL_STORIES.contains(&show.stories) || words >= USUAL_WORDS {
        return 0;
    }
    let lacking = (USUAL_WORDS - words).div_ceil(WORDS_OF_A_SHORT_STORY);
    lacking.min(USUAL_STORIES.end().saturating_sub(told)) as isize
}

/// How many words fill the minutes of a show, at the reader's pace; `None` when it wants no certain
/// length.
pub fn words_for(show: &Show) -> Option<f64> {
    let minutes = show.minutes.filter(|minutes| minutes.is_finite() && *minutes > 0.0)?;
    Some(minutes * words_a_minute(show))
}

/// How fast a show is read.
pub fn words_a_minute(show: &Show) -> f64 {
    crate::script::pace(&show.voice, &[]).words_per_minute
}

/// A part of the stories, rounded up.
fn part(stories: usize, part: f64) -> usize {
    (stories as f64 * part).ceil() as usize
}

/// The places in `ranked` of the threads to tell: what the producer pinned, announcements, then the
/// best by score until there are [`stories_for`] of them, where two announcements count as one story
/// and three quarters are something else.
///
/// `decided` is [settled](crate::settle). Dropped stories never come back; a series comes once (its newest revision); pull requests fill
/// between a sixth and a third; single patches and mere conversations leave room for other kinds as
/// long as there are any, and so do the stories of one person.
pub fn choose(ranked: &[Ranked], show: &Show, decided: Option<&Episode>) -> Vec<usize> {
    let stories = stories_for(show);
    let wishes = Wishes::of(decided, ranked);
    let mut chosen = Chosen::default();
    let newest = newest_of_series(ranked);
    let open = |place: &usize| !wishes.drops(&ranked[*place]);
    let announced = (0..ranked.len()).filter(open).filter(|place| is_news(&ranked[*place]));
    for place in announced.take(part(stories, ANNOUNCEMENTS)) {
        chosen.take(place, &ranked[place]);
    }
    for place in (0..ranked.len()).filter(open).filter(|place| wishes.pins(&ranked[*place])) {
        chosen.keep(place, &ranked[place]);
    }
    let pulls = |one: &Ranked| one.facts.kind == Kind::Pull && one.facts.fresh;
    let (least, most) = (Room::new(stories / 6, stories), Room::new(stories.div_ceil(3), stories));
    for place in (0..ranked.len()).filter(open).filter(|place| pulls(&ranked[*place])) {
        if chosen.has_room_for(&ranked[place], &least) {
            chosen.take(place, &ranked[place]);
        }
    }
    let announcements = chosen.places.iter().filter(|place| is_news(&ranked[**place])).count();
    // Announcements share sentences: two of them take the room of one other story.
    let others = stories.saturating_sub(announcements / 2).max(part(stories, LEAST_OTHERS));
    // Once more without regard to kinds and people, should a quiet week have too few of the others.
    for room in [most, most.without_regard_to_kinds()] {
        for place in (0..ranked.len()).filter(open) {
            if chosen.places.len() >= announcements + others {
                break;
            }
            let place = newest_revision(place, ranked, &newest);
            let one = &ranked[place];
            let fits = is_story(one) && chosen.has_room_for(one, &room);
            if fits && !wishes.drops(one) && !is_announcement(one.facts.kind) {
                chosen.take(place, one);
            }
        }
    }
    chosen.places
}

/// How much room there is for what.
#[derive(Clone, Copy)]
struct Room {
    pulls: usize,
    of_a_kind: usize,
    of_one: usize,
}

impl Room {
    fn new(pulls: usize, stories: usize) -> Self {
        Self { pulls, of_a_kind: part(stories, MOST_OF_A_KIND), of_one: MOST_OF_ONE }
    }

    fn without_regard_to_kinds(self) -> Self {
        Self { of_a_kind: usize::MAX, of_one: usize::MAX, ..self }
    }
}

/// How many pull requests of one person become stories: some send them by the dozen.
const MOST_PULLS_OF_ONE: usize = 2;

#[derive(Default)]
struct Chosen {
    series: BTreeSet<SeriesId>,
    places: Vec<usize>,
    kinds: BTreeMap<Kind, usize>,
    /// By author; pull requests apart.
    of_one: BTreeMap<(String, bool), usize>,
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
            *self.kinds.entry(ranked.facts.kind).or_default() += 1;
            *self.of_one.entry(author(ranked)).or_default() += 1;
        }
    }

    fn has_room_for(&self, ranked: &Ranked, room: &Room) -> bool {
        let of_one = self.of_one.get(&author(ranked)).copied().unwrap_or(0);
        let of_kind = self.kinds.get(&ranked.facts.kind).copied().unwrap_or(0);
        match ranked.facts.kind {
            Kind::Pull => of_kind < room.pulls && of_one < MOST_PULLS_OF_ONE,
            Kind::Patch | Kind::Discussion => of_kind < room.of_a_kind && of_one < room.of_one,
            _ => of_one < room.of_one,
        }
    }
}

/// Who wrote it, and whether it is a pull request.
fn author(ranked: &Ranked) -> (String, bool) {
    (ranked.facts.author.email.to_ascii_lowercase(), ranked.facts.kind == Kind::Pull)
}

/// Routine mail is a story only when people talk about it. A tidy-up that is news by its kind, such as
/// a change of maintainers, is no routine; a mail without a patch that nobody answered is.
fn is_story(one: &Ranked) -> bool {
    let Facts { kind, people, routine, .. } = &one.facts;
    let plain = matches!(kind, Kind::Patch | Kind::Series);
    let unanswered = *kind == Kind::Discussion && *people < 2;
    let routine = routine.is_some_and(|routine| routine != Routine::Trivial || plain);
    one.score >= LEAST_SCORE && !unanswered && (!routine || *people >= TALKED_ABOUT)
}

fn is_news(ranked: &Ranked) -> bool {
    is_announcement(ranked.facts.kind) && ranked.facts.fresh
}

type Newest<'a> = BTreeMap<&'a SeriesId, usize>;

fn newest_revision(place: usize, ranked: &[Ranked], newest: &Newest<'_>) -> usize {
    let series = ranked[place].facts.series.as_ref();
    series.and_then(|id| newest.get(id)).copied().unwrap_or(place)
}

/// What the producer said in `episode.yaml`, which is settled.
struct Wishes<'a> {
    pinned: BTreeSet<&'a MessageId>,
    dropped: BTreeSet<&'a MessageId>,
    /// No revision of what was dropped comes back, whichever thread it is discussed in.
    dropped_series: BTreeSet<&'a SeriesId>,
}

impl<'a> Wishes<'a> {
    fn of(decided: Option<&'a Episode>, ranked: &'a [Ranked]) -> Self {
        let with = |state| {
            let stories = decided.iter().flat_map(|episode| &episode.stories);
            let found = stories.filter(move |story| story.state == state).map(|story| &story.id);
            found.collect::<BTreeSet<_>>()
        };
        let stories = decided.iter().flat_map(|episode| &episode.stories);
        let merged = stories.filter(|s| s.state != StoryState::Dropped && !s.with.is_empty());
        let merged = merged.flat_map(|story| std::iter::once(&story.id).chain(&story.with));
        let pinned = with(StoryState::Pinned).into_iter().chain(merged).collect();
        let mut wishes =
            Self { pinned, dropped: with(StoryState::Dropped), dropped_series: BTreeSet::new() };
        let dropped = ranked.iter().filter(|one| Self::names(&wishes.dropped, one));
        let series = dropped.filter_map(|one| one.facts.series.as_ref()).collect();
        wishes.dropped_series = series;
        wishes
    }

    fn names(ids: &BTreeSet<&MessageId>, one: &Ranked) -> bool {
        ids.contains(&one.facts.about) || ids.contains(&one.facts.thread)
    }

    fn pins(&self, one: &Ranked) -> bool {
        Self::names(&self.pinned, one)
    }

    fn drops(&self, one: &Ranked) -> bool {
        let series =
            || one.facts.series.as_ref().is_some_and(|id| self.dropped_series.contains(id));
        Self::names(&self.dropped, one) || series() && !self.pins(one)
    }
}

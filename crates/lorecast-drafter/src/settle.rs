//! Which threads the decisions of an `episode.yaml` are about.
//!
//! A decision outlives the mail that it named: a newer version comes in a thread of its own, and what
//! people write by hand may name any mail of a thread. So before anything is chosen, every story goes
//! by the message that the draft would name it by.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use lorecast_model::{Episode, FollowUp, MessageId, SeriesId, StoryState, Version};

use crate::{Facts, Ranked};

/// What a message-id of an `episode.yaml` belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whereabouts {
    /// The message, if what was written is its address.
    pub message: MessageId,
    /// The thread that holds it.
    pub thread: MessageId,
    /// The series, and which of its revisions was posted in this thread.
    pub revision: Option<(SeriesId, Version, Timestamp)>,
}

/// An episode whose stories go by the messages that the draft goes by.
#[derive(Clone, Debug, PartialEq)]
pub struct Settled {
    /// The episode.
    pub episode: Episode,
    /// What its stories and the threads merged into them were called: old name, new name.
    pub stories: BTreeMap<MessageId, MessageId>,
    /// The same of its follow-ups.
    pub follow_ups: BTreeMap<MessageId, MessageId>,
}

/// Names each story of `episode` as the draft will: by what its thread is about, or by the newest
/// revision of its series among `ranked`. Two stories never get the same name: of two revisions that
/// the producer named, each stays what it is. `whereabouts` knows every message that the episode
/// names and the archives hold; of others the name stays.
pub fn settle(
    episode: &Episode,
    whereabouts: &BTreeMap<MessageId, Whereabouts>,
    ranked: &[Ranked],
    follow_ups: &[FollowUp],
) -> Settled {
    let places = Places::of(ranked);
    let mut settled =
        Settled { episode: episode.clone(), stories: BTreeMap::new(), follow_ups: BTreeMap::new() };
    let stories = &mut settled.episode.stories;
    let named = stories
        .iter()
        .map(|s| (&s.id, s.state))
        .chain(stories.iter().flat_map(|s| s.with.iter().map(|id| (id, s.state))));
    let named: Vec<(MessageId, StoryState)> = named.map(|(id, s)| (id.clone(), s)).collect();
    // What somebody named exactly is nobody else's.
    let exact = |id: &MessageId| places.own(id, whereabouts.get(id));
    let mut taken: BTreeSet<usize> = named.iter().filter_map(|(id, _)| places.exact(id)).collect();
    let mut names: BTreeSet<MessageId> = named.iter().map(|(id, _)| id.clone()).collect();
    for (id, state) in &named {
        let known = whereabouts.get(id);
        let (own, newest) = (exact(id), places.newest(id, known, *state));
        let place = newest.filter(|at| Some(*at) == own || !taken.contains(at)).or(own);
        let name = place.map(|at| &ranked[at].facts.about).or(known.map(|known| &known.message));
        taken.extend(place);
        let Some(name) = name.filter(|name| *name != id && !names.contains(*name)) else {
            continue;
        };
        names.insert(name.clone());
        settled.stories.insert(id.clone(), name.clone());
    }
    for story in stories.iter_mut() {
        for id in std::iter::once(&mut story.id).chain(&mut story.with) {
            if let Some(name) = settled.stories.get(id) {
                id.clone_from(name);
            }
        }
    }
    settle_follow_ups(&mut settled, whereabouts, follow_ups);
    settled
}

/// A follow-up goes by the revision that was told last.
fn settle_follow_ups(
    settled: &mut Settled,
    whereabouts: &BTreeMap<MessageId, Whereabouts>,
    news: &[FollowUp],
) {
    let told: BTreeSet<MessageId> =
        settled.episode.follow_ups.iter().map(|told| told.id.clone()).collect();
    for entry in &mut settled.episode.follow_ups {
        let series = whereabouts.get(&entry.id).and_then(|known| known.revision.as_ref());
        let same = |found: &&FollowUp| series.is_some_and(|(id, ..)| *id == found.series);
        let name = news.iter().find(same).map(|found| &found.told);
        let Some(name) = name.filter(|name| !told.contains(*name)) else { continue };
        settled.follow_ups.insert(entry.id.clone(), name.clone());
        entry.id.clone_from(name);
    }
}

/// Where things stand among the ranked threads.
struct Places<'a> {
    ranked: &'a [Ranked],
    by_message: BTreeMap<&'a MessageId, usize>,
    by_thread: BTreeMap<&'a MessageId, usize>,
    newest: BTreeMap<&'a SeriesId, usize>,
}

impl<'a> Places<'a> {
    fn of(ranked: &'a [Ranked]) -> Self {
        let facts = || ranked.iter().map(|one| &one.facts).enumerate();
        Self {
            ranked,
            by_message: facts().map(|(at, facts)| (&facts.about, at)).collect(),
            by_thread: facts().map(|(at, facts)| (&facts.thread, at)).collect(),
            newest: newest_of_series(ranked),
        }
    }

    /// The thread that the draft names so itself.
    fn exact(&self, id: &MessageId) -> Option<usize> {
        self.by_message.get(id).or_else(|| self.by_thread.get(id)).copied()
    }

    /// The thread that a message belongs to.
    fn own(&self, id: &MessageId, known: Option<&Whereabouts>) -> Option<usize> {
        let within = || self.by_thread.get(&known?.thread).copied();
        let meant = || self.exact(&known?.message);
        self.exact(id).or_else(meant).or_else(within)
    }

    /// The thread of the newest revision of the same series: one that came later, but for what is
    /// dropped, of which no revision comes back.
    fn newest(
        &self,
        id: &MessageId,
        known: Option<&Whereabouts>,
        state: StoryState,
    ) -> Option<usize> {
        let own = self.own(id, known).map(|at| &self.ranked[at].facts);
        let own = own.and_then(|facts| Some((facts.series.as_ref()?, age(facts))));
        let told = || known?.revision.as_ref();
        let told = || told().map(|(series, version, date)| (series, (version.major, *date)));
        let (series, age_of_own) = own.or_else(told)?;
        let at = *self.newest.get(series)?;
        let later = age(&self.ranked[at].facts) >= age_of_own;
        (later || state == StoryState::Dropped).then_some(at)
    }
}

fn age(facts: &Facts) -> (u32, Timestamp) {
    (facts.version, facts.date)
}

/// The place of each series' newest revision among the threads of the window.
pub(crate) fn newest_of_series(ranked: &[Ranked]) -> BTreeMap<&SeriesId, usize> {
    let mut newest: BTreeMap<&SeriesId, usize> = BTreeMap::new();
    for (place, one) in ranked.iter().enumerate() {
        if let Some(series) = &one.facts.series {
            let held = newest.entry(series).or_insert(place);
            if age(&one.facts) > age(&ranked[*held].facts) {
                *held = place;
            }
        }
    }
    newest
}

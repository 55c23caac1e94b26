//! What the producer's own keeps and drops say about the weights of the ranking.

use std::collections::BTreeMap;

use lorecast_drafter::{Choice, Facts, Fit, Pool, Ranked, fit};
use lorecast_model::{Episode, MessageId, Signal, StoryState, Weights};
use lorecast_store::Store;
use serde::Serialize;

use crate::rank::{Known, MOST_EPISODES};
use crate::{Desk, DeskError, Result, Unit};

/// From so many kept and so many dropped stories on, the weights are fitted.
const LEAST: usize = 5;
/// How strongly many decisions find the weights held, for each unit of a signal's variance.
const RIDGE: f64 = 60.0;
/// So many decisions of the rarer sort are held twice as strongly as many, half of them three times:
/// producers have moods, and few decisions show the mood.
const FEW: f64 = 50.0;
/// A signal is held as if half the stories had it, however few have: a rare one would otherwise
/// follow a single story.
const LEAST_VARIANCE: f64 = 0.25;
/// So many stories of the newest episode's days are shown with their places before and after.
const SHOWN: usize = 10;
/// Smaller changes are not written down.
const LEAST_CHANGE: f64 = 0.01;

/// What `rank --learn` did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Learned {
    /// Episodes with decisions.
    pub episodes: usize,
    /// Stories that were kept in them.
    pub kept: usize,
    /// Stories that were dropped from them.
    pub dropped: usize,
    /// How many pairs of a kept and a dropped story of one episode there are.
    pub pairs: usize,
    /// In how many of them the kept one stood higher before.
    pub in_order_before: usize,
    /// In how many it does now.
    pub in_order: usize,
    /// In how many it does by what the other episodes alone teach; `None` with one episode.
    pub in_order_left_out: Option<usize>,
    /// Whether `ranking.yaml` was changed.
    pub written: bool,
    /// What changed, the largest change first.
    pub changes: Vec<Lesson>,
    /// Signals whose weight the show gives itself, under `signals:`; they were left alone.
    pub yours: Vec<Signal>,
    /// The top of the newest of these episodes, as it stands now.
    pub top: Vec<Place>,
}

/// A thread among all of its days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The title without tags.
    pub title: String,
    /// From 1, by the weights before.
    pub before: usize,
    /// From 1, by those that were learned.
    pub now: usize,
}

/// A weight that changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lesson {
    /// Which.
    pub signal: Signal,
    /// What it is, in words.
    pub about: &'static str,
    /// The weight before.
    pub before: f64,
    /// The weight now.
    pub now: f64,
}

impl Desk<'_> {
    /// Fits the weights of the ranking to what the producer kept and dropped, held to the built-in
    /// ones, and writes the result into the show's `ranking.yaml`, under `learned:`.
    ///
    /// # Errors
    /// [`DeskError::TooFewDecisions`], when nothing was ingested, or a file cannot be read or
    /// written; nothing is changed then.
    pub fn learn(&self) -> Result<Learned> {
        let store = self.filled_store()?;
        let profile = self.dir.show()?.profile;
        let own = self.dir.own_weights()?;
        let in_force = self.dir.weights(profile)?;
        // What was learned before is learned anew from all decisions, so it is not where to begin.
        let mut start = in_force.clone();
        let unlearned = self.dir.builtin_weights(profile)?;
        for signal in own.learned.keys().filter(|signal| !own.signals.contains_key(signal)) {
            start.signals.insert(*signal, unlearned.of(*signal));
        }
        let Decisions { choices, newest } = self.decisions(&*store, &start)?;
        let kept: usize = choices.iter().map(|choice| choice.chosen.len()).sum();
        let dropped: usize =
            choices.iter().map(|choice| choice.threads.len() - choice.chosen.len()).sum();
        if kept < LEAST || dropped < LEAST {
            return Err(DeskError::TooFewDecisions { kept, dropped, least: LEAST });
        }
        let teach =
            |choices: &[Choice]| learned(&fit(choices, &start, held(choices)), &start, &own);
        let learned = teach(&choices);
        let with = |learned: &BTreeMap<Signal, f64>| {
            Weights { signals: learned.clone(), ..Weights::default() }.over(start.clone())
        };
        let now = with(&learned);
        let episodes = if choices.len() == 1 { "episode" } else { "episodes" };
        let note =
            format!("{kept} kept and {dropped} dropped stories of {} {episodes}", choices.len());
        let written = self.dir.write_learned(&learned, &note)?;
        let pairs = choices.iter().map(|c| c.chosen.len() * (c.threads.len() - c.chosen.len()));
        let left_out = (0..choices.len()).map(|at| {
            let mut others = choices.clone();
            let own = others.remove(at);
            in_order(&[own], &with(&teach(&others)))
        });
        Ok(Learned {
            episodes: choices.len(),
            kept,
            dropped,
            pairs: pairs.sum(),
            in_order_before: in_order(&choices, &in_force),
            in_order: in_order(&choices, &now),
            in_order_left_out: (choices.len() > 1).then(|| left_out.sum()),
            written,
            changes: lessons(&in_force, &now),
            yours: own.signals.keys().copied().collect(),
            top: places(newest, &in_force, &now),
        })
    }

    /// The stories of each episode that the producer decided about: those that were kept beside
    /// those that were dropped.
    fn decisions(&self, store: &dyn Store, weights: &Weights) -> Result<Decisions> {
        let pool = Pool::new(weights);
        let subsystems = self.subsystems(None)?;
        let known = Known { told: self.told_series(store)?, subsystems: &subsystems };
        let dirs = self.dir.episodes()?;
        let newest = &dirs[dirs.len().saturating_sub(MOST_EPISODES)..];
        let task = self.progress.begin("learning", newest.len() as u64, Unit::Things);
        let mut found = Decisions::default();
        for (index, dir) in newest.iter().enumerate() {
            let episode = dir.episode()?;
            if episode.stories.iter().any(|story| story.state == StoryState::Dropped) {
                let facts = self.facts(store, episode.window, &known)?;
                if let Some(choice) = decided_in(&facts, &episode, &pool) {
                    found.choices.push(choice);
                    found.newest = facts;
                }
            }
            task.set(index as u64 + 1);
        }
        Ok(found)
    }
}

/// What producers decided, episode by episode.
#[derive(Default)]
struct Decisions {
    choices: Vec<Choice>,
    /// All threads of the newest of these episodes.
    newest: Vec<Facts>,
}

fn decided_in(facts: &[Facts], episode: &Episode, pool: &Pool<'_>) -> Option<Choice> {
    let mut choice = Choice::default();
    for (facts, signals) in facts.iter().zip(pool.signals(facts, &[])) {
        let named = |id: &MessageId| facts.about == *id || facts.thread == *id;
        let Some(story) = episode.stories.iter().find(|story| named(&story.id)) else {
            continue;
        };
        if story.state != StoryState::Dropped {
            choice.chosen.push(choice.threads.len());
        }
        choice.threads.push(signals);
    }
    let both = !choice.chosen.is_empty() && choice.chosen.len() < choice.threads.len();
    both.then_some(choice)
}

/// How strongly so many decisions hold the weights where they were.
fn held(choices: &[Choice]) -> Fit {
    let kept: usize = choices.iter().map(|choice| choice.chosen.len()).sum();
    let all: usize = choices.iter().map(|choice| choice.threads.len()).sum();
    let rarer = kept.min(all - kept).max(1) as f64;
    let ridge = RIDGE * (1.0 + FEW / rarer);
    Fit { ridge, least_variance: LEAST_VARIANCE, bounded: false, fixed: &[] }
}

/// The weights that changed enough to be written down, without those that the show gives itself.
fn learned(fitted: &Weights, start: &Weights, own: &Weights) -> BTreeMap<Signal, f64> {
    let free = Signal::ALL.into_iter().filter(|signal| !own.signals.contains_key(signal));
    let rounded = free.map(|signal| (signal, (fitted.of(signal) * 100.0).round() / 100.0));
    rounded.filter(|(signal, value)| (value - start.of(*signal)).abs() >= LEAST_CHANGE).collect()
}

/// The threads that stand at the top now, with their places before.
fn places(facts: Vec<Facts>, before: &Weights, now: &Weights) -> Vec<Place> {
    let earlier = lorecast_drafter::rank(facts.clone(), before);
    let place = |thread: &MessageId| earlier.iter().position(|one| one.facts.thread == *thread);
    let top = lorecast_drafter::rank(facts, now).into_iter().take(SHOWN).enumerate();
    top.filter_map(|(at, Ranked { facts, .. })| {
        Some(Place { before: place(&facts.thread)? + 1, now: at + 1, title: facts.title })
    })
    .collect()
}

fn in_order(choices: &[Choice], weights: &Weights) -> usize {
    let score = |signals: &Vec<(Signal, f64)>| -> f64 {
        signals.iter().map(|(signal, value)| weights.of(*signal) * value).sum()
    };
    let pairs = |choice: &Choice| {
        let scores: Vec<f64> = choice.threads.iter().map(score).collect();
        let dropped = (0..scores.len()).filter(|at| !choice.chosen.contains(at));
        dropped.map(|at| choice.chosen.iter().filter(|k| scores[**k] > scores[at]).count()).sum()
    };
    choices.iter().map(pairs).collect::<Vec<usize>>().into_iter().sum()
}

fn lessons(before: &Weights, now: &Weights) -> Vec<Lesson> {
    let all = Signal::ALL.into_iter().map(|signal| Lesson {
        signal,
        about: signal.words(),
        before: before.of(signal),
        now: now.of(signal),
    });
    let mut lessons: Vec<Lesson> =
        all.filter(|lesson| (lesson.now - lesson.before).abs() >= LEAST_CHANGE / 2.0).collect();
    let change = |lesson: &Lesson| (lesson.now - lesson.before).abs();
    lessons.sort_by(|a, b| change(b).total_cmp(&change(a)).then(a.signal.cmp(&b.signal)));
    lessons
}

//! What the producer's own keeps and drops say about the weights of the ranking.

use std::collections::BTreeMap;

use lorecast_drafter::{Choice, Fit, Pool, fit};
use lorecast_model::{Episode, MessageId, Signal, StoryState, Weights};
use lorecast_store::sqlite::SqliteStore;
use serde::Serialize;

use crate::rank::{Known, MOST_EPISODES};
use crate::{Desk, DeskError, Result, Unit};

/// From so many kept and so many dropped stories on, the weights are fitted.
const LEAST: usize = 5;
/// How strongly the weights are held to what they were. With fifty decisions a weight moves by a
/// tenth or two; a hundred to one side move it by a half.
const RIDGE: f64 = 60.0;
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
    /// What changed, the largest change first.
    pub changes: Vec<Lesson>,
    /// Signals whose weight the show gives itself, under `signals:`; they were left alone.
    pub yours: Vec<Signal>,
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
        let decisions = self.decisions(&store, &start)?;
        let kept: usize = decisions.iter().map(|choice| choice.chosen.len()).sum();
        let dropped: usize =
            decisions.iter().map(|choice| choice.threads.len() - choice.chosen.len()).sum();
        if kept < LEAST || dropped < LEAST {
            return Err(DeskError::TooFewDecisions { kept, dropped, least: LEAST });
        }
        let fitted = fit(&decisions, &start, Fit { ridge: RIDGE, bounded: false });
        let mut learned = BTreeMap::new();
        for signal in Signal::ALL.into_iter().filter(|signal| !own.signals.contains_key(signal)) {
            let value = (fitted.of(signal) * 100.0).round() / 100.0;
            if (value - start.of(signal)).abs() >= LEAST_CHANGE {
                learned.insert(signal, value);
            }
        }
        let now = Weights { signals: learned.clone(), ..Weights::default() }.over(start);
        let note =
            format!("{kept} kept and {dropped} dropped stories of {} episodes", decisions.len());
        self.dir.write_learned(&learned, &note)?;
        let pairs = decisions.iter().map(|c| c.chosen.len() * (c.threads.len() - c.chosen.len()));
        Ok(Learned {
            episodes: decisions.len(),
            kept,
            dropped,
            pairs: pairs.sum(),
            in_order_before: in_order(&decisions, &in_force),
            in_order: in_order(&decisions, &now),
            changes: lessons(&in_force, &now),
            yours: own.signals.keys().copied().collect(),
        })
    }

    /// The stories of each episode that the producer decided about: those that were kept beside
    /// those that were dropped.
    fn decisions(&self, store: &SqliteStore, weights: &Weights) -> Result<Vec<Choice>> {
        let pool = Pool::new(weights);
        let subsystems = self.subsystems(None)?;
        let known = Known { told: self.told_series(store)?, subsystems: &subsystems };
        let dirs = self.dir.episodes()?;
        let newest = &dirs[dirs.len().saturating_sub(MOST_EPISODES)..];
        let task = self.progress.begin("learning", newest.len() as u64, Unit::Things);
        let mut choices = Vec::new();
        for (index, dir) in newest.iter().enumerate() {
            let episode = dir.episode()?;
            if episode.stories.iter().any(|story| story.state == StoryState::Dropped) {
                choices.extend(self.decided_in(store, &episode, &pool, &known)?);
            }
            task.set(index as u64 + 1);
        }
        Ok(choices)
    }

    fn decided_in(
        &self,
        store: &SqliteStore,
        episode: &Episode,
        pool: &Pool<'_>,
        known: &Known<'_>,
    ) -> Result<Option<Choice>> {
        let facts = self.facts(store, episode.window, known)?;
        let signals = pool.signals(&facts, &[]);
        let mut choice = Choice::default();
        for (facts, signals) in facts.iter().zip(signals) {
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
        Ok(both.then_some(choice))
    }
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

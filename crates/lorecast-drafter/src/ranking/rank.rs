//! Puts the threads of a week in order, with the reasons in words.

use lorecast_model::{Signal, Weights};
use serde::{Deserialize, Serialize};

use super::company::Company;
use super::lists::Lists;
use super::reasons::reasons;
use super::signals::Lens;
use super::words::Words;
use crate::Facts;

/// A thread with its score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    /// What the score was made from.
    pub facts: Facts,
    /// Higher is more newsworthy; below 0 for routine.
    pub score: f64,
    /// Why, in words, the strongest reason first.
    pub reasons: Vec<String>,
}

/// In how many threads one is a regular when the weights do not say.
const REGULAR_THREADS: u32 = 4;

/// Orders threads by how newsworthy they are, best first; equals by message-id.
///
/// A pure function: the same facts and weights give the same order, whatever order they come in.
pub fn rank(facts: Vec<Facts>, weights: &Weights) -> Vec<Ranked> {
    Pool::new(weights).rank(facts, &[])
}

/// What the threads of a window are ranked with: the weights, ready to be used.
pub struct Pool<'w> {
    weights: &'w Weights,
    matters: Words,
    hardware: Words,
}

impl<'w> Pool<'w> {
    /// Takes the weights.
    pub fn new(weights: &'w Weights) -> Self {
        let words = |list: &Option<Vec<String>>| Words::new(list.iter().flatten());
        Self { weights, matters: words(&weights.matters), hardware: words(&weights.hardware) }
    }

    /// As [`rank`]. `earlier` are threads of the weeks before: they rank nowhere, and tell who those
    /// are that write now.
    pub fn rank(&self, mut facts: Vec<Facts>, earlier: &[Facts]) -> Vec<Ranked> {
        facts.sort_by(|a, b| a.thread.cmp(&b.thread));
        let told: Vec<(f64, Vec<String>)> = {
            let lens = self.lens(&facts, earlier);
            let told = facts.iter().map(|facts| {
                let signals = lens.signals(facts);
                let score = if facts.messages == 0 { f64::MIN } else { self.score(&signals) };
                (score, reasons(facts, &signals, &lens, self.weights))
            });
            told.collect()
        };
        let mut ranked: Vec<Ranked> = facts
            .into_iter()
            .zip(told)
            .map(|(facts, (score, reasons))| Ranked { facts, score, reasons })
            .collect();
        ranked.sort_by(|a, b| {
            b.score.total_cmp(&a.score).then_with(|| a.facts.thread.cmp(&b.facts.thread))
        });
        ranked
    }

    /// The signals of threads, in the order of `facts`: what the weights are fitted to.
    pub fn signals(&self, facts: &[Facts], earlier: &[Facts]) -> Vec<Vec<(Signal, f64)>> {
        let lens = self.lens(facts, earlier);
        facts.iter().map(|facts| lens.signals(facts)).collect()
    }

    fn lens<'a>(&'a self, facts: &'a [Facts], earlier: &'a [Facts]) -> Lens<'a> {
        let (matters, hardware) = (&self.matters, &self.hardware);
        let known = self.weights.well_known.iter().flatten();
        Lens {
            company: Company::new(facts.iter().chain(earlier), matters, hardware),
            lists: Lists::new(facts),
            matters,
            hardware,
            well_known: known.map(|name| name.to_lowercase()).collect(),
            regular_threads: self.weights.regular_threads.unwrap_or(REGULAR_THREADS),
        }
    }

    fn score(&self, signals: &[(Signal, f64)]) -> f64 {
        let sum: f64 = signals.iter().map(|(signal, value)| self.weights.of(*signal) * value).sum();
        (sum * 1000.0).round() / 1000.0
    }
}

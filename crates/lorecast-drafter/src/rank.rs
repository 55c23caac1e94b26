//! Puts the threads of a week in order, with the reasons in words.

use std::collections::BTreeMap;

use lorecast_model::Kind;
use serde::{Deserialize, Serialize};

use crate::{Facts, Routine, Weights};

/// A thread with its score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    /// What the score was made from.
    pub facts: Facts,
    /// Higher is more newsworthy.
    pub score: f64,
    /// Why, in words, the strongest reason first.
    pub reasons: Vec<String>,
}

/// Orders threads by how newsworthy they are, best first; equals by message-id.
///
/// A pure function: the same facts and weights give the same order, whatever order they come in.
pub fn rank(facts: Vec<Facts>, weights: &Weights) -> Vec<Ranked> {
    let answered = threads_answered(&facts);
    let regular = |email: &String| {
        answered.get(email).is_some_and(|threads| *threads >= weights.regular_threads)
    };
    let mut ranked: Vec<Ranked> = facts
        .into_iter()
        .map(|facts| {
            let regulars = facts.repliers.iter().filter(|email| regular(email)).count();
            score(facts, regulars, weights)
        })
        .collect();
    ranked.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then_with(|| a.facts.thread.cmp(&b.facts.thread))
    });
    ranked
}

/// In how many threads each person answered: those who answer in many are maintainers or reviewers.
fn threads_answered(facts: &[Facts]) -> BTreeMap<String, u32> {
    let mut answered = BTreeMap::new();
    for email in facts.iter().flat_map(|facts| &facts.repliers) {
        *answered.entry(email.clone()).or_default() += 1;
    }
    answered
}

/// Points with the words that explain them; no words for what explains itself.
struct Tally(Vec<(f64, String)>);

impl Tally {
    fn add(&mut self, points: f64, words: impl Into<String>) {
        if points != 0.0 {
            self.0.push((points, words.into()));
        }
    }

    fn add_if(&mut self, holds: bool, points: f64, words: impl Into<String>) {
        if holds {
            self.add(points, words);
        }
    }
}

fn score(facts: Facts, regulars: usize, weights: &Weights) -> Ranked {
    let mut tally = Tally(Vec::new());
    conversation(&facts, regulars, weights, &mut tally);
    work(&facts, weights, &mut tally);
    news(&facts, weights, &mut tally);
    let (factor, damped) = damping(&facts, weights);
    let sum: f64 = tally.0.iter().map(|(points, _)| points).sum();
    tally.0.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut reasons: Vec<String> = damped.into_iter().collect();
    reasons.extend(tally.0.into_iter().map(|(_, words)| words).filter(|words| !words.is_empty()));
    let score = if facts.messages == 0 { 0.0 } else { (sum * factor * 1000.0).round() / 1000.0 };
    Ranked { facts, score, reasons }
}

fn log(count: usize) -> f64 {
    (count as f64).ln_1p()
}

fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

fn conversation(facts: &Facts, regulars: usize, weights: &Weights, tally: &mut Tally) {
    let n = |number: u32| number as usize;
    let talk = format!(
        "{}, {}",
        count(n(facts.people), "person", "people"),
        count(n(facts.messages), "message", "messages")
    );
    tally.add(
        weights.people * log(n(facts.people).saturating_sub(1))
            + weights.replies * log(n(facts.replies)),
        talk,
    );
    let busy = facts.busiest_day >= 10;
    let pace =
        if busy { format!("{} replies in one day", facts.busiest_day) } else { String::new() };
    tally.add(weights.pace * log(n(facts.busiest_day)), pace);
    let deep = facts.depth >= 6;
    let depth = if deep { format!("replies {} deep", facts.depth) } else { String::new() };
    tally.add(weights.depth * log(n(facts.depth)), depth);
    let domains =
        if facts.domains >= 4 { format!("{} organisations", facts.domains) } else { String::new() };
    tally.add(weights.domains * log(n(facts.domains)), domains);
    tally.add(
        weights.regulars * log(regulars),
        count(regulars, "regular reviewer", "regular reviewers"),
    );
    let shorts: Vec<&str> = facts.lists.iter().map(|list| list.short()).take(4).collect();
    let crossed = facts.lists.len() >= 3;
    let lists =
        if crossed { format!("cross-posted to {}", shorts.join(", ")) } else { String::new() };
    tally.add(weights.lists * log(facts.lists.len().saturating_sub(1)), lists);
}

fn work(facts: &Facts, weights: &Weights, tally: &mut Tally) {
    match (facts.rfc, facts.cover) {
        (true, true) => tally.add(weights.rfc + weights.cover, "RFC with cover letter"),
        (true, false) => tally.add(weights.rfc, "RFC"),
        (false, true) => tally.add(weights.cover, "cover letter"),
        (false, false) => {}
    }
    let lasting = f64::from(facts.version.clamp(1, 50)).ln();
    tally.add(weights.version * lasting, format!("version {}", facts.version));
    let patches = facts.patches.min(40) as usize;
    let words = if patches > 1 { format!("{} patches", facts.patches) } else { String::new() };
    tally.add(weights.patches * log(patches), words);
    if let Some(shown) = &facts.abi {
        tally.add(weights.abi, format!("changes what users see ({shown})"));
    }
    tally.add_if(facts.documents, weights.documents, "documents itself");
    tally.add_if(facts.feature, weights.feature, "something new");
    tally.add_if(facts.performance, weights.performance, "performance figures");
    tally.add_if(facts.fixes && !facts.regression, weights.fixes, "a fix");
    let reviewed = facts.reviewed as usize;
    tally.add(
        weights.reviewed * log(reviewed),
        format!("reviewed by {}", count(reviewed, "person", "people")),
    );
    tally.add_if(facts.refused, weights.refused, "refused by somebody (NAK)");
}

fn news(facts: &Facts, weights: &Weights, tally: &mut Tally) {
    tally.add_if(facts.fresh, weights.fresh, "");
    let report = match facts.kind {
        Kind::Bug => "bug report",
        Kind::Build => "what builds and tests found",
        Kind::Security => "security",
        _ => "regression",
    };
    tally.add_if(facts.regression, weights.regression, report);
    let fresh = facts.fresh;
    match facts.kind {
        Kind::Mainline => tally.add_if(fresh, weights.mainline, "mainline release"),
        Kind::Stable => tally.add_if(fresh, weights.stable, "stable release"),
        Kind::Release => tally.add_if(fresh, weights.release, "release"),
        Kind::Pull => tally.add_if(fresh, weights.pull, "pull request"),
        Kind::Discussion => tally.add(weights.discussion, "discussion"),
        _ => {}
    }
}

/// Routine mail counts less, unless people talk about it: each person brings the factor nearer to 1.
fn damping(facts: &Facts, weights: &Weights) -> (f64, Option<String>) {
    let Some(routine) = facts.routine else { return unanswered(facts, weights) };
    let base = match routine {
        Routine::Bot => weights.bot,
        Routine::Trivial => weights.trivial,
        Routine::Autosel | Routine::StableQueue | Routine::Committed | Routine::Merge => {
            weights.queue
        }
    };
    let talk = f64::from(facts.people.min(10)) / 10.0;
    (base + (1.0 - base) * talk * talk, Some(routine.words().to_owned()))
}

/// A question, an advertisement, a call: one mail that nobody answered.
fn unanswered(facts: &Facts, weights: &Weights) -> (f64, Option<String>) {
    if facts.kind == Kind::Discussion && facts.people < 2 {
        (weights.unanswered, Some("unanswered".to_owned()))
    } else {
        (1.0, None)
    }
}

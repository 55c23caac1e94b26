//! What the ranking values, in one table.

use serde::{Deserialize, Serialize};

/// How much each signal is worth. Points add up; the factors at the end multiply the sum.
///
/// Counts are taken as `ln(1 + n)`: the tenth message tells less than the second. The defaults began
/// as priors, from what the 2017 show covered and what is generally held to be news, and were then
/// moved once, by hand and to round figures, towards a ridge-penalised logistic fit on the headers of
/// 2022 with each quarter left out in turn. `tests/parity/ranking.py` measures them against threads
/// that people picked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Weights {
    /// For each `ln(1 + people)` who wrote.
    pub people: f64,
    /// For each `ln(1 + replies)`: patches are not conversation.
    pub replies: f64,
    /// For each `ln(1 + organisations)`.
    pub domains: f64,
    /// For each `ln(1 + depth)` of the longest chain of replies.
    pub depth: f64,
    /// For each `ln(1 + replies)` of the busiest day.
    pub pace: f64,
    /// For each `ln(1 + regulars)`: people who answered in several threads of the week.
    pub regulars: f64,
    /// For each `ln(1 + lists)` beyond the first.
    pub lists: f64,
    /// A cover letter introduces it.
    pub cover: f64,
    /// A Request For Comments.
    pub rfc: f64,
    /// For each `ln(version)`: work that lasts.
    pub version: f64,
    /// For each `ln(1 + patches)`, up to 40.
    pub patches: f64,
    /// It changes what user space sees.
    pub abi: f64,
    /// It documents itself.
    pub documents: f64,
    /// It promises something new.
    pub feature: f64,
    /// It gives figures of performance.
    pub performance: f64,
    /// It reports or fixes a regression.
    pub regression: f64,
    /// It repairs something.
    pub fixes: f64,
    /// For each `ln(1 + reviewers)`.
    pub reviewed: f64,
    /// Somebody refused it.
    pub refused: f64,
    /// It was posted in this window, not only talked about.
    pub fresh: f64,
    /// A mainline kernel.
    pub mainline: f64,
    /// A stable or real-time kernel.
    pub stable: f64,
    /// Another project's release.
    pub release: f64,
    /// A pull request.
    pub pull: f64,
    /// A conversation that is not about a patch.
    pub discussion: f64,
    /// Factor: a program wrote it.
    pub bot: f64,
    /// Factor: machine-picked for stable, stable queue, commit and merge notices.
    pub queue: f64,
    /// Factor: a tidy-up.
    pub trivial: f64,
    /// Factor: somebody wrote and nobody answered, and it carries no patch.
    pub unanswered: f64,
    /// In how many threads of the week one must have answered to be a regular.
    pub regular_threads: u32,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            people: 1.5,
            replies: 0.5,
            domains: 1.4,
            depth: 1.2,
            pace: 0.3,
            regulars: 0.4,
            lists: 0.9,
            cover: 0.8,
            rfc: 1.6,
            version: 0.2,
            patches: 0.4,
            abi: 1.4,
            documents: 0.4,
            feature: 1.0,
            performance: 0.6,
            regression: 1.2,
            fixes: -0.1,
            reviewed: 0.4,
            refused: 0.6,
            fresh: 0.3,
            mainline: 20.0,
            stable: 12.0,
            release: 12.0,
            pull: 2.0,
            discussion: 0.4,
            bot: 0.15,
            queue: 0.1,
            trivial: 0.5,
            unanswered: 0.3,
            regular_threads: 4,
        }
    }
}

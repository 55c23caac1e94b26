//! What makes a thread news: `ranking.yaml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Something about a thread that makes it more or less newsworthy. The names are the keys of
/// `ranking.yaml`.
///
/// Counts are taken as `ln(1 + n)` unless said otherwise: the tenth message tells less than the
/// second. What either holds or not counts as 1 or 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signal {
    /// Messages of the window.
    Messages,
    /// People who wrote in the window, beside the first.
    People,
    /// Messages of the window that answer others.
    Replies,
    /// Organisations among the addresses; free mail services do not count.
    Organisations,
    /// The longest chain of replies.
    Depth,
    /// Replies on the busiest day.
    Pace,
    /// People who answered in several threads of the window.
    Regulars,
    /// Maintainers of the touched files who wrote.
    Maintainers,
    /// People on the list of the well known who wrote.
    WellKnown,
    /// Mailing lists beyond the first.
    Lists,
    /// Among the twenty threads with the most messages of one of its lists: `ln(20 / place)`.
    Foremost,
    /// How much the other threads of those who wrote are about what concerns everybody: from -1
    /// (hardware alone) to 1.
    Company,
    /// The same summed up, divided by the root of their number: a crowd of them weighs more.
    Crowd,
    /// A cover letter introduces it.
    Cover,
    /// A Request For Comments.
    Rfc,
    /// `ln(version)`: work that lasts.
    Version,
    /// Patches, up to 40.
    Patches,
    /// It changes what users see.
    Abi,
    /// It documents itself.
    Documents,
    /// It comes with tests.
    Tests,
    /// Its title promises something new.
    Feature,
    /// It gives figures of performance.
    Performance,
    /// It reports or fixes a regression or a bug that was met.
    Regression,
    /// It repairs something.
    Fixes,
    /// Its title is about one piece of hardware.
    Hardware,
    /// Words of its title that concern everybody.
    Matters,
    /// Its title names no part of the project: it is about all of it.
    General,
    /// People who gave Reviewed-by, Acked-by or Tested-by.
    Reviewed,
    /// Somebody refused it (NAK).
    Refused,
    /// It was posted in this window, not only talked about.
    Fresh,
    /// Earlier episodes that told its series.
    Told,
    /// A mainline kernel.
    Mainline,
    /// A stable or real-time kernel.
    Stable,
    /// Another project's release.
    Release,
    /// A pull request.
    Pull,
    /// A conversation that is not about a patch.
    Discussion,
    /// One mail that nobody answered and that carries no patch.
    Unanswered,
    /// A program wrote it.
    Bot,
    /// Machine-picked for stable, stable queue, commit and merge notices.
    Queue,
    /// A tidy-up.
    Trivial,
}

impl Signal {
    /// All of them, in the order of `ranking.yaml`.
    pub const ALL: [Self; 40] = [
        Self::Messages,
        Self::People,
        Self::Replies,
        Self::Organisations,
        Self::Depth,
        Self::Pace,
        Self::Regulars,
        Self::Maintainers,
        Self::WellKnown,
        Self::Lists,
        Self::Foremost,
        Self::Company,
        Self::Crowd,
        Self::Cover,
        Self::Rfc,
        Self::Version,
        Self::Patches,
        Self::Abi,
        Self::Documents,
        Self::Tests,
        Self::Feature,
        Self::Performance,
        Self::Regression,
        Self::Fixes,
        Self::Hardware,
        Self::Matters,
        Self::General,
        Self::Reviewed,
        Self::Refused,
        Self::Fresh,
        Self::Told,
        Self::Mainline,
        Self::Stable,
        Self::Release,
        Self::Pull,
        Self::Discussion,
        Self::Unanswered,
        Self::Bot,
        Self::Queue,
        Self::Trivial,
    ];

    /// What it is, in words: `a Request For Comments`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Messages => "many messages",
            Self::People => "many people",
            Self::Replies => "many replies",
            Self::Organisations => "many organisations",
            Self::Depth => "long chains of replies",
            Self::Pace => "many replies on one day",
            Self::Regulars => "regular reviewers",
            Self::Maintainers => "maintainers of the touched files",
            Self::WellKnown => "an answer by somebody well known",
            Self::Lists => "cross-posting",
            Self::Foremost => "the busiest threads of a list",
            Self::Company => "people who work on what concerns everybody",
            Self::Crowd => "a crowd of people who work on what concerns everybody",
            Self::Cover => "a cover letter",
            Self::Rfc => "a Request For Comments",
            Self::Version => "a high version",
            Self::Patches => "many patches",
            Self::Abi => "a change of what users see",
            Self::Documents => "documentation",
            Self::Tests => "tests",
            Self::Feature => "something new",
            Self::Performance => "performance figures",
            Self::Regression => "a regression or a bug that was met",
            Self::Fixes => "a fix",
            Self::Hardware => "one piece of hardware",
            Self::Matters => "words that concern everybody",
            Self::General => "a title that names no part of the project",
            Self::Reviewed => "reviews",
            Self::Refused => "a refusal (NAK)",
            Self::Fresh => "what was posted in these days",
            Self::Told => "a series that earlier episodes told",
            Self::Mainline => "a mainline kernel",
            Self::Stable => "a stable kernel",
            Self::Release => "a release of another project",
            Self::Pull => "a pull request",
            Self::Discussion => "a discussion without patches",
            Self::Unanswered => "a mail that nobody answered",
            Self::Bot => "what a program wrote",
            Self::Queue => "stable queues and commit notices",
            Self::Trivial => "a tidy-up",
        }
    }
}

/// `ranking.yaml`: how much each signal is worth, and the words that some of them look for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Points for each signal, which add up; what is missing is worth nothing.
    #[serde(default)]
    pub signals: BTreeMap<Signal, f64>,
    /// What `rank --learn` made of some of them; `signals` of the same file win.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub learned: BTreeMap<Signal, f64>,
    /// In how many threads of the window one must have answered to be a regular.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regular_threads: Option<u32>,
    /// Names of people whose word is news in itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub well_known: Option<Vec<String>>,
    /// Words of titles about what concerns everybody; `*` stands for more letters or digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matters: Option<Vec<String>>,
    /// Words of titles about one piece of hardware.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hardware: Option<Vec<String>>,
}

impl Weights {
    /// What a signal is worth.
    pub fn of(&self, signal: Signal) -> f64 {
        let own = self.signals.get(&signal).or_else(|| self.learned.get(&signal));
        own.copied().unwrap_or(0.0)
    }

    /// These weights where they say something, else `base`.
    pub fn over(self, base: Self) -> Self {
        let layers = [base.learned, base.signals, self.learned, self.signals];
        Self {
            signals: layers.into_iter().flatten().collect(),
            learned: BTreeMap::new(),
            regular_threads: self.regular_threads.or(base.regular_threads),
            well_known: self.well_known.or(base.well_known),
            matters: self.matters.or(base.matters),
            hardware: self.hardware.or(base.hardware),
        }
    }
}

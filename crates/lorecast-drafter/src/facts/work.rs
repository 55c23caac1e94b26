//! The work that a thread is about: what it touches, promises, measures and repairs.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use lorecast_mail::{diff_paths, prose, trailers};
use lorecast_model::{Kind, Mailbox, Message};
use regex::Regex;

use super::Facts;
use super::talk::{count_of, is_conversation};
use crate::kind::{Nature, spoken_title, tags};
use crate::pattern::constant;
use crate::profile::Rules;

impl Facts {
    pub(super) fn read(
        &mut self,
        seen: &[&Message],
        about: &Message,
        nature: &Nature,
        rules: &dyn Rules,
    ) {
        let titles = patch_titles(seen);
        self.paths = paths(seen);
        self.abi = rules
            .visible(&self.paths, &self.title)
            .or_else(|| titles.iter().find_map(|title| rules.visible(&[], title)));
        self.documents = self.paths.iter().any(|path| rules.documents(path))
            || titles.iter().any(|title| DOCUMENTS.is_match(title));
        self.tests = self.paths.iter().any(|path| is_test(path))
            || titles.iter().any(|title| TESTS.is_match(title));
        self.feature = FEATURE.is_match(&self.title);
        let own = prose::own_words(&about.text);
        self.performance = !matches!(nature.kind, Kind::Pull) && has_figures(&own);
        let reports = [Kind::Regression, Kind::Build, Kind::Bug, Kind::Security];
        self.regression = reports.contains(&nature.kind) || REGRESSES.is_match(&self.title);
        self.fixes = rules.repairs(&about.text) || FIX.is_match(&self.title);
        self.judge(seen, about);
    }

    /// What others say of it.
    fn judge(&mut self, seen: &[&Message], about: &Message) {
        let mut reviewers = BTreeSet::new();
        for message in seen.iter().filter(|m| m.header.from.email != about.header.from.email) {
            // Most answers say neither: no need to take their quotations off.
            let (reviews, refuses) = (REVIEW.is_match(&message.text), NAK.is_match(&message.text));
            if !reviews && !refuses {
                continue;
            }
            let own = prose::own_words(&message.text);
            if reviews && is_conversation(message) && gives_review(&own, &message.header.from) {
                reviewers.insert(message.header.from.email.as_str());
            }
            self.refused |= refuses && NAK.is_match(&own);
        }
        self.reviewed = count_of(reviewers.len());
    }
}

fn gives_review(own: &str, from: &Mailbox) -> bool {
    const REVIEWS: [&str; 3] = ["reviewed-by", "acked-by", "tested-by"];
    let email = from.email.to_ascii_lowercase();
    trailers(own)
        .iter()
        .any(|t| REVIEWS.contains(&t.key.as_str()) && t.value.to_ascii_lowercase().contains(&email))
}

/// So many patches of a thread are looked at.
const MOST_PATCHES: usize = 300;

/// The titles of a thread's patches.
fn patch_titles(seen: &[&Message]) -> Vec<String> {
    let patches = seen.iter().filter(|m| m.header.subject.trim_start().starts_with('['));
    let tags = patches.take(MOST_PATCHES).map(|m| tags(m)).filter(|t| t.patch && !t.reply);
    tags.map(|tags| spoken_title(&tags).to_owned()).collect()
}

fn is_test(path: &str) -> bool {
    let mut folders = path.split('/').rev().skip(1);
    folders.any(|folder| matches!(folder, "selftests" | "tests" | "test" | "testing" | "t"))
}

fn paths(seen: &[&Message]) -> Vec<String> {
    let patches =
        seen.iter().filter(|m| !m.diff.is_empty() && !is_conversation(m)).take(MOST_PATCHES);
    let all: BTreeSet<String> = patches.flat_map(|m| diff_paths(&m.diff)).collect();
    all.into_iter().take(Facts::MOST_PATHS).collect()
}

static FEATURE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:introduc(?:e|ing|tion)|initial|new|implement(?:ation)?|enable|rework|rewrite|proposal|prototype|framework|infrastructure|mechanism|add(?:ing|s)?|support)\b",
    )
});
static DOCUMENTS: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?i)^docs?\b|\bdocumentation\b|\bman-?pages?\b|\.rst\b"));
static TESTS: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?i)\b(?:k?self-?tests?|kunit|tests?|test cases?|samples?)\b"));
static REVIEW: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?mi)^\s*(?:reviewed|acked|tested)-by:"));
static FIGURES: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\d(?:\.\d+)?\s?%|\b\d+(?:\.\d+)?x\b|\b\d+(?:\.\d+)?\s?(?:[mg]b|[mg]ib|k?iops|ns|us|usec|msec|ms)(?:/s)?\b",
    )
});
static FASTER: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\bperformance|throughput|latency|faster|speed-?up|improve|benchmark|\biops\b|regress|slower|overhead",
    )
});
static REGRESSES: LazyLock<Regex> = LazyLock::new(|| constant(r"(?i)\bregress(?:ion|ions|ed)\b"));
static FIX: LazyLock<Regex> = LazyLock::new(|| constant(r"(?i)\bfix(?:es|ed|ing)?\b"));
static NAK: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?m)\bNAC?K(?:ed)?\b|^(?:Nacked|NAKed|Nakked)-by:"));

fn has_figures(own: &str) -> bool {
    FIGURES.is_match(own) && FASTER.is_match(own)
}

//! Names: spelt as their owners spell them.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::case::{Case, Reading};
use super::page::Shape;
use super::people::{is_slip, plain, straight};
use super::rules::NAME;
use super::sentence::is_letter;
use super::spelling::folded;
use crate::pattern::constant;

/// How many words of one passage are looked at.
const MOST_WORDS: usize = 4000;
/// How many words the longest name has that is looked for.
const LONGEST: usize = 5;

/// A word that may be part of a name.
static WORD: LazyLock<Regex> = LazyLock::new(|| constant(r"[\p{L}\p{M}][\p{L}\p{M}\p{N}.'’\-]*"));

/// Checks the names in the words around quotations.
pub(super) fn check(case: &Case<'_>, reading: &Reading<'_>) {
    if matches!(reading.passage.shape, Shape::Quoted) {
        return;
    }
    let mut known = Known::of(case, reading);
    known.cover(&reading.masked);
    let words = words(&reading.masked);
    // Longer names first: a part of one is no slip of another.
    for length in (1..=LONGEST).rev() {
        for window in words.windows(length) {
            let span = window[0].start..window[length - 1].end;
            if is_joined(&reading.masked, window) && known.is_free(&span) {
                known.judge(case, reading, window, span);
            }
        }
    }
}

fn words(text: &str) -> Vec<Range<usize>> {
    let words = WORD.find_iter(text).map(|word| {
        let bare = word.as_str();
        let bare = bare.strip_suffix("’s").or_else(|| bare.strip_suffix("'s")).unwrap_or(bare);
        // The dot of an initial belongs to it, that of a sentence does not.
        let bare = if bare.chars().count() > 2 {
            bare.trim_end_matches(['.', '’', '\'', '-'])
        } else {
            bare
        };
        word.start()..word.start() + bare.len()
    });
    words.take(MOST_WORDS).collect()
}

/// Whether nothing but a space stands between words, or the comma behind a family name.
fn is_joined(text: &str, window: &[Range<usize>]) -> bool {
    let between = |pair: &[Range<usize>]| text.get(pair[0].end..pair[1].start);
    window.windows(2).all(|pair| matches!(between(pair), Some(" " | ", ")))
}

/// The names that a passage may hold, and where they were found.
struct Known {
    /// As those who wrote spell them.
    senders: BTreeSet<String>,
    /// As others write them.
    mentioned: BTreeSet<String>,
    taken: Vec<bool>,
}

impl Known {
    fn of(case: &Case<'_>, reading: &Reading<'_>) -> Self {
        let mut known =
            Self { senders: BTreeSet::new(), mentioned: BTreeSet::new(), taken: Vec::new() };
        for talk in &reading.talks {
            let crowd = case.crowd(talk);
            known.senders.extend(crowd.senders.iter().map(|name| straight(name)));
            known.mentioned.extend(crowd.mentioned.iter().map(|name| straight(name)));
        }
        for person in case.checked.people {
            known.senders.insert(straight(&person.name));
            known.mentioned.extend(person.also.iter().map(|name| straight(name)));
        }
        use lorecast_model::Fact::{
            Acked, Applied, Author, ChangesRequested, Rejected, Reply, Reviewed, Tested,
        };
        const NAMES: [lorecast_model::Fact; 8] =
            [Author, Reply, Applied, Reviewed, Acked, Tested, ChangesRequested, Rejected];
        for entry in &reading.entries {
            known.mentioned.extend(entry.values(&NAMES).map(straight));
        }
        known
    }

    /// Marks where names stand that are right.
    fn cover(&mut self, masked: &str) {
        self.taken = vec![false; masked.len()];
        let text = masked.replace(['’', '‘'], "'");
        // Apostrophes change the length: only equal text can be marked by place.
        let text = if text.len() == masked.len() { text } else { masked.to_owned() };
        let names: Vec<&String> = self.senders.iter().chain(&self.mentioned).collect();
        for name in names.into_iter().filter(|name| name.contains(' ')) {
            for (at, hit) in text.match_indices(name.as_str()) {
                let span = at..at + hit.len();
                if is_whole(&text, &span) {
                    self.taken[span].fill(true);
                }
            }
        }
    }

    fn is_free(&self, span: &Range<usize>) -> bool {
        self.taken.get(span.clone()).is_some_and(|taken| !taken.contains(&true))
    }

    fn judge(
        &mut self,
        case: &Case<'_>,
        reading: &Reading<'_>,
        window: &[Range<usize>],
        span: Range<usize>,
    ) {
        let name = straight(&reading.masked[span.clone()]);
        let capital =
            |word: &Range<usize>| reading.masked[word.clone()].starts_with(char::is_uppercase);
        let capitals = window.iter().filter(|word| capital(word)).count();
        if capitals == 0 {
            return;
        }
        if self.senders.contains(&name) || name.contains(' ') && case.sources.is_sender(&name) {
            self.taken[span].fill(true);
            return;
        }
        if window.len() == 1 {
            return;
        }
        let all = capitals == window.len() && !name.contains(',');
        let Some(right) =
            self.nearest(&name).or_else(|| all.then(|| anywhere(case, &name)).flatten())
        else {
            return;
        };
        self.taken[span.clone()].fill(true);
        let message = format!("“{name}” is spelt “{right}”");
        let fix = reading.fix(&span, &right);
        case.report(&NAME, reading.passage.source(&span), message, fix);
    }

    /// The name of somebody in these threads that this one is a slip of.
    fn nearest(&self, name: &str) -> Option<String> {
        let slip = |other: &&String| {
            // A list of names is no family name with a comma.
            let alike = name.contains(',') == other.contains(',');
            alike && has_as_many_words(name, other) && is_slip(name, other)
        };
        let found = self.senders.iter().find(slip).or_else(|| self.mentioned.iter().find(slip));
        found.cloned()
    }
}

/// The name of somebody who ever wrote: a letter may be wrong, the other words have to be right.
fn anywhere(case: &Case<'_>, name: &str) -> Option<String> {
    let long = name.split(' ').filter(|word| word.chars().count() > 2);
    let mut found = long.flat_map(|word| case.sources.senders_with(&folded(word)));
    found.find(|other| {
        let other = straight(other);
        let one =
            super::spelling::distance(name, &other, 1).is_some() || folded(name) == folded(&other);
        has_as_many_words(name, &other) && plain(name) != plain(&other) && one
    })
}

fn has_as_many_words(a: &str, b: &str) -> bool {
    a.split(' ').count() == b.split(' ').count()
}

fn is_whole(text: &str, span: &Range<usize>) -> bool {
    let before = text[..span.start].chars().next_back();
    let after = text[span.end..].chars().next();
    let letter = |c: Option<char>| c.is_some_and(is_letter);
    !letter(before) && !letter(after)
}

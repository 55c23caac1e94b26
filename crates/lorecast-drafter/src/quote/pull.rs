//! What a pull request brings.

use std::sync::LazyLock;

use regex::Regex;

use super::Quotation;
use super::lean::{leans, unnamed};
use super::plain::{alike, code_words, echoes, plain_item, shared_words};
use super::purpose::{DOES, IMPERATIVE};
use super::shape::{ITEM, quotation};
use super::source::{Placed, own_words, placed};
use crate::pattern::constant;
use crate::sentence::paragraphs;

/// Up to `most` sentences or entries of a list that say what a pull request brings: of its
/// introduction or of its tag, whichever says it best.
pub(crate) fn pulled(text: &str, title: &str, most: usize) -> Vec<Quotation> {
    let (before, after) = text.split_once(FOLLOWS).unwrap_or((text, ""));
    // A signature above the part that git wrote does not end the request.
    let (before, tag) = (&own_words(before), &own_words(tag_of(after)));
    let (mut intro, mut signed) = (brought(before, title), brought(tag, title));
    let better = |found: &[(f64, Quotation)]| found.first().map_or(f64::MIN, |(score, _)| *score);
    let (first, second) = if better(&signed) > better(&intro) + 0.5 {
        (&mut signed, &mut intro)
    } else {
        (&mut intro, &mut signed)
    };
    let mut found: Vec<Quotation> = Vec::new();
    for (_, words) in first.drain(..).chain(second.drain(..)) {
        if found.len() == most {
            break;
        }
        if found.iter().all(|known| !alike(&known.text, &words.text)) {
            found.push(words);
        }
    }
    if found.is_empty() {
        return listed(after, title, most);
    }
    // Entries follow what is said of the whole.
    found.sort_by_key(|words| words.lead == ITEM);
    found
}

/// Up to `most` titles of the shortlog that git-request-pull(1) writes, for a request that says
/// nothing itself.
fn listed(after: &str, title: &str, most: usize) -> Vec<Quotation> {
    let mut lines = after.lines().skip_while(|line| !OF_AUTHOR.is_match(line));
    let mut found: Vec<Quotation> = Vec::new();
    for line in lines.by_ref().take(MOST_OF_LOG) {
        let entry = line.trim();
        let titled = line.starts_with("      ") && entry.split(' ').count() >= FEWEST_OF_ENTRY;
        let own = titled && !entry.starts_with("Merge ") && !echoes(entry, title);
        if let Some(words) = own.then(|| quotation(entry, false)).flatten() {
            found.push(Quotation { lead: ITEM, ..words });
        }
    }
    // Of many the first few tell nothing of the whole.
    if found.len() <= MOST_TELLING {
        found.truncate(most.max(1))
    } else {
        found.clear()
    }
    found
}

/// `Ann Vogel (3):`, as git-shortlog(1) writes it.
static OF_AUTHOR: LazyLock<Regex> = LazyLock::new(|| constant(r"^\S.{1,60} \(\d+\):\s*$"));
/// So many lines of a shortlog are read.
const MOST_OF_LOG: usize = 40;
/// So many commits are told by their titles.
const MOST_TELLING: usize = 4;
/// A title of fewer words says too little.
const FEWEST_OF_ENTRY: usize = 4;

/// What git-request-pull(1) writes first.
const FOLLOWS: &str = "The following changes since commit";
/// A rule has so many dashes.
const RULE: usize = 10;

/// The message of the tag: what stands between the first two rules.
fn tag_of(after: &str) -> &str {
    let is_rule = |line: &str| {
        // A signed mail has its dashes escaped by one more (RFC 4880 section 7.1).
        line.matches('-').count() >= RULE && line.chars().all(|c| c == '-' || c.is_whitespace())
    };
    let mut at = 0;
    let mut start = None;
    for line in after.split_inclusive('\n') {
        match start {
            None if is_rule(line) => start = Some(at + line.len()),
            Some(start) if is_rule(line) => return &after[start..at],
            _ => {}
        }
        at += line.len();
    }
    start.map_or("", |start| &after[start..])
}

/// What this part of the request says that it brings, the best first.
fn brought(part: &str, title: &str) -> Vec<(f64, Quotation)> {
    let all = paragraphs(part);
    let mut found: Vec<(f64, Quotation)> = placed(&all)
        .iter()
        .filter_map(|s| {
            let words = without_credit(s.text);
            let score = pulling(s, words, title)?;
            let shaped = quotation(words, false)?;
            let lead = if s.paragraph.item && is_entry(words) { ITEM } else { shaped.lead };
            Some((score, Quotation { lead, ..shaped }))
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found
}

/// An entry of a list, and no sentence of the text below its heading.
fn is_entry(words: &str) -> bool {
    let short = words.split_whitespace().count() <= LONGEST_ENTRY;
    short && (!words.ends_with('.') || IMPERATIVE.is_match(words))
}

/// An entry of more words is text.
const LONGEST_ENTRY: usize = 25;

/// What a request says of itself or of its sender.
static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^\W*(?:to (?:receive|get)|because|while|although|expect|other|the final|since|as|if|also|but|in keeping)\b|\b(?:merge commits|upstreamed via|in the future|these comments|trees? (?:is|are) merged)\b|\bfollowing (?:changes|commits)\b|\b(?:please|pull|linux-next|conflict\w*|merg(?:e|ed|ing) (?:conflict|it|this|into)|resolution|rebased?|tag(?:ged)?|week(?:end)?|sorry|late|thank\w*|happy|travel\w*|holiday\w*|signed|your|you|usual|(?:there (?:is|are)|nothing) (?:nothing|no|really|special|too)|let me know|shortlog|diffstat|cherry-pick\w*|bot|should go in(?:to)?)\b",
    )
});
/// What a single bug in code is called: of a tree the whole is news.
static LISTS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:highlights?|include[sd]?|contains?|brings?|mostly|mainly|notabl[ey]|main|biggest|new|support\w*|series|several|number of|couple of|fix(?:es)? (?:for|a)|update[sd]?)\b",
    )
});

/// The request speaks of itself.
static ITSELF: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:these|it (?:contains|includes|has|brings)|there (?:is|are)|this (?:is|has|pull|pr|tag|tree|branch|contains|brings|includes|adds|time))\b",
    )
});

fn pulling(s: &Placed<'_>, words: &str, title: &str) -> Option<f64> {
    let item = s.paragraph.item;
    let mut score = plain_item(words.trim_end_matches(':'), item)?;
    if ASIDE.is_match(words) || echoes(words, title) {
        return None;
    }
    // "These are fixes for …" leans on nothing but the request.
    score += if leans(words) && ITSELF.is_match(words) { 0.9 } else { 0.0 };
    score -= if words.ends_with(':') { 0.3 } else { 0.0 };
    let count = words.split_whitespace().count();
    score += if DOES.is_match(words) { 0.8 } else { 0.0 };
    score += if LISTS.is_match(words) { 0.6 } else { 0.0 };
    score += 0.2 * f64::from(shared_words(words, title).min(3));
    // A name of a function tells a listener nothing of what a whole tree brings.
    score -= 0.5 * code_words(words).min(3) as f64;
    score -= if item { 0.6 } else { 0.4 * unnamed(words).min(3) as f64 };
    score -= if item && count < 7 { 0.7 } else { 0.0 };
    score -= (0.1 * s.at as f64).min(2.0) + 0.1 * s.place as f64;
    Some(score).filter(|score| *score > 0.0)
}

static CREDIT: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"\s*\((?:[A-Z][\w.'’-]*|[a-z]{2,3})(?:[ ,&]+(?:and )?(?:[A-Z][\w.'’-]*|[a-z]{2,3})){0,9}\)[.;]?$",
    )
});

/// An entry of a list, or a sentence, without the names in parentheses at its end.
fn without_credit(words: &str) -> &str {
    CREDIT.find(words).map_or(words.trim_end_matches(';'), |credit| &words[..credit.start()])
}

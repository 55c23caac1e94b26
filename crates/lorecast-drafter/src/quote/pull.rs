//! What a pull request brings.

use std::sync::LazyLock;

use regex::Regex;

use super::Quotation;
use super::plain::{alike, code_words, plain_item, shared_words};
use super::purpose::DOES;
use super::shape::quotation;
use super::source::{Placed, own_words, placed};
use crate::pattern::constant;
use crate::sentence::paragraphs;

/// Up to `most` sentences or entries of a list that say what a pull request brings: of its
/// introduction or of its tag, whichever says it best.
pub(crate) fn pulled(text: &str, title: &str, most: usize) -> Vec<Quotation> {
    let own = own_words(text);
    let (before, after) =
        own.split_once("The following changes since commit").unwrap_or((&own, ""));
    let tag = after
        .split_once("\n-----")
        .map_or("", |(_, tag)| tag.split_once('\n').map_or("", |(_, t)| t));
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
    found
}

/// What this part of the request says that it brings, the best first.
fn brought(part: &str, title: &str) -> Vec<(f64, Quotation)> {
    let all = paragraphs(part);
    let mut found: Vec<(f64, Quotation)> = placed(&all)
        .iter()
        .filter_map(|s| {
            let words = without_credit(s.text, s.paragraph.item);
            Some((pulling(s, words, title)?, quotation(words, false)?))
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found
}

/// What a request says of itself or of its sender.
static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:please|pull|linux-next|conflict\w*|merg(?:e|ed|ing) (?:conflict|it|this|into)|resolution|rebased?|tag(?:ged)?|week(?:end)?|sorry|late|thank\w*|happy|travel\w*|holiday\w*|signed|your|you|usual|(?:there (?:is|are)|nothing) (?:nothing|no|really|special|too)|let me know|shortlog|diffstat|cherry-pick\w*|bot)\b",
    )
});
/// What a single bug in code is called: of a tree the whole is news.
static LISTS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:highlights?|include[sd]?|contains?|brings?|mostly|mainly|notabl[ey]|main|biggest|new|support\w*|series|several|number of|couple of|fix(?:es)? (?:for|a)|update[sd]?)\b",
    )
});

fn pulling(s: &Placed<'_>, words: &str, title: &str) -> Option<f64> {
    let item = s.paragraph.item;
    let mut score = plain_item(words.trim_end_matches(':'), item)?;
    if ASIDE.is_match(words) || words.ends_with(':') {
        return None;
    }
    let count = words.split_whitespace().count();
    score += if DOES.is_match(words) { 0.8 } else { 0.0 };
    score += if LISTS.is_match(words) { 0.6 } else { 0.0 };
    score += 0.2 * f64::from(shared_words(words, title).min(3));
    // A name of a function tells a listener nothing of what a whole tree brings.
    score -= 0.5 * code_words(words).min(3) as f64;
    score -= if item { 0.6 } else { 0.0 };
    score -= if item && count < 7 { 0.7 } else { 0.0 };
    score -= (0.1 * s.at as f64).min(2.0) + 0.1 * s.place as f64;
    Some(score).filter(|score| *score > 0.0)
}

static CREDIT: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"\s*\((?:[A-Z][\w.'’-]*|[a-z]{2,3})(?:[ ,&]+(?:and )?(?:[A-Z][\w.'’-]*|[a-z]{2,3})){0,9}\)[.;]?$",
    )
});

/// An entry of a list without the names in parentheses at its end.
fn without_credit(words: &str, item: bool) -> &str {
    match CREDIT.find(words).filter(|_| item) {
        Some(credit) => &words[..credit.start()],
        None => words.trim_end_matches(';'),
    }
}

//! What somebody starts a discussion with.

use std::sync::LazyLock;

use regex::Regex;

use super::Quotation;
use super::lean::{leans, unnamed};
use super::plain::{alike, readable, shared_words};
use super::shape::quotation;
use super::source::{Placed, own_paragraphs, placed};
use crate::pattern::constant;

/// A proposal, a question, a problem.
static MATTER: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:our|my) [a-z -]{3,40} (?:uses?|needs?|wants?|has|have|runs?)\b|\b(?:(?:i|we)(?:'d| would)? (?:like to (?:propos|discuss|know|ask|suggest|get|hear|add|see|talk)\w*|propos\w+|suggest\w*|plan\w*|want\w*|wonder\w*|need\w*|am looking for|are looking for|am trying|are trying|noticed|found|see|saw|get|have (?:a|an) (?:problem|question|issue|idea)|was trying|ran into|am wondering)|(?:is|are|does|do|did|can|should|would|could|has|have|what|how|why|which) [^?]{10,}\?|problem\w*|proposal|question|fail\w*|crash\w*|broken?|regress\w*|error\w*)",
    )
});
static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^note\b|\b(?:any (?:ideas?|comments?|feedback|help|thoughts|suggestions?)|thanks?|thank you|let me know|what do you think|thoughts|advance|attached|cc|mail(?:ing list)?|forwarded|please (?:find|see|let))\b",
    )
});

/// Up to `most` sentences with which somebody starts a discussion, in order: what is proposed,
/// asked or wrong.
pub(crate) fn raised(text: &str, title: &str, most: usize) -> Vec<Quotation> {
    let all = own_paragraphs(text);
    let mut found: Vec<(f64, usize, Quotation)> = placed(&all)
        .iter()
        .enumerate()
        .filter_map(|(at, s)| Some((raising(s, title)?, at, quotation(s.text, false)?)))
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut kept: Vec<(usize, Quotation)> = Vec::new();
    for (_, at, words) in found {
        if kept.len() < most && kept.iter().all(|(_, known)| !alike(&known.text, &words.text)) {
            kept.push((at, words));
        }
    }
    kept.sort_by_key(|(at, _)| *at);
    kept.into_iter().map(|(_, words)| words).collect()
}

fn raising(s: &Placed<'_>, title: &str) -> Option<f64> {
    let score = readable(s.text, false).filter(|_| !ASIDE.is_match(s.text) && !s.paragraph.log)?;
    let matter = if MATTER.is_match(s.text) { 1.2 } else { 0.0 };
    let shared = 0.4 * f64::from(shared_words(s.text, title).min(3));
    let score = score
        + matter
        + shared
        // Behind "Hello," people go on in lower case.
        + if s.text.starts_with("our ") || s.text.starts_with("my ") { 0.6 } else { 0.0 }
        - if s.paragraph.item { 1.5 } else { 0.0 }
        - if leans(s.text) { 0.8 } else { 0.0 }
        - 0.6 * unnamed(s.text) as f64
        - (0.15 * s.behind as f64).min(2.0)
        - 0.1 * s.place as f64;
    Some(score).filter(|score| *score > 1.0)
}

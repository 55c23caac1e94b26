//! Who takes over what.

use std::sync::LazyLock;

use regex::Regex;

use super::Quotation;
use super::plain::readable;
use super::shape::quotation;
use super::source::{own_paragraphs, placed};
use crate::pattern::constant;

static HAND_OVER: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:co-?maintain\w*|maintain(?:er|ers|ership|ing|ed)?|tak(?:e|es|ing|en) over|step(?:s|ping|ped)? (?:down|up|back|in)|hand(?:s|ing|ed)? over|orphan\w*|volunteer\w*|reviewers?|retir\w+|relinquish\w*|no longer (?:have|has|work\w*|able)|look(?:s|ed|ing)? after|successor|committers?|becom(?:e|es|ing)|join(?:s|ed|ing)? (?:the|us|our)|nominat\w+|elected)\b",
    )
});

/// Up to `most` sentences of a change of maintainers, in order, that say who takes over what, or why.
pub(crate) fn handed_over(text: &str, most: usize) -> Vec<Quotation> {
    let all = own_paragraphs(text);
    let mut found: Vec<(f64, usize, Quotation)> = placed(&all)
        .iter()
        .enumerate()
        .filter(|(_, s)| !s.paragraph.log && HAND_OVER.is_match(s.text))
        .filter_map(|(at, s)| {
            let said = HAND_OVER.find_iter(s.text).count().min(3) as f64;
            let score = readable(s.text, s.paragraph.item)? + 0.7 * said - 0.1 * at.min(20) as f64;
            Some((score, at, quotation(s.text, false)?)).filter(|(score, ..)| *score > 0.3)
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    found.truncate(most);
    found.sort_by_key(|(_, at, _)| *at);
    found.into_iter().map(|(_, _, words)| words).collect()
}

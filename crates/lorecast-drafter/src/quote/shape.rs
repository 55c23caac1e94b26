//! Shapes a sentence into a quotation.

use std::sync::LazyLock;

use regex::Regex;

use super::Quotation;
use crate::pattern::constant;

/// The most words of one quotation.
pub(super) const MOST_WORDS: usize = 45;

static WHICH: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^(?:This|The|My|Our) (?:(?:RFC|patch|small|short|following|new) ){0,2}(?:patch ?series|patch ?set|patch-set|series|set|patch|RFC|change|commit|changeset) ([a-z]+(?:s|es))\b",
    )
});

/// What shows that the word before it is no verb: "This patch series are …".
static PLURAL: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^ (?:is|are|was|were|has|have|will|can)\b"));

/// The verb of "This series adds …".
fn own_verb(sentence: &str) -> Option<regex::Match<'_>> {
    let verb = WHICH.captures(sentence).and_then(|found| found.get(1));
    verb.filter(|verb| {
        !matches!(verb.as_str(), "was" | "has" | "is" | "does" | "consists" | "contains" | "this")
            && !PLURAL.is_match(&sentence[verb.end()..])
    })
}

/// Whether a sentence says what the posting does, "This series adds …", whatever the verb.
pub(super) fn begins_with_verb(sentence: &str) -> bool {
    own_verb(sentence).is_some()
}

/// Shapes words into a quotation: cut at the limit, without the final stop, and from its verb on
/// when it begins "This series adds …".
pub(super) fn quotation(sentence: &str, verbs: bool) -> Quotation {
    let verb = own_verb(sentence).filter(|_| verbs);
    let enough = |verb: &regex::Match<'_>| sentence[verb.start()..].split_whitespace().count() >= 5;
    let (lead, words) = match verb.filter(enough) {
        Some(verb) => ("which", &sentence[verb.start()..]),
        None => ("saying", sentence),
    };
    let (words, cut) = within_limit(words);
    let marked = !cut && words.ends_with(['?', '!']);
    let text = words.trim_end_matches(['.', ' ']).to_owned();
    Quotation { text, lead, cut, marked }
}

/// At most so many words, ending before the last comma or the like that fits.
fn within_limit(words: &str) -> (&str, bool) {
    let Some((limit, _)) = starts(words).nth(MOST_WORDS) else { return (words, false) };
    let fitting = &words[..limit];
    let clause =
        fitting.match_indices([',', ';', ':']).map(|(at, _)| at).rfind(|at| *at * 2 > limit);
    let end = clause.unwrap_or_else(|| fitting.trim_end().len());
    (&words[..end], true)
}

fn starts(words: &str) -> impl Iterator<Item = (usize, char)> {
    let mut inside = false;
    words.char_indices().filter(move |(_, c)| {
        let starts = !inside && !c.is_whitespace();
        inside = !c.is_whitespace();
        starts
    })
}

//! Shapes a sentence into a quotation.

use std::sync::LazyLock;

use regex::Regex;

use super::Quotation;
use super::plain::whole;
use crate::pattern::constant;

/// How sentences lead into a quotation: see [`Quotation::lead`].
pub(super) const SAYING: &str = "saying";
pub(super) const WHICH: &str = "which";
pub(super) const DOES_THIS: &str = "does";
pub(crate) const ITEM: &str = "item";

/// The most words of one quotation.
pub(super) const MOST_WORDS: usize = 45;
/// The fewest words that are left when a long sentence is cut.
const FEWEST_OF_CUT: usize = 12;
/// From a verb on so many words must follow.
const FEWEST_FROM_VERB: usize = 4;

/// "This series adds", and "Here is a series that adds": the verb is the group.
static WHICH_VERB: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^(?:(?:This|The|My|Our|the following|this) (?:(?:RFC|patch|small|short|following|new|simple|tiny|little|attached|v\d+|big|large|whole) ){0,3}(?:patch ?series|patch ?set|patch-set|patchset|series|set|patch|RFC|change|commit|changeset|driver)(?: (?:simply|just|also|only|mainly|finally|now))? ([a-z]+(?:s|es))\b|(?:Here(?:'s| is| are| comes)|Please find|Please consider|This is|These are|Attached (?:is|are)|Find below|I'm (?:sending|posting)|Sending|Posting)\b[^,.;:]{0,60}?\b(?:series|patch(?:es|set|-set| set| series)?|set|RFC|driver|implementation|attempt) (?:which|that) ((?:adds?|introduces?|implements?|enables?|allows?|provides?|removes?|replaces?|converts?|reworks?|rewrites?|fix(?:es)?|makes?|improves?|extends?|avoids?|reduces?|simplif(?:y|ies)|prevents?|exposes?|switch(?:es)?|moves?|cleans?|lets?|brings?|changes?|supports?)\b))",
    )
});

/// What shows that the word before it is no verb: "This patch series are …".
static PLURAL: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^ (?:is|are|was|were|has|have|will|can)\b"));

/// What no posting does, and words that only end like verbs.
const NO_VERBS: [&str; 28] = [
    "was",
    "has",
    "is",
    "does",
    "consists",
    "contains",
    "this",
    "series",
    "depends",
    "applies",
    "needs",
    "requires",
    "goes",
    "comes",
    "passes",
    "builds",
    "starts",
    "assumes",
    "as",
    "includes",
    "proves",
    "fails",
    "follows",
    "covers",
    "continues",
    "serises",
    "looks",
    "tries",
];

/// The verb of "This series adds …".
fn own_verb(sentence: &str) -> Option<regex::Match<'_>> {
    let found = WHICH_VERB.captures(sentence)?;
    let verb = found.get(1).or_else(|| found.get(2))?;
    let other = NO_VERBS.contains(&verb.as_str());
    (!other && !PLURAL.is_match(&sentence[verb.end()..])).then_some(verb)
}

/// Whether a sentence says what the posting does, "This series adds …", whatever the verb.
pub(super) fn begins_with_verb(sentence: &str) -> bool {
    own_verb(sentence).is_some()
}

/// Shapes words into a quotation: cut at a clause when they are too many, without the final stop, and
/// from its verb on when it begins "This series adds …". `None` when a cut leaves half a thought.
pub(super) fn quotation(sentence: &str, verbs: bool) -> Option<Quotation> {
    let verb = own_verb(sentence).filter(|_| verbs);
    let enough = |verb: &regex::Match<'_>| {
        sentence[verb.start()..].split_whitespace().count() > FEWEST_FROM_VERB
    };
    let (lead, words) = match verb.filter(enough) {
        Some(verb) => (WHICH, &sentence[verb.start()..]),
        None => (SAYING, sentence),
    };
    let (words, cut) = within_limit(words)?;
    let marked = !cut && words.ends_with(['?', '!']);
    let said = words.trim_end_matches([' ', ':']);
    let said = said.strip_suffix(" as follows").unwrap_or(said);
    let text = without_footnote(said.trim_end_matches(['.', ' '])).to_owned();
    let fits = whole(said) && text.contains(' ');
    fits.then_some(Quotation { text, lead, cut, marked })
}

static LAST_FOOTNOTE: LazyLock<Regex> = LazyLock::new(|| constant(r"(?:\s*\[[\d, -]{1,8}\])+$"));

/// Without the mark of a footnote behind the last word.
fn without_footnote(words: &str) -> &str {
    LAST_FOOTNOTE
        .find(words)
        .map_or(words, |mark| words[..mark.start()].trim_end_matches(['.', ' ']))
}

/// At most so many words, ending before the last comma or the like that fits and leaves no bracket
/// open; `None` when there is no such place.
fn within_limit(words: &str) -> Option<(&str, bool)> {
    let starts: Vec<usize> = starts(words).map(|(at, _)| at).collect();
    let Some(limit) = starts.get(MOST_WORDS) else { return Some((words, false)) };
    let least = starts[FEWEST_OF_CUT];
    let clause = |end: usize| {
        let clause = words[..end].trim_end();
        (end >= least && whole(clause)).then_some((clause, true))
    };
    words[..*limit].rmatch_indices([',', ';', ':']).find_map(|(at, _)| clause(at))
}

fn starts(words: &str) -> impl Iterator<Item = (usize, char)> {
    let mut inside = false;
    words.char_indices().filter(move |(_, c)| {
        let starts = !inside && !c.is_whitespace();
        inside = !c.is_whitespace();
        starts
    })
}

//! Who reviewed, acked, tested or took something, and who turned it down: as the evidence has it, or
//! the trailers of the thread.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use lorecast_mail::{prose, trailer_person, trailers};
use lorecast_model::Fact;
use regex::Regex;

use super::case::{Case, MOST_CLAIMS, Reading};
use super::people::{is_slip, spellings, straight};
use super::rules::SPEAKER;
use crate::pattern::constant;

/// `reviewed by A, B and C`, up to where the sentence goes on.
static PASSIVE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"\b(reviewed|acked|tested|applied|taken|turned down|sent back for changes)(?: in part)?(?: to [\w/.-]+)? by ([^;:“”()\[\]]+?)(?:\.(?:\s|$)|;|,? and (?:reviewed|acked|tested|applied|has|is|was|then)\b|, (?:reviewed|acked|tested|which|who|but)\b|$)",
    )
});
/// `A and B reviewed it`, `A has since applied it`.
static ACTIVE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?:^|[.!?] |, and |, )((?:\p{Lu}|\p{Ll}+ (?:reviewed|acked|tested|has))[^.;:“”()\[\]]*?) (?:has |have )?(?:since )?(reviewed|acked|tested|applied) (?:parts of |some of )?(?:it|them)\b",
    )
});

/// Checks those who are said to have handled what a passage is about.
pub(super) fn check(case: &Case<'_>, reading: &Reading<'_>) {
    for found in PASSIVE.captures_iter(&reading.masked).take(MOST_CLAIMS) {
        if let (Some(verb), Some(names)) = (found.get(1), found.get(2)) {
            judge(case, reading, verb.as_str(), names.range());
        }
    }
    for found in ACTIVE.captures_iter(&reading.masked).take(MOST_CLAIMS) {
        if let (Some(names), Some(verb)) = (found.get(1), found.get(2)) {
            judge(case, reading, verb.as_str(), names.range());
        }
    }
}

fn judge(case: &Case<'_>, reading: &Reading<'_>, verb: &str, list: Range<usize>) {
    let (facts, key): (&[Fact], &str) = match verb {
        "reviewed" => (&[Fact::Reviewed], "reviewed-by"),
        "acked" => (&[Fact::Acked], "acked-by"),
        "tested" => (&[Fact::Tested], "tested-by"),
        "turned down" => (&[Fact::Rejected], ""),
        "sent back for changes" => (&[Fact::ChangesRequested], ""),
        // Evidence that names a tree does not say whose hand it was.
        _ if by_tree(reading) => (&[Fact::Applied, Fact::Author], ""),
        _ => (&[Fact::Applied], ""),
    };
    let evidence: BTreeSet<String> = reading
        .entries
        .iter()
        .flat_map(|entry| entry.evidence())
        .filter(|evidence| facts.contains(&evidence.fact))
        .map(|evidence| straight(&evidence.value))
        .collect();
    let proved = reading.entries.iter().any(|e| e.values(&facts[..1]).next().is_some());
    // Without evidence, the thread may not be where it was said.
    if !proved {
        return;
    }
    let mut right = evidence;
    if !key.is_empty() {
        right.extend(given(reading, key));
    }
    repeated(case, reading, &list, &right);
    for span in names(&reading.masked, &list, &right) {
        let name = straight(&reading.masked[span.clone()]);
        let known = right.iter().any(|r| *r == name || is_slip(&name, r) || is_part(&name, r));
        if !known {
            let all: Vec<String> = right.iter().take(MOST_SHOWN).cloned().collect();
            let message =
                format!("nothing shows that {name} did; {verb} by {}", crate::spoken::list(&all));
            case.report(&SPEAKER, reading.passage.source(&span), message, None);
        }
    }
}

/// A name that stands twice in one list: one of the two is another's.
fn repeated(case: &Case<'_>, reading: &Reading<'_>, list: &Range<usize>, right: &BTreeSet<String>) {
    let text = &reading.masked[list.clone()];
    for name in right.iter().filter(|name| name.contains(' ')) {
        let mut hits = text.match_indices(name.as_str());
        if let (Some((first, _)), Some((second, _))) = (hits.next(), hits.next()) {
            for at in [first, second] {
                let span = list.start + at..list.start + at + name.len();
                let message = format!("{name} is named twice");
                case.report(&SPEAKER, reading.passage.source(&span), message, None);
            }
        }
    }
}

/// Whether a robot's mail or a tree proves that something was applied, instead of a person's word.
fn by_tree(reading: &Reading<'_>) -> bool {
    let mut evidence = reading.entries.iter().flat_map(|entry| entry.evidence());
    let person = |name: &str| name.contains(' ') && !name.contains(['/', '+']);
    evidence.any(|e| e.fact == Fact::Applied && (e.commit.is_some() || !person(&e.value)))
}

/// How many names a message gives.
const MOST_SHOWN: usize = 5;

fn is_part(name: &str, full: &str) -> bool {
    !name.contains(' ') && full.split([' ', ',']).any(|word| word == name)
}

/// Those who gave a trailer in the passage's threads.
fn given(reading: &Reading<'_>, key: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for message in reading.talks.iter().flat_map(|talk| &talk.messages) {
        for trailer in trailers(&prose::own_words(&message.text)) {
            if trailer.key == key {
                let person = trailer_person(&trailer.value);
                found.extend(spellings(&person).iter().map(|name| straight(name)));
            }
        }
    }
    found
}

/// The names of a list, less those that are right: some have a comma of their own.
fn names(masked: &str, list: &Range<usize>, right: &BTreeSet<String>) -> Vec<Range<usize>> {
    let mut text = masked[list.clone()].to_owned();
    for name in right.iter().filter(|name| !name.is_empty()) {
        while let Some(at) = text.find(name.as_str()) {
            text.replace_range(at..at + name.len(), &" ".repeat(name.len()));
        }
    }
    let mut found = Vec::new();
    let mut at = 0;
    for part in text.split(", ").flat_map(|part| part.split(" and ")) {
        // Parts stand in their order: each is found behind the one before.
        let Some(start) = text[at..].find(part).map(|hit| at + hit) else { continue };
        at = start + part.len();
        let inner = part.trim();
        let words = inner.split_whitespace().count();
        let named = inner.starts_with(char::is_uppercase) && (1..=5).contains(&words);
        if named && !inner.starts_with("The ") {
            let from = list.start + start + part.find(inner).unwrap_or(0);
            found.push(from..from + inner.len());
        }
    }
    found
}

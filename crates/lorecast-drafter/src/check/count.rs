//! Counts: patches, messages, people, and what a report numbers.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use lorecast_mail::{is_robot, poster, subject_tags};
use lorecast_model::{Fact, Fix, Message};
use regex::Regex;

use super::case::{Case, Entry, MOST_CLAIMS, Reading};
use super::numbers::{NUMBER, number};
use super::rules::COUNT;
use super::sentence::{Act, Deed};
use crate::pattern::constant;

static CLAIM: LazyLock<Regex> = LazyLock::new(|| {
    constant(&format!(
        r"\b({NUMBER})(?:\s+(?:different|new|more|individual|distinct))?[- ](part|patch|patches|parts|messages?|mails?|emails?|replies|answers|people|participants|developers|contributors|errors?|warnings?|failures?|regressions?|bugs?|commits?|builds?|tests?|configurations?|configs?|files?)\b"
    ))
});

/// Checks every number of things that a passage gives.
pub(super) fn check(case: &Case<'_>, reading: &Reading<'_>) {
    for found in CLAIM.captures_iter(&reading.masked).take(MOST_CLAIMS) {
        let (Some(digits), Some(noun)) = (found.get(1), found.get(2)) else { continue };
        let Some(said) = number(digits.as_str()) else { continue };
        let span = digits.range();
        if is_rough(&reading.masked, &span) {
            continue;
        }
        let right = match noun.as_str() {
            "part" | "parts" | "patch" | "patches" if is_posting(reading, &found[0], &span) => {
                patches(case, reading, &span)
            }
            "part" | "parts" | "patch" | "patches" => BTreeSet::new(),
            "messages" | "mails" | "emails" | "message" | "mail" | "email" => {
                messages(case, reading, &span)
            }
            "replies" | "answers" => replies(case, reading, &span),
            "people" | "participants" | "developers" | "contributors" => {
                people(case, reading, &span)
            }
            noun => reported(reading, said, noun, &found[0]),
        };
        if !right.is_empty() && !right.contains(&said) {
            wrong(case, reading, &span, noun.as_str(), &right);
        }
    }
    of_patches(case, reading);
}

fn wrong(
    case: &Case<'_>,
    reading: &Reading<'_>,
    span: &Range<usize>,
    noun: &str,
    right: &BTreeSet<u32>,
) {
    let said = &reading.masked[span.clone()];
    let all: Vec<String> = right.iter().take(4).map(ToString::to_string).collect();
    let message = format!("not {said} {noun} but {}", all.join(" or "));
    let source = reading.passage.source(span);
    let spelt = !said.starts_with(|c: char| c.is_ascii_digit());
    let text = match (right.first(), right.len()) {
        (Some(one), 1) if spelt => Some(crate::spoken::count(*one as usize)),
        (Some(one), 1) => Some(one.to_string()),
        _ => None,
    };
    let fix = text.map(|text| Fix { from: source.start, to: source.end, text });
    case.report(&COUNT, source, message, fix);
}

/// `about 30`, `more than 30`, `the first 3`: no exact number.
fn is_rough(masked: &str, span: &Range<usize>) -> bool {
    const ROUGH: [&str; 26] = [
        "about",
        "around",
        "some",
        "than",
        "nearly",
        "almost",
        "roughly",
        "over",
        "under",
        "least",
        "most",
        "first",
        "last",
        "other",
        "another",
        "of",
        "these",
        "those",
        "approximately",
        "up",
        "to",
        "only",
        "after",
        "patch",
        "next",
        "his",
    ];
    let front = masked[..span.start].trim_end();
    // `ran to 30 messages` is exact, whatever `to` leads into elsewhere.
    let ran = ["ran to", "grew to", "came to"].iter().any(|words| front.ends_with(words));
    if ran || says_series(masked, span) {
        return false;
    }
    let word = front.rsplit([' ', '(']).next().unwrap_or("");
    ROUGH.contains(&word.to_lowercase().as_str()) || word.ends_with(['~', '/', '.', '#'])
}

/// `a series of 32 patches` is exact, whatever `of` leads into elsewhere.
fn says_series(masked: &str, span: &Range<usize>) -> bool {
    masked.get(..span.start).is_some_and(|front| front.trim_end().ends_with("series of"))
}

/// Whether a number of patches is said to be that of a posting.
fn is_posting(reading: &Reading<'_>, phrase: &str, span: &Range<usize>) -> bool {
    let posts = |act: &Act| act.deed == Deed::Post && act.reach.contains(&span.start);
    says_series(&reading.masked, span)
        || phrase.contains('-')
        || reading.around(span).is_some()
        || reading.acts.iter().any(posts)
}

/// How many patches the postings announce that the sentence links to.
fn patches(case: &Case<'_>, reading: &Reading<'_>, span: &Range<usize>) -> BTreeSet<u32> {
    let sentence = reading.sentence(span.start);
    let around = reading.around(span).map(|(_, id)| id);
    let ids: Vec<_> = match around {
        Some(id) => vec![id],
        None => {
            let linked: Vec<_> = reading.links(&sentence).map(|(_, id)| id).collect();
            if linked.is_empty() { reading.about.iter().collect() } else { linked }
        }
    };
    let mut right = BTreeSet::new();
    for id in ids {
        if let Some(revision) = case.revision(id) {
            right.insert(revision.announced);
            right.insert(revision.patches.len() as u32);
        }
        let cited = case.cited(id);
        right.extend(cited.and_then(|c| subject_tags(&c.message().header.subject).total));
        if around.is_some() {
            continue;
        }
        right.extend(case.series(id).iter().map(|revision| revision.announced));
    }
    right.remove(&0);
    if around.is_none() {
        let entries = reading.entries.iter().flat_map(|entry| entry.values(&[Fact::Patches]));
        let told: BTreeSet<u32> = entries.filter_map(number).collect();
        // What the evidence says goes before what the archives happen to hold.
        right = if told.is_empty() { right } else { told };
    } else if right.len() > 1 {
        // A series that is not whole in the archives: what it announces counts.
        let announced = around.and_then(|id| case.revision(id)).map(|revision| revision.announced);
        right.retain(|n| announced.is_none_or(|announced| announced == 0 || announced == *n));
    }
    // A pull request or report has patches that nobody numbers.
    let named = reading.entries.iter().flat_map(|entry| entry.values(&[Fact::Count]));
    right.extend(named.filter_map(first_number));
    right
}

static OF_PATCHES: LazyLock<Regex> =
    LazyLock::new(|| constant(&format!(r"\b({NUMBER}) of (?:its|the) (?:({NUMBER}) )?patches\b")));

/// `three of its five patches`, in what is told of earlier work.
fn of_patches(case: &Case<'_>, reading: &Reading<'_>) {
    let follows = |entry: &&Entry<'_>| matches!(entry, Entry::FollowUp(_));
    let Some(entry) = reading.entries.iter().find(follows) else { return };
    const TAKEN: [Fact; 5] =
        [Fact::Landed, Fact::Applied, Fact::Next, Fact::Reverted, Fact::Dropped];
    for found in OF_PATCHES.captures_iter(&reading.masked).take(MOST_CLAIMS) {
        let Some(some) = found.get(1) else { continue };
        if let Some(all) = found.get(2) {
            let right: BTreeSet<u32> = entry.values(&[Fact::Patches]).filter_map(number).collect();
            let said = number(all.as_str());
            if !right.is_empty() && said.is_some_and(|said| !right.contains(&said)) {
                wrong(case, reading, &all.range(), "patches", &right);
            }
        }
        let proofs = entry.evidence().iter().filter(|e| TAKEN.contains(&e.fact));
        let mails: BTreeSet<_> = proofs.clone().map(|e| &e.message).collect();
        let commits: BTreeSet<_> = proofs.filter_map(|e| e.commit.as_ref()).collect();
        let right = BTreeSet::from([mails.len() as u32, commits.len() as u32]);
        let right: BTreeSet<u32> = right.into_iter().filter(|n| *n > 0).collect();
        let said = number(some.as_str());
        if commits.len() > 1 && said.is_some_and(|said| !right.contains(&said)) {
            wrong(case, reading, &some.range(), "patches", &right);
        }
    }
}

/// The messages that a number may count: those of the window, or of the whole thread where the
/// sentence does not say "this week".
fn counted<'r>(
    case: &Case<'_>,
    reading: &'r Reading<'_>,
    span: &Range<usize>,
) -> Vec<Vec<&'r Message>> {
    let sentence = &reading.masked[reading.sentence(span.start)];
    let window = case.episode().map(|episode| episode.window);
    let mut sets = Vec::new();
    for talk in &reading.talks {
        let all: Vec<&Message> = talk.messages.iter().collect();
        if let Some(window) = window {
            let inside = |m: &&Message| window.contains(m.header.date);
            sets.push(all.iter().copied().filter(inside).collect());
            let (_, end) = window.bounds();
            if !sentence.contains("this week") {
                sets.push(all.iter().copied().filter(|m| m.header.date < end).collect());
            }
        }
        if window.is_none() || !sentence.contains("this week") {
            sets.push(all);
        }
    }
    sets
}

fn messages(case: &Case<'_>, reading: &Reading<'_>, span: &Range<usize>) -> BTreeSet<u32> {
    counted(case, reading, span).iter().map(|set| set.len() as u32).collect()
}

fn replies(case: &Case<'_>, reading: &Reading<'_>, span: &Range<usize>) -> BTreeSet<u32> {
    let sets = counted(case, reading, span);
    let answers = |set: &Vec<&Message>| {
        let replies = set.iter().filter(|m| m.diff.is_empty() && !m.header.references.is_empty());
        [replies.count() as u32, set.len() as u32, (set.len() as u32).saturating_sub(1)]
    };
    sets.iter().flat_map(answers).collect()
}

fn people(case: &Case<'_>, reading: &Reading<'_>, span: &Range<usize>) -> BTreeSet<u32> {
    let sets = counted(case, reading, span);
    let senders = |set: &Vec<&Message>| {
        let people = set.iter().filter(|m| !is_robot(&m.header.from));
        let emails: BTreeSet<String> =
            people.map(|m| poster(m).email.to_ascii_lowercase()).collect();
        emails.len() as u32
    };
    sets.iter().map(senders).collect()
}

/// What a report numbers: the evidence, else the numbers that its mails put before the same noun.
/// Nothing when a mail has the claimed number anywhere.
fn reported(reading: &Reading<'_>, said: u32, noun: &str, phrase: &str) -> BTreeSet<u32> {
    let stem = noun.trim_end_matches('s');
    let counts: Vec<&str> =
        reading.entries.iter().flat_map(|entry| entry.values(&[Fact::Count])).collect();
    let named: BTreeSet<u32> = counts
        .iter()
        .filter(|value| value.contains(stem))
        .filter_map(|v| first_number(v))
        .collect();
    if !named.is_empty() {
        return named;
    }
    let bare: BTreeSet<u32> = counts.iter().filter_map(|value| number(value)).collect();
    if !bare.is_empty() {
        return bare;
    }
    // Without evidence, only what reports of builds and tests count is sure to be the same thing.
    let sure = ["error", "warning", "failure", "regression"].contains(&stem);
    if !sure || !phrase.starts_with(|c: char| c.is_ascii_digit()) {
        return BTreeSet::new();
    }
    let pattern = format!(r"(?i)\b(\d{{1,6}})\s+(?:\w+\s+){{0,2}}{stem}s?\b");
    let Ok(pattern) = Regex::new(&pattern) else { return BTreeSet::new() };
    let texts: Vec<&str> = reading
        .talks
        .iter()
        .flat_map(|talk| &talk.messages)
        .take(MOST_MAILS)
        .flat_map(|m| [m.header.subject.as_str(), m.text.as_str()])
        .collect();
    let phrase = phrase.to_lowercase();
    if texts.iter().any(|text| text.to_lowercase().contains(&phrase)) {
        return BTreeSet::from([said]);
    }
    let numbers = texts.iter().flat_map(|text| pattern.captures_iter(text));
    numbers.filter_map(|found| number(found.get(1)?.as_str())).collect()
}

/// How many mails are searched for numbers.
const MOST_MAILS: usize = 500;

fn first_number(text: &str) -> Option<u32> {
    text.split_whitespace().find_map(number)
}

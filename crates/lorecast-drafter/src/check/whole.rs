//! What is judged of the notes as a whole.

use std::collections::{BTreeMap, BTreeSet};

use lorecast_model::{Fact, MessageId, SeriesId};
use lorecast_people::Sources;

use super::case::{Case, Entry, Reading, entries};
use super::page::{Shape, start, start_of};
use super::post;
use super::rules::{
    ACRONYM, ACRONYM_MEANING, ACRONYM_TWICE, ACRONYM_UNKNOWN, EVIDENCE, LENGTH, NO_EVIDENCE,
    NO_LINK, SAY, TWICE, UNREAD,
};
use super::sentence::Deed;
use crate::employers;
use crate::glossary::{AcronymFault, acronym_issues, exact_words};
use crate::prove::prove_one;

/// How far the length may be off the target, as a share of it.
const LEEWAY: f64 = 0.25;
/// From how many words on a paragraph should link to something.
const LONG: usize = 40;

/// Checks the notes as a whole.
pub(super) fn check(case: &Case<'_>, readings: &[Reading<'_>]) {
    unread(case);
    evidence(case);
    post::evidence(case);
    twice(case, readings);
    links(case, readings);
    length(case, readings);
    acronyms(case);
    spoken(case, readings);
}

/// Notes so long that the rest of them was not looked at.
fn unread(case: &Case<'_>) {
    let (all, read) = (case.checked.notes.len(), start(case.checked.notes).len());
    if read < all {
        let message = format!("only the first {read} of {all} bytes were checked");
        case.report_all(&UNREAD, message);
    }
}

/// Every piece of evidence is proved by its message.
fn evidence(case: &Case<'_>) {
    let names = Sources::default();
    for entry in entries(case.episode()) {
        if let Entry::Story(story) = entry
            && story.evidence.is_empty()
        {
            case.report_all(&NO_EVIDENCE, format!("the story “{}” has no evidence", story.title));
        }
        for evidence in entry.evidence() {
            let cited = case.cited(&evidence.message);
            let message = cited.as_ref().map(|cited| cited.message());
            let names = case.checked.employers.unwrap_or(&names);
            let reviewed = |message| {
                evidence.fact == Fact::Employer
                    && employers::is_reviewed(evidence, message, names, case.checked.people)
            };
            if message.is_some_and(reviewed) {
                continue;
            }
            if let Some(why) = prove_one(evidence, message, names) {
                let fact = crate::prove::fact_name(evidence.fact);
                let message = format!(
                    "episode.yaml, “{}”: {fact} `{}` of `{}`: {why}",
                    entry.title(),
                    evidence.value,
                    evidence.message
                );
                case.report_all(&EVIDENCE, message);
            }
        }
    }
}

/// A series that is told in two places.
fn twice(case: &Case<'_>, readings: &[Reading<'_>]) {
    let mut told: BTreeMap<SeriesId, (usize, MessageId)> = BTreeMap::new();
    for (index, reading) in readings.iter().enumerate() {
        let posts = |act: &&super::sentence::Act| act.deed == Deed::Post;
        for act in reading.acts.iter().filter(posts) {
            let Some((link, id)) = reading.links(&act.reach).next() else { continue };
            let Some(revision) = case.revision(id) else { continue };
            let known = told.entry(revision.series).or_insert((index, id.clone()));
            if known.0 != index && reading.section != readings[known.0].section {
                let message = format!("“{}” was told already, from `{}`", revision.title, known.1);
                case.report(&TWICE, reading.passage.source(&link.span), message, None);
            }
        }
    }
}

/// Long paragraphs that quote somebody and link to nothing.
fn links(case: &Case<'_>, readings: &[Reading<'_>]) {
    for reading in readings.iter().filter(|reading| reading.passage.shape == Shape::Text) {
        let words = reading.passage.text.split_whitespace().count();
        let acts = reading.acts.iter().any(|act| act.subject.is_some());
        let unlinked = reading.passage.links.is_empty() && reading.about.is_empty();
        if unlinked && words >= LONG && acts {
            let start = reading.passage.source(&(0..1));
            case.report(&NO_LINK, start, "this paragraph links to no mail".to_owned(), None);
        }
    }
}

/// Acronyms that nobody explains, or that are explained again. Those that the glossary does not have
/// are listed once.
fn acronyms(case: &Case<'_>) {
    let Some(glossary) = case.checked.glossary else { return };
    let exact = case.episode().map(exact_words).unwrap_or_default();
    let mut unknown = Vec::new();
    for issue in acronym_issues(start_of(case.checked.notes, MOST_EXPLAINED), glossary, &exact) {
        let (line, column) = (issue.line, issue.column);
        match issue.what {
            AcronymFault::Unexpanded { text, .. } => {
                let hint = format!("write `{}{text}`", issue.acronym);
                let message = format!("`{}` is not explained", issue.acronym);
                case.report_at(&ACRONYM, line, column, message, Some(hint));
            }
            AcronymFault::Twice => {
                let message = format!("`{}` is explained a second time", issue.acronym);
                case.report_at(&ACRONYM_TWICE, line, column, message, None);
            }
            AcronymFault::Foreign { said, known } => {
                let known = crate::spoken::list(&known);
                let message = format!("`{}` stands for {known}, not {said}", issue.acronym);
                case.report_at(&ACRONYM_MEANING, line, column, message, None);
            }
            AcronymFault::Unknown => unknown.push(issue.acronym),
        }
    }
    if !unknown.is_empty() {
        unknown.truncate(MOST_UNKNOWN);
        let message = format!("the glossary does not have {}", unknown.join(", "));
        case.report_all(&ACRONYM_UNKNOWN, message);
    }
}

/// So much of notes is searched for acronyms, in bytes.
const MOST_EXPLAINED: usize = 1 << 16;
/// How many unknown acronyms are listed.
const MOST_UNKNOWN: usize = 60;

fn length(case: &Case<'_>, readings: &[Reading<'_>]) {
    let Some(show) = case.checked.show else { return };
    let own = case.episode().and_then(|episode| episode.minutes);
    let target = own.or(show.minutes).filter(|minutes| *minutes > 0.0);
    let Some(target) = target else { return };
    let pace = crate::script::pace(&show.voice, &[]).words_per_minute;
    let count = |reading: &Reading<'_>| reading.passage.text.split_whitespace().count();
    let words: usize = readings.iter().map(count).sum();
    let minutes = words as f64 / pace;
    if (minutes - target).abs() > target * LEEWAY {
        let message = format!(
            "{words} words are {minutes:.0} minutes at {pace:.0} words a minute; the target is {target:.0}"
        );
        case.report_all(&LENGTH, message);
    }
}

/// People whom nobody told the reader how to say, in shows that tell so of some.
fn spoken(case: &Case<'_>, readings: &[Reading<'_>]) {
    let people = case.checked.people;
    for person in people.iter().filter(|person| person.say.is_none() && person.ipa.is_none()) {
        let held = |reading: &&Reading<'_>| reading.masked.contains(person.name.as_str());
        if person.name.is_empty() || people.iter().all(|other| other.say.is_none()) {
            continue;
        }
        if let Some(reading) = readings.iter().find(held) {
            let at = reading.masked.find(person.name.as_str()).unwrap_or(0);
            let span = at..at + person.name.len();
            let message = format!("nobody said how “{}” is pronounced", person.name);
            case.report(&SAY, reading.passage.source(&span), message, None);
        }
    }
    unlisted(case, readings);
}

/// How many people without a spoken form are listed.
const MOST_UNSAID: usize = 40;

/// The same for people whom people.yaml does not have: they are listed once.
fn unlisted(case: &Case<'_>, readings: &[Reading<'_>]) {
    let people = case.checked.people;
    if people.iter().all(|person| person.say.is_none() && person.ipa.is_none()) {
        return;
    }
    const NAMES: [Fact; 2] = [Fact::Author, Fact::Reply];
    let listed =
        |name: &str| people.iter().any(|p| p.name == name || p.also.iter().any(|a| a == name));
    let named = |name: &str| readings.iter().any(|reading| reading.masked.contains(name));
    let told = entries(case.episode());
    let names: BTreeSet<&str> = told.iter().flat_map(|entry| entry.values(&NAMES)).collect();
    let names = names.into_iter().filter(|name| name.contains(' ') && !listed(name) && named(name));
    let names: Vec<&str> = names.take(MOST_UNSAID).collect();
    if !names.is_empty() {
        let message = format!("people.yaml does not have {}", names.join(", "));
        case.report_all(&SAY, message);
    }
}

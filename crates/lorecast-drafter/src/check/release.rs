//! Release numbers: as the announcement, the evidence or the thread names them.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use lorecast_model::{Fact, MessageId};
use regex::Regex;

use super::case::{Case, Entry, MOST_CLAIMS, Reading, entries};
use super::rules::RELEASE;
use super::sentence::Deed;
use crate::kind::nature;
use crate::pattern::constant;

/// `4.11-rc8`, `6.3.1`, `v6.4`, `6.1.24-rt8`.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"\bv?(\d{1,4}(?:\.\d{1,4}){1,3}(?:-(?:rc|rt|cip|pre|alpha|beta)\d{1,3})*|\d{1,3}-rc\d{1,3})\b",
    )
});

/// Facts that name a release.
const FACTS: [Fact; 5] = [Fact::Release, Fact::Landed, Fact::Final, Fact::Stable, Fact::Title];

/// Checks every release number that a passage names outside of quotations.
pub(super) fn check(case: &Case<'_>, reading: &Reading<'_>) {
    let names: Vec<Range<usize>> = NUMBER
        .captures_iter(&reading.masked)
        .take(MOST_CLAIMS)
        .filter_map(|found| found.get(1).map(|number| number.range()))
        .collect();
    for span in names {
        judge(case, reading, span);
    }
}

fn judge(case: &Case<'_>, reading: &Reading<'_>, span: Range<usize>) {
    let said = &reading.masked[span.clone()];
    // A version in a title, or a measurement such as 1.5 ms.
    if !is_release(reading, &span) {
        return;
    }
    let announced = announced(case, reading, &span);
    if !announced.is_empty() {
        if !announced.contains(said) {
            wrong(case, reading, &span, &announced);
        }
        return;
    }
    // What is said beside the mails is the producer's own: plans, and memories.
    if reading.about.is_empty() && !is_lead(reading) {
        return;
    }
    let proved = proved(case, reading);
    if proved.contains(said) {
        return;
    }
    let claims = claims_landing(reading, &span);
    let landed: BTreeSet<String> = numbers(
        reading.entries.iter().flat_map(|e| e.values(&[Fact::Landed, Fact::Final, Fact::Stable])),
    );
    if claims && !landed.is_empty() {
        return wrong(case, reading, &span, &landed);
    }
    let texts = spoken(reading);
    if !claims && texts.contains(said) {
        return;
    }
    // `6.4` alone is as often a plan as a fact: only what the mail is entitled speaks against it.
    let bare = !said.contains('-') && said.matches('.').count() == 1;
    let others = proved.iter().chain(texts.iter().filter(|_| !bare));
    let near: BTreeSet<String> = others.filter(|other| is_near(said, other)).cloned().collect();
    let told = reading.entries.iter().any(|entry| !entry.evidence().is_empty());
    if !near.is_empty() || claims && told {
        wrong(case, reading, &span, &near);
    }
}

/// Whether a passage says what the episode tells: a heading, or the sentence that opens it.
fn is_lead(reading: &Reading<'_>) -> bool {
    let opens = ["In this week", "In this edition", "This week:"];
    matches!(reading.passage.shape, super::page::Shape::Heading(_))
        || opens.iter().any(|words| reading.masked.starts_with(words))
}

fn wrong(case: &Case<'_>, reading: &Reading<'_>, span: &Range<usize>, right: &BTreeSet<String>) {
    let said = &reading.masked[span.clone()];
    let nearest = right.iter().filter(|other| is_near(said, other)).collect::<Vec<_>>();
    let fix = match nearest[..] {
        [one] if right.len() == 1 => reading.fix(span, one),
        _ => None,
    };
    let all: Vec<String> = right.iter().take(MOST_SHOWN).cloned().collect();
    let message = match all.is_empty() {
        true => format!("nothing proves `{said}`"),
        false => format!("not `{said}`: the evidence says {}", crate::spoken::list(&all)),
    };
    case.report(&RELEASE, reading.passage.source(span), message, fix);
}

/// How many releases a message names.
const MOST_SHOWN: usize = 6;

/// Whether a number is that of a release: `-rc`, three parts, or `Linux`, `kernel` or a `v` before it.
fn is_release(reading: &Reading<'_>, span: &Range<usize>) -> bool {
    let said = &reading.masked[span.clone()];
    let front = reading.masked[..span.start].trim_end();
    let word = front.rsplit([' ', '(']).next().unwrap_or("");
    let marked = reading.masked[..span.start].ends_with('v') || said.contains("-rc");
    let named =
        ["Linux", "kernel", "kernels", "stable", "in", "announced", "mainline", "for", "to"];
    let listed = front.ends_with([',']) || word == "and";
    let parts = said.split('-').next().unwrap_or("").split('.').count();
    let starts = said.starts_with(|c: char| c.is_ascii_digit() && c != '0');
    starts && (marked || parts >= 3 || named.contains(&word) || listed)
}

/// What the linked mail announces, when the sentence is about the announcement.
fn announced(case: &Case<'_>, reading: &Reading<'_>, span: &Range<usize>) -> BTreeSet<String> {
    if let Some((_, id)) = reading.around(span) {
        return of_mail(case, id);
    }
    let heading = matches!(reading.passage.shape, super::page::Shape::Heading(_));
    let announces = |act: &&super::sentence::Act| {
        act.deed == Deed::Post
            && act.reach.contains(&span.start)
            && reading.masked[act.verb.clone()].starts_with("announce")
            && is_list(&reading.masked[act.verb.end..span.start])
    };
    let act = reading.acts.iter().find(announces);
    if !heading && act.is_none() {
        return BTreeSet::new();
    }
    let sentence = reading.sentence(span.start);
    let mut all = BTreeSet::new();
    let ids: Vec<&MessageId> = match heading {
        true => reading.about.iter().take(1).collect(),
        false => reading.links(&sentence).map(|(_, id)| id).collect(),
    };
    for id in ids {
        all.extend(of_mail(case, id));
    }
    all
}

/// Whether nothing but releases stands between a verb and a release: `announced Linux 4.4.64 and`.
fn is_list(between: &str) -> bool {
    const SMALL: [&str; 12] = [
        "linux", "kernel", "kernels", "stable", "the", "a", "new", "release", "releases", "of",
        "and", "versions",
    ];
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let fits =
        |word: String| word.is_empty() || SMALL.contains(&word.as_str()) || NUMBER.is_match(&word);
    between.split_whitespace().map(bare).all(fits)
}

fn of_mail(case: &Case<'_>, id: &MessageId) -> BTreeSet<String> {
    let release = case.cited(id).and_then(|cited| nature(cited.message(), case.profile()).release);
    let of = |entry: &Entry<'_>| {
        (entry.id() == id)
            .then(|| entry.values(&[Fact::Release]).map(str::to_owned).collect::<Vec<_>>())
    };
    let told = entries(case.episode()).iter().filter_map(of).flatten().collect::<Vec<_>>();
    numbers(release.iter().map(String::as_str).chain(told.iter().map(String::as_str)))
}

/// What the evidence of these entries says; without a link, that of the whole episode.
fn proved(case: &Case<'_>, reading: &Reading<'_>) -> BTreeSet<String> {
    let all = entries(case.episode());
    let told: &[Entry<'_>] = if reading.about.is_empty() { &all } else { &reading.entries };
    let mut values: Vec<&str> = told.iter().flat_map(|entry| entry.values(&FACTS)).collect();
    values.extend(told.iter().map(|entry| entry.title()));
    let mut found = numbers(values.into_iter());
    for entry in told {
        found.extend(of_mail(case, entry.id()));
    }
    found
}

/// Every release that the passage's threads speak of.
fn spoken(reading: &Reading<'_>) -> BTreeSet<String> {
    let messages = reading.talks.iter().flat_map(|talk| &talk.messages).take(MOST_MAILS);
    numbers(messages.flat_map(|m| [m.header.subject.as_str(), m.text.as_str()]))
}

/// How many mails are searched for releases.
const MOST_MAILS: usize = 500;

fn numbers<'t>(texts: impl Iterator<Item = &'t str>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for text in texts {
        found
            .extend(NUMBER.captures_iter(text).filter_map(|c| Some(c.get(1)?.as_str().to_owned())));
    }
    found
}

fn claims_landing(reading: &Reading<'_>, span: &Range<usize>) -> bool {
    let sentence = reading.sentence(span.start);
    let front = &reading.masked[sentence.start..span.start];
    const CLAIMS: [&str; 7] = [
        "landed in",
        "land in",
        "came out in",
        "backported to",
        "queued for",
        "reverted in",
        "merged for",
    ];
    CLAIMS.iter().any(|claim| front.contains(claim))
}

/// Whether two numbers differ in one part alone: `6.3-rc6` and `6.3-rc7`, `6.1.24` and `6.1.25`.
fn is_near(a: &str, b: &str) -> bool {
    let parts = |text: &str| -> Vec<String> { text.split(['.', '-']).map(str::to_owned).collect() };
    let (a, b) = (parts(a), parts(b));
    let differ = a.iter().zip(&b).filter(|(a, b)| a != b).count();
    a.len() == b.len() && differ == 1 && a[0] == b[0]
}

//! Dates: when a mail was sent, which days the episode covers, when work was told before.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use lorecast_model::{Fact, Message};
use regex::{Captures, Regex};

use super::case::{Case, Entry, MOST_CLAIMS, Reading};
use super::page::Shape;
use super::rules::DATE;
use super::sentence::Deed;
use crate::pattern::constant;
use crate::spoken::MONTHS;

static CLAIM: LazyLock<Regex> = LazyLock::new(|| {
    let months = MONTHS.join("|");
    constant(&format!(
        r"\b(?:(\d{{4}})[-/](\d\d)[-/](\d\d)|(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({months})(?:,? (\d{{4}}))?|({months}) (\d{{1,2}})(?:st|nd|rd|th)?(?:,? (\d{{4}}))?)\b"
    ))
});

/// Checks every day that a passage names outside of quotations.
pub(super) fn check(case: &Case<'_>, reading: &Reading<'_>) {
    for found in CLAIM.captures_iter(&reading.masked).take(MOST_CLAIMS) {
        let Some(all) = found.get(0) else { continue };
        let Some(said) = date(&found, near(case, reading)) else { continue };
        let right = right(case, reading, &all.range());
        let mentioned = || is_mentioned(reading, said);
        if right.days.is_empty() || right.days.contains(&said) || right.loose && mentioned() {
            continue;
        }
        let days: Vec<String> =
            right.days.iter().take(MOST_SHOWN).map(|day| spoken(*day, all.as_str())).collect();
        let message = format!("not {} but {}", all.as_str(), days.join(" or "));
        let fix = match &days[..] {
            [one] => reading.fix(&all.range(), one),
            _ => None,
        };
        case.report(&DATE, reading.passage.source(&all.range()), message, fix);
    }
}

/// How many days a message names.
const MOST_SHOWN: usize = 4;

/// The day that a missing year is counted from.
fn near(case: &Case<'_>, reading: &Reading<'_>) -> Date {
    if let Some(episode) = case.episode() {
        return episode.window.to;
    }
    let dates = reading.talks.iter().flat_map(|talk| &talk.messages).map(|m| m.header.date);
    day(dates.max().unwrap_or(Timestamp::UNIX_EPOCH))
}

fn date(found: &Captures<'_>, near: Date) -> Option<Date> {
    let number = |group: usize| found.get(group).and_then(|m| m.as_str().parse::<i16>().ok());
    let month = |group: usize| {
        let name = found.get(group)?.as_str();
        MONTHS.iter().position(|month| *month == name).map(|at| at as i8 + 1)
    };
    let small = |n: i16| i8::try_from(n).ok();
    if let (Some(year), Some(month), Some(day)) = (number(1), number(2), number(3)) {
        return Date::new(year, small(month)?, small(day)?).ok();
    }
    let (month, day, year) = match month(5) {
        Some(month) => (month, small(number(4)?)?, number(6)),
        None => (month(7)?, small(number(8)?)?, number(9)),
    };
    if let Some(year) = year {
        return Date::new(year, month, day).ok();
    }
    let years = [near.year(), near.year() - 1, near.year() + 1];
    let days = years.into_iter().filter_map(|year| Date::new(year, month, day).ok());
    days.min_by_key(|day| day.duration_since(near).as_secs().unsigned_abs())
}

/// The days that a date may be.
struct Right {
    days: BTreeSet<Date>,
    /// Any day that the mails mention will do as well.
    loose: bool,
}

fn right(case: &Case<'_>, reading: &Reading<'_>, span: &Range<usize>) -> Right {
    let strict = |days| Right { days, loose: false };
    if reading.passage.shape == Shape::Heading(1) {
        let window = case.episode().map(|episode| episode.window);
        return strict(window.into_iter().flat_map(|w| [w.to, w.from]).collect());
    }
    let sentence = reading.sentence(span.start);
    let front = &reading.masked[sentence.start..span.start];
    if front.contains("covered") {
        return strict(told(case, reading));
    }
    if front.contains("last word") || front.contains("gone quiet") {
        return strict(quiet(reading));
    }
    let acts =
        |act: &super::sentence::Act| act.deed != Deed::Handle && sentence.contains(&act.verb.start);
    let ids: Vec<_> = reading.links(&sentence).map(|(_, id)| id).collect();
    if ids.is_empty() || !reading.acts.iter().any(acts) {
        return Right { days: BTreeSet::new(), loose: true };
    }
    let sent = ids.into_iter().filter_map(|id| case.cited(id));
    let days = sent.map(|cited| day(cited.message().header.date)).collect();
    Right { days, loose: true }
}

/// The days of the episodes that told the work before.
fn told(case: &Case<'_>, reading: &Reading<'_>) -> BTreeSet<Date> {
    let of = |entry: &Entry<'_>| match entry {
        Entry::FollowUp(story) => Some(story.episode.0),
        Entry::Story(_) => None,
    };
    let own: BTreeSet<Date> = reading.entries.iter().filter_map(of).collect();
    if own.is_empty() { case.checked.earlier.iter().map(|id| id.0).collect() } else { own }
}

fn quiet(reading: &Reading<'_>) -> BTreeSet<Date> {
    let own = reading.entries.iter().flat_map(|entry| entry.values(&[Fact::Quiet]));
    let own: BTreeSet<Date> = own.filter_map(|value| value.parse().ok()).collect();
    if !own.is_empty() {
        return own;
    }
    let last = |messages: &[Message]| messages.iter().map(|m| m.header.date).max();
    reading.talks.iter().filter_map(|talk| last(&talk.messages)).map(day).collect()
}

/// Whether a mail of the passage's threads names this day.
fn is_mentioned(reading: &Reading<'_>, said: Date) -> bool {
    let month = MONTHS.get(usize::from(said.month().unsigned_abs()).saturating_sub(1));
    let Some(month) = month else { return false };
    let short = &month[..3];
    let day = said.day();
    let forms = [
        said.to_string(),
        format!("{day} {month}"),
        format!("{month} {day}"),
        format!("{day} {short}"),
        format!("{short} {day}"),
        format!("{day}th of {month}"),
        format!("{month} {day}th"),
    ];
    // Not the lines that say when somebody wrote what is quoted below them, nor those of logs.
    let lines = reading.talks.iter().flat_map(|talk| &talk.messages).flat_map(|m| m.text.lines());
    lines
        .filter(|line| !line.starts_with(['>', '[']) && !is_stamp(line))
        .any(|line| forms.iter().any(|form| is_whole(line, form)))
}

/// `On Fri, Apr 7, 2023 at 10:00 AM …`, `Date: …`, `Sent: …`.
fn is_stamp(line: &str) -> bool {
    let time = line.as_bytes().windows(4).any(|w| {
        w[0].is_ascii_digit() && w[1] == b':' && w[2].is_ascii_digit() && w[3].is_ascii_digit()
    });
    time || line.contains("wrote") || line.contains('@') || line.starts_with("On ")
}

/// Whether a form stands in a line and is no part of a longer number.
fn is_whole(line: &str, form: &str) -> bool {
    line.match_indices(form).any(|(at, _)| {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        !digit(line[..at].chars().next_back()) && !digit(line[at + form.len()..].chars().next())
    })
}

fn day(moment: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(moment).date()
}

/// A day in the form that the notes have.
fn spoken(day: Date, like: &str) -> String {
    let year = like
        .split([' ', ','])
        .any(|word| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()));
    let format = match (like.starts_with(|c: char| c.is_ascii_digit()), year) {
        _ if like.contains('-') => "%Y-%m-%d",
        _ if like.contains('/') => "%Y/%m/%d",
        (true, true) => "%-d %B %Y",
        (true, false) => "%-d %B",
        (false, true) => "%B %-d, %Y",
        (false, false) => "%B %-d",
    };
    day.strftime(format).to_string()
}

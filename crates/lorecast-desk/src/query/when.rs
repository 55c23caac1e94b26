//! Moments as people and git write them (git's "approxidate", git-rev-parse(1)), as ranges.
//!
//! Our own, because the crates that know these words (gix-date) count with another release of
//! `jiff`; and a moment comes in as an argument here, where git asks the clock.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use lorecast_model::Query;

/// What `d:`, `dt:` and `rt:` take, as lore does:
/// - days (`20230401`, `2023-04-01`) from the start of the first to the end of the last; one day
///   alone stands for itself and the next;
/// - moments (`20230401103000`, `last.week`) from the first to the last second; one alone stands for
///   the 24 hours that it begins;
/// - an end left out is open.
pub(super) fn range(prefix: &str, text: &str, now: Timestamp) -> Result<Query, String> {
    let (from, to) = match text.split_once("..") {
        Some((from, to)) => (moment(from, now)?, moment(to, now)?),
        None => {
            let from = moment(text, now)?;
            (from, from.map(|from| from.later(DAY)))
        }
    };
    let (from, to) = (from.map(|from| from.at), to.and_then(Moment::end));
    match (prefix, from.or(to)) {
        (_, None) => Err(form(text)),
        ("rt", _) => Ok(Query::Arrived { from, to }),
        _ => Ok(Query::Dated { from, to }),
    }
}

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A moment, or a whole day.
#[derive(Clone, Copy)]
struct Moment {
    at: Timestamp,
    length: SignedDuration,
}

impl Moment {
    fn second(at: Timestamp) -> Self {
        Self { at, length: SignedDuration::from_secs(1) }
    }

    fn later(self, by: SignedDuration) -> Self {
        Self { at: self.at.saturating_add(by).unwrap_or(Timestamp::MAX), ..self }
    }

    /// The first moment behind it.
    fn end(self) -> Option<Timestamp> {
        self.at.checked_add(self.length).ok()
    }
}

fn form(text: &str) -> String {
    format!(
        "`{text}` is no date; write `20230401..20230415`, `2023-04-01..`, `last.week..` or \
         `..2.days.ago`"
    )
}

/// Nothing for an end that was left out.
fn moment(text: &str, now: Timestamp) -> Result<Option<Moment>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let exact = day(text).or_else(|| written(text));
    let moment = exact.or_else(|| approximate(text, now).map(Moment::second));
    moment.map(Some).ok_or_else(|| form(text))
}

fn day(text: &str) -> Option<Moment> {
    let form = if text.len() == 8 { "%Y%m%d" } else { "%Y-%m-%d" };
    let date = Date::strptime(form, text).ok()?;
    Some(Moment { at: utc(date.at(0, 0, 0, 0))?, length: DAY })
}

fn written(text: &str) -> Option<Moment> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let at = if digits && text.len() == 14 {
        utc(DateTime::strptime("%Y%m%d%H%M%S", text).ok()?)?
    } else if let Some(seconds) =
        text.strip_prefix('@').or((digits && text.len() > 8).then_some(text))
    {
        // Fewer digits are a date with a slip in it.
        Timestamp::from_second(seconds.parse().ok()?).ok()?
    } else {
        text.parse().ok().or_else(|| utc(text.parse().ok()?))?
    };
    Some(Moment::second(at))
}

fn utc(civil: DateTime) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(civil).ok()
}

/// `yesterday`, `2.weeks.ago`, `last.friday`, `1.month.2.days.ago`, `apr.1`.
fn approximate(text: &str, now: Timestamp) -> Option<Timestamp> {
    let mut at = TimeZone::UTC.to_datetime(now);
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let (mut count, mut month, mut understood) = (None, None, false);
    for word in words {
        let word = word.to_ascii_lowercase();
        if let Some(number) = number(&word) {
            count = Some(number);
            match month {
                Some(month) if (1..=31).contains(&number) => {
                    at = Date::new(at.year(), month, i8::try_from(number).ok()?)
                        .ok()?
                        .to_datetime(at.time());
                    count = None;
                }
                _ => {}
            }
            continue;
        }
        if word == "ago" || word == "and" {
            continue;
        }
        if let Some(found) = MONTHS.iter().position(|name| word.starts_with(name)) {
            let found = i8::try_from(found).ok()? + 1;
            let day = count.take().and_then(|day| i8::try_from(day).ok()).unwrap_or(at.day());
            at = Date::new(at.year(), found, day).ok()?.to_datetime(at.time());
            (month, understood) = (Some(found), true);
            continue;
        }
        at = step(at, &word, count.take())?;
        understood = true;
    }
    // A number without a unit says nothing.
    if count.is_some() || !understood { None } else { utc(at) }
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const NUMBERS: [&str; 11] =
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

fn number(word: &str) -> Option<i64> {
    let named = NUMBERS.iter().position(|name| *name == word).map(|number| number as i64);
    let last = (word == "last").then_some(1);
    named.or(last).or_else(|| word.parse().ok())
}

/// One unit, or so many, back from a moment.
fn step(at: DateTime, word: &str, count: Option<i64>) -> Option<DateTime> {
    let many = count.unwrap_or(1).min(1_000_000);
    let unit = word.strip_suffix('s').unwrap_or(word);
    let back = match (unit, count) {
        ("now" | "today", None) => return Some(at),
        ("yesterday", None) => 1.day(),
        ("midnight", None) => return Some(at.date().at(0, 0, 0, 0)),
        ("noon", None) => return Some(at.date().at(12, 0, 0, 0)),
        ("second" | "sec", Some(_)) => many.seconds(),
        ("minute" | "min", Some(_)) => many.minutes(),
        ("hour", Some(_)) => many.hours(),
        ("day", Some(_)) => many.days(),
        ("week", Some(_)) => many.weeks(),
        ("month", Some(_)) => many.months(),
        ("year", Some(_)) => i64::min(many, 9000).years(),
        _ => return weekday(at, word, many),
    };
    at.checked_sub(back).ok()
}

/// The latest such day before, today left out.
fn weekday(at: DateTime, word: &str, many: i64) -> Option<DateTime> {
    let index = WEEKDAYS.iter().position(|name| word.starts_with(name))?;
    let weekday = Weekday::from_monday_zero_offset(i8::try_from(index).ok()?).ok()?;
    at.nth_weekday(-i32::try_from(many.clamp(1, 5000)).ok()?, weekday).ok()
}

//! Days as one says them.

use std::sync::LazyLock;

use jiff::civil::Date;
use lorecast_model::Numbers;
use regex::{Captures, Regex};

use super::number::{ordinal, year};
use crate::pattern::constant;
use crate::spoken::MONTHS;

static ISO: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(^|[\s(“‘])(\d{4})[-/](\d{2})[-/](\d{2})($|[\s)”’,.;:!?])"));
static DAY_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    constant(&format!(r"\b(\d{{1,2}})(?:st|nd|rd|th)? ({})\b(?:,? (\d{{4}})\b)?", MONTHS.join("|")))
});
static MONTH_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    constant(&format!(r"\b({}) (\d{{1,2}})(?:st|nd|rd|th)?\b(?:, (\d{{4}})\b)?", MONTHS.join("|")))
});

/// Text in which every day reads "April sixteenth, twenty twenty-three".
pub(super) fn dates(text: &str, numbers: Numbers) -> String {
    let text = ISO.replace_all(text, |found: &Captures<'_>| {
        let day = number(&found[4]).zip(number(&found[3])).zip(number(&found[2]));
        let said = day.and_then(|((day, month), year)| said(day, month, Some(year), numbers));
        said.map_or(found[0].to_owned(), |said| format!("{}{said}{}", &found[1], &found[5]))
    });
    let text = DAY_FIRST
        .replace_all(&text, |found: &Captures<'_>| spelled(found, &found[1], &found[2], numbers));
    let text = MONTH_FIRST
        .replace_all(&text, |found: &Captures<'_>| spelled(found, &found[2], &found[1], numbers));
    text.into_owned()
}

/// `20230416`, as linux-next and some pull requests are named.
pub(super) fn stamp(digits: &str, numbers: Numbers) -> Option<String> {
    if digits.len() != 8 || !digits.starts_with("20") {
        return None;
    }
    let part = |range| digits.get(range).and_then(number);
    said(part(6..8)?, part(4..6)?, part(0..4), numbers)
}

fn spelled(found: &Captures<'_>, day: &str, month: &str, numbers: Numbers) -> String {
    let month = MONTHS.iter().position(|name| *name == month).map(|index| index as i16 + 1);
    let year = found.get(3).and_then(|year| number(year.as_str()));
    let said = number(day).zip(month).and_then(|(day, month)| said(day, month, year, numbers));
    said.unwrap_or_else(|| found[0].to_owned())
}

fn number(digits: &str) -> Option<i16> {
    digits.parse().ok()
}

/// `None` when there is no such day.
fn said(day: i16, month: i16, of: Option<i16>, numbers: Numbers) -> Option<String> {
    /// A leap year, so that every day of the calendar exists.
    const ANY_YEAR: i16 = 2000;
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    let date = Date::new(of.unwrap_or(ANY_YEAR), month, day).ok()?;
    let month = MONTHS.get(usize::try_from(date.month()).ok()?.checked_sub(1)?)?;
    let day = date.day().unsigned_abs().into();
    Some(match (numbers, of) {
        (Numbers::Words, None) => format!("{month} {}", ordinal(day)),
        (Numbers::Words, Some(of)) => {
            format!("{month} {}, {}", ordinal(day), year(of.unsigned_abs().into()))
        }
        (Numbers::Digits, None) => format!("{month} {day}"),
        (Numbers::Digits, Some(of)) => format!("{month} {day}, {of}"),
    })
}

//! The threads that people picked.

use std::path::Path;

use jiff::civil::Date;
use serde_json::Value;

type Error = Box<dyn std::error::Error>;

/// A week's first day, counted from 1970, and for each picked thread the ids that name it.
pub type Picks = (i64, Vec<Vec<String>>);

/// Every week with picks.
pub fn read(file: &Path) -> Result<Vec<Picks>, Error> {
    let json: Value = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    let mut weeks = Vec::new();
    for week in json["weeks"].as_array().ok_or("no weeks")? {
        let first: Date = week["week_start"].as_str().ok_or("no start")?.parse()?;
        let covered = week["covered"].as_array().ok_or("nothing covered")?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let ids = |thread: &Value| {
            let linked = thread["linked"].as_array().into_iter().flatten();
            text(&thread["thread_root"]).into_iter().chain(linked.filter_map(text)).collect()
        };
        weeks.push((day(first), covered.iter().map(ids).collect()));
    }
    Ok(weeks)
}

fn day(date: Date) -> i64 {
    let epoch = jiff::civil::date(1970, 1, 1);
    (date - epoch).get_days().into()
}

/// The month of a day counted from 1970, from 1.
pub fn month(day: i64) -> usize {
    let second = jiff::Timestamp::from_second(day * 86_400).unwrap_or_default();
    jiff::tz::TimeZone::UTC.to_datetime(second).month() as usize
}

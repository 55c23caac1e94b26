//! The `From ` line before each mail of an mbox (RFC 4155, mbox(5)).

use jiff::Timestamp;

/// The words of a date in a `From ` line: month, day, time, year.
pub(super) fn date_words(line: &[u8]) -> Option<[&str; 4]> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = std::str::from_utf8(line).ok().filter(|text| text.len() < 1000)?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let clock =
        |word: &&str| word.contains(':') && word.bytes().all(|b| b.is_ascii_digit() || b == b':');
    let at = words.iter().position(clock).filter(|&at| at >= 3)?;
    let year = |word: &&&str| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    let year = words[at + 1..].iter().find(year)?;
    MONTHS.contains(&words[at - 2]).then_some([words[at - 2], words[at - 1], words[at], year])
}

/// The time of arrival in a `From ` line, taken as UTC. public-inbox and git write fixed times
/// there that mean nothing.
pub(super) fn received(line: &[u8]) -> Option<Timestamp> {
    let [month, day, clock, year] = date_words(line)?;
    let seconds = if clock.matches(':').count() == 1 { ":00" } else { "" };
    let text = format!("{day} {month} {year} {clock}{seconds} +0000");
    let time = Timestamp::strptime("%d %b %Y %H:%M:%S %z", &text).ok()?;
    let fixed = ["1970-01-01T00:00:00Z", "2001-09-17T00:00:00Z"];
    (!fixed.contains(&time.to_string().as_str())).then_some(time)
}

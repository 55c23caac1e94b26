//! Dates of mail (RFC 5322 section 3.3), and the other forms that mailers write.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

static RFC_2822: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);

/// A date that could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dated {
    pub time: Timestamp,
    /// The zone is none on Earth; the local time was taken as UTC.
    pub bad_zone: bool,
}

/// Reads the value of a Date header.
pub(crate) fn read(text: &str) -> Option<Dated> {
    let text = text.trim();
    if text.is_empty() || text.len() > 200 {
        return None;
    }
    let Some(local) = without_bad_zone(text) else {
        return Some(Dated { time: time(text)?, bad_zone: false });
    };
    Some(Dated { time: time(&format!("{local}+0000"))?, bad_zone: true })
}

/// The date behind the last `;` of a Received header (RFC 5321 section 4.4).
pub(crate) fn received(text: &str) -> Option<Timestamp> {
    read(text.rsplit(';').next()?).map(|date| date.time)
}

fn time(text: &str) -> Option<Timestamp> {
    RFC_2822.parse_timestamp(text).ok().or_else(|| other_forms(text))
}

/// What stands before a zone beyond -1200 and +1400, which no clock on Earth shows, or with more
/// than 59 minutes (RFC 5322 section 3.3).
fn without_bad_zone(text: &str) -> Option<&str> {
    let text = text.split('(').next().unwrap_or(text).trim_end();
    let at = text.rfind([' ', '\t'])? + 1;
    let (sign, digits) = text[at..].split_at_checked(1)?;
    if digits.len() != 4 || !matches!(sign, "+" | "-") {
        return None;
    }
    let zone: u32 = digits.parse().ok()?;
    let most = if sign == "+" { 1400 } else { 1200 };
    (zone > most || zone % 100 > 59).then_some(&text[..at])
}

fn other_forms(text: &str) -> Option<Timestamp> {
    let known = text.parse().ok().or_else(|| iso_with_offset(text)).or_else(|| asctime(text));
    known.or_else(|| lenient(text))
}

/// `mailparse` skips what it does not know, and takes a text without any date for 1970.
fn lenient(text: &str) -> Option<Timestamp> {
    let seconds = mailparse::dateparse(text).ok().filter(|seconds| *seconds > 0)?;
    if text.contains(':') { Timestamp::from_second(seconds).ok() } else { None }
}

/// `2023-04-10 12:00:00 +0200`, as patch tools write it.
fn iso_with_offset(text: &str) -> Option<Timestamp> {
    Timestamp::strptime("%Y-%m-%d %H:%M:%S %z", text).ok()
}

/// `Mon Apr 10 12:00:00 2023`, taken as UTC.
fn asctime(text: &str) -> Option<Timestamp> {
    let civil = jiff::civil::DateTime::strptime("%a %b %e %H:%M:%S %Y", text).ok()?;
    jiff::tz::TimeZone::UTC.to_timestamp(civil).ok()
}

#[cfg(test)]
mod tests {
    fn check(text: &str, expected: &str) {
        let shown = super::read(text).map(|date| date.time.to_string()).unwrap_or_default();
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn dates_of_every_kind() {
        check("Mon, 10 Apr 2023 12:00:00 +0200", "2023-04-10T10:00:00Z");
        check("Tue, 10 Apr 2023 12:00:00 +0200 (CEST)", "2023-04-10T10:00:00Z");
        check("10 Apr 23 12:00 EST", "2023-04-10T17:00:00Z");
        check("Mon, 10 Apr 2023 12:00:00 GMT", "2023-04-10T12:00:00Z");
        check("Mon,  10 Apr 2023 12:00:00 UTC", "2023-04-10T12:00:00Z");
        check("2023-04-10 12:00:00 +0200", "2023-04-10T10:00:00Z");
        check("2023-04-10T12:00:00Z", "2023-04-10T12:00:00Z");
        check("Mon Apr 10 12:00:00 2023", "2023-04-10T12:00:00Z");
        check("Mon, 10 Apr 2023 12:00:00", "2023-04-10T12:00:00Z");
    }

    #[test]
    fn zones_that_are_none_on_earth_are_utc() {
        let bad = |text: &str| super::read(text).map(|date| (date.time.to_string(), date.bad_zone));
        for zone in ["+1600", "-2359", "+9999", "-1230", "+0260", "+1401 (XST)"] {
            let read = bad(&format!("Mon, 10 Apr 2023 12:00:00 {zone}"));
            assert_eq!(read, Some(("2023-04-10T12:00:00Z".to_owned(), true)), "{zone}");
        }
        for zone in ["+1400", "-1200", "+0545", "EST", ""] {
            let read = bad(&format!("Mon, 10 Apr 2023 12:00:00 {zone}"));
            assert!(read.is_some_and(|(_, bad)| !bad), "{zone}");
        }
    }

    #[test]
    fn what_is_no_date() {
        for text in ["", "yesterday", "Mon, 31 Feb", "10: 30", "1 Jan 4294967295 00:00:00 +0000"] {
            check(text, "");
        }
    }
}

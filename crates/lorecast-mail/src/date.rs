//! Dates of mail (RFC 5322 section 3.3), and the other forms that mailers write.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

static RFC_2822: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);

/// Reads the value of a Date header.
pub(crate) fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > 200 {
        return None;
    }
    RFC_2822.parse_timestamp(text).ok().or_else(|| other_forms(text))
}

/// The date behind the last `;` of a Received header (RFC 5321 section 4.4).
pub(crate) fn received(text: &str) -> Option<Timestamp> {
    read(text.rsplit(';').next()?)
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
        let shown = super::read(text).map(|t| t.to_string()).unwrap_or_default();
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
    fn what_is_no_date() {
        for text in ["", "yesterday", "Mon, 31 Feb", "10: 30", "1 Jan 4294967295 00:00:00 +0000"] {
            check(text, "");
        }
    }
}

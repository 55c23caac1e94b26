//! What values may look like: dates, languages, addresses, numbers of several kinds.

use jiff::Timestamp;
use url::{Host, Url};

/// An absolute http or https address.
pub(crate) fn web(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// Whether a URL leads to this very machine: a preview.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// The date that RSS writes (RFC 2822 section 3.3, with the zones of RFC 822).
pub(crate) enum Date {
    Good(Timestamp),
    /// The day of the week is that of another date.
    Weekday(Timestamp),
    Bad,
}

/// Reads a date of RSS.
pub(crate) fn date(text: &str) -> Date {
    if let Ok(date) = jiff::fmt::rfc2822::parse(text) {
        return Date::Good(date.timestamp());
    }
    let (day, rest) = text.split_once(',').unwrap_or_default();
    let is_day = matches!(day, "Mon" | "Tue" | "Wed" | "Thu" | "Fri" | "Sat" | "Sun");
    match jiff::fmt::rfc2822::parse(rest.trim()) {
        Ok(date) if is_day => Date::Weekday(date.timestamp()),
        _ => Date::Bad,
    }
}

/// Whether a date ends in a zone that every program knows: `GMT`, or `+0200`. The others of RFC 822
/// are read in different ways.
pub(super) fn has_plain_zone(date: &str) -> bool {
    let zone = date.split('(').next().unwrap_or_default().trim().rsplit(' ').next();
    zone.is_some_and(|zone| {
        let digits = zone.strip_prefix(['+', '-']).unwrap_or_default();
        zone == "GMT" || digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit())
    })
}

/// A language tag as RSS and HTML take it: an ISO 639 code, then script, region and the like
/// (RFC 5646 section 2.1).
pub(super) fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    let known = matches!(primary.len(), 2 | 3) && primary.bytes().all(|b| b.is_ascii_alphabetic());
    let known =
        known && (primary.len() == 3 || ISO_639_1.contains(&&*primary.to_ascii_lowercase()));
    known
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

/// The languages with two letters (ISO 639-1).
const ISO_639_1: &[&str] = &[
    "aa", "ab", "ae", "af", "ak", "am", "an", "ar", "as", "av", "ay", "az", "ba", "be", "bg", "bh",
    "bi", "bm", "bn", "bo", "br", "bs", "ca", "ce", "ch", "co", "cr", "cs", "cu", "cv", "cy", "da",
    "de", "dv", "dz", "ee", "el", "en", "eo", "es", "et", "eu", "fa", "ff", "fi", "fj", "fo", "fr",
    "fy", "ga", "gd", "gl", "gn", "gu", "gv", "ha", "he", "hi", "ho", "hr", "ht", "hu", "hy", "hz",
    "ia", "id", "ie", "ig", "ii", "ik", "in", "io", "is", "it", "iu", "ja", "jv", "ka", "kg", "ki",
    "kj", "kk", "kl", "km", "kn", "ko", "kr", "ks", "ku", "kv", "kw", "ky", "la", "lb", "lg", "li",
    "ln", "lo", "lt", "lu", "lv", "mg", "mh", "mi", "mk", "ml", "mn", "mr", "ms", "mt", "my", "na",
    "nb", "nd", "ne", "ng", "nl", "nn", "no", "nr", "nv", "ny", "oc", "oj", "om", "or", "os", "pa",
    "pi", "pl", "ps", "pt", "qu", "rm", "rn", "ro", "ru", "rw", "sa", "sc", "sd", "se", "sg", "sh",
    "si", "sk", "sl", "sm", "sn", "so", "sq", "sr", "ss", "st", "su", "sv", "sw", "ta", "te", "tg",
    "th", "ti", "tk", "tl", "tn", "to", "tr", "ts", "tt", "tw", "ty", "ug", "uk", "ur", "uz", "ve",
    "vi", "vo", "wa", "wo", "xh", "yi", "yo", "za", "zh", "zu",
];

/// Loosely: a directory will send its code there, so gross slips are what matters. RSS allows a name
/// in parentheses behind it.
pub(super) fn is_email(text: &str) -> bool {
    let text = text.split_once(" (").map_or(text, |(address, _)| address);
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>@,;".contains(c);
    !local.is_empty()
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
        && local.chars().chain(domain.chars()).all(plain)
}

/// A whole number above zero.
pub(super) fn is_counting(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u64>().is_ok_and(|n| n > 0)
}

/// Seconds, perhaps with a fraction.
pub(super) fn seconds(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    text.parse().ok().filter(|_| plain)
}

/// Normal play time: `01:02:03.5`, `62:03`, or seconds (RFC 2326 section 3.6).
pub(crate) fn play_time(text: &str) -> Option<f64> {
    let parts: Vec<&str> = text.split(':').collect();
    let (last, before) = parts.split_last()?;
    if before.len() > 2 || last.is_empty() {
        return None;
    }
    let mut total = seconds(last).filter(|s| before.is_empty() || *s < 60.0)?;
    for (part, unit) in before.iter().rev().zip([60.0, 3600.0]) {
        let whole = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        total += part.parse::<f64>().ok().filter(|_| whole)? * unit;
    }
    Some(total)
}

/// A UUID in its usual form of 36 characters.
pub(super) fn uuid(text: &str) -> Option<uuid::Uuid> {
    uuid::Uuid::try_parse(text).ok().filter(|_| text.len() == 36)
}

/// The ending of an address's path, in small letters.
pub(crate) fn ending(url: &Url) -> String {
    let name = url.path().rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default()
}

/// `true` and `false` only.
pub(super) fn is_bool(text: &str) -> bool {
    matches!(text, "true" | "false")
}

/// The words of a text in small letters, without punctuation: what two forms of it have in common.
pub(super) fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

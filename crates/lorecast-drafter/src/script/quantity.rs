//! Numbers with what they count.

use std::sync::LazyLock;

use lorecast_model::Numbers;
use regex::Regex;

use super::number::{counted, decimal, model, one_by_one, ordinal, release, whole, year};
use crate::pattern::constant;

/// A unit: how it is written, and how one and many of it are said.
const UNITS: [(&str, &str, &str); 68] = [
    ("B", "byte", "bytes"),
    ("kB", "kilobyte", "kilobytes"),
    ("KB", "kilobyte", "kilobytes"),
    ("MB", "megabyte", "megabytes"),
    ("GB", "gigabyte", "gigabytes"),
    ("TB", "terabyte", "terabytes"),
    ("PB", "petabyte", "petabytes"),
    ("KiB", "kibibyte", "kibibytes"),
    ("MiB", "mebibyte", "mebibytes"),
    ("GiB", "gibibyte", "gibibytes"),
    ("TiB", "tebibyte", "tebibytes"),
    ("PiB", "pebibyte", "pebibytes"),
    ("B/s", "byte per second", "bytes per second"),
    ("kB/s", "kilobyte per second", "kilobytes per second"),
    ("KB/s", "kilobyte per second", "kilobytes per second"),
    ("MB/s", "megabyte per second", "megabytes per second"),
    ("GB/s", "gigabyte per second", "gigabytes per second"),
    ("MiB/s", "mebibyte per second", "mebibytes per second"),
    ("GiB/s", "gibibyte per second", "gibibytes per second"),
    ("Kb/s", "kilobit per second", "kilobits per second"),
    ("Mb/s", "megabit per second", "megabits per second"),
    ("Gb/s", "gigabit per second", "gigabits per second"),
    ("kbps", "kilobit per second", "kilobits per second"),
    ("Mbps", "megabit per second", "megabits per second"),
    ("Gbps", "gigabit per second", "gigabits per second"),
    ("Gb", "gigabit", "gigabits"),
    ("Mb", "megabit", "megabits"),
    ("Gbit", "gigabit", "gigabits"),
    ("Mbit", "megabit", "megabits"),
    ("GBit", "gigabit", "gigabits"),
    ("fps", "frame per second", "frames per second"),
    ("GT/s", "gigatransfer per second", "gigatransfers per second"),
    ("MT/s", "megatransfer per second", "megatransfers per second"),
    ("s", "second", "seconds"),
    ("sec", "second", "seconds"),
    ("secs", "second", "seconds"),
    ("ms", "millisecond", "milliseconds"),
    ("us", "microsecond", "microseconds"),
    ("µs", "microsecond", "microseconds"),
    ("μs", "microsecond", "microseconds"),
    ("ns", "nanosecond", "nanoseconds"),
    ("Hz", "hertz", "hertz"),
    ("kHz", "kilohertz", "kilohertz"),
    ("MHz", "megahertz", "megahertz"),
    ("GHz", "gigahertz", "gigahertz"),
    ("mW", "milliwatt", "milliwatts"),
    ("W", "watt", "watts"),
    ("mV", "millivolt", "millivolts"),
    ("V", "volt", "volts"),
    ("kb", "kilobyte", "kilobytes"),
    ("kbit", "kilobit", "kilobits"),
    ("Gbit/s", "gigabit per second", "gigabits per second"),
    ("Mbit/s", "megabit per second", "megabits per second"),
    ("KiB/s", "kibibyte per second", "kibibytes per second"),
    ("TB/s", "terabyte per second", "terabytes per second"),
    ("Tbps", "terabit per second", "terabits per second"),
    ("GbE", "gigabit Ethernet", "gigabit Ethernet"),
    ("min", "minute", "minutes"),
    ("mins", "minute", "minutes"),
    ("h", "hour", "hours"),
    ("hrs", "hour", "hours"),
    ("KHz", "kilohertz", "kilohertz"),
    ("dB", "decibel", "decibels"),
    ("dBm", "decibel-milliwatt", "decibel-milliwatts"),
    ("mA", "milliampere", "milliamperes"),
    ("kW", "kilowatt", "kilowatts"),
    ("ps", "picosecond", "picoseconds"),
    ("mm", "millimeter", "millimeters"),
];

static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^([~≈<>≤≥+-]*=?)([$€£]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(-?)(\p{L}[\p{L}/]*|%|°C|×)?(\+?)$",
    )
});
static RANGE: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^(\d+(?:\.\d+)?)[a-zA-Z%]{0,3}[-–](\d+(?:\.\d+)?)(\p{L}+|%|×)?$"));
static PAIR: LazyLock<Regex> = LazyLock::new(|| constant(r"^(\d{1,6})([/x×:])(\d{1,6})$"));
static POWER: LazyLock<Regex> = LazyLock::new(|| constant(r"^(\d{1,6})\^(-?\d{1,6})$"));
static SCIENTIFIC: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^(\d{1,9}(?:\.\d{1,9})?)[eE]\+?(-?\d{1,3})$"));
static RADIO: LazyLock<Regex> = LazyLock::new(|| constant(r"^802\.(\d{1,2})([a-zA-Z]{0,4})$"));
static HEX: LazyLock<Regex> = LazyLock::new(|| constant(r"^0[xX]([0-9a-fA-F_]+)$"));

/// The longest hexadecimal number that is spelled.
const LONGEST_HEX: usize = 8;

/// Whether a word is a unit, and how it is said of `number` things.
pub(super) fn unit(word: &str, number: &str) -> Option<&'static str> {
    let (_, one, many) = UNITS.iter().find(|(sign, ..)| *sign == word)?;
    Some(if number == "1" { one } else { many })
}

/// A number with its sign, currency or unit; a range, a ratio, or a hexadecimal number.
pub(super) fn quantity(word: &str, next: &str, numbers: Numbers) -> Option<String> {
    radio(word, numbers)
        .or_else(|| amount(word, next, numbers))
        .or_else(|| power(word, numbers))
        .or_else(|| range(word, next, numbers))
        .or_else(|| hex(word))
        .or_else(|| pair(word, next, numbers))
}

/// `2^32` → "two to the power of thirty-two", `1e-6` → "one times ten to the minus six".
fn power(word: &str, numbers: Numbers) -> Option<String> {
    if let Some(found) = POWER.captures(word) {
        let (base, exponent) = (whole(&found[1], numbers), amount(&found[2], "", numbers)?);
        return Some(format!("{base} to the power of {exponent}"));
    }
    let found = SCIENTIFIC.captures(word)?;
    let (base, exponent) = (amount(&found[1], "times", numbers)?, amount(&found[2], "", numbers)?);
    Some(format!("{base} times ten to the {exponent}"))
}

/// `802.11ax` → "eight oh two dot eleven A X".
fn radio(word: &str, numbers: Numbers) -> Option<String> {
    let found = RADIO.captures(word)?;
    let letters = found[2].chars().map(|c| format!(" {}", c.to_ascii_uppercase()));
    let letters: String = letters.collect();
    Some(match numbers {
        Numbers::Words => format!("eight oh two dot {}{letters}", counted(&found[1])),
        Numbers::Digits => format!("802.{}{letters}", &found[1]),
    })
}

/// Tens of years: `80` → "eighties", `2000` → "two thousands"; `None` for other numbers.
pub(super) fn decades(digits: &str, numbers: Numbers) -> Option<String> {
    let number: u64 = digits.parse().ok()?;
    if !number.is_multiple_of(10) || number == 10 || number == 0 {
        return None;
    }
    if numbers == Numbers::Digits {
        return Some(format!("{digits}s"));
    }
    let said = year(number);
    Some(match said.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{said}s"),
    })
}

fn amount(word: &str, next: &str, numbers: Numbers) -> Option<String> {
    let found = AMOUNT.captures(word)?;
    let part = |index| found.get(index).map_or("", |part| part.as_str());
    let (digits, fraction, joint, suffix) = (part(3), part(4), part(5), part(6));
    if !joint.is_empty() && suffix.is_empty() {
        return None;
    }
    let plain = fraction.is_empty();
    let number =
        if plain { whole(digits, numbers) } else { point(digits, fraction, suffix, next, numbers) };
    let said = match suffix {
        "" => number,
        "%" => format!("{number} percent"),
        "x" | "×" | "X" if joint.is_empty() && number == "one" => "one time".to_owned(),
        "x" | "×" | "X" if joint.is_empty() => format!("{number} times"),
        "°C" => format!("{number} degrees Celsius"),
        "st" | "nd" | "rd" | "th" if plain => nth(digits, suffix, numbers)?,
        "s" if plain && decade(digits).is_some() => decade(digits)?,
        suffix => counted_in(&number, if plain { digits } else { "2" }, joint, suffix)?,
    };
    let money = match (part(2), digits) {
        ("$", "1") => " dollar",
        ("$", _) => " dollars",
        ("€", _) => " euros",
        ("£", _) => " pounds",
        _ => "",
    };
    let more = match part(7) {
        "+" if plain => " or more",
        "+" => " plus",
        _ => "",
    };
    Some(format!("{}{said}{money}{more}", sign(part(1))?))
}

fn sign(sign: &str) -> Option<&'static str> {
    Some(match sign {
        "" => "",
        "-" => "minus ",
        "+" => "plus ",
        "~" | "≈" => "about ",
        "<" => "less than ",
        ">" => "more than ",
        "<=" | "≤" => "at most ",
        ">=" | "≥" => "at least ",
        "+-" | "+/-" => "plus or minus ",
        _ => return None,
    })
}

/// `4.11` is a release unless something is counted with it.
fn point(before: &str, after: &str, suffix: &str, next: &str, numbers: Numbers) -> String {
    let counts = !suffix.is_empty() || unit(next, "2").is_some() || COUNTED.contains(&next);
    let release_like = after.len() == 2 && !after.starts_with('0') && before != "0";
    match counts || !release_like {
        true => decimal(before, after, numbers),
        false => release(&format!("{before}.{after}"), numbers),
    }
}

/// Words that follow a number with a fraction, and never a release.
const COUNTED: [&str; 12] = [
    "seconds",
    "second",
    "minutes",
    "hours",
    "times",
    "percent",
    "thousand",
    "million",
    "billion",
    "milliseconds",
    "microseconds",
    "nanoseconds",
];

fn nth(digits: &str, suffix: &str, numbers: Numbers) -> Option<String> {
    match numbers {
        Numbers::Digits => Some(format!("{digits}{suffix}")),
        Numbers::Words => digits.replace(',', "").parse().ok().map(ordinal),
    }
}

/// `1990s` → "nineteen nineties".
fn decade(digits: &str) -> Option<String> {
    let number: u64 = digits.parse().ok()?;
    let decade = (1900..2100).contains(&number) && number.is_multiple_of(10);
    let said = year(number);
    (decade && said.ends_with('y')).then(|| format!("{}ies", said.trim_end_matches('y')))
}

/// A unit, or letters such as those of `64-bit`, `10G` and `3D`.
fn counted_in(number: &str, digits: &str, joint: &str, suffix: &str) -> Option<String> {
    if let Some(unit) = unit(suffix, digits) {
        // "a 32-megabyte window", and "a window of 32 megabytes".
        let unit = if joint.is_empty() { unit } else { UNITS.iter().find(|u| u.2 == unit)?.1 };
        let joint = if joint.is_empty() { " " } else { joint };
        return Some(format!("{number}{joint}{unit}"));
    }
    let letters = suffix.chars().all(char::is_alphabetic);
    if !joint.is_empty() {
        return letters.then(|| format!("{number}-{suffix}"));
    }
    let short = letters && suffix.chars().count() <= 2;
    short.then(|| format!("{number} {suffix}"))
}

fn range(word: &str, next: &str, numbers: Numbers) -> Option<String> {
    let found = RANGE.captures(word)?;
    let suffix = found.get(3).map_or("", |suffix| suffix.as_str());
    let from = amount(&found[1], next, numbers)?;
    let to = amount(&format!("{}{suffix}", &found[2]), next, numbers)?;
    Some(format!("{from} to {to}"))
}

fn pair(word: &str, next: &str, numbers: Numbers) -> Option<String> {
    let found = PAIR.captures(word)?;
    let (left, right) = (whole(&found[1], numbers), whole(&found[3], numbers));
    Some(match &found[2] {
        "/" if next.starts_with("bit") => format!("{left} or {right}"),
        "/" => format!("{} of {right}", whole(unpadded(&found[1]), numbers)),
        ":" if found[3].len() == 2 && found[1].len() <= 2 => clock(&found[1], &found[3]),
        ":" => format!("{left} to {right}"),
        _ => format!("{left} by {right}"),
    })
}

/// `01` of `01/16`.
fn unpadded(digits: &str) -> &str {
    match digits.trim_start_matches('0') {
        "" => digits,
        rest => rest,
    }
}

fn clock(hour: &str, minute: &str) -> String {
    match minute {
        "00" => format!("{} o'clock", counted(hour)),
        _ => format!("{} {}", counted(hour), model(minute)),
    }
}

fn hex(word: &str) -> Option<String> {
    if let Some(bits) = word.strip_prefix("0b").filter(|bits| is_binary(bits)) {
        return Some(format!("binary {}", one_by_one(bits)));
    }
    let digits = HEX.captures(word)?.get(1)?.as_str().replace('_', "");
    if digits.len() > LONGEST_HEX {
        return Some("a long hex number".to_owned());
    }
    let said = digits.chars().map(|c| match c.is_ascii_digit() {
        true => one_by_one(c.encode_utf8(&mut [0; 4])),
        false => c.to_ascii_uppercase().to_string(),
    });
    Some(format!("hex {}", said.collect::<Vec<_>>().join(" ")))
}

fn is_binary(bits: &str) -> bool {
    !bits.is_empty() && bits.bytes().all(|bit| matches!(bit, b'0' | b'1'))
}

//! Numbers as one says them in American English.
//!
//! Own code, since the crates for it bring big-number arithmetic along and know neither years nor
//! the way in which model and release numbers are said (`s390` is "s three ninety").

use lorecast_model::Numbers;

use crate::spoken::SMALL;

const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const SCALES: [(u64, &str); 6] = [
    (1_000_000_000_000_000_000, "quintillion"),
    (1_000_000_000_000_000, "quadrillion"),
    (1_000_000_000_000, "trillion"),
    (1_000_000_000, "billion"),
    (1_000_000, "million"),
    (1_000, "thousand"),
];

/// Years are said in pairs; other numbers of four digits are not.
const YEARS: std::ops::RangeInclusive<u64> = 1970..=2039;
/// More digits than these are said one by one, up to [`LONGEST`].
const READABLE: usize = 12;
/// Nobody says more digits than these.
const LONGEST: usize = 24;

/// `1234` → "one thousand two hundred thirty-four".
pub(super) fn cardinal(number: u64) -> String {
    let mut rest = number;
    let mut words = Vec::new();
    for (scale, name) in SCALES {
        if rest >= scale {
            words.push(format!("{} {name}", below_thousand(rest / scale)));
            rest %= scale;
        }
    }
    if rest > 0 || words.is_empty() {
        words.push(below_thousand(rest));
    }
    words.join(" ")
}

fn below_thousand(number: u64) -> String {
    match (number / 100, number % 100) {
        (0, rest) => below_hundred(rest),
        (hundreds, 0) => format!("{} hundred", small(hundreds)),
        (hundreds, rest) => format!("{} hundred {}", small(hundreds), below_hundred(rest)),
    }
}

fn below_hundred(number: u64) -> String {
    match (number / 10, number % 10) {
        (0 | 1, _) => small(number).to_owned(),
        (tens, 0) => ten(tens).to_owned(),
        (tens, ones) => format!("{}-{}", ten(tens), small(ones)),
    }
}

fn small(number: u64) -> &'static str {
    usize::try_from(number).ok().and_then(|n| SMALL.get(n)).copied().unwrap_or("")
}

fn ten(tens: u64) -> &'static str {
    usize::try_from(tens).ok().and_then(|n| TENS.get(n)).copied().unwrap_or("")
}

/// `16` → "sixteenth".
pub(super) fn ordinal(number: u64) -> String {
    let words = cardinal(number);
    let at = words.rfind([' ', '-']).map_or(0, |at| at + 1);
    let (front, last) = words.split_at(at);
    let last = match last {
        "one" => "first".to_owned(),
        "two" => "second".to_owned(),
        "three" => "third".to_owned(),
        "five" => "fifth".to_owned(),
        "eight" => "eighth".to_owned(),
        "nine" => "ninth".to_owned(),
        "twelve" => "twelfth".to_owned(),
        tens if tens.ends_with('y') => format!("{}ieth", tens.trim_end_matches('y')),
        other => format!("{other}th"),
    };
    format!("{front}{last}")
}

/// `2023` → "twenty twenty-three", `2007` → "two thousand seven", `1991` → "nineteen ninety-one".
pub(super) fn year(year: u64) -> String {
    match year {
        2000..=2009 => cardinal(year),
        1100..=9999 => in_pairs(year),
        _ => cardinal(year),
    }
}

fn in_pairs(number: u64) -> String {
    let front = below_hundred(number / 100);
    match number % 100 {
        0 => format!("{front} hundred"),
        ones @ 1..=9 => format!("{front} oh {}", small(ones)),
        rest => format!("{front} {}", below_hundred(rest)),
    }
}

/// Whole numbers, however they are to be said.
pub(super) fn whole(digits: &str, numbers: Numbers) -> String {
    let plain: String = digits.chars().filter(char::is_ascii_digit).collect();
    match numbers {
        Numbers::Digits => digits.to_owned(),
        Numbers::Words if plain.len() > 1 && plain.starts_with('0') => one_by_one(&plain),
        Numbers::Words if plain.len() > READABLE => one_by_one(&plain),
        Numbers::Words => match plain.parse() {
            Ok(number) if digits.len() == 4 && YEARS.contains(&number) => year(number),
            Ok(number) => cardinal(number),
            Err(_) => digits.to_owned(),
        },
    }
}

/// `18.25` → "eighteen point two five".
pub(super) fn decimal(before: &str, after: &str, numbers: Numbers) -> String {
    match numbers {
        Numbers::Digits => format!("{before}.{after}"),
        Numbers::Words => format!("{} point {}", counted(before), one_by_one(after)),
    }
}

/// A number that is no year.
pub(super) fn counted(digits: &str) -> String {
    let plain: String = digits.chars().filter(char::is_ascii_digit).collect();
    match plain.parse() {
        Ok(number) if plain.len() <= READABLE => cardinal(number),
        _ => one_by_one(&plain),
    }
}

/// The parts of a release: `5.15.107` → "five point fifteen point one oh seven".
pub(super) fn release(digits: &str, numbers: Numbers) -> String {
    match numbers {
        Numbers::Digits => digits.to_owned(),
        Numbers::Words => digits.split('.').map(model).collect::<Vec<_>>().join(" point "),
    }
}

/// A number in a name: `390` → "three ninety", `8188` → "eighty-one eighty-eight".
pub(super) fn model(digits: &str) -> String {
    let number: u64 = digits.parse().unwrap_or(0);
    match digits.len() {
        1 => small(number).to_owned(),
        2 if digits.starts_with('0') => format!("oh {}", small(number)),
        2 => below_hundred(number),
        3 if digits.starts_with('0') => one_by_one(digits),
        3 => in_pairs(number),
        4 if digits.starts_with('0') => one_by_one(digits),
        4 if number.is_multiple_of(1000) => cardinal(number),
        4 => in_pairs(number),
        _ => one_by_one(digits),
    }
}

/// Digit by digit.
pub(super) fn one_by_one(digits: &str) -> String {
    if digits.len() > LONGEST {
        return "a long number".to_owned();
    }
    let words = digits.chars().filter_map(|c| c.to_digit(10)).map(|digit| small(digit.into()));
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said() {
        let said = [0, 13, 40, 99, 100, 512, 10_000, 65_536, 1_000_001, u64::MAX].map(cardinal);
        insta::assert_snapshot!(said.join("\n"), @r"
        zero
        thirteen
        forty
        ninety-nine
        one hundred
        five hundred twelve
        ten thousand
        sixty-five thousand five hundred thirty-six
        one million one
        eighteen quintillion four hundred forty-six quadrillion seven hundred forty-four trillion seventy-three billion seven hundred nine million five hundred fifty-one thousand six hundred fifteen
        ");
        let said = [1, 2, 3, 5, 8, 9, 12, 16, 20, 21, 30, 100].map(ordinal);
        insta::assert_snapshot!(said.join(" "), @"first second third fifth eighth ninth twelfth sixteenth twentieth twenty-first thirtieth one hundredth");
        let said = [1991, 2000, 2007, 2010, 2023].map(year);
        insta::assert_snapshot!(said.join(", "), @"nineteen ninety-one, two thousand, two thousand seven, twenty ten, twenty twenty-three");
        let said = ["8", "86", "390", "100", "105", "8188", "8100", "2000", "011", "35"].map(model);
        insta::assert_snapshot!(said.join(", "), @"eight, eighty-six, three ninety, one hundred, one oh five, eighty-one eighty-eight, eighty-one hundred, two thousand, zero one one, thirty-five");
    }

    proptest::proptest! {
        #[test]
        fn any_digits_can_be_said(digits in "[0-9]{1,60}") {
            for said in [model(&digits), counted(&digits), whole(&digits, Numbers::Words)] {
                proptest::prop_assert!(!said.is_empty());
                proptest::prop_assert!(!said.contains(|c: char| c.is_ascii_digit()), "{said}");
            }
        }
    }
}

//! Numbers, days and lists as one says them.

use jiff::civil::Date;

/// The months.
pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Zero to twenty.
pub(crate) const SMALL: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// One to twelve in words, more in digits.
pub(crate) fn count(number: usize) -> String {
    match SMALL.get(number).filter(|_| number <= 12) {
        Some(_) if number == 0 => "no".to_owned(),
        Some(word) => (*word).to_owned(),
        None => number.to_string(),
    }
}

/// First to tenth in words, more as `11th`.
pub(crate) fn ordinal(number: usize) -> String {
    const WORDS: [&str; 10] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth",
    ];
    let word = number.checked_sub(1).and_then(|at| WORDS.get(at));
    word.map_or_else(|| format!("{number}th"), |word| (*word).to_owned())
}

/// `April 2`, with the year when it is another than that of `now`.
pub(crate) fn day(date: Date, now: Date) -> String {
    let format = if date.year() == now.year() { "%B %-d" } else { "%B %-d, %Y" };
    date.strftime(format).to_string()
}

/// A section's name in running text: its first name, in small letters where it is no proper one.
pub(crate) fn running(title: &str) -> String {
    let first = title.split([',', '/']).next().unwrap_or(title);
    let first = first.split(" and ").next().unwrap_or(first).trim();
    let proper = |word: &str| word.chars().skip(1).any(|c| !c.is_ascii_lowercase());
    let small = |word: &str| if proper(word) { word.to_owned() } else { word.to_lowercase() };
    first.split(' ').map(small).collect::<Vec<_>>().join(" ")
}

/// A name as a heading: its longer words with a capital.
pub(crate) fn heading(name: &str) -> String {
    let capital = |word: &str| {
        let mut chars = word.chars();
        match chars.next() {
            Some(first) if word.len() > 3 => first.to_uppercase().chain(chars).collect(),
            _ => word.to_owned(),
        }
    };
    name.split(' ').map(capital).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn lists_numbers_and_days_are_spoken() {
        let names = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(list(&names("a")), "a");
        assert_eq!(list(&names("a b")), "a and b");
        assert_eq!(list(&names("a b c")), "a, b and c");
        assert_eq!((count(3), count(13)), ("three".to_owned(), "13".to_owned()));
        let (spring, now) = (date(2023, 4, 2), date(2023, 4, 16));
        assert_eq!(day(spring, now), "April 2");
        assert_eq!(day(spring, date(2024, 1, 7)), "April 2, 2023");
    }

    #[test]
    fn a_name_is_a_heading() {
        assert_eq!(
            heading("Stable kernels and other releases"),
            "Stable Kernels and Other Releases"
        );
    }
}

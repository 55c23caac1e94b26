//! Numbers, days and lists as one says them.

use jiff::civil::Date;

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
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    WORDS.get(number).map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

/// `2 April`, with the year when it is another than that of `now`.
pub(crate) fn day(date: Date, now: Date) -> String {
    let format = if date.year() == now.year() { "%-d %B" } else { "%-d %B %Y" };
    date.strftime(format).to_string()
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
        assert_eq!(day(spring, now), "2 April");
        assert_eq!(day(spring, date(2024, 1, 7)), "2 April 2023");
    }
}

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

/// `April 2`, with the year when it is another than that of `now`.
pub(crate) fn day(date: Date, now: Date) -> String {
    let format = if date.year() == now.year() { "%B %-d" } else { "%B %-d, %Y" };
    date.strftime(format).to_string()
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

/// A topic as a heading: it begins with a capital, unless its first word is a name such as `io_uring`.
pub(crate) fn topic_heading(title: &str) -> String {
    let topic = topic(title);
    let word = topic.split(' ').next().unwrap_or_default();
    let plain = word.len() > 2 && word.chars().all(|c| c.is_ascii_lowercase());
    match topic.get(..1).filter(|_| plain && topic.contains(' ')) {
        Some(first) => first.to_ascii_uppercase() + &topic[1..],
        None => topic,
    }
}

/// So many words of a title name a topic.
const MOST_WORDS: usize = 9;

/// What a title calls its topic, for headings and lists: without the names of the code it touches
/// (`drm/x: y: …`), the verb that every series begins with, and words beyond the ninth.
pub(crate) fn topic(title: &str) -> String {
    let title = title.trim().trim_matches(['.', ':', ' ', '!']);
    let mut rest = title;
    while let Some((prefix, behind)) = rest.split_once(": ") {
        let tag = prefix.len() <= 40 && prefix.split(' ').count() <= 3 && !behind.trim().is_empty();
        if !tag || behind.split_whitespace().count() < 2 {
            break;
        }
        rest = behind.trim_start();
    }
    let prefix = title[..title.len() - rest.len()].trim_end_matches([':', ' ']);
    let rest = without_verb(rest);
    // "fixes and cleanups" of what? A plain prefix tells.
    let first = prefix.split(": ").next().unwrap_or_default();
    let plain = !first.is_empty() && first.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
    let few = rest.split_whitespace().count() <= 3;
    let name = if few && plain { format!("{first} {rest}") } else { rest.to_owned() };
    shortened(&name)
}

/// `Add support for X` is about support for X, `Introduce X` about X.
fn without_verb(title: &str) -> &str {
    const VERBS: [&str; 9] = [
        "add",
        "adding",
        "adds",
        "introduce",
        "introducing",
        "implement",
        "enable initial",
        "provide",
        "initial",
    ];
    const ARTICLES: [&str; 4] = ["a ", "an ", "the ", "initial "];
    let lower = title.to_ascii_lowercase();
    let verb = VERBS
        .iter()
        .find(|verb| lower.strip_prefix(**verb).is_some_and(|rest| rest.starts_with(' ')));
    let Some(rest) = verb.and_then(|verb| title.get(verb.len()..)).map(str::trim_start) else {
        return title;
    };
    let article = ARTICLES.iter().find(|a| rest.to_ascii_lowercase().starts_with(**a));
    let rest = article.and_then(|article| rest.get(article.len()..)).unwrap_or(rest);
    if rest.split_whitespace().count() < 2 { title } else { rest }
}

/// At most nine words; a longer name ends before the last phrase that fits, if it keeps four words.
fn shortened(name: &str) -> String {
    const FEWEST: usize = 4;
    const LEADING: [&str; 20] = [
        "a", "an", "the", "and", "or", "of", "in", "on", "to", "for", "with", "from", "by", "into",
        "via", "when", "that", "if", "as", "at",
    ];
    let leads = |word: &&str| {
        LEADING.contains(&word.to_ascii_lowercase().as_str()) || word.starts_with('(')
    };
    let all: Vec<&str> = name.split_whitespace().collect();
    let mut words = all[..all.len().min(MOST_WORDS)].to_vec();
    if words.len() < all.len() {
        if let Some(at) = words.iter().rposition(&leads).filter(|at| *at >= FEWEST) {
            words.truncate(at);
        }
        while words.last().is_some_and(&leads) {
            words.pop();
        }
    }
    words.join(" ").trim_end_matches([',', ';', ':', '.', ' ', '-']).to_owned()
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
    fn a_title_names_a_topic() {
        assert_eq!(
            heading("Stable kernels and other releases"),
            "Stable Kernels and Other Releases"
        );
        for (title, name) in [
            ("mm: sort pages by colour", "sort pages by colour"),
            ("Add support for coloured pages", "support for coloured pages"),
            ("mm: fixes", "mm: fixes"),
            ("mm: two small fixes", "mm two small fixes"),
            ("drm/x/gt: Introduce a sorter for pages.", "sorter for pages"),
            ("Introduce sorter", "Introduce sorter"),
            (
                "A title with a good many words that goes on and on",
                "A title with a good many words",
            ),
            (
                "Pages that are sorted by the colour of their (very long) story",
                "Pages that are sorted by the colour",
            ),
            ("One: two three four five six: seven", "two three four five six: seven"),
            ("", ""),
        ] {
            assert_eq!(topic(title), name, "{title}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_topic_is_no_longer_than_nine_words(title in "(Add |a: |\\PC{0,9}| |the ){0,20}") {
            proptest::prop_assert!(topic(&title).split_whitespace().count() <= MOST_WORDS);
        }
    }
}

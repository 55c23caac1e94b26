//! What a title is called in headings and in the lead sentence, where nobody sees its quotation marks.

use crate::glossary::is_english;

/// A topic as a heading: it begins with a capital, unless its first word is a name such as `io_uring`.
pub(crate) fn heading(title: &str) -> String {
    let topic = topic(title);
    let word = topic.split(' ').next().unwrap_or_default();
    let plain = word.len() > 2 && word.chars().all(|c| c.is_ascii_lowercase());
    match topic.get(..1).filter(|_| plain && topic.contains(' ')) {
        Some(first) => first.to_ascii_uppercase() + &topic[1..],
        None => topic,
    }
}

/// A topic as an entry of "In this week's edition: …": a noun phrase, or what is being done:
/// `adding a valve to each pump`.
pub(crate) fn named(title: &str) -> String {
    if let Some(question) = title.trim().strip_suffix('?') {
        return format!("the question “{}?”", shortened(question));
    }
    let topic = topic(title);
    let (first, rest) = topic.split_once(' ').unwrap_or((topic.as_str(), ""));
    let lower = first.to_ascii_lowercase();
    if rest.is_empty() {
        return topic;
    }
    if let Some(doing) = gerund(&lower) {
        return format!("{doing} {rest}");
    }
    let capital = first.chars().skip(1).all(|c| c.is_ascii_lowercase());
    let plain = capital && (SMALL.contains(&lower.as_str()) || is_english(&first.to_uppercase()));
    if plain { format!("{lower} {rest}") } else { topic }
}

/// First words of titles that are no names.
const SMALL: [&str; 22] = [
    "a",
    "an",
    "the",
    "initial",
    "basic",
    "generic",
    "support",
    "better",
    "improved",
    "various",
    "some",
    "more",
    "common",
    "dynamic",
    "faster",
    "simple",
    "monitoring",
    "setting",
    "providing",
    "validating",
    "accelerated",
    "unified",
];

/// What titles tell somebody to do.
const COMMANDS: [&str; 84] = [
    "add",
    "adjust",
    "allow",
    "avoid",
    "batch",
    "bring",
    "build",
    "bypass",
    "change",
    "check",
    "clarify",
    "clean",
    "consolidate",
    "convert",
    "create",
    "decouple",
    "defer",
    "delete",
    "deprecate",
    "disable",
    "document",
    "drop",
    "enable",
    "enforce",
    "ensure",
    "expand",
    "export",
    "expose",
    "extend",
    "factor",
    "fix",
    "handle",
    "hide",
    "ignore",
    "implement",
    "improve",
    "increase",
    "introduce",
    "keep",
    "let",
    "limit",
    "make",
    "mark",
    "merge",
    "migrate",
    "move",
    "optimize",
    "optimise",
    "permit",
    "port",
    "prepare",
    "prevent",
    "provide",
    "rebuild",
    "reduce",
    "refactor",
    "remove",
    "rename",
    "replace",
    "report",
    "restrict",
    "reuse",
    "rework",
    "rewrite",
    "simplify",
    "skip",
    "speed",
    "split",
    "stop",
    "switch",
    "track",
    "turn",
    "unify",
    "update",
    "use",
    "validate",
    "write",
    "explain",
    "count",
    "load",
    "sort",
    "wake",
    "describe",
    "rebase",
];
/// Verbs that double their last letter.
const DOUBLED: [&str; 7] = ["drop", "let", "permit", "skip", "split", "stop", "unplug"];

/// `adding` of `add`; `None` of what is no command.
fn gerund(verb: &str) -> Option<String> {
    if !COMMANDS.contains(&verb) {
        return None;
    }
    Some(match verb.strip_suffix('e') {
        Some(stem) => format!("{stem}ing"),
        None if DOUBLED.contains(&verb) => {
            let last = verb.chars().last().unwrap_or_default();
            format!("{verb}{last}ing")
        }
        None => format!("{verb}ing"),
    })
}

/// So many words of a title name a topic.
const MOST_WORDS: usize = 9;
/// Words in front of a colon that name no code.
const TAGS: [&str; 6] = ["rfc", "patch", "resend", "proposal", "question", "bug"];

/// What a title calls its topic: without the names of the code it touches (`drm/x: y: …`), a verb that
/// says no more than that there is something new, and words beyond the ninth.
fn topic(title: &str) -> String {
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
    let plain = !first.is_empty()
        && first.chars().all(|c| c.is_alphanumeric() || "-_".contains(c))
        && !TAGS.contains(&first.to_ascii_lowercase().as_str());
    let few = rest.split_whitespace().count() <= 3;
    let name = if few && plain { format!("{first} {rest}") } else { rest.to_owned() };
    shortened(&name)
}

/// `Add support for X` is about support for X, `Introduce X` about X; `Add X to Y` keeps its verb, for
/// "X to Y" is nothing.
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
    const PLACES: [&str; 4] = [" to ", " into ", " in ", " from "];
    const NOUNS: [&str; 3] = ["support", "driver", "ability"];
    const ARTICLES: [&str; 4] = ["a ", "an ", "the ", "initial "];
    let lower = title.to_ascii_lowercase();
    let verb = VERBS
        .iter()
        .find(|verb| lower.strip_prefix(**verb).is_some_and(|rest| rest.starts_with(' ')));
    let placed = lower.starts_with("add")
        && PLACES.iter().any(|place| lower.contains(place))
        && !NOUNS.iter().any(|noun| lower.contains(noun));
    let Some(rest) = verb.filter(|_| !placed).and_then(|verb| title.get(verb.len()..)) else {
        return title;
    };
    let rest = rest.trim_start();
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
    use super::*;

    #[test]
    fn a_title_names_a_topic() {
        for (title, head, name) in [
            ("mm: sort pages by colour", "Sort pages by colour", "sorting pages by colour"),
            (
                "Add support for coloured pages",
                "Support for coloured pages",
                "support for coloured pages",
            ),
            (
                "tide: Add a valve to each pump",
                "Add a valve to each pump",
                "adding a valve to each pump",
            ),
            ("tide: Remove the old pumps", "Remove the old pumps", "removing the old pumps"),
            (
                "tide: let wells stop their pumps",
                "Let wells stop their pumps",
                "letting wells stop their pumps",
            ),
            ("New valves and pumps", "New valves and pumps", "new valves and pumps"),
            ("Tide gauges at the coast", "Tide gauges at the coast", "Tide gauges at the coast"),
            (
                "Did the pump break at night?",
                "Did the pump break at night?",
                "the question “Did the pump break at night?”",
            ),
            ("RFC: two valves", "Two valves", "two valves"),
            ("mm: fixes", "mm: fixes", "mm: fixes"),
            ("mm: two small fixes", "mm two small fixes", "mm two small fixes"),
            ("drm/x/gt: Introduce a sorter for pages.", "Sorter for pages", "sorter for pages"),
            ("Introduce sorter", "Introduce sorter", "introducing sorter"),
            (
                "A title with a good many words that goes on and on",
                "A title with a good many words",
                "a title with a good many words",
            ),
            (
                "Pages that are sorted by the colour of their (very long) story",
                "Pages that are sorted by the colour",
                "Pages that are sorted by the colour",
            ),
            ("", "", ""),
        ] {
            assert_eq!((heading(title).as_str(), named(title).as_str()), (head, name), "{title}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_topic_is_no_longer_than_nine_words(title in "(Add |a: |\\PC{0,9}| |the ){0,20}") {
            proptest::prop_assert!(topic(&title).split_whitespace().count() <= MOST_WORDS);
            named(&title);
        }
    }
}

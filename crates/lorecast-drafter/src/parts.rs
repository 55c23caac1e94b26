//! Which patches of a series tell what it does, when nobody says it.

use lorecast_model::{MessageId, Revision};

use crate::kind::clause;
use crate::quote::shared_words;

/// So many patches are named.
const MOST: usize = 2;
/// So many patches of a series are looked at.
const MOST_READ: usize = 60;

/// What goes along with a work and does not tell what it is.
const ALONG: [&str; 16] = [
    "dt-bindings",
    "doc",
    "docs",
    "documentation",
    "maintainers",
    "selftest",
    "selftests",
    "test",
    "tests",
    "kunit",
    "arm64: dts",
    "arm: dts",
    "mailmap",
    "tools",
    "ci",
    "build",
];
/// First words of what a work is about.
const BRINGS: [&str; 18] = [
    "add",
    "adds",
    "implement",
    "introduce",
    "support",
    "allow",
    "enable",
    "provide",
    "convert",
    "switch",
    "replace",
    "make",
    "expose",
    "extend",
    "rework",
    "remove",
    "use",
    "track",
];
/// First words of what only prepares.
const PREPARES: [&str; 14] = [
    "prepare", "factor", "split", "move", "rename", "refactor", "clean", "cleanup", "tidy",
    "export", "fix", "simplify", "drop", "document",
];

/// The titles of the patches that say most, in their order, with their messages; empty when no two of
/// them say anything.
pub(crate) fn telling_parts(revision: &Revision) -> Vec<(String, MessageId)> {
    let own = &revision.title;
    let mut found: Vec<(i32, usize, String, MessageId)> = revision
        .patches
        .iter()
        .take(MOST_READ)
        .enumerate()
        .map(|(at, patch)| {
            let title = crate::kind::without_tags(&patch.title).to_owned();
            (worth(&title, own), at, title, patch.id.clone())
        })
        .filter(|(worth, _, title, _)| *worth > 0 && title.split_whitespace().count() >= FEWEST)
        .collect();
    found.sort_by_key(|(worth, at, ..)| (std::cmp::Reverse(*worth), *at));
    found.truncate(MOST);
    found.sort_by_key(|(_, at, ..)| *at);
    if found.len() < MOST {
        return Vec::new();
    }
    found.into_iter().map(|(_, _, title, id)| (title, id)).collect()
}

/// A title of fewer words says too little.
const FEWEST: usize = 4;

fn worth(title: &str, own: &str) -> i32 {
    let lower = title.to_ascii_lowercase();
    let along = ALONG.iter().any(|prefix| {
        lower.strip_prefix(prefix).is_some_and(|rest| rest.starts_with([':', '/', ' ']))
    });
    let first = clause(&lower).split(' ').next().unwrap_or_default().to_owned();
    let brings = i32::from(BRINGS.contains(&first.as_str()));
    let prepares = i32::from(PREPARES.contains(&first.as_str()));
    let shared = i32::try_from(shared_words(title, own).min(3)).unwrap_or(0);
    // What says the title again says nothing new.
    let same = i32::from(clause(&lower) == clause(&own.to_ascii_lowercase()));
    1 + 2 * brings + shared - prepares - 3 * i32::from(along) - 9 * same
}

#[cfg(test)]
mod tests {
    use super::worth;

    #[test]
    fn what_brings_something_is_worth_more_than_what_prepares() {
        let own = "tide: bound the queue of each pump";
        let order = [
            "tide: add a bound to the queue of a pump",
            "tide: add a valve for wells",
            "tide: rename the pumps of a house",
            "selftests/tide: check all of it",
        ];
        let worths: Vec<i32> = order.iter().map(|title| worth(title, own)).collect();
        assert!(worths.is_sorted_by(|a, b| a > b), "{worths:?}");
    }
}

//! The counts that reports of builds and tests give.

use std::sync::LazyLock;

use regex::Regex;

use crate::pattern::constant;

/// So many counts are read aloud.
const MOST: usize = 3;

/// `4 failed`, `12 build errors`, `1,108 new warnings`.
static COUNTED: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"\b\d{1,3}(?:,?\d{3})*\s(?:(?:new|known|build|open|unfixed|test|total)\s)?(?:errors?|warnings?|regressions?|failures?|failed|bugs|issues|crashes)\b",
    )
});
/// `build errors: +19/-5`.
static BALANCE: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?i)\b(?:build )?(errors|warnings): \+(\d+)/-(\d+)"));

/// A count as the notes say it, and the words of the mail that give it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    pub said: String,
    pub verbatim: String,
}

/// The counts of a report's subject and of its own words, in their order, each thing once.
pub(crate) fn counts(subject: &str, own: &str) -> Vec<Counted> {
    let mut found: Vec<Counted> = Vec::new();
    for balance in BALANCE.captures_iter(own) {
        let part = |at| balance.get(at).map_or("", |m: regex::Match<'_>| m.as_str());
        let said = format!("{} new and {} fixed {}", part(2), part(3), part(1).to_lowercase());
        found.push(Counted { said, verbatim: part(0).to_owned() });
    }
    if found.is_empty() {
        for text in [subject, own] {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            for counted in COUNTED.find_iter(&text) {
                let words = counted.as_str();
                let thing = |said: &str| {
                    said.rsplit(' ').next().map(|t| t.trim_end_matches('s').to_owned())
                };
                if found.iter().all(|known| thing(&known.said) != thing(words)) {
                    found.push(Counted { said: words.to_owned(), verbatim: words.to_owned() });
                }
            }
        }
    }
    found.truncate(MOST);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(subject: &str, own: &str) -> String {
        let said = counts(subject, own).into_iter().map(|c| c.said).collect::<Vec<_>>();
        said.join(", ")
    }

    #[test]
    fn counts_of_reports_are_read() {
        assert_eq!(
            check("next build: 90 builds: 4 failed, 86 passed, 12 warnings", "x"),
            "4 failed, 12 warnings"
        );
        assert_eq!(
            check("Regressions", "I know of 15 regressions,\n5 regressions are fixed."),
            "15 regressions"
        );
        assert_eq!(
            check("x", "  - build errors: +19/-5\n  - build warnings: +1108/-4"),
            "19 new and 5 fixed errors, 1108 new and 4 fixed warnings"
        );
        assert_eq!(check("v6.3", "nothing"), "");
    }
}

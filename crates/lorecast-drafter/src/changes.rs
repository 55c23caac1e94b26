//! What the author of a revision says has changed.

use std::sync::LazyLock;

use lorecast_mail::change_log;
use lorecast_model::Version;
use regex::Regex;

use crate::pattern::constant;

/// So many entries of a log are read.
const MOST_READ: usize = 60;
/// Fewer words say too little, more are too many to read aloud.
const WORDS: std::ops::RangeInclusive<usize> = 4..=24;

/// What no listener needs: tags, rebases, typing errors, thanks.
static IDLE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:rebas\w+|typos?|collect\w*|picked up|pick up|tags?|r-b|a-b|t-b|[a-z]+ed-by|reviewed|acked|trailers?|cosmetic|nits?|spelling|indent\w*|white ?space|style|commit (?:message|log|msg)s?|changelog|cover letter|subject|no (?:functional )?changes?|resend|squash\w*|checkpatch|comments?|feedback|patch(?:es)? (?:#|no)?\s?\d|links?|https?|kernel test robot|lkp)\b|://",
    )
});
/// A way of writing that is no prose: code, paths, names of functions.
static CODE: LazyLock<Regex> =
    LazyLock::new(|| constant(r"[{}=<>|`]|\w\(\)|->|\w/\w+/|\b\w+_\w+_\w+|\w\.[ch]\b|\[|\]"));
static VERB: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:also |now |no longer |don't |do not )?(?:add|allow|avoid|chang|convert|drop|ensur|fix|handl|implement|improv|introduc|keep|limit|mak|merg|mov|prevent|reduc|remov|renam|replac|restrict|restructur|rework|rewr[io]t|separat|simplif|split|start|stop|support|switch|tak|turn|us|check|clarif|consolidat|defer|disabl|document|enabl|export|expos|extend|factor|guard|increas|initiali[sz]|inlin|lower|mark|optimi[sz]|pass|reorder|report|reset|resolv|reus|sav|serializ|sort|track|unif|verif|warn|wrap|protect|provid|return|skip|swap|updat)(?:e?[sd]|e|ing|ied|ies|y|ped|ping|ten|ned|ning)?\b",
    )
});

/// Up to `most` changes that say most, in the author's own words and in the order of the log; empty
/// when it says nothing that is worth reading aloud. Only what is new since version `since` counts,
/// of the newest version first; without it, what is new in `version`.
pub(crate) fn changes_since(
    text: &str,
    version: Version,
    since: Option<Version>,
    most: usize,
) -> Vec<String> {
    let log = change_log(text);
    let recent = |of: Option<Version>| match (of, since) {
        (Some(of), Some(since)) => of > since && of <= version,
        (Some(of), None) => of == version,
        (None, _) => false,
    };
    let mut entries: Vec<_> = log.iter().filter(|change| recent(change.version)).collect();
    entries.sort_by_key(|change| std::cmp::Reverse(change.version));
    let items = entries.into_iter().flat_map(|change| items(&change.text)).take(MOST_READ);
    let mut found: Vec<(usize, usize, String)> =
        items.enumerate().filter_map(|(at, item)| Some((worth(&item)?, at, item))).collect();
    found.sort_by_key(|(worth, at, _)| (std::cmp::Reverse(*worth), *at));
    found.dedup_by(|a, b| a.2 == b.2);
    found.truncate(most);
    found.sort_by_key(|(_, at, _)| *at);
    found.into_iter().map(|(_, _, words)| words).collect()
}

/// How much an entry says; `None` when it is not to be quoted.
fn worth(item: &str) -> Option<usize> {
    let words = item.split_whitespace().count();
    let unfit = !WORDS.contains(&words) || IDLE.is_match(item) || CODE.is_match(item);
    let open = item.matches('(').count() != item.matches(')').count()
        || item.matches('"').count() % 2 == 1
        || item.ends_with([':', ',', ';', '-']);
    if unfit || open || !VERB.is_match(item) {
        return None;
    }
    Some(words.min(14))
}

/// The entries of a list, their line wrapping undone, without the names in parentheses at their
/// ends that give credit.
fn items(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in text.lines() {
        let bare = line.trim();
        let mark = bare.strip_prefix(['-', '*', '+', 'o', '•', '–']);
        match mark.filter(|rest| rest.starts_with(' ')) {
            Some(rest) => found.push(rest.trim().to_owned()),
            None if bare.is_empty() => found.push(String::new()),
            None => match found.last_mut() {
                Some(open) if !open.is_empty() => {
                    open.push(' ');
                    open.push_str(bare);
                }
                _ => found.push(bare.to_owned()),
            },
        }
    }
    found.iter().map(|item| without_credit(item).to_owned()).filter(|i| !i.is_empty()).collect()
}

/// `Use a lock (Ann)` without the `(Ann)`, and without a full stop.
fn without_credit(item: &str) -> &str {
    let item = item.trim_end_matches(['.', ' ', ';', ',']);
    match item.rsplit_once(" (") {
        Some((words, credit)) if credit.ends_with(')') && credit.split(' ').count() <= 5 => {
            words.trim_end_matches(['.', ' ', ';', ','])
        }
        _ => item,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, since: Option<u32>) -> String {
        let version = |major| Version { major, minor: 0 };
        changes_since(text, version(4), since.map(version), 2).join(" / ")
    }

    const LOG: &str = "Changes in v4:\n - rebased\n - Sort the pages by hue instead of\n   by name (Omar)\n - Drop a lock that nobody needs anymore.\n\nChanges in v3:\n - Stop sorting pages that user space has locked into memory\n";

    #[test]
    fn the_change_that_says_most_is_quoted() {
        let newest = "Sort the pages by hue instead of by name";
        let other = "Drop a lock that nobody needs anymore";
        assert_eq!(check(LOG, Some(3)), format!("{newest} / {other}"));
        let before = "Stop sorting pages that user space has locked into memory";
        assert_eq!(check(LOG, Some(2)), format!("{newest} / {before}"));
        assert_eq!(check("v4:\n - fix typos\n - rebase\n", None), "");
        assert_eq!(check("", Some(1)), "");
    }

    proptest::proptest! {
        #[test]
        fn any_log_is_read(text in "(Changes in v4:\\n| - |[a-z ]{0,30}|\\n|\\(|\\PC{0,9}){0,20}") {
            let spaced = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let version = Version { major: 4, minor: 0 };
            for words in changes_since(&text, version, None, 2) {
                proptest::prop_assert!(spaced(&text).contains(&words), "{words}");
            }
        }
    }
}

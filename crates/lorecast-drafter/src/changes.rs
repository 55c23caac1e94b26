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
        r"(?i)^(?:also |now |no longer |don't |do not )?(?:add|allow|avoid|chang|convert|drop|ensur|fix|handl|implement|improv|introduc|keep|limit|mak|merg|mov|prevent|reduc|remov|renam|replac|restrict|restructur|rework|rewr[io]t|separat|simplif|split|start|stop|support|switch|tak|turn|us|check|disabl|enabl|protect|provid|return|skip|swap|updat)(?:e?[sd]|e|ing|ied|ies|y|ped|ping|ten|ned|ning)?\b",
    )
});

/// The change that says most, in the author's own words; `None` when the log says nothing that is
/// worth reading aloud. Only what is new since version `since` counts, of the newest version first.
pub(crate) fn changed(text: &str, version: Version, since: Option<Version>) -> Option<String> {
    let log = change_log(text);
    let recent = |of: Option<Version>| match (of, since) {
        (Some(of), Some(since)) => of > since && of <= version,
        (Some(of), None) => of == version,
        (None, _) => false,
    };
    let mut entries: Vec<_> = log.iter().filter(|change| recent(change.version)).collect();
    entries.sort_by_key(|change| std::cmp::Reverse(change.version));
    let items = entries.into_iter().flat_map(|change| items(&change.text)).take(MOST_READ);
    let mut best: Option<(usize, String)> = None;
    for item in items {
        let Some(score) = worth(&item) else { continue };
        if best.as_ref().is_none_or(|(held, _)| score > *held) {
            best = Some((score, item));
        }
    }
    best.map(|(_, words)| words)
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
        changed(text, version(4), since.map(version)).unwrap_or_default()
    }

    const LOG: &str = "Changes in v4:\n - rebased\n - Sort the pages by hue instead of\n   by name (Omar)\n - Drop a lock that nobody needs anymore.\n\nChanges in v3:\n - Stop sorting pages that user space has locked into memory\n";

    #[test]
    fn the_change_that_says_most_is_quoted() {
        assert_eq!(check(LOG, Some(3)), "Drop a lock that nobody needs anymore");
        assert_eq!(
            check(LOG, Some(2)),
            "Stop sorting pages that user space has locked into memory"
        );
        assert_eq!(check("v4:\n - fix typos\n - rebase\n", None), "");
        assert_eq!(check("", Some(1)), "");
    }

    proptest::proptest! {
        #[test]
        fn any_log_is_read(text in "(Changes in v4:\\n| - |[a-z ]{0,30}|\\n|\\(|\\PC{0,9}){0,20}") {
            let spaced = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            proptest::prop_assert!(spaced(&text).contains(&check(&text, None)));
        }
    }
}

//! Whether a maintainer turned a patch down, in plain words or with a command to Patchwork's bot.

use std::sync::LazyLock;

use lorecast_model::What;
use regex::Regex;

use super::pattern;

/// What a line such as `pw-bot: reject` makes of a series. The states that say nothing about its
/// fate (`under-review`, `accept`, which the mail about the commit tells better) are left out.
///
/// The words are those of netdev's documentation and of the bots that read them. The command may stand
/// in the signature, where it bothers nobody.
pub(super) fn command(text: &str) -> Option<What> {
    let state = text.lines().rev().find_map(|line| {
        let (key, state) = line.trim().split_once(':')?;
        key.trim().eq_ignore_ascii_case("pw-bot").then(|| state.trim().to_ascii_lowercase())
    })?;
    fate(&state)
}

/// What a state of Patchwork says, spelt with blanks or dashes.
pub(super) fn fate(state: &str) -> Option<What> {
    match state.replace([' ', '_'], "-").as_str() {
        "reject" | "rejected" | "not-applicable" | "na" | "n/a" => Some(What::Rejected),
        "changes-requested" | "cr" => Some(What::ChangesRequested),
        _ => None,
    }
}

/// A refusal as people write it, and what it is about.
static REFUSES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:(?:i'm|i’m|i am|we're|we’re|we are) (?:really |definitely |just )?not (?:going to (?:take|apply|merge|pull|accept)|taking|applying|merging|accepting)",
        r"|(?:i|we) (?:won't|won’t|will not) (?:take|apply|merge|pull|accept)",
        r"|(?:i'm|i’m|i am|we're|we’re|we are) (?:rejecting|turning down)",
        r"|(?:i|we) (?:have to |must )?reject)",
        r" (?:this|that|it|these|them|the) ?(?:patch|patches|patchset|series|change|changes|set|one)?\b",
    ))
});

/// Words behind a refusal that make it one for now, or for this way.
const BUT: [&str; 32] = [
    "until",
    "unless",
    "before",
    "if",
    "as",
    "as-is",
    "yet",
    "now",
    "today",
    "without",
    "with",
    "through",
    "via",
    "in",
    "into",
    "for",
    "at",
    "like",
    "when",
    "while",
    "right",
    "version",
    "way",
    "approach",
    "path",
    "but",
    "on",
    "to",
    "route",
    "lightly",
    "since",
    "personally",
];

/// Longer paragraphs hold other things.
const LONGEST: usize = 3000;

/// Whether the own words of a mail say that the patch will not be taken. "Not as it is" and "not
/// before …" ask for changes at most.
pub(super) fn says_rejected(own: &str) -> bool {
    if !REFUSES.is_match(&own.replace('\n', " ")) {
        return false;
    }
    own.split("\n\n").filter(|paragraph| paragraph.len() <= LONGEST).any(|paragraph| {
        let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        REFUSES.find_iter(&line).any(|found| {
            let rest = &line[found.end()..];
            let (rest, mark) =
                rest.find(['.', '!', '?', ';']).map_or((rest, ""), |at| (&rest[..at], &rest[at..]));
            let start = line[..found.start()].rfind(['.', '!', '?', ';']).map_or(0, |at| at + 1);
            let before = line[start..found.start()].to_lowercase();
            let mut behind = rest.split(|c: char| !(c.is_alphanumeric() || "'’-".contains(c)));
            let for_now = behind.any(|word| BUT.contains(&word.to_lowercase().as_str()));
            let supposed = before
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| matches!(word, "if" | "why"));
            !for_now && !supposed && !mark.starts_with('?')
        })
    })
}

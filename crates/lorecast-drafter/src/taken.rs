//! How much of a series somebody applied, as the mail says that tells of it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use lorecast_model::{Message, Revision};
use regex::Regex;

use crate::pattern::constant;
use crate::quote::own_words;
use crate::spoken;

/// `[2/3] title`, as b4(1) and patchwork list what was taken.
static LISTED: LazyLock<Regex> =
    LazyLock::new(|| constant(r"(?m)^[ \t-]*\[(?:[^\]\n]*[,\s])?0*(\d{1,3})/0*(\d{1,3})\].*$"));
/// Patchwork's word for a patch of the list that was not.
const NOT_TAKEN: &str = "(no matching commit)";
static SOME: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:patch(?:es)? (?:#? ?\d+|one|two|three|four)|first (?:\w+ )?(?:patch(?:es)?|two|three|four|few)|rest|remaining|except|partially|partly|some of|(?:just|only) (?:patch|the|this|\d)|last (?:\w+ )?patch(?:es)?|this (?:one|patch)|\d+ ?(?:-|–|to|through) ?\d+|(?:dropped|skipped|without) (?:patch|the|\d))\b",
    )
});
static ALL: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)\b(?:(?:the |this |whole |entire |full )(?:patch ?)?(?:series|set)|series|patch ?set|all (?:of (?:it|them)|patches|\w+ patches|applied)|both|everything)\b",
    )
});

/// How many of the patches the mail says were applied, such as `two of its three patches`, or `parts
/// of it` when it does not say how many; `None` when all of them were.
pub(crate) fn taken_part(message: &Message, revision: &Revision) -> Option<String> {
    let all = revision.announced.max(u32::try_from(revision.patches.len()).unwrap_or(u32::MAX));
    if all < 2 {
        return None;
    }
    let own = own_words(&message.text);
    let listed = listed(&own, all);
    if !listed.is_empty() {
        let (some, all) = (listed.len(), all as usize);
        return (some < all)
            .then(|| format!("{} of its {} patches", spoken::count(some), spoken::count(all)));
    }
    let answered = message.header.references.last();
    let to_patch = answered.is_some_and(|id| {
        *id != revision.root && revision.patches.iter().any(|patch| patch.id == *id)
    });
    let some = SOME.is_match(&own) || to_patch && !ALL.is_match(&own);
    some.then(|| "parts of it".to_owned())
}

/// The numbers that a list of patches gives, of a series of so many.
fn listed(own: &str, all: u32) -> BTreeSet<u32> {
    let taken = |end: usize| {
        let next = own.get(end..).unwrap_or_default().trim_start().lines().next();
        next.is_none_or(|line| !line.contains(NOT_TAKEN))
    };
    let numbers = LISTED.captures_iter(own).filter(|found| {
        let total = found.get(2).and_then(|m| m.as_str().parse::<u32>().ok());
        total == Some(all) && found.get(0).is_some_and(|line| taken(line.end()))
    });
    numbers
        .filter_map(|found| found.get(1)?.as_str().parse().ok())
        .filter(|n| (1..=all).contains(n))
        .collect()
}

#[cfg(test)]
mod tests {
    use lorecast_mail::{Arrival, parse};
    use lorecast_model::{CoverLetter, Mailbox, MessageId, Patch, SeriesId, State, Version};

    use super::*;

    fn revision(patches: u32) -> Revision {
        let id = |number: u32| MessageId::new(&format!("{number}@x.example")).expect("an id");
        let patch = |number| Patch { id: id(number), number, title: format!("part {number}") };
        Revision {
            root: id(0),
            series: SeriesId(id(0)),
            version: Version { major: 1, minor: 0 },
            previous: None,
            next: None,
            tie: None,
            confidence: 0,
            title: "tide".to_owned(),
            author: Mailbox { name: "Pia".to_owned(), email: "pia@x.example".to_owned() },
            date: "2023-04-12T12:00:00Z".parse().expect("a date"),
            rfc: false,
            resend: false,
            trees: Vec::new(),
            cover: Some(CoverLetter { id: id(0) }),
            patches: (1..=patches).map(patch).collect(),
            replaced: Vec::new(),
            announced: patches,
            state: State::Posted,
        }
    }

    fn check(patches: u32, answers: u32, body: &str) -> String {
        let raw = format!(
            "Message-ID: <a@x.example>\nFrom: Omar <o@x.example>\nSubject: Re: tide\nIn-Reply-To: <{answers}@x.example>\n\n{body}\n"
        );
        let message = parse(raw.as_bytes(), &Arrival { list: None, received: None });
        taken_part(&message, &revision(patches)).unwrap_or_else(|| "all".to_owned())
    }

    #[test]
    fn how_much_was_applied_is_said() {
        let list = "Applied, thanks!\n\n[1/3] part 1\n      commit: 123\n[3/3] part 3\n";
        let patchwork = "This series was applied:\n  - [v2,1/2] part 1\n    https://x.example/1\n  - [v2,2/2] part 2\n    (no matching commit)\n";
        for (patches, answers, body, part) in [
            (1, 0, "Applied, thanks.", "all"),
            (3, 0, "Applied, thanks.", "all"),
            (3, 0, "Applied patches 1 and 2, thanks.", "parts of it"),
            (3, 2, "Applied, thanks.", "parts of it"),
            (3, 2, "Applied the series, thanks.", "all"),
            (3, 0, "Applied all but the rest of it.", "parts of it"),
            (3, 0, list, "two of its three patches"),
            (2, 0, patchwork, "one of its two patches"),
        ] {
            assert_eq!(check(patches, answers, body), part, "{body}");
        }
    }
}

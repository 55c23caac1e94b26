//! What happened to a revision, in words.

use std::collections::BTreeSet;

use lorecast_model::{Event, Proof, What};

/// Events as lines, by date: what was said or done on one day by one person to several patches is one
/// line, with the first proof.
pub(crate) fn lines<'a>(events: impl Iterator<Item = &'a Event>) -> Vec<String> {
    let mut sorted: Vec<&Event> = events.collect();
    sorted.sort_by(|a, b| (a.date, &a.patches, &a.what).cmp(&(b.date, &b.patches, &b.what)));
    let mut lines: Vec<Line<'_>> = Vec::new();
    for event in sorted {
        let line = Line::of(event);
        let same = |known: &&mut Line<'_>| known.is_like(&line);
        match lines.iter_mut().find(same) {
            Some(known) => known.add(line),
            None => lines.push(line),
        }
    }
    lines.iter().map(Line::text).collect()
}

struct Line<'a> {
    day: String,
    what: String,
    who: &'a str,
    /// Empty when it is about all patches.
    patches: BTreeSet<u32>,
    proof: &'a Proof,
    more: usize,
}

impl<'a> Line<'a> {
    fn of(event: &'a Event) -> Self {
        Self {
            day: event.date.strftime("%Y-%m-%d").to_string(),
            what: what(&event.what),
            who: &event.who,
            patches: event.patches.iter().copied().collect(),
            proof: &event.proof,
            more: 0,
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        let same = (&self.day, &self.what, self.who) == (&other.day, &other.what, other.who);
        same && self.patches.is_empty() == other.patches.is_empty()
    }

    fn add(&mut self, other: Self) {
        self.patches.extend(other.patches);
        self.more += usize::from(other.proof != self.proof);
    }

    fn text(&self) -> String {
        let Self { day, what, who, .. } = self;
        let who = if who.is_empty() { String::new() } else { format!(" by {who}") };
        let which = match self.patches.len() {
            0 => String::new(),
            1 => format!(", patch {}", ranges(&self.patches)),
            _ => format!(", patches {}", ranges(&self.patches)),
        };
        let proof = match self.proof {
            Proof::Message(id) => id.to_string(),
            Proof::Commit { tree, id } => format!("{tree} {}", &id.as_str()[..12]),
        };
        let more = if self.more > 0 { format!(" and {} more", self.more) } else { String::new() };
        format!("{day} {what}{who}{which} ({proof}{more})")
    }
}

/// `1-3, 5`
fn ranges(numbers: &BTreeSet<u32>) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for &number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(number) => *last = number,
            _ => ranges.push((number, number)),
        }
    }
    let range = |(first, last): &(u32, u32)| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    };
    ranges.iter().map(range).collect::<Vec<_>>().join(", ")
}

/// An event as a person would say it, without who and when.
fn what(what: &What) -> String {
    let named = |tree: &str| if tree.is_empty() { String::new() } else { format!(" to {tree}") };
    match what {
        What::Answered => "answered".to_owned(),
        What::Vouched { key } => format!("{key} given"),
        What::ChangesRequested => "changes requested".to_owned(),
        What::Promised => "another version promised".to_owned(),
        What::Applied { tree, .. } => format!("applied{}", named(tree)),
        What::Next => "in linux-next".to_owned(),
        What::Landed { tag, .. } => match tag {
            Some(tag) => format!("landed in {tag}"),
            None => "landed in mainline".to_owned(),
        },
        // A mail names the branch that it proposes a patch for; a tree its tag, or itself.
        What::Stable { release } if release.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("on its way to stable {release}")
        }
        What::Stable { release } => format!("in stable {release}"),
        What::Dropped { tree } if tree.is_empty() => "dropped".to_owned(),
        What::Dropped { tree } => format!("dropped from {tree}"),
        What::Reverted => "reverted".to_owned(),
        What::Rejected => "rejected".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(event: What, expected: &str) {
        assert_eq!(what(&event), expected);
    }

    #[test]
    fn a_release_is_reached_and_a_branch_is_headed_for() {
        let stable = |release: &str| What::Stable { release: release.to_owned() };
        check(stable("6.1"), "on its way to stable 6.1");
        check(stable("v6.1.25"), "in stable v6.1.25");
    }

    #[test]
    fn numbers_that_follow_each_other_are_a_range() {
        let check = |numbers: &[u32]| ranges(&numbers.iter().copied().collect());
        assert_eq!(check(&[7]), "7");
        assert_eq!(check(&[1, 2, 3, 5, u32::MAX]), "1-3, 5, 4294967295");
    }

    #[test]
    fn what_an_author_says_is_no_request() {
        check(What::Promised, "another version promised");
        check(What::ChangesRequested, "changes requested");
    }
}

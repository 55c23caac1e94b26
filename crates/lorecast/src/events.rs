//! What happened to a revision, in words.

use std::collections::BTreeSet;

use lorecast_model::{Event, Proof};

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
            what: event.what.in_words(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_follow_each_other_are_a_range() {
        let check = |numbers: &[u32]| ranges(&numbers.iter().copied().collect());
        assert_eq!(check(&[7]), "7");
        assert_eq!(check(&[1, 2, 3, 5, u32::MAX]), "1-3, 5, 4294967295");
    }
}

//! In which line of a hand-edited file a value stands.
//!
//! YAML's types do not keep places, so these look at the text again, as its reader would: for a key
//! at its depth, or for an entry of a list by the value that names it. Block style is found exactly;
//! of flow style (`{id: …}`) the line that holds the value.

/// The line of a key such as `sound.channels`, from 1; of the nearest key above it when it is in
/// flow style, and 1 when there is none.
pub(crate) fn of_key(text: &str, key: &str) -> usize {
    let mut found = 1;
    let mut depth = None;
    let mut parts = key.split('.');
    let mut wanted = parts.next();
    for (at, line) in text.lines().enumerate() {
        let Some(name) = wanted else { break };
        let indent = line.len() - line.trim_start().len();
        let inside = depth.is_none_or(|depth| indent > depth);
        if depth.is_none() && indent > 0 || line.trim_start().starts_with('#') {
            continue;
        }
        if !inside && !line.trim().is_empty() {
            break;
        }
        if value_of(line, name).is_some() {
            (found, depth, wanted) = (at + 1, Some(indent), parts.next());
        }
    }
    found
}

/// The lines of a key within a mapping at the left edge, in any spelling of its letters, in order,
/// from 1; keys may hold dots.
pub(crate) fn of_keys(text: &str, section: &str, key: &str) -> Vec<usize> {
    let wanted = key.to_lowercase();
    let named = |line: &str| {
        let line = line.trim_start().to_lowercase();
        let quoted = ['"', '\'']
            .iter()
            .any(|quote| value_of(&line, &format!("{quote}{wanted}{quote}")).is_some());
        quoted || value_of(&line, &wanted).is_some()
    };
    let (lines, depth) = within_section(text, section);
    let own = lines.filter(|(_, line)| indent(line) == depth);
    own.filter(|(_, line)| named(line)).map(|(at, _)| at).collect()
}

/// The line of an item of a list at the left edge, else of the list, from 1.
pub(crate) fn of_item(text: &str, section: &str, item: &str) -> usize {
    let own = |line: &str| line.trim_start().strip_prefix("- ").map(unquoted) == Some(item);
    let (mut lines, _) = within_section(text, section);
    lines.find(|(_, line)| own(line)).map_or_else(|| of_key(text, section), |(at, _)| at)
}

/// The lines of a section at the left edge, and how far its first one is indented. A list may stand
/// at the edge itself.
fn within_section<'a>(
    text: &'a str,
    section: &str,
) -> (impl Iterator<Item = (usize, &'a str)>, usize) {
    let begin = of_key(text, section);
    let held = |line: &str| {
        let line = line.trim_end();
        line.is_empty() || line.starts_with([' ', '#']) || line.starts_with("- ")
    };
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line)).skip(begin);
    let lines = lines.take_while(move |(_, line)| held(line));
    let says = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let depth = text.lines().skip(begin).find(says).map_or(0, indent);
    (lines, depth)
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The lines of the entries that `key: value` names, in order, from 1.
pub(crate) fn of_entries(text: &str, key: &str, value: &str) -> Vec<usize> {
    let lines = || text.lines().enumerate().map(|(at, line)| (at + 1, line));
    let block = lines().filter(|(_, line)| value_of(line, key) == Some(value));
    let block: Vec<usize> = block.map(|(at, _)| at).collect();
    if !block.is_empty() {
        return block;
    }
    lines().filter(|(_, line)| holds(line, value)).map(|(at, _)| at).collect()
}

/// The line of `key: value` that belongs to the entry in line `entry`: the first one from there on
/// before the entry ends, else the entry's own.
pub(crate) fn within(text: &str, entry: usize, key: &str, value: &str) -> usize {
    let starts = |line: &str| line.trim_start().starts_with("- ");
    let depth = |line: &str| line.len() - line.trim_start().len();
    let mut lines = text.lines().enumerate().skip(entry.saturating_sub(1));
    let Some((_, first)) = lines.next() else { return entry };
    let own = depth(first) + if starts(first) { 2 } else { 0 };
    let body = lines.take_while(|(_, line)| line.trim().is_empty() || depth(line) >= own);
    let mut found = body.filter(|(_, line)| {
        depth(line) == own && value_of(line, key) == Some(value)
            || starts(line) && unquoted(line.trim_start().trim_start_matches("- ")) == value
    });
    found.next().map_or(entry, |(at, _)| at + 1)
}

/// The value behind `key:` in a line of block style, with or without the dash of a list.
fn value_of<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let line = line.trim_start();
    let line = line.strip_prefix("- ").unwrap_or(line).trim_start();
    let rest = line.strip_prefix(key)?.trim_start().strip_prefix(':')?;
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then(|| unquoted(rest))
}

/// A plain or quoted scalar without its quotes and the comment behind it.
fn unquoted(text: &str) -> &str {
    let text = text.trim();
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            return inside.split(quote).next().unwrap_or(inside);
        }
    }
    text.split(" #").next().unwrap_or(text).trim_end()
}

/// Whether a line holds a value as a whole word.
fn holds(line: &str, value: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || "@-_.+=$".contains(c);
    line.match_indices(value).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let behind = line[at + value.len()..].chars().next();
        !value.is_empty() && !before.is_some_and(word) && !behind.is_some_and(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const EPISODE: &str = "\
title: x
stories:
- id: a@x.example
  section: mm
  evidence:
  - fact: title
    message: b@x.example
- id: 'b@x.example' # mine
  section: fs
  with:
  - c@x.example
- {id: d@x.example, section: net}
";

    #[test]
    fn entries_are_found_by_what_names_them() {
        assert_eq!(of_entries(EPISODE, "id", "a@x.example"), [3]);
        assert_eq!(of_entries(EPISODE, "id", "b@x.example"), [8]);
        assert_eq!(of_entries(EPISODE, "id", "d@x.example"), [12]);
        assert_eq!(of_entries(EPISODE, "id", "x.example"), [0; 0]);
    }

    #[test]
    fn values_are_found_within_their_entry() {
        assert_eq!(within(EPISODE, 3, "section", "mm"), 4);
        assert_eq!(within(EPISODE, 3, "section", "fs"), 3);
        assert_eq!(within(EPISODE, 8, "section", "fs"), 9);
        assert_eq!(within(EPISODE, 8, "with", "c@x.example"), 11);
        assert_eq!(within(EPISODE, 12, "section", "net"), 12);
        assert_eq!(within(EPISODE, 99, "section", "net"), 99);
    }

    #[test]
    fn keys_are_found_at_their_depth() {
        let show = "title: x\n# stories: 3\nsources:\n  - stories: no\nsound:\n  channels: 7\nstories: 0\nvoice: {a: 1}\n";
        assert_eq!(of_key(show, "stories"), 7);
        assert_eq!(of_key(show, "sound.channels"), 6);
        assert_eq!(of_key(show, "sound.pause"), 5);
        assert_eq!(of_key(show, "voice.a"), 8);
        assert_eq!(of_key(show, "nothing"), 1);
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_a_trap(text in "[-a-c:@. '#\n{},]{0,60}", value in "[a-c@.]{0,4}", entry in 0_usize..9) {
            of_key(&text, "a.b");
            within(&text, entry, "a", &value);
            for line in of_entries(&text, "a", &value) {
                proptest::prop_assert!(line >= 1 && line <= text.lines().count());
            }
        }
    }
}

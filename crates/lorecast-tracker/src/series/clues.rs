//! Reads from the mails of a revision what helps to link it with others.

use std::collections::{BTreeSet, HashMap};

use lorecast_mail::{DiffLine, change_id, diff_lines, named_revisions};
use lorecast_model::{ClueKey, Clues, Message, MessageId, Revision};

use super::title::folded;
use crate::hash::Hash;
use crate::person;

/// How many hashes of lines are kept: estimates of likeness are off by 0.06 in two cases of three.
pub(super) const SAMPLE: usize = 64;

/// How many lines of the sample a revision is found by.
const LINE_KEYS: usize = 8;

/// How many files a revision is found by, and how many are kept.
const PATH_KEYS: usize = 4;
const PATHS: usize = 64;

/// How many messages are kept that a revision names or answers.
const NAMED: usize = 32;

/// How many patches a revision is found by.
const TITLE_KEYS: usize = 256;

/// A month in seconds.
const SEASON: i64 = 30 * 24 * 3600;

/// Shorter lines (`}`, `else`, `break;`) stand everywhere.
const SHORTEST_LINE: usize = 8;

/// What the mails of a revision say about others of the same work.
pub(super) fn clues(revision: &Revision, by_id: &HashMap<&MessageId, &Message>) -> Clues {
    let own: BTreeSet<&MessageId> = revision.messages().collect();
    let mut clues = Clues::default();
    let mut lines = Smallest::default();
    let mut paths = Smallest::default();
    for message in own.iter().filter_map(|id| by_id.get(*id)) {
        for text in [&message.text, &message.attached] {
            clues.change_id = clues.change_id.or_else(|| change_id(text));
            let named = named_revisions(text);
            clues.named.extend(named.into_iter().filter(|(_, id)| !own.contains(id)));
        }
        for line in diff_lines(&message.diff) {
            match line {
                DiffLine::Path(path) => {
                    paths.add(Hash::of(b'f').bytes(path.as_bytes()).short(), PATHS)
                }
                DiffLine::Added(text) | DiffLine::Removed(text) => {
                    if let Some(hash) = line_hash(text, matches!(line, DiffLine::Added(_))) {
                        lines.add(hash, SAMPLE);
                    }
                }
                _ => {}
            }
        }
    }
    clues.named.sort();
    clues.named.dedup();
    clues.named.truncate(NAMED);
    clues.answers = ancestors(&revision.root, by_id);
    clues.answers.retain(|id| !own.contains(id));
    clues.answers.truncate(NAMED);
    clues.lines = lines.0.into_iter().collect();
    clues.paths = paths.0.into_iter().collect();
    clues.keys = keys(revision, &clues);
    clues
}

/// What a message answers, and what that answers, the nearest first: many mailers name only the
/// message right above.
fn ancestors(id: &MessageId, by_id: &HashMap<&MessageId, &Message>) -> Vec<MessageId> {
    let mut found: Vec<MessageId> = Vec::new();
    let mut next = by_id.get(id);
    while let Some(message) = next.filter(|_| found.len() < 2 * NAMED) {
        let new: Vec<&MessageId> =
            message.header.references.iter().rev().filter(|id| !found.contains(id)).collect();
        found.extend(new.into_iter().cloned());
        next = found
            .last()
            .and_then(|id| by_id.get(id))
            .filter(|last| last.header.id != message.header.id);
    }
    found
}

fn keys(revision: &Revision, clues: &Clues) -> Vec<ClueKey> {
    let mut keys = BTreeSet::new();
    let mut add = |kind: &str, value: &str| keys.insert(key(kind, value));
    clues.change_id.iter().for_each(|id| _ = add("change", id));
    let named = clues.named.iter().map(|(_, id)| id).chain(&clues.answers);
    // Its own messages are what others name.
    let own = std::iter::once(&revision.root).chain(revision.patches.iter().map(|p| &p.id));
    named.chain(own.take(TITLE_KEYS)).for_each(|id| _ = add("id", id.as_str()));
    let titles = revision.patches.iter().take(TITLE_KEYS).map(|patch| &patch.title);
    for title in std::iter::once(&revision.title).chain(titles) {
        let title = folded(title);
        if !title.is_empty() {
            add("title", &title);
        }
    }
    clues.lines.iter().take(LINE_KEYS).for_each(|line| _ = add("line", &line.to_string()));
    let author = person::name(&revision.author);
    for path in clues.paths.iter().take(PATH_KEYS) {
        add("path", &format!("{path} {author}"));
    }
    // What one person sends within two to three months shares one of these.
    let season = revision.date.as_second().div_euclid(SEASON);
    for season in season..season + 3 {
        add("season", &format!("{season} {author}"));
    }
    keys.into_iter().collect()
}

/// The key of a title, for finding revisions that have a patch of it.
pub fn title_key(title: &str) -> ClueKey {
    key("title", &folded(title))
}

/// The key of a message, for finding revisions that hold or name it.
pub fn message_key(id: &MessageId) -> ClueKey {
    key("id", id.as_str())
}

fn key(kind: &str, value: &str) -> ClueKey {
    let hash = Hash::of(b'k').bytes(kind.as_bytes()).byte(0).bytes(value.as_bytes());
    ClueKey(hash.end().cast_signed())
}

/// A line without its white space; none when it is short.
fn line_hash(line: &str, added: bool) -> Option<u32> {
    if line.trim().len() < SHORTEST_LINE {
        return None;
    }
    Some(Hash::of(if added { b'+' } else { b'-' }).folded(line).short())
}

/// The smallest hashes of a set.
#[derive(Default)]
struct Smallest(BTreeSet<u32>);

impl Smallest {
    fn add(&mut self, hash: u32, most: usize) {
        if self.0.len() < most {
            self.0.insert(hash);
        } else if self.0.last().is_some_and(|last| hash < *last) && self.0.insert(hash) {
            self.0.pop_last();
        }
    }
}

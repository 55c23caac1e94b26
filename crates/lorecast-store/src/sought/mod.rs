//! What a search looks for, in the words of the index: the same for every engine.

use std::time::{Duration, Instant};

use lorecast_model::{Field, Fields, Like, Query};

use crate::words::{self, Stems};
use crate::{Result, StoreError};

mod snippet;

pub(crate) use snippet::Wanted;

/// What a match counts, by field.
pub(crate) const WEIGHTS: [f64; Field::ALL.len()] =
    [5.0, 2.0, 1.0, 1.0, 1.0, 0.3, 1.0, 1.0, 1.0, 0.5, 0.5, 1.0, 0.3, 1.0, 1.0, 1.0];

/// No stem has more words than this by a wide margin; a store that was tampered with may.
pub(crate) const MOST: i64 = 500;

/// How many parts a search may have. SQLite's own limit on expressions is twice as high.
pub(crate) const PARTS: usize = 500;

/// How deep they may be nested. FTS5's own limit is 256.
pub(crate) const DEPTH: usize = 64;

/// Git shortens the names of objects to no less than this (git-config(1), `core.abbrev`).
const SHORTEST_BLOB: usize = 7;

/// A word of a search, as the words of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sought {
    /// Any of these words.
    Any(Vec<String>),
    /// All words that begin so.
    Prefix(String),
    /// These words, side by side.
    Phrase(Vec<String>),
}

/// What to look for in the index: all of these. `kept` finds the words that are kept under a stem.
pub(crate) fn sought<E>(
    text: &str,
    like: Like,
    mut kept: impl FnMut(&str) -> std::result::Result<Vec<String>, E>,
) -> std::result::Result<Vec<Sought>, E> {
    let mut groups = words::groups(text);
    let last = if like == Like::Prefix { groups.pop() } else { None };
    let mut all = Vec::new();
    for mut group in groups {
        all.push(match group.as_slice() {
            [word] if like == Like::Stem && word.stems => {
                Sought::Any(relatives(&word.folded, &mut kept)?)
            }
            [_] => Sought::Any(vec![group.remove(0).folded]),
            _ => Sought::Phrase(group.into_iter().map(|word| word.folded).collect()),
        });
    }
    all.extend(last.map(|mut group| match group.len() {
        1 => Sought::Prefix(group.remove(0).folded),
        _ => Sought::Phrase(group.into_iter().map(|word| word.folded).collect()),
    }));
    Ok(all)
}

/// The words of a phrase.
pub(crate) fn phrase(words: &[String]) -> Sought {
    Sought::Phrase(words::list(&words.join(" ")))
}

/// The names of git's objects are found by their first digits, as lore does: in which fields, and by
/// what.
pub(crate) fn blob(fields: Fields, sought: &Sought) -> Option<(Fields, &str)> {
    let blobs = [Field::Pre, Field::Post].into_iter().filter(|field| fields.has(*field));
    let blobs = blobs.map(Fields::from).fold(Fields::default(), Fields::with);
    let Sought::Any(words) = sought else { return None };
    let [word] = words.as_slice() else { return None };
    let name = word.len() >= SHORTEST_BLOB && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    (name && blobs.iter().next().is_some()).then_some((blobs, word))
}

/// Refuses what would exhaust the stack or an engine's limits.
pub(crate) fn bounded(query: &Query) -> Result<()> {
    let mut parts = 0;
    let mut open = vec![(query, 1)];
    while let Some((query, depth)) = open.pop() {
        parts += 1;
        if parts > PARTS || depth > DEPTH {
            return Err(StoreError::Query { parts: PARTS, depth: DEPTH });
        }
        match query {
            Query::And(all) | Query::Or(all) | Query::Xor(all) => {
                open.extend(all.iter().map(|part| (part, depth + 1)));
            }
            Query::Not(part) => open.push((part, depth + 1)),
            _ => {}
        }
    }
    Ok(())
}

/// Lets `work` search for no longer than this; an engine that ended it fails with what `was_ended` knows.
pub(crate) fn in_time<T, F: From<StoreError>>(
    most: Duration,
    work: impl FnOnce() -> std::result::Result<T, F>,
    was_ended: impl FnOnce(&F) -> bool,
) -> std::result::Result<T, F> {
    let begun = Instant::now();
    match work() {
        Err(fault) if was_ended(&fault) => {
            Err(StoreError::TooLong { seconds: most.as_secs() }.into())
        }
        // Engines look at the clock while they work, and not between one piece of work and the next.
        Ok(_) if begun.elapsed() >= most => {
            Err(StoreError::TooLong { seconds: most.as_secs() }.into())
        }
        other => other,
    }
}

/// The words with the same stem.
fn relatives<E>(
    word: &str,
    kept: &mut impl FnMut(&str) -> std::result::Result<Vec<String>, E>,
) -> std::result::Result<Vec<String>, E> {
    let Some(stem) = Stems::default().of(word) else { return Ok(vec![word.to_owned()]) };
    let mut words = kept(&stem)?;
    words.push(stem);
    Ok(words)
}

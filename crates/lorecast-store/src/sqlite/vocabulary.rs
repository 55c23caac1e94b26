//! Which words a word of a search stands for.

use lorecast_model::Like;
use rusqlite::Connection;

use super::fault::Fault;
use crate::words::{self, Stems};

/// No stem has more words than this by a wide margin; a store that was tampered with may.
const MOST: i64 = 500;

/// A word of a search, as the words of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sought {
    /// Any of these words.
    Any(Vec<String>),
    /// All words that begin so.
    Prefix(String),
    /// These words, side by side.
    Phrase(Vec<String>),
}

/// What to look for in the index: all of these.
pub(super) fn sought(conn: &Connection, text: &str, like: Like) -> Result<Vec<Sought>, Fault> {
    let mut groups = words::groups(text);
    let last = if like == Like::Prefix { groups.pop() } else { None };
    let mut all = Vec::new();
    for mut group in groups {
        all.push(match group.as_slice() {
            [word] if like == Like::Stem && word.stems => {
                Sought::Any(relatives(conn, &word.folded)?)
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

/// The words with the same stem.
fn relatives(conn: &Connection, word: &str) -> Result<Vec<String>, Fault> {
    let Some(stem) = Stems::default().of(word) else { return Ok(vec![word.to_owned()]) };
    let sql = "SELECT word FROM stem WHERE stem = ?1 ORDER BY word LIMIT ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_map(rusqlite::params![stem, MOST], |row| row.get(0))?;
    let mut words: Vec<String> = found.collect::<Result<_, _>>()?;
    words.push(stem);
    Ok(words)
}

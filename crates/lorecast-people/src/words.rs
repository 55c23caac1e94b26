//! The words of a text, as names are made of them.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use unicode_normalization::char::is_combining_mark;

use crate::names::fold;
use crate::spelling::{
    is_apostrophe, is_caseless, is_dash, is_invisible, is_unspaced, letters, normal,
};

/// The longest word that is looked at, in bytes.
const LONGEST: usize = 200;

/// A word and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) range: Range<usize>,
    pub(crate) folded: Arc<Folded>,
}

impl Word {
    /// Whether it is a single letter with a dot: `J.`
    pub(crate) fn is_initial(&self, text: &str) -> bool {
        self.folded.is_initial() && text[self.range.end..].starts_with('.')
    }
}

/// A word as names are compared: once as it is, once with umlauts spelt out; each with its parts
/// between hyphens.
#[derive(Clone, Debug, Default)]
pub(crate) struct Folded {
    ways: Vec<Vec<String>>,
    begins: BTreeSet<String>,
    caseless: bool,
}

impl Folded {
    pub(crate) fn of(word: &str) -> Self {
        if word.len() > LONGEST {
            return Self::default();
        }
        let normal = normal(word);
        let way = |spell_out: bool| -> Vec<String> {
            let folded = fold(&normal, spell_out);
            let parts = folded.split('-').map(letters);
            parts.filter(|part| !part.is_empty()).collect()
        };
        let (plain, spelled) = (way(false), way(true));
        let ways = if plain == spelled { vec![plain] } else { vec![plain, spelled] };
        let first = letters(&normal).chars().next().filter(|c| is_unspaced(*c)).map(String::from);
        let begins = ways
            .iter()
            .flat_map(|way| [way.concat(), way.first().cloned().unwrap_or_default()])
            .chain(first);
        Self { begins: begins.collect(), ways, caseless: is_caseless(&normal) }
    }

    /// A single Latin letter.
    pub(crate) fn is_initial(&self) -> bool {
        matches!(&self.ways[..], [way, ..] if matches!(&way[..], [only]
            if only.chars().count() == 1 && only.chars().all(|c| c < '\u{250}')))
    }

    /// What the keys of a name that begins with it hold: the word, or its first part.
    pub(crate) fn begins(&self) -> impl Iterator<Item = &str> {
        self.begins.iter().map(String::as_str)
    }

    /// The keys of a name of these words.
    pub(crate) fn keys<'a>(words: impl Iterator<Item = &'a Self> + Clone) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        let count = words.clone().count();
        for spelled in [false, true] {
            let ways = words.clone().map(|word| {
                word.ways
                    .get(usize::from(spelled))
                    .or(word.ways.first())
                    .map_or(&[][..], Vec::as_slice)
            });
            let joined: Vec<String> = ways.clone().map(<[String]>::concat).collect();
            let parts: Vec<String> = ways.flatten().cloned().collect();
            if words.clone().all(|word| word.caseless) {
                keys.extend(Some(joined.concat()).filter(|run| run.chars().nth(1).is_some()));
            }
            if count > 1 {
                keys.extend(key(joined));
            }
            keys.extend(key(parts));
        }
        keys
    }
}

/// The words in the order of the alphabet, without initials; nothing for less than two.
fn key(words: Vec<String>) -> Option<String> {
    let is_initial =
        |word: &String| word.chars().count() == 1 && word.chars().all(|c| c < '\u{250}');
    let mut kept: Vec<&str> =
        words.iter().filter(|word| !is_initial(word)).map(String::as_str).collect();
    if kept.len() < 2 {
        kept = words.iter().map(String::as_str).collect();
    }
    kept.sort_unstable();
    (kept.len() > 1).then(|| kept.join(" "))
}

/// The words of a text: letters and their marks, with the hyphens and apostrophes inside.
pub(crate) fn words(text: &str, fold: &mut dyn FnMut(&str) -> Arc<Folded>) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    let mut chars = text.char_indices().peekable();
    let is_letter = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let joins = |c: char| is_dash(c) || is_apostrophe(c) || is_invisible(c);
        let follows = next.is_some_and(|next| is_letter(next) || is_invisible(next));
        let inside = is_letter(c) || start.is_some() && joins(c) && follows;
        if inside && start.is_none() {
            start = Some(at);
        }
        let ends = !inside || next.is_none();
        if let Some(from) = start.filter(|_| ends) {
            let end = if inside { at + c.len_utf8() } else { at };
            let word = &text[from..end];
            let word = ["'s", "’s"].iter().find_map(|s| word.strip_suffix(s)).unwrap_or(word);
            words.push(Word { range: from..from + word.len(), folded: fold(word) });
            start = None;
        }
    }
    words
}

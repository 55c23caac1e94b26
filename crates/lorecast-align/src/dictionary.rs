//! How the words of a script are pronounced.

use std::collections::{BTreeMap, BTreeSet};

use crate::letters;
use crate::model::Model;
use crate::words::{Way, Words};

/// Ways to say a word beyond these are left out.
const MOST_WAYS: usize = 6;
/// A "word" of more letters is cut off: nobody reads it aloud.
const LONGEST: usize = 48;
/// A pronunciation of more phones is cut off.
const MOST_PHONES: usize = 96;

/// Ways to say each word: phones of the model.
pub(crate) struct Pronunciations(BTreeMap<String, Vec<Vec<u8>>>);

impl Pronunciations {
    /// Looks all words of a script up in one pass over the dictionary. What was added counts before it.
    pub(crate) fn of<'a>(
        model: &Model,
        words: impl Iterator<Item = &'a str>,
        added: &Words,
    ) -> Self {
        let asked: BTreeSet<String> = words.map(str::to_owned).collect();
        let mut parts: BTreeSet<String> = asked.iter().flat_map(|word| pieces(word)).collect();
        for way in asked.iter().flat_map(|word| added.ways(word)) {
            if let Way::Like(others) = way {
                parts.extend(pieces(others));
            }
        }
        let known = look_up(model, &parts);
        let spelled =
            |text: &str| together(pieces(text).iter().map(|piece| ways(model, &known, piece)));
        let say = |word: String| {
            let own = added.ways(&word).iter().flat_map(|way| match way {
                Way::Like(others) => spelled(others),
                Way::Phones(names) => vec![phones(model, names)],
            });
            let own: Vec<Vec<u8>> = own.filter(|way| !way.is_empty()).take(MOST_WAYS).collect();
            let ways = if own.is_empty() { spelled(&word) } else { own };
            (word, ways)
        };
        Self(asked.into_iter().map(say).collect())
    }

    /// The ways to say `word`; none when it has no letters.
    pub(crate) fn ways(&self, word: &str) -> &[Vec<u8>] {
        self.0.get(word).map_or(&[], Vec::as_slice)
    }
}

/// A word as the dictionary has it: `twenty-eight` is two, a digit is its name.
fn pieces(word: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for letter in word.chars().take(LONGEST) {
        let current = pieces.last_mut().expect("there is always a piece");
        match letter {
            'a'..='z' | 'A'..='Z' => current.push(letter.to_ascii_lowercase()),
            '\'' | '’' if !current.is_empty() => current.push('\''),
            '0'..='9' => {
                const NAMES: [&str; 10] = [
                    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
                ];
                let digit = letter.to_digit(10).unwrap_or_default() as usize;
                pieces.push(NAMES[digit].to_owned());
                pieces.push(String::new());
            }
            _ => pieces.push(String::new()),
        }
    }
    let pieces = pieces.into_iter().map(|piece| piece.trim_end_matches('\'').to_owned());
    pieces.filter(|piece| !piece.is_empty()).collect()
}

/// The entries of the dictionary for `pieces`; `word(2) PH ON E` is another way to say `word`.
fn look_up(model: &Model, pieces: &BTreeSet<String>) -> BTreeMap<String, Vec<Vec<u8>>> {
    let mut found: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    for line in model.dictionary.lines() {
        let mut parts = line.split_whitespace();
        let head = parts.next().unwrap_or_default();
        let word = head.split_once('(').map_or(head, |(word, _)| word);
        if !pieces.contains(word) {
            continue;
        }
        let phones: Option<Vec<u8>> =
            parts.take(MOST_PHONES).map(|name| model.mdef.phone(name)).collect();
        let ways = found.entry(word.to_owned()).or_default();
        if let Some(phones) = phones.filter(|phones| !phones.is_empty())
            && ways.len() < MOST_WAYS
        {
            ways.push(phones);
        }
    }
    found
}

fn ways(model: &Model, known: &BTreeMap<String, Vec<Vec<u8>>>, piece: &str) -> Vec<Vec<u8>> {
    if let Some(ways) = known.get(piece).filter(|ways| !ways.is_empty()) {
        return ways.clone();
    }
    let guesses = letters::guesses(piece).into_iter().map(|names| phones(model, &names));
    guesses.filter(|guess| !guess.is_empty()).collect()
}

/// The numbers of phones; those that the model does not know are left out.
fn phones(model: &Model, names: &[&str]) -> Vec<u8> {
    names.iter().filter_map(|name| model.mdef.phone(name)).take(MOST_PHONES).collect()
}

/// All ways to say pieces one after the other, as far as they are few.
fn together(pieces: impl Iterator<Item = Vec<Vec<u8>>>) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = vec![Vec::new()];
    for ways in pieces.filter(|ways| !ways.is_empty()) {
        let longer = all
            .iter()
            .flat_map(|start| ways.iter().map(move |way| [start.as_slice(), way].concat()));
        all = longer.take(MOST_WAYS).collect();
    }
    all.retain(|way| !way.is_empty());
    all.iter_mut().for_each(|way| way.truncate(MOST_PHONES));
    all
}

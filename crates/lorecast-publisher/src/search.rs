//! What a page searches: the words of titles, notes and transcripts, each with the episodes and the
//! seconds where it stands. Files of words are small, and a search loads those that it needs.
//!
//! `search/index.js` lists the episodes, the oldest first, and the files of words; `search/w-ri.js`
//! holds the words that begin with `ri`; a small show has them all in `w-.js`. They are scripts and not JSON, so that a page finds them
//! without a server as well, and under a policy that allows no requests.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use rayon::prelude::*;
use serde::Serialize;

use crate::PublishError;
use crate::delivery::Planned;
use crate::html::{Piece, pieces};
use crate::memory::{Memory, Part, Recipe};
use crate::pages::day;
use crate::site::{Place, Prepared};

/// Words of one letter tell nothing, and longer ones are none.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=32;
/// So many places of a word are kept of each episode.
const PLACES: usize = 3;
/// A file of words is split by the next letter when it would be longer, in bytes.
const FILE: usize = 24 << 10;
/// No prefix is longer, in characters.
const PREFIX: usize = 4;

/// The words of so many episodes are gathered at once, and kept until one of these changes.
const GATHERED: usize = 16;

/// A word, and where it stands in the form of the files.
type Word<'a> = (&'a str, String);

#[derive(Serialize)]
struct Index<'a> {
    /// Folder, title and date of each.
    episodes: Vec<[String; 3]>,
    files: Vec<&'a str>,
}

/// The files that a page searches.
pub(crate) fn files(
    place: &Place,
    episodes: &[Prepared],
    memory: &Memory,
) -> Result<Part<'static>, PublishError> {
    let recipes: Vec<Recipe> = episodes.iter().map(|episode| episode.recipe).collect();
    memory.part("search".to_owned(), Recipe::of(&[&recipes]), || made(place, episodes, memory))
}

fn made(
    place: &Place,
    episodes: &[Prepared],
    memory: &Memory,
) -> Result<Vec<Planned<'static>>, PublishError> {
    // The oldest first: a new episode changes no number of another.
    let oldest: Vec<&Prepared> = episodes.iter().rev().collect();
    let listed = oldest.iter().map(|episode| {
        let about = episode.release;
        [episode.folder(), place.title(&about.episode.title), day(about.publication.date)]
    });
    let listed = listed.collect();
    let gathered = oldest.par_chunks(GATHERED).enumerate().map(|(nth, some)| {
        let recipes: Vec<Recipe> = some.iter().map(|episode| episode.recipe).collect();
        let name = format!("words-{nth}.json");
        memory
            .value(&name, Recipe::of(&[&recipes]), || gathered(place, some, nth * GATHERED, memory))
    });
    let gathered: Vec<String> = gathered.collect::<Result<_, PublishError>>()?;
    let mut all: HashMap<&str, String> = HashMap::new();
    for (word, places) in gathered.iter().flat_map(|lines| lines.lines()).filter_map(apart) {
        add(all.entry(word).or_default(), places);
    }
    let mut all: Vec<Word<'_>> = all.into_iter().collect();
    all.par_sort();
    let mut files = BTreeMap::new();
    split(&all, 0, &mut files);
    let index = Index { episodes: listed, files: files.keys().map(String::as_str).collect() };
    let index = serde_json::to_string(&index).expect("plain strings are JSON");
    let mut plan = vec![Planned::new("search/index.js", format!("lorecast.index({index});\n"))];
    plan.par_extend(files.into_par_iter().map(|(prefix, words)| {
        let words: BTreeMap<&str, &str> = words.iter().map(|(w, p)| (*w, p.as_str())).collect();
        let words = serde_json::to_string(&words).expect("plain strings are JSON");
        let path = format!("search/{}", file_name(&prefix));
        Planned::new(path, format!("lorecast.words({words});\n"))
    }));
    Ok(plan)
}

/// The words of some episodes, a line each with the places where it stands; the first episode has this number.
fn gathered(
    place: &Place,
    some: &[&Prepared],
    first: usize,
    memory: &Memory,
) -> Result<String, PublishError> {
    let mut all: HashMap<Cow<str>, String> = HashMap::new();
    for (number, episode) in (first..).zip(some) {
        let name = format!("words-{}.json", episode.release.id);
        for (word, seconds) in memory.value(&name, episode.recipe, || words(place, episode))? {
            let seconds = seconds.iter().map(|second| format!(".{}", base36(u64::from(*second))));
            let places = base36(number as u64) + &seconds.collect::<String>();
            add(all.entry(word).or_default(), &places);
        }
    }
    Ok(all.iter().map(|(word, places)| format!("{word} {places}\n")).collect())
}

fn add(all: &mut String, places: &str) {
    if !all.is_empty() {
        all.push(' ');
    }
    all.push_str(places);
}

/// A line of [`gathered`]. No word has a space.
fn apart(line: &str) -> Option<(&str, &str)> {
    line.split_once(' ')
}

/// The words of an episode, with the seconds at which the first of each are said; none for words
/// that are only written.
fn words<'a>(
    place: &Place,
    episode: &'a Prepared,
) -> Result<HashMap<Cow<'a, str>, Vec<u32>>, PublishError> {
    let mut found: HashMap<Cow<str>, Vec<u32>> = HashMap::new();
    let mut written = |text: &str| {
        found.extend(in_text(text).map(|word| (word.into_owned().into(), Vec::new())));
    };
    let about = &episode.release.episode;
    let titles = about.stories.iter().filter(|story| story.is_told()).map(|story| &story.title);
    for title in std::iter::once(&about.title).chain(titles) {
        written(&place.title(title));
    }
    for piece in pieces(&episode.notes()?.html) {
        let Piece::Text(text) = piece else { continue };
        written(&text);
    }
    for sentence in episode.transcript()?.iter().flat_map(|transcript| &transcript.sentences) {
        let second = sentence.start.0.max(0.0) as u32;
        for word in in_text(&sentence.text) {
            let places = found.entry(word).or_default();
            if places.len() < PLACES && places.last() != Some(&second) {
                places.push(second);
            }
        }
    }
    Ok(found)
}

/// The words of a text in small letters. The page's script takes a question apart in the same way.
fn in_text(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words
        .map(|word| small(word.trim_matches('_')))
        .filter(|word| LENGTHS.contains(&word.chars().count()))
}

fn small(word: &str) -> Cow<'_, str> {
    let is_small = word.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase());
    if is_small { Cow::Borrowed(word) } else { Cow::Owned(word.to_lowercase()) }
}

/// Words that begin alike in one file, as far as it is not too long.
fn split<'a>(words: &'a [Word<'a>], depth: usize, files: &mut BTreeMap<String, &'a [Word<'a>]>) {
    let prefix = |word: &str| word.chars().take(depth).collect::<String>();
    for alike in words.chunk_by(|a, b| prefix(a.0) == prefix(b.0)) {
        let length: usize = alike.iter().map(|(word, places)| word.len() + places.len() + 6).sum();
        if length > FILE && depth < PREFIX && alike.len() > 1 {
            split(alike, depth + 1, files);
        } else {
            files.insert(prefix(alike[0].0), alike);
        }
    }
}

/// `w-ri.js`; letters that no URL can hold as they are become their numbers.
fn file_name(prefix: &str) -> String {
    let mut name = String::from("w-");
    for sign in prefix.chars() {
        match sign.is_ascii_alphanumeric() {
            true => name.push(sign),
            false => write!(name, "_{:x}_", sign as u32).expect("a string takes everything"),
        }
    }
    name + ".js"
}

fn base36(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit((number % 36) as u32, 36).unwrap_or('0'));
        number /= 36;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_small_letters_and_numbers() {
        let check =
            |text: &str, words: &[&str]| assert_eq!(in_text(text).collect::<Vec<_>>(), words);
        check("The io_uring's 6.1-rc8, ÉTÉ! _x_ a", &["the", "io_uring", "rc8", "été"]);
        check(&"x".repeat(33), &[]);
    }

    #[test]
    fn files_are_named_for_what_words_begin_with() {
        assert_eq!(file_name("ri"), "w-ri.js");
        assert_eq!(file_name("é_"), "w-_e9__5f_.js");
        assert_eq!([0, 35, 36, 1295].map(base36), ["0", "z", "10", "zz"]);
    }

    #[test]
    fn long_files_are_split_by_the_next_letter() {
        let words = |list: &[&'static str], length: usize| -> Vec<Word<'_>> {
            list.iter().map(|word| (*word, "x".repeat(length))).collect()
        };
        let check = |words: &[Word<'_>], files: &[&str]| {
            let mut found = BTreeMap::new();
            split(words, 0, &mut found);
            assert_eq!(found.keys().collect::<Vec<_>>(), files);
        };
        check(&words(&["ring", "rung", "x1"], 10), &[""]);
        check(&words(&["ring", "rung", "x1"], 10_000), &["r", "x"]);
        check(&words(&["r", "ring", "ringer", "rung"], 20_000), &["r", "ring", "ru"]);
    }
}

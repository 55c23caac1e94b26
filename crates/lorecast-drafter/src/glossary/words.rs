//! Finds acronyms in running text.

use std::collections::HashMap;
use std::ops::Range;

use lorecast_model::Glossary;

use super::english::is_english;

/// The longest unknown run of letters and digits that is taken for an acronym, in bytes: longer ones
/// are words in capitals.
const LONGEST: usize = 7;
/// The most digits of an unknown acronym; more of them make the name of a part.
const MOST_DIGITS: usize = 1;
/// From how many words in capitals on, two of them plain English, somebody is shouting.
const SHOUT: usize = 4;

/// An acronym where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// As the glossary spells it; in the singular when the glossary does not have it.
    pub acronym: String,
    /// The bytes of the text, a plural's `s` included.
    pub range: Range<usize>,
    /// Where the whole word ends that it is part of: `RCU’s`, `NUMA-aware`.
    pub end: usize,
    /// More than one of it.
    pub plural: bool,
    /// A number that follows it: the `8` of `RC8`.
    pub number: String,
    /// The glossary has it.
    pub known: bool,
}

/// The glossary, by the first letters and digits of each acronym.
pub(super) struct Index<'a> {
    by_first: HashMap<&'a str, Vec<&'a str>>,
}

impl<'a> Index<'a> {
    pub fn new(glossary: &'a Glossary) -> Self {
        let mut by_first: HashMap<&str, Vec<&str>> = HashMap::new();
        for key in glossary.0.keys().filter(|key| !key.is_empty()) {
            by_first.entry(&key[..run(key)]).or_default().push(key);
        }
        for keys in by_first.values_mut() {
            keys.sort_by_key(|key| std::cmp::Reverse(key.len()));
        }
        Self { by_first }
    }

    /// All acronyms of a text, in order: known ones, and what looks like one.
    pub fn words(&self, text: &str) -> Vec<Word> {
        let mut found: Vec<Word> = Vec::new();
        let mut capitals = Vec::new();
        for chunk in chunks(text) {
            // An acronym of two words reaches into the next piece.
            let mut at = found.last().map_or(0, |word| word.range.end).max(chunk.start);
            while at < chunk.end {
                let length = run(&text[at..chunk.end]);
                if length == 0 {
                    at += text[at..].chars().next().map_or(1, char::len_utf8);
                    continue;
                }
                let letters = &text[at..at + length];
                if shouts(letters) {
                    capitals.push((at, is_english(letters)));
                }
                let word = self.known(text, at).or_else(|| unknown(text, at));
                at = word.as_ref().map_or(at + length, |word| word.range.end.max(at + length));
                found.extend(word);
            }
        }
        let shouted = shouted(text, &capitals);
        found.retain(|word| !shouted.iter().any(|range| range.contains(&word.range.start)));
        found
    }

    fn known(&self, text: &str, at: usize) -> Option<Word> {
        let letters = &text[at..at + run(&text[at..])];
        let (singular, number) = without_number(letters.strip_suffix('s').unwrap_or(letters));
        for first in [letters, letters.strip_suffix('s').unwrap_or(letters), singular] {
            let keys = self.by_first.get(first).map_or(&[][..], Vec::as_slice);
            for key in keys.iter().filter(|key| text[at..].starts_with(**key)) {
                let number =
                    if first == singular && key.len() == first.len() { number } else { "" };
                let end = at + key.len() + number.len();
                let plural = text[end..].starts_with('s') && run(&text[end..]) == 1;
                let end = end + usize::from(plural);
                if run(&text[end..]) == 0 {
                    let number = if first == letters { "" } else { number };
                    return Some(word(text, at..end, key, plural, number, true));
                }
            }
        }
        None
    }
}

fn word(
    text: &str,
    range: Range<usize>,
    key: &str,
    plural: bool,
    number: &str,
    known: bool,
) -> Word {
    let end = whole(text, range.end);
    Word { acronym: key.to_owned(), range, end, plural, number: number.to_owned(), known }
}

/// What has the look of an acronym: capitals, perhaps a digit, perhaps a small letter or two.
fn unknown(text: &str, at: usize) -> Option<Word> {
    let letters = &text[at..at + run(&text[at..])];
    let singular = letters.strip_suffix('s').unwrap_or(letters);
    let count = |is: fn(&char) -> bool| singular.chars().filter(is).count();
    let large = count(char::is_ascii_uppercase);
    let small = count(char::is_ascii_lowercase);
    let digits = count(char::is_ascii_digit);
    // `TD9` is the name of a part.
    let named = digits == 0 || large > 2;
    let fits = large >= 2
        && named
        && small * 2 < large + 1
        && singular.len() <= LONGEST
        && singular.starts_with(|c: char| c.is_ascii_alphabetic())
        && digits <= MOST_DIGITS
        && singular.is_ascii();
    let plural = singular.len() < letters.len();
    (fits && !is_english(singular))
        .then(|| word(text, at..at + letters.len(), singular, plural, "", false))
}

/// The pieces between spaces that are words, without the punctuation around them: no code, no
/// paths, no addresses, no release numbers.
fn chunks(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    for chunk in text.split(' ') {
        let inner = chunk.trim_matches(|c: char| !c.is_alphanumeric());
        let start =
            at + (chunk.len() - chunk.trim_start_matches(|c: char| !c.is_alphanumeric()).len());
        if !inner.is_empty() && !is_code(inner) && !chunk.contains(['_', '@', '\u{fffc}']) {
            found.push(start..start + inner.len());
        }
        at += chunk.len() + 1;
    }
    found
}

fn is_code(chunk: &str) -> bool {
    let odd = ["::", "->", "()", "=", "\\", "{", "}", "<", ">", "$", "://", "|"];
    let around = |sign: char, before: fn(char) -> bool, after: fn(char) -> bool| {
        chunk
            .match_indices(sign)
            .any(|(at, _)| chunk[..at].ends_with(before) && chunk[at + 1..].starts_with(after))
    };
    odd.iter().any(|odd| chunk.contains(odd))
        || chunk.matches('/').count() > 1
        || around('.', char::is_alphanumeric, |c| c.is_lowercase() || c.is_numeric())
        || around('(', char::is_alphanumeric, |_| true)
}

/// How many bytes of letters and digits a text begins with.
fn run(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len())
}

/// Of two letters and a digit only this is no name of a part.
const CANDIDATE: &str = "RC";

/// `RC8` → `RC`, `8`; more digits are a part number.
fn without_number(letters: &str) -> (&str, &str) {
    let base = letters.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = &letters[base.len()..];
    let long = base.len() > 2 || base == CANDIDATE;
    let capitals = long && base.chars().all(|c| c.is_ascii_uppercase());
    if capitals && number.len() == 1 { (base, number) } else { (letters, "") }
}

/// Where the word ends of which a part ends here: `RCU’s`, `NUMA-aware`. Of `ATA/T13` the acronym is
/// one of two words.
fn whole(text: &str, end: usize) -> usize {
    let mut end = end;
    loop {
        let rest = &text[end..];
        for owner in ["'s", "’s"] {
            if rest.strip_prefix(owner).is_some_and(|after| run(after) == 0) {
                return end + owner.len();
            }
        }
        match rest.strip_prefix('-').map_or(0, run) {
            0 => return end,
            joined => end += 1 + joined,
        }
    }
}

fn shouts(letters: &str) -> bool {
    letters.chars().all(|c| c.is_ascii_uppercase())
        && (letters.len() > 1 || letters == "A" || letters == "I")
}

/// Stretches of capitals with English words among them.
fn shouted(text: &str, capitals: &[(usize, bool)]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut first = 0;
    for at in 0..capitals.len() {
        let start = capitals[at].0;
        let after = start + run(&text[start..]);
        let next = capitals.get(at + 1).map(|next| next.0);
        let goes_on = next.is_some_and(|next| {
            !text[after..next].contains(|c: char| c.is_alphanumeric()) && next - after < 4
        });
        if !goes_on {
            let stretch = &capitals[first..=at];
            if stretch.len() >= SHOUT && stretch.iter().filter(|(_, english)| *english).count() > 1
            {
                found.push(stretch[0].0..after);
            }
            first = at + 1;
        }
    }
    found
}

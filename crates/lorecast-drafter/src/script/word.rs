//! One word as one says it.

use std::sync::LazyLock;

use lorecast_model::Numbers;
use regex::Regex;

use super::abbreviation::spelled_out;
use super::date::stamp;
use super::identifier::identifier;
use super::number::one_by_one;
use super::quantity::{decades, quantity, unit};
use super::speak::Speech;
use super::version::version;
use crate::pattern::constant;

/// What a word stands between.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    /// Two words before stands an article.
    pub article: bool,
    pub before: &'a str,
    /// Punctuation ended the word before.
    pub closed: bool,
    pub after: &'a str,
    /// A title in quotes and parentheses follows: `1da87a3 (“mm: fix”)`.
    pub titled: bool,
    /// A colon follows: `net/smc: …` is the part that a title is about.
    pub prefix: bool,
    /// It stands in angle brackets, behind what it belongs to.
    pub pointed: bool,
    pub speech: Speech<'a>,
}

/// How a word is said.
#[derive(Default)]
pub(super) struct Said {
    /// Empty when nobody says it.
    pub text: String,
    /// The full stop behind it was part of it.
    pub whole: bool,
    /// It only points to the show notes, and may be left out as an aside.
    pub elsewhere: bool,
}

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"(?i)^(?:[a-z][a-z0-9+.-]{1,20}://|www\.|mailto:|news:|doi:)\S|://|\blore\.kernel\.org/\S",
    )
});
static MAIL: LazyLock<Regex> = LazyLock::new(|| constant(r"[^\s@]@[^\s@]"));
static HASH: LazyLock<Regex> =
    LazyLock::new(|| constant(r"^(?:[0-9a-f]{7,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$"));
/// Shorter runs of digits are numbers.
const SHORTEST_HASH_OF_DIGITS: usize = 16;
/// `1980’s`, `80's`.
static DECADE: LazyLock<Regex> = LazyLock::new(|| constant(r"^(\d{2}|\d{4})[’']s$"));
/// A hash is known by so many signs.
const SAID_OF_HASH: usize = 7;
/// A longer address is not said.
const LONGEST_MAILBOX: usize = 60;
/// A Message-ID has more digits than this, an address of a person fewer.
const MOST_DIGITS: usize = 7;
/// A longer word is nothing that anybody says.
const LONGEST: usize = 120;

/// Says one word; `stop` is the punctuation behind it.
pub(super) fn say(word: &str, stop: &str, around: Around<'_>) -> Said {
    let numbers = around.speech.voice.numbers;
    if has_spoken_form(word, around.speech) {
        return text(word.to_owned());
    }
    if ADDRESS.is_match(word) {
        return Said {
            text: "the link in the show notes".to_owned(),
            elsewhere: true,
            whole: false,
        };
    }
    if word.len() > LONGEST {
        return Said::default();
    }
    if MAIL.is_match(word) {
        return text(mailbox(word, around));
    }
    if is_hash(word) {
        return text(hash(word, around));
    }
    if let Some(decade) = DECADE.captures(word) {
        return text(decades(&decade[1], numbers).unwrap_or_else(|| word.to_owned()));
    }
    if let Some(said) = spelled_out(word) {
        let last = around.after.is_empty() || around.after.starts_with(char::is_uppercase);
        let ends = word.eq_ignore_ascii_case("etc") && last && !stop.contains(").");
        let whole = stop.starts_with('.') && !ends;
        return Said { text: said.to_owned(), whole, elsewhere: false };
    }
    let (stem, owner) = owned(word);
    let said = stamp(stem, numbers)
        .or_else(|| version(stem, around.before, numbers))
        .or_else(|| counted_unit(stem, around))
        .or_else(|| quantity(stem, around.after, numbers))
        .unwrap_or_else(|| identifier(stem, around));
    text(format!("{said}{owner}"))
}

/// `ann@list.example` → "ann at list dot example". In angle brackets it stands behind a name, which
/// is enough; what a program made up is not said either.
fn mailbox(word: &str, around: Around<'_>) -> String {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if around.pointed || word.len() > LONGEST_MAILBOX || digits > MOST_DIGITS {
        return String::new();
    }
    let parts: Vec<String> = word.split('@').map(|part| identifier(part, around)).collect();
    parts.join(" at ")
}

/// The first signs of a hash; nothing where its title follows.
fn hash(word: &str, around: Around<'_>) -> String {
    if around.titled || word.contains('-') {
        return String::new();
    }
    let said = word.chars().take(SAID_OF_HASH).map(|c| match c.is_ascii_digit() {
        true if around.speech.voice.numbers == Numbers::Digits => c.to_string(),
        true => one_by_one(c.encode_utf8(&mut [0; 4])),
        false => c.to_ascii_uppercase().to_string(),
    });
    said.collect::<Vec<_>>().join(" ")
}

fn text(text: String) -> Said {
    Said { text, ..Said::default() }
}

/// Whether the glossary says how a word is said, so that it stays as it is written.
pub(super) fn has_spoken_form(word: &str, speech: Speech<'_>) -> bool {
    speech.glossary.0.get(word).is_some_and(|term| term.spoken.is_some())
        && !word.contains(['*', '`', '<', '>'])
}

/// `32 TB`: the unit behind a number.
fn counted_unit(word: &str, around: Around<'_>) -> Option<String> {
    let number = around.before.ends_with(|c: char| c.is_ascii_digit());
    if !number || around.closed {
        return None;
    }
    // "a two mebibyte folio", but "two mebibytes".
    let number = if around.article { "1" } else { around.before };
    unit(word, number).map(str::to_owned)
}

fn is_hash(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    HASH.is_match(word) && digits > 0 && (digits < word.len() || digits >= SHORTEST_HASH_OF_DIGITS)
}

/// `Ada’s` → `Ada` and `’s`.
fn owned(word: &str) -> (&str, &str) {
    let end = ["’s", "'s"].iter().find_map(|end| word.strip_suffix(end));
    end.map_or((word, ""), |stem| (stem, &word[stem.len()..]))
}

//! A name as texts may spell it: the keys by which it is found again.

use std::collections::BTreeSet;

use crate::names::{FullName, fold};

/// What a name is found by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spelling {
    /// Each way to write the whole name: words in the order of the alphabet, or letters without a space.
    pub(crate) full: BTreeSet<String>,
    /// What says the same beside it and names nobody alone: `安` of `Vo An (安)`.
    pub(crate) beside: BTreeSet<String>,
    /// The words that a full name may begin with in a text.
    pub(crate) words: BTreeSet<String>,
}

impl Spelling {
    /// Reads a name; nothing is full in a nickname, a first name alone, or an address.
    pub(crate) fn of(name: &str) -> Self {
        let mut spelling = Self::default();
        if name.contains('@') {
            return spelling;
        }
        let (outer, inner) = outer_and_inner(&normal(name));
        spelling.full.extend(keys(&outer));
        for inner in inner {
            spelling.full.extend(keys(&inner));
            spelling.beside.insert(letters(&inner));
        }
        spelling
            .beside
            .extend(outer.split_whitespace().filter(|word| is_caseless(word)).map(letters));
        spelling.beside.remove("");
        for key in &spelling.full {
            spelling.words.extend(key.split(' ').map(str::to_owned));
            let first = key.chars().next().filter(|c| is_unspaced(*c));
            spelling.words.extend(first.map(String::from));
        }
        spelling
    }
}

/// The keys of a name without brackets.
fn keys(name: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if FullName::read(name).is_some_and(|name| name.is_full()) {
        for parts in [name.to_owned(), name.replace('-', " ")] {
            for text in [fold(&parts, true), parts] {
                found.extend(FullName::read(&text).into_iter().flat_map(|name| name.keys()));
            }
        }
    }
    let letters = letters(name);
    if letters.chars().nth(1).is_some() && name.trim().chars().nth(1).is_some() {
        found.extend(Some(letters).filter(|letters| is_caseless(letters)));
    }
    found
}

/// The letters alone, folded.
pub(crate) fn letters(text: &str) -> String {
    fold(&normal(text), false).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether it is written in letters that know no case, as in China, Korea, India or Arabia: there a
/// name may be one word.
pub(crate) fn is_caseless(text: &str) -> bool {
    let caseless = |c: char| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase();
    let mut letters = text.chars().filter(|c| c.is_alphanumeric()).peekable();
    letters.peek().is_some() && letters.all(|c| c >= '\u{250}' && caseless(c))
}

/// Whether words run into each other in its script: Han, kana, Hangul, and those of Southeast Asia.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}'
        | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether it shows nothing: soft hyphens, joiners, marks of direction.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A hyphen or dash of any length, `\p{Pd}` and the minus sign.
pub(crate) fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{58a}' | '\u{5be}' | '\u{2010}'
            ..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}'
    )
}

/// An apostrophe, however it is typed.
pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`' | '´')
}

/// The text with one kind of space, dash, apostrophe and quotation mark, and nothing unseen.
pub(crate) fn normal(text: &str) -> String {
    let seen = text.chars().filter(|c| !is_invisible(*c));
    seen.map(|c| match c {
        _ if c.is_whitespace() || c == '_' => ' ',
        _ if is_dash(c) => '-',
        _ if is_apostrophe(c) => '\'',
        '“' | '”' | '„' | '«' | '»' => '"',
        _ => c,
    })
    .collect()
}

/// What stands outside of brackets and quotation marks, and each text inside.
fn outer_and_inner(name: &str) -> (String, Vec<String>) {
    let (mut outer, mut inner) = (String::new(), Vec::new());
    let mut rest = name;
    while let Some(at) = rest.find(['(', '[', '"']) {
        let closing = match rest.as_bytes()[at] {
            b'(' => ')',
            b'[' => ']',
            _ => '"',
        };
        outer.push_str(&rest[..at]);
        outer.push(' ');
        rest = &rest[at + 1..];
        let Some(end) = rest.find(closing) else { break };
        inner.push(rest[..end].trim().to_owned());
        rest = &rest[end + 1..];
    }
    outer.push_str(rest);
    (outer.trim().to_owned(), inner)
}

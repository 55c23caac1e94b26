//! Texts as words, for the index and for searches alike.
//!
//! A word is what lore's search (Xapian's `TermGenerator`) takes for one: letters, digits, marks and
//! `_`; an apostrophe or `&` between letters and `.` or `,` between digits stay inside, so that
//! `don't`, `6.3` and `io_uring` are one word each, while `f2fs-tools` and `mm/slab.c` are two and
//! three. Up to three `+` or `#` may end a word. Words over 64 bytes are left out: nobody types
//! them. Case is folded as in lore, and accents too, as people type names without them.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault};
use std::sync::Arc;

use rust_stemmers::{Algorithm, Stemmer};
use rustc_hash::{FxBuildHasher, FxHasher};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longer words are left out, in bytes.
const LONGEST: usize = 64;

/// A word right before one of these is a piece of code, and means itself.
const AS_IT_STANDS: &[char] = &['(', '/', '\\', '@', '<', '>', '=', '*', '[', '{', '"'];

/// Appends the words of a text, each behind a space, in lower case and without accents.
pub(crate) fn append(text: &str, out: &mut String) {
    if text.is_ascii() {
        return append_ascii(text, out);
    }
    let mut rest = text;
    while let Some((word, behind)) = next(rest) {
        if word.len() <= LONGEST {
            out.push(' ');
            fold(word, out);
            if out.ends_with(' ') {
                // Of marks alone nothing is left.
                out.pop();
            }
        }
        rest = behind;
    }
}

/// The same for what most text is, byte by byte. Case is folded once for all words.
fn append_ascii(text: &str, out: &mut String) {
    let (bytes, start) = (text.as_bytes(), out.len());
    let word_at = |at: usize| bytes.get(at).is_some_and(|&byte| is_word_byte(byte));
    let digit_at = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = 0;
    while at < bytes.len() {
        if !is_word_byte(bytes[at]) {
            at += 1;
            continue;
        }
        let begin = at;
        loop {
            while word_at(at) {
                at += 1;
            }
            let joins = match bytes.get(at) {
                Some(b'\'' | b'&') => word_at(at + 1),
                Some(b'.' | b',' | b';') => digit_at(at - 1) && digit_at(at + 1),
                _ => false,
            };
            if !joins {
                break;
            }
            at += 1;
        }
        if let Some(b'+' | b'#') = bytes.get(at) {
            at += suffix(&text[at..]);
        }
        if at - begin <= LONGEST {
            out.push(' ');
            out.push_str(&text[begin..at]);
        }
    }
    out[start..].make_ascii_lowercase();
}

/// The words of a text, folded.
pub(crate) fn list(text: &str) -> Vec<String> {
    let mut joined = String::with_capacity(text.len() + 1);
    append(text, &mut joined);
    joined.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A word folded to lower case, and the text behind it.
pub(crate) fn first(text: &str) -> Option<(String, &str)> {
    let (word, behind) = next(text)?;
    let mut folded = String::with_capacity(word.len());
    fold(word, &mut folded);
    Some((folded, behind))
}

/// A word of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// As the index has it.
    pub(crate) folded: String,
    /// Written in small letters, it may stand for all words of its stem.
    pub(crate) stems: bool,
}

/// The words of a text, those together that only `-`, `/`, `.`, `:`, `@` or `\\` stands between.
pub(crate) fn groups(text: &str) -> Vec<Vec<Word>> {
    let mut groups: Vec<Vec<Word>> = Vec::new();
    let mut rest = text;
    while let Some((word, behind)) = next(rest) {
        let gap = &rest[..rest.len() - behind.len() - word.len()];
        let joined = !gap.is_empty() && gap.chars().all(|c| "-/.:@\\".contains(c));
        let mut folded = String::new();
        fold(word, &mut folded);
        let stems = word.starts_with(char::is_lowercase) && !behind.starts_with(AS_IT_STANDS);
        let word = Word { folded, stems };
        match groups.last_mut() {
            Some(group) if joined => group.push(word),
            _ => groups.push(vec![word]),
        }
        rest = behind;
    }
    groups
}

/// A word that differs from its stem.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Inflected {
    pub(crate) stem: String,
    pub(crate) word: String,
}

/// Finds English stems (the Snowball algorithm that lore's search uses), and remembers them: mails
/// say the same words again and again.
pub(crate) struct Stems {
    stemmer: Stemmer,
    known: HashMap<u64, Option<Arc<Inflected>>, Unhashed>,
    /// Of the message at hand.
    seen: HashSet<u64, Unhashed>,
}

/// Keys are hashes already.
type Unhashed = BuildHasherDefault<FxHasher>;

/// How many words are remembered before all are forgotten: a bound on memory.
const REMEMBERED: usize = 400_000;

impl Default for Stems {
    fn default() -> Self {
        let stemmer = Stemmer::create(Algorithm::English);
        Self { stemmer, known: HashMap::default(), seen: HashSet::default() }
    }
}

impl Stems {
    /// The stem of a folded word; none where a word stands only for itself, as those do that begin
    /// with a digit or `_`.
    pub(crate) fn of(&self, word: &str) -> Option<String> {
        word.starts_with(char::is_lowercase).then(|| self.stemmer.stem(word).into_owned())
    }

    /// The distinct words of some joined texts that differ from their stem.
    pub(crate) fn inflected<'a>(
        &mut self,
        joined: impl Iterator<Item = &'a str>,
    ) -> Vec<Arc<Inflected>> {
        self.seen.clear();
        if self.known.len() > REMEMBERED {
            self.known.clear();
        }
        let mut found = Vec::new();
        for word in joined.flat_map(spaced).filter(|word| could_differ(word)) {
            let hash = FxBuildHasher.hash_one(word);
            if self.seen.insert(hash) {
                let Self { stemmer, known, .. } = self;
                let inflected = known.entry(hash).or_insert_with(|| {
                    let stem = stemmer.stem(word);
                    let differs = stem != word;
                    differs.then(|| Arc::new(Inflected { stem: stem.into(), word: word.into() }))
                });
                found.extend(inflected.clone());
            }
        }
        found
    }
}

/// The words of a joined text. They are short: looking at each byte beats a search for spaces.
fn spaced(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.get(1..)?;
        let end = rest.bytes().position(|byte| byte == b' ').unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        rest = behind;
        Some(word)
    })
}

/// Whether it is worth asking: all that the algorithm takes off or changes ends in these letters.
fn could_differ(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() > 2
        && bytes[0].is_ascii_lowercase()
        && b"sdgyelrctnmi'".contains(&bytes[bytes.len() - 1])
}

/// The next word as it stands, and the text behind it.
fn next(text: &str) -> Option<(&str, &str)> {
    let start = word_start(text)?;
    let text = &text[start..];
    let mut end = 0;
    loop {
        end += run(&text[end..]);
        match infix(text, end) {
            Some(length) => end += length,
            None => break,
        }
    }
    let end = end + suffix(&text[end..]);
    Some(text.split_at(end))
}

fn word_start(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at].is_ascii() {
            if is_word_byte(bytes[at]) {
                return Some(at);
            }
            at += 1;
        } else {
            let c = text[at..].chars().next()?;
            if is_word(c) {
                return Some(at);
            }
            at += c.len_utf8();
        }
    }
    None
}

/// How many bytes of word characters stand at the start.
fn run(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at].is_ascii() {
            if !is_word_byte(bytes[at]) {
                return at;
            }
            at += 1;
        } else {
            match text[at..].chars().next() {
                Some(c) if is_word(c) => at += c.len_utf8(),
                _ => return at,
            }
        }
    }
    at
}

/// The length of what joins two runs to one word.
fn infix(text: &str, end: usize) -> Option<usize> {
    let mut behind = text[end..].chars();
    let (joint, next) = (behind.next()?, behind.next()?);
    let joins = match joint {
        '\'' | '&' | '\u{b7}' | '\u{2019}' | '\u{201b}' | '\u{2027}' => is_word(next),
        '.' | ',' | ';' => {
            next.is_ascii_digit() && text.as_bytes()[..end].last().is_some_and(u8::is_ascii_digit)
        }
        _ => false,
    };
    joins.then(|| joint.len_utf8())
}

/// `c++` and `c#`; not the `+` of `fish+chips`.
fn suffix(text: &str) -> usize {
    let marks = text.bytes().take_while(|byte| matches!(byte, b'+' | b'#')).count();
    let goes_on = text[marks..].chars().next().is_some_and(is_word);
    if marks > 3 || goes_on { 0 } else { marks }
}

fn is_word_byte(byte: u8) -> bool {
    WORD[usize::from(byte)]
}

/// Which bytes of ASCII stand in words. A table, because every byte of every mail is asked.
const WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || byte as u8 == b'_';
        byte += 1;
    }
    table
};

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || !c.is_ascii() && is_combining_mark(c)
}

/// Appends a word in lower case and without accents.
fn fold(word: &str, out: &mut String) {
    let start = out.len();
    if word.is_ascii() {
        out.push_str(word);
        out[start..].make_ascii_lowercase();
        return;
    }
    let plain = word.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    // What a compatible form turns into may hold what would part the word, such as the brackets of ⑴.
    let plain = plain.map(|c| if c == '\u{2019}' { '\'' } else { c });
    out.extend(
        plain.filter(|c| !c.is_ascii() || c.is_ascii_alphanumeric() || "_'&.,;+#".contains(*c)),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(list(text).join(" "), expected);
    }

    #[test]
    fn words_as_lore_cuts_them() {
        check("net/ipv4/tcp_input.c: Fix it!", "net ipv4 tcp_input c fix it");
        check("v6.3-rc1, 1,000 and 6.", "v6.3 rc1 1,000 and 6");
        check("don't AT&T rock'", "don't at&t rock");
        check("c++ C# fish+chips a++++", "c++ c# fish chips a");
        check("Ann.Example@kernel.org", "ann example kernel org");
        check("__init foo_ (x)->y", "__init foo_ x y");
        check("Café ÅNGSTRÖM ﬁle", "cafe angstrom file");
        check("a⑴ ⒈2 ½", "a1 1.2 1\u{2044}2");
        check("日本語 \u{301} \u{202e}x", "日本語 x");
        check(&format!("{} ok", "x".repeat(65)), "ok");
    }

    #[test]
    fn stems_of_words_that_have_one() {
        let mut stems = Stems::default();
        let pairs =
            stems.inflected([" resets reset testing 4tests _tests cpus resets"].into_iter());
        let shown: Vec<String> = pairs.iter().map(|p| format!("{}>{}", p.word, p.stem)).collect();
        assert_eq!(shown.join(" "), "resets>reset testing>test");
    }

    proptest! {
        #[test]
        fn words_that_are_passed_over_have_no_other_stem(word in "[a-z_0-9'&.]{3,12}") {
            let stem = Stems::default().of(&word).unwrap_or_else(|| word.clone());
            prop_assert!(could_differ(&word) || !word.starts_with(char::is_alphabetic) || stem == word);
        }

        #[test]
        fn ascii_is_cut_like_any_other_text(text in "[a-c1-2_'&.,;+# A-]{0,40}") {
            // A letter that is not ASCII, and stands apart, leads the other way.
            let other = format!("{text} é");
            prop_assert_eq!(format!("{} e", list(&text).join(" ")).trim_start().to_owned(), list(&other).join(" "));
        }

        #[test]
        fn any_text_has_words_without_spaces(text in "\\PC{0,60}") {
            for word in list(&text) {
                prop_assert!(!word.contains(' ') && !word.is_empty());
            }
        }
    }
}

//! Names as they are compared: without case, accents, order, initials and titles. Nothing here is
//! ever shown; people's names stay as they spell them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What of a name is looked at, in characters; longer ones are not names.
const MAX_NAME: usize = 200;
/// From this likeness on (Jaro-Winkler), two names at one address are one that was mistyped.
const MISTYPED: f64 = 0.9;
/// What stands behind a name and is no part of it.
const SUFFIXES: [&str; 7] = ["jr", "sr", "ii", "iii", "iv", "phd", "dr"];

/// A name, ready to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FullName {
    /// The words, in order.
    pub(crate) words: Vec<String>,
    /// Single letters between them: `j` of `Dan J. Williams`.
    initials: Vec<String>,
    /// The same words with German umlauts written as `ae`, `oe`, `ue`, when there are any.
    spelled_out: Option<Vec<String>>,
    /// Another name, in brackets: `Barry Vogel` of `Vogel Ba Li (Barry Vogel)`.
    inner: Option<Box<FullName>>,
}

impl FullName {
    /// Reads a name; nothing for an empty one, an address, or what has no letters.
    pub(crate) fn read(spelling: &str) -> Option<Self> {
        if spelling.contains('@') || spelling.chars().count() > MAX_NAME {
            return None;
        }
        let (outer, inner) = brackets(spelling);
        let inner = Self::read_plain(&inner).filter(Self::is_full);
        match Self::read_plain(&outer) {
            Some(name) => Some(Self { inner: inner.map(Box::new), ..name }),
            None => inner,
        }
    }

    fn read_plain(text: &str) -> Option<Self> {
        let text = in_order(text.trim());
        let (words, initials) = self::words(&fold(&text, false));
        let (other, _) = self::words(&fold(&text, true));
        let spelled_out = Some(other).filter(|other| *other != words);
        (!words.is_empty()).then_some(Self { words, initials, spelled_out, inner: None })
    }

    /// Whether it has at least two words: fewer name nobody.
    pub(crate) fn is_full(&self) -> bool {
        self.words.len() >= 2
    }

    /// What equal names have in common: the words in the order of the alphabet. A name with umlauts has
    /// two, and one with another name of that family in brackets.
    pub(crate) fn keys(&self) -> Vec<String> {
        let key = |words: &Vec<String>| {
            let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
            words.sort_unstable();
            words.join(" ")
        };
        let mut keys: Vec<String> =
            std::iter::once(&self.words).chain(&self.spelled_out).map(key).collect();
        let related = |inner: &&FullName| inner.words.iter().any(|word| self.words.contains(word));
        if let Some(inner) = self.inner.as_deref().filter(related) {
            keys.push(key(&inner.words));
        }
        keys
    }

    /// Whether initials keep apart what else is equal: `Dan J.` and `Dan K.`
    pub(crate) fn other_initials(&self, other: &Self) -> bool {
        !self.initials.is_empty() && !other.initials.is_empty() && self.initials != other.initials
    }

    /// Whether one person may bear both at one address: a word in common, another script, or one
    /// is the other mistyped, cut or run together.
    pub(crate) fn may_be(&self, other: &Self) -> bool {
        let inner = |name: &Self, other: &Self| {
            name.inner.as_ref().is_some_and(|inner| inner.is_like(other))
        };
        self.is_like(other) || inner(self, other) || inner(other, self)
    }

    fn is_like(&self, other: &Self) -> bool {
        if !self.is_full() || !other.is_full() || self.is_latin() != other.is_latin() {
            return true;
        }
        let shares = |word: &String| word.chars().count() > 1 && other.words.contains(word);
        let (one, two) = (self.words.concat(), other.words.concat());
        self.words.iter().any(shares)
            || self.is_short_for(other)
            || other.is_short_for(self)
            || self.keys().iter().any(|key| other.keys().contains(key))
            || strsim::jaro_winkler(&one, &two) >= MISTYPED
    }

    /// Whether each word begins one of the other, in order: `Alex G.` of `Alexandra Gould`.
    fn is_short_for(&self, other: &Self) -> bool {
        let mut rest = other.words.iter();
        self.words.iter().all(|word| rest.any(|long| long.starts_with(word.as_str())))
    }

    fn is_latin(&self) -> bool {
        self.words.iter().all(|word| is_latin(word))
    }
}

/// Letters as they are compared: compatible forms unified, lower case, accents dropped.
pub(crate) fn fold(text: &str, spell_out: bool) -> String {
    let lower = text.nfkc().flat_map(char::to_lowercase);
    let mut folded = String::with_capacity(text.len());
    for c in lower.nfc() {
        match c {
            'ä' if spell_out => folded.push_str("ae"),
            'ö' if spell_out => folded.push_str("oe"),
            'ü' if spell_out => folded.push_str("ue"),
            'ø' if spell_out => folded.push_str("oe"),
            'å' if spell_out => folded.push_str("aa"),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ħ' => folded.push('h'),
            'ı' => folded.push('i'),
            _ => folded.extend(std::iter::once(c).nfd().filter(|c| !is_combining_mark(*c))),
        }
    }
    folded
}

/// `Vogel, Ann` as `Ann Vogel`.
fn in_order(name: &str) -> String {
    match name.split_once(',') {
        Some((last, first)) if !first.contains(',') && !is_suffix(first) => {
            format!("{first} {last}")
        }
        _ => name.replace(',', " "),
    }
}

fn is_suffix(words: &str) -> bool {
    SUFFIXES.contains(&words.trim().trim_end_matches('.').to_lowercase().as_str())
}

/// What stands outside and inside of brackets.
fn brackets(name: &str) -> (String, String) {
    let (mut outside, mut inside) = (String::new(), String::new());
    let mut depth = 0_usize;
    for c in name.chars() {
        match c {
            '(' | '[' => {
                depth += 1;
                outside.push(' ');
            }
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => outside.push(c),
            _ => inside.push(c),
        }
    }
    (outside, inside)
}

/// The words, without single letters when two words stay, and those letters.
fn words(folded: &str) -> (Vec<String>, Vec<String>) {
    let words = split(folded);
    let is_initial = |word: &String| word.chars().count() == 1 && is_latin(word);
    if words.iter().filter(|word| !is_initial(word)).count() < 2 {
        return (words, Vec::new());
    }
    let (initials, words) = words.into_iter().partition(is_initial);
    (words, initials)
}

/// The words: hyphens and apostrophes within a word join it, anything else that is no letter parts,
/// but not where there is no space at all: that is a handle. Beside two words in Latin letters,
/// those in other scripts say the same again.
fn split(folded: &str) -> Vec<String> {
    let joined: String =
        folded.chars().filter(|c| !matches!(c, '-' | '\'' | '’' | '‐' | '`')).collect();
    if !joined.trim().contains(char::is_whitespace) {
        let handle: String = joined.chars().filter(|c| c.is_alphanumeric()).collect();
        return Some(handle).filter(|handle| !handle.is_empty()).into_iter().collect();
    }
    let words = joined.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words: Vec<String> = words.map(str::to_owned).collect();
    if words.iter().filter(|word| is_latin(word)).count() >= 2 {
        words.retain(|word| is_latin(word));
    }
    if words.len() > 2 && words.last().is_some_and(|word| SUFFIXES.contains(&word.as_str())) {
        words.pop();
    }
    words
}

fn is_latin(word: &str) -> bool {
    word.chars().all(|c| c < '\u{250}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_names_have_a_key_in_common() {
        for (one, other, equal) in [
            ("Ann Vogel", "VOGEL, Ann", true),
            ("Ann Vogel", "Ann K. Vogel", true),
            ("Ann Vogel", "Ann Vogel (Example)", true),
            ("Ann Vogel", "Ann Vogel, Jr.", true),
            ("Ann Vogel III", "Ann Vogel", true),
            ("J.Ann Vogel", "J. Ann Vogel", true),
            ("\u{ff21}nn Vogel", "Ann Vogel", true),
            ("Łukasz Ødegård", "Lukasz Odegard", true),
            ("Jörg Müßig", "Joerg Muessig", true),
            ("Ann-Kai O'Vogel", "Annkai OVogel", true),
            ("安 Ann Vogel", "Ann Vogel", true),
            ("Vogel An Na (Ann Vogel)", "Ann Vogel", true),
            ("Ann Vogel", "Anna Vogel", false),
            ("Ann Vogel", "Ann Kai Vogel", false),
            ("Михаил Vogel", "Mikhail Vogel", false),
            ("ann.vogel", "Ann Vogel", false),
        ] {
            let [a, b] = [one, other].map(|name| FullName::read(name).unwrap().keys());
            assert_eq!(a.iter().any(|key| b.contains(key)), equal, "{a:?} {b:?}");
        }
    }

    #[test]
    fn what_is_no_name_is_none() {
        for text in ["", "  ", "ann@a.example", "!?", &"ab ".repeat(100)] {
            assert_eq!(FullName::read(text), None, "{text}");
        }
    }

    #[test]
    fn one_person_may_bear_names_that_are_like_each_other() {
        for (one, other, may_be) in [
            ("Ann Vogel", "Ann Quill", true),
            ("Ann Vogel", "ann", true),
            ("Alexandra Gould", "Alex G.", true),
            ("Zoltan Quill", "Zolatn Qiull", true),
            ("Ann Vogel", "安 佛", true),
            ("Ann Vogel", "Bo Quill", false),
            ("Tracking (Ann Vogel)", "Ann Vogel", true),
        ] {
            let [a, b] = [one, other].map(|name| FullName::read(name).unwrap());
            assert_eq!((a.may_be(&b), b.may_be(&a)), (may_be, may_be), "{one} {other}");
        }
    }
}

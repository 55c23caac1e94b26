//! Words that are said otherwise than the dictionary and the rules have it.

use std::collections::BTreeMap;

use crate::Result;
use crate::error::AlignError;

/// Beyond so many words an addition is an error: nobody writes them by hand.
const MOST_WORDS: usize = 20_000;
/// Ways to say one word beyond these are left out.
const MOST_WAYS: usize = 4;
/// A longer entry, in bytes, is no word.
const LONGEST: usize = 200;

/// The 39 phones of the [CMU dictionary](http://www.speech.cs.cmu.edu/cgi-bin/cmudict).
const PHONES: &[&str] = &[
    "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH",
    "IH", "IY", "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH",
    "UW", "V", "W", "Y", "Z", "ZH",
];

/// One way to say a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Way {
    /// Like these words: `siz bot`.
    Like(String),
    /// With these phones.
    Phones(Vec<&'static str>),
}

/// Additions to the dictionary, which count before it: how single words are said.
///
/// A word is said like other words (`syzbot = siz-bot`) or with phones of the CMU dictionary between
/// slashes (`syzbot = /S IH Z B AA T/`); one that stands there twice may be said both ways.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words(BTreeMap<String, Vec<Way>>);

impl Words {
    /// Reads entries between commas, semicolons or ends of lines: `syzbot = siz-bot, vma = V M A`.
    ///
    /// # Errors
    /// The first entry that says nothing, has phones that no word has, or is one too many.
    pub fn parse(text: &str) -> Result<Self> {
        let mut words = Self::default();
        let entries = text.split(['\n', ',', ';']).map(str::trim);
        for entry in entries.filter(|entry| !entry.is_empty()) {
            let (word, said) = entry
                .split_once('=')
                .ok_or_else(|| bad(entry, "write it like `syzbot = siz-bot`"))?;
            words.add(word, said)?;
        }
        Ok(words)
    }

    /// Adds one way to say `word`.
    ///
    /// # Errors
    /// As [`Words::parse`].
    pub fn add(&mut self, word: &str, said: &str) -> Result<()> {
        let (word, said) = (key(word), said.trim());
        let way = match said.strip_prefix('/').and_then(|inner| inner.strip_suffix('/')) {
            Some(inner) => Way::Phones(phones(said, inner)?),
            None if said.chars().any(char::is_alphanumeric) => Way::Like(said.to_owned()),
            None => return Err(bad(said, "it has no letters")),
        };
        if word.is_empty() || word.len() > LONGEST || said.len() > LONGEST {
            return Err(bad(&word, &format!("a word has 1 to {LONGEST} letters")));
        }
        if self.0.len() >= MOST_WORDS {
            return Err(bad(&word, &format!("there are more than {MOST_WORDS} words before it")));
        }
        let ways = self.0.entry(word).or_default();
        if ways.len() < MOST_WAYS && !ways.contains(&way) {
            ways.push(way);
        }
        Ok(())
    }

    /// The ways to say a word that were added.
    pub(crate) fn ways(&self, word: &str) -> &[Way] {
        self.0.get(&key(word)).map_or(&[], Vec::as_slice)
    }
}

/// A word without its case and the marks at its ends.
fn key(word: &str) -> String {
    word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase()
}

fn phones(entry: &str, text: &str) -> Result<Vec<&'static str>> {
    let phone = |name: &str| {
        // The digits of the dictionary say which syllable is stressed.
        let plain = name.trim_end_matches(['0', '1', '2']).to_uppercase();
        let known = PHONES.iter().copied().find(|phone| *phone == plain);
        known.ok_or_else(|| bad(entry, &format!("`{name}` is no phone of the CMU dictionary")))
    };
    let phones: Vec<_> = text.split_whitespace().map(phone).collect::<Result<_>>()?;
    if phones.is_empty() { Err(bad(entry, "it has no phones")) } else { Ok(phones) }
}

fn bad(entry: &str, reason: &str) -> AlignError {
    let entry = entry.chars().take(LONGEST).collect();
    AlignError::Words { entry, reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let said = match Words::parse(text) {
            Ok(words) => format!("{:?}", words.0),
            Err(error) => error.to_string(),
        };
        assert_eq!(said, expected);
    }

    #[test]
    fn words_are_said_like_others_or_with_phones() {
        check(
            "Syzbot: = siz-bot; syzbot = /S IH1 Z b AA2 T/",
            r#"{"syzbot": [Like("siz-bot"), Phones(["S", "IH", "Z", "B", "AA", "T"])]}"#,
        );
    }

    #[test]
    fn what_says_nothing_is_an_error() {
        check(
            "syzbot",
            "`syzbot` does not say how a word is said: write it like `syzbot = siz-bot`",
        );
        check("a = …", "`…` does not say how a word is said: it has no letters");
        check(
            "a = /Q/",
            "`/Q/` does not say how a word is said: `Q` is no phone of the CMU dictionary",
        );
        check("a = //", "`//` does not say how a word is said: it has no phones");
        check("= b", "`` does not say how a word is said: a word has 1 to 200 letters");
    }
}

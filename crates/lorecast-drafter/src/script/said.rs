//! The sentences of a script, word by word, as they are shown and as they are said.

use std::collections::BTreeMap;

use lorecast_model::{Numbers, Person, Quotes, Voice};

use super::same::same;
use super::{LONGEST_SPLIT, Run, Script, Speech, speak};
use crate::sentence::sentences;

/// A sentence of a script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaidSentence {
    /// The number of its section in [`Script::sections`].
    pub section: usize,
    /// The number of its paragraph, counted through the whole script.
    pub paragraph: usize,
    /// As it is shown: without hints, with single spaces.
    pub text: String,
    /// Its words, in order.
    pub words: Vec<SaidWord>,
    /// How many words the script has for it: what a pace is made of.
    pub count: usize,
}

/// A word of a sentence, or a few that are said as one: `128 MB`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaidWord {
    /// Where it begins in [`SaidSentence::text`], in bytes.
    pub at: usize,
    /// As it is shown, with its punctuation.
    pub shown: String,
    /// What one says: any number of words, in small letters and capitals as the script has them.
    pub said: Vec<String>,
}

/// A word with more parts is no name: nobody says that many for one.
const MOST_PARTS: usize = 6;
/// Words that are said otherwise than they are written: in small letters, each with what one says.
#[derive(Clone, Debug, Default)]
pub struct Sayings {
    known: BTreeMap<Vec<String>, Vec<String>>,
    /// Said by whoever asks: nothing stands above it.
    firm: BTreeMap<Vec<String>, Vec<String>>,
}

impl Sayings {
    /// What the show's terms and people are said like.
    pub fn new(people: &[Person], speech: Speech<'_>) -> Self {
        let mut all = Self::default();
        for (term, meaning) in &speech.glossary.0 {
            if let Some(said) = &meaning.spoken {
                all.add(term, said);
            }
        }
        for person in people {
            let own = person.own.as_ref();
            let said = own.and_then(|own| own.say.as_ref()).or(person.say.as_ref());
            let own_name = own.and_then(|own| own.name.as_ref());
            let names = std::iter::once(&person.name).chain(&person.also).chain(own_name);
            for name in names.filter(|_| said.is_some()) {
                all.add(name, said.map_or("", String::as_str));
            }
        }
        all
    }

    /// In this script `words` are said like that, whatever hints tell. What has no letters is left as it
    /// is.
    pub fn insist(&mut self, words: &str, said: &str) {
        self.firm.extend(saying(words, said));
    }

    fn add(&mut self, words: &str, said: &str) {
        self.known.extend(saying(words, said));
    }

    /// The longest that stands at the beginning of `words`: how many words it has, and what one says.
    fn of(&self, words: &[(usize, &str)]) -> Option<(usize, &[String])> {
        let most = words.len().min(MOST_PARTS);
        (1..=most).rev().find_map(|count| {
            let key: Vec<String> = words[..count].iter().map(|(_, word)| plain(word)).collect();
            let said = self.firm.get(&key).or_else(|| self.known.get(&key));
            said.map(|said| (count, said.as_slice()))
        })
    }
}

/// Words and what is said for them, when both can be spoken.
fn saying(words: &str, said: &str) -> Option<(Vec<String>, Vec<String>)> {
    let key: Vec<String> = words.split_whitespace().map(plain).collect();
    let usable = !said.starts_with('/') && said.contains(char::is_alphanumeric);
    let whole = !key.is_empty() && key.len() <= MOST_PARTS && !key.contains(&String::new());
    (usable && whole).then(|| (key, said.split_whitespace().map(str::to_owned).collect()))
}

impl Script {
    /// The sentences that are read aloud. What hints say of a word holds for it everywhere, before
    /// what `sayings` has; all else is said by the rules of [`speak`].
    pub fn said(&self, sayings: &Sayings, speech: Speech<'_>) -> Vec<SaidSentence> {
        let mut sayings = sayings.clone();
        for paragraph in self.sections.iter().flat_map(|section| &section.paragraphs) {
            learn(&paragraph.0, &mut sayings);
        }
        // Numbers are said as words, whatever the script shows.
        let voice =
            Voice { numbers: Numbers::Words, quotes: Quotes::Plain, ..speech.voice.clone() };
        let speech = Speech { voice: &voice, ..speech };
        let mut found = Vec::new();
        let mut paragraph_number = 0;
        for (section, part) in self.sections.iter().enumerate() {
            for paragraph in &part.paragraphs {
                let text = paragraph.spoken();
                let whole = text.len() > LONGEST_SPLIT;
                let all = if whole { vec![text.as_str()] } else { sentences(&text) };
                found.extend(all.into_iter().map(|text| SaidSentence {
                    section,
                    paragraph: paragraph_number,
                    text: text.to_owned(),
                    words: words(text, &sayings, speech),
                    count: placed(text).filter(|(_, w)| w.contains(char::is_alphanumeric)).count(),
                }));
                paragraph_number += 1;
            }
        }
        found
    }
}

/// Takes the hints of a paragraph: `Ann Example [AN ig-ZAM-pul]`.
fn learn(runs: &[Run], sayings: &mut Sayings) {
    let mut before = String::new();
    for run in runs {
        match run {
            Run::Words(text) | Run::Stressed(text) => before.push_str(text),
            Run::Hint(hint) => {
                let words: Vec<&str> = before.split_whitespace().collect();
                // A name has as many parts as its hint; anything else is one word.
                let parts = hint.split_whitespace().count().min(words.len());
                let name = &words[words.len() - parts..];
                let is_name = name.iter().all(|w| w.starts_with(|c: char| c.is_uppercase()));
                let name = if parts > 0 && is_name {
                    name
                } else {
                    &words[words.len().saturating_sub(1)..]
                };
                sayings.add(&name.join(" "), hint);
            }
        }
    }
}

/// The words of a sentence with what one says for each.
fn words(text: &str, sayings: &Sayings, speech: Speech<'_>) -> Vec<SaidWord> {
    let shown: Vec<(usize, &str)> = placed(text).collect();
    let mut found: Vec<SaidWord> = Vec::new();
    let mut rest = Vec::new();
    let mut at = 0;
    while at < shown.len() {
        match sayings.of(&shown[at..]) {
            Some((count, said)) => {
                by_rule(text, &std::mem::take(&mut rest), speech, &mut found);
                found.extend(one_by_one(text, &shown[at..at + count], said));
                at += count;
            }
            None => {
                rest.push(shown[at]);
                at += 1;
            }
        }
    }
    by_rule(text, &rest, speech, &mut found);
    found
}

/// What is said for some words: one for one where there are as many, else together.
fn one_by_one(text: &str, shown: &[(usize, &str)], said: &[String]) -> Vec<SaidWord> {
    if shown.len() == said.len() {
        let pairs = shown.iter().zip(said);
        return pairs.map(|(word, said)| word_of(text, &[*word], vec![said.clone()])).collect();
    }
    match shown.is_empty() {
        true => Vec::new(),
        false => vec![word_of(text, shown, said.to_vec())],
    }
}

pub(super) fn word_of(text: &str, shown: &[(usize, &str)], said: Vec<String>) -> SaidWord {
    let at = shown.first().map_or(0, |(at, _)| *at);
    let end = shown.last().map_or(at, |(at, word)| at + word.len());
    SaidWord { at, shown: text[at..end].to_owned(), said }
}

/// Says words by the rules for scripts, and tells which of them became which.
fn by_rule(text: &str, shown: &[(usize, &str)], speech: Speech<'_>, found: &mut Vec<SaidWord>) {
    let mut said = aloud(text, shown, speech);
    said.retain(|word| !plain(word).is_empty());
    let words = shown.iter().copied().filter(|(_, word)| !plain(word).is_empty());
    for (shown, said) in matched(&words.collect::<Vec<_>>(), &said) {
        found.extend(one_by_one(text, shown, said));
    }
}

/// What one says for words of a text that stand one behind the other.
pub(super) fn aloud(text: &str, shown: &[(usize, &str)], speech: Speech<'_>) -> Vec<String> {
    let (Some(first), Some(last)) = (shown.first(), shown.last()) else { return Vec::new() };
    let passage = &text[first.0..last.0 + last.1.len()];
    let said = match passage.len() > LONGEST_SPLIT {
        true => passage.to_owned(),
        false => speak(passage, speech),
    };
    said.split_whitespace().map(str::to_owned).collect()
}

/// Words as they are shown, each with its place, and as one says them.
type Match<'s, 'a> = (&'s [(usize, &'a str)], &'s [String]);

/// A word where both are the same; between those what is shown and what is said for it, either of which
/// may be nothing.
pub(super) fn matched<'s, 'a>(
    shown: &'s [(usize, &'a str)],
    said: &'s [String],
) -> Vec<Match<'s, 'a>> {
    let shown_keys: Vec<String> = shown.iter().map(|(_, word)| key(word)).collect();
    let said_keys: Vec<String> = said.iter().map(|word| key(word)).collect();
    let mut found = Vec::new();
    let (mut here, mut there) = (0, 0);
    let pairs = same(&shown_keys, &said_keys).into_iter().enumerate();
    let pairs = pairs.filter_map(|(at, other)| other.map(|other| (at, other)));
    for (at, other) in pairs.chain([(shown.len(), said.len())]) {
        if here < at || there < other {
            found.push((&shown[here..at], &said[there..other]));
        }
        if at < shown.len() {
            found.push((&shown[at..=at], &said[other..=other]));
        }
        (here, there) = (at + 1, other + 1);
    }
    found
}

/// What two words have in common that are the same: a mark by itself is one as well.
fn key(word: &str) -> String {
    let plain = plain(word);
    if plain.is_empty() { word.to_owned() } else { plain }
}

/// The words of a text and where they begin.
pub(super) fn placed(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let start = text.as_ptr() as usize;
    text.split_whitespace().map(move |word| (word.as_ptr() as usize - start, word))
}

/// A word in small letters, without what stands around it.
pub(super) fn plain(word: &str) -> String {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let word = word.strip_suffix("’s").or_else(|| word.strip_suffix("'s")).unwrap_or(&word);
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use lorecast_model::{Glossary, Term};

    use super::*;

    /// Each sentence as `shown=said`, what is said as it is written left out.
    #[track_caller]
    fn check(script: &str, expected: &str) {
        let mut glossary = Glossary::default();
        let term = Term { spoken: Some("K malloc".into()), ..Term::default() };
        glossary.0.insert("kmalloc".into(), term);
        let voice = Voice { quotes: Quotes::Spoken, ..Voice::default() };
        let speech = Speech { voice: &voice, glossary: &glossary };
        let people =
            [Person { name: "Bo Li".into(), say: Some("bow lee".into()), ..Person::default() }];
        let said = Script::read(script).said(&Sayings::new(&people, speech), speech);
        let lines: Vec<String> = said
            .iter()
            .map(|sentence| {
                let words = sentence.words.iter().map(|word| {
                    assert!(sentence.text[word.at..].starts_with(&word.shown));
                    match word.said.join(" ") {
                        said if said == word.shown => said,
                        said => format!("{}={said}", word.shown.replace(' ', "_")),
                    }
                });
                words.collect::<Vec<_>>().join(" ")
            })
            .collect();
        assert_eq!(lines.join(" / "), expected, "{said:#?}");
    }

    #[test]
    fn a_script_is_said_as_it_stands() {
        check("# Title\nOne, two.\nThree!\n\n## Next\n\nFour.\n", "One, two. / Three! / Four.");
    }

    #[test]
    fn what_people_wrote_with_digits_is_said_in_words() {
        check(
            "About 128 MB, in 4.4.64.\n",
            "About 128_MB,=one hundred twenty-eight megabytes, in 4.4.64.=four point four point sixty-four.",
        );
    }

    #[test]
    fn names_and_terms_are_said_as_the_show_says() {
        check("Bo Li’s kmalloc() sleeps.\n", "Bo=bow Li’s=lee kmalloc()=K malloc sleeps.");
    }

    #[test]
    fn a_hint_holds_for_every_mention() {
        check(
            "Ann Example [AN ig-ZAM-pul] wrote fsck [ef es check].\n\nAnn Example’s fsck, though.\n",
            "Ann=AN Example=ig-ZAM-pul wrote fsck.=ef es check / Ann=AN Example’s=ig-ZAM-pul fsck,=ef es check though.",
        );
    }

    #[test]
    fn a_hint_in_phonetic_letters_is_not_said() {
        check("Ann Example [/æn/] wrote.\n", "Ann Example wrote.");
    }

    proptest::proptest! {
        #[test]
        fn words_keep_their_order_and_place(text in "[a-zA-Z0-9 .,()\\[\\]*#_é’-]{0,120}") {
            let glossary = Glossary::default();
            let voice = Voice::default();
            let speech = Speech { voice: &voice, glossary: &glossary };
            for sentence in Script::read(&text).said(&Sayings::default(), speech) {
                let mut end = 0;
                for word in &sentence.words {
                    proptest::prop_assert!(word.at >= end && sentence.text[word.at..].starts_with(&word.shown));
                    end = word.at + word.shown.len();
                }
            }
        }
    }
}

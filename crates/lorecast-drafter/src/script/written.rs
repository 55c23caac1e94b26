//! A script in the spelling of the notes that it was made of.

use std::ops::Range;

use super::blocks::{Block, blocks};
use super::said::{SaidSentence, SaidWord, aloud, matched, placed, plain, word_of};
use super::same::same;
use super::speak::Speech;

/// A longer word, in bytes, is no help to a reader: of a hash only the first signs are said.
const LONGEST: usize = 40;

/// Puts back what the notes write where the script has exactly what [`super::script`] made of it:
/// `4.11-rc8` for "four point eleven R C eight". What people changed stays as they wrote it, and so
/// does what stands for an address. What is said, and how many words that is, does not change.
pub fn written(said: &[SaidSentence], notes: &str, speech: Speech<'_>) -> Vec<SaidSentence> {
    let tokens = tokens(notes, speech);
    let script: Vec<Place<'_>> = said.iter().enumerate().flat_map(places).collect();
    let spoken: Vec<&str> =
        tokens.iter().flat_map(|token| &token.said).map(String::as_str).collect();
    let found = same(&spoken, &script.iter().map(|place| place.word).collect::<Vec<_>>());
    let mut changes: Vec<Vec<Change<'_>>> = said.iter().map(|_| Vec::new()).collect();
    let mut first = 0;
    for token in &tokens {
        let there = &found[first..first + token.said.len()];
        first += token.said.len();
        if let Some((sentence, range)) = whole(there, &script)
            && is_written_otherwise(token)
            && said[sentence].text[range.clone()] == token.said.join(" ")
        {
            changes[sentence].push(Change { range, written: &token.shown });
        }
    }
    said.iter().zip(&changes).map(|(said, changes)| with(said, changes)).collect()
}

/// A word of the script, and where it stands.
struct Place<'a> {
    sentence: usize,
    range: Range<usize>,
    word: &'a str,
}

/// What to put in the place of a part of a sentence.
struct Change<'a> {
    range: Range<usize>,
    written: &'a str,
}

/// The words of the notes with what the script made of each.
fn tokens(notes: &str, speech: Speech<'_>) -> Vec<SaidWord> {
    let mut found = Vec::new();
    for block in blocks(notes) {
        if let Block::Paragraph(text) = block {
            let text = super::plain(&text);
            let words: Vec<(usize, &str)> = placed(&text).collect();
            let said = aloud(&text, &words, speech);
            let matches = matched(&words, &said).into_iter();
            found.extend(matches.map(|(shown, said)| word_of(&text, shown, said.to_vec())));
        }
    }
    found
}

fn places((sentence, said): (usize, &SaidSentence)) -> impl Iterator<Item = Place<'_>> {
    placed(&said.text).map(move |(at, word)| Place { sentence, range: at..at + word.len(), word })
}

/// The sentence and the place in it, when all the words stand there one behind the other.
fn whole(there: &[Option<usize>], script: &[Place<'_>]) -> Option<(usize, Range<usize>)> {
    let first = (*there.first()?)?;
    let follows = there.iter().enumerate().all(|(nth, at)| *at == Some(first + nth));
    let (first, last) = (script.get(first)?, script.get(first + there.len() - 1)?);
    let one = follows && first.sentence == last.sentence;
    one.then_some((first.sentence, first.range.start..last.range.end))
}

/// Whether there is something to put back, and anybody can read it.
fn is_written_otherwise(token: &SaidWord) -> bool {
    let shown = &token.shown;
    let readable =
        |word: &str| word.len() <= LONGEST && !word.contains("://") && !word.contains('@');
    let same = plain(shown) == plain(&token.said.join(" "));
    !same && !shown.is_empty() && shown.split_whitespace().all(readable)
}

/// A sentence with changes, which are in its order.
fn with(said: &SaidSentence, changes: &[Change<'_>]) -> SaidSentence {
    let mut out = SaidSentence { text: String::new(), words: Vec::new(), ..said.clone() };
    let mut words = said.words.iter().peekable();
    let mut done = 0;
    for Change { range, written } in changes {
        let cuts = said.words.iter().any(|word| {
            let end = word.at + word.shown.len();
            word.at < range.end && end > range.start && (word.at < range.start || end > range.end)
        });
        if cuts {
            continue;
        }
        while let Some(word) = words.next_if(|word| word.at < range.start) {
            let at = word.at - done + out.text.len();
            out.words.push(SaidWord { at, ..word.clone() });
        }
        out.text.push_str(&said.text[done..range.start]);
        let mut whole =
            SaidWord { at: out.text.len(), shown: (*written).to_owned(), said: Vec::new() };
        while let Some(word) = words.next_if(|word| word.at < range.end) {
            whole.said.extend(word.said.iter().cloned());
        }
        out.words.push(whole);
        out.text.push_str(written);
        done = range.end;
    }
    for word in words {
        let at = word.at - done + out.text.len();
        out.words.push(SaidWord { at, ..word.clone() });
    }
    out.text.push_str(&said.text[done..]);
    out
}

#[cfg(test)]
mod tests {
    use lorecast_model::{Glossary, Voice};

    use super::super::{Sayings, Script, script};
    use super::*;

    /// The sentences of a script of `notes`, after `edit`, as they are written.
    #[track_caller]
    fn check(notes: &str, edit: &dyn Fn(String) -> String, expected: &str) {
        let (voice, glossary) = (Voice::default(), Glossary::default());
        let speech = Speech { voice: &voice, glossary: &glossary };
        let text = edit(script(notes, &[], speech));
        let said = Script::read(&text).said(&Sayings::default(), speech);
        let aloud = |all: &[SaidSentence]| -> Vec<Vec<String>> {
            all.iter().map(|s| s.words.iter().flat_map(|w| w.said.clone()).collect()).collect()
        };
        let before = aloud(&said);
        let written = written(&said, notes, speech);
        assert_eq!(aloud(&written), before, "what is said stays");
        for sentence in &written {
            for word in &sentence.words {
                assert!(sentence.text[word.at..].starts_with(&word.shown), "{sentence:?}");
            }
        }
        let lines: Vec<&str> = written.iter().map(|sentence| sentence.text.as_str()).collect();
        assert_eq!(lines.join(" / "), expected, "script: {text}");
    }

    fn as_it_is(script: String) -> String {
        script
    }

    #[test]
    fn what_the_notes_write_is_put_back() {
        check(
            "Linux 4.11-rc8 is out. It has 128 MB of `uid_t`, e.g. in `dma_alloc_coherent()`.\n",
            &as_it_is,
            "Linux 4.11-rc8 is out. / It has 128 MB of uid_t, e.g. in dma_alloc_coherent().",
        );
        check(
            "4.4.64 came on 2017-04-27, with v3 (of 12).\n",
            &as_it_is,
            "4.4.64 came on 2017-04-27, with v3 (of 12).",
        );
    }

    #[test]
    fn what_people_edited_stays_as_said() {
        let edit = |script: String| script.replace("R C eight", "release candidate eight");
        check(
            "Linux 4.11-rc8 follows 4.11-rc7.\n",
            &edit,
            "Linux four point eleven release candidate eight follows 4.11-rc7.",
        );
    }

    #[test]
    fn the_same_words_elsewhere_are_left_alone() {
        let edit = |script: String| format!("Four point eleven, I say.\n\n{script}");
        check("It is 4.11.\n", &edit, "Four point eleven, I say. / It is 4.11.");
    }

    #[test]
    fn addresses_and_long_hashes_stay_as_said() {
        check(
            "See https://example.org/x by ann@example.org, in 1234567890abcdef1234567890abcdef1234567890 here.\n",
            &as_it_is,
            "See the link in the show notes by ann at example dot org, in one two three four five six seven here.",
        );
    }

    /// A word that is not said, beside one that is said as two: neither is taken for half of the other.
    #[test]
    fn a_word_is_never_put_back_for_half_of_what_is_said() {
        check(
            "In <https://example.org/x> v3 it works.\n",
            &as_it_is,
            "In the link in the show notes version three it works.",
        );
    }

    #[test]
    fn what_stands_between_words_is_not_lost() {
        check(
            "It holds for > 4K PAGE_SIZE systems, in v3 – v4.\n",
            &as_it_is,
            "It holds for > 4K PAGE_SIZE systems, in v3 – v4.",
        );
        check(
            "A LOOKUP_MOUNTPOINT lookup, enabled / disabled.\n",
            &as_it_is,
            "A lookup mountpoint lookup, enabled / disabled.",
        );
    }

    #[test]
    fn notes_of_another_episode_do_no_harm() {
        let other = |_: String| "Nothing of that, in v3.\n".to_owned();
        check("Linux 4.11-rc8 is out.\n", &other, "Nothing of that, in v3.");
    }

    proptest::proptest! {
        #[test]
        fn whatever_stands_there_words_keep_their_place(
            notes in "([a-z]{1,3}|v[0-9]|[0-9]{1,2}|128 MB|a_b\\(\\)|“x”|–|,){0,20}( |\\. )",
            script in "([a-z]{1,3}|version|one|two|three|A|B|\\.|,| ){0,40}",
        ) {
            let (voice, glossary) = (Voice::default(), Glossary::default());
            let speech = Speech { voice: &voice, glossary: &glossary };
            let said = Script::read(&script).said(&Sayings::default(), speech);
            for sentence in written(&said, &notes, speech) {
                let mut end = 0;
                for word in &sentence.words {
                    proptest::prop_assert!(word.at >= end && sentence.text[word.at..].starts_with(&word.shown));
                    end = word.at + word.shown.len();
                }
            }
        }
    }
}

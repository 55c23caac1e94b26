//! A sentence as a program is to read it.

use lorecast_drafter::{SaidSentence, SaidWord};

/// The words as one says them, with the marks that a voice breathes at.
pub(super) fn aloud(sentence: &SaidSentence) -> String {
    sentence.words.iter().map(word).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn word(word: &SaidWord) -> String {
    let as_shown = word.said.len() == 1 && word.said[0] == word.shown;
    if as_shown {
        return word.shown.clone();
    }
    let mut said = word.said.iter().map(|said| respelt(said)).collect::<Vec<_>>().join(" ");
    let marks: String = word.shown.chars().rev().take_while(|c| ",.;:!?…".contains(*c)).collect();
    if !said.ends_with([',', '.', ';', ':', '!', '?', '…']) {
        said.extend(marks.chars().rev());
    }
    said
}

/// `ig-ZAM-pul` without stress and hyphens: a program would read capitals as letters.
fn respelt(said: &str) -> String {
    let capitals = said.chars().filter(|c| c.is_uppercase()).count();
    let letters = said.chars().filter(|c| c.is_alphabetic()).count();
    match (said.contains('-'), capitals) {
        // "twenty-eight" is no respelling.
        (true, 1..) => said.replace('-', "").to_lowercase(),
        // "AN" is, "R" and "C" are letters.
        (false, 2..) if capitals == letters => said.to_lowercase(),
        _ => said.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(words: &[(&str, &str)], expected: &str) {
        let word = |(shown, said): &(&str, &str)| SaidWord {
            shown: (*shown).into(),
            said: said.split(' ').map(str::to_owned).collect(),
            ..SaidWord::default()
        };
        let words = words.iter().map(word).collect();
        assert_eq!(aloud(&SaidSentence { words, ..SaidSentence::default() }), expected);
    }

    #[test]
    fn names_are_respelt_and_marks_stay() {
        check(
            &[("Ann", "AN"), ("Example,", "ig-ZAM-pul"), ("wrote.", "wrote.")],
            "an igzampul, wrote.",
        );
        check(&[("4.11-rc8.", "four point eleven R C eight.")], "four point eleven R C eight.");
        check(&[("128", "one hundred twenty-eight")], "one hundred twenty-eight");
        check(&[("DMA", "DMA"), ("fsck?", "ef es check")], "DMA ef es check?");
        check(&[], "");
    }
}

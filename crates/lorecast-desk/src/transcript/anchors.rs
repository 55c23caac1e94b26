//! Sentences whose times a person set.

use lorecast_drafter::SaidSentence;
use lorecast_model::{Anchor, Seconds};

/// The number of a sentence in the script, and when it begins.
pub(super) type Fixed = (usize, Seconds);

/// Finds the sentences that anchors name, in their order, by how the script has them or how the
/// transcript writes them; what fits none, or contradicts an earlier one, is told in words.
pub(super) fn fixed(
    anchors: &[Anchor],
    said: &[SaidSentence],
    written: &[SaidSentence],
) -> (Vec<Fixed>, Vec<String>) {
    let both = said.iter().zip(written);
    let texts: Vec<[String; 2]> =
        both.map(|(said, written)| [plain(&said.text), plain(&written.text)]).collect();
    let (mut found, mut notices): (Vec<Fixed>, Vec<String>) = (Vec::new(), Vec::new());
    for anchor in anchors {
        let wanted = plain(&anchor.sentence);
        let begins = |text: &String| {
            text.strip_prefix(&wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        let mut fitting = (0..texts.len()).filter(|at| texts[*at].iter().any(begins));
        let name = &anchor.sentence;
        match (wanted.is_empty(), fitting.next(), fitting.next()) {
            (true, ..) | (_, None, _) => notices.push(format!(
                "no sentence of `script.md` begins with the anchor `{name}`: correct it in `episode.yaml`"
            )),
            (_, Some(_), Some(_)) => notices.push(format!(
                "several sentences begin with the anchor `{name}`: write more of it in `episode.yaml`"
            )),
            (_, Some(at), None) => found.push((at, anchor.at)),
        }
    }
    found.sort_by_key(|(sentence, _)| *sentence);
    let mut kept: Vec<Fixed> = Vec::new();
    for (sentence, at) in found {
        match kept.last() {
            Some((before, then)) if *before == sentence || then.0 >= at.0 => {
                notices.push(format!(
                    "the anchor for `{}` is not later than the one before it, and was left out: correct it in `episode.yaml`",
                    said[sentence].text
                ));
            }
            _ => kept.push((sentence, at)),
        }
    }
    (kept, notices)
}

/// Words in small letters, without what stands around them.
fn plain(text: &str) -> String {
    let words = text
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(anchors: &[(&str, f64)]) -> (Vec<(usize, f64)>, usize) {
        let said = ["One, two three.", "Two begins.", "Two begins so.", "“Four” is short."];
        let said: Vec<SaidSentence> =
            said.map(|text| SaidSentence { text: text.into(), ..SaidSentence::default() }).into();
        let mut written = said.clone();
        written[2].text = "2 begins so.".into();
        let anchors: Vec<Anchor> = anchors
            .iter()
            .map(|(sentence, at)| Anchor { sentence: (*sentence).into(), at: Seconds(*at) })
            .collect();
        let (found, notices) = fixed(&anchors, &said, &written);
        (found.into_iter().map(|(sentence, at)| (sentence, at.0)).collect(), notices.len())
    }

    #[test]
    fn anchors_find_their_sentences() {
        assert_eq!(check(&[("four is", 9.0), ("one two", 1.0)]), (vec![(0, 1.0), (3, 9.0)], 0));
        assert_eq!(check(&[("Two begins so", 3.0)]), (vec![(2, 3.0)], 0));
        assert_eq!(check(&[("2 begins", 3.0)]), (vec![(2, 3.0)], 0));
    }

    #[test]
    fn anchors_that_fit_nowhere_or_twice_are_told() {
        assert_eq!(check(&[("Two begins", 3.0), ("Fou", 1.0), ("…", 1.0)]), (vec![], 3));
    }

    #[test]
    fn anchors_that_contradict_each_other_are_told() {
        assert_eq!(check(&[("one", 5.0), ("four", 5.0)]), (vec![(0, 5.0)], 1));
    }
}

//! A quotation that leaves out the word that turns it round.

use std::sync::LazyLock;

use regex::Regex;

use super::pieces::{Gap, pieces};
use crate::pattern::constant;

static NEGATION: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"(?i)\b(?:not|never|no|nobody|nothing|hardly|cannot|without)\b|n['’]t\b")
});

/// Whether words hold one that turns a sentence round.
pub(crate) fn negates(words: &str) -> bool {
    NEGATION.is_match(words)
}

/// What is left out at such length is more than the turn of a sentence.
const MOST_LEFT_OUT: usize = 4;

/// The few words that a cut leaves out of `own` when they hold a negation: "I […] think so".
pub(super) fn left_out(own: &str, quotation: &str) -> Option<String> {
    let spaced = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (own, mut end) = (spaced(own).to_lowercase(), None);
    for piece in pieces(quotation) {
        let words = spaced(&quotation[piece.span.clone()]).to_lowercase();
        let from = end.unwrap_or(0);
        let at = from + own.get(from..)?.find(words.trim_end_matches(['.', ',']))?;
        let between = own.get(from..at)?;
        let few = between.split_whitespace().count() <= MOST_LEFT_OUT;
        if piece.gap == Gap::Cut && few && negates(between) {
            return Some(between.trim().to_owned());
        }
        end = Some(at + words.trim_end_matches(['.', ',']).len());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_cut_that_turns_a_sentence_round_is_seen() {
        let own = "I don't think these pumps\nhave any place in the house, and they are not going to get one.";
        let check = |quotation: &str| left_out(own, quotation);
        assert_eq!(check("I […] think these pumps have any place").as_deref(), Some("don't"));
        assert_eq!(check("they are … going to get one").as_deref(), Some("not"));
        assert_eq!(check("I don't think these pumps […] are not going to get one"), None);
        assert_eq!(check("something else […] entirely"), None);
    }
}

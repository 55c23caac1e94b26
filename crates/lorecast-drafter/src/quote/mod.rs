//! Finds the sentence of a mail that says what it is about.
//!
//! Whatever is found stands verbatim in the mail, its line wrapping undone. No sentence is better
//! than one that says nothing: every search may come back empty.

mod announce;
mod answer;
mod hand_over;
mod language;
mod lean;
mod nested;
mod plain;
mod pull;
mod purpose;
mod raised;
mod report;
mod several;
mod shape;
mod source;
mod stance;

use serde::Serialize;

pub(crate) use announce::{announced, called, released};
pub(crate) use answer::answer;
pub(crate) use hand_over::handed_over;
pub(crate) use plain::shared_words;
pub(crate) use pull::pulled;
#[cfg(test)]
use purpose::purpose;
pub(crate) use purpose::{purpose_of_patch, purposes};
pub(crate) use raised::raised;
pub(crate) use report::{blamed, symptoms};
pub(crate) use several::said;
pub(crate) use shape::ITEM;
pub(crate) use source::own_words;
pub use stance::Stance;

/// Words of a mail, and how a sentence leads into them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quotation {
    /// Verbatim, the line wrapping undone, without the full stop at its end.
    pub text: String,
    /// `which`: it begins with a verb, "adds …". `does`: a command, "Add …". `item`: an entry of a list,
    /// which need be no sentence. `saying`: a sentence of its own.
    pub lead: &'static str,
    /// It was cut at a comma: `…` follows.
    pub cut: bool,
    /// It ends with its own question or exclamation mark.
    pub marked: bool,
}

#[cfg(test)]
mod tests {
    use lorecast_model::Kind;
    use proptest::prelude::*;

    use super::*;

    const KINDS: [Kind; 9] = [
        Kind::Mainline,
        Kind::Release,
        Kind::Pull,
        Kind::Bug,
        Kind::Call,
        Kind::Maintainers,
        Kind::Discussion,
        Kind::Series,
        Kind::Build,
    ];

    const TITLE: &str = "tide: bound the queue of each pump";

    /// The purpose of a cover letter in this mail, as the notes would lead into it.
    fn check(body: &str) -> String {
        let found = purpose(body, TITLE);
        found.map_or_else(|| "-".to_owned(), |q| format!("{} “{}”", q.lead, q.text))
    }

    #[test]
    fn what_a_posting_does_is_found_among_what_else_it_says() {
        for (body, told) in [
            (
                "Hi all,\n\nThis series bounds the queue of each pump, so that one\npump cannot starve the others.\n\nThanks,\nAda\n",
                "which “bounds the queue of each pump, so that one pump cannot starve the others”",
            ),
            (
                "Pumps share one queue today.  I don't expect surprises with the\ntide tree.\n\nBound the queue of each pump by its own budget.\n",
                "does “Bound the queue of each pump by its own budget”",
            ),
            (
                "Note that this breaks the ABI of the pump queue.\n\nThe goal of this series is to give each pump a queue with a bound.\n",
                "saying “The goal of this series is to give each pump a queue with a bound”",
            ),
            ("The series is split in two, with reviewed patches first.\n", "-"),
            ("Could we please bound the queue of the pump as well?\n", "-"),
            (
                "This adds a bound to the queue of each pump of the house.\n\nChanges since v1:\n - this series adds the bound to all of the pumps\n",
                "saying “This adds a bound to the queue of each pump of the house”",
            ),
            (
                "The queue of a pump is without bound, and a busy pump fills memory\nwith drops.\n",
                "saying “The queue of a pump is without bound, and a busy pump fills memory with drops”",
            ),
            ("Diese Serie begrenzt die Schlange jeder Pumpe im ganzen Haus.\n", "-"),
            ("This patch serises are based on the pump tree of the house.\n", "-"),
            ("", "-"),
        ] {
            assert_eq!(check(body), told, "{body}");
        }
    }

    /// The answer to it, with its stance.
    fn answered(body: &str) -> String {
        let found = answer(body, TITLE);
        found.map_or_else(
            || "-".to_owned(),
            |(_, q)| format!("{:?} “{}”", Stance::of(&q.text), q.text),
        )
    }

    #[test]
    fn an_answer_that_takes_a_stand_goes_before_nits() {
        for (body, told) in [
            (
                "> a bound\n\nThis variable should be renamed to pump_bound in the header.\n\nI don't think we want a bound that user space cannot change at all.\n",
                "Objects “I don't think we want a bound that user space cannot change at all”",
            ),
            ("I think it should just be \"tide/pump:\"\n", "-"),
            (
                "> a bound\n\nYeah, I agree that we should not bound a pump that runs alone.\n",
                "Agrees “I agree that we should not bound a pump that runs alone”",
            ),
            ("Looks good, thanks!\n", "-"),
            (
                "Why would a pump without a queue need a bound in the first place?\n",
                "Asks “Why would a pump without a queue need a bound in the first place?”",
            ),
        ] {
            assert_eq!(answered(body), told, "{body}");
        }
    }

    proptest! {
        /// Whatever the mail: each quotation stands in it, and nothing panics.
        #[test]
        fn quotations_are_verbatim(text in "([A-Za-z ,.?!\"()>\\[\\]\n-]|This series adds|\\. |\n\n|é|“){0,300}") {
            let spaced = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let whole = spaced(&lorecast_mail::prose::unwrapped(&text));
            let found = KINDS.iter().flat_map(|kind| said(&text, TITLE, *kind, false, 4));
            let answer = answer(&text, TITLE).map(|(_, words)| words);
            for words in found.chain(answer) {
                prop_assert!(whole.contains(&words.text) || spaced(&text).contains(&words.text), "{}", words.text);
            }
        }
    }
}

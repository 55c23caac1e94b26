//! The span of a message that an annotation speaks of.
//!
//! Its JSON is a list of two selectors of the W3C Web Annotation Data Model, which goes below
//! `target.selector` of an annotation as it stands:
//!
//! ```
//! # use lorecast_model::Mark;
//! let mark = Mark::of("Fold the batch, as it is never full.", 5..14).expect("is within the text");
//! assert_eq!(serde_json::to_value(&mark).expect("is JSON"), serde_json::json!([
//!     {
//!         "type": "TextQuoteSelector", "exact": "the batch", "prefix": "Fold ",
//!         "suffix": ", as it is never full.",
//!     },
//!     { "type": "TextPositionSelector", "start": 5, "end": 14 },
//! ]));
//! ```

use std::ops::Range;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::MessageId;

/// A span of a text: its words, what stands around them, and its place. It can be found again when the
/// text was decoded in another way, and in the next revision of a series.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<Selector>", into = "Vec<Selector>")]
pub struct Mark {
    quote: Quote,
    position: Position,
}

/// The words (Web Annotation Data Model, section 4.2.4, "Text Quote Selector").
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Quote {
    /// The text that is marked, with its line ends.
    pub exact: String,
    /// What stands right before it; empty at the start of the text.
    pub prefix: String,
    /// What stands right behind it; empty at the end of the text.
    pub suffix: String,
}

/// The place (Web Annotation Data Model, section 4.2.5, "Text Position Selector"), in Unicode scalar
/// values from the start of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// The first that is marked.
    pub start: usize,
    /// The first behind the mark.
    pub end: usize,
}

impl Mark {
    /// The longest text that can be marked, in Unicode scalar values.
    pub const LONGEST: usize = 8192;
    /// How much is kept of what stands before and behind, in Unicode scalar values.
    pub const CONTEXT: usize = 64;
    /// The most that another program may give before and behind.
    pub const LONGEST_CONTEXT: usize = 1024;

    /// Marks a span of a text, given in Unicode scalar values.
    ///
    /// # Errors
    /// When the span is empty, too long, or reaches beyond the text.
    pub fn of(text: &str, span: Range<usize>) -> Result<Self, InvalidMark> {
        let position = Position { start: span.start, end: span.end };
        position.check()?;
        // Where each of these begins, in bytes.
        let before = span.start.saturating_sub(Self::CONTEXT);
        let behind = span.end.saturating_add(Self::CONTEXT);
        let (mut places, mut length) = ([None; 4], 0);
        for (at, (byte, _)) in text.char_indices().enumerate() {
            for (place, wanted) in places.iter_mut().zip([before, span.start, span.end, behind]) {
                if at == wanted {
                    *place = Some(byte);
                }
            }
            length = at + 1;
            if at == behind {
                break;
            }
        }
        if span.end > length {
            return Err(InvalidMark::Beyond { end: span.end, length });
        }
        let [before, start, end, behind] = places.map(|place| place.unwrap_or(text.len()));
        let quote = Quote {
            exact: text[start..end].to_owned(),
            prefix: text[before..start].to_owned(),
            suffix: text[end..behind].to_owned(),
        };
        Ok(Self { quote, position })
    }

    /// A mark from what another program says of it.
    ///
    /// # Errors
    /// When one part is empty or too long. Whether it fits a text shows when it is looked for there.
    pub fn new(quote: Quote, position: Position) -> Result<Self, InvalidMark> {
        position.check()?;
        let length = |text: &str| text.chars().count();
        if quote.exact.is_empty() {
            return Err(InvalidMark::Empty);
        }
        if length(&quote.exact) > Self::LONGEST {
            return Err(InvalidMark::TooLong);
        }
        if [&quote.prefix, &quote.suffix].iter().any(|text| length(text) > Self::LONGEST_CONTEXT) {
            return Err(InvalidMark::TooMuchAround);
        }
        Ok(Self { quote, position })
    }

    /// Its words.
    pub fn quote(&self) -> &Quote {
        &self.quote
    }

    /// Its place.
    pub fn position(&self) -> Position {
        self.position
    }
}

impl Position {
    fn check(self) -> Result<(), InvalidMark> {
        match self.end.checked_sub(self.start) {
            None | Some(0) => Err(InvalidMark::Empty),
            Some(length) if length > Mark::LONGEST => Err(InvalidMark::TooLong),
            Some(_) => Ok(()),
        }
    }
}

/// A mark in the next revision of its series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// The message that holds it now.
    pub message: MessageId,
    /// The mark in that message.
    pub mark: Mark,
    /// How it came there.
    pub how: Carriage,
}

/// How a mark came into the next revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Carriage {
    /// The same words, in the patch or cover letter that continues the one marked. Lines may break
    /// elsewhere.
    Kept,
    /// Some of the words are others now.
    Edited,
    /// The same words, at another place: in another patch of the series, or in another order.
    Moved,
}

/// Why something is no mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidMark {
    /// Nothing is marked.
    #[error("no text is marked; give a `start` and an `end` behind it, and the `exact` text")]
    Empty,
    /// The text is too long.
    #[error("more than {} characters are marked; mark less", Mark::LONGEST)]
    TooLong,
    /// The context is too long.
    #[error("`prefix` or `suffix` has more than {} characters; give less", Mark::LONGEST_CONTEXT)]
    TooMuchAround,
    /// The span ends behind the text.
    #[error("the mark ends at `{end}`, but the text has `{length}` characters; mark within it")]
    Beyond {
        /// Where it ends.
        end: usize,
        /// How long the text is.
        length: usize,
    },
    /// A selector is missing.
    #[error("a mark needs a `TextQuoteSelector` and a `TextPositionSelector`; give both")]
    Incomplete,
}

/// A selector as the Web Annotation vocabulary names it.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type")]
#[expect(clippy::enum_variant_names, reason = "the names of the Web Annotation vocabulary")]
enum Selector {
    TextQuoteSelector {
        exact: String,
        #[serde(default)]
        prefix: String,
        #[serde(default)]
        suffix: String,
    },
    TextPositionSelector {
        start: usize,
        end: usize,
    },
    /// One that says the same in another way: annotations may give as many as they like.
    #[serde(other, skip_serializing)]
    OtherSelector,
}

impl From<Mark> for Vec<Selector> {
    fn from(mark: Mark) -> Self {
        let Quote { exact, prefix, suffix } = mark.quote;
        let Position { start, end } = mark.position;
        vec![
            Selector::TextQuoteSelector { exact, prefix, suffix },
            Selector::TextPositionSelector { start, end },
        ]
    }
}

impl TryFrom<Vec<Selector>> for Mark {
    type Error = InvalidMark;

    fn try_from(selectors: Vec<Selector>) -> Result<Self, InvalidMark> {
        let (mut quote, mut position) = (None, None);
        for selector in selectors {
            match selector {
                Selector::TextQuoteSelector { exact, prefix, suffix } => {
                    quote.get_or_insert(Quote { exact, prefix, suffix });
                }
                Selector::TextPositionSelector { start, end } => {
                    position.get_or_insert(Position { start, end });
                }
                Selector::OtherSelector => {}
            }
        }
        match (quote, position) {
            (Some(quote), Some(position)) => Self::new(quote, position),
            _ => Err(InvalidMark::Incomplete),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `prefix|exact|suffix` of a span.
    fn check(text: &str, span: Range<usize>, expected: &str) {
        let said = match Mark::of(text, span) {
            Ok(Mark { quote, .. }) => [quote.prefix, quote.exact, quote.suffix].join("|"),
            Err(error) => error.to_string(),
        };
        assert_eq!(said, expected);
    }

    #[test]
    fn a_position_counts_scalar_values() {
        check("größer ✓ x", 0..6, "|größer| ✓ x");
        check("größer ✓ x", 7..8, "größer |✓| x");
        check("größer ✓ x", 9..10, "größer ✓ |x|");
    }

    #[test]
    fn what_is_no_span_is_said() {
        let nothing =
            "no text is marked; give a `start` and an `end` behind it, and the `exact` text";
        check("abc", 1..1, nothing);
        #[expect(clippy::reversed_empty_ranges, reason = "a client may send it")]
        check("abc", 2..1, nothing);
        let beyond = "the mark ends at `4`, but the text has `3` characters; mark within it";
        check("abc", 1..4, beyond);
        check("abc", 0..usize::MAX, "more than 8192 characters are marked; mark less");
    }

    #[test]
    fn selectors_come_in_any_order_with_others_between_them() {
        let json = r#"[{"type":"TextPositionSelector","start":3,"end":4},{"type":"CssSelector","value":"p"},
            {"type":"TextQuoteSelector","exact":"x"}]"#;
        let mark: Mark = serde_json::from_str(json).unwrap();
        assert_eq!((mark.quote.exact.as_str(), mark.position.start), ("x", 3));
        let alone = r#"[{"type":"TextQuoteSelector","exact":"x"}]"#;
        let error = serde_json::from_str::<Mark>(alone).unwrap_err().to_string();
        assert!(error.starts_with("a mark needs"), "{error}");
        let long = format!(
            r#"[{{"type":"TextPositionSelector","start":3,"end":4}},{{"type":"TextQuoteSelector","exact":"{}"}}]"#,
            "x".repeat(Mark::LONGEST + 1)
        );
        let error = serde_json::from_str::<Mark>(&long).unwrap_err().to_string();
        assert!(error.starts_with("more than 8192"), "{error}");
    }

    proptest! {
        #[test]
        fn a_mark_comes_back_from_json(text in "\\PC{1,200}", start in 0..200_usize, length in 1..200_usize) {
            if let Ok(mark) = Mark::of(&text, start..start + length) {
                let json = serde_json::to_string(&mark).unwrap();
                prop_assert_eq!(serde_json::from_str::<Mark>(&json).unwrap(), mark.clone());
                let quote = mark.quote();
                let around = [&*quote.prefix, &*quote.exact, &*quote.suffix].concat();
                prop_assert!(text.contains(&around));
            }
        }
    }
}

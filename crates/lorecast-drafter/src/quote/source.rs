//! What of a mail is searched for words to quote.

use std::ops::Range;

use super::nested::without_others;
use crate::sentence::{Paragraph, paragraphs, sentences};

/// So much of a mail is read, in bytes: what it is about stands in its first pages, and the rest may
/// be tables without end.
const MOST_BYTES: usize = 48 * 1024;
/// So many paragraphs are looked at.
const MOST_PARAGRAPHS: usize = 80;
/// So many sentences of one paragraph are looked at.
const MOST_SENTENCES: usize = 20;

/// The sender's own words, of a text that is cut to what is read: what others say in it is left out,
/// marked or not.
pub(crate) fn own_words(text: &str) -> String {
    without_others(&lorecast_mail::prose::own_words(beginning(text)))
}

/// The paragraphs of the sender's own words.
pub(super) fn own_paragraphs(text: &str) -> Vec<Paragraph> {
    let mut found = paragraphs(&own_words(text));
    found.truncate(MOST_PARAGRAPHS);
    found
}

/// The whole lines of a text that are read.
fn beginning(text: &str) -> &str {
    if text.len() <= MOST_BYTES {
        return text;
    }
    let mut end = MOST_BYTES;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let line = text[..end].rfind('\n').unwrap_or(end);
    &text[..line]
}

/// A sentence with its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed<'a> {
    /// Its paragraph, and the how-manieth that is.
    pub paragraph: &'a Paragraph,
    pub at: usize,
    /// How many paragraphs that are no entries of a list stand before it.
    pub behind: usize,
    /// The how-manieth of its paragraph it is.
    pub place: usize,
    /// The words.
    pub text: &'a str,
    /// The sentence before it in the same paragraph together with it.
    pub with_before: Option<&'a str>,
    /// It together with the sentence behind it in the same paragraph.
    pub with_next: Option<&'a str>,
}

/// Every sentence of these paragraphs, in order.
pub(super) fn placed(all: &[Paragraph]) -> Vec<Placed<'_>> {
    let (mut found, mut behind) = (Vec::new(), 0);
    for (at, paragraph) in all.iter().enumerate() {
        let spans = spans(&paragraph.text);
        let together = |first: usize, last: usize| {
            Some(&paragraph.text[spans.get(first)?.start..spans.get(last)?.end])
        };
        for (place, span) in spans.iter().enumerate() {
            if is_said_by_others(&paragraph.text, span.start) {
                continue;
            }
            found.push(Placed {
                paragraph,
                at,
                behind,
                place,
                text: &paragraph.text[span.clone()],
                with_before: place.checked_sub(1).and_then(|before| together(before, place)),
                with_next: together(place, place + 1),
            });
        }
        behind += usize::from(!paragraph.item);
    }
    found
}

/// Whether a sentence that begins here stands inside a quotation: `Ann said "A. This. B."`.
fn is_said_by_others(paragraph: &str, at: usize) -> bool {
    let before = &paragraph[..at];
    let straight = |text: &str| text.matches('"').count();
    let odd = straight(before) % 2 == 1 && straight(paragraph).is_multiple_of(2);
    let open = |open: char, close: char| {
        before.matches(open).count() > before.matches(close).count() && paragraph.contains(close)
    };
    odd || open('“', '”') || open('«', '»')
}

/// Where the sentences of a paragraph stand in it.
fn spans(paragraph: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for text in sentences(paragraph).into_iter().take(MOST_SENTENCES) {
        let from = found.last().map_or(0, |span| span.end);
        let Some(start) = paragraph[from..].find(text).map(|at| from + at) else { break };
        found.push(start..start + text.len());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_at_a_line() {
        let text = "é wörd\n".repeat(20_000);
        let cut = beginning(&text);
        assert!(cut.len() <= MOST_BYTES && cut.ends_with("wörd"), "{}", cut.len());
        assert_eq!(beginning("short"), "short");
    }
}

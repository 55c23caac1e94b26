//! A mark in its own mail.

use std::ops::Range;

use lorecast_model::Mark;
use lorecast_model::mark::Quote;

use super::align::align;
use super::body::{Body, Numbers, byte_at, scalars};
use super::judge::judge;

/// How many places of the marked words are compared; a word that stands more often is not marked by hand.
const MOST_PLACES: usize = 4096;

/// Finds a mark in the text that it was made on ([`body`](super::body)), in Unicode scalar values.
///
/// It may have moved, and its text may have been decoded in another way since. Its words are where its
/// position says; else where they stand only once, or with most of what stood around them, or nearest to its
/// place; else, when they changed, where most of them are. Nothing when none of this tells one place from
/// all others.
pub fn place(mark: &Mark, text: &str) -> Option<Range<usize>> {
    Some(scalars(text, &bytes(mark, text)?))
}

/// The same in bytes.
pub(super) fn bytes(mark: &Mark, text: &str) -> Option<Range<usize>> {
    let at_position = || {
        let start = byte_at(text, mark.position().start)?;
        let end = start + mark.quote().exact.len();
        (text.get(start..end)? == mark.quote().exact).then_some(start..end)
    };
    at_position().or_else(|| repeated(mark, text)).or_else(|| changed(mark, text))
}

/// The place of the same words that fits best.
fn repeated(mark: &Mark, text: &str) -> Option<Range<usize>> {
    let Quote { exact, prefix, suffix } = mark.quote();
    let fits = |start: usize| {
        let before = text[..start].chars().rev().zip(prefix.chars().rev());
        let behind = text[start + exact.len()..].chars().zip(suffix.chars());
        before.take_while(|(a, b)| a == b).count() + behind.take_while(|(a, b)| a == b).count()
    };
    let places: Vec<(usize, usize)> = text
        .match_indices(exact.as_str())
        .take(MOST_PLACES)
        .map(|(start, _)| (fits(start), start))
        .collect();
    let best = places.iter().map(|(fit, _)| *fit).max()?;
    let expected = byte_at(text, mark.position().start).unwrap_or(text.len());
    let mut best: Vec<(usize, usize)> = places
        .into_iter()
        .filter(|(fit, _)| *fit == best)
        .map(|(_, start)| (start.abs_diff(expected), start))
        .collect();
    best.sort_unstable();
    match best[..] {
        // Twice as near as any other.
        [(near, start), (next, _), ..] if near * 2 < next => Some(start..start + exact.len()),
        [(_, start)] => Some(start..start + exact.len()),
        _ => None,
    }
}

/// The place of nearly the same words.
fn changed(mark: &Mark, text: &str) -> Option<Range<usize>> {
    let Quote { exact, prefix, suffix } = mark.quote();
    let mut numbers = Numbers::default();
    let quote = Body::of_text(&[&**prefix, exact, suffix].concat(), &mut numbers);
    let text = Body::of_text(text, &mut numbers);
    let marked = prefix.len()..prefix.len() + exact.len();
    let words = quote.words_in(&marked);
    let found = judge(&quote, &words, &text, &align(&quote.ids, &text.ids))?;
    quote.span(&marked, &words, &text, &found)
}

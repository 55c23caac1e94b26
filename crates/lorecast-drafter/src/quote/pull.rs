//! What a pull request brings.

use super::Quotation;
use super::plain::{code_words, plain_item, shared_words};
use super::purpose::DOES;
use super::search::best;
use super::shape::quotation;
use crate::sentence::{Paragraph, paragraphs};

/// The sentence that says what a pull request brings: of its introduction, else of its tag.
pub(crate) fn pulled(text: &str, title: &str) -> Option<Quotation> {
    let own = lorecast_mail::prose::own_words(text);
    let (before, after) =
        own.split_once("The following changes since commit").unwrap_or((&own, ""));
    let tag = after
        .split_once("\n-----")
        .map_or("", |(_, tag)| tag.split_once('\n').map_or("", |(_, t)| t));
    let sayings = |part: &str| best(&paragraphs(part), |at, p, s| pulling(at, p, s, title));
    sayings(before).or_else(|| sayings(tag)).map(|s| quotation(&s, false))
}

fn pulling(at: usize, paragraph: &Paragraph, sentence: &str, title: &str) -> Option<f64> {
    let mut score = plain_item(sentence, paragraph.item)?;
    score += if DOES.is_match(sentence) { 1.0 } else { 0.0 };
    score += 0.3 * f64::from(shared_words(sentence, title).min(3));
    // A name of a function tells a listener nothing of what a whole tree brings.
    score -= 0.5 * code_words(sentence).min(3) as f64;
    score -= if paragraph.item { 0.6 } else { 0.0 };
    score -= (0.3 * at as f64).min(2.0);
    Some(score).filter(|score| *score > -0.5)
}

//! Looks for the best sentence of a text.

use crate::sentence::{Paragraph, sentences};

/// The best sentence by a measure; the earlier one among equals.
pub(super) fn best(
    all: &[Paragraph],
    measure: impl Fn(usize, &Paragraph, &str) -> Option<f64>,
) -> Option<String> {
    let mut found: Option<(f64, &str)> = None;
    for (at, paragraph) in all.iter().enumerate().take(60) {
        for (place, sentence) in sentences(&paragraph.text).into_iter().enumerate().take(20) {
            let Some(score) = measure(at, paragraph, sentence) else { continue };
            let score = score - 0.12 * place as f64;
            if found.is_none_or(|(best, _)| score > best) {
                found = Some((score, sentence));
            }
        }
    }
    found.map(|(_, sentence)| sentence.to_owned())
}

//! The words of a mail that are nearest to a quotation which it does not hold.

use std::collections::HashMap;
use std::ops::Range;

use super::compact::BREAK;

/// So many words of a quotation are compared.
const MOST_QUOTED: usize = 120;
/// So many words of a mail are compared.
const MOST_WORDS: usize = 20_000;

/// A stretch of a mail that is like a quotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Near {
    /// How many words differ: dropped, added or changed.
    pub edits: usize,
    /// How many words the quotation has.
    pub words: usize,
    /// In bytes of the mail's text.
    pub span: Range<usize>,
}

impl Near {
    /// Whether it is the same sentence, written down wrongly.
    pub fn is_slip(&self) -> bool {
        self.edits * 3 <= self.words && self.words >= 3
    }
}

/// The stretch that takes the fewest changes of words to become the quotation.
pub(super) fn nearest(text: &str, quotation: &str) -> Option<Near> {
    let quoted: Vec<String> =
        words(quotation).take(MOST_QUOTED).map(|span| bare(&quotation[span])).collect();
    let spans: Vec<Range<usize>> = words(text).take(MOST_WORDS).collect();
    if quoted.is_empty() || spans.is_empty() {
        return None;
    }
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    for (number, word) in quoted.iter().enumerate() {
        numbers.entry(word).or_insert(number as u32);
    }
    let needle: Vec<u32> = quoted.iter().map(|word| numbers[word.as_str()]).collect();
    let hay: Vec<u32> = spans
        .iter()
        .map(|span| numbers.get(bare(&text[span.clone()]).as_str()).copied().unwrap_or(u32::MAX))
        .collect();
    let (edits, from, to) = fit(&needle, &hay)?;
    let span = spans.get(from)?.start..spans.get(to.checked_sub(1)?)?.end;
    let crosses = text.get(span.clone())?.contains(BREAK);
    (!crosses).then_some(Near { edits, words: needle.len(), span })
}

/// Sellers' algorithm: the edit distance of the needle to the best stretch of the hay, and where
/// that begins and ends.
fn fit(needle: &[u32], hay: &[u32]) -> Option<(usize, usize, usize)> {
    let mut above: Vec<(usize, usize)> = (0..=hay.len()).map(|at| (0, at)).collect();
    for word in needle {
        let mut row = Vec::with_capacity(above.len());
        row.push((above[0].0 + 1, 0));
        for (at, other) in hay.iter().enumerate() {
            let change = (above[at].0 + usize::from(word != other), above[at].1);
            let skip = (above[at + 1].0 + 1, above[at + 1].1);
            let add = (row[at].0 + 1, row[at].1);
            row.push(change.min(skip).min(add));
        }
        above = row;
    }
    // Among equals the stretch that is as long as the needle.
    let length = |at: usize, from: usize| (at - from).abs_diff(needle.len());
    let best =
        above.iter().enumerate().min_by_key(|(at, (edits, from))| (*edits, length(*at, *from)))?;
    let (to, (edits, from)) = best;
    (*from < to).then_some((*edits, *from, to))
}

/// The words of a text. Emphasis and marks around them count as theirs.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    text.split(|c: char| c.is_whitespace()).filter_map(move |word| {
        let span = from..from + word.len();
        // A single white-space letter ends each word.
        from = span.end + text[span.end..].chars().next().map_or(0, char::len_utf8);
        (!word.is_empty()).then_some(span)
    })
}

fn bare(word: &str) -> String {
    let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
    let inner = if inner.is_empty() { word } else { inner };
    inner.replace(['’', '‘'], "'").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, quotation: &str) -> Option<(usize, String)> {
        let near = nearest(text, quotation).filter(Near::is_slip)?;
        Some((near.edits, text[near.span].to_owned()))
    }

    #[test]
    fn the_stretch_with_the_fewest_changes() {
        let mail = "Well.\nI do not think that this\nis safe, since the lock is gone.";
        let found = |words| check(mail, words);
        assert_eq!(
            found("I do think that this is safe").unwrap(),
            (1, "I do not think that this\nis safe,".into())
        );
        assert_eq!(found("that that was safe, since the").unwrap().0, 2);
        assert_eq!(found("quite another sentence of somebody else"), None);
        assert_eq!(found(""), None);
    }
}

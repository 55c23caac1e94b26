//! A slip of the pen in a title, mended for a heading: the quoted title stays as it is.

use std::collections::HashMap;

/// Shorter words are too much like others.
const SHORTEST: usize = 7;
/// A word is spelt so when its mails have it so often, and the title's spelling not even a fourth.
const OFTEN: usize = 3;
const SELDOM: usize = 4;
/// So many words of the mails are read.
const MOST_WORDS: usize = 20_000;

/// The title with those words put right that its mails spell otherwise, a letter apart, again and
/// again.
pub(crate) fn mended<'a>(title: &str, texts: impl Iterator<Item = &'a str>) -> String {
    let doubtful = |word: &str| {
        word.len() >= SHORTEST && word.chars().all(|c| c.is_ascii_alphabetic()) && is_plain(word)
    };
    if !title.split(ends_word).any(doubtful) {
        return title.to_owned();
    }
    let mut counts: HashMap<String, usize> = HashMap::new();
    let words = texts.flat_map(|text| text.split(|c: char| !c.is_ascii_alphabetic()));
    for word in words.filter(|word| word.len() + 2 > SHORTEST).take(MOST_WORDS) {
        *counts.entry(word.to_ascii_lowercase()).or_default() += 1;
    }
    let mut out = String::with_capacity(title.len());
    for piece in title.split_inclusive(ends_word) {
        let word = piece.trim_end_matches(ends_word);
        let right = Some(word).filter(|word| doubtful(word)).and_then(|word| right(word, &counts));
        out.push_str(right.as_deref().unwrap_or(word));
        out.push_str(&piece[word.len()..]);
    }
    out
}

/// What has an underscore in it is a name in code.
fn ends_word(c: char) -> bool {
    !c.is_alphanumeric() && c != '_'
}

/// In small letters behind the first: no name in code.
fn is_plain(word: &str) -> bool {
    word.chars().skip(1).all(|c| c.is_ascii_lowercase())
}

/// The spelling of the mails, when the title's is a slip.
fn right(word: &str, counts: &HashMap<String, usize>) -> Option<String> {
    let lower = word.to_ascii_lowercase();
    let own = counts.get(&lower).copied().unwrap_or(0);
    let slip = |other: &&String| {
        // The end of a word is its form: `pump`, `pumps`.
        let form = lower.starts_with(other.as_str()) || other.starts_with(lower.as_str());
        let end = |word: &str| word.chars().rev().take(2).collect::<String>();
        !form && end(other) == end(&lower) && strsim::osa_distance(other, &lower) == 1
    };
    let mut near: Vec<_> = counts.keys().filter(slip).map(|other| (counts[other], other)).collect();
    near.sort();
    let (often, other) = near.pop()?;
    let first = word.chars().next()?;
    let sure = often >= OFTEN && own * SELDOM < often;
    let spelt = if first.is_ascii_uppercase() {
        other[..1].to_ascii_uppercase() + &other[1..]
    } else {
        other.clone()
    };
    sure.then_some(spelt)
}

#[cfg(test)]
mod tests {
    use super::mended;

    #[test]
    fn a_slip_is_mended_and_a_word_is_not() {
        let text = "A partition holds partitions. The partition is full. Each partition drains.";
        for (title, told) in [
            ("a new paritition for pumps", "a new partition for pumps"),
            ("Paritition, again", "Partition, again"),
            ("a partition of pumps", "a partition of pumps"),
            ("petition of pumps", "petition of pumps"),
            ("the parition_table of pumps", "the parition_table of pumps"),
            ("", ""),
        ] {
            assert_eq!(mended(title, std::iter::once(text)), told, "{title}");
        }
    }
}

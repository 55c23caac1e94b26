//! Titles of commits and of mails, compared.

use crate::hash::Hash;

/// A title behind its prefix with fewer words than this fits too many patches to be looked up.
const WORDS: usize = 3;

/// The title so folded that case, punctuation and a version at its end do not matter.
pub(super) fn fold(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words: Vec<String> = words.map(str::to_lowercase).collect();
    let is_version = |word: &String| {
        word.strip_prefix('v').is_some_and(|n| n.len() < 3 && n.parse::<u8>().is_ok())
    };
    words.pop_if(|word| is_version(word));
    words.join(" ")
}

/// What a title is looked up by: all of it, and what stands behind its prefix (`x86/efi: `), which
/// maintainers like to change.
pub(super) fn keys(title: &str) -> impl Iterator<Item = u64> {
    let whole = fold(title);
    let core = fold(title.rsplit_once(": ").map_or(title, |(_, core)| core));
    let known = core.split(' ').count() >= WORDS;
    let hash = |text: &str| Hash::of(b't').bytes(text.as_bytes()).end();
    let whole_key = (!whole.is_empty()).then(|| hash(&whole));
    whole_key.into_iter().chain((known && core != whole).then(|| hash(&core)))
}

/// How alike two folded titles are, from 0 to 1: twice the words they share, of all their words.
pub(super) fn likeness(one: &str, other: &str) -> f64 {
    if one == other {
        return if one.is_empty() { 0.0 } else { 1.0 };
    }
    let words = |title: &str| {
        let mut words: Vec<String> = title.split(' ').map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    let (one, other) = (words(one), words(other));
    let (mut left, mut right, mut shared) = (0, 0, 0_usize);
    while left < one.len() && right < other.len() {
        match one[left].cmp(&other[right]) {
            std::cmp::Ordering::Less => left += 1,
            std::cmp::Ordering::Greater => right += 1,
            std::cmp::Ordering::Equal => (left, right, shared) = (left + 1, right + 1, shared + 1),
        }
    }
    2.0 * shared as f64 / (one.len() + other.len()) as f64
}

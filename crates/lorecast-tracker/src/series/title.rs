//! Titles, so far folded that small edits between two postings do not show.

use std::collections::BTreeSet;

use lorecast_model::Version;

/// The title without a version at its end (`faster allocation v3`, `…, V2`), and that version.
pub(crate) fn without_version(title: &str) -> (&str, Option<Version>) {
    let Some((rest, last)) = title.trim_end().rsplit_once(char::is_whitespace) else {
        return (title, None);
    };
    let digits = last.trim_matches(['(', ')']).strip_prefix(['v', 'V']);
    match digits.filter(|digits| digits.len() < 4).and_then(|digits| digits.parse().ok()) {
        Some(major) => (rest.trim_end_matches([',', ' ']), Some(Version { major, minor: 0 })),
        None => (title, None),
    }
}

/// Lower case, punctuation and white space as one space each.
pub(crate) fn folded(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// The share of words that two folded titles have in common: of those of the longer, and of those of
/// the shorter, each 0 to 1. A title of less than three words shares nothing.
pub(crate) fn likeness(one: &str, other: &str) -> (f64, f64) {
    let words = |title: &'_ str| -> BTreeSet<String> {
        title.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let (one, other) = (words(one), words(other));
    let (least, most) = (one.len().min(other.len()), one.len().max(other.len()));
    if least < 3 {
        return (0.0, 0.0);
    }
    let shared = one.intersection(&other).count() as f64;
    (shared / most as f64, shared / least as f64)
}

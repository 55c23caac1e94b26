//! Titles, so far folded that small edits between two postings do not show.

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

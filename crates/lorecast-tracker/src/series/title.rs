//! Titles, so far folded that small edits between two postings do not show.

/// Lower case, punctuation and white space as one space each.
pub(crate) fn folded(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

//! Three-way merges of text that people edit.
//!
//! The last generated text is the ancestor, the file on disk is yours, the new text is the new
//! draft. Where both changed the same, both are shown between markers.

use camino::Utf8Path;
use diffy::{ConflictStyle, MergeOptions};

use crate::{Result, ShowError};

/// A merged text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The text, with markers where the two sides disagree.
    pub text: String,
    /// The lines of the opening markers, from 1; empty when all went well.
    pub conflicts: Vec<usize>,
}

const OPEN: &str = "<<<<<<< yours";
const CLOSE: &str = ">>>>>>> new draft";

pub use crate::blocks::Layout;
pub use crate::by_block::by_block;

/// Merges what `new` changed against `base` into `yours`, line by line.
pub fn three_way(base: &str, yours: &str, new: &str) -> Merged {
    found(by_line(base, yours, new))
}

/// The lines of a merge, with markers where the two sides disagree.
pub(crate) fn by_line(base: &str, yours: &str, new: &str) -> String {
    if base == new || yours == new {
        return yours.to_owned();
    }
    let merged =
        MergeOptions::new().set_conflict_style(ConflictStyle::Merge).merge(base, yours, new);
    merged.unwrap_or_else(|text| named_markers(&text))
}

/// Both sides, each with its lines ended, between markers.
pub(crate) fn conflict(yours: &str, new: &str) -> String {
    format!("{OPEN}\n{yours}=======\n{new}{CLOSE}\n")
}

/// A merged text and its conflicts.
pub(crate) fn found(text: String) -> Merged {
    let conflicts = marker_lines(&text).collect();
    Merged { text, conflicts }
}

/// Refuses a text that still holds markers of a merge.
///
/// # Errors
/// [`ShowError::Unsettled`] with the line of the first marker.
pub fn settled(file: &Utf8Path, text: &str) -> Result<()> {
    match marker_lines(text).next() {
        Some(line) => Err(ShowError::Unsettled { file: file.to_owned(), line }),
        None => Ok(()),
    }
}

/// Says whose side is whose, in words that a producer knows.
fn named_markers(text: &str) -> String {
    text.split_inclusive('\n')
        .map(|line| match line.trim_end() {
            "<<<<<<< ours" => format!("{OPEN}\n"),
            ">>>>>>> theirs" => format!("{CLOSE}\n"),
            _ => line.to_owned(),
        })
        .collect()
}

/// The lines that are markers of a merge, from 1.
pub(crate) fn marker_lines(text: &str) -> impl Iterator<Item = usize> + '_ {
    text.lines().enumerate().filter(|(_, line)| is_marker(line)).map(|(index, _)| index + 1)
}

/// Whether a line begins or ends the two sides of a conflict.
pub fn is_marker(line: &str) -> bool {
    line == OPEN || line == CLOSE
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;
    use proptest::prelude::*;

    fn check(base: &str, yours: &str, new: &str) -> String {
        let lines =
            |text: &str| text.split(' ').map(|word| format!("{word}\n")).collect::<String>();
        let merged = three_way(&lines(base), &lines(yours), &lines(new));
        format!("{} {:?}", merged.text.replace('\n', " ").trim_end(), merged.conflicts)
    }

    #[test]
    fn edits_and_news_that_do_not_touch_are_both_kept() {
        assert_snapshot!(check("a b c d e", "A b c d e", "a b c d e f"), @"A b c d e f []");
    }

    #[test]
    fn a_deleted_story_stays_deleted() {
        assert_snapshot!(check("a b c d e", "a b d e", "a b c d E"), @"a b d E []");
    }

    #[test]
    fn nothing_new_changes_nothing() {
        assert_snapshot!(check("a b c", "x y z", "a b c"), @"x y z []");
    }

    #[test]
    fn a_disagreement_shows_both_sides() {
        assert_snapshot!(check("a b c", "a X c", "a Y c"), @"a <<<<<<< yours X ======= Y >>>>>>> new draft c [2, 6]");
    }

    #[test]
    fn markers_are_found_until_they_are_gone() {
        let merged = three_way("a\nb\nc\n", "a\nX\nc\n", "a\nY\nc\n");
        let error = settled(Utf8Path::new("notes.md"), &merged.text).unwrap_err();
        assert_snapshot!(error, @"notes.md:2: a conflict with an earlier draft is not settled yet; choose one side, delete the marker lines, and run the command again");
        settled(Utf8Path::new("notes.md"), "a\nX\nc\n").unwrap();
    }

    /// Short texts of few different lines, so that edits collide often.
    fn text() -> impl Strategy<Value = String> {
        proptest::collection::vec("[abc]\n", 0..12).prop_map(|lines| lines.concat())
    }

    proptest! {
        #[test]
        fn no_edited_line_is_lost(base in text(), yours in text(), new in text()) {
            let merged = three_way(&base, &yours, &new);
            // What one adds to the ancestor (as a multiset of lines) must be in the result.
            for line in ["a", "b", "c"] {
                let count = |text: &str| text.lines().filter(|l| *l == line).count();
                let added = count(&yours).saturating_sub(count(&base));
                prop_assert!(count(&merged.text) >= added, "{line} was lost: {merged:?}");
            }
        }

        #[test]
        fn an_unedited_text_becomes_the_new_one(base in text(), new in text()) {
            prop_assert_eq!(three_way(&base, &base, &new).text, new);
        }
    }
}

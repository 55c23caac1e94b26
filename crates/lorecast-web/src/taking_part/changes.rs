//! A text and what somebody made of it.

use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use crate::shown::{one_line, shown};

/// Characters of the line that stands for a proposal.
const BEGINNING: usize = 160;

/// Words that stayed, went or came.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Run {
    /// `same`, `removed` or `added`.
    kind: &'static str,
    text: String,
}

/// What changed from one text to another, word by word. Both are as short as texts of proposals are.
pub(super) fn changes(before: &str, after: &str) -> Vec<Run> {
    let diff = TextDiff::from_words(before, after);
    let mut runs: Vec<Run> = Vec::new();
    for change in diff.iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => "same",
            ChangeTag::Delete => "removed",
            ChangeTag::Insert => "added",
        };
        let text = shown(change.value());
        match runs.last_mut() {
            Some(last) if last.kind == kind => last.text.push_str(&text),
            _ => runs.push(Run { kind, text: text.into_owned() }),
        }
    }
    runs
}

/// A text from its first new words on, on one line.
pub(super) fn beginning(before: &str, after: &str) -> String {
    let new = changes(before, after)
        .into_iter()
        .find(|run| run.kind == "added" && !run.text.trim().is_empty());
    // What hides was written out in the run, so that it may not be found again.
    let from = new.and_then(|run| after.find(run.text.trim())).unwrap_or(0);
    let line = one_line(&after[from..]);
    let cut: String = line.chars().take(BEGINNING).collect();
    if cut.len() < line.len() { format!("{cut}…") } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, after: &str, expected: &str) {
        let runs = changes(before, after).into_iter().map(|run| match run.kind {
            "added" => format!("{{+{}+}}", run.text),
            "removed" => format!("[-{}-]", run.text),
            _ => run.text,
        });
        assert_eq!(runs.collect::<String>(), expected);
    }

    #[test]
    fn words_that_changed_are_marked() {
        check(
            "Ann posted one patch.",
            "Ann posted two patches.",
            "Ann posted [-one-]{+two+} [-patch.-]{+patches.+}",
        );
        check("", "New.", "{+New.+}");
        check("a\n\nb\n", "a\n\nb\n", "a\n\nb\n");
        check("a", "a\u{202e}b", "[-a-]{+a‹U+202E›b+}");
    }

    #[test]
    fn a_proposal_is_known_by_its_first_new_words() {
        assert_eq!(
            beginning("Old text.\n", "Old text.\n\nIt is a pity, all agree.\n"),
            "It is a pity, all agree."
        );
        assert_eq!(beginning("", &"word ".repeat(100)).chars().count(), 161);
        assert_eq!(beginning("a b c", "a c"), "a c");
    }
}

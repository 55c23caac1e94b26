//! A mail cut where it reads differently, for pages that fold and colour.

use lorecast_model::Message;

use crate::diff::{DiffLine, whole_lines};
use crate::lines::lines;

/// Whole lines of a mail that read alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passage<'a> {
    /// How they read.
    pub kind: PassageKind,
    /// The lines as they stand, markers and line ends included.
    pub text: &'a str,
}

/// How a passage reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PassageKind {
    /// The sender's own words.
    Own,
    /// What others wrote: lines that begin with `>`, as a search with `q:` takes them.
    Quoted,
    /// From `-- ` to the end (RFC 3676 section 4.3).
    Signature,
    /// What stands around the hunks of a diff: names of files, modes, blobs.
    DiffHead,
    /// The line that opens a hunk.
    Hunk,
    /// Lines that a diff adds.
    Added,
    /// Lines that a diff removes.
    Removed,
    /// Lines around a change.
    Context,
    /// The text of attached files.
    Attached,
}

/// Goes through a mail: its prose, its diff, its attached text. What is told is all there is, in order,
/// and two passages of a kind never follow each other.
pub fn passages(message: &Message) -> Vec<Passage<'_>> {
    let mut found = Vec::new();
    let mut signed = false;
    let prose = lines(&message.text).map(|line| {
        signed |= line.trim_end_matches(['\r', '\n']) == "-- ";
        let kind = match line {
            _ if signed => PassageKind::Signature,
            quoted if quoted.starts_with('>') => PassageKind::Quoted,
            _ => PassageKind::Own,
        };
        (kind, line)
    });
    join(&mut found, &message.text, prose);
    let diff = whole_lines(&message.diff).map(|(line, is)| (kind(is), line));
    join(&mut found, &message.diff, diff);
    let attached = lines(&message.attached).map(|line| (PassageKind::Attached, line));
    join(&mut found, &message.attached, attached);
    found
}

/// Joins lines of a kind, which follow each other in `text`.
fn join<'a>(
    found: &mut Vec<Passage<'a>>,
    text: &'a str,
    lines: impl Iterator<Item = (PassageKind, &'a str)>,
) {
    let (mut start, mut end, mut open) = (0, 0, None);
    for (next, line) in lines {
        if let Some(kind) = open.filter(|open| *open != next) {
            found.push(Passage { kind, text: &text[start..end] });
            start = end;
        }
        open = Some(next);
        end += line.len();
    }
    found.extend(open.map(|kind| Passage { kind, text: &text[start..end] }));
}

fn kind(line: Option<DiffLine<'_>>) -> PassageKind {
    match line {
        Some(DiffLine::Hunk(_)) => PassageKind::Hunk,
        Some(DiffLine::Added(_)) => PassageKind::Added,
        Some(DiffLine::Removed(_)) => PassageKind::Removed,
        Some(DiffLine::Context(_)) => PassageKind::Context,
        _ => PassageKind::DiffHead,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(body: &str, expected: &[(PassageKind, &str)]) {
        let mail = format!("From: a@a.example\nMessage-ID: <1@a.example>\n\n{body}");
        let message = crate::parse(mail.as_bytes(), &crate::Arrival::default());
        let found: Vec<_> = passages(&message).iter().map(|p| (p.kind, p.text)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn answers_stand_between_quotations() {
        use PassageKind::{Own, Quoted, Signature};
        let body = "Ann wrote:\n> Why?\n> Why not?\nBecause.\n\n>> When?\n-- \nBob\n> no quote\n";
        let expected = [
            (Own, "Ann wrote:\n"),
            (Quoted, "> Why?\n> Why not?\n"),
            (Own, "Because.\n\n"),
            (Quoted, ">> When?\n"),
            (Signature, "-- \nBob\n> no quote\n"),
        ];
        check(body, &expected);
    }

    #[test]
    fn a_diff_is_cut_by_what_its_lines_do() {
        use PassageKind::{Added, Context, DiffHead, Hunk, Own, Removed};
        let head = "diff --git a/f.c b/f.c\nindex 1234567..89abcde 100644\n--- a/f.c\n+++ b/f.c\n";
        let body = format!("Fold it.\n{head}@@ -1,3 +1,3 @@ int f(void)\n a\n b\n-c\n+d\n+e\n");
        let expected = [
            (Own, "Fold it.\n"),
            (DiffHead, head),
            (Hunk, "@@ -1,3 +1,3 @@ int f(void)\n"),
            (Context, " a\n b\n"),
            (Removed, "-c\n"),
            (Added, "+d\n+e\n"),
        ];
        check(&body, &expected);
    }

    proptest! {
        #[test]
        fn nothing_is_lost(body in "((> |-- |@@ -1 \\+1 @@|\\+|-|diff --git a/x b/x|--- a/x|é| )?[a-z\r]{0,3}\n){0,12}") {
            let message = crate::parse(format!("\n{body}").as_bytes(), &crate::Arrival::default());
            let found: String = passages(&message).iter().map(|passage| passage.text).collect();
            prop_assert_eq!(found, [message.text, message.diff, message.attached].concat());
        }
    }
}

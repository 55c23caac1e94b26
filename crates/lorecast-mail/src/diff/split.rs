//! Prose and diff of a text, kept apart.

use std::borrow::Cow;

use super::hunk::{end_of_hunk, is_wrapped};
use crate::lines::lines;

/// How many lines are looked at; what follows them is prose.
const LINES: usize = 1_000_000;
const NBSP: char = '\u{a0}';

/// A text in two.
#[derive(Default)]
pub(crate) struct Split<'a> {
    /// What is no diff. The version that git writes behind `-- ` is dropped.
    pub prose: Cow<'a, str>,
    pub diff: String,
    /// A mailer broke lines of the diff.
    pub wrapped: bool,
    /// A mailer put non-breaking spaces into the diff; they are plain spaces again.
    pub spaces: bool,
}

/// The prose and the diff of a text.
pub(crate) fn split(text: &str) -> Split<'_> {
    let split = split_as_written(text);
    if !text.contains(NBSP) || !text.lines().any(starts_with_nbsp) {
        return split;
    }
    let repaired = split_as_written(&text.replace(NBSP, " ")).into_owned();
    let same = !split.diff.lines().any(starts_with_nbsp)
        && split.diff.lines().count() == repaired.diff.lines().count();
    if same { split } else { Split { spaces: true, ..repaired } }
}

fn split_as_written(text: &str) -> Split<'_> {
    if !may_hold_diff(text) {
        return Split { prose: Cow::Borrowed(text), ..Split::default() };
    }
    let mut lines: Vec<&str> = lines(text).take(LINES).collect();
    let length: usize = lines.iter().map(|line| line.len()).sum();
    lines.extend((length < text.len()).then(|| &text[length..]));
    let (mut prose, mut diff, mut wrapped) =
        (String::with_capacity(text.len()), String::new(), false);
    let mut at = 0;
    while at < lines.len() {
        if starts_file(&lines, at) {
            let end = end_of_diff(&lines, at);
            diff.extend(lines[at..end].iter().copied());
            wrapped |= is_wrapped(&lines[at..end]);
            at = end;
        } else if !diff.is_empty() && is_git_signature(&lines, at) {
            at += 2;
        } else {
            prose.push_str(lines[at]);
            at += 1;
        }
    }
    Split { prose: Cow::Owned(prose), diff, wrapped, spaces: false }
}

/// Most mails hold no diff, and need no second look.
fn may_hold_diff(text: &str) -> bool {
    text.contains("\n@@ -") || text.contains("diff --git ") || text.starts_with("@@ -")
}

/// A line of a hunk whose leading white space a mailer replaced.
fn starts_with_nbsp(line: &str) -> bool {
    let code = line.strip_prefix(['+', '-']).unwrap_or(line);
    code.trim_start_matches([' ', '\t']).starts_with(NBSP)
        || ["---", "+++", "@@", "diff"]
            .iter()
            .any(|start| line.strip_prefix(start).is_some_and(|rest| rest.starts_with(NBSP)))
}

impl Split<'_> {
    fn into_owned(self) -> Split<'static> {
        let Self { prose, diff, wrapped, spaces } = self;
        Split { prose: Cow::Owned(prose.into_owned()), diff, wrapped, spaces }
    }
}

pub(super) fn starts_file(lines: &[&str], at: usize) -> bool {
    let line = lines[at];
    let command = line.starts_with("diff -") || line.starts_with("Index: ");
    line.starts_with("diff --git ")
        || is_file_pair(lines, at)
        || command && (1..=3).any(|ahead| is_file_pair(lines, at + ahead))
        || line.starts_with("Index: ") && is_cvs(lines, at)
}

/// What CVS writes between `Index:` and the file names (cvs manual, "diff").
fn is_cvs(lines: &[&str], at: usize) -> bool {
    let known = |line: &str| {
        ["====", "RCS file: ", "retrieving revision ", "diff "]
            .iter()
            .any(|start| line.starts_with(start))
    };
    let between = lines[at + 1..].iter().take(6).take_while(|line| known(line)).count();
    between > 0 && is_file_pair(lines, at + 1 + between)
}

pub(super) fn is_file_pair(lines: &[&str], at: usize) -> bool {
    let starts = |ahead: usize, with| lines.get(at + ahead).is_some_and(|l| l.starts_with(with));
    starts(0, "--- ") && starts(1, "+++ ") && starts(2, "@@ -")
}

/// The line behind a diff that starts here: behind its last hunk or header line.
fn end_of_diff(lines: &[&str], start: usize) -> usize {
    let mut end = start;
    let mut at = start;
    while at < lines.len() {
        let line = lines[at];
        if line.starts_with("@@ -") {
            at = end_of_hunk(lines, at);
        } else if line.starts_with("GIT binary patch") {
            at = end_of_binary(lines, at);
        } else if starts_file(lines, at) || is_header(line) || is_gap(lines, at) {
            at += 1;
        } else {
            break;
        }
        end = at;
    }
    end
}

/// An empty line between two files.
fn is_gap(lines: &[&str], at: usize) -> bool {
    lines[at].trim().is_empty() && at + 1 < lines.len() && starts_file(lines, at + 1)
}

/// Extended header lines (git-diff(1), "Generating patch text with -p").
fn is_header(line: &str) -> bool {
    const STARTS: [&str; 19] = [
        "index ",
        "old mode ",
        "new mode ",
        "deleted file mode ",
        "new file mode ",
        "copy from ",
        "copy to ",
        "rename from ",
        "rename to ",
        "similarity index ",
        "dissimilarity index ",
        "Binary files ",
        "--- ",
        "+++ ",
        "\\ ",
        "====",
        "mode change ",
        "RCS file: ",
        "retrieving revision ",
    ];
    STARTS.iter().any(|start| line.starts_with(start))
        && line.trim_end() != "---"
        && line.trim_end() != "--"
}

fn end_of_binary(lines: &[&str], start: usize) -> usize {
    let data = |line: &&str| {
        let word = line.trim_end();
        word.is_empty()
            || word.starts_with("literal ")
            || word.starts_with("delta ")
            || word.len() <= 66 && !word.contains(' ') && !word.starts_with("--")
    };
    start + 1 + lines[start + 1..].iter().take_while(|line| data(line)).count()
}

/// `-- ` and then git's version (git-format-patch(1), `--signature`).
pub(super) fn is_git_signature(lines: &[&str], at: usize) -> bool {
    let rule = lines.get(at).is_some_and(|line| line.starts_with("--") && line.trim_end() == "--");
    let version = |line: &&str| {
        line.trim_start_matches("git version ").starts_with(|c: char| c.is_ascii_digit())
            && line.contains('.')
            && line.trim_end().len() < 40
    };
    rule && lines.get(at + 1).is_some_and(version)
}

//! Unified diffs: kept apart from prose, and the paths that they touch.
//!
//! A diff begins with `diff --git` or with a `---`, `+++`, `@@` triple at the start of lines, and
//! lasts as long as its hunks count (GNU diffutils manual, "Detailed Description of Unified
//! Format"). What follows it is prose again, so that an answer below a suggested change is kept.

mod lines;
mod patch_id;

pub use lines::{DiffLine, diff_lines};
pub use patch_id::patch_id;

use std::collections::HashSet;

/// How many paths of one diff are listed.
const PATHS: usize = 10_000;

/// The prose and the diff of a text. The version that git writes behind `-- ` is dropped.
pub(crate) fn split(text: &str) -> (String, String) {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (mut prose, mut diff) = (String::with_capacity(text.len()), String::new());
    let mut at = 0;
    while at < lines.len() {
        if starts_file(&lines, at) {
            let end = end_of_diff(&lines, at);
            diff.extend(lines[at..end].iter().copied());
            at = end;
        } else if !diff.is_empty() && is_git_signature(&lines, at) {
            at += 2;
        } else {
            prose.push_str(lines[at]);
            at += 1;
        }
    }
    (prose, diff)
}

/// The files that a diff changes, as their new names, in order and without doubles; `/dev/null`
/// never counts, so a removed file stands under its old name. At most 10,000.
pub fn diff_paths(diff: &str) -> Vec<String> {
    let lines: Vec<&str> = diff.lines().collect();
    let mut seen = HashSet::new();
    let mut paths = Vec::new();
    let mut of_git = false;
    let mut at = 0;
    while at < lines.len() && paths.len() < PATHS {
        let line = lines[at];
        let path = if let Some(names) = line.strip_prefix("diff --git ") {
            of_git = true;
            at += 1;
            new_name(names)
        } else if is_file_pair(&lines, at) {
            let pair = (file_name(&lines[at][4..]), file_name(&lines[at + 1][4..]));
            at += 2;
            if of_git { None } else { other_name(pair) }
        } else if line.starts_with("@@ ") {
            of_git = false;
            at = end_of_hunk(&lines, at);
            None
        } else {
            at += 1;
            None
        };
        paths.extend(path.filter(|path| seen.insert(path.clone())));
    }
    paths
}

/// The `b/` side of `a/old b/new`, either of them quoted.
fn new_name(names: &str) -> Option<String> {
    let names = names.trim_end();
    if let Some(rest) = names.strip_suffix('"') {
        let open = rest.rfind(" \"")?;
        return Some(without_side(&unquoted(&rest[open + 2..])));
    }
    // Equal names: both halves have the same length, whatever spaces they hold.
    let half = names.len() / 2;
    let halves = (names.get(..half), names.get(half + 1..));
    if let (Some(old), Some(new)) = halves
        && names.as_bytes().get(half) == Some(&b' ')
        && without_side(old) == without_side(new)
    {
        return Some(without_side(new));
    }
    let new = names.rfind(" b/").map(|at| &names[at + 1..]).or(names.split(' ').next_back())?;
    Some(without_side(new))
}

/// The name in a `--- name<TAB>date` line.
fn file_name(field: &str) -> Option<String> {
    let name = field.split('\t').next().unwrap_or(field).trim_end();
    let name = match name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(quoted) => unquoted(quoted),
        None => name.to_owned(),
    };
    (name != "/dev/null" && !name.is_empty()).then_some(name)
}

/// Diffs that git did not make: their paths start with the name of a folder (`patch -p1`).
fn other_name((old, new): (Option<String>, Option<String>)) -> Option<String> {
    let name = new.or(old)?;
    match name.split_once('/') {
        Some((_, rest)) if !rest.is_empty() => Some(rest.to_owned()),
        _ => Some(name),
    }
}

/// Without `a/`, `b/`, or the letters of `diff.mnemonicPrefix` (git-config(1)).
fn without_side(name: &str) -> String {
    match name.split_once('/') {
        Some(("a" | "b" | "c" | "i" | "o" | "w", rest)) => rest.to_owned(),
        _ => name.to_owned(),
    }
}

/// Undoes git's quoting of unusual names (git-config(1), `core.quotePath`).
fn unquoted(name: &str) -> String {
    let mut out = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let octal = tail.get(..3).and_then(|d| std::str::from_utf8(d).ok());
        let octal = octal.and_then(|digits| u8::from_str_radix(digits, 8).ok());
        let byte;
        (byte, rest) = match (first, octal, tail.split_first()) {
            (b'\\', Some(byte), _) => (byte, &tail[3..]),
            (b'\\', None, Some((&escape, behind))) => (escaped(escape), behind),
            _ => (first, tail),
        };
        out.push(byte);
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn escaped(letter: u8) -> u8 {
    match letter {
        b'n' => b'\n',
        b't' => b'\t',
        other => other,
    }
}

fn starts_file(lines: &[&str], at: usize) -> bool {
    let line = lines[at];
    let command = line.starts_with("diff -") || line.starts_with("Index: ");
    line.starts_with("diff --git ")
        || is_file_pair(lines, at)
        || command && (1..=3).any(|ahead| is_file_pair(lines, at + ahead))
}

fn is_file_pair(lines: &[&str], at: usize) -> bool {
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
    const STARTS: [&str; 17] = [
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

/// The line behind a hunk, by its counts; a mangled hunk lasts while its lines look like one.
fn end_of_hunk(lines: &[&str], start: usize) -> usize {
    let (mut old, mut new) = counts(lines[start]).unwrap_or((0, 0));
    let mut at = start + 1;
    while at < lines.len() && (old > 0 || new > 0) {
        if is_git_signature(lines, at) || starts_file(lines, at) && !lines[at].starts_with("--- ") {
            return at;
        }
        match lines[at].as_bytes().first() {
            Some(b'+') => new = new.saturating_sub(1),
            Some(b'-') => old = old.saturating_sub(1),
            Some(b' ' | b'\t' | b'\n' | b'\r') | None => {
                (old, new) = (old.saturating_sub(1), new.saturating_sub(1));
            }
            Some(b'\\') => {}
            _ if wrapped(lines, at) => {}
            _ => return before_blank(lines, start, at),
        }
        at += 1;
    }
    // Hands that edited the hunk did not count: further changed lines still belong to it.
    let extra = |line: &&&str| {
        (line.starts_with('+') || line.starts_with('-') || line.starts_with("\\ "))
            && !is_rule(line)
    };
    at + lines[at..].iter().take_while(extra).count()
}

/// `-- `, `---` or `--- a/file`: what looks like a removed line and is none.
fn is_rule(line: &str) -> bool {
    line.starts_with("--") && line.trim_end().trim_start_matches('-').is_empty()
        || line.starts_with("--- ")
}

/// A line that a mailer broke: the hunk goes on right behind it.
fn wrapped(lines: &[&str], at: usize) -> bool {
    let goes_on = |line: &&str| line.starts_with(['+', '-', ' ', '@']) && line.trim().len() > 1;
    lines.get(at + 1).is_some_and(goes_on) && !lines[at - 1].trim().is_empty()
}

/// Empty lines between a cut hunk and the prose behind it belong to the prose.
fn before_blank(lines: &[&str], start: usize, at: usize) -> usize {
    let blank = lines[start + 1..at].iter().rev().take_while(|line| line.trim().is_empty());
    at - blank.count()
}

/// The counts of `@@ -a,b +c,d @@`; one when not given.
fn counts(line: &str) -> Option<(u64, u64)> {
    let mut words = line.strip_prefix("@@ -")?.split(' ');
    let count = |range: &str| match range.split_once(',') {
        Some((_, count)) => count.trim_end().parse().ok(),
        None => Some(1),
    };
    Some((count(words.next()?)?, count(words.next()?.strip_prefix('+')?)?))
}

/// `-- ` and then git's version (git-format-patch(1), `--signature`).
fn is_git_signature(lines: &[&str], at: usize) -> bool {
    let rule = lines.get(at).is_some_and(|line| line.starts_with("--") && line.trim_end() == "--");
    let version = |line: &&str| {
        line.trim_start_matches("git version ").starts_with(|c: char| c.is_ascii_digit())
            && line.contains('.')
            && line.trim_end().len() < 40
    };
    rule && lines.get(at + 1).is_some_and(version)
}

//! Hunks of a diff: where they end, also when a mailer or a hand broke them.

use super::split::{is_git_signature, starts_file};

/// The line behind a hunk, by its counts; a mangled hunk lasts while its lines look like one.
pub(super) fn end_of_hunk(lines: &[&str], start: usize) -> usize {
    let (mut old, mut new) = counts(lines[start]).unwrap_or((0, 0));
    let mut at = start + 1;
    while at < lines.len() && (old > 0 || new > 0) {
        let next = lines[at].starts_with("@@ -")
            || starts_file(lines, at) && !lines[at].starts_with("--- ");
        if next || is_git_signature(lines, at) {
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

/// Whether a diff holds lines that stand in a hunk and are none of its own.
pub(super) fn is_wrapped(diff: &[&str]) -> bool {
    let broken = |at: usize| {
        diff[at].starts_with("@@ -")
            && diff[at + 1..end_of_hunk(diff, at)].iter().any(|line| !is_marked(line))
    };
    (0..diff.len()).any(broken)
}

fn is_marked(line: &str) -> bool {
    line.starts_with(['+', '-', ' ', '\t', '\n', '\r', '\\'])
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
pub(crate) fn counts(line: &str) -> Option<(u64, u64)> {
    let mut words = line.strip_prefix("@@ -")?.split(' ');
    let count = |range: &str| match range.split_once(',') {
        Some((_, count)) => count.trim_end().parse().ok(),
        None => Some(1),
    };
    Some((count(words.next()?)?, count(words.next()?.strip_prefix('+')?)?))
}

//! The paths that a diff touches.

use std::collections::HashSet;

use super::hunk::end_of_hunk;
use super::split::is_file_pair;

/// How many paths of one diff are listed.
const PATHS: usize = 10_000;

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

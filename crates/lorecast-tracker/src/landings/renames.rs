//! A diff that tells a rename as one file removed and another added, told as the rename.
//!
//! Patches are mostly posted as `git format-patch` makes them, with renames; the mails of tip-bot2
//! and some trees' settings show diffs without.

use std::collections::HashMap;

/// How many removed files are compared with how many added ones.
const FILES: usize = 64;

/// How many lines of a diff are looked at in all.
const LINES: usize = 200_000;

/// One file's part of a diff.
struct Part<'a> {
    text: &'a str,
    name: &'a str,
    kind: Kind,
    /// What was added or removed, without its sign.
    lines: Vec<&'a str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Added,
    Removed,
    Other,
}

/// The same diff with renames; nothing when there are none. As `git diff -M` does, it takes two
/// files for one when half of their lines are the same. Where lines moved it is not what git says.
pub(super) fn with_renames(diff: &str) -> Option<String> {
    if !diff.contains("\ndeleted file mode ") || !diff.contains("\nnew file mode ") {
        return None;
    }
    if diff.lines().count() > LINES {
        return None;
    }
    let parts = parts(diff);
    let pairs = pairs(&parts);
    if pairs.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(diff.len());
    for (at, part) in parts.iter().enumerate() {
        if let Some((old, _)) = pairs.iter().find(|(_, new)| *new == at) {
            out.push_str(&renamed(&parts[*old], part));
        } else if !pairs.iter().any(|(old, _)| *old == at) {
            out.push_str(part.text);
        }
    }
    Some(out)
}

fn parts(diff: &str) -> Vec<Part<'_>> {
    let starts: Vec<usize> = std::iter::once(0)
        .chain(diff.match_indices("\ndiff --git ").map(|(at, _)| at + 1))
        .chain([diff.len()])
        .collect();
    starts.windows(2).map(|ends| part(&diff[ends[0]..ends[1]])).collect()
}

fn part(text: &str) -> Part<'_> {
    let (header, hunks) = text.split_once("\n@@ ").unwrap_or((text, ""));
    let kind = if header.contains("\nnew file mode ") {
        Kind::Added
    } else if header.contains("\ndeleted file mode ") {
        Kind::Removed
    } else {
        Kind::Other
    };
    let (sign, before) = if kind == Kind::Added { ('+', "\n+++ b/") } else { ('-', "\n--- a/") };
    let name = header.split_once(before).and_then(|(_, name)| name.lines().next());
    let lines = hunks.lines().skip(1).filter_map(|line| line.strip_prefix(sign)).collect();
    Part { text, name: name.unwrap_or_default(), kind, lines }
}

/// Removed and added files that are one, by their places; the most alike first.
fn pairs(parts: &[Part<'_>]) -> Vec<(usize, usize)> {
    let of = |kind: Kind| {
        let fits = move |part: &Part<'_>| {
            part.kind == kind && !part.lines.is_empty() && !part.name.is_empty()
        };
        (0..parts.len()).filter(move |&at| fits(&parts[at])).take(FILES)
    };
    let mut alike: Vec<(usize, usize, usize)> = Vec::new();
    for old in of(Kind::Removed) {
        let counts = counts(&parts[old].lines);
        for new in of(Kind::Added) {
            let (one, other) = (parts[old].lines.len(), parts[new].lines.len());
            let longer = one.max(other);
            if 2 * one.min(other) < longer {
                continue;
            }
            let shared = other - without(&parts[new].lines, counts.clone()).len();
            alike.extend((2 * shared >= longer).then_some((shared, old, new)));
        }
    }
    alike.sort_unstable_by_key(|&(shared, old, new)| (std::cmp::Reverse(shared), old, new));
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (_, old, new) in alike {
        if !pairs.iter().any(|pair| pair.0 == old || pair.1 == new) {
            pairs.push((old, new));
        }
    }
    pairs
}

fn counts<'a>(lines: &[&'a str]) -> HashMap<&'a str, usize> {
    let mut counts = HashMap::new();
    lines.iter().for_each(|line| *counts.entry(*line).or_default() += 1);
    counts
}

/// The lines that are left when each that the other file has was taken out once.
fn without<'a>(lines: &[&'a str], mut counts: HashMap<&str, usize>) -> Vec<&'a str> {
    let mut left = |line: &&&str| match counts.get_mut(**line) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    lines.iter().filter(|line| left(line)).copied().collect()
}

fn renamed(old: &Part<'_>, new: &Part<'_>) -> String {
    let removed = without(&old.lines, counts(&new.lines));
    let added = without(&new.lines, counts(&old.lines));
    let (from, to) = (old.name, new.name);
    let mut out = format!("diff --git a/{from} b/{to}\n");
    if removed.is_empty() && added.is_empty() {
        out.push_str("similarity index 100%\n");
    }
    out.push_str(&format!("rename from {from}\nrename to {to}\n"));
    if !(removed.is_empty() && added.is_empty()) {
        let (minus, plus) = (removed.len(), added.len());
        out.push_str(&format!("--- a/{from}\n+++ b/{to}\n@@ -1,{minus} +1,{plus} @@\n"));
    }
    removed.iter().for_each(|line| out.push_str(&format!("-{line}\n")));
    added.iter().for_each(|line| out.push_str(&format!("+{line}\n")));
    out
}

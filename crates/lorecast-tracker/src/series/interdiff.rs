//! What changed between two revisions of a series, patch by patch.

use diffy::DiffOptions;
use lorecast_mail::{DiffLine, diff_lines};
use lorecast_model::Patch;
use serde::Serialize;

use super::title::{folded, likeness};

/// Longer patches are compared by whether they are equal alone: comparing takes time in proportion to
/// length times differences.
const LONGEST: usize = 400_000;

/// How much two titles must have in common to be two versions of one: half of the longer.
const ALIKE: f64 = 0.5;

/// A patch of two revisions, or of one of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PatchChange {
    /// Its number before; nothing when it is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<u32>,
    /// Its number now; nothing when it was dropped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u32>,
    /// Its title, now or before.
    pub title: String,
    /// What changed.
    pub change: Change,
    /// How the two changes differ, as a diff of diffs (as git-range-diff(1) shows it): empty when they
    /// do not, or there is only one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub diff: String,
}

/// How a patch changed from one revision to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It adds and removes the same lines.
    Same,
    /// It was edited.
    Edited,
    /// It is in the later revision alone.
    New,
    /// It is in the earlier revision alone.
    Dropped,
    /// It was edited, and is too long to show how.
    TooLong,
}

/// Compares two revisions, each given as its patches with their diffs. Patches are paired by title, then
/// by what their titles have in common, then by their place. In the order of the later revision; what
/// was dropped comes last.
pub fn interdiff(before: &[(&Patch, &str)], after: &[(&Patch, &str)]) -> Vec<PatchChange> {
    let mut free: Vec<usize> = (0..before.len()).collect();
    let mut pairs: Vec<Option<usize>> = vec![None; after.len()];
    let same = |old: &Patch, new: &Patch| folded(&old.title) == folded(&new.title);
    let alike =
        |old: &Patch, new: &Patch| likeness(&folded(&old.title), &folded(&new.title)).0 >= ALIKE;
    let place = |old: &Patch, new: &Patch| old.number == new.number;
    for fits in [&same as &dyn Fn(&Patch, &Patch) -> bool, &alike, &place] {
        for (at, (new, _)) in
            after.iter().enumerate().filter(|(at, _)| pairs[*at].is_none()).collect::<Vec<_>>()
        {
            if let Some(found) = free.iter().position(|&old| fits(before[old].0, new)) {
                pairs[at] = Some(free.remove(found));
            }
        }
    }
    let paired = after.iter().zip(&pairs).map(|((new, text), pair)| match pair {
        Some(old) => compare(before[*old], (new, text)),
        None => PatchChange {
            before: None,
            after: Some(new.number),
            title: new.title.clone(),
            change: Change::New,
            diff: String::new(),
        },
    });
    let dropped = free.iter().map(|&old| PatchChange {
        before: Some(before[old].0.number),
        after: None,
        title: before[old].0.title.clone(),
        change: Change::Dropped,
        diff: String::new(),
    });
    paired.chain(dropped).collect()
}

fn compare((old, before): (&Patch, &str), (new, after): (&Patch, &str)) -> PatchChange {
    let (was, is) = (essence(before), essence(after));
    let long = was.len().max(is.len()) > LONGEST;
    let change = match was == is {
        true => Change::Same,
        false if long => Change::TooLong,
        false => Change::Edited,
    };
    let diff = match change {
        Change::Edited => {
            let patch = DiffOptions::new().set_context_len(2).create_patch(&was, &is);
            let text = patch.to_string();
            // The names of the two sides say nothing.
            text.lines().skip(2).map(|line| format!("{line}\n")).collect()
        }
        _ => String::new(),
    };
    PatchChange {
        before: Some(old.number),
        after: Some(new.number),
        title: new.title.clone(),
        change,
        diff,
    }
}

/// A diff without what changes by itself when the base does: the places of hunks and the names of blobs.
fn essence(diff: &str) -> String {
    let mut text = String::with_capacity(diff.len());
    for line in diff_lines(diff) {
        let (mark, rest) = match line {
            DiffLine::Path(path) => ("## ", path),
            DiffLine::Hunk(function) => ("@@ ", function),
            DiffLine::Removed(line) => ("-", line),
            DiffLine::Added(line) => ("+", line),
            DiffLine::Context(line) => (" ", line),
            DiffLine::Blobs { .. } | DiffLine::Other(_) => continue,
        };
        text.push_str(mark);
        text.push_str(rest);
        text.push('\n');
    }
    text
}

//! The print of a diff: what remains of it for finding it again.

use lorecast_mail::{DiffLine, diff_lines, patch_id};
use lorecast_model::PatchId;

use crate::hash::Hash;

/// How many lines of a diff a print keeps: those with the smallest hashes. As hashes are spread
/// evenly this is a fair sample, and two prints of the same lines keep the same ones.
pub(super) const LINES: usize = 2_048;

/// How many paths a print keeps, again those with the smallest hashes.
pub(super) const PATHS: usize = 256;

/// A changed line with fewer letters and digits than this says nothing: `}`, `{`, `*/`, `fi`.
const TELLING: usize = 4;

/// Lines that are everywhere, without white space.
const EVERYWHERE: [&str; 12] = [
    "return",
    "return0;",
    "return;",
    "break;",
    "continue;",
    "else",
    "}else{",
    "#endif",
    "#else",
    "gotoout;",
    "default:",
    "returnret;",
];

/// What a diff changes, boiled down to a few hashes: a few hundred bytes for a usual patch, at most
/// 9 KiB.
///
/// Paths count by their last two parts, so that it does not matter below which folder the diff was
/// made. White space and line ends never count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Print {
    pub(super) patch_id: Option<PatchId>,
    pub(super) bare: u64,
    pub(super) paths: Vec<u32>,
    pub(super) lines: Vec<u32>,
    pub(super) count: u32,
}

impl Print {
    /// The print of a unified diff; nothing when it changes no file.
    pub fn of(diff: &str) -> Option<Self> {
        let mut reader = Reader::default();
        diff_lines(diff).for_each(|line| reader.read(line));
        reader.end_file();
        let Reader { bare, mut paths, mut lines, .. } = reader;
        if paths.is_empty() {
            return None;
        }
        smallest(&mut paths, PATHS);
        let count = smallest(&mut lines, LINES);
        Some(Self { patch_id: patch_id(diff), bare, paths, lines, count })
    }

    /// What `git patch-id --stable` says; nothing for diffs that git does not take for one.
    pub fn patch_id(&self) -> Option<PatchId> {
        self.patch_id
    }

    /// Names the change by its paths and its added and removed lines alone, in whatever order:
    /// context, places, and the way the diff was made do not matter. Of a file without such lines
    /// the new mode, the new name or the new blob counts.
    pub fn bare(&self) -> u64 {
        self.bare
    }

    /// Hashes of the paths, ascending.
    pub fn paths(&self) -> &[u32] {
        &self.paths
    }

    /// Hashes of the lines that say something, each with its side and its path, ascending.
    pub fn lines(&self) -> &[u32] {
        &self.lines
    }

    /// How many such lines there are, those that were not kept included.
    pub fn count(&self) -> u32 {
        self.count
    }
}

/// Sorts, drops doubles, keeps the smallest, and says how many there were.
fn smallest(hashes: &mut Vec<u32>, limit: usize) -> u32 {
    hashes.sort_unstable();
    hashes.dedup();
    let count = u32::try_from(hashes.len()).unwrap_or(u32::MAX);
    hashes.truncate(limit);
    hashes.shrink_to_fit();
    count
}

/// Collects what the print of one diff needs.
#[derive(Default)]
struct Reader {
    /// The hash of the current path.
    path: u64,
    /// A changed line of the current path was seen.
    changed: bool,
    /// What is known of a file without changed lines.
    other: u64,
    /// A path was told since the last hunk: what follows belongs to the next file.
    in_header: bool,
    bare: u64,
    paths: Vec<u32>,
    lines: Vec<u32>,
}

impl Reader {
    fn read(&mut self, line: DiffLine<'_>) {
        match line {
            DiffLine::Path(path) => self.file(path),
            DiffLine::Hunk(_) => self.in_header = false,
            DiffLine::Removed(text) => self.changed_line(b'-', text),
            DiffLine::Added(text) => self.changed_line(b'+', text),
            DiffLine::Blobs { post, .. } => {
                // git shortens names to seven digits or more.
                let short = post.get(..7).unwrap_or(post);
                self.note(short);
            }
            DiffLine::Other(text) if self.in_header && text.starts_with("new ") => self.note(text),
            DiffLine::Other(text) if text.starts_with("diff --git ") => {
                self.end_file();
                self.in_header = true;
            }
            DiffLine::Other(_) | DiffLine::Context(_) => {}
        }
    }

    fn file(&mut self, path: &str) {
        if !self.in_header {
            self.end_file();
            self.in_header = true;
        }
        let tail = tail(path);
        self.path = Hash::of(b'p').bytes(tail.as_bytes()).end();
        self.paths.push((self.path >> 32) as u32);
        self.other = self.other.wrapping_add(Hash::of(b'n').bytes(tail.as_bytes()).end());
    }

    fn note(&mut self, text: &str) {
        self.other = self.other.wrapping_add(Hash::of(b'o').folded(text).end());
    }

    fn changed_line(&mut self, side: u8, text: &str) {
        // Maintainers add and drop empty lines.
        if text.trim().is_empty() {
            return;
        }
        self.changed = true;
        let hash = Hash::of(side).bytes(&self.path.to_le_bytes()).folded(text);
        self.bare = self.bare.wrapping_add(hash.end());
        if tells(text) {
            self.lines.push(hash.short());
        }
    }

    fn end_file(&mut self) {
        if !self.changed {
            self.bare = self.bare.wrapping_add(self.other);
        }
        (self.changed, self.other) = (false, 0);
    }
}

/// The last two parts of a path, without the letters of `diff.mnemonicPrefix`.
fn tail(path: &str) -> &str {
    let from = path.rmatch_indices('/').nth(1).map_or(0, |(at, _)| at + 1);
    let tail = &path[from..];
    match tail.split_once('/') {
        Some(("a" | "b" | "c" | "i" | "o" | "w", name)) if from == 0 => name,
        _ => tail,
    }
}

fn tells(text: &str) -> bool {
    if text.bytes().filter(|b| b.is_ascii_alphanumeric() || *b >= 0x80).count() < TELLING {
        return false;
    }
    if text.trim().len() > 16 {
        return true;
    }
    let black: String = text.split_whitespace().collect();
    !EVERYWHERE.contains(&black.as_str())
}

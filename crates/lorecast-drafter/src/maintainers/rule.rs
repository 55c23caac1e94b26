//! One `F:` or `X:` line, and whether a path matches it.

use std::collections::HashSet;

use regex::bytes::Regex;

use super::Surroundings;
use super::lines::Line;
use super::perl::{self, Reading};
use crate::pattern::begins;

/// An `F:` or `X:` line, ready to be asked.
#[derive(Debug)]
pub(super) struct Rule {
    pub entry: usize,
    pub number: usize,
    pub exclude: bool,
    /// How specific the line is, as the script counts it.
    pub depth: i64,
    /// The folder that every match lies in; `rest` is the glob behind it.
    pub home: Box<str>,
    rest: Box<[u8]>,
    /// The whole line, where it holds more than `*` and `?`: the script reads it as a Perl pattern.
    regex: Option<Regex>,
    slashes: usize,
    folder: Folder,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Folder {
    /// It matches all that lies below.
    Yes,
    No,
    /// It names a file or a folder: a path tells.
    Unknown,
}

impl Rule {
    /// Reads a line; `None` when the script's pattern cannot be compiled.
    pub fn new(
        line: &Line,
        exclude: bool,
        around: &Surroundings,
        shown: &HashSet<&str>,
    ) -> Option<Self> {
        let value = line.value;
        let folder = if value.ends_with('/') {
            Folder::Yes
        } else if !value.contains(['.', '*', '?']) && !value.is_empty() {
            // The script asks for the folder after it has escaped dots and stars, and finds none.
            match (around.is_folder)(value) {
                Some(true) => Folder::Yes,
                Some(false) => Folder::No,
                None if shown.contains(value) => Folder::Yes,
                None => Folder::Unknown,
            }
        } else {
            Folder::No
        };
        let slash = folder == Folder::Yes && !value.ends_with('/');
        let glob = if slash { format!("{value}/") } else { value.to_owned() };
        let slashes = glob.matches('/').count();
        let depth = match (glob.starts_with('*'), glob.ends_with('/')) {
            (true, _) => -1,
            (false, true) => slashes as i64,
            (false, false) => slashes as i64 + 1,
        };
        let special = glob.contains(SPECIAL);
        let home = if special && glob.contains('|') { 0 } else { home(&glob) };
        let regex = if special { Some(pattern(&glob)?) } else { None };
        Some(Self {
            entry: line.entry,
            number: line.number,
            exclude,
            depth,
            home: glob[..home].into(),
            rest: glob.as_bytes()[home..].into(),
            regex,
            slashes,
            folder,
        })
    }

    /// Whether it matches a path in its home that has this many slashes. A folder's line matches
    /// everything below; another only at its own depth.
    pub fn matches(&self, path: &str, slashes: usize) -> bool {
        let rest = &path.as_bytes()[self.home.len()..];
        match self.folder {
            Folder::Unknown
                if rest.get(self.rest.len()) == Some(&b'/') && rest.starts_with(&self.rest) =>
            {
                true
            }
            Folder::No | Folder::Unknown if self.slashes != slashes => false,
            _ => match &self.regex {
                Some(regex) => regex.is_match(path.as_bytes()),
                None => begins(&self.rest, rest),
            },
        }
    }
}

/// What the script hands on to Perl as it stands.
const SPECIAL: [char; 11] = ['[', ']', '(', ')', '|', '+', '{', '}', '\\', '^', '$'];

/// The length of the longest folder that every match begins with.
fn home(glob: &str) -> usize {
    let end = glob.find(|c| c == '*' || c == '?' || SPECIAL.contains(&c)).unwrap_or(glob.len());
    glob[..end].rfind('/').map_or(0, |at| at + 1)
}

/// The script's own translation of a line into a pattern.
fn pattern(glob: &str) -> Option<Regex> {
    let text = glob.replace('.', r"\.").replace('*', ".*").replace('?', ".");
    perl::compile(&format!("^{text}"), Reading { extended: false, characters: false })
}

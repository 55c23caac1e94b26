//! Reads the kernel's `MAINTAINERS` file and answers as `scripts/get_maintainer.pl --subsystem`.
//!
//! The rules are those of the script of Linux 6.1 to 6.12, odd ones included, and were compared with
//! it patch by patch (`tests/parity/drafting/subsystems.py`).

mod keyed;
mod lines;
mod patch;
mod perl;
mod rule;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use keyed::{Keywords, Names};
use lines::{Entry, Lines};
use patch::Patch;
use rule::Rule;

use crate::DraftError;

/// The sections of a `MAINTAINERS` file, ready to be asked. Lines are filed under the folder they
/// begin with, so that a path meets only those that can match.
#[derive(Debug)]
pub struct Maintainers {
    entries: Vec<Entry>,
    rules: Vec<Rule>,
    by_home: HashMap<Box<str>, Vec<usize>>,
    names: Names,
    keywords: Keywords,
}

/// What the script sees of the tree that a `MAINTAINERS` file lies in.
pub struct Surroundings<'a> {
    /// Whether a path is a folder; `None` when nobody knows. Then the file's own lines and the
    /// paths that are asked for tell.
    pub is_folder: &'a dyn Fn(&str) -> Option<bool>,
    /// Whether the script reads patches as UTF-8, as it does since Linux 6.8; before, letters
    /// outside ASCII were no part of a word.
    pub characters: bool,
}

impl Surroundings<'_> {
    /// A file alone, and a script of today.
    pub const UNKNOWN: Surroundings<'static> =
        Surroundings { is_folder: &|_| None, characters: true };
}

/// A section that a path belongs to.
struct Found {
    entry: usize,
    depth: i64,
}

impl Maintainers {
    /// Reads the file's text. Lines that are not understood are passed over.
    ///
    /// # Errors
    /// When no section has an `F:` line.
    pub fn read(text: &str, around: &Surroundings) -> Result<Self, DraftError> {
        let lines = Lines::of(text);
        if lines.files.is_empty() {
            return Err(DraftError::NotMaintainers);
        }
        let shown = folders(&lines);
        let files = lines.files.iter().map(|line| (line, false));
        let rules: Vec<Rule> = files
            .chain(lines.excluded.iter().map(|line| (line, true)))
            .filter_map(|(line, exclude)| Rule::new(line, exclude, around, &shown))
            .collect();
        let mut by_home: HashMap<Box<str>, Vec<usize>> = HashMap::new();
        for (at, rule) in rules.iter().enumerate() {
            by_home.entry(rule.home.clone()).or_default().push(at);
        }
        let names = Names::new(&lines.names);
        let keywords = Keywords::new(&lines.keywords, around.characters);
        Ok(Self { entries: lines.entries, rules, by_home, names, keywords })
    }

    /// The names of the sections that files belong to: file by file in the order of their names,
    /// for each the most specific first; sections that are equally specific in the order of
    /// `MAINTAINERS` (the script leaves that to chance).
    pub fn of<'a>(&self, paths: impl IntoIterator<Item = &'a str>) -> Vec<&str> {
        self.titles(self.entries_of(paths))
    }

    /// The names of the sections that a patch belongs to, by its files as in [`Maintainers::of`],
    /// and then by its words. The text is the whole mail, with From, Subject and Message-ID on top.
    /// A text that names no file of a diff is no patch and belongs nowhere.
    pub fn of_patch(&self, text: &str) -> Vec<&str> {
        let patch = Patch::of(text);
        if patch.files.is_empty() {
            return Vec::new();
        }
        let files = self.entries_of(patch.files.iter().copied());
        self.titles(files.into_iter().chain(self.keywords.matching(text, &patch)))
    }

    /// The addresses, in small letters, of those who look after files: the `M:` and `R:` lines of
    /// their sections. A section that claims every file, such as `THE REST`, says nothing here.
    pub fn maintainers_of<'a>(&self, paths: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
        let paths: BTreeSet<&str> = paths.into_iter().collect();
        let found = paths.into_iter().flat_map(|path| self.found(path));
        let entries: BTreeSet<usize> =
            found.filter(|found| found.depth >= 0).map(|found| found.entry).collect();
        entries.into_iter().flat_map(|entry| &self.entries[entry].people).cloned().collect()
    }

    /// How many sections there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no section; there always is one.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The sections of files as in [`Maintainers::of`], by their places.
    pub(crate) fn entries_of<'a>(&self, paths: impl IntoIterator<Item = &'a str>) -> Vec<usize> {
        let paths: BTreeSet<&str> = paths.into_iter().collect();
        let mut seen = HashSet::new();
        let found = paths.into_iter().flat_map(|path| self.found(path)).map(|found| found.entry);
        found.filter(|entry| seen.insert(*entry)).collect()
    }

    /// The name of a section.
    pub(crate) fn title(&self, entry: usize) -> &str {
        &self.entries[entry].title
    }

    fn titles(&self, entries: impl IntoIterator<Item = usize>) -> Vec<&str> {
        let mut seen = HashSet::new();
        let titles = entries.into_iter().map(|entry| self.title(entry));
        titles.filter(|title| seen.insert(*title)).collect()
    }

    /// The sections of one file, the most specific first. Of several lines of a section the last
    /// one that matches counts.
    fn found(&self, path: &str) -> Vec<Found> {
        let slashes = path.matches('/').count();
        let mut excluded = HashSet::new();
        let mut last: BTreeMap<usize, (usize, i64)> = BTreeMap::new();
        let mut note = |entry, number, depth| {
            let known = last.entry(entry).or_insert((number, depth));
            if known.0 < number {
                *known = (number, depth);
            }
        };
        for rule in self.near(path).filter(|rule| rule.matches(path, slashes)) {
            if rule.exclude {
                excluded.insert(rule.entry);
            } else {
                note(rule.entry, rule.number, rule.depth);
            }
        }
        for (entry, number) in self.names.matching(path) {
            note(entry, number, 0);
        }
        let mut found: Vec<Found> = last
            .into_iter()
            .filter(|(entry, _)| !excluded.contains(entry))
            .map(|(entry, (_, depth))| Found { entry, depth })
            .collect();
        found.sort_by_key(|found| -found.depth);
        found
    }

    /// The lines filed under the path's folders.
    fn near(&self, path: &str) -> impl Iterator<Item = &Rule> {
        let ends = path.match_indices('/').map(|(at, _)| at + 1);
        std::iter::once(0)
            .chain(ends)
            .filter_map(|end| self.by_home.get(&path[..end]))
            .flatten()
            .map(|at| &self.rules[*at])
    }
}

/// Every folder that the file's own lines show to be one.
fn folders<'a>(lines: &Lines<'a>) -> HashSet<&'a str> {
    let values = lines.files.iter().chain(&lines.excluded).map(|line| line.value);
    values
        .flat_map(|value| value.match_indices('/').map(move |(at, _)| &value[..at]))
        .filter(|folder| !folder.contains(['*', '?', '[']))
        .collect()
}

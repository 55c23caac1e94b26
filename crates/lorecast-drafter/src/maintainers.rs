//! Reads the kernel's `MAINTAINERS` file and answers as `scripts/get_maintainer.pl --subsystem`.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use regex::{Regex, RegexSet};

use crate::DraftError;
use crate::pattern::begins;

/// The sections of a `MAINTAINERS` file, ready to be asked. Patterns are compiled and filed under
/// the folder they begin with, so that a path meets only those that can match.
#[derive(Debug)]
pub struct Maintainers {
    names: Vec<String>,
    rules: Vec<Rule>,
    by_folder: HashMap<String, Vec<usize>>,
    file_names: Keyed,
    keywords: Keyed,
}

/// An `F:` or `X:` line.
#[derive(Debug)]
struct Rule {
    section: usize,
    exclude: bool,
    glob: Vec<u8>,
    /// Set where the line holds more than `*` and `?`: the script reads those as Perl patterns.
    regex: Option<Regex>,
    slashes: usize,
    /// How specific the line is, as the script counts it.
    depth: i64,
    folder: bool,
}

/// `N:` or `K:` lines, asked together.
#[derive(Debug, Default)]
struct Keyed {
    set: RegexSet,
    sections: Vec<usize>,
}

impl Maintainers {
    /// Reads the file's text. Lines that are not understood are passed over, as the script does.
    ///
    /// # Errors
    /// When no section has an `F:` line.
    pub fn read(text: &str) -> Result<Self, DraftError> {
        let lines = Lines::of(text);
        let folders = lines.folders();
        let rules: Vec<Rule> = lines
            .files
            .iter()
            .map(|(section, exclude, value)| Rule::new(*section, *exclude, value, &folders))
            .collect();
        if rules.is_empty() {
            return Err(DraftError::NotMaintainers);
        }
        let mut by_folder: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, rule) in rules.iter().enumerate() {
            by_folder.entry(rule.home()).or_default().push(at);
        }
        let file_names = Keyed::new(&lines.names);
        let keywords = Keyed::new(&lines.keywords);
        Ok(Self { names: lines.titles, rules, by_folder, file_names, keywords })
    }

    /// The names of the sections that a file belongs to, the most specific first; sections that are
    /// equally specific in the order of the file (the script leaves that to chance).
    pub fn of(&self, path: &str) -> Vec<&str> {
        let mut depths: BTreeMap<usize, i64> = BTreeMap::new();
        let mut excluded = BTreeSet::new();
        for rule in self.near(path).filter(|rule| rule.matches(path)) {
            if rule.exclude {
                excluded.insert(rule.section);
            } else {
                depths.insert(rule.section, rule.depth);
            }
        }
        for section in self.file_names.matching(path) {
            depths.insert(section, 0);
        }
        let mut found: Vec<(usize, i64)> =
            depths.into_iter().filter(|(section, _)| !excluded.contains(section)).collect();
        found.sort_by_key(|(section, depth)| (-depth, *section));
        found.into_iter().map(|(section, _)| self.names[section].as_str()).collect()
    }

    /// The sections whose `K:` patterns match the prose of a patch, or a line that its diff adds or
    /// removes.
    pub fn by_keyword(&self, prose: &str, diff: &str) -> Vec<&str> {
        let changed = diff.lines().filter(|line| line.starts_with(['+', '-']));
        let body = changed.filter(|line| !line.starts_with("+++") && !line.starts_with("---"));
        let sections: BTreeSet<usize> =
            prose.lines().chain(body).flat_map(|line| self.keywords.matching(line)).collect();
        sections.into_iter().map(|section| self.names[section].as_str()).collect()
    }

    /// The rules filed under the path's folders, in the order of the file.
    fn near(&self, path: &str) -> impl Iterator<Item = &Rule> {
        let ends = path.match_indices('/').map(|(at, _)| at + 1);
        let mut near: Vec<usize> = std::iter::once(0)
            .chain(ends)
            .filter_map(|end| self.by_folder.get(&path[..end]))
            .flatten()
            .copied()
            .collect();
        near.sort_unstable();
        near.into_iter().map(|at| &self.rules[at])
    }
}

impl Rule {
    fn new(section: usize, exclude: bool, value: &str, folders: &HashSet<&str>) -> Self {
        let named = folders.contains(value) && !value.contains('.');
        let folder = value.ends_with('/') || named;
        let glob = if named { format!("{value}/") } else { value.to_owned() };
        let slashes = glob.matches('/').count();
        let depth = match (glob.starts_with('*'), glob.ends_with('/')) {
            (true, _) => -1,
            (false, true) => slashes as i64,
            (false, false) => slashes as i64 + 1,
        };
        let special = glob.contains(['[', '(', '|', '+', '{', '\\', '^', '$']);
        let regex = special.then(|| perl(&glob)).flatten();
        Self { section, exclude, glob: glob.into_bytes(), regex, slashes, depth, folder }
    }

    /// The longest folder that every match begins with.
    fn home(&self) -> String {
        let literal = |byte: &u8| !b"*?[(|+{\\^$".contains(byte);
        let end = self.glob.iter().position(|byte| !literal(byte)).unwrap_or(self.glob.len());
        let text = String::from_utf8_lossy(&self.glob[..end]).into_owned();
        text.rfind('/').map_or(String::new(), |at| text[..=at].to_owned())
    }

    /// A folder's line matches everything below; another only at its own depth, or when the path
    /// shows that it names a folder.
    fn matches(&self, path: &str) -> bool {
        let begun = match &self.regex {
            Some(regex) => regex.is_match(path),
            None => begins(&self.glob, path.as_bytes()),
        };
        begun && (self.folder || self.slashes == path.matches('/').count() || self.is_above(path))
    }

    fn is_above(&self, path: &str) -> bool {
        path.as_bytes().starts_with(&self.glob)
            && path.as_bytes().get(self.glob.len()) == Some(&b'/')
    }
}

/// The script's own translation of a line into a pattern.
fn perl(glob: &str) -> Option<Regex> {
    let text = glob.replace('.', r"\.").replace('*', ".*").replace('?', ".");
    Regex::new(&format!("^(?:{text})")).ok()
}

impl Keyed {
    fn new(lines: &[(usize, String)]) -> Self {
        let extended = |value: &str| format!("(?x){value}");
        let usable: Vec<&(usize, String)> =
            lines.iter().filter(|(_, value)| Regex::new(&extended(value)).is_ok()).collect();
        let set = RegexSet::new(usable.iter().map(|(_, value)| extended(value)));
        let sections = usable.iter().map(|(section, _)| *section).collect();
        set.map(|set| Self { set, sections }).unwrap_or_default()
    }

    fn matching(&self, text: &str) -> impl Iterator<Item = usize> {
        self.set.matches(text).into_iter().map(|at| self.sections[at])
    }
}

/// The file's lines by type.
#[derive(Default)]
struct Lines {
    titles: Vec<String>,
    files: Vec<(usize, bool, String)>,
    names: Vec<(usize, String)>,
    keywords: Vec<(usize, String)>,
}

impl Lines {
    fn of(text: &str) -> Self {
        let mut lines = Self::default();
        let mut above = "";
        let mut inside = false;
        for line in text.lines() {
            match typed(line) {
                Some((letter, value)) => {
                    if !inside {
                        lines.titles.push(above.trim_end().to_owned());
                        inside = true;
                    }
                    lines.take(letter, value);
                }
                None if line.trim().is_empty() || line.trim_start().starts_with('#') => {}
                None => {
                    above = line;
                    inside = false;
                }
            }
        }
        lines
    }

    fn take(&mut self, letter: char, value: &str) {
        let section = self.titles.len().saturating_sub(1);
        match letter {
            'F' | 'X' => self.files.push((section, letter == 'X', value.to_owned())),
            'N' => self.names.push((section, value.to_owned())),
            'K' => self.keywords.push((section, value.to_owned())),
            _ => {}
        }
    }

    /// Every folder that the file's own lines show to be one.
    fn folders(&self) -> HashSet<&str> {
        let values = self.files.iter().map(|(_, _, value)| value.as_str());
        values
            .flat_map(|value| value.match_indices('/').map(move |(at, _)| &value[..at]))
            .filter(|folder| !folder.contains(['*', '?', '[']))
            .collect()
    }
}

/// An `F:` line as `('F', "drivers/net/")`.
fn typed(line: &str) -> Option<(char, &str)> {
    let letter = line.chars().next().filter(char::is_ascii_uppercase)?;
    let value = line.get(1..)?.strip_prefix(':')?;
    Some((letter, value.trim()))
}

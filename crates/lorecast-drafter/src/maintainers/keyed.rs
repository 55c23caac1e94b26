//! `N:` and `K:` lines: patterns that are looked for in a path or a text, all at once.

use regex::bytes::{Regex, RegexSet, RegexSetBuilder};

use super::lines::Line;
use super::patch::Patch;
use super::perl::{self, Reading};

/// How much memory the search for all patterns at once may take, in bytes.
const LARGEST: usize = 16 << 20;

/// `N:` lines.
#[derive(Debug, Default)]
pub(super) struct Names {
    set: RegexSet,
    /// The entry and the number of each line.
    lines: Vec<(usize, usize)>,
}

impl Names {
    pub fn new(lines: &[Line]) -> Self {
        let reading = Reading { extended: true, characters: false };
        let (usable, set) = together(lines, reading);
        let lines = usable.iter().map(|line| (line.entry, line.number)).collect();
        Self { set, lines }
    }

    /// The entry and the number of each line that a path matches.
    pub fn matching(&self, path: &str) -> impl Iterator<Item = (usize, usize)> {
        self.set.matches(path.as_bytes()).into_iter().map(|at| self.lines[at])
    }
}

/// `K:` lines.
#[derive(Debug, Default)]
pub(super) struct Keywords {
    /// Finds whatever the lines find, and perhaps more: letters are those of ASCII here, so that
    /// the search is quick whatever the text holds.
    sieve: RegexSet,
    exact: Vec<Keyword>,
}

#[derive(Debug)]
struct Keyword {
    entry: usize,
    /// For the text above the diff.
    intro: Regex,
    /// For lines that the diff adds or removes. As in the script, only the first alternative of a
    /// pattern that has several without parentheses is bound to such lines.
    diff: Regex,
}

impl Keywords {
    pub fn new(lines: &[Line], characters: bool) -> Self {
        let reading = Reading { extended: true, characters };
        let exact = |line: &Line| {
            Some(Keyword {
                entry: line.entry,
                intro: perl::compile(line.value, reading)?,
                diff: perl::compile(&format!("^[+-].*{}", line.value), reading)?,
            })
        };
        let mut sorted: Vec<&Line> = lines.iter().filter(|line| !line.value.is_empty()).collect();
        // The script sorts the lines' numbers as words.
        sorted.sort_by_key(|line| line.number.to_string());
        let found: Vec<(&Line, Keyword)> =
            sorted.into_iter().filter_map(|line| Some((line, exact(line)?))).collect();
        match sieve(found.iter().map(|(line, _)| line.value)) {
            Some(sieve) => {
                Self { sieve, exact: found.into_iter().map(|(_, exact)| exact).collect() }
            }
            None => Self::default(),
        }
    }

    /// The entries whose patterns the lines of a patch match, in the script's order.
    pub fn matching<'a>(
        &'a self,
        text: &str,
        patch: &'a Patch,
    ) -> impl Iterator<Item = usize> + 'a {
        let candidates = self.sieve.matches(text.as_bytes());
        candidates
            .into_iter()
            .map(|at| &self.exact[at])
            .filter(|word| word.is_in(patch))
            .map(|word| word.entry)
    }
}

impl Keyword {
    fn is_in(&self, patch: &Patch) -> bool {
        patch.intro.iter().any(|line| self.intro.is_match(line.as_bytes()))
            || patch.diff.iter().any(|line| self.diff.is_match(line.as_bytes()))
    }
}

/// The lines that can be compiled, as one search.
fn together<'a, 'b>(lines: &'a [Line<'b>], reading: Reading) -> (Vec<&'a Line<'b>>, RegexSet) {
    let all: Vec<&Line<'b>> = lines.iter().filter(|line| !line.value.is_empty()).collect();
    if let Some(set) = sieve(all.iter().map(|line| line.value)) {
        return (all, set);
    }
    let known = |line: &&Line| perl::compile(line.value, reading).is_some();
    let usable: Vec<&Line<'b>> = all.into_iter().filter(known).collect();
    sieve(usable.iter().map(|line| line.value)).map_or_else(Default::default, |set| (usable, set))
}

fn sieve<'a>(patterns: impl Iterator<Item = &'a str>) -> Option<RegexSet> {
    RegexSetBuilder::new(patterns.map(perl::translate))
        .unicode(false)
        .multi_line(true)
        .size_limit(LARGEST)
        .dfa_size_limit(LARGEST)
        .build()
        .ok()
}

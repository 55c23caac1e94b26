//! Reads notes as somebody does who knows which acronyms were explained already.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use lorecast_model::{Glossary, Meaning, Term};

use super::manner::{Manner, groups, manners, sentence_ends};
use super::passage::{Passage, passages};
use super::plural::plural;
use super::spelt::{MOST_WORDS, expansions, means, plain, spells};
use super::words::{Index, Word};
use crate::escape;

/// The longest parenthesis that is read as an explanation, in bytes.
const LONGEST_EXPLANATION: usize = 160;

/// The notes with all their acronyms.
pub(super) struct Reader<'a> {
    markdown: &'a str,
    glossary: &'a Glossary,
    read: Vec<Read>,
    /// What the notes explain themselves, somewhere.
    pub spelt: BTreeSet<String>,
    /// How many explanations the sentences hold, by passage and sentence.
    pub explained: BTreeMap<(usize, usize), usize>,
}

/// A use of an acronym in running text.
pub(super) struct Told<'r> {
    pub word: &'r Word,
    pub passage: usize,
    pub sentence: usize,
}

struct Read {
    passage: Passage,
    manners: Vec<Manner>,
    ends: Vec<usize>,
    words: Vec<Word>,
    marks: Vec<Mark>,
    /// What tells which meaning is meant: see [`context`].
    context: String,
    /// `[…]`: what an editor put into a quotation.
    brackets: Vec<Range<usize>>,
}

/// An explanation: `RCU (Read Copy Update)`, or the other way round.
struct Mark {
    acronym: String,
    /// The parenthesis.
    group: Range<usize>,
    /// The words that spell it out: those of the parenthesis, or those before it.
    phrase: Range<usize>,
    /// The glossary has the acronym, and knows no such meaning of it.
    foreign: bool,
}

impl<'a> Reader<'a> {
    pub fn new(markdown: &'a str, glossary: &'a Glossary, exact: &[String]) -> Self {
        let index = Index::new(glossary);
        let read: Vec<Read> = passages(markdown)
            .into_iter()
            .map(|passage| read(passage, &index, glossary, exact))
            .collect();
        let mut reader =
            Self { markdown, glossary, read, spelt: BTreeSet::new(), explained: BTreeMap::new() };
        for (at, read) in reader.read.iter().enumerate() {
            for mark in &read.marks {
                reader.spelt.insert(mark.acronym.clone());
                *reader.explained.entry((at, read.sentence(mark.group.start))).or_default() += 1;
            }
            reader.spelt.extend(in_full(read, glossary));
        }
        reader
    }

    /// Every use in running text that may be explained there, in order.
    pub fn told(&self) -> impl Iterator<Item = Told<'_>> {
        self.read.iter().enumerate().filter(|(_, read)| !read.passage.heading).flat_map(
            |(passage, read)| {
                let words = read.words.iter().filter(|word| word.known && read.open(word));
                words.map(move |word| {
                    let sentence = read.sentence(word.range.start);
                    Told { word, passage, sentence }
                })
            },
        )
    }

    /// Where the word begins in the notes, where its explanation goes, and what that is; `None`
    /// when there is nothing to explain or no room for it.
    pub fn addition(&self, told: &Told<'_>) -> Option<(usize, usize, String)> {
        let read = &self.read[told.passage];
        let word = told.word;
        let expansion = meaning(self.glossary.0.get(&word.acronym)?, read)?;
        let start = read.passage.source_start(word.range.start)?;
        let at = read.passage.source_end(word.end)?;
        // Nothing goes between a word and what explains or marks it already.
        let after = &self.markdown[at..];
        if after.starts_with(['*', '_', '~', '`', '\\', '('])
            || read.passage.text[word.end..].trim_start().starts_with(['(', '['])
        {
            return None;
        }
        let mut said = if word.plural { plural(expansion) } else { expansion.to_owned() };
        if !word.number.is_empty() {
            said = format!("{said} {}", word.number);
        }
        let mut escaped = Vec::new();
        escape::markdown(&said, &mut escaped).ok()?;
        let escaped = String::from_utf8(escaped).ok()?;
        let quoted = read.manners[word.range.start] == Manner::Quoted;
        let text = if quoted { format!(" [{escaped}]") } else { format!(" ({escaped})") };
        Some((start, at, text))
    }

    /// Explanations of what was explained before, where they open. Those that somebody quoted gives
    /// are not ours to take away.
    pub fn repeated(&self) -> impl Iterator<Item = (String, usize)> {
        let mut seen = BTreeSet::new();
        let marks = self.read.iter().flat_map(|read| read.marks.iter().map(move |m| (read, m)));
        let mut found = Vec::new();
        for (read, mark) in marks {
            let again = !seen.insert(&mark.acronym);
            let ours = read.manners[mark.group.start] == Manner::Own
                || read.passage.text[mark.group.start..].starts_with('[');
            if let Some(at) = read.passage.source_start(mark.group.start)
                && again
                && ours
                && !read.passage.heading
            {
                found.push((mark.acronym.clone(), at));
            }
        }
        found.into_iter()
    }

    /// Explanations that the glossary does not have for their acronyms: the acronym, what is said,
    /// and where it opens. Those of quoted people are not ours to judge.
    pub fn foreign(&self) -> impl Iterator<Item = (&String, &str, usize)> {
        self.read.iter().filter(|read| !read.passage.heading).flat_map(|read| {
            let ours = |mark: &&Mark| mark.foreign && read.manners[mark.group.start] == Manner::Own;
            read.marks.iter().filter(ours).filter_map(|mark| {
                let said = read.passage.text[mark.phrase.clone()].trim_matches(['(', ')']);
                Some((&mark.acronym, said, read.passage.source_start(mark.group.start)?))
            })
        })
    }

    /// Everything that looks like an acronym and is unknown, with its place in the notes.
    pub fn unknown(&self) -> impl Iterator<Item = (&String, usize)> {
        self.read.iter().filter(|read| !read.passage.heading).flat_map(|read| {
            let words = read.words.iter().filter(|word| !word.known && read.mentioned(word));
            let words = words.filter(|word| !self.spelt.contains(&word.acronym));
            words.filter_map(|w| Some((&w.acronym, read.passage.source_start(w.range.start)?)))
        })
    }

    /// The line and column, from 1, of a byte of the notes.
    pub fn place(&self, at: usize) -> (usize, usize) {
        let before = &self.markdown[..at];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |text| text.chars().count()) + 1;
        (line, column)
    }
}

impl Read {
    fn sentence(&self, at: usize) -> usize {
        self.ends.partition_point(|end| *end <= at)
    }

    /// Whether a use may be explained where it stands.
    fn open(&self, word: &Word) -> bool {
        let at = word.range.start;
        self.manners[at] != Manner::Exact
            && self.manners[word.end - 1] == self.manners[at]
            && !self.explains(at)
            && !self.brackets.iter().any(|group| group.contains(&at))
    }

    /// Whether a use is one of somebody's name, or part of an explanation.
    fn mentioned(&self, word: &Word) -> bool {
        let at = word.range.start;
        let name = self.manners[at] == Manner::Exact && !self.in_title(at);
        !name && !self.explains(at)
    }

    fn in_title(&self, at: usize) -> bool {
        let first = (0..at).rev().take_while(|at| self.manners[*at] == Manner::Exact).last();
        self.passage.text[first.unwrap_or(at)..].starts_with(['“', '"'])
    }

    fn explains(&self, at: usize) -> bool {
        self.marks.iter().any(|mark| mark.group.contains(&at) || mark.phrase.contains(&at))
    }
}

fn read(passage: Passage, index: &Index<'_>, glossary: &Glossary, exact: &[String]) -> Read {
    let text = &passage.text;
    let words = index.words(text);
    let groups = groups(text);
    let marks: Vec<Mark> =
        groups.iter().flat_map(|group| marks(text, &words, group, glossary)).collect();
    let brackets = groups.iter().filter(|group| text[group.start..].starts_with('['));
    Read {
        manners: manners(text, exact.iter().map(String::as_str)),
        ends: sentence_ends(text, &groups),
        context: context(&passage, &marks),
        marks,
        brackets: brackets.cloned().collect(),
        words,
        passage,
    }
}

/// The acronyms that a parenthesis explains, or that explain what stands before it.
fn marks(text: &str, words: &[Word], group: &Range<usize>, glossary: &Glossary) -> Vec<Mark> {
    if group.len() > LONGEST_EXPLANATION {
        return Vec::new();
    }
    let inside = text[group.start + 1..group.end - 1].trim();
    let before = text[..group.start].trim_end();
    let mut found = Vec::new();
    for word in words {
        let term = glossary.0.get(&word.acronym);
        let mark = |phrase: Range<usize>, told: &str| {
            let (acronym, group) = (word.acronym.clone(), group.clone());
            let foreign = term.is_some_and(|term| !means(told, term));
            Mark { acronym, group, phrase, foreign }
        };
        if word.end == before.len() {
            let explained = [first_part(inside, word), inside]
                .into_iter()
                .find(|told| spells(told, &word.acronym, term));
            found.extend(explained.map(|told| mark(group.clone(), told)));
        } else if group.contains(&word.range.start) && &text[word.range.clone()] == inside {
            let spelt = starts(before).find(|at| spells(&before[*at..], &word.acronym, term));
            found.extend(spelt.map(|at| mark(at..before.len(), &before[at..])));
        }
    }
    found
}

/// What explains: up to the first comma, without the number of `RC8 (Release Candidate 8)`.
fn first_part<'t>(inside: &'t str, word: &Word) -> &'t str {
    let part = inside.split([',', ';', ':']).next().unwrap_or_default();
    let unnumbered = part.strip_suffix(word.number.as_str()).unwrap_or(part);
    if word.number.is_empty() { part } else { unnumbered.trim_end() }
}

/// Where the last words of a text begin: the twelfth from the end first.
fn starts(text: &str) -> impl Iterator<Item = usize> {
    let near = text.len().saturating_sub(LONGEST_EXPLANATION);
    let near = (near..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let mut before = ' ';
    let mut starts = Vec::new();
    for (at, c) in text[near..].char_indices() {
        if c.is_alphanumeric() && !before.is_alphanumeric() {
            starts.push(near + at);
        }
        before = c;
    }
    let last = starts.len().saturating_sub(MOST_WORDS);
    starts.split_off(last).into_iter()
}

/// The acronyms whose expansion stands in the same passage.
fn in_full(read: &Read, glossary: &Glossary) -> BTreeSet<String> {
    let known = read.words.iter().filter(|word| word.known && !read.explains(word.range.start));
    let plainly = plain(&read.passage.text);
    let stands = |expansion: &str| {
        let expansion = plain(expansion);
        expansion.trim().contains(' ') && plainly.contains(&expansion)
    };
    known
        .filter(|word| glossary.0.get(&word.acronym).is_some_and(|t| expansions(t).any(stands)))
        .map(|word| word.acronym.clone())
        .collect()
}

/// What a term stands for here: the meaning that a word nearby tells, else the commonest.
fn meaning<'t>(term: &'t Term, read: &Read) -> Option<&'t str> {
    let beside =
        |meaning: &&Meaning| meaning.near.iter().any(|near| read.context.contains(&plain(near)));
    let other = term.also.iter().find(beside).map(|meaning| meaning.expansion.as_str());
    Some(other.unwrap_or(&term.expansion)).filter(|expansion| !expansion.is_empty())
}

/// The words of a passage and of the heading above it, without what explains acronyms: it must not
/// tell the next reading more than this one.
fn context(passage: &Passage, marks: &[Mark]) -> String {
    let mut text = passage.text.clone();
    let mut groups: Vec<&Range<usize>> = marks.iter().map(|mark| &mark.group).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.start));
    groups.dedup();
    for group in groups {
        // Groups may lie inside each other; the inner ones are gone with the outer.
        if text.get(group.clone()).is_some() {
            text.replace_range(group.clone(), " ");
        }
    }
    plain(&format!("{text} {}", passage.under))
}

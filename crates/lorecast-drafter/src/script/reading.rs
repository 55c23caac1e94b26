//! A script, as people left it.

use std::sync::LazyLock;

use lorecast_model::Person;
use regex::Regex;
use serde::Serialize;

use super::blocks::{Block, STRESSED, blocks};
use super::hints::{self, Unspoken};
use crate::pattern::constant;

/// What is read aloud, section by section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Script {
    /// In order. What stands before the first heading is a section without a title.
    pub sections: Vec<Section>,
}

/// What stands below one heading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Section {
    /// The heading.
    pub title: Vec<Run>,
    /// Its level, from 1.
    pub level: u8,
    /// What is read.
    pub paragraphs: Vec<Paragraph>,
}

/// A paragraph, as runs of text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Paragraph(pub Vec<Run>);

/// Text that is read in one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Run {
    /// Words to be read.
    Words(String),
    /// Words to be stressed.
    Stressed(String),
    /// How the word before is said; not read itself.
    Hint(String),
}

static HINT: LazyLock<Regex> = LazyLock::new(|| constant(r"\s?\[([^\[\]]{1,200})\]"));

impl Script {
    /// Reads a `script.md`, whatever people made of it.
    pub fn read(markdown: &str) -> Self {
        let mut sections: Vec<Section> = Vec::new();
        for block in blocks(markdown) {
            let text = match block {
                Block::Heading(level, text) => {
                    sections.push(Section { title: runs(&text), level, paragraphs: Vec::new() });
                    continue;
                }
                Block::Paragraph(text) => text,
                Block::Shown(what) => format!("You will find {what} in the show notes."),
            };
            if sections.is_empty() {
                sections.push(Section { level: 1, ..Section::default() });
            }
            if let Some(section) = sections.last_mut() {
                section.paragraphs.push(Paragraph(runs(&text)));
            }
        }
        Self { sections }
    }

    /// Words that are read aloud. Headings are not.
    pub fn words(&self) -> usize {
        self.sections.iter().map(Section::words).sum()
    }

    /// Of the names that are read aloud, those without a spoken form, the most frequent first. `names`
    /// are those of everybody known; who bears a first name of several of them is found as well.
    pub fn unspoken(&self, names: &[String], people: &[Person]) -> Vec<Unspoken> {
        let paragraphs = self.sections.iter().flat_map(|section| &section.paragraphs);
        let text: Vec<String> = paragraphs.map(Paragraph::spoken).collect();
        let text = text.join("\n");
        let names: Vec<String> =
            names.iter().cloned().chain(hints::likely_names(&text, names)).collect();
        hints::unspoken(&text, &names, people)
    }
}

impl Section {
    /// Words that are read aloud.
    pub fn words(&self) -> usize {
        self.paragraphs.iter().map(|paragraph| words(&paragraph.0)).sum()
    }

    /// The heading without hints.
    pub fn plain_title(&self) -> String {
        spoken(&self.title)
    }
}

impl Paragraph {
    /// The words without hints.
    pub fn spoken(&self) -> String {
        spoken(&self.0)
    }

    /// The words with the hints in square brackets.
    pub fn with_hints(&self) -> String {
        with_hints(&self.0)
    }
}

pub(super) fn with_hints(runs: &[Run]) -> String {
    let text = runs.iter().map(|run| match run {
        Run::Words(text) | Run::Stressed(text) => text.clone(),
        Run::Hint(hint) => format!(" [{hint}]"),
    });
    text.collect()
}

fn spoken(runs: &[Run]) -> String {
    let text = runs.iter().map(|run| match run {
        Run::Words(text) | Run::Stressed(text) => text.as_str(),
        Run::Hint(_) => "",
    });
    text.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn words(runs: &[Run]) -> usize {
    spoken(runs).split(' ').filter(|word| word.contains(char::is_alphanumeric)).count()
}

fn runs(text: &str) -> Vec<Run> {
    let text = text.trim();
    let mut found = Vec::new();
    let mut stressed = 0_usize;
    for part in text.split_inclusive(STRESSED) {
        let words = part.trim_end_matches(STRESSED);
        hinted(words, stressed > 0, &mut found);
        match part.chars().next_back() {
            Some(c) if c == STRESSED[0] => stressed += 1,
            Some(c) if c == STRESSED[1] => stressed = stressed.saturating_sub(1),
            _ => {}
        }
    }
    found
}

fn hinted(text: &str, stressed: bool, found: &mut Vec<Run>) {
    let push = |text: &str| match (text.is_empty(), stressed) {
        (true, _) => None,
        (false, true) => Some(Run::Stressed(text.to_owned())),
        (false, false) => Some(Run::Words(text.to_owned())),
    };
    let mut done = 0;
    for hint in HINT.captures_iter(text) {
        let Some(whole) = hint.get(0) else { continue };
        found.extend(push(&text[done..whole.start()]));
        found.push(Run::Hint(hint[1].to_owned()));
        done = whole.end();
    }
    found.extend(push(&text[done..]));
}

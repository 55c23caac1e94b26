//! Acronyms: what they stand for is said at their first use in an episode.
//!
//! The rules are those of the show of 2017: `RCU (Read Copy Update)` in the show's own words,
//! `RCU [Read Copy Update]` inside a quotation, where brackets mark what the editor put in. Titles,
//! names, headings, links and code stay as they are. What the text spells out itself is not said
//! again.

mod english;
mod manner;
mod passage;
mod plural;
mod reader;
mod spelt;
mod words;

pub(crate) use english::is_english;
use std::collections::{BTreeMap, BTreeSet};

use lorecast_model::{Episode, Fact, Glossary};
use serde::Serialize;

pub(crate) use manner::quotations;
use reader::{Reader, Told};
use spelt::expansions;

/// The most expansions in one sentence, so that it stays one that can be listened to.
const MOST_IN_SENTENCE: usize = 3;

/// Notes in which every acronym is explained once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expanded {
    /// The notes.
    pub markdown: String,
    /// What looks like an acronym and is not in the glossary, in the order of the text.
    pub unknown: Vec<Unknown>,
}

/// An acronym that nobody has told us about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unknown {
    /// As the text spells it, in the singular.
    pub acronym: String,
    /// How often.
    pub count: usize,
    /// The line of its first use, from 1.
    pub line: usize,
    /// The column there, in characters from 1.
    pub column: usize,
}

/// Something about an acronym that a listener would stumble over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcronymIssue {
    /// The acronym.
    pub acronym: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, in characters from 1.
    pub column: usize,
    /// What is the matter.
    pub what: AcronymFault,
}

/// What can be the matter with an acronym.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AcronymFault {
    /// It is never explained.
    Unexpanded {
        /// What to put in, with its parentheses and the space before them.
        text: String,
        /// Where, in bytes of the notes.
        at: usize,
    },
    /// It was explained before.
    Twice,
    /// The glossary does not have what it is said to stand for.
    Foreign {
        /// What it is said to stand for.
        said: String,
        /// What the glossary has, the commonest first.
        known: Vec<String>,
    },
    /// The glossary does not have it.
    Unknown,
}

/// Explains each acronym at its first use. `exact` are the titles and names that stay as they are
/// ([`exact_words`]). Doing it again changes nothing.
pub fn expand(markdown: &str, glossary: &Glossary, exact: &[String]) -> Expanded {
    let reader = Reader::new(markdown, glossary, exact);
    let mut text = markdown.to_owned();
    let mut additions = additions(&reader);
    additions.sort_by_key(|addition| addition.at);
    for addition in additions.iter().rev() {
        text.insert_str(addition.at, &addition.text);
    }
    Expanded { markdown: text, unknown: unknown(&reader) }
}

/// What a listener would stumble over: acronyms that are never explained, explained again, or
/// unknown; in the order of the text.
pub fn acronym_issues(markdown: &str, glossary: &Glossary, exact: &[String]) -> Vec<AcronymIssue> {
    let reader = Reader::new(markdown, glossary, exact);
    let issue = |acronym: String, (line, column): (usize, usize), what| AcronymIssue {
        acronym,
        line,
        column,
        what,
    };
    let mut issues: Vec<AcronymIssue> = additions(&reader)
        .into_iter()
        .map(|new| {
            let place = reader.place(new.word);
            issue(new.acronym, place, AcronymFault::Unexpanded { text: new.text, at: new.at })
        })
        .collect();
    issues.extend(
        reader
            .repeated()
            .map(|(acronym, at)| issue(acronym, reader.place(at), AcronymFault::Twice)),
    );
    issues.extend(reader.foreign().map(|(acronym, said, at)| {
        let term = glossary.0.get(acronym);
        let known = term.into_iter().flat_map(expansions).filter(|own| !own.is_empty());
        let known = known.map(str::to_owned).collect();
        let what = AcronymFault::Foreign { said: said.to_owned(), known };
        issue(acronym.clone(), reader.place(at), what)
    }));
    issues.extend(unknown(&reader).into_iter().map(|unknown| {
        issue(unknown.acronym, (unknown.line, unknown.column), AcronymFault::Unknown)
    }));
    issues.sort_by_key(|issue| (issue.line, issue.column));
    issues
}

/// The titles and names of an episode, longest first: they stay as people spell them.
pub fn exact_words(episode: &Episode) -> Vec<String> {
    let stories = episode.stories.iter().map(|story| (&story.title, &story.evidence));
    let follow_ups = episode.follow_ups.iter().map(|story| (&story.title, &story.evidence));
    let mut exact = BTreeSet::from([episode.title.clone()]);
    for (title, evidence) in stories.chain(follow_ups) {
        exact.insert(title.clone());
        // The lead sentence and the headings drop the full stop of a title.
        exact.insert(title.trim_end_matches(['.', ' ']).to_owned());
        let named = evidence.iter().filter(|evidence| is_name(evidence.fact));
        exact.extend(named.map(|evidence| evidence.value.clone()));
    }
    let mut exact: Vec<String> = exact.into_iter().filter(|name| !name.is_empty()).collect();
    exact.sort_by_key(|name| std::cmp::Reverse(name.len()));
    exact
}

fn is_name(fact: Fact) -> bool {
    use Fact::{
        Acked, Applied, Author, ChangesRequested, Employer, Rejected, Release, Reply, Reviewed,
        Tested, Title,
    };
    matches!(
        fact,
        Author
            | Employer
            | Title
            | Release
            | Reply
            | Applied
            | Reviewed
            | Acked
            | Tested
            | ChangesRequested
            | Rejected
    )
}

/// An explanation that is missing.
struct Addition {
    acronym: String,
    /// The byte of the notes where the acronym begins.
    word: usize,
    /// The byte where `text` goes.
    at: usize,
    text: String,
}

fn additions(reader: &Reader<'_>) -> Vec<Addition> {
    let mut done: BTreeSet<String> = reader.spelt.clone();
    let mut full: BTreeMap<(usize, usize), usize> = reader.explained.clone();
    let mut found: Vec<Addition> = Vec::new();
    for told in reader.told() {
        if done.contains(&told.word.acronym) {
            continue;
        }
        let Some((word, at, text)) = reader.addition(&told) else { continue };
        let Told { passage, sentence, .. } = told;
        let room = full.entry((passage, sentence)).or_default();
        if *room >= MOST_IN_SENTENCE || found.last().is_some_and(|last| last.at == at) {
            continue;
        }
        *room += 1;
        done.insert(told.word.acronym.clone());
        found.push(Addition { acronym: told.word.acronym.clone(), word, at, text });
    }
    found
}

fn unknown(reader: &Reader<'_>) -> Vec<Unknown> {
    let mut found: Vec<Unknown> = Vec::new();
    for (acronym, at) in reader.unknown() {
        if let Some(known) = found.iter_mut().find(|unknown| unknown.acronym == *acronym) {
            known.count += 1;
            continue;
        }
        let (line, column) = reader.place(at);
        found.push(Unknown { acronym: acronym.clone(), count: 1, line, column });
    }
    found
}

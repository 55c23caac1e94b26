//! A few words around a match. The full-text index holds no text, so it is cut here.

use std::collections::HashSet;

use lorecast_model::{Field, Fields};

use super::Sought;
use crate::pack::Body;
use crate::words;

/// How many words stand before and after the match.
const BEFORE: usize = 8;
const AFTER: usize = 16;

/// A snippet ends here whatever its words are, in characters.
const LONGEST: usize = 400;

/// What may be shown: the words of a search that are looked for in the body.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    words: HashSet<String>,
    prefixes: Vec<String>,
}

impl Wanted {
    /// Adds what is looked for in some fields.
    pub(crate) fn add(&mut self, fields: Fields, sought: &Sought) {
        if !Field::ALL.iter().any(|field| fields.has(*field) && Fields::BODY.has(*field)) {
            return;
        }
        match sought {
            Sought::Any(words) | Sought::Phrase(words) => self.words.extend(words.iter().cloned()),
            Sought::Prefix(word) => self.prefixes.push(word.clone()),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.prefixes.is_empty()
    }

    /// The words around the first match in the text, else in the diff, else in attached text.
    pub(crate) fn in_body(&self, body: &Body) -> String {
        let texts = [&body.text, &body.diff, &body.attached];
        let found = texts.into_iter().map(|text| self.around(text));
        found.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// The words around the first match, on one line; empty when there is none.
    fn around(&self, text: &str) -> String {
        let Some(at) = self.position(text) else { return String::new() };
        let before = text[..at].split_whitespace().rev().take(BEFORE).collect::<Vec<_>>();
        let mut behind = text[at..].split_whitespace();
        let words: Vec<&str> =
            before.iter().rev().copied().chain(behind.by_ref().take(AFTER)).collect();
        let mut snippet = words.join(" ");
        if let Some((cut, _)) = snippet.char_indices().nth(LONGEST) {
            snippet.truncate(cut);
        }
        if text[..at].split_whitespace().nth(BEFORE).is_some() {
            snippet.insert_str(0, "… ");
        }
        if behind.next().is_some() {
            snippet.push_str(" …");
        }
        snippet
    }

    /// Where the first match begins, or the word around it.
    fn position(&self, text: &str) -> Option<usize> {
        let mut rest = text;
        loop {
            let (word, behind) = words::first(rest)?;
            if self.fits(&word) {
                let before = &text[..text.len() - behind.len()];
                let space = before.char_indices().rfind(|(_, c)| c.is_whitespace());
                return Some(space.map_or(0, |(at, c)| at + c.len_utf8()));
            }
            rest = behind;
        }
    }

    fn fits(&self, word: &str) -> bool {
        self.words.contains(word) || self.prefixes.iter().any(|start| word.starts_with(start))
    }
}

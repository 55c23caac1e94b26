//! A few words around a match. The full-text index holds no text, so it is cut here.

use lorecast_model::{Field, Query};

/// How many words stand before and after the match.
const BEFORE: usize = 8;
const AFTER: usize = 16;

/// A snippet ends here whatever its words are, in characters.
const LONGEST: usize = 400;

/// A word to look for in the prose.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    word: String,
    prefix: bool,
}

/// The words of a search that may stand in the prose, in lower case; none of a `Not`.
pub(super) fn wanted(query: &Query) -> Vec<Wanted> {
    let mut found = Vec::new();
    let mut open = vec![query];
    while let Some(query) = open.pop() {
        match query {
            Query::Word { field: Field::Any | Field::Body, word, prefix } => {
                found.extend(tokens(word).map(|word| Wanted { word, prefix: *prefix }));
            }
            Query::Phrase { field: Field::Any | Field::Body, words } => {
                let tokens = words.iter().flat_map(|word| tokens(word.as_str()));
                found.extend(tokens.map(|word| Wanted { word, prefix: false }));
            }
            Query::And(all) | Query::Or(all) => open.extend(all.iter().rev()),
            _ => {}
        }
    }
    found
}

/// The words around the first that is wanted, on one line; empty when there is none.
pub(super) fn around(text: &str, wanted: &[Wanted]) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let fits = |word: &&str| tokens(word).any(|token| wanted.iter().any(|want| want.fits(&token)));
    let Some(at) = words.iter().position(fits) else { return String::new() };
    let (start, end) = (at.saturating_sub(BEFORE), (at + AFTER).min(words.len()));
    let mut snippet = words[start..end].join(" ");
    if let Some((cut, _)) = snippet.char_indices().nth(LONGEST) {
        snippet.truncate(cut);
    }
    if start > 0 {
        snippet.insert_str(0, "… ");
    }
    if end < words.len() {
        snippet.push_str(" …");
    }
    snippet
}

impl Wanted {
    fn fits(&self, token: &str) -> bool {
        if self.prefix { token.starts_with(&self.word) } else { token == self.word }
    }
}

fn tokens(text: &str) -> impl Iterator<Item = String> + '_ {
    let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(str::to_lowercase)
}

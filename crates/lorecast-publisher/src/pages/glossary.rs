//! What acronyms stand for, as a page.

use lorecast_model::Glossary;
use serde::Serialize;

use crate::text::one_line;

/// An acronym.
#[derive(Serialize)]
pub(super) struct TermView {
    acronym: String,
    /// What it stands for; several when it depends on what is spoken of.
    meanings: Vec<String>,
    /// How it is said, when not letter by letter.
    spoken: Option<String>,
}

/// The acronyms that stand for something, in the order of the alphabet.
pub(super) fn terms(glossary: &Glossary) -> Vec<TermView> {
    let mut terms: Vec<TermView> = glossary
        .0
        .iter()
        .filter(|(_, term)| !term.expansion.trim().is_empty())
        .map(|(acronym, term)| {
            // Without words beside which it holds, it is another spelling of the same.
            let others = term.also.iter().filter(|meaning| !meaning.near.is_empty());
            let others = others.map(|meaning| one_line(&meaning.expansion));
            TermView {
                acronym: one_line(acronym),
                meanings: std::iter::once(one_line(&term.expansion)).chain(others).collect(),
                spoken: term.spoken.as_deref().map(one_line),
            }
        })
        .collect();
    terms.sort_by_cached_key(|term| (term.acronym.to_lowercase(), term.acronym.clone()));
    terms
}

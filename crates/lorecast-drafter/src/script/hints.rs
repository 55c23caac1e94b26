//! How names and terms are said, beside their first mention.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use lorecast_model::{Glossary, Person};
use regex::Regex;
use serde::Serialize;

use crate::pattern::constant;

/// A name that is read aloud and that nobody has said how to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unspoken {
    /// As the script spells it.
    pub name: String,
    /// How often it stands there.
    pub times: usize,
}

/// A longer hint helps nobody.
const LONGEST: usize = 120;

/// Words and their spoken forms, each to be given once.
pub(super) struct Hints(BTreeMap<String, String>);

impl Hints {
    /// The hints that the show has for names and for terms that are not said letter by letter.
    pub fn new(people: &[Person], glossary: &Glossary) -> Self {
        let mut hints = BTreeMap::new();
        for (term, meaning) in &glossary.0 {
            hints.extend(hint(term, meaning.spoken.as_deref()));
        }
        for person in people {
            let say = person
                .say
                .clone()
                .or_else(|| person.ipa.as_ref().map(|ipa| format!("/{}/", ipa.trim_matches('/'))));
            for name in std::iter::once(&person.name).chain(&person.also) {
                hints.extend(hint(name, say.as_deref()));
            }
        }
        Self(hints)
    }

    /// Puts every hint that is due behind the first mention of its word.
    pub fn give(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for (at, word) in self.found_in(text) {
            // At one place the longest name counts: `Ann` is no mention where `Ann Example` stands.
            let Some(hint) = self.0.get(&word).filter(|_| at >= done).cloned() else { continue };
            let end = at + word.len();
            let end = end + rest(&text[end..]);
            out.push_str(&text[done..end]);
            out.push_str(&format!(" [{hint}]"));
            done = end + repeated(&text[end..], &hint);
            if text[done..].starts_with('(') {
                out.push(' ');
            }
            // Every spelling of a person has the same hint, which is due once.
            self.0.retain(|other, said| *other != word && *said != hint);
        }
        out.push_str(&text[done..]);
        out
    }

    /// Every mention, from the first to the last; at one place the longest word first.
    fn found_in(&self, text: &str) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for word in self.0.keys() {
            found.extend(mentions(text, word).map(|at| (at, word.clone())));
        }
        found.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.len().cmp(&a.1.len())));
        // What lies inside a longer mention is none, whether that one is still due or not.
        let mut end = 0;
        found.retain(|(at, word)| {
            let free = *at >= end;
            end = if free { at + word.len() } else { end };
            free
        });
        found
    }
}

/// The length of the hint where a text begins with it, as notes that people wrote may.
fn repeated(text: &str, hint: &str) -> usize {
    let aside = format!(" ({hint})");
    let plain = &aside[2..aside.len() - 1];
    let Some(inner) = text.strip_prefix(' ') else { return 0 };
    match (text.starts_with(&aside), inner.strip_prefix(plain)) {
        (true, _) => aside.len(),
        (false, Some(rest)) if !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-') => {
            1 + plain.len()
        }
        _ => 0,
    }
}

fn hint(word: &str, say: Option<&str>) -> Option<(String, String)> {
    let say: String =
        say?.chars().filter(|c| !"[]<>*`_\\&".contains(*c) && !c.is_control()).collect();
    let say = say.split_whitespace().collect::<Vec<_>>().join(" ");
    let useful = !say.is_empty() && say.chars().count() <= LONGEST && !word.trim().is_empty();
    // A word that is said as it is written, or letter by letter, needs no hint.
    let letters = say.split(' ').all(|part| part.chars().count() == 1)
        && say.replace(' ', "").eq_ignore_ascii_case(word);
    (useful && say != word && !letters).then(|| (word.trim().to_owned(), say))
}

/// The length of what still belongs to the word before: the `-V` of `RISC-V`, and `’s`.
fn rest(text: &str) -> usize {
    let mut end = 0;
    while let Some(part) = text[end..].strip_prefix('-') {
        let letters = part.find(|c: char| !c.is_alphanumeric()).unwrap_or(part.len());
        if letters == 0 {
            break;
        }
        end += 1 + letters;
    }
    let owner = ["’s", "'s"].iter().find(|owner| text[end..].starts_with(**owner));
    end + owner.map_or(0, |owner| owner.len())
}

/// Where a word or name stands as a whole.
fn mentions<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let before = text[..*at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(inside) && !after.is_some_and(inside)
    })
}

/// The names that a text says and for which there is no spoken form, the most frequent first. Of two
/// names at one place the longer is meant.
pub(super) fn unspoken(text: &str, names: &[String], people: &[Person]) -> Vec<Unspoken> {
    let has_form = |person: &&Person| {
        let own = person.own.as_ref().is_some_and(|own| own.say.is_some() || own.ipa.is_some());
        own || person.say.is_some() || person.ipa.is_some()
    };
    let known: BTreeSet<&str> = people
        .iter()
        .filter(has_form)
        .flat_map(|person| {
            let own = person.own.as_ref().and_then(|own| own.name.as_ref());
            std::iter::once(&person.name).chain(&person.also).chain(own)
        })
        .map(String::as_str)
        .collect();
    let said = words(text).collect::<BTreeSet<_>>();
    let mut names: Vec<&str> = names
        .iter()
        .map(|name| name.trim())
        .filter(|name| !name.is_empty() && words(name).all(|word| said.contains(word)))
        .collect();
    names.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
    names.dedup();
    let mut taken: Vec<Range<usize>> = Vec::new();
    let mut found: Vec<Unspoken> = Vec::new();
    for name in names {
        let free = |at: &usize| !taken.iter().any(|range| range.contains(at));
        let places: Vec<usize> = mentions(text, name).filter(free).collect();
        if !places.is_empty() && !known.contains(name) {
            found.push(Unspoken { name: name.to_owned(), times: places.len() });
        }
        taken.extend(places.into_iter().map(|at| at..at + name.len()));
    }
    found.sort_by(|a, b| b.times.cmp(&a.times).then(a.name.cmp(&b.name)));
    found
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// A first name, initials, and what follows: in words of which each has a capital and small letters.
static FULL_NAME: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"\b(\p{Lu}\p{Ll}{2,19})(?: \p{Lu}\.){0,2}(?: (?:van|von|de|der|den|da|di|la|le|al|bin)){0,2}(?: \p{Lu}[\p{L}’']*\p{Ll}[\p{L}’']*(?:-\p{Lu}\p{Ll}+)?){1,2}",
    )
});
/// So many people have a first name that is taken for one.
const FEWEST_NAMESAKES: usize = 3;

/// What looks like somebody's name in a text: of the people known, several have its first part as
/// their first name.
pub(super) fn likely_names(text: &str, known: &[String]) -> Vec<String> {
    let mut namesakes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for name in known {
        if let Some((first, last)) = name.split_once(' ') {
            namesakes.entry(first).or_default().insert(last);
        }
    }
    let is_first = |name: &str| namesakes.get(name).is_some_and(|o| o.len() >= FEWEST_NAMESAKES);
    let full = FULL_NAME.captures_iter(text).filter(|found| is_first(&found[1]));
    full.map(|found| found[0].to_owned()).collect()
}

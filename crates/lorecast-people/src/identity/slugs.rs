//! Ids of persons: the letters of the name in ASCII, numbered where several bear it.

use std::collections::HashSet;

use lorecast_model::PersonId;

/// The longest id before its number, in characters.
const MAX_SLUG: usize = 60;

/// Ids for names in that order, each once.
pub(super) fn number<'a>(names: impl Iterator<Item = &'a str>) -> Vec<PersonId> {
    let mut taken: HashSet<String> = HashSet::new();
    let mut counts = std::collections::HashMap::<String, usize>::new();
    let mut next = |name: &str| {
        let slug = slug(name);
        let count = counts.entry(slug.clone()).or_default();
        loop {
            *count += 1;
            let id = if *count == 1 { slug.clone() } else { format!("{slug}-{count}") };
            if taken.insert(id.clone()) {
                return PersonId(id);
            }
        }
    };
    names.map(&mut next).collect()
}

fn slug(name: &str) -> String {
    let plain = deunicode::deunicode(name).to_lowercase();
    let plain: String = plain.chars().filter(|c| *c != '\'').collect();
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = String::new();
    for word in words {
        let dash = usize::from(!slug.is_empty());
        if slug.len() + dash + word.len() > MAX_SLUG {
            slug.extend(word.chars().take(if slug.is_empty() { MAX_SLUG } else { 0 }));
            break;
        }
        if dash == 1 {
            slug.push('-');
        }
        slug.push_str(word);
    }
    if slug.is_empty() { "nameless".to_owned() } else { slug }
}

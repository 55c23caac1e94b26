//! Ids of persons: the letters of the name in ASCII, numbered where several bear it.
//!
//! Chinese characters are read in many ways: as Mandarin only where the name is said to be Chinese.
//! Else the letters beside them make the id, and if there are none, the numbers that Unicode gives
//! them: `person-5c71-672c`. Such an id is plain, but nobody's name is read wrongly, and it depends on
//! the name alone.

use std::collections::HashSet;

use lorecast_model::PersonId;

/// The longest id before its number, in characters.
const MAX_SLUG: usize = 60;

/// Ids for names and their languages (RFC 5646) in that order, each once.
pub(super) fn number<'a>(names: impl Iterator<Item = (&'a str, Option<&'a str>)>) -> Vec<PersonId> {
    let mut taken: HashSet<String> = HashSet::new();
    let mut counts = std::collections::HashMap::<String, usize>::new();
    let mut next = |(name, lang): (&str, Option<&str>)| {
        let slug = slug(name, lang);
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

fn slug(name: &str, lang: Option<&str>) -> String {
    let chinese = lang.is_some_and(|lang| lang.to_lowercase().split('-').next() == Some("zh"));
    if chinese || !name.contains(is_han) {
        return dashed(&deunicode::deunicode(name));
    }
    let is_latin = |c: char| c < '\u{250}' && c.is_alphabetic();
    if name.contains(is_latin) {
        return dashed(&deunicode::deunicode(&name.replace(|c| !is_latin(c), " ")));
    }
    let number =
        |c: char| if c.is_alphanumeric() { format!("{:x} ", u32::from(c)) } else { String::new() };
    dashed(&format!("person {}", name.chars().map(number).collect::<String>()))
}

/// Whether it is a Chinese character, wherever it is used (`Han` of Unicode's Scripts.txt).
fn is_han(c: char) -> bool {
    matches!(c, '\u{3005}' | '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
        || matches!(c, '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The words of ASCII letters and figures, in small letters and with dashes, cut.
fn dashed(plain: &str) -> String {
    let plain: String = plain.to_lowercase().chars().filter(|c| *c != '\'').collect();
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

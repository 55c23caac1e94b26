//! Tells whether words spell an acronym out.

use lorecast_model::Term;

use super::english::is_small;

/// The most words of an expansion that a text gives.
pub(super) const MOST_WORDS: usize = 12;

/// The words of a phrase in small letters and in the singular, with spaces between and around.
pub(super) fn plain(phrase: &str) -> String {
    let words = phrase.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut plain = String::from(" ");
    for word in words {
        plain.push_str(&singular(&word.to_lowercase()));
        plain.push(' ');
    }
    plain
}

/// Whether a phrase is one of the term's expansions, or made of words that begin with its letters.
pub(super) fn spells(phrase: &str, acronym: &str, term: Option<&Term>) -> bool {
    is_expansion(phrase, term) || initials(phrase, acronym)
}

/// Whether a phrase is what the glossary has for a term; a term that everybody knows may be explained
/// in any words.
pub(super) fn means(phrase: &str, term: &Term) -> bool {
    expansions(term).all(str::is_empty) || is_expansion(phrase, Some(term))
}

/// Whether a phrase is one of the term's expansions, whatever its case, hyphens and number.
fn is_expansion(phrase: &str, term: Option<&Term>) -> bool {
    let joined = |phrase: &str| plain(phrase).replace(' ', "");
    let phrase = joined(phrase);
    term.is_some_and(|term| expansions(term).any(|own| !own.is_empty() && joined(own) == phrase))
}

/// Every expansion of a term, the commonest first.
pub(super) fn expansions(term: &Term) -> impl Iterator<Item = &str> {
    let also = term.also.iter().map(|meaning| meaning.expansion.as_str());
    std::iter::once(term.expansion.as_str()).chain(also)
}

/// Whether each word begins with the next letter of the acronym and the letters are used up. Small
/// words and what follows a hyphen may be left out.
fn initials(phrase: &str, acronym: &str) -> bool {
    let mut words: Vec<(String, bool)> = Vec::new();
    for compound in phrase.split_whitespace().take(MOST_WORDS + 1) {
        let parts = compound.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
        words.extend(parts.enumerate().map(|(at, part)| {
            let part = part.to_lowercase();
            let optional = at > 0 || is_small(&part);
            (part, optional)
        }));
    }
    let letters: Vec<char> =
        acronym.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let joins = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '/' | '\'' | '’');
    (2..=MOST_WORDS).contains(&words.len())
        && letters.len() >= 2
        && phrase.trim().chars().all(joins)
        && phrase.chars().any(char::is_lowercase)
        && begin(&words, &letters)
}

fn begin(words: &[(String, bool)], letters: &[char]) -> bool {
    let Some(((word, optional), rest)) = words.split_first() else { return letters.is_empty() };
    if *optional && begin(rest, letters) {
        return true;
    }
    let Some((first, mut left)) = letters.split_first() else { return false };
    let mut inside = word.chars();
    if inside.next() != Some(*first) {
        return false;
    }
    // A word may give more letters than its first: `eXtensible`, `InterProcessor`.
    loop {
        if begin(rest, left) {
            return true;
        }
        let Some((next, after)) = left.split_first() else { return false };
        if !inside.any(|c| c == *next) {
            return false;
        }
        left = after;
    }
}

fn singular(word: &str) -> String {
    let stem = |end: &str| word.strip_suffix(end).filter(|stem| stem.len() > 2);
    if let Some(stem) = stem("ies") {
        format!("{stem}y")
    } else if let Some(stem) = stem("sses").or_else(|| stem("xes")) {
        format!("{stem}{}", if word.ends_with("xes") { "x" } else { "ss" })
    } else if word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        word.to_owned()
    } else {
        stem("s").unwrap_or(word).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(phrase: &str, acronym: &str) -> bool {
        spells(phrase, acronym, None)
    }

    #[test]
    fn words_that_begin_with_the_letters_spell_it_out() {
        assert!(check("Infrastructure Data Path Function", "IDPF"));
        assert!(check("class of service", "CLOS"));
        assert!(check("translation look-aside buffers", "TLB"));
        assert!(check("Non-Uniform Memory Access", "NUMA"));
        assert!(!check("see below", "RCU"));
        assert!(!check("Red Hat", "RCU"));
        assert!(!check("Request For Comments", "RF"));
    }

    #[test]
    fn the_number_and_the_hyphens_make_no_difference() {
        let term = Term { expansion: "Page Table Entry".to_owned(), ..Term::default() };
        assert!(is_expansion("page-table entries", Some(&term)));
        assert!(!is_expansion("page table", Some(&term)));
    }
}

//! Words of titles that `ranking.yaml` lists.

use std::collections::{BTreeMap, BTreeSet};

/// A list of words and phrases, ready to be looked for. Case, punctuation and a plural `s` make no
/// difference; `*` at the end of a word stands for more letters or digits.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    /// Phrases by their first word; a single word has nothing behind it.
    phrases: BTreeMap<String, Vec<Vec<String>>>,
    beginnings: Vec<String>,
}

impl Words {
    pub fn new<'a>(list: impl IntoIterator<Item = &'a String>) -> Self {
        let mut words = Self::default();
        for entry in list {
            if let Some(beginning) = entry.trim().strip_suffix('*') {
                words.beginnings.push(beginning.to_lowercase());
                continue;
            }
            let mut tokens = tokens(entry).into_iter();
            if let Some(first) = tokens.next() {
                words.phrases.entry(first).or_default().push(tokens.collect());
            }
        }
        words.beginnings.retain(|beginning| !beginning.is_empty());
        words
    }

    /// The different words of a title that are listed, in their order.
    pub fn of(&self, title: &str) -> Vec<String> {
        let tokens = tokens(title);
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for at in 0..tokens.len() {
            if let Some(length) = self.length_at(&tokens[at..]) {
                let words = tokens[at..at + length].join(" ");
                if seen.insert(words.clone()) {
                    found.push(words);
                }
            }
        }
        found
    }

    /// How many words the entry has that the tokens begin with.
    fn length_at(&self, tokens: &[String]) -> Option<usize> {
        let (first, rest) = tokens.split_first()?;
        let forms = [first.as_str(), first.strip_suffix('s').unwrap_or(first)];
        let phrases = forms.iter().filter_map(|form| self.phrases.get(*form)).flatten();
        let fits = |phrase: &&Vec<String>| {
            phrase.len() <= rest.len()
                && phrase.iter().zip(rest).all(|(a, b)| a == b || b.strip_suffix('s') == Some(a))
        };
        let whole = phrases.filter(fits).map(|phrase| phrase.len() + 1).max();
        let begun = || self.beginnings.iter().any(|start| first.starts_with(start.as_str()));
        whole.or_else(|| begun().then_some(1))
    }
}

/// A title's words in lower case.
fn tokens(title: &str) -> Vec<String> {
    let parts = title.split(|c: char| !c.is_alphanumeric() && c != '_');
    parts.filter(|part| !part.is_empty()).map(str::to_lowercase).collect()
}

/// The part of the project that a title names: `x86` of `x86/mm: fold it`.
pub(super) fn part(title: &str) -> Option<String> {
    const LONGEST: usize = 40;
    let (prefix, _) = title.split_once(':')?;
    let plain = |c: char| c.is_alphanumeric() || "_-/., +".contains(c);
    let named = !prefix.is_empty() && prefix.len() <= LONGEST && prefix.chars().all(plain);
    named.then(|| tokens(prefix).into_iter().next()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whatever_stands_around_them() {
        let list = ["page", "system call", "ath*", "dt-bindings"].map(str::to_owned);
        let found = |title: &str| Words::new(&list).of(title).join(", ");
        assert_eq!(found("mm: fold Pages/page tables"), "pages, page");
        assert_eq!(found("a new System-Call, two system calls"), "system call, system calls");
        assert_eq!(found("wifi: ath11k: DT bindings"), "ath11k, dt bindings");
        assert_eq!(found("paged systems"), "");
        assert!(Words::new(&["*".to_owned(), " ".to_owned()]).of("anything at all").is_empty());
    }

    #[test]
    fn titles_name_a_part() {
        assert_eq!(part("x86/mm: fold it").as_deref(), Some("x86"));
        assert_eq!(part("mm, cgroup: fold it").as_deref(), Some("mm"));
        assert_eq!(part("Fold (all): it"), None);
        assert_eq!(part("Fold it"), None);
    }
}

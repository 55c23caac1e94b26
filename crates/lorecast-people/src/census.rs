//! How many bear a name: the more, the less does an equal name say.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::names::FullName;

/// So many people are behind the lists of a large project, even when few of them are at hand.
const AT_LEAST: f64 = 10_000.0;
/// Of them, how many bear a word of our table at least, by its kind.
const BEARERS: [(&str, f64); 4] =
    [("syllables", 100.0), ("families", 100.0), ("some", 20.0), ("given", 100.0)];
/// How many bear a given name of one syllable beside a family name of the kind `syllables`.
const SYLLABLE_BEARERS: f64 = 50.0;
/// How many have an initial.
const INITIAL_BEARERS: f64 = 500.0;
/// The longest syllable, in letters.
const SYLLABLE: usize = 4;
/// From so many namesakes on (as the words' frequency lets expect), an equal name says little.
const MANY: f64 = 0.5;
/// Up to so many, it says much.
const FEW: f64 = 0.05;

/// Words that very many bear, whatever the mails at hand show: the kind of each.
static WIDESPREAD: LazyLock<FxHashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let lines = include_str!("widespread.txt").lines().filter(|line| !line.starts_with('#'));
    let kinds = lines.filter_map(|line| line.split_once(':'));
    let words = |(kind, words): (&'static str, &'static str)| {
        words.split_whitespace().map(move |word| (word, kind))
    };
    // The first kind that a word stands under holds.
    let mut table = FxHashMap::default();
    for (word, kind) in kinds.flat_map(words) {
        table.entry(word).or_insert(kind);
    }
    table
});

/// The words of all names at hand.
#[derive(Debug, Default)]
pub(crate) struct Census {
    /// How many different full names have each word.
    words: FxHashMap<String, u32>,
    names: u32,
}

impl Census {
    /// Counts each different full name once.
    pub(crate) fn of<'a>(names: impl Iterator<Item = &'a FullName>) -> Self {
        let mut census = Self::default();
        let mut seen: FxHashSet<String> = FxHashSet::default();
        for name in names.filter(|name| name.is_full()) {
            let Some(key) = name.keys().into_iter().next() else { continue };
            if seen.insert(key) {
                census.names += 1;
                for word in &name.words {
                    *census.words.entry(word.clone()).or_default() += 1;
                }
            }
        }
        census
    }

    /// Whether several people of that name are to be expected.
    pub(crate) fn is_common(&self, name: &FullName) -> bool {
        self.namesakes(name) >= MANY
    }

    /// Whether an equal name is hardly by chance: few are to be expected, and the family name is
    /// none of the most widespread.
    pub(crate) fn is_rare(&self, name: &FullName) -> bool {
        let family = |word: &String| matches!(kind(word), Some("syllables" | "families"));
        !name.words.iter().any(family) && self.namesakes(name) < FEW
    }

    /// How many others of that name are to be expected, if its words were drawn by lot.
    fn namesakes(&self, name: &FullName) -> f64 {
        let people = f64::from(self.names).max(AT_LEAST);
        let syllables = name.words.iter().any(|word| kind(word) == Some("syllables"));
        let bearers = name.words.iter().map(|word| {
            let others = self.words.get(word).copied().unwrap_or(0).saturating_sub(1);
            let table = BEARERS.iter().find(|(name, _)| kind(word) == Some(name));
            let letters = word.chars().count();
            let syllable = syllables && letters <= SYLLABLE;
            let least = match table {
                Some((_, bearers)) => *bearers,
                None if letters == 1 => INITIAL_BEARERS,
                None if syllable => SYLLABLE_BEARERS,
                None => 0.0,
            };
            f64::from(others).max(least) / people
        });
        bearers.product::<f64>() * people
    }
}

fn kind(word: &str) -> Option<&'static str> {
    WIDESPREAD.get(word).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_rare_common_or_between() {
        let others =
            ["Ann Quopp", "Ann Querr", "Bo Quopp"].map(|name| FullName::read(name).unwrap());
        let census = Census::of(others.iter());
        for (name, told) in [
            ("Zoltan Quill", "rare"),
            ("Ann Quopp", "rare"),
            ("John Quopp", "rare"),
            ("John Smith", "between"),
            ("Zoltan Gupta", "between"),
            ("Xiaoming Wang", "between"),
            ("Wei Wang", "common"),
            ("Wang Wei", "common"),
            ("J Wang", "common"),
        ] {
            let name = FullName::read(name).unwrap();
            let is = match (census.is_rare(&name), census.is_common(&name)) {
                (true, false) => "rare",
                (false, true) => "common",
                _ => "between",
            };
            assert_eq!(is, told, "{:?}", name.words);
        }
    }
}

//! How many bear a name: the more, the less does an equal name say.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::names::FullName;

/// From so many namesakes on (as the words' frequency lets expect), an equal name says little.
const MANY: f64 = 0.5;

/// Family names that millions bear, whatever the mails at hand show. Folded as names are.
const WIDESPREAD: [&str; 88] = [
    "ahmed", "ali", "anderson", "brown", "cai", "cao", "chang", "chen", "cheng", "choi", "clark",
    "das", "davis", "deng", "ding", "dong", "du", "evans", "fan", "feng", "fu", "gao", "garcia",
    "guo", "gupta", "han", "he", "hu", "huang", "jain", "jiang", "johnson", "jones", "khan", "kim",
    "kumar", "lee", "lewis", "li", "liang", "lin", "liu", "lu", "luo", "ma", "martin", "martinez",
    "miller", "moore", "muller", "nguyen", "pan", "park", "patel", "peng", "reddy", "rao", "shah",
    "sharma", "shen", "shi", "singh", "smith", "song", "su", "sun", "tang", "taylor", "thomas",
    "tian", "tran", "verma", "wang", "wei", "white", "williams", "wilson", "wu", "xie", "xu",
    "yang", "ye", "yu", "yuan", "zeng", "zhang", "zhao", "zhou",
];

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
        let names = f64::from(self.names.max(1));
        let others = name.words.iter().map(|word| self.others(word) / names);
        others.product::<f64>() * names >= MANY
    }

    /// Whether nobody else has one of the words, and none is widespread.
    pub(crate) fn is_rare(&self, name: &FullName) -> bool {
        name.words.iter().all(|word| WIDESPREAD.binary_search(&word.as_str()).is_err())
            && name.words.iter().any(|word| word.chars().count() > 2 && self.others(word) < 1.0)
    }

    /// How many other names have the word.
    fn others(&self, word: &str) -> f64 {
        f64::from(self.words.get(word).copied().unwrap_or(0).saturating_sub(1))
    }
}

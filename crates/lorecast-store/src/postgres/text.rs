//! The part of a search that is about text: as a query of the index, and looked for in a message.

use lorecast_model::{Field, Fields};

use super::said::{self, Said};
use crate::sought::{self, Sought, WEIGHTS};

/// What relevance is made of (BM25), as in FTS5.
const K1: f64 = 1.2;
const B: f64 = 0.75;

/// No lexeme is longer, in bytes: nothing has such a word.
const LONGEST: usize = 2_000;

/// Text that is looked for.
#[derive(Debug)]
pub(super) enum Text {
    /// Words in some fields.
    Leaf(Leaf),
    /// All of these.
    All(Vec<Text>),
    /// Any of these.
    Any(Vec<Text>),
}

/// Words in some fields.
#[derive(Debug)]
pub(super) struct Leaf {
    fields: Fields,
    what: What,
}

#[derive(Debug)]
enum What {
    Word(String),
    Prefix(String),
    /// Side by side.
    Phrase(Vec<String>),
}

impl Text {
    /// What is sought in some fields; none when that is nowhere.
    pub(super) fn of(fields: Fields, sought: &Sought) -> Option<Self> {
        fields.iter().next()?;
        let leaf = |what| Self::Leaf(Leaf { fields, what });
        let found = match sought {
            Sought::Prefix(word) if word.is_empty() => return None,
            Sought::Prefix(word) => leaf(What::Prefix(word.clone())),
            Sought::Phrase(words) => match words.as_slice() {
                [] => return None,
                [word] => leaf(What::Word(word.clone())),
                words => leaf(What::Phrase(words.to_vec())),
            },
            Sought::Any(words) if words.iter().all(String::is_empty) => return None,
            Sought::Any(words) => {
                Self::Any(words.iter().map(|word| leaf(What::Word(word.clone()))).collect())
            }
        };
        Some(match sought::blob(fields, sought) {
            Some((fields, name)) => {
                let what = What::Prefix(name.to_owned());
                Self::Any(vec![found, Self::Leaf(Leaf { fields, what })])
            }
            None => found,
        })
    }

    /// Whether the index alone can tell: it does not know which words stand side by side.
    pub(super) fn is_exact(&self) -> bool {
        self.leaves().iter().all(|leaf| !matches!(leaf.what, What::Phrase(_)))
    }

    /// All the fields that are looked into.
    pub(super) fn fields(&self) -> Fields {
        self.leaves().iter().fold(Fields::default(), |all, leaf| all.with(leaf.fields))
    }

    /// What is looked for, in order.
    pub(super) fn leaves(&self) -> Vec<&Leaf> {
        match self {
            Self::Leaf(leaf) => vec![leaf],
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::leaves).collect(),
        }
    }

    /// As a `tsquery`. It finds at least what fits: words of a phrase may stand apart.
    pub(super) fn tsquery(&self) -> String {
        match self {
            Self::Leaf(leaf) => leaf.tsquery(),
            Self::All(parts) => balanced(parts.iter().map(Self::tsquery).collect(), '&'),
            Self::Any(parts) => balanced(parts.iter().map(Self::tsquery).collect(), '|'),
        }
    }

    /// Whether a message fits.
    pub(super) fn fits(&self, said: &Said) -> bool {
        match self {
            Self::Leaf(leaf) => leaf.places(said).next().is_some(),
            Self::All(parts) => parts.iter().all(|part| part.fits(said)),
            Self::Any(parts) => parts.iter().any(|part| part.fits(said)),
        }
    }

    /// Adds up what each leaf counts in a message: none of them where the part around it does not fit.
    fn weigh(&self, said: &Said, counts: &mut Vec<f64>) -> bool {
        let before = counts.len();
        let fits = match self {
            Self::Leaf(leaf) => {
                let places = leaf.places(said);
                // One by one, as FTS5 does: sums of fractions depend on their order.
                counts.push(places.fold(0.0, |sum, field| sum + WEIGHTS[field as usize]));
                counts[before] > 0.0
            }
            // All of them are asked, whatever the first ones say: each has its place in the counts.
            Self::All(parts) => parts.iter().filter(|part| !part.weigh(said, counts)).count() == 0,
            Self::Any(parts) => parts.iter().filter(|part| part.weigh(said, counts)).count() > 0,
        };
        if !fits {
            counts[before..].fill(0.0);
        }
        fits
    }
}

impl Leaf {
    /// As a text of its own.
    pub(super) fn alone(&self) -> Text {
        let what = match &self.what {
            What::Word(word) => What::Word(word.clone()),
            What::Prefix(word) => What::Prefix(word.clone()),
            What::Phrase(words) => What::Phrase(words.clone()),
        };
        Text::Leaf(Self { fields: self.fields, what })
    }

    fn tsquery(&self) -> String {
        let lexeme = |field: Field, word: &str| {
            // A lexeme that is too long is nowhere; neither is one of the letter alone.
            let word = if word.len() > LONGEST { "" } else { word };
            format!("'{}{}'", said::letter(field), word.replace('\\', "\\\\").replace('\'', "''"))
        };
        let of_field = |field: Field| match &self.what {
            What::Word(word) => lexeme(field, word),
            What::Prefix(word) if word.len() > LONGEST => lexeme(field, ""),
            What::Prefix(word) => format!("{}:*", lexeme(field, word)),
            What::Phrase(words) => {
                balanced(words.iter().map(|word| lexeme(field, word)).collect(), '&')
            }
        };
        balanced(self.fields.iter().map(of_field).collect(), '|')
    }

    /// The field of each place where it stands, field by field.
    fn places<'s>(&'s self, said: &'s Said) -> impl Iterator<Item = Field> + 's {
        self.fields.iter().flat_map(move |field| {
            let count = self.what.count(said.of(field));
            std::iter::repeat_n(field, count)
        })
    }
}

impl What {
    /// How often it stands in a text of joined words.
    fn count(&self, joined: &str) -> usize {
        let words = said::each(joined);
        match self {
            Self::Word(word) => words.filter(|found| found == word).count(),
            Self::Prefix(start) => words.filter(|found| found.starts_with(start.as_str())).count(),
            Self::Phrase(_) if !self.may_be_in(joined) => 0,
            Self::Phrase(phrase) => {
                let words: Vec<&str> = words.collect();
                words.windows(phrase.len()).filter(|part| *part == phrase.as_slice()).count()
            }
        }
    }

    /// A quick look, which most texts do not pass.
    fn may_be_in(&self, joined: &str) -> bool {
        match self {
            Self::Phrase(words) => joined.contains(&words.join(" ")),
            Self::Word(_) | Self::Prefix(_) => true,
        }
    }
}

/// How well messages fit: BM25 with weights by field.
pub(super) struct Relevance {
    /// How much each leaf says, by how rare it is.
    rarity: Vec<f64>,
    /// How many words a message has on average.
    average: f64,
}

impl Relevance {
    /// For so many messages with so many words, of which so many have each leaf.
    pub(super) fn new(messages: i64, words: i64, hits: &[i64]) -> Self {
        let rarity = hits.iter().map(|&hits| {
            let rarity = ((messages - hits) as f64 + 0.5) / (hits as f64 + 0.5);
            Some(rarity.ln()).filter(|rarity| *rarity > 0.0).unwrap_or(1e-6)
        });
        Self { rarity: rarity.collect(), average: words as f64 / messages as f64 }
    }

    /// How well a message of so many words fits; the least is the best.
    pub(super) fn of(&self, text: &Text, said: &Said, words: i64) -> f64 {
        let mut counts = Vec::with_capacity(self.rarity.len());
        text.weigh(said, &mut counts);
        let length = words as f64;
        let score = self.rarity.iter().zip(counts).fold(0.0, |score, (rarity, count)| {
            score
                + rarity
                    * ((count * (K1 + 1.0)) / (count + K1 * (1.0 - B + B * length / self.average)))
        });
        -score
    }
}

/// Parts joined so that no chain of them gets long: PostgreSQL reads chains by recursion.
pub(super) fn balanced(mut parts: Vec<String>, by: char) -> String {
    match parts.len() {
        0 => String::new(),
        1 => parts.remove(0),
        count => {
            let right = parts.split_off(count / 2);
            format!("({} {by} {})", balanced(parts, by), balanced(right, by))
        }
    }
}

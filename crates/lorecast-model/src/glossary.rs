//! What acronyms stand for.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// `glossary.yaml`: acronyms, each with what it stands for. A show's own entries come before ours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Glossary(pub BTreeMap<String, Term>);

/// One acronym. Where only the expansion is to be told, it may stand alone: `RCU: Read Copy Update`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Term {
    /// What it stands for, in the singular; empty for what everybody knows and nobody spells out.
    pub expansion: String,
    /// How it is said, when not letter by letter: "sequel", "numa".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spoken: Option<String>,
    /// What else it stands for, or how else that is spelt.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Meaning>,
}

/// Another meaning of an acronym, or another spelling of the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meaning {
    /// What it stands for, in the singular.
    pub expansion: String,
    /// Words, in any case, beside which this is what it stands for. Without any it is only another
    /// way to spell it out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub near: Vec<String>,
}

impl<'de> Deserialize<'de> for Glossary {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Terms)
    }
}

struct Terms;

impl<'de> Visitor<'de> for Terms {
    type Value = Glossary;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("acronyms, each with what it stands for")
    }

    fn visit_unit<E: Error>(self) -> Result<Glossary, E> {
        Ok(Glossary::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Glossary, A::Error> {
        let mut terms = BTreeMap::new();
        while let Some(acronym) = map.next_key_seed(NewKey(&terms))? {
            terms.insert(acronym, map.next_value()?);
        }
        Ok(Glossary(terms))
    }
}

/// A key that did not stand before: twice is a slip of the pen. Said while the key is read, so that
/// the error has its line.
struct NewKey<'a>(&'a BTreeMap<String, Term>);

impl<'de> DeserializeSeed<'de> for NewKey<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<String, D::Error> {
        from.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for NewKey<'_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an acronym")
    }

    fn visit_str<E: Error>(self, acronym: &str) -> Result<String, E> {
        if self.0.contains_key(acronym) {
            return Err(E::custom(format!("`{acronym}` stands here twice")));
        }
        Ok(acronym.to_owned())
    }
}

/// [`Term`] as its fields.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Fields {
    expansion: String,
    spoken: Option<String>,
    also: Vec<Meaning>,
}

impl<'de> Deserialize<'de> for Term {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(OneTerm)
    }
}

struct OneTerm;

impl<'de> Visitor<'de> for OneTerm {
    type Value = Term;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what the acronym stands for, or `expansion:`, `spoken:` and `also:`")
    }

    fn visit_unit<E: Error>(self) -> Result<Term, E> {
        Ok(Term::default())
    }

    fn visit_str<E: Error>(self, expansion: &str) -> Result<Term, E> {
        Ok(Term { expansion: expansion.to_owned(), ..Term::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Term, A::Error> {
        let Fields { expansion, spoken, also } =
            Fields::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Term { expansion, spoken, also })
    }
}

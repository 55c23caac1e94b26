//! The words of a message: as lexemes for the index, and in their order to look into.

use std::error::Error;

use bytes::BytesMut;
use lorecast_model::{Field, Fields};
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::fault::Fault;
use crate::entry;
use crate::pack;

/// The most bytes of lexemes that a row of PostgreSQL indexes (a megabyte less one), with room to spare.
const INDEXED: usize = 1_000_000;

/// Fields of text, which are long; the others are short, and looked into far more often.
const LONG: Fields = Fields::of(&[
    Field::Unquoted,
    Field::Quoted,
    Field::Removed,
    Field::Added,
    Field::Hunk,
    Field::Context,
]);

/// The letter that stands before the words of a field.
pub(super) fn letter(field: Field) -> char {
    char::from(b'a' + field as u8)
}

/// The words of a message, ready to be kept.
pub(super) struct Prepared {
    /// Whether the lexemes are all there.
    pub(super) whole: bool,
    /// How many words there are.
    pub(super) count: i64,
    /// What is found by the index.
    pub(super) lexemes: Lexemes,
    /// The words of the short fields, packed.
    pub(super) brief: Vec<u8>,
    /// The words of the long fields, packed.
    pub(super) long: Vec<u8>,
}

/// Makes the words of a message ready; each stands behind a space.
pub(super) fn prepare(words: &[String; Field::ALL.len()]) -> Prepared {
    let mut all: Vec<(u8, &str)> = Vec::new();
    for field in Field::ALL {
        let letter = letter(field) as u8;
        all.extend(each(&words[field as usize]).map(|word| (letter, word)));
    }
    let count = all.len() as i64;
    all.sort_unstable();
    all.dedup();
    let size: usize = all.iter().map(|(_, word)| word.len() + 1).sum();
    let whole = size <= INDEXED;
    if !whole {
        all.clear();
    }
    let packed = |long: bool| {
        let fields = Field::ALL.into_iter().filter(|field| LONG.has(*field) == long);
        let texts: Vec<&str> = fields.map(|field| words[field as usize].as_str()).collect();
        entry::pack(texts.join("\n").as_bytes())
    };
    Prepared { whole, count, lexemes: Lexemes::of(&all), brief: packed(false), long: packed(true) }
}

/// The words of a text of joined words.
pub(super) fn each(joined: &str) -> impl Iterator<Item = &str> {
    joined.split(' ').filter(|word| !word.is_empty())
}

/// Different lexemes in the order of their bytes, as PostgreSQL receives a `tsvector`.
#[derive(Debug)]
pub(super) struct Lexemes(Vec<u8>);

impl Lexemes {
    fn of(all: &[(u8, &str)]) -> Self {
        let mut bytes =
            Vec::with_capacity(4 + all.iter().map(|(_, word)| word.len() + 4).sum::<usize>());
        bytes.extend((all.len() as u32).to_be_bytes());
        for (letter, word) in all {
            bytes.push(*letter);
            bytes.extend(word.as_bytes());
            // The end of the text, and no positions.
            bytes.extend([0, 0, 0]);
        }
        Self(bytes)
    }
}

impl ToSql for Lexemes {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        out.extend_from_slice(&self.0);
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::TS_VECTOR
    }

    to_sql_checked!();
}

/// The words of a message by field, to look into.
pub(super) struct Said([String; Field::ALL.len()]);

impl Said {
    /// Whether what is looked for in these fields may be in the long ones.
    pub(super) fn needs_long(fields: Fields) -> bool {
        fields.iter().any(|field| LONG.has(field))
    }

    /// Unpacks the short fields, and the long ones when they are given.
    pub(super) fn unpack(brief: &[u8], long: Option<&[u8]>) -> Result<Self, Fault> {
        let mut said = Self(Default::default());
        for (packed, is_long) in [(Some(brief), false), (long, true)] {
            let Some(packed) = packed else { continue };
            let text = String::from_utf8(pack::unpack(packed)?).map_err(Fault::content)?;
            let mut parts = text.split('\n');
            for field in Field::ALL.into_iter().filter(|field| LONG.has(*field) == is_long) {
                let part = parts.next().ok_or_else(pack::cut)?;
                said.0[field as usize] = part.to_owned();
            }
        }
        Ok(said)
    }

    /// The words of a field, joined.
    pub(super) fn of(&self, field: Field) -> &str {
        &self.0[field as usize]
    }
}

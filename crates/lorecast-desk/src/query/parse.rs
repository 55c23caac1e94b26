//! Tokens into a query, by recursive descent. Depth and size are bounded.

use jiff::Timestamp;
use lorecast_model::{Defect, Field, Fields, Like, MessageId, Query};

use super::lex::{Kind, Token};
use super::{Mistake, when};

/// How many tokens a search may have.
const MOST: usize = 400;
/// How deep brackets may be nested.
const DEPTH: usize = 32;

pub(super) fn parse(tokens: &[Token<'_>], end: usize, now: Timestamp) -> Result<Query, Mistake> {
    if let Some(token) = tokens.get(MOST) {
        return Err(Mistake::new(token.at, format!("it has more than {MOST} words; use fewer")));
    }
    let mut parser = Parser { tokens, at: 0, end, now, depth: 0, fields: Fields::ANY };
    if tokens.is_empty() {
        return Ok(Query::And(Vec::new()));
    }
    let query = parser.any()?;
    match parser.peek() {
        Some(token) => Err(Mistake::new(token.at, "this `)` was never opened")),
        None => Ok(query),
    }
}

struct Parser<'t> {
    tokens: &'t [Token<'t>],
    at: usize,
    end: usize,
    now: Timestamp,
    depth: usize,
    /// Where words without a prefix of their own are looked for.
    fields: Fields,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<Token<'t>> {
        self.tokens.get(self.at).copied()
    }

    fn next_is(&mut self, kind: Kind<'_>) -> bool {
        let is = self.peek().is_some_and(|token| token.kind == kind);
        self.at += usize::from(is);
        is
    }

    /// Where the next token begins, or the end.
    fn here(&self) -> usize {
        self.peek().map_or(self.end, |token| token.at)
    }

    /// `a OR b`.
    fn any(&mut self) -> Result<Query, Mistake> {
        self.separated(Kind::Or, Query::Or, Self::either)
    }

    /// `a XOR b`.
    fn either(&mut self) -> Result<Query, Mistake> {
        self.separated(Kind::Xor, Query::Xor, Self::every)
    }

    fn separated(
        &mut self,
        by: Kind<'_>,
        around: fn(Vec<Query>) -> Query,
        operand: fn(&mut Self) -> Result<Query, Mistake>,
    ) -> Result<Query, Mistake> {
        let mut all = vec![operand(self)?];
        while self.next_is(by) {
            all.push(operand(self)?);
        }
        Ok(one(all, around))
    }

    /// `a AND b`, `a NOT b`. What stands side by side without an operator is one operand.
    fn every(&mut self) -> Result<Query, Mistake> {
        let start = self.here();
        let mut all = Vec::new();
        let mut first = true;
        loop {
            // `AND NOT` is `NOT`.
            let and = !first && self.next_is(Kind::And);
            let not = self.next_is(Kind::Not);
            if !first && !and && !not {
                return Ok(one(all, Query::And));
            }
            let Some(group) = self.group()? else { return Err(self.missing(start)) };
            match not {
                true => all.push(Query::Not(Box::new(one(group, Query::And)))),
                false => all.extend(group),
            }
            first = false;
        }
    }

    /// Words side by side; `None` where none stands.
    fn group(&mut self) -> Result<Option<Vec<Query>>, Mistake> {
        let Some(mut unit) = self.unit()? else { return Ok(None) };
        let mut all = Vec::new();
        loop {
            all.extend(unit);
            match self.unit()? {
                Some(next) => unit = next,
                None => return Ok(Some(all)),
            }
        }
    }

    /// What to say where a word should stand.
    fn missing(&self, start: usize) -> Mistake {
        match self.peek() {
            None => Mistake::new(self.end, "a word is missing at the end"),
            Some(token) if token.kind == Kind::Close && start == token.at && self.depth == 0 => {
                Mistake::new(token.at, "this `)` was never opened")
            }
            Some(token) => {
                let what = match token.kind {
                    Kind::And => "`AND`",
                    Kind::Or => "`OR`",
                    Kind::Xor => "`XOR`",
                    _ => "this `)`",
                };
                Mistake::new(token.at, format!("a word is missing before {what}"))
            }
        }
    }

    /// A term or a bracket; `None` where neither stands. A term of signs alone, such as the dash in
    /// a pasted subject, is nothing to look for.
    fn unit(&mut self) -> Result<Option<Option<Query>>, Mistake> {
        let Some(token) = self.peek() else { return Ok(None) };
        match token.kind {
            Kind::Open(prefix) => self.bracket(token.at, prefix).map(|query| Some(Some(query))),
            Kind::Term { prefix, text, phrase, minus } => {
                self.at += 1;
                let term = self.term(token.at, prefix, text, phrase)?;
                let not = |term| if minus { Query::Not(Box::new(term)) } else { term };
                Ok(Some(term.map(not)))
            }
            _ => Ok(None),
        }
    }

    fn bracket(&mut self, at: usize, prefix: Option<&str>) -> Result<Query, Mistake> {
        self.at += 1;
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Mistake::new(at, format!("brackets are nested deeper than {DEPTH}")));
        }
        let outside = self.fields;
        if let Some(prefix) = prefix {
            self.fields = fields(prefix).ok_or_else(|| {
                Mistake::new(at, format!("`{prefix}:` takes one value, not a bracket"))
            })?;
        }
        let query = self.any()?;
        self.fields = outside;
        self.depth -= 1;
        match self.next_is(Kind::Close) {
            true => Ok(query),
            false => Err(Mistake::new(at, "this `(` is not closed")),
        }
    }

    fn term(
        &self,
        at: usize,
        prefix: Option<&str>,
        text: &str,
        phrase: bool,
    ) -> Result<Option<Query>, Mistake> {
        let fail = |message: String| Mistake::new(at, message);
        let Some(prefix) = prefix else { return self.words(at, self.fields, text, phrase) };
        if let Some(fields) = fields(prefix) {
            let query = self.words(at, fields, text, phrase)?;
            return query
                .map(Some)
                .ok_or_else(|| fail(format!("there is no word behind `{prefix}:`")));
        }
        let query = match prefix {
            "d" | "dt" | "rt" => when::range(prefix, text, self.now).map_err(fail)?,
            "l" | "lid" if text.chars().any(char::is_alphanumeric) => Query::List(text.to_owned()),
            "l" | "lid" => return Err(fail(format!("`{prefix}:` takes the name of a list"))),
            "mid" => Query::Id(MessageId::new(text).map_err(|error| fail(error.to_string()))?),
            _ => Query::Defect(defect(text).map_err(fail)?),
        };
        Ok(Some(query))
    }

    fn words(
        &self,
        at: usize,
        fields: Fields,
        text: &str,
        phrase: bool,
    ) -> Result<Option<Query>, Mistake> {
        if phrase {
            let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            return match words.iter().any(|word| has_word(word)) {
                true => Ok(Some(Query::Phrase { fields, words })),
                false => Err(Mistake::new(at, "there is no word in the quotes")),
            };
        }
        let (word, like) = match text.strip_suffix('*') {
            Some(start) => (start, Like::Prefix),
            None if BLOBS.contains(&fields) => (text, Like::Prefix),
            None => (text, Like::Stem),
        };
        Ok(has_word(word).then(|| Query::Word { fields, word: word.to_owned(), like }))
    }
}

fn has_word(text: &str) -> bool {
    text.chars().any(|c| c.is_alphanumeric() || c == '_')
}

/// One query alone needs no `And` or `Or` around it.
fn one(mut all: Vec<Query>, around: fn(Vec<Query>) -> Query) -> Query {
    if all.len() == 1 { all.remove(0) } else { around(all) }
}

/// Git's names of files, which are shortened everywhere.
const BLOBS: [Fields; 3] =
    [Fields::of(&[Field::Pre]), Fields::of(&[Field::Post]), Fields::of(&[Field::Pre, Field::Post])];

/// Where a prefix looks for words.
fn fields(prefix: &str) -> Option<Fields> {
    Some(match prefix {
        "s" => Fields::of(&[Field::Subject]),
        "f" => Fields::of(&[Field::From]),
        "t" => Fields::of(&[Field::To]),
        "c" => Fields::of(&[Field::Cc]),
        "tc" => Fields::of(&[Field::To, Field::Cc]),
        "a" | "tcf" => Fields::of(&[Field::To, Field::Cc, Field::From]),
        "b" => Fields::BODY,
        "bs" => Fields::BODY.with(Fields::of(&[Field::Subject])),
        "nq" => Fields::OWN,
        "q" => Fields::of(&[Field::Quoted]),
        "n" => Fields::of(&[Field::Attachment]),
        "m" => Fields::of(&[Field::Id]),
        "dfn" => Fields::of(&[Field::Path]),
        "dfa" => Fields::of(&[Field::Removed]),
        "dfb" => Fields::of(&[Field::Added]),
        "dfhh" => Fields::of(&[Field::Hunk]),
        "dfctx" => Fields::of(&[Field::Context]),
        "dfpre" => BLOBS[0],
        "dfpost" => BLOBS[1],
        "dfblob" => BLOBS[2],
        "patchid" => Fields::of(&[Field::PatchId]),
        _ => return None,
    })
}

fn defect(name: &str) -> Result<Defect, String> {
    Defect::named(name).ok_or_else(|| {
        let names: Vec<&str> = Defect::ALL.iter().map(Defect::name).collect();
        format!("`defect:` takes one of {}", names.join(", "))
    })
}

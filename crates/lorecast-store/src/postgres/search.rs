//! A parsed search as SQL.
//!
//! The parts that are about text become queries of the index; everything else becomes a condition on
//! the message. Words are always quoted lexemes: nothing of a search is parsed by PostgreSQL. Which
//! words stand side by side, and how relevant a message is, the index cannot tell: that is looked up
//! in the words of those messages that it finds.

use jiff::Timestamp;
use lorecast_model::{Header, Order, Query};
use postgres::types::{ToSql, Type};

use super::fault::Fault;
use super::read;
use super::said::Said;
use super::session::{Session, Value};
use super::text::{Relevance, Text};
use crate::columns::bit;
use crate::pack::micros;
use crate::sought::{self, MOST, Wanted, bounded};
use crate::{Hit, Page, StoreError, words};

/// So many matches, the newest, are put in order of relevance; older ones follow by date. It bounds
/// what a search for a word that is everywhere may cost.
const RANKED: i64 = 20_000;

/// How many messages are looked into at a time.
const AT_ONCE: usize = 500;

pub(super) fn search(
    session: &Session,
    query: &Query,
    order: Order,
    page: Page,
) -> Result<Vec<Hit>, Fault> {
    session.snapshot(|| {
        let (ids, wanted) = ids(session, query, order, page)?;
        let bodies = match wanted.is_empty() {
            true => None,
            false => Some(read::bodies(session, &ids)?),
        };
        let mut hits = Vec::with_capacity(ids.len());
        for (header, id) in read::headers(session, &ids)?.into_iter().zip(ids) {
            let snippet = match bodies.as_ref().and_then(|bodies| bodies.get(&id)) {
                Some(body) => wanted.in_body(&crate::pack::unpack_body(body)?),
                None => String::new(),
            };
            hits.push(Hit { header, snippet });
        }
        Ok(hits)
    })?
}

pub(super) fn matches(
    session: &Session,
    query: &Query,
    order: Order,
    page: Page,
) -> Result<Vec<Header>, Fault> {
    session.snapshot(|| read::headers(session, &ids(session, query, order, page)?.0))?
}

/// The rows of the messages that match, and what a snippet may show.
fn ids(
    session: &Session,
    query: &Query,
    order: Order,
    page: Page,
) -> Result<(Vec<i64>, Wanted), Fault> {
    bounded(query)?;
    let mut builder =
        Builder { session, values: Vec::new(), wanted: Wanted::default(), has_rest: None };
    let found = builder.found(query, order, page);
    let too_much = StoreError::Query { parts: sought::PARTS, depth: sought::DEPTH };
    match found {
        Err(fault) if fault.is_too_much() => Err(too_much.into()),
        found => Ok((found?, builder.wanted)),
    }
}

/// A value that goes with a statement, and its type.
type Held = (Box<dyn ToSql + Sync>, Type);

/// Builds the statement that finds the row ids, with its values.
struct Builder<'s> {
    session: &'s Session,
    values: Vec<Held>,
    /// What a snippet may show.
    wanted: Wanted,
    /// Whether there are messages that are not whole in the index, when that was asked.
    has_rest: Option<bool>,
}

impl Builder<'_> {
    fn found(&mut self, query: &Query, order: Order, page: Page) -> Result<Vec<i64>, Fault> {
        let all = match query {
            Query::And(all) => all.as_slice(),
            other => std::slice::from_ref(other),
        };
        let (mut texts, mut others) = (Vec::new(), Vec::new());
        for part in all {
            match self.text(part)? {
                Some(text) => texts.push(text),
                None => others.push(part),
            }
        }
        let mut conditions = Vec::new();
        let text = (!texts.is_empty()).then_some(Text::All(texts));
        if let Some(text) = &text {
            conditions.push(self.text_condition(text)?);
        }
        for other in others {
            conditions.push(self.condition(other)?);
        }
        if conditions.is_empty() {
            conditions.push("true".to_owned());
        }
        let conditions = conditions.join(" AND ");
        let (skip, take) = (i64::from(page.skip), i64::from(page.take));
        match text {
            Some(text) if order == Order::Relevance => self.ranked(&text, &conditions, skip, take),
            _ => self.newest(&conditions, skip, take),
        }
    }

    /// The newest that fit.
    fn newest(&self, conditions: &str, skip: i64, take: i64) -> Result<Vec<i64>, Fault> {
        let sql = format!(
            "SELECT m.id FROM message m JOIN node n ON n.id = m.node WHERE {conditions}
             ORDER BY m.date DESC, n.message_id, m.content LIMIT {take} OFFSET {skip}"
        );
        let values: Vec<(Value<'_>, Type)> =
            self.values.iter().map(|(value, ty)| (value.as_ref(), ty.clone())).collect();
        Ok(self.session.query_once(&sql, &values)?.iter().map(|row| row.get(0)).collect())
    }

    /// The most relevant that fit.
    fn ranked(
        &mut self,
        text: &Text,
        conditions: &str,
        skip: i64,
        take: i64,
    ) -> Result<Vec<i64>, Fault> {
        let newest = self.newest(conditions, 0, RANKED)?;
        let mut page = Vec::new();
        if skip < newest.len() as i64 {
            let mut hits = Vec::new();
            for leaf in text.leaves() {
                hits.push(self.hits(&leaf.alone())?);
            }
            let sql = "SELECT documents, words FROM state";
            let row = self.session.first(sql, &[])?.ok_or_else(|| Fault::content("no state"))?;
            let relevance = Relevance::new(row.get(0), row.get(1), &hits);
            let scored = self.scored(text, &relevance, &newest)?;
            page.extend(scored.into_iter().skip(skip as usize).take(take as usize));
        }
        let (more, from) = (take - page.len() as i64, skip.max(RANKED));
        if more > 0 && newest.len() as i64 == RANKED {
            page.extend(self.newest(conditions, from, more)?);
        }
        Ok(page)
    }

    /// These in the order of relevance, and of equal ones in their order.
    fn scored(&self, text: &Text, relevance: &Relevance, ids: &[i64]) -> Result<Vec<i64>, Fault> {
        let long = Said::needs_long(text.fields());
        let place: std::collections::HashMap<i64, usize> =
            ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let mut scored = Vec::with_capacity(ids.len());
        for some in ids.chunks(AT_ONCE) {
            for row in self.session.query(said_sql(long), &[&some])? {
                let id: i64 = row.get(0);
                let said = said(&row)?;
                let at = place.get(&id).copied().unwrap_or_default();
                scored.push((relevance.of(text, &said, row.get(1)), at, id));
            }
        }
        scored.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        Ok(scored.into_iter().map(|(_, _, id)| id).collect())
    }

    /// How many messages have a text.
    fn hits(&mut self, text: &Text) -> Result<i64, Fault> {
        if !text.is_exact() {
            return Ok(self.looked_up(text)?.len() as i64);
        }
        let sql = "SELECT count(*) FROM search s WHERE s.lexemes @@ $1::text::tsquery";
        let found = self.session.number(sql, &[&text.tsquery()])?;
        Ok(found + self.in_rest(text)?.len() as i64)
    }

    /// A condition on the message `m`.
    fn condition(&mut self, query: &Query) -> Result<String, Fault> {
        if let Some(text) = self.text(query)? {
            return self.text_condition(&text);
        }
        Ok(match query {
            Query::Not(part) => format!("NOT {}", self.condition(part)?),
            Query::And(all) => self.all_of(all, " AND ", "true")?,
            Query::Or(all) => self.all_of(all, " OR ", "false")?,
            Query::Xor(all) => self.odd(all)?,
            Query::List(name) => self.list(name)?,
            Query::Dated { from, to } => self.span("m.date", *from, *to),
            Query::Arrived { from, to } => {
                let span = self.span("a.received", *from, *to);
                format!("EXISTS (SELECT 1 FROM arrival a WHERE a.message = m.id AND {span})")
            }
            Query::Id(id) => {
                let id = self.value(id.as_str().to_owned(), Type::TEXT);
                format!("n.message_id = {id}")
            }
            Query::Defect(defect) => format!("m.defects & {} <> 0", bit(*defect)),
            // Text that has no word is nowhere.
            Query::Word { .. } | Query::Phrase { .. } => "false".to_owned(),
        })
    }

    fn all_of(&mut self, parts: &[Query], between: &str, none: &str) -> Result<String, Fault> {
        let parts: Vec<_> =
            parts.iter().map(|part| self.condition(part)).collect::<Result<_, _>>()?;
        Ok(if parts.is_empty() { none.to_owned() } else { format!("({})", parts.join(between)) })
    }

    fn odd(&mut self, parts: &[Query]) -> Result<String, Fault> {
        let parts: Vec<_> = parts
            .iter()
            .map(|part| Ok(format!("({})::integer", self.condition(part)?)))
            .collect::<Result<_, Fault>>()?;
        let sum = if parts.is_empty() { "0".to_owned() } else { parts.join(" + ") };
        Ok(format!("(({sum}) % 2 = 1)"))
    }

    fn span(&mut self, column: &str, from: Option<Timestamp>, to: Option<Timestamp>) -> String {
        let sides = [(from, ">="), (to, "<")];
        let mut conditions = vec!["true".to_owned()];
        for (moment, sign) in sides {
            if let Some(moment) = moment {
                let moment = self.value(micros(moment), Type::INT8);
                conditions.push(format!("{column} {sign} {moment}"));
            }
        }
        format!("({})", conditions.join(" AND "))
    }

    /// Lists are few: those that fit are found by name, here.
    fn list(&mut self, name: &str) -> Result<String, Fault> {
        let wanted = words::list(name);
        let mut fitting: Vec<i64> = Vec::new();
        for row in self.session.query("SELECT id, name FROM list", &[])? {
            let words = words::list(row.get(1));
            if !wanted.is_empty() && words.windows(wanted.len()).any(|part| part == wanted) {
                fitting.push(row.get(0));
            }
        }
        let fitting = self.value(fitting, Type::INT8_ARRAY);
        Ok(format!(
            "EXISTS (SELECT 1 FROM arrival a WHERE a.message = m.id AND a.list = ANY({fitting}))"
        ))
    }

    /// The text, when the whole part is about that and holds no `Not`.
    fn text(&mut self, query: &Query) -> Result<Option<Text>, Fault> {
        Ok(match query {
            Query::Word { fields, word, like } => {
                let session = self.session;
                let all = sought::sought(word, *like, |stem| relatives(session, stem))?;
                self.wanted_text(*fields, &all)
            }
            Query::Phrase { fields, words } => self.wanted_text(*fields, &[sought::phrase(words)]),
            Query::And(all) => self.joined(all, Text::All)?,
            Query::Or(all) => self.joined(all, Text::Any)?,
            _ => None,
        })
    }

    /// All of these words, in some fields; none when there is nothing to look for.
    fn wanted_text(
        &mut self,
        fields: lorecast_model::Fields,
        all: &[sought::Sought],
    ) -> Option<Text> {
        all.iter().for_each(|sought| self.wanted.add(fields, sought));
        let all: Option<Vec<_>> = all.iter().map(|sought| Text::of(fields, sought)).collect();
        all.filter(|all| !all.is_empty()).map(Text::All)
    }

    fn joined(
        &mut self,
        parts: &[Query],
        join: fn(Vec<Text>) -> Text,
    ) -> Result<Option<Text>, Fault> {
        let parts: Option<Vec<_>> =
            parts.iter().map(|part| self.text(part)).collect::<Result<_, _>>()?;
        Ok(parts.filter(|all| !all.is_empty()).map(join))
    }

    fn text_condition(&mut self, text: &Text) -> Result<String, Fault> {
        if !text.is_exact() {
            let found = self.looked_up(text)?;
            let found = self.value(found, Type::INT8_ARRAY);
            return Ok(format!("m.id = ANY({found})"));
        }
        let query = self.value(text.tsquery(), Type::TEXT);
        let found =
            format!("m.id IN (SELECT s.message FROM search s WHERE s.lexemes @@ {query}::tsquery)");
        let rest = self.in_rest(text)?;
        if rest.is_empty() {
            return Ok(found);
        }
        let rest = self.value(rest, Type::INT8_ARRAY);
        Ok(format!("({found} OR m.id = ANY({rest}))"))
    }

    /// The messages that have a text of which the index does not know enough.
    fn looked_up(&mut self, text: &Text) -> Result<Vec<i64>, Fault> {
        let mut found = self.in_rest(text)?;
        let sql = format!(
            "{} WHERE s.lexemes @@ $1::text::tsquery",
            said_from(Said::needs_long(text.fields()))
        );
        self.session.each(&sql, &[&text.tsquery()], &mut |rows| {
            for row in rows {
                if text.fits(&said(&row)?) {
                    found.push(row.get(0));
                }
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// The messages that have a text and are not whole in the index.
    fn in_rest(&mut self, text: &Text) -> Result<Vec<i64>, Fault> {
        let mut found = Vec::new();
        if !self.has_rest()? {
            return Ok(found);
        }
        let sql = format!("{} WHERE NOT s.whole", said_from(true));
        self.session.each(&sql, &[], &mut |rows| {
            for row in rows {
                if text.fits(&said(&row)?) {
                    found.push(row.get(0));
                }
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// Whether there is any such message: mostly there is none.
    fn has_rest(&mut self) -> Result<bool, Fault> {
        if let Some(known) = self.has_rest {
            return Ok(known);
        }
        let sql = "SELECT count(*) FROM (SELECT 1 FROM search WHERE NOT whole LIMIT 1) AS rest";
        let has = self.session.number(sql, &[])? > 0;
        self.has_rest = Some(has);
        Ok(has)
    }

    /// Takes a value along, and says how the statement calls it.
    fn value(&mut self, value: impl ToSql + Sync + 'static, ty: Type) -> String {
        self.values.push((Box::new(value), ty));
        format!("${}", self.values.len())
    }
}

/// The words that are kept under a stem.
fn relatives(session: &Session, stem: &str) -> Result<Vec<String>, Fault> {
    let sql = "SELECT word FROM stem WHERE stem = $1 ORDER BY word LIMIT $2";
    Ok(session.query(sql, &[&stem, &MOST])?.iter().map(|row| row.get(0)).collect())
}

fn said_from(long: bool) -> &'static str {
    match long {
        true => "SELECT s.message, s.words, s.brief, s.long FROM search s",
        false => "SELECT s.message, s.words, s.brief, NULL::bytea FROM search s",
    }
}

fn said_sql(long: bool) -> &'static str {
    match long {
        true => {
            "SELECT s.message, s.words, s.brief, s.long FROM search s WHERE s.message = ANY($1)"
        }
        false => {
            "SELECT s.message, s.words, s.brief, NULL::bytea FROM search s WHERE s.message = ANY($1)"
        }
    }
}

fn said(row: &postgres::Row) -> Result<Said, Fault> {
    Said::unpack(row.get(2), row.get(3))
}

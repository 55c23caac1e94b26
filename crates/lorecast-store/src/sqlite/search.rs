//! A parsed search as SQL and FTS5.
//!
//! The text parts that must all match become one `MATCH`, which also ranks; everything else
//! becomes a condition on the message. Words are always quoted, so no FTS5 syntax can come in.

use lorecast_model::{Field, Fields, Header, Order, Query};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::fault::Fault;
use super::read;
use crate::columns::bit;
use crate::pack::micros;
use crate::sought::{self, MOST, Sought, WEIGHTS, Wanted, bounded};
use crate::{Hit, Page, words};

pub(super) fn search(
    conn: &Connection,
    query: &Query,
    order: Order,
    page: Page,
) -> Result<Vec<Hit>, Fault> {
    let (ids, wanted) = ids(conn, query, order, page)?;
    let mut hits = Vec::with_capacity(ids.len());
    for (header, id) in read::headers(conn, &ids)?.into_iter().zip(ids) {
        let snippet = match wanted.is_empty() {
            true => String::new(),
            false => wanted.in_body(&read::body(conn, id)?),
        };
        hits.push(Hit { header, snippet });
    }
    Ok(hits)
}

pub(super) fn matches(
    conn: &Connection,
    query: &Query,
    order: Order,
    page: Page,
) -> Result<Vec<Header>, Fault> {
    read::headers(conn, &ids(conn, query, order, page)?.0)
}

/// The rows of the messages that match, and what a snippet may show.
fn ids(
    conn: &Connection,
    query: &Query,
    order: Order,
    page: Page,
) -> Result<(Vec<i64>, Wanted), Fault> {
    bounded(query)?;
    let mut builder = Builder { conn, values: Vec::new(), wanted: Wanted::default() };
    let sql = builder.statement(query, order, page)?;
    let Builder { values, wanted, .. } = builder;
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_map(params_from_iter(values), |row| row.get(0))?;
    Ok((found.collect::<Result<_, _>>()?, wanted))
}

/// Builds the statement that finds the row ids, with its values in the order of the question marks.
struct Builder<'c> {
    conn: &'c Connection,
    values: Vec<Value>,
    /// What a snippet may show.
    wanted: Wanted,
}

impl Builder<'_> {
    fn statement(&mut self, query: &Query, order: Order, page: Page) -> Result<String, Fault> {
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
        let ranked = !texts.is_empty();
        if ranked {
            self.values.push(Value::Text(texts.join(" AND ")));
            conditions.push("search MATCH ?".to_owned());
        }
        for other in others {
            conditions.push(self.condition(other)?);
        }
        if conditions.is_empty() {
            conditions.push("1".to_owned());
        }
        let from =
            if ranked { "search JOIN message m ON m.id = search.rowid" } else { "message m" };
        let best = match order {
            Order::Relevance if ranked => {
                format!(
                    "bm25(search, {}), ",
                    WEIGHTS.map(|weight| format!("{weight:?}")).join(", ")
                )
            }
            _ => String::new(),
        };
        Ok(format!(
            "SELECT m.id FROM {from} JOIN node n ON n.id = m.node WHERE {}
             ORDER BY {best}m.date DESC, n.message_id, m.content LIMIT {} OFFSET {}",
            conditions.join(" AND "),
            page.take,
            page.skip,
        ))
    }

    /// A condition on the message `m`.
    fn condition(&mut self, query: &Query) -> Result<String, Fault> {
        if let Some(text) = self.text(query)? {
            self.values.push(Value::Text(text));
            return Ok("m.id IN (SELECT rowid FROM search WHERE search MATCH ?)".to_owned());
        }
        Ok(match query {
            Query::Not(part) => format!("NOT {}", self.condition(part)?),
            Query::And(all) => self.all_of(all, " AND ", "1")?,
            Query::Or(all) => self.all_of(all, " OR ", "0")?,
            Query::Xor(all) => self.odd(all)?,
            Query::List(name) => self.list(name)?,
            Query::Dated { from, to } => self.span("m.date", *from, *to),
            Query::Arrived { from, to } => {
                let span = self.span("a.received", *from, *to);
                format!("EXISTS (SELECT 1 FROM arrival a WHERE a.message = m.id AND {span})")
            }
            Query::Id(id) => {
                self.values.push(Value::Text(id.as_str().to_owned()));
                "n.message_id = ?".to_owned()
            }
            Query::Defect(defect) => format!("m.defects & {} != 0", bit(*defect)),
            // Text that has no word is nowhere.
            Query::Word { .. } | Query::Phrase { .. } => "0".to_owned(),
        })
    }

    fn all_of(&mut self, parts: &[Query], between: &str, none: &str) -> Result<String, Fault> {
        let parts: Vec<_> =
            parts.iter().map(|part| self.condition(part)).collect::<Result<_, _>>()?;
        Ok(if parts.is_empty() { none.to_owned() } else { format!("({})", parts.join(between)) })
    }

    /// SQLite's conditions are 0 or 1.
    fn odd(&mut self, parts: &[Query]) -> Result<String, Fault> {
        let parts: Vec<_> = parts
            .iter()
            .map(|part| Ok(format!("({})", self.condition(part)?)))
            .collect::<Result<_, Fault>>()?;
        Ok(format!("(({}) & 1)", if parts.is_empty() { "0".to_owned() } else { parts.join(" + ") }))
    }

    fn span(
        &mut self,
        column: &str,
        from: Option<jiff::Timestamp>,
        to: Option<jiff::Timestamp>,
    ) -> String {
        let sides = [(from, ">="), (to, "<")];
        let mut conditions = vec!["1".to_owned()];
        for (moment, sign) in sides {
            if let Some(moment) = moment {
                self.values.push(Value::Integer(micros(moment)));
                conditions.push(format!("{column} {sign} ?"));
            }
        }
        format!("({})", conditions.join(" AND "))
    }

    /// Lists are few: those that fit are found by name, here.
    fn list(&mut self, name: &str) -> Result<String, Fault> {
        let wanted = words::list(name);
        let mut statement = self.conn.prepare_cached("SELECT id, name FROM list")?;
        let mut rows = statement.query([])?;
        let mut fitting = Vec::new();
        while let Some(row) = rows.next()? {
            let words = words::list(&row.get::<_, String>(1)?);
            if !wanted.is_empty() && words.windows(wanted.len()).any(|part| part == wanted) {
                fitting.push(row.get::<_, i64>(0)?.to_string());
            }
        }
        let fitting = fitting.join(", ");
        Ok(format!(
            "m.id IN (SELECT a.message FROM arrival a WHERE a.message = m.id AND a.list IN ({fitting}))"
        ))
    }

    /// The FTS5 expression, when the whole part is about text and holds no `Not`.
    fn text(&mut self, query: &Query) -> Result<Option<String>, Fault> {
        Ok(match query {
            Query::Word { fields, word, like } => {
                let all = sought::sought(word, *like, |stem| relatives(self.conn, stem))?;
                self.expression(*fields, &all)
            }
            Query::Phrase { fields, words } => self.expression(*fields, &[sought::phrase(words)]),
            Query::And(all) => self.joined(all, " AND ")?,
            Query::Or(all) => self.joined(all, " OR ")?,
            _ => None,
        })
    }

    /// All of these words, in some fields; none when there is nothing to look for.
    fn expression(&mut self, fields: Fields, all: &[Sought]) -> Option<String> {
        all.iter().for_each(|sought| self.wanted.add(fields, sought));
        let all: Option<Vec<_>> = all.iter().map(|sought| expression(fields, sought)).collect();
        all.filter(|all| !all.is_empty()).map(|all| format!("({})", all.join(" AND ")))
    }

    fn joined(&mut self, parts: &[Query], between: &str) -> Result<Option<String>, Fault> {
        let parts: Option<Vec<_>> =
            parts.iter().map(|part| self.text(part)).collect::<Result<_, _>>()?;
        Ok(parts.filter(|all| !all.is_empty()).map(|all| format!("({})", all.join(between))))
    }
}

fn expression(fields: Fields, sought: &Sought) -> Option<String> {
    let columns = columns(fields);
    let words = match sought {
        Sought::Prefix(word) => format!("{} *", quoted(word)),
        Sought::Phrase(words) => quoted(&words.join(" ")),
        Sought::Any(words) => {
            words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" OR ")
        }
    };
    if columns.is_empty() || words == "\"\"" {
        return None;
    }
    Some(match sought::blob(fields, sought) {
        Some((blobs, name)) => {
            let blobs = self::columns(blobs);
            format!("({{{columns}}} : ({words}) OR {{{blobs}}} : {} *)", quoted(name))
        }
        None => format!("{{{columns}}} : ({words})"),
    })
}

/// The words that are kept under a stem.
fn relatives(conn: &Connection, stem: &str) -> Result<Vec<String>, Fault> {
    let sql = "SELECT word FROM stem WHERE stem = ?1 ORDER BY word LIMIT ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_map(rusqlite::params![stem, MOST], |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// A string of FTS5. Folded words hold no quotes.
fn quoted(words: &str) -> String {
    format!("\"{}\"", words.replace('"', ""))
}

/// The columns of the index, in the order of the fields.
const COLUMNS: [&str; Field::ALL.len()] = [
    "subject",
    "sender",
    "recipients",
    "copies",
    "unquoted",
    "quoted",
    "attachment",
    "mid",
    "path",
    "removed",
    "added",
    "hunk",
    "context",
    "pre",
    "post",
    "patch",
];

fn columns(fields: Fields) -> String {
    fields.iter().map(|field| COLUMNS[field as usize]).collect::<Vec<_>>().join(" ")
}

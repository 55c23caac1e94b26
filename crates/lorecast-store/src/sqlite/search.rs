//! A parsed search as SQL and FTS5.
//!
//! The text parts that must all match become one `MATCH`, which also ranks; everything else
//! becomes a condition on the message. Words are always quoted, so no FTS5 syntax can come in.

use lorecast_model::{Field, Order, Query};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::fault::Fault;
use super::pack::micros;
use super::{read, snippet};
use crate::{Hit, Page, StoreError};

/// How many parts a search may have. SQLite's own limit on expressions is twice as high.
const PARTS: usize = 500;

/// How deep they may be nested. FTS5's own limit is 256.
const DEPTH: usize = 64;

/// What a match in subject, sender and prose counts.
const WEIGHTS: &str = "5.0, 2.0, 1.0";

pub(super) fn search(
    conn: &Connection,
    query: &Query,
    order: Order,
    page: Page,
) -> Result<Vec<Hit>, Fault> {
    bounded(query)?;
    let (sql, values) = statement(query, order, page);
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_map(params_from_iter(values), |row| row.get(0))?;
    let ids: Vec<i64> = found.collect::<Result<_, _>>()?;
    let words = snippet::wanted(query);
    let mut hits = Vec::with_capacity(ids.len());
    for (header, id) in read::headers(conn, &ids)?.into_iter().zip(ids) {
        let snippet = match words.is_empty() {
            true => String::new(),
            false => snippet::around(&read::body(conn, id)?.0, &words),
        };
        hits.push(Hit { header, snippet });
    }
    Ok(hits)
}

/// Refuses what would exhaust the stack or SQLite's limits.
fn bounded(query: &Query) -> Result<(), StoreError> {
    let mut parts = 0;
    let mut open = vec![(query, 1)];
    while let Some((query, depth)) = open.pop() {
        parts += 1;
        if parts > PARTS || depth > DEPTH {
            return Err(StoreError::Query { parts: PARTS, depth: DEPTH });
        }
        match query {
            Query::And(all) | Query::Or(all) => {
                open.extend(all.iter().map(|part| (part, depth + 1)));
            }
            Query::Not(part) => open.push((part, depth + 1)),
            _ => {}
        }
    }
    Ok(())
}

/// The statement that finds the row ids, and its values.
fn statement(query: &Query, order: Order, page: Page) -> (String, Vec<Value>) {
    let mut values = Vec::new();
    let (texts, others) = split(query);
    let mut conditions = Vec::new();
    let ranked = match text_of_all(&texts) {
        Some(text) => {
            values.push(Value::Text(text));
            conditions.push("search MATCH ?".to_owned());
            true
        }
        None => false,
    };
    conditions.extend(others.iter().map(|other| condition(other, &mut values)));
    if conditions.is_empty() {
        conditions.push("1".to_owned());
    }
    let from = if ranked { "search JOIN message m ON m.id = search.rowid" } else { "message m" };
    let best = match order {
        Order::Relevance if ranked => format!("bm25(search, {WEIGHTS}), "),
        _ => String::new(),
    };
    let sql = format!(
        "SELECT m.id FROM {from} JOIN node n ON n.id = m.id WHERE {}
         ORDER BY {best}m.date DESC, n.message_id LIMIT {} OFFSET {}",
        conditions.join(" AND "),
        page.take,
        page.skip,
    );
    (sql, values)
}

/// The parts that must all match: those that FTS5 can answer, and the others.
fn split(query: &Query) -> (Vec<&Query>, Vec<&Query>) {
    match query {
        Query::And(all) => all.iter().partition(|part| text(part).is_some()),
        other if text(other).is_some() => (vec![other], vec![]),
        other => (vec![], vec![other]),
    }
}

/// A condition on the message `m`; its values are appended in the order of the question marks.
fn condition(query: &Query, values: &mut Vec<Value>) -> String {
    if let Some(text) = text(query) {
        values.push(Value::Text(text));
        return "m.id IN (SELECT rowid FROM search WHERE search MATCH ?)".to_owned();
    }
    match query {
        Query::Not(part) => format!("NOT {}", condition(part, values)),
        Query::And(all) => all_of(all, " AND ", "1", values),
        Query::Or(all) => all_of(all, " OR ", "0", values),
        Query::List(list) => {
            values.push(Value::Text(list.as_str().to_owned()));
            "EXISTS (SELECT 1 FROM message_list ml JOIN list l ON l.id = ml.list
             WHERE ml.message = m.id AND l.name = ?)"
                .to_owned()
        }
        Query::Dated { from, to } => {
            let mut sides = vec!["1"];
            if let Some(from) = from {
                values.push(Value::Integer(micros(*from)));
                sides.push("m.date >= ?");
            }
            if let Some(to) = to {
                values.push(Value::Integer(micros(*to)));
                sides.push("m.date < ?");
            }
            format!("({})", sides.join(" AND "))
        }
        // Text that FTS5 cannot be asked for: an empty phrase. It is nowhere.
        Query::Word { .. } | Query::Phrase { .. } => "0".to_owned(),
    }
}

fn all_of(parts: &[Query], between: &str, none: &str, values: &mut Vec<Value>) -> String {
    let parts: Vec<_> = parts.iter().map(|part| condition(part, values)).collect();
    if parts.is_empty() { none.to_owned() } else { format!("({})", parts.join(between)) }
}

fn text_of_all(parts: &[&Query]) -> Option<String> {
    let parts: Vec<_> = parts.iter().filter_map(|part| text(part)).collect();
    (!parts.is_empty()).then(|| parts.join(" AND "))
}

/// The FTS5 expression, when the whole part is about text and holds no `Not`.
fn text(query: &Query) -> Option<String> {
    match query {
        Query::Word { field, word, prefix } => {
            let star = if *prefix { " *" } else { "" };
            quoted(word).map(|word| format!("{{{}}} : {word}{star}", columns(*field)))
        }
        Query::Phrase { field, words } => {
            quoted(&words.join(" ")).map(|words| format!("{{{}}} : {words}", columns(*field)))
        }
        Query::And(all) => joined(all, " AND "),
        Query::Or(all) => joined(all, " OR "),
        Query::List(_) | Query::Dated { .. } | Query::Not(_) => None,
    }
}

fn joined(parts: &[Query], between: &str) -> Option<String> {
    let parts: Option<Vec<_>> = parts.iter().map(text).collect();
    parts.filter(|parts| !parts.is_empty()).map(|parts| format!("({})", parts.join(between)))
}

/// A string of FTS5: quotes doubled, no NUL, which would end it. `None` when no word is in it.
fn quoted(words: &str) -> Option<String> {
    let words = words.replace('\0', " ").replace('"', "\"\"");
    words.chars().any(char::is_alphanumeric).then(|| format!("\"{words}\""))
}

fn columns(field: Field) -> &'static str {
    match field {
        Field::Any => "subject sender prose",
        Field::Subject => "subject",
        Field::From => "sender",
        Field::Body => "prose",
    }
}

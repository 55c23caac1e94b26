//! What people type into a search, parsed once for all engines.
//!
//! Words are joined by AND; `OR`, `NOT` and a leading `-` are understood, and so are
//! `"phrases"`, prefixes (`schedul*`) and lore's prefixes `s:` (subject), `f:` (sender), `b:`
//! (prose), `l:` (list) and `d:20230401..20230415` (dates, the last day included).

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use lorecast_model::{Field, ListId, Query};
use thiserror::Error;

/// A search that cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("cannot read the search `{text}` at column {column}: {message}")]
pub struct QueryError {
    text: String,
    column: usize,
    message: &'static str,
}

/// The longest search that is read, in terms.
const MOST_TERMS: usize = 200;

/// Reads a search.
pub(crate) fn parse(text: &str) -> Result<Query, QueryError> {
    let fail = |at: usize, message| {
        let column = text[..at].chars().count() + 1;
        Err(QueryError { text: text.to_owned(), column, message })
    };
    let (mut groups, mut negated, mut count) = (vec![Vec::new()], false, 0);
    for (at, token) in tokens(text) {
        count += 1;
        if count > MOST_TERMS {
            return fail(at, "it has more than 200 words; use fewer");
        }
        match token {
            "AND" => {}
            "NOT" => negated = true,
            "OR" if groups.last().is_some_and(Vec::is_empty) => {
                return fail(at, "nothing stands before `OR`");
            }
            "OR" => groups.push(Vec::new()),
            token => {
                let (token, minus) = token.strip_prefix('-').map_or((token, false), |t| (t, true));
                let term = match term(token) {
                    Ok(term) => term,
                    Err(message) => return fail(at, message),
                };
                let term = if negated != minus { Query::Not(Box::new(term)) } else { term };
                negated = false;
                groups.last_mut().into_iter().for_each(|group| group.push(term.clone()));
            }
        }
    }
    if negated || (groups.len() > 1 && groups.last().is_some_and(Vec::is_empty)) {
        return fail(text.len(), "a word is missing at the end");
    }
    let mut any: Vec<Query> = groups.into_iter().map(Query::And).collect();
    Ok(if any.len() == 1 { any.remove(0) } else { Query::Or(any) })
}

/// Words at their byte offsets; white space inside double quotes does not end one.
fn tokens(text: &str) -> Vec<(usize, &str)> {
    let (mut found, mut start, mut quoted) = (Vec::new(), None, false);
    for (at, c) in text.char_indices() {
        quoted ^= c == '"';
        match (start, c.is_whitespace() && !quoted) {
            (None, false) => start = Some(at),
            (Some(from), true) => {
                found.push((from, &text[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    found.extend(start.map(|from| (from, &text[from..])));
    found
}

fn term(token: &str) -> Result<Query, &'static str> {
    match token.split_once(':') {
        Some(("s", rest)) => words(Field::Subject, rest),
        Some(("f", rest)) => words(Field::From, rest),
        Some(("b", rest)) => words(Field::Body, rest),
        Some(("l", rest)) => ListId::new(rest)
            .map(Query::List)
            .map_err(|_| "`l:` takes a list id such as `l:linux-pci.vger.kernel.org`"),
        Some(("d", rest)) => dates(rest),
        _ => words(Field::Any, token),
    }
}

fn words(field: Field, text: &str) -> Result<Query, &'static str> {
    if let Some(phrase) = text.strip_prefix('"') {
        let phrase = phrase.strip_suffix('"').ok_or("a `\"` is not closed")?;
        let words: Vec<String> = phrase.split_whitespace().map(str::to_owned).collect();
        return if words.is_empty() {
            Err("there is no word in the quotes")
        } else {
            Ok(Query::Phrase { field, words })
        };
    }
    let (word, prefix) = text.strip_suffix('*').map_or((text, false), |word| (word, true));
    if !word.chars().any(char::is_alphanumeric) {
        return Err("there is no word here");
    }
    Ok(Query::Word { field, word: word.to_owned(), prefix })
}

fn dates(text: &str) -> Result<Query, &'static str> {
    const FORM: &str =
        "`d:` takes dates such as `d:20230401..20230415`, `d:20230401..` or `d:20230401`";
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let day = |text: &str| Date::strptime("%Y%m%d", text.replace('-', "")).map_err(|_| FORM);
    let midnight = |day: Date| jiff::tz::TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok();
    let from: Option<Timestamp> = if from.is_empty() { None } else { midnight(day(from)?) };
    let to = if to.is_empty() { None } else { midnight(day(to)?.saturating_add(1.day())) };
    if from.is_none() && to.is_none() { Err(FORM) } else { Ok(Query::Dated { from, to }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;

    fn check(text: &str) -> String {
        match parse(text) {
            Ok(query) => format!("{query:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn words_phrases_fields_and_operators() {
        assert_snapshot!(check("folio s:\"page cache\""), @r#"And([Word { field: Any, word: "folio", prefix: false }, Phrase { field: Subject, words: ["page", "cache"] }])"#);
        assert_snapshot!(check("schedul* -f:bot OR l:linux-mm.kvack.org"), @r#"Or([And([Word { field: Any, word: "schedul", prefix: true }, Not(Word { field: From, word: "bot", prefix: false })]), And([List(ListId("linux-mm.kvack.org"))])])"#);
        assert_snapshot!(check("d:20230401..20230415"), @"And([Dated { from: Some(2023-04-01T00:00:00Z), to: Some(2023-04-16T00:00:00Z) }])");
        assert_snapshot!(check("  "), @"And([])");
    }

    #[test]
    fn mistakes_are_shown_at_their_column() {
        assert_snapshot!(check("folio \"page"), @r#"cannot read the search `folio "page` at column 7: a `"` is not closed"#);
        assert_snapshot!(check("OR x"), @"cannot read the search `OR x` at column 1: nothing stands before `OR`");
        assert_snapshot!(check("x NOT"), @"cannot read the search `x NOT` at column 6: a word is missing at the end");
        assert_snapshot!(check("é d:yesterday"), @"cannot read the search `é d:yesterday` at column 3: `d:` takes dates such as `d:20230401..20230415`, `d:20230401..` or `d:20230401`");
        assert_snapshot!(check("l:<script>"), @"cannot read the search `l:<script>` at column 1: `l:` takes a list id such as `l:linux-pci.vger.kernel.org`");
    }
}

//! What people type into a search, parsed once for all engines: lore's query language
//! (public-inbox's `_/text/help/`, on Xapian's QueryParser).
//!
//! | file | what it does |
//! |---|---|
//! | `lex` | text into words, phrases, brackets and operators, each at its place |
//! | `parse` | those into a [`Query`] |
//! | `when` | `20230401`, `last.week`, `2.days.ago` into moments |

mod lex;
mod parse;
mod when;

use jiff::Timestamp;
use lorecast_model::Query;
use thiserror::Error;

/// A search that cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("cannot read the search `{text}` at column {column}: {message}")]
pub struct QueryError {
    /// The search.
    pub text: String,
    /// Where the mistake is, in characters from 1.
    pub column: usize,
    /// What is wrong, and what to write.
    pub message: String,
}

/// A mistake at a byte of the text.
struct Mistake {
    at: usize,
    message: String,
}

impl Mistake {
    fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }
}

/// Reads a search. `now` is what `yesterday` is counted from.
///
/// Words are joined by AND. `AND`, `OR`, `XOR`, `NOT`, a leading `-` or `+`, brackets, `"phrases"`
/// and prefixes (`schedul*`) are understood, and every field prefix of lore. `OR` binds less than
/// `XOR`, that less than `AND` and `NOT`, and those less than words side by side: `a NOT b c` is `a`
/// without those that have both `b` and `c`.
///
/// # Errors
/// With the column of the first mistake.
pub fn parse(text: &str, now: Timestamp) -> Result<Query, QueryError> {
    let parsed = lex::lex(text).and_then(|tokens| parse::parse(&tokens, text.len(), now));
    parsed.map_err(|Mistake { at, message }| {
        let column = text.get(..at).map_or(0, |before| before.chars().count()) + 1;
        QueryError { text: text.to_owned(), column, message }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;
    use proptest::prelude::*;

    fn check(text: &str) -> String {
        // A Wednesday.
        let now = "2023-04-12T15:30:00Z".parse().unwrap();
        match parse(text, now) {
            Ok(query) => shown(&query),
            Err(error) => error.to_string(),
        }
    }

    /// A query on one line: `(a b)` for And, `(a | b)` for Or.
    fn shown(query: &Query) -> String {
        let all = |parts: &[Query], between: &str| {
            let parts: Vec<String> = parts.iter().map(shown).collect();
            format!("({})", parts.join(between))
        };
        match query {
            Query::And(parts) => all(parts, " "),
            Query::Or(parts) => all(parts, " | "),
            Query::Xor(parts) => all(parts, " ^ "),
            Query::Not(part) => format!("!{}", shown(part)),
            Query::Word { fields, word, like } => format!("{fields:?}={word}:{like:?}"),
            Query::Phrase { fields, words } => format!("{fields:?}={words:?}"),
            Query::Dated { from, to } => format!("dated {from:?} to {to:?}"),
            Query::Arrived { from, to } => format!("arrived {from:?} to {to:?}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn words_phrases_and_prefixes() {
        assert_snapshot!(check("folio"), @"ANY=folio:Stem");
        assert_snapshot!(check("folio \"page cache\" schedul*"), @r#"(ANY=folio:Stem ANY=["page", "cache"] ANY=schedul:Prefix)"#);
        assert_snapshot!(check("s:folio f:\"Ann Example\" b:x nq:x q:x n:x m:x bs:x"), @r#"({Subject}=folio:Stem {From}=["Ann", "Example"] BODY=x:Stem OWN=x:Stem {Quoted}=x:Stem {Attachment}=x:Stem {Id}=x:Stem {Subject, Unquoted, Quoted, Path, Removed, Added, Hunk, Context, Pre, Post, PatchId}=x:Stem)"#);
        assert_snapshot!(check("t:x c:x tc:x a:x tcf:x"), @"({To}=x:Stem {Cc}=x:Stem {To, Cc}=x:Stem {From, To, Cc}=x:Stem {From, To, Cc}=x:Stem)");
        assert_snapshot!(check("dfn:mm/slab.c dfa:x dfb:x dfhh:kmalloc() dfctx:x dfpre:abcdef1 dfpost:x dfblob:x patchid:x"), @"({Path}=mm/slab.c:Stem {Removed}=x:Stem {Added}=x:Stem {Hunk}=kmalloc():Stem {Context}=x:Stem {Pre}=abcdef1:Prefix {Post}=x:Prefix {Pre, Post}=x:Prefix {PatchId}=x:Stem)");
        assert_snapshot!(check("l:linux-pci lid:<linux-pci.vger.kernel.org> mid:<1@x> defect:charset"), @r#"(List("linux-pci") List("<linux-pci.vger.kernel.org>") Id(MessageId("1@x")) Defect(Charset))"#);
        assert_snapshot!(check("net: f(x) x86/mm: — - && ."), @"(ANY=net::Stem ANY=f(x):Stem ANY=x86/mm::Stem)");
        assert_snapshot!(check("  "), @"()");
    }

    #[test]
    fn operators_and_brackets() {
        assert_snapshot!(check("a b OR c d"), @"((ANY=a:Stem ANY=b:Stem) | (ANY=c:Stem ANY=d:Stem))");
        assert_snapshot!(check("a AND b OR c NOT d"), @"((ANY=a:Stem ANY=b:Stem) | (ANY=c:Stem !ANY=d:Stem))");
        assert_snapshot!(check("a -b +c"), @"(ANY=a:Stem !ANY=b:Stem ANY=c:Stem)");
        assert_snapshot!(check("NOT a"), @"!ANY=a:Stem");
        assert_snapshot!(check("(a OR b) s:(c d)"), @"((ANY=a:Stem | ANY=b:Stem) ({Subject}=c:Stem {Subject}=d:Stem))");
        assert_snapshot!(check("a NOT b -c AND d e"), @"(ANY=a:Stem !(ANY=b:Stem !ANY=c:Stem) ANY=d:Stem ANY=e:Stem)");
        assert_snapshot!(check("a XOR b"), @"(ANY=a:Stem ^ ANY=b:Stem)");
        assert_snapshot!(check("a and b or c"), @"(ANY=a:Stem ANY=and:Stem ANY=b:Stem ANY=or:Stem ANY=c:Stem)");
    }

    #[test]
    fn dates() {
        assert_snapshot!(check("d:20230401..20230415"), @"dated Some(2023-04-01T00:00:00Z) to Some(2023-04-16T00:00:00Z)");
        assert_snapshot!(check("d:20230401"), @"dated Some(2023-04-01T00:00:00Z) to Some(2023-04-03T00:00:00Z)");
        assert_snapshot!(check("d:..2023-04-01"), @"dated None to Some(2023-04-02T00:00:00Z)");
        assert_snapshot!(check("d:last.week.."), @"dated Some(2023-04-05T15:30:00Z) to None");
        assert_snapshot!(check("d:..2.days.ago"), @"dated None to Some(2023-04-10T15:30:01Z)");
        assert_snapshot!(check("d:yesterday"), @"dated Some(2023-04-11T15:30:00Z) to Some(2023-04-12T15:30:01Z)");
        assert_snapshot!(check("dt:20230401103000..20230401120000"), @"dated Some(2023-04-01T10:30:00Z) to Some(2023-04-01T12:00:01Z)");
        assert_snapshot!(check("rt:1680300000.."), @"arrived Some(2023-03-31T22:00:00Z) to None");
        assert_snapshot!(check("d:last.month..last.monday"), @"dated Some(2023-03-12T15:30:00Z) to Some(2023-04-10T15:30:01Z)");
    }

    #[test]
    fn mistakes_are_shown_at_their_column() {
        assert_snapshot!(check("folio \"page"), @r#"cannot read the search `folio "page` at column 7: a `"` is not closed"#);
        assert_snapshot!(check("OR x"), @"cannot read the search `OR x` at column 1: a word is missing before `OR`");
        assert_snapshot!(check("x NOT"), @"cannot read the search `x NOT` at column 6: a word is missing at the end");
        assert_snapshot!(check("x AND OR y"), @"cannot read the search `x AND OR y` at column 7: a word is missing before `OR`");
        assert_snapshot!(check("é d:someday"), @"cannot read the search `é d:someday` at column 3: `someday` is no date; write `20230401..20230415`, `2023-04-01..`, `last.week..` or `..2.days.ago`");
        assert_snapshot!(check("d:20230431"), @"cannot read the search `d:20230431` at column 1: `20230431` is no date; write `20230401..20230415`, `2023-04-01..`, `last.week..` or `..2.days.ago`");
        assert_snapshot!(check("d:.."), @"cannot read the search `d:..` at column 1: `..` is no date; write `20230401..20230415`, `2023-04-01..`, `last.week..` or `..2.days.ago`");
        assert_snapshot!(check("(a OR b"), @"cannot read the search `(a OR b` at column 1: this `(` is not closed");
        assert_snapshot!(check("a) b"), @"cannot read the search `a) b` at column 2: this `)` was never opened");
        assert_snapshot!(check("a () b"), @"cannot read the search `a () b` at column 4: a word is missing before this `)`");
        assert_snapshot!(check("f: ann"), @"cannot read the search `f: ann` at column 1: a word is missing right behind `f:`");
        assert_snapshot!(check("s:--"), @"cannot read the search `s:--` at column 1: there is no word behind `s:`");
        assert_snapshot!(check("mid:x y patchid:\"\""), @r#"cannot read the search `mid:x y patchid:""` at column 9: there is no word in the quotes"#);
        assert_snapshot!(check("defect:boring"), @"cannot read the search `defect:boring` at column 1: `defect:` takes one of missing-id, bad-date, date-off, missing-from, missing-subject, charset, encoding, structure, too-large, not-mail, bad-zone, no-charset, no-content-type, no-references, odd-reply, no-ids, no-recipients, encoded-diff, flowed-diff, whitespace-diff, mbox-escape, via-list, bare-cr, html-only, nested-mail, shared-id");
        assert_snapshot!(check(&"a XOR ".repeat(40)).lines().last().unwrap_or_default().split("column").last().unwrap_or_default(), @" 241: a word is missing at the end");
        assert_snapshot!(check(&"(".repeat(100)), @"cannot read the search `((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((` at column 33: brackets are nested deeper than 32");
        assert_snapshot!(check(&"x ".repeat(1000)).lines().last().unwrap_or_default().split("column").last().unwrap_or_default(), @" 801: it has more than 400 words; use fewer");
    }

    proptest! {
        #[test]
        fn no_search_makes_it_stumble(text in "[a-z:\"()*.+ -]{0,40}|\\PC{0,40}|((AND|OR|NOT|s:|d:|x|\\(|\\)|\"| ){0,20})") {
            let _ = parse(&text, Timestamp::UNIX_EPOCH);
        }
    }
}

//! Every kind of search, paging, and hostile words.

use lorecast_model::{Field, Message, Order, Query};

use super::Case;
use super::build::*;
use crate::{Page, Store, StoreError};

pub(super) const CASES: &[Case] = &[
    ("words are found by field, whatever their case", words),
    ("prefixes and phrases", prefixes_and_phrases),
    ("lists and dates", lists_and_dates),
    ("and, or, not, in any nesting", combined),
    ("the diff is not searched", not_the_diff),
    ("relevance puts the best first, then the newest", relevance),
    ("pages neither overlap nor miss", pages),
    ("a snippet shows the match", snippets),
    ("hostile words are only words", hostile),
    ("a search without end is refused", endless),
];

const ALL: Page = Page { skip: 0, take: 100 };

fn fill(store: &mut dyn Store) {
    let message = |name, at, subject: &str, text: &str| {
        let mut message = mail(name, at);
        message.header.subject = subject.to_owned();
        message.text = text.to_owned();
        message
    };
    let mut lock = message("lock", 1, "[PATCH] Locking rework", "The mutex is slow under load.");
    lock.diff = "+ call_secret_function();".to_owned();
    lock.header.lists = vec![list("one.example"), list("two.example")];
    let mut net = message("net", 2, "net: faster", "Locking is untouched. The load was slow.");
    net.header.from = person("Grace");
    net.header.lists = vec![list("two.example")];
    let cafe = message("cafe", 3, "Meeting at the Café", "");
    keep_apart(store, &[lock, net, cafe]);
}

fn word(field: Field, word: &str) -> Query {
    Query::Word { field, word: word.to_owned(), prefix: false }
}

fn any(text: &str) -> Query {
    word(Field::Any, text)
}

fn phrase(words: &str) -> Query {
    Query::Phrase { field: Field::Body, words: words.split(' ').map(str::to_owned).collect() }
}

fn not(query: Query) -> Query {
    Query::Not(Box::new(query))
}

#[track_caller]
fn check(store: &dyn Store, query: Query, expected: &str) {
    let hits = store.search(&query, Order::Newest, ALL).unwrap();
    assert_eq!(names(hits.iter().map(|hit| &hit.header.id)), expected, "{query:?}");
    let ranked = store.search(&query, Order::Relevance, ALL).unwrap();
    assert_eq!(ranked.len(), hits.len(), "{query:?}");
}

fn words(store: &mut dyn Store) {
    fill(store);
    check(store, any("LOCKING"), "net lock");
    check(store, word(Field::Subject, "locking"), "lock");
    check(store, word(Field::Body, "locking"), "net");
    check(store, word(Field::From, "grace"), "net");
    check(store, word(Field::From, "kernel.example"), "cafe net lock");
    check(store, any("cafe"), "cafe");
    check(store, any("lock"), "");
}

fn prefixes_and_phrases(store: &mut dyn Store) {
    fill(store);
    let prefix =
        |text: &str| Query::Word { field: Field::Any, word: text.to_owned(), prefix: true };
    check(store, prefix("lock"), "net lock");
    check(store, prefix("xlock"), "");
    check(store, phrase("slow under load"), "lock");
    check(store, phrase("load slow"), "");
}

fn lists_and_dates(store: &mut dyn Store) {
    fill(store);
    check(store, Query::List(list("two.example")), "net lock");
    check(store, Query::List(list("three.example")), "");
    let dated = |from: Option<i64>, to: Option<i64>| Query::Dated {
        from: from.map(minute),
        to: to.map(minute),
    };
    check(store, dated(Some(2), None), "cafe net");
    check(store, dated(None, Some(2)), "lock");
    check(store, dated(Some(2), Some(3)), "net");
    check(store, dated(None, None), "cafe net lock");
}

fn combined(store: &mut dyn Store) {
    fill(store);
    let two = || Query::List(list("two.example"));
    check(store, Query::And(vec![]), "cafe net lock");
    check(store, Query::Or(vec![]), "");
    check(store, Query::And(vec![any("slow"), any("mutex")]), "lock");
    check(store, Query::And(vec![any("slow"), not(any("mutex"))]), "net");
    check(store, Query::Or(vec![any("mutex"), any("cafe")]), "cafe lock");
    check(store, not(any("slow")), "cafe");
    check(store, not(Query::And(vec![any("slow"), two(), any("mutex")])), "cafe net");
    check(store, Query::And(vec![two(), word(Field::From, "ada")]), "lock");
    check(
        store,
        Query::Or(vec![Query::And(vec![any("cafe"), not(two())]), any("mutex")]),
        "cafe lock",
    );
    check(store, not(not(any("mutex"))), "lock");
}

fn not_the_diff(store: &mut dyn Store) {
    fill(store);
    check(store, any("call_secret_function"), "");
}

fn relevance(store: &mut dyn Store) {
    fill(store);
    let ranked = |query: Query| {
        let hits = store.search(&query, Order::Relevance, ALL).unwrap();
        names(hits.iter().map(|hit| &hit.header.id))
    };
    assert_eq!(ranked(any("locking")), "lock net", "the subject counts most");
    assert_eq!(ranked(Query::And(vec![])), "cafe net lock", "the newest when all are equal");
}

fn pages(store: &mut dyn Store) {
    // The same moment for all: the id decides.
    let all: Vec<Message> = ["e", "b", "d", "a", "c"].map(|name| mail(name, 1)).to_vec();
    keep_apart(store, &all);
    for order in [Order::Newest, Order::Relevance] {
        let page = |skip, take| {
            let hits = store.search(&any("about"), order, Page { skip, take }).unwrap();
            names(hits.iter().map(|hit| &hit.header.id))
        };
        assert_eq!(page(0, 2), "a b");
        assert_eq!(page(2, 2), "c d");
        assert_eq!(page(4, 2), "e");
        assert_eq!(page(9, 2), "");
        assert_eq!(page(0, 0), "");
    }
}

fn snippets(store: &mut dyn Store) {
    fill(store);
    let snippet =
        |query: Query| store.search(&query, Order::Newest, ALL).unwrap().swap_remove(0).snippet;
    assert!(snippet(any("mutex")).contains("mutex is slow"));
    assert_eq!(snippet(Query::List(list("two.example"))), "");
}

fn hostile(store: &mut dyn Store) {
    fill(store);
    for text in [
        "\"",
        "'",
        "*",
        "^",
        "-",
        "(",
        "NEAR(",
        "a\0b",
        "{subject}:",
        "\" OR \"",
        "mutex\" OR \"",
        "",
        "\u{fffd}\u{202e}",
        ":",
        "+",
        "AND",
        "NOT",
        "%",
        "--",
        ";",
        "\\",
        "sender : grace",
    ] {
        for field in [Field::Any, Field::Subject, Field::From, Field::Body] {
            for prefix in [false, true] {
                check(store, Query::Word { field, word: text.to_owned(), prefix }, "");
            }
        }
        check(store, Query::Phrase { field: Field::Any, words: vec![text.to_owned(); 2] }, "");
        check(store, Query::And(vec![any("mutex"), any(text)]), "");
        check(store, Query::Or(vec![any("mutex"), any(text)]), "lock");
        check(store, Query::And(vec![any("mutex"), not(any(text))]), "lock");
    }
    check(store, Query::Phrase { field: Field::Any, words: vec![] }, "");
    check(store, any("mutex\""), "lock");
}

fn endless(store: &mut dyn Store) {
    fill(store);
    let wide = Query::Or(vec![any("mutex"); 100_000]);
    let deep = (0..1_000).fold(any("mutex"), |query, _| not(query));
    for query in [wide, deep] {
        let error = store.search(&query, Order::Newest, ALL).unwrap_err();
        assert!(matches!(error, StoreError::Query { .. }), "{error}");
    }
    let much = Query::Or((0..300).map(|_| any("mutex")).chain([not(any("cafe"))]).collect());
    check(store, much, "net lock");
}

//! Every kind of search, paging, and hostile words.

use std::time::Duration;

use lorecast_model::{Defect, Field, Fields, Like, Message, Order, Query};

use super::Case;
use super::build::*;
use crate::{Page, Store, StoreError};

pub(super) const CASES: &[Case] = &[
    ("words are found by field, whatever their case", words),
    ("prefixes and phrases", prefixes_and_phrases),
    ("lists and dates", lists_and_dates),
    ("and, or, not, in any nesting", combined),
    ("the diff is searched, by kind of line", the_diff),
    ("a word stands for all with its stem", stems),
    ("defects are found", defects),
    ("relevance puts the best first, then the newest", relevance),
    ("pages neither overlap nor miss", pages),
    ("a snippet shows the match", snippets),
    ("hostile words are only words", hostile),
    ("a search without end is refused", endless),
    ("a search that takes too long ends", too_long),
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

fn like(like: Like, word: &str) -> Query {
    Query::Word { fields: Fields::ANY, word: word.to_owned(), like }
}

fn word(fields: impl Into<Fields>, word: &str) -> Query {
    Query::Word { fields: fields.into(), word: word.to_owned(), like: Like::Exact }
}

fn any(text: &str) -> Query {
    word(Fields::ANY, text)
}

fn through(list: &str) -> Query {
    Query::List(list.to_owned())
}

fn phrase(words: &str) -> Query {
    Query::Phrase { fields: Fields::BODY, words: words.split(' ').map(str::to_owned).collect() }
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
    let matches = store.matches(&query, Order::Newest, ALL).unwrap();
    assert!(matches.iter().eq(hits.iter().map(|hit| &hit.header)), "{query:?}");
}

fn words(store: &mut dyn Store) {
    fill(store);
    check(store, any("LOCKING"), "net lock");
    check(store, word(Field::Subject, "locking"), "lock");
    check(store, word(Fields::BODY, "locking"), "net");
    check(store, word(Field::From, "grace"), "net");
    check(store, word(Field::From, "kernel.example"), "cafe net lock");
    check(store, any("cafe"), "cafe");
    check(store, any("lock"), "");
}

fn prefixes_and_phrases(store: &mut dyn Store) {
    fill(store);
    check(store, like(Like::Prefix, "lock"), "net lock");
    check(store, like(Like::Prefix, "xlock"), "");
    check(store, phrase("slow under load"), "lock");
    check(store, phrase("load slow"), "");
}

fn lists_and_dates(store: &mut dyn Store) {
    fill(store);
    check(store, through("two.example"), "net lock");
    check(store, through("three.example"), "");
    check(store, through("Two"), "net lock");
    check(store, through("wo.example"), "");
    check(store, through("--"), "");
    let dated = |from: Option<i64>, to: Option<i64>| Query::Dated {
        from: from.map(minute),
        to: to.map(minute),
    };
    check(store, dated(Some(2), None), "cafe net");
    check(store, dated(None, Some(2)), "lock");
    check(store, dated(Some(2), Some(3)), "net");
    check(store, dated(None, None), "cafe net lock");
    let arrived = |from, to| Query::Arrived { from: Some(minute(from)), to: Some(minute(to)) };
    check(store, arrived(2, 3), "lock");
}

fn combined(store: &mut dyn Store) {
    fill(store);
    let two = || through("two.example");
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
    check(store, Query::Xor(vec![any("slow"), any("mutex")]), "net");
    check(store, Query::Xor(vec![any("slow"), any("mutex"), two()]), "lock");
    check(store, Query::Xor(vec![]), "");
}

fn the_diff(store: &mut dyn Store) {
    fill(store);
    check(store, any("call_secret_function"), "lock");
    check(store, word(Field::Added, "call_secret_function"), "lock");
    check(store, word(Field::Removed, "call_secret_function"), "");
    let hits = store.search(&any("call_secret_function"), Order::Newest, ALL).unwrap();
    assert_eq!(hits[0].snippet, "+ call_secret_function();");
}

fn stems(store: &mut dyn Store) {
    fill(store);
    check(store, like(Like::Stem, "meetings"), "cafe");
    check(store, like(Like::Stem, "lock"), "net lock");
    check(store, like(Like::Stem, "loads"), "net lock");
    check(store, like(Like::Exact, "loads"), "");
    let mut more = mail("more", 9);
    more.text = "It locks, and it locked.\n".to_owned();
    keep_apart(store, &[more]);
    check(store, like(Like::Stem, "locking"), "more net lock");
}

fn defects(store: &mut dyn Store) {
    fill(store);
    let mut odd = mail("odd", 5);
    odd.header.defects = vec![Defect::BareCr, Defect::Charset];
    keep_apart(store, &[odd]);
    check(store, Query::Defect(Defect::Charset), "odd");
    check(store, Query::Defect(Defect::Encoding), "");
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
    assert_eq!(snippet(through("two.example")), "");
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
        for fields in [Fields::ANY, Field::Subject.into(), Fields::BODY, Fields::default()] {
            for like in [Like::Exact, Like::Stem, Like::Prefix] {
                check(store, Query::Word { fields, word: text.to_owned(), like }, "");
            }
        }
        let words = vec![text.to_owned(); 2];
        check(store, Query::Phrase { fields: Fields::ANY, words }, "");
        check(store, Query::And(vec![any("mutex"), any(text)]), "");
        check(store, Query::Or(vec![any("mutex"), any(text)]), "lock");
        check(store, Query::And(vec![any("mutex"), not(any(text))]), "lock");
    }
    check(store, Query::Phrase { fields: Fields::ANY, words: vec![] }, "");
    check(store, any("mutex\""), "lock");
}

fn too_long(store: &mut dyn Store) {
    fill(store);
    store.give_searches(Duration::ZERO).unwrap();
    let error = store.search(&any("mutex"), Order::Newest, ALL).unwrap_err();
    assert!(matches!(error, StoreError::TooLong { seconds: 0 }), "{error}");
    assert!(store.matches(&any("mutex"), Order::Relevance, ALL).is_err());
    store.give_searches(Duration::from_secs(60)).unwrap();
    check(store, any("mutex"), "lock");
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

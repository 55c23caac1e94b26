//! Whatever is typed into a search, it is refused with a place or finds what it says.

use std::collections::BTreeSet;

use jiff::Timestamp;
use lorecast_desk::parse_query;
use lorecast_model::{Group, MessageId, Order, Placement, Query};
use lorecast_store::sqlite::SqliteStore;
use lorecast_store::{Batch, Entry, Found, Page, Raw, SourceKey, Store, StoreError, Words};

/// A patch, an answer, and a mail in other letters.
const MAILS: [&str; 3] = [
    "From: Ann Example <ann@a.example>\nTo: l@v.example\nDate: Mon, 10 Apr 2023 12:00:00 +0000\n\
     Subject: [PATCH v2] mm/slab: fold the testing of kmalloc()\nMessage-ID: <1@a.example>\n\
     List-Id: <linux-x.v.example>\n\nDon't test v6.3 twice, AT&T.\n\n\
     diff --git a/mm/slab.c b/mm/slab.c\nindex 1234567..89abcde 100644\n\
     --- a/mm/slab.c\n+++ b/mm/slab.c\n@@ -1,2 +1,2 @@ static int fold(void)\n\
     \x20context\n-removed\n+added c++\n",
    "From: Bob <b@b.example>\nCc: Ann <ann@a.example>\nDate: Tue, 11 Apr 2023 12:00:00 +0000\n\
     Subject: Re: [PATCH v2] mm/slab: fold\nMessage-ID: <2@b.example>\n\
     References: <1@a.example>\n\n> Don't test\nTested-by: Bob <b@b.example>\n",
    "From: =?utf-8?q?J=C3=BCrgen?= <j@c.example>\nSubject: Caf\u{e9} \u{65e5}\u{672c} \u{fb01}le\n\
     Message-ID: <3@c.example>\n\nx \u{a8} y_z #1 100%\n",
];

thread_local! {
    static STORE: SqliteStore = filled();
}

pub fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let now: Timestamp = "2023-04-12T15:30:00Z".parse().expect("a moment");
    match parse_query(&text, now) {
        Ok(query) => STORE.with(|store| is_answered(store, &query)),
        Err(error) => {
            let column = 1..=text.chars().count() + 1;
            assert!(column.contains(&error.column), "{error}");
            assert!(!error.message.is_empty());
        }
    }
}

/// Both orders find the same; the opposite finds the rest.
fn is_answered(store: &SqliteStore, query: &Query) {
    let Some(found) = search(store, query, Order::Relevance) else { return };
    let newest = search(store, query, Order::Newest);
    assert_eq!(Some(&found), newest.as_ref(), "{query:?}");
    let not = Query::Not(Box::new(query.clone()));
    if let Some(rest) = search(store, &not, Order::Newest) {
        assert!(found.is_disjoint(&rest), "{query:?} finds {found:?} and {rest:?}");
        assert_eq!(found.len() + rest.len(), MAILS.len(), "{query:?}");
    }
}

/// What is found; nothing when the search is refused as too long.
fn search(store: &SqliteStore, query: &Query, order: Order) -> Option<BTreeSet<MessageId>> {
    match store.search(query, order, Page { skip: 0, take: 100 }) {
        Ok(hits) => Some(hits.into_iter().map(|hit| hit.header.id).collect()),
        Err(StoreError::Query { .. }) => None,
        Err(error) => panic!("{error:?} for {query:?}"),
    }
}

fn filled() -> SqliteStore {
    let mut store = SqliteStore::in_memory().expect("there is room for a store");
    let entries: Vec<Entry> = MAILS.iter().map(|mail| entry(mail)).collect();
    let members = entries.iter().map(|entry| (entry.message.header.id.clone(), Group::New(0)));
    let batch = Batch {
        source: SourceKey("x".to_owned()),
        cursor: "1".to_owned(),
        placement: Placement { members: members.collect(), merges: vec![] },
        entries,
        removals: vec![],
    };
    store.commit(&batch).expect("the mails are kept");
    store
}

fn entry(mail: &str) -> Entry {
    let message = lorecast_mail::parse(mail.as_bytes(), &lorecast_mail::Arrival::default());
    let mut words = Words::default();
    lorecast_mail::texts(&message, |field, text| words.add(field, text));
    let raw = Raw::Bytes(mail.as_bytes().to_vec());
    let found = Found { received: Some(message.header.date), raw, alone: vec![] };
    Entry::new(message, words, found)
}

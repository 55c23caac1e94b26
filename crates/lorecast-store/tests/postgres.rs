//! What happens around a database: several programs, other programs' schemas, a server that goes away;
//! and that a search finds what SQLite finds, in the same order.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use jiff::Timestamp;
use lorecast_model::{
    BlobId, ContentHash, Field, Fields, Group, Header, Like, Mailbox, Message, MessageId, Order,
    Placement, Query, Writer,
};
use lorecast_store::postgres::{Address, PostgresStore};
use lorecast_store::sqlite::SqliteStore;
use lorecast_store::{Batch, Entry, Found, Page, Place, Raw, SourceKey, Store, StoreError, Words};
use lorecast_testkit::postgres::Postgres;

const ALL: Page = Page { skip: 0, take: 1000 };

fn id(number: usize) -> MessageId {
    MessageId::new(&format!("{number}@lists.example")).unwrap()
}

/// Mails by Ann that say these texts, each a thread of its own.
fn batch(from: usize, texts: &[&str]) -> Batch {
    let ids = (from..).map(id).take(texts.len());
    let entry = |(number, text): (usize, &&str)| {
        let who = Mailbox { name: "Ann".to_owned(), email: "ann@kernel.example".to_owned() };
        let header = Header {
            id: id(number),
            date: Timestamp::from_second(1_680_000_000 + number as i64 / 2).unwrap(),
            from: who.clone(),
            subject: text.chars().take(20).collect(),
            references: vec![],
            lists: vec![],
            defects: vec![],
        };
        let mut words = Words::default();
        words.add(Field::Subject, &header.subject);
        words.add(Field::From, &header.from.to_string());
        words.add(Field::Unquoted, text);
        words.add(Field::Post, text);
        let message = Message {
            header,
            to: vec![],
            cc: vec![],
            text: (*text).to_owned(),
            diff: String::new(),
            attached: String::new(),
            attachments: vec![],
            signature: None,
            writer: Writer { who, ..Writer::default() },
            content: ContentHash::default(),
        };
        let found = Found { received: None, raw: Raw::Blob(BlobId([1; 20])), alone: vec![] };
        Entry::new(message, words, found)
    };
    Batch {
        source: SourceKey("mbox".to_owned()),
        cursor: "1".to_owned(),
        entries: (from..).zip(texts).map(entry).collect(),
        removals: vec![],
        placement: Placement {
            members: ids.zip(0..).map(|(id, number)| (id, Group::New(number))).collect(),
            merges: vec![],
        },
    }
}

fn word(text: &str, like: Like) -> Query {
    Query::Word { fields: Fields::ANY, word: text.to_owned(), like }
}

fn phrase(text: &str) -> Query {
    let words = text.split(' ').map(str::to_owned).collect();
    Query::Phrase { fields: Fields::BODY, words }
}

fn fresh(server: &Postgres) -> Address {
    Address::parse(&server.fresh()).unwrap()
}

#[test]
fn nodes_may_start_at_the_same_time() {
    let Some(server) = Postgres::shared() else { return };
    let address = fresh(server);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| PostgresStore::open(&address).unwrap().stats().unwrap());
        }
    });
}

#[test]
fn a_second_writer_is_told_who_writes_and_readers_go_on() {
    let Some(server) = Postgres::shared() else { return };
    let address = fresh(server);
    let mut first = PostgresStore::open_to_write(&address, "lorecast sync").unwrap();
    let Err(error) = PostgresStore::open_to_write(&address, "lorecast ingest") else {
        panic!("opened")
    };
    assert!(matches!(error, StoreError::Busy { .. }), "{error}");
    let text = error.to_string();
    let who = format!("lorecast sync (process {}), since 2", std::process::id());
    assert!(text.contains(&who), "{text}");
    let reader = PostgresStore::open_to_read(&address).unwrap();
    let mut seen = 0;
    reader
        .at_once(&mut || {
            let before = reader.stats().unwrap().messages;
            first.commit(&batch(0, &["one", "two"])).unwrap();
            assert_eq!(reader.stats().unwrap().messages, before, "one state throughout");
            seen += 1;
        })
        .unwrap();
    assert_eq!((seen, reader.stats().unwrap().messages), (1, 2));
    drop(first);
    PostgresStore::open_to_write(&address, "lorecast ingest").unwrap();
}

#[test]
fn a_reader_notices_changes_and_a_store_made_anew() {
    let Some(server) = Postgres::shared() else { return };
    let place = Place::server(&server.fresh()).unwrap();
    assert!(!place.is_made().unwrap());
    assert!(matches!(place.open_to_read(), Err(StoreError::Open { .. })));
    let mut writer = place.open_to_write("lorecast sync").unwrap();
    let reader = place.open_to_read().unwrap();
    let before = reader.generation().unwrap();
    assert_eq!(reader.generation().unwrap(), before);
    writer.commit(&batch(0, &["one"])).unwrap();
    assert_ne!(reader.generation().unwrap(), before);
    assert!(reader.is_current().unwrap() && place.is_made().unwrap());
    drop(writer);
    place.set_aside().unwrap();
    assert!(!reader.is_current().unwrap() && !place.is_made().unwrap());
    let anew = place.open().unwrap();
    assert_eq!(anew.stats().unwrap().messages, 0);
    assert_ne!(anew.generation().unwrap(), before, "a store that was made anew is another one");
    drop(anew);
    assert!(!reader.is_current().unwrap());
    assert_eq!(place.aside().open().unwrap().stats().unwrap().messages, 1);
    place.aside().delete().unwrap();
    assert!(!place.aside().is_made().unwrap());
}

#[test]
fn a_server_that_went_away_and_came_back_needs_no_hand() {
    let Some(server) = Postgres::start() else { return };
    let address = fresh(&server);
    let mut writer = PostgresStore::open_to_write(&address, "lorecast sync").unwrap();
    let reader = PostgresStore::open_to_read(&address).unwrap();
    writer.commit(&batch(0, &["one"])).unwrap();
    server.stop();
    for error in [reader.stats().unwrap_err(), writer.commit(&batch(1, &["two"])).unwrap_err()] {
        assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
        assert!(error.to_string().contains(&address.to_string()), "{error}");
    }
    server.start_again();
    assert_eq!(writer.commit(&batch(1, &["two"])).unwrap().new, 1);
    assert_eq!(reader.stats().unwrap().messages, 2);
    // In the middle of a transaction there is no way back; after it there is.
    let mut failed = false;
    reader
        .at_once(&mut || {
            server.stop();
            server.start_again();
            failed = reader.stats().is_err();
        })
        .unwrap();
    assert!(failed);
    assert_eq!(reader.stats().unwrap().messages, 2);
    assert_eq!(writer.stats().unwrap().messages, 2);
    let Err(error) = PostgresStore::open_to_write(&address, "other") else { panic!("opened") };
    assert!(error.to_string().contains("lorecast sync"), "the lock came back, too: {error}");
}

#[test]
fn what_is_no_store_of_ours_is_refused_and_left_alone() {
    let Some(server) = Postgres::shared() else { return };
    let refused = |schema: &str, before: &str| {
        server.run(before);
        let address = Address::parse(&server.address(schema)).unwrap();
        let Err(error) = PostgresStore::open(&address) else { panic!("opened") };
        error.to_string().replace(&address.to_string(), "ADDRESS")
    };
    insta::assert_snapshot!(
        refused("photos", "CREATE SCHEMA photos; CREATE TABLE photos.photo (id integer)"),
        @"`ADDRESS` is not a store of Lorecast: the schema `photos` holds tables of another program; the store holds only what was derived from the archives, so `lorecast store rebuild` can make it anew"
    );
    insta::assert_snapshot!(
        refused("later", "CREATE SCHEMA later; CREATE TABLE later.layout AS SELECT 99 AS version"),
        @"the store `ADDRESS` has layout 99, and this Lorecast knows layouts up to 2; use a newer Lorecast, or `lorecast store rebuild`"
    );
}

#[test]
fn a_server_that_is_not_there_is_named_without_the_password() {
    let address = Address::parse("postgres://ann:secret@127.0.0.1:1/show").unwrap();
    let Err(error) = PostgresStore::open(&address) else { panic!("opened") };
    assert!(!format!("{error:?} {error}").contains("secret"));
    insta::assert_snapshot!(error, @"cannot reach the store `postgres://ann:***@127.0.0.1:1/show`: error connecting to server: Connection refused (os error 111); nothing that was kept is lost: see that PostgreSQL runs there and lets you in, and do the same again");
}

#[test]
fn what_goes_over_the_network_is_encrypted_and_to_the_right_server() {
    let Some(server) = Postgres::start_encrypted() else { return };
    let authority = format!("&sslrootcert={}", server.authority().display());
    let named = |host: &str, how: &str| format!("{}{how}", server.address_by(host, "show"));
    let open = |address: &str| PostgresStore::open(&Address::parse(address).unwrap());
    let store = open(&named("localhost", &authority)).unwrap();
    assert_eq!(server.run("SELECT count(*) FROM pg_stat_ssl WHERE ssl").trim(), "1");
    assert_eq!(store.stats().unwrap().messages, 0);
    let refused = |address: &str| match open(address) {
        Ok(_) => panic!("opened"),
        Err(error) => error.to_string(),
    };
    let unknown = refused(&named("localhost", "&sslmode=verify-full"));
    assert!(unknown.contains("UnknownIssuer"), "{unknown}");
    let other = refused(&named("127.0.0.1", &authority));
    assert!(other.contains("not valid for name"), "{other}");
}

#[test]
fn damage_is_found() {
    let Some(server) = Postgres::shared() else { return };
    let address = fresh(server);
    let mut store = PostgresStore::open(&address).unwrap();
    store.commit(&batch(0, &["one", "two", "three"])).unwrap();
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
    let schema = address.schema();
    server.run(&format!(
        "UPDATE {schema}.body SET packed = '\\x00' WHERE id = 2; DELETE FROM {schema}.body WHERE id = 1;
         UPDATE {schema}.node SET thread = 99 WHERE id = 3"
    ));
    insta::assert_snapshot!(store.check().unwrap().join("\n"), @r"
    a row of `node` points to nothing
    1 messages without a body
    1 messages without a thread
    2 bodies that cannot be unpacked
    ");
}

#[test]
fn text_with_a_nul_comes_back_as_it_was() {
    let Some(server) = Postgres::shared() else { return };
    let mut store = PostgresStore::open(&fresh(server)).unwrap();
    let mut odd = batch(0, &["a\0b"]);
    odd.entries[0].message.header.from.name = "An\0n".to_owned();
    store.commit(&odd).unwrap();
    let header = store.message(&id(0)).unwrap().unwrap().header;
    assert_eq!((header.subject.as_str(), header.from.name.as_str()), ("a\0b", "An\0n"));
}

#[test]
fn a_mail_with_more_words_than_a_row_can_index_is_found_all_the_same() {
    let Some(server) = Postgres::shared() else { return };
    let mut store = PostgresStore::open(&fresh(server)).unwrap();
    let long: String = (0..120_000).map(|n| format!("word{n:06} ")).collect();
    store.commit(&batch(0, &[&long, "word000007 alone"])).unwrap();
    let found = |query: Query, order| store.matches(&query, order, ALL).unwrap().len();
    for order in [Order::Newest, Order::Relevance] {
        assert_eq!(found(word("word000007", Like::Exact), order), 2);
        assert_eq!(found(word("word1199", Like::Prefix), order), 1);
        assert_eq!(found(phrase("word119998 word119999"), order), 1);
        assert_eq!(found(phrase("word119999 word119998"), order), 0);
    }
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

/// Small texts of few words, so that they share many.
fn texts() -> Vec<String> {
    let words = [
        "lock",
        "locks",
        "locking",
        "mutex",
        "slow",
        "io_uring",
        "mm/slab.c",
        "v6.3",
        "fix",
        "Café",
        "deadbeef01",
        "the",
        "net-next",
        "a@b.example",
    ];
    let mut state = 7_u64;
    let mut next = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    (0..300)
        .map(|_| (0..1 + next(30)).map(|_| words[next(words.len())]).collect::<Vec<_>>().join(" "))
        .collect()
}

#[test]
fn a_search_finds_what_sqlite_finds_in_the_same_order() {
    let Some(server) = Postgres::shared() else { return };
    let mut ours = PostgresStore::open(&fresh(server)).unwrap();
    let mut sqlite = SqliteStore::in_memory().unwrap();
    let texts = texts();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    for (at, some) in texts.chunks(100).enumerate() {
        let batch = batch(at * 100, some);
        ours.commit(&batch).unwrap();
        sqlite.commit(&batch).unwrap();
    }
    let stem = |text| word(text, Like::Stem);
    let queries = [
        stem("lock"),
        word("Locks", Like::Exact),
        word("lo", Like::Prefix),
        Query::Word { fields: Field::Post.into(), word: "deadbee".to_owned(), like: Like::Exact },
        stem("mm/slab.c"),
        phrase("slow the"),
        phrase("mutex mutex"),
        stem("ann@kernel.example"),
        Query::And(vec![stem("lock"), stem("cafe"), phrase("v6.3 fix")]),
        Query::Or(vec![stem("lock"), Query::And(vec![stem("mutex"), stem("slow")])]),
        Query::Or(vec![
            phrase("lock mutex"),
            Query::And(vec![phrase("the fix"), stem("net-next")]),
        ]),
        Query::And(vec![stem("fix"), Query::Not(Box::new(phrase("fix the")))]),
        Query::Xor(vec![stem("slow"), phrase("the slow"), stem("fix")]),
    ];
    for query in &queries {
        for order in [Order::Newest, Order::Relevance] {
            for page in [ALL, Page { skip: 5, take: 7 }] {
                let found = ours.search(query, order, page).unwrap();
                assert_eq!(
                    found,
                    sqlite.search(query, order, page).unwrap(),
                    "{query:?} {order:?}"
                );
            }
        }
        assert!(!sqlite.matches(query, Order::Newest, ALL).unwrap().is_empty(), "{query:?}");
    }
}

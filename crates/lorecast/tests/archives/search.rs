//! `search` and `messages --defects`: pages, orders, fields, and questions that are wrong.

use insta::assert_snapshot;
use lorecast_testkit::mailbox::MailText;
use serde_json::{Value, json};

use crate::world::{World, dated};

/// Seven mails about folios, of which one speaks of them most, and one that is broken.
fn world() -> World {
    let mut mails: Vec<MailText> = (0..6).map(|n| dated(&format!("{n}@x"), n)).collect();
    mails[2] = mails[2].clone().subject("folio and folio").list("linux-mm.kvack.org");
    for (n, mail) in mails.iter_mut().enumerate() {
        *mail = mail.clone().body(&format!("Some words before, then a folio, and {n} behind.\n"));
    }
    mails.push(dated("bad@x", 7).date("soon").subject("a broken mail"));
    World::with(&mails.iter().map(MailText::bytes).collect::<Vec<_>>())
}

fn ids(hits: &Value) -> Vec<&str> {
    hits.as_array().unwrap().iter().map(|hit| hit["message_id"].as_str().unwrap()).collect()
}

fn check(world: &World, args: &[&str], expected: &[&str]) {
    let hits = world.done(&[&["search", "--format", "json"], args].concat());
    assert_eq!(ids(&serde_json::from_str(&hits).unwrap()), expected, "{args:?}");
}

#[test]
fn the_best_or_the_newest_comes_first() {
    let world = world();
    check(&world, &["folio", "--limit", "1"], &["2@x"]);
    check(&world, &["folio", "--newest"], &["5@x", "4@x", "3@x", "2@x", "1@x", "0@x"]);
}

#[test]
fn pages_follow_each_other() {
    let world = world();
    check(&world, &["folio", "--newest", "--limit", "2"], &["5@x", "4@x"]);
    check(&world, &["folio", "--newest", "--limit", "2", "--skip", "2"], &["3@x", "2@x"]);
    check(&world, &["folio", "--newest", "--limit", "2", "--skip", "5"], &["0@x"]);
    check(&world, &["folio", "--newest", "--skip", "6"], &[]);
    check(&world, &["folio", "--limit", "0"], &[]);
}

#[test]
fn words_of_a_question_may_be_arguments_and_options_may_follow() {
    let world = world();
    check(&world, &["s:folio", "l:linux-mm", "d:20230410..20230411"], &["2@x"]);
    check(&world, &["--newest", "--limit", "1", "--", "-s:folio", "folio"], &["5@x"]);
}

#[test]
fn a_hit_has_its_fields() {
    let hits = world().json(&["search", "s:folio"]);
    let expected = json!([{
        "message_id": "2@x",
        "date": "2023-04-10T12:02:00Z",
        "from_name": "Ann Example",
        "from_email": "ann@a.example",
        "subject": "folio and folio",
        "lists": ["linux-mm.kvack.org"],
        "snippet": "",
    }]);
    assert_eq!(hits, expected);
}

#[test]
fn text_shows_the_words_around() {
    let world = world();
    assert_snapshot!(world.done(&["search", "b:folio", "--newest", "--limit", "2"]), @r"
    2023-04-10  Ann Example  the matter of 5
                5@x
                Some words before, then a folio, and 5 behind.
    2023-04-10  Ann Example  the matter of 4
                4@x
                Some words before, then a folio, and 4 behind.
    ");
}

#[test]
fn what_is_not_shown_is_told() {
    let world = world();
    let told = |args: &[&str]| world.run(&[&["search"], args].concat()).stderr;
    assert_snapshot!(told(&["folio", "--limit", "2"]), @"note: there may be more: `--skip 2` goes on");
    assert_snapshot!(told(&["nowhere"]), @"note: no message matches");
    assert_snapshot!(told(&["folio", "--skip", "9"]), @"note: no more messages match");
    assert_snapshot!(told(&["folio"]), @"");
}

#[test]
fn a_wrong_question_says_where() {
    let world = world();
    let told = |question| world.fails(&["search", question]);
    assert_snapshot!(told("folio (mm"), @"error: cannot read the search `folio (mm` at column 7: this `(` is not closed");
    assert_snapshot!(told("folio d:soon.."), @"error: cannot read the search `folio d:soon..` at column 7: `soon` is no date; write `20230401..20230415`, `2023-04-01..`, `last.week..` or `..2.days.ago`");
    assert_snapshot!(told("s:\"folio"), @r#"error: cannot read the search `s:"folio` at column 3: a `"` is not closed"#);
    assert_snapshot!(told("folio AND"), @"error: cannot read the search `folio AND` at column 10: a word is missing at the end");
    assert_snapshot!(told("defect:nothing"), @"error: cannot read the search `defect:nothing` at column 1: `defect:` takes one of missing-id, bad-date, date-off, missing-from, missing-subject, charset, encoding, structure, too-large, not-mail, bad-zone, no-charset, no-content-type, no-references, odd-reply, no-ids, no-recipients, encoded-diff, flowed-diff, whitespace-diff, mbox-escape, via-list, bare-cr, html-only, nested-mail, shared-id");
}

#[test]
fn defects_are_counted_and_listed() {
    let world = world();
    assert_snapshot!(world.done(&["messages", "--defects"]), @r"
              bad-date  1 message
       no-content-type  7 messages  (harmless)

    1970-01-01  Ann Example  a broken mail
                bad@x  [bad-date, no-content-type]
    ");
    assert_snapshot!(world.done(&["messages", "--defects", "bad-date"]), @r"
    1970-01-01  Ann Example  a broken mail
                bad@x  [bad-date, no-content-type]
    ");
    let listed = world.json(&["messages", "--defects", "bad-date"]);
    assert_eq!(ids(&listed), ["bad@x"]);
    assert!(listed[0]["defects"].as_array().unwrap().contains(&json!("bad-date")), "{listed}");
    let none = world.run(&["messages", "--defects", "charset"]);
    assert_eq!((none.stdout.as_str(), none.stderr.trim()), ("", "note: no message matches"));
}

#[test]
fn nothing_can_be_asked_before_something_was_read() {
    let world = World::new();
    assert_snapshot!(world.fails(&["search", "folio"]), @"error: nothing has been read into `show` yet; run `lorecast ingest ARCHIVE…` first");
    assert_snapshot!(world.fails(&["store", "check"]), @"error: nothing has been read into `show` yet; run `lorecast ingest ARCHIVE…` first");
}

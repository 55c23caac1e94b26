//! One id, two mails; one mail, two lists.

use insta::assert_snapshot;
use lorecast_testkit::inbox;
use lorecast_testkit::mailbox::{MailText, mboxrd};
use serde_json::{Value, json};

use crate::world::{World, dated};

/// Two different mails under one id, and an answer.
fn shared() -> World {
    let mails = [
        dated("1@x", 0).body("The first.\n"),
        dated("1@x", 1).from("Bob <bob@x>").body("The second.\n"),
        dated("2@x", 2).reply_to(&["1@x"]),
    ];
    World::with(&mails.each_ref().map(MailText::bytes))
}

fn texts(messages: &Value) -> Vec<&str> {
    let all = messages.as_array().unwrap().iter();
    all.map(|message| message["message"]["text"].as_str().unwrap()).collect()
}

#[test]
fn both_mails_of_an_id_are_shown() {
    let world = shared();
    let both = world.json(&["messages", "1@x"]);
    assert_eq!(texts(&both), ["The first.\n", "The second.\n"]);
    let text = world.done(&["messages", "1@x"]);
    assert!(text.contains("The first.") && text.contains("The second."), "{text}");
    assert_eq!(world.table().lines().count(), 4);
}

#[test]
fn the_content_tells_them_apart() {
    let world = shared();
    for message in world.json(&["messages", "1@x"]).as_array().unwrap() {
        let content = message["content"].as_str().unwrap();
        assert_eq!(message["message"]["content"], content);
        let one = world.json(&["messages", "1@x", "--content", &content[..8]]);
        assert_eq!(texts(&one), [message["message"]["text"].as_str().unwrap()]);
        let raw = world.done(&["messages", "--raw", "1@x", "--content", content]);
        assert!(raw.ends_with(message["message"]["text"].as_str().unwrap()), "{raw}");
    }
    assert_snapshot!(world.fails(&["messages", "1@x", "--content", "zz"]), @"error: no mail `1@x` has the content `zz`; see `lorecast messages 1@x`");
}

#[test]
fn the_raw_mail_comes_with_a_word_about_the_other() {
    let world = shared();
    let run = world.run(&["messages", "--raw", "1@x"]);
    assert!(run.stdout.ends_with("The first.\n"), "{run:?}");
    let other = world.json(&["messages", "1@x"])[1]["content"].as_str().unwrap().to_owned();
    let told = run.stderr.replace(&other, "CONTENT");
    assert_snapshot!(told.trim(), @"note: another mail has this id: see it with `--content CONTENT`");
}

#[test]
fn both_stand_in_the_thread() {
    assert_snapshot!(shared().done(&["thread", "2@x"]), @r"
    the matter of 1
    3 messages by 2 people

    2023-04-10 12:00  Ann Example: the matter of 1
    2023-04-10 12:01  Bob: the matter of 1
    2023-04-10 12:02    Ann Example: the matter of 2
    ");
}

/// What came between the two of one id is where it belongs, and none is shown twice.
#[test]
fn mails_between_the_two_keep_their_places() {
    let mails = [
        dated("1@x", 0),
        dated("2@x", 1).reply_to(&["1@x"]),
        dated("3@x", 2).reply_to(&["2@x"]),
        dated("1@x", 3).from("Bob <bob@x>").body("The second.\n"),
        dated("4@x", 4).reply_to(&["3@x"]),
    ];
    let world = World::with(&mails.each_ref().map(MailText::bytes));
    let thread = world.json(&["thread", "3@x"]);
    let rows = thread["messages"].as_array().unwrap().iter();
    let rows: Vec<_> = rows.map(|row| json!([row["message_id"], row["depth"]])).collect();
    assert_eq!(json!(rows), json!([["1@x", 0], ["1@x", 0], ["2@x", 1], ["3@x", 2], ["4@x", 3]]));
    assert_eq!(thread["thread"]["messages"], 5);
}

#[test]
fn the_defect_lists_both() {
    let world = shared();
    assert_snapshot!(world.done(&["messages", "--defects", "shared-id"]), @r"
    2023-04-10  Bob  the matter of 1
                1@x  [no-content-type, shared-id]
    2023-04-10  Ann Example  the matter of 1
                1@x  [no-content-type, shared-id]
    ");
    let listed = world.json(&["messages", "--defects", "shared-id"]);
    let ids = listed.as_array().unwrap().iter().map(|message| &message["message_id"]);
    assert_eq!(ids.collect::<Vec<_>>(), ["1@x", "1@x"]);
}

/// The same mail as two lists deliver it, an hour apart.
#[test]
fn one_mail_through_two_lists_is_one_message_with_both_arrivals() {
    let world = World::new();
    let mail = dated("1@x", 0);
    let late = mail.clone().header("List-Id", "<linux-mm.kvack.org>");
    inbox::build(&world.path("linux-pci.vger.kernel.org.git"), &[mail.bytes()]);
    let mbox = String::from_utf8(mboxrd(&[late.bytes()])).unwrap();
    world.write(
        "mm.mbox",
        mbox.replace("Thu Jan  1 00:00:00 1970", "Mon Apr 10 13:00:00 2023").as_bytes(),
    );
    assert_eq!(world.counts(&["ingest", "linux-pci.vger.kernel.org.git"]), [1, 0, 0]);
    assert_eq!(world.counts(&["ingest", "mm.mbox"]), [0, 1, 0]);
    let message = world.json(&["messages", "1@x"]);
    assert_eq!(message.as_array().unwrap().len(), 1);
    let expected = json!([
        {"list": "linux-mm.kvack.org", "received": "2023-04-10T13:00:00Z"},
        {"list": "linux-pci.vger.kernel.org", "received": "2023-04-10T12:00:00Z"},
    ]);
    assert_eq!(message[0]["arrivals"], expected);
    assert_eq!(world.json(&["search", "l:linux-mm"])[0]["message_id"], "1@x");
    assert_eq!(world.json(&["search", "l:linux-pci"])[0]["message_id"], "1@x");
}

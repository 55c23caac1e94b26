//! Atom feeds.

use insta::assert_snapshot;
use lorecast_testkit::mailbox::mail;

use crate::show::Show;

#[test]
fn a_thread_can_be_followed() {
    let show = Show::of(&[
        mail("1@a.example").subject("A & B").body("One\x01.\n"),
        mail("2@a.example")
            .subject("Re: A & B")
            .date("Mon, 10 Apr 2023 13:00:00 +0000")
            .reply_to(&["1@a.example"]),
    ]);
    let answer = show.get("/2@a.example/t.atom");
    assert_eq!(answer.header("content-type"), "application/atom+xml; charset=utf-8");
    assert_snapshot!(answer.text().replace("><", ">\n<"), @r#"
    <?xml version="1.0"?>
    <feed xmlns="http://www.w3.org/2005/Atom">
    <title>A &amp; B · Kernel &amp; Co</title>
    <id>https://mail.example/1@a.example/t.atom</id>
    <updated>2023-04-10T13:00:00+00:00</updated>
    <generator>Lorecast</generator>
    <link href="https://mail.example/1@a.example/t.atom" rel="self" type="application/atom+xml"/>
    <link href="https://mail.example/1@a.example/t/" rel="alternate" type="text/html"/>
    <entry>
    <title>Re: A &amp; B</title>
    <id>mid:2@a.example</id>
    <updated>2023-04-10T13:00:00+00:00</updated>
    <author>
    <name>Ann Example</name>
    </author>
    <link href="https://mail.example/2@a.example/" rel="alternate"/>
    <content type="text">Hello.
    </content>
    </entry>
    <entry>
    <title>A &amp; B</title>
    <id>mid:1@a.example</id>
    <updated>2023-04-10T12:00:00+00:00</updated>
    <author>
    <name>Ann Example</name>
    </author>
    <link href="https://mail.example/1@a.example/" rel="alternate"/>
    <content type="text">One.
    </content>
    </entry>
    </feed>
    "#);
}

#[test]
fn a_search_can_be_followed() {
    let show =
        Show::of(&[mail("1@a.example").subject("fold"), mail("2@a.example").subject("other")]);
    let (ours, lores) =
        (show.get("/search?q=s%3Afold&format=atom"), show.get("/search?q=s%3Afold&x=A"));
    assert_eq!(ours.text(), lores.text());
    assert_eq!(ours.text().matches("<entry>").count(), 1);
    assert!(ours.text().contains("href=\"https://mail.example/search?q=s%3Afold\""));
    assert_eq!(show.get("/search?q=(&x=A").status, 400);
}

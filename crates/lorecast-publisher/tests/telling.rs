//! The mail and the post about an episode.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod tiny;

use lorecast_model::EpisodeId;
use lorecast_publisher::{Told, tell};
use tiny::Tiny;

/// What is told of the newer of two episodes, once the show is changed.
fn told(change: impl FnOnce(&mut Tiny)) -> Told {
    let mut tiny = Tiny::new();
    change(&mut tiny);
    tell(&tiny.site(), EpisodeId::new("2023-04-16").unwrap()).unwrap().unwrap()
}

/// How Mastodon counts a post.
fn counted(post: &str) -> usize {
    let words = post.trim_end().split_inclusive([' ', '\n']);
    words
        .map(|word| {
            if word.starts_with("http") {
                23 + word.len() - word.trim_end().len()
            } else {
                word.chars().count()
            }
        })
        .sum()
}

#[test]
fn a_mail_says_what_the_notes_say() {
    let told = told(|tiny| {
        tiny.show.telling.to = Some("list@lists.example".into());
        tiny.releases[1].notes =
            format!("Words. {}\n", "A sentence that goes on and on. ".repeat(6));
    });
    insta::assert_snapshot!(told.mail, @r"
    From: Tiny Show <ada@pod.example>
    To: list@lists.example
    Subject: Tiny Show 2: Rings & queues
    Date: Mon, 17 Apr 2023 18:00:00 +0000
    Message-ID: <2023-04-16.354dbf8b5570d9c7@pod.example>
    MIME-Version: 1.0
    Content-Type: text/plain; charset=UTF-8
    Content-Transfer-Encoding: 8bit

    Rings & queues (1:30)

    https://pod.example/show/episodes/2023-04-16/

    Words. A sentence that goes on and on. A sentence that goes on and on. A
    sentence that goes on and on. A sentence that goes on and on. A sentence
    that goes on and on. A sentence that goes on and on.

      00:00:00  Opening
      00:00:12  Rings
      00:01:01  Sign-off

    Listen: https://pod.example/show/media/2023-04-16.mp3
    Subscribe: https://pod.example/show/feed.xml

    -- 
    Tiny Show
    https://pod.example/show/
    ");
}

#[test]
fn a_mail_in_any_language_is_valid() {
    let told = told(|tiny| {
        tiny.show.title = "Öl, Wasser & Strom".into();
        tiny.releases[1].episode.title = "Über Ringe: ein Titel, der nicht in eine Zeile passt, weil er länger ist als sie\r\nBcc: eve@x.example".into();
    });
    let (head, _) = told.mail.split_once("\n\n").unwrap();
    insta::assert_snapshot!(head, @r"
    From: =?UTF-8?B?w5ZsLCBXYXNzZXIgJiBTdHJvbQ==?= <ada@pod.example>
    Subject: =?UTF-8?B?w5ZsLCBXYXNzZXIgJiBTdHJvbSAyOiDDnGJlciBSaW5nZTogZWlu?=
     =?UTF-8?B?IFRpdGVsLCBkZXIgbmljaHQgaW4gZWluZSBaZWlsZSBwYXNzdCwg?=
     =?UTF-8?B?d2VpbCBlciBsw6RuZ2VyIGlzdCBhbHMgc2llIEJjYzogZXZlQA==?=
     =?UTF-8?B?4oCm?=
    Date: Mon, 17 Apr 2023 18:00:00 +0000
    Message-ID: <2023-04-16.354dbf8b5570d9c7@pod.example>
    MIME-Version: 1.0
    Content-Type: text/plain; charset=UTF-8
    Content-Transfer-Encoding: 8bit
    ");
    assert!(head.is_ascii());
}

#[test]
fn no_address_but_the_shows_is_named() {
    let told = told(|tiny| {
        tiny.releases[1].notes = "Ask eve@private.example or ada@pod.example.\n".into()
    });
    assert!(
        !told.mail.contains("private.example") && told.mail.contains("ada@pod.example"),
        "{}",
        told.mail
    );
    assert!(!told.post.contains("private.example"), "{}", told.post);
}

#[test]
fn a_post_fits() {
    let short = told(|tiny| tiny.show.telling.hashtags = vec!["linux".into(), "kernel".into()]);
    insta::assert_snapshot!(short.post, @r"
    Tiny Show 2: Rings & queues

    In this week's edition: rings, and queues. See the thread.

    https://pod.example/show/episodes/2023-04-16/

    #linux #kernel
    ");
    let long = told(|tiny| {
        tiny.releases[1].episode.title = "A title of many words ".repeat(15);
        tiny.releases[1].notes = format!("{}\n", "wörter ".repeat(80));
    });
    assert!(
        counted(&long.post) <= 500 && counted(&long.post) > 440,
        "{} {}",
        counted(&long.post),
        long.post
    );
    let cut = long.post.split_whitespace().filter(|word| word.ends_with('…'));
    assert!(cut.clone().all(|word| word == "wörter…"), "{:?}", cut.collect::<Vec<_>>());
    let huge = told(|tiny| tiny.releases[1].episode.title = "words and words ".repeat(60));
    assert!(counted(&huge.post) <= 500 && huge.post.contains("https://"), "{}", huge.post);
}

#[test]
fn own_templates_are_used_and_wrong_ones_told() {
    let own = |text: &str| {
        let mut tiny = Tiny::new();
        tiny.templates.0.insert("telling/mail.txt".into(), text.into());
        let told = tell(&tiny.site(), EpisodeId::new("2023-04-16").unwrap());
        told.map(|told| told.unwrap().mail.split_once("\n\n").unwrap().1.to_owned())
            .unwrap_or_else(|e| e.to_string())
    };
    insta::assert_snapshot!(own("Subject: x\n\n{{ episode.chapters[1].clock }} <{{ show.feed }}>\n"), @"00:00:12 <https://pod.example/show/feed.xml>");
    insta::assert_snapshot!(own("Hello\n"), @"templates/telling/mail.txt:1: the first line does not begin with `Subject: `; correct the template, or delete it to use the built-in one");
    insta::assert_snapshot!(own("Subject: {{ nobody.name }}\n\n"), @"templates/telling/mail.txt: error: Variable `nobody` is not defined. Available variables: episode, hashtags, show --> telling/mail.txt:1:13 | 1 | Subject: {{ nobody.name }} | ^^^^^^; correct the template, or delete it to use the built-in one");
    let mut tiny = Tiny::new();
    tiny.show.email = None;
    let told = tell(&tiny.site(), EpisodeId::new("2023-04-16").unwrap());
    insta::assert_snapshot!(told.unwrap_err(), @"a mail needs an address that it comes from; write `email:` into `show.yaml`");
}

//! A feed on a server: what the server must do, and whom the lint never asks.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use lorecast_model::Finding;
use lorecast_publisher::{Context, Subject, lint};

use crate::server::{Answer, Quirk, Request, serve};
use crate::world;

fn findings(quirk: Quirk) -> Vec<Finding> {
    let address = serve(world::clean(), quirk) + "feed.xml";
    let first = Some("https://pod.example/show/feed.xml");
    let context = Context { first_address: first, ..Context::default() };
    lint(&Subject::Address(address.parse().unwrap()), &context).unwrap()
}

fn rules(quirk: impl Fn(&Request, &mut Answer) + Send + Sync + 'static) -> Vec<String> {
    let found = findings(Box::new(quirk));
    let rules: BTreeSet<String> = found.into_iter().map(|finding| finding.rule).collect();
    rules.into_iter().collect()
}

#[test]
fn a_good_server_has_no_findings() {
    let found = findings(Box::new(|_, _| {}));
    assert!(found.is_empty(), "{found:#?}");
}

/// A server that does one thing wrong breaks one rule.
#[track_caller]
fn check(rule: &str, quirk: impl Fn(&Request, &mut Answer) + Send + Sync + 'static) {
    assert_eq!(rules(quirk), [rule]);
}

/// Answers to requests of one path are without a header, or have another.
fn header(
    path: &'static str,
    name: &'static str,
    value: &'static str,
) -> impl Fn(&Request, &mut Answer) {
    move |request, answer| {
        if request.path == path && value.is_empty() {
            answer.headers.remove(name);
        } else if request.path == path {
            answer.headers.insert(name, value.into());
        }
    }
}

#[test]
fn what_is_there_tells_its_length() {
    check("HT-01", |request, answer| {
        if request.path == "cover.png" && request.method == "HEAD" {
            answer.status = 500;
        }
    });
}

#[test]
fn sound_is_served_in_ranges() {
    check("HT-02", |request, answer| {
        if request.path.ends_with(".mp3") && answer.status == 206 {
            answer.status = 200;
        }
    });
    check("HT-02", |_, answer| {
        if answer.status == 416 {
            answer.status = 206;
        }
    });
}

#[test]
fn types_are_those_that_the_feed_gives() {
    check("HT-03", header("feed.xml", "Content-Type", "text/html"));
    check("HT-03", header("feed.xml", "Content-Type", "text/xml; charset=iso-8859-1"));
    check("HT-04", header("episodes/two/transcript.vtt", "Content-Type", "text/plain"));
    check("HT-04", header("media/two.mp3", "Content-Type", "application/octet-stream"));
}

#[test]
fn what_is_known_is_not_sent_again() {
    check("HT-05", header("feed.xml", "ETag", ""));
    check("HT-05", |_, answer| {
        if answer.status == 304 {
            answer.status = 200;
        }
    });
    let count = AtomicUsize::new(10);
    check("HT-06", move |request, answer| {
        if !request.header("if-modified-since").is_empty() {
            answer.status = 304;
        } else if request.path == "feed.xml" && answer.status == 200 {
            let second = count.fetch_add(1, Ordering::Relaxed) % 50;
            let date = format!("Mon, 17 Apr 2023 18:00:{second:02} GMT");
            answer.headers.insert("Last-Modified", date);
        }
    });
}

#[test]
fn feeds_are_compressed_and_readable_from_other_pages() {
    check("HT-07", header("feed.xml", "Vary", ""));
    check("HT-08", header("feed.xml", "Access-Control-Allow-Origin", ""));
    check("HT-08", header("episodes/two/chapters.json", "Access-Control-Allow-Origin", ""));
}

#[test]
fn addresses_lead_where_they_say() {
    check("HT-10", |request, answer| {
        if request.path.ends_with("two.mp3") {
            let times = request.path.matches("hop").count();
            if times < 2 {
                answer.status = 302;
                answer.headers.insert("Location", format!("/hop/{}", request.path));
            }
        }
    });
    check("HT-12", |request, answer| {
        if request.path == "hub" {
            answer.status = 404;
        }
    });
    check("HT-13", |request, answer| {
        if request.path.starts_with("lore/") {
            answer.status = 404;
        }
    });
}

#[test]
fn what_is_not_there_is_not_there() {
    check("HT-15", |request, answer| {
        if request.path.contains("is-not-there") {
            answer.status = 200;
        }
    });
    check("HT-15", |request, answer| {
        if request.path == "media/" {
            answer.status = 200;
            answer.set_body(b"<h1>Index of /media</h1>".to_vec());
        }
    });
}

#[test]
fn other_machines_of_the_own_network_are_never_asked() {
    let secret = serve(world::clean(), Box::new(|request, _| panic!("{} was asked", request.path)));
    let secret = secret.replace("127.0.0.1", "localhost");
    let mut files = world::clean();
    let feed = String::from_utf8(files["feed.xml"].clone()).unwrap();
    let feed = feed.replace("https://pod.example/show/cover.png", &format!("{secret}cover.png"));
    files.insert("feed.xml".into(), feed.into_bytes());
    let address = serve(files, Box::new(|_, _| {})) + "feed.xml";
    let found = lint(&Subject::Address(address.parse().unwrap()), &Context::default()).unwrap();
    assert!(found.iter().any(|f| f.message.contains("has no public address")), "{found:#?}");
}

//! Asks a real server on loopback that behaves badly.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use lorecast_fetch::{Client, Manners, Redirects};
use lorecast_testkit::packed::gzip;
use lorecast_testkit::web::{Web, answer};
use url::Url;

fn client(allowed: &str) -> Client {
    client_led(allowed, Redirects::Anywhere)
}

fn client_led(allowed: &str, redirects: Redirects) -> Client {
    Client::new(Manners {
        agent: "test".to_owned(),
        patience: Duration::from_secs(20),
        allowed: vec![allowed.to_owned()],
        packed: true,
        in_turn: true,
        redirects,
    })
}

/// What the server says to each path.
fn web() -> Web {
    Web::start(|asked, out| match asked.path.as_str() {
        "/here" => answer(out, "200 OK", &["Content-Type: Text/Plain; x=y"], b"here"),
        "/packed" => answer(out, "200 OK", &["Content-Encoding: gzip"], &gzip(b"packed")),
        "/bomb" => answer(out, "200 OK", &["Content-Encoding: gzip"], &gzip(&vec![0; 50 << 20])),
        "/empty" => answer(out, "200 OK", &["Content-Encoding: gzip"], &gzip(b"").repeat(100_000)),
        "/damaged" => answer(out, "200 OK", &["Content-Encoding: gzip"], b"\x1f\x8bnonsense"),
        "/good" => answer(out, "301 Moved", &["Location: /later"], b""),
        "/later" => answer(out, "302 Found", &["Location: /here"], b""),
        "/private" => {
            let port = asked.field("host").rsplit(':').next().unwrap_or_default();
            let there = format!("Location: http://127.0.0.1:{port}/here");
            answer(out, "302 Found", &[&there], b"")
        }
        "/file" => answer(out, "302 Found", &["Location: file:///etc/passwd"], b"no"),
        "/loop" => answer(out, "302 Found", &["Location: /loop"], b""),
        _ => answer(out, "404 Not Found", &[], b""),
    })
}

/// What a path of a server answers, in words.
fn check(path: &str, host: &str) -> String {
    let web = web();
    let mut url = Url::parse(&web.url).unwrap().join(path).unwrap();
    url.set_host(Some(host)).unwrap();
    match client("localhost").ask("GET", &url, &[], 1000) {
        Ok(answer) => {
            let moved = answer.moved.as_ref().map_or("", |url| url.path());
            let (whole, hops) = (answer.whole, &answer.hops);
            let start = String::from_utf8_lossy(&answer.body[..answer.body.len().min(9)]);
            format!("{} {start:?} whole: {whole} {hops:?} {moved}", answer.status)
        }
        Err(error) => error,
    }
}

#[test]
fn answers_are_followed_unpacked_and_bounded() {
    let told = |path| check(path, "localhost");
    assert_eq!(told("here"), r#"200 "here" whole: true [] "#);
    assert_eq!(told("packed"), r#"200 "packed" whole: true [] "#);
    assert_eq!(told("bomb"), r#"200 "\0\0\0\0\0\0\0\0\0" whole: false [] "#);
    assert_eq!(told("empty"), r#"200 "" whole: false [] "#);
    assert!(told("damaged").starts_with("breaks off: "), "{}", told("damaged"));
    assert_eq!(told("good"), r#"200 "here" whole: true [301, 302] /later"#);
    assert_eq!(told("gone"), r#"404 "" whole: true [] "#);
    assert_eq!(told("file"), r#"302 "no" whole: true [] "#);
    assert_eq!(told("loop"), "leads elsewhere again and again");
}

#[test]
fn private_addresses_are_refused_unless_named() {
    assert_eq!(check("here", "127.0.0.1"), "has no public address");
    assert_eq!(check("here", "[::1]"), "has no public address");
    assert_eq!(check("here", "[::ffff:127.0.0.1]"), "has no public address");
    assert_eq!(check("here", "0x7f.1"), "has no public address");
    assert_eq!(check("private", "localhost"), "has no public address");
}

#[test]
fn whom_nobody_named_is_not_asked_when_an_answer_leads_there() {
    let there = web();
    let there_url = there.url.clone();
    let port = Url::parse(&there_url).unwrap().port().unwrap();
    let leads = Web::start(move |asked, out| match asked.path.as_str() {
        // Both hosts may be asked; the second is another one, and so is the port.
        "/host" => answer(out, "301 Moved", &[&format!("Location: {there_url}here")], b""),
        "/port" => {
            answer(out, "302 Found", &[&format!("Location: http://localhost:{port}/here")], b"")
        }
        "/here" => answer(out, "200 OK", &[], b"here"),
        _ => answer(out, "308 Moved", &["Location: /here"], b""),
    });
    let base = Url::parse(&leads.url.replace("127.0.0.1", "localhost")).unwrap();
    let asks = |path: &str| {
        let client = client_led("localhost", Redirects::SameHost);
        client.ask("GET", &base.join(path).unwrap(), &[], 100).map(|answer| answer.body)
    };
    assert_eq!(asks("near"), Ok(b"here".to_vec()));
    let told = |host: &str| Err(format!("leads elsewhere, to `http://{host}:{port}`"));
    assert_eq!(asks("host"), told("127.0.0.1"));
    assert_eq!(asks("port"), told("localhost"));
    // What follows is no different for a file that is fetched piece by piece.
    let client = client_led("localhost", Redirects::SameHost);
    let url = base.join("port").unwrap();
    let fetched = client.download(&url, None, 100, &mut |_| Ok(()), &mut |_| Ok(()));
    assert_eq!(fetched.map(|answer| answer.body), told("localhost"));
    assert_eq!(there.asked(), []);
}

#[test]
fn a_body_of_a_hundred_megabytes_is_stopped_early() {
    let sent = Arc::new(AtomicU64::new(0));
    let counted = sent.clone();
    let web = Web::start(move |_, out| {
        out.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")?;
        for _ in 0..1000 {
            out.write_all(&[b'x'; 100_000])?;
            counted.fetch_add(100_000, Ordering::SeqCst);
        }
        Ok(())
    });
    let url = Url::parse(&web.url).unwrap();
    let (body, whole) = client("127.0.0.1").bytes(&url, 1_000_000).unwrap();
    assert_eq!((body.len(), whole), (1_000_000, false));
    // What the system's buffers hold is sent beside what was read.
    assert!(sent.load(Ordering::SeqCst) < 50_000_000);
}

#[test]
fn what_is_no_web_address_is_not_asked() {
    let url = Url::parse("file:///etc/passwd").unwrap();
    let error = client("").ask("GET", &url, &[], 10).unwrap_err();
    assert_eq!(error, "is not an http or https address");
}

//! The preview as a client on the wire meets it.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// A preview of a small site on a free port; it stops when dropped.
struct Preview {
    address: SocketAddr,
    folder: TempDir,
    _runtime: Runtime,
}

impl Preview {
    fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let public = folder.path().join("public");
        fs::create_dir_all(public.join("episodes/one")).unwrap();
        fs::create_dir_all(public.join("media")).unwrap();
        let sound: Vec<u8> = (0..1000_u32).map(|n| (n % 251) as u8).collect();
        for (name, content) in [
            ("index.html", b"<h1>Show</h1>".as_slice()),
            ("404.html", b"<h1>No mail here</h1>"),
            ("feed.xml", b"<rss/>"),
            ("style.css", b"a{}"),
            ("site.js", b"1"),
            (".lorecast-files", b"feed.xml\n"),
            ("episodes/one/index.html", b"<h1>One</h1>"),
            ("episodes/one/chapters.json", b"{}"),
            ("media/one.mp3", &sound),
        ] {
            fs::write(public.join(name), content).unwrap();
        }
        fs::write(folder.path().join("secret.txt"), "secret").unwrap();
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let public = Utf8PathBuf::from_path_buf(public).unwrap();
        let shown = lorecast_web::Preview::of(&public).unwrap();
        runtime.spawn(shown.serve(listener, std::future::pending()));
        Self { address, folder, _runtime: runtime }
    }

    fn public(&self) -> Utf8PathBuf {
        Utf8Path::from_path(self.folder.path()).unwrap().join("public")
    }

    /// Sends a request as written and returns head and body.
    fn ask(&self, method: &str, target: &str, headers: &str) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let request = format!(
            "{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
        (String::from_utf8(answer[..end].to_vec()).unwrap(), answer[end + 4..].to_vec())
    }

    /// The status and the named headers in order, and how long the body is.
    fn check(&self, method: &str, target: &str, headers: &str, shown: &[&str]) -> String {
        let (head, body) = self.ask(method, target, headers);
        let mut lines = head.lines();
        let mut said = vec![lines.next().unwrap().trim_start_matches("HTTP/1.1 ").to_owned()];
        let headers: Vec<&str> = lines.collect();
        for name in shown {
            let found = headers.iter().find(|h| h.to_lowercase().starts_with(&format!("{name}:")));
            said.push(found.map_or_else(|| format!("no {name}"), |h| h.to_lowercase()));
        }
        said.push(format!("{} bytes", body.len()));
        said.join("\n")
    }

    fn range(&self, range: &str) -> String {
        let shown = ["content-range", "content-length", "accept-ranges"];
        self.check("GET", "/media/one.mp3", &format!("Range: {range}\r\n"), &shown)
    }

    fn status(&self, target: &str) -> String {
        self.check("GET", target, "", &[]).lines().next().unwrap().to_owned()
    }
}

#[test]
fn players_get_the_bytes_that_they_ask_for() {
    let preview = Preview::start();
    insta::assert_snapshot!(preview.range("bytes=0-99"), @r"
    206 Partial Content
    content-range: bytes 0-99/1000
    content-length: 100
    accept-ranges: bytes
    100 bytes
    ");
    insta::assert_snapshot!(preview.range("bytes=-100"), @r"
    206 Partial Content
    content-range: bytes 900-999/1000
    content-length: 100
    accept-ranges: bytes
    100 bytes
    ");
    insta::assert_snapshot!(preview.range("bytes=100-"), @r"
    206 Partial Content
    content-range: bytes 100-999/1000
    content-length: 900
    accept-ranges: bytes
    900 bytes
    ");
    insta::assert_snapshot!(preview.range("bytes=990-5000"), @r"
    206 Partial Content
    content-range: bytes 990-999/1000
    content-length: 10
    accept-ranges: bytes
    10 bytes
    ");
    insta::assert_snapshot!(preview.range("bytes=1000-"), @r"
    416 Range Not Satisfiable
    content-range: bytes */1000
    content-length: 0
    accept-ranges: bytes
    0 bytes
    ");
    insta::assert_snapshot!(preview.range("bytes=9-5"), @r"
    416 Range Not Satisfiable
    content-range: bytes */1000
    content-length: 0
    accept-ranges: bytes
    0 bytes
    ");
    insta::assert_snapshot!(preview.range("nonsense"), @r"
    416 Range Not Satisfiable
    content-range: bytes */1000
    content-length: 0
    accept-ranges: bytes
    0 bytes
    ");
    insta::assert_snapshot!(preview.range("bytes=0-1,5-6"), @r"
    200 OK
    no content-range
    content-length: 1000
    accept-ranges: bytes
    1000 bytes
    ");
    let (_, body) = preview.ask("GET", "/media/one.mp3", "Range: bytes=100-102\r\n");
    assert_eq!(body, [100, 101, 102]);
}

#[test]
fn every_file_has_the_type_that_apps_expect() {
    let preview = Preview::start();
    for (target, expected) in [
        ("/", "text/html; charset=utf-8"),
        ("/episodes/one/", "text/html; charset=utf-8"),
        ("/feed.xml", "application/rss+xml; charset=utf-8"),
        ("/episodes/one/chapters.json", "application/json+chapters"),
        ("/media/one.mp3", "audio/mpeg"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/site.js", "text/javascript; charset=utf-8"),
    ] {
        let said = preview.check("GET", target, "", &["content-type"]);
        assert!(
            said.starts_with(&format!("200 OK\ncontent-type: {expected}\n")),
            "{target}: {said}"
        );
    }
}

#[test]
fn head_tells_the_length_and_sends_nothing() {
    let preview = Preview::start();
    let shown = ["content-length", "content-type"];
    insta::assert_snapshot!(preview.check("HEAD", "/media/one.mp3", "", &shown), @r"
    200 OK
    content-length: 1000
    content-type: audio/mpeg
    0 bytes
    ");
    insta::assert_snapshot!(preview.check("HEAD", "/gone", "", &["content-type"]), @r"
    404 Not Found
    content-type: text/html; charset=utf-8
    0 bytes
    ");
}

#[test]
fn what_is_not_there_shows_the_sites_own_page() {
    let preview = Preview::start();
    for target in ["/gone", "/gone/", "/media/", "/index.html/x", "/%ff"] {
        let (head, body) = preview.ask("GET", target, "");
        assert!(head.starts_with("HTTP/1.1 404 "), "{target}: {head}");
        assert_eq!(body, b"<h1>No mail here</h1>", "{target}");
    }
    fs::remove_file(preview.public().join("404.html")).unwrap();
    assert_eq!(preview.status("/gone"), "404 Not Found");
}

#[test]
fn nothing_outside_the_folder_is_served() {
    let preview = Preview::start();
    for target in [
        "/../secret.txt",
        "/media/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/media/..%2f..%2fsecret.txt",
        "/..%5csecret.txt",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/.lorecast-files",
        "/media/one.mp3%00.html",
    ] {
        let (head, body) = preview.ask("GET", target, "");
        assert!(head.starts_with("HTTP/1.1 40"), "{target}: {head}");
        assert!(!String::from_utf8_lossy(&body).contains("secret"), "{target}");
    }
}

#[cfg(unix)]
#[test]
fn links_that_lead_outside_are_not_followed() {
    use std::os::unix::fs::symlink;
    let preview = Preview::start();
    let public = preview.public();
    symlink("../secret.txt", public.join("link.txt")).unwrap();
    symlink("..", public.join("up")).unwrap();
    fs::create_dir(public.join("inside")).unwrap();
    symlink("../../secret.txt", public.join("inside/index.html")).unwrap();
    symlink("feed.xml", public.join("also.xml")).unwrap();
    for target in ["/link.txt", "/up/secret.txt", "/inside/", "/inside/index.html"] {
        assert_eq!(preview.status(target), "404 Not Found", "{target}");
    }
    assert_eq!(preview.status("/also.xml"), "200 OK");
    fs::remove_file(public.join("404.html")).unwrap();
    symlink("../secret.txt", public.join("404.html")).unwrap();
    let (_, body) = preview.ask("GET", "/gone", "");
    assert!(!String::from_utf8_lossy(&body).contains("secret"));
}

#[test]
fn a_folder_without_its_slash_redirects_within_the_site() {
    let preview = Preview::start();
    insta::assert_snapshot!(preview.check("GET", "/episodes/one", "", &["location"]), @r"
    307 Temporary Redirect
    location: /episodes/one/
    0 bytes
    ");
    insta::assert_snapshot!(preview.check("GET", "//evil.example/..", "", &["location"]), @r"
    404 Not Found
    no location
    21 bytes
    ");
}

#[test]
fn only_reading_is_allowed() {
    let preview = Preview::start();
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let said = preview.check(method, "/", "", &["allow"]);
        assert!(said.starts_with("405 Method Not Allowed\nallow: get, head\n"), "{method}: {said}");
    }
}

#[test]
fn every_answer_carries_the_security_headers() {
    let preview = Preview::start();
    let shown =
        ["content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy"];
    let page = preview.check("GET", "/", "", &shown);
    insta::assert_snapshot!(page, @r"
    200 OK
    content-security-policy: default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
    x-content-type-options: nosniff
    x-frame-options: deny
    referrer-policy: strict-origin-when-cross-origin
    13 bytes
    ");
    for (method, target) in [("GET", "/gone"), ("POST", "/"), ("GET", "/feed.xml")] {
        let said = preview.check(method, target, "", &shown);
        assert!(!said.contains("\nno "), "{method} {target}: {said}");
    }
}

#[test]
fn an_unchanged_file_is_not_sent_again() {
    let preview = Preview::start();
    let (head, _) = preview.ask("GET", "/feed.xml", "");
    let dated = head.lines().find(|h| h.to_lowercase().starts_with("last-modified:")).unwrap();
    let date = dated.split_once(": ").unwrap().1;
    let said = preview.check("GET", "/feed.xml", &format!("If-Modified-Since: {date}\r\n"), &[]);
    assert_eq!(said, "304 Not Modified\n0 bytes");
}

/// Runs a preview whose shutdown has already come.
fn run(folder: &Utf8Path) -> Result<(), lorecast_web::WebError> {
    Runtime::new().unwrap().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        lorecast_web::Preview::of(folder)?.serve(listener, std::future::ready(())).await
    })
}

#[test]
fn it_stops_when_told() {
    let folder = TempDir::new().unwrap();
    assert!(run(Utf8Path::from_path(folder.path()).unwrap()).is_ok());
}

#[test]
fn a_missing_folder_is_named() {
    let folder = TempDir::new().unwrap();
    let gone = Utf8Path::from_path(folder.path()).unwrap().join("gone");
    let error = run(&gone).unwrap_err().to_string();
    let error = error.replace(folder.path().to_str().unwrap(), "");
    insta::assert_snapshot!(error, @"cannot read `/gone`: No such file or directory (os error 2); run `lorecast publish` first");
}

//! What every answer carries.

use axum::http::Method;
use insta::assert_snapshot;
use lorecast_testkit::mailbox::mail;

use crate::show::Show;

fn one() -> Show {
    Show::of(&[mail("1@a.example").body(&"Long enough to be compressed.\n".repeat(100))])
}

#[test]
fn every_answer_is_guarded() {
    let show = one();
    for path in [
        "/",
        "/1@a.example/",
        "/1@a.example/raw",
        "/1@a.example/t.mbox.gz",
        "/nothing",
        "/search?q=(",
        "/mail.css",
    ] {
        let answer = show.get(path);
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{path}: {policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{path}: {policy}");
        assert!(policy.contains("base-uri 'none'; frame-ancestors 'none'"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cache-control"), "no-cache", "{path}");
    }
}

#[test]
fn what_a_browser_has_is_not_sent_again() {
    let show = one();
    let tag = show.get("/1@a.example/t/").header("etag").to_owned();
    let again = |tags: &str| show.ask(Method::GET, "/1@a.example/t/", &[("if-none-match", tags)]);
    let known = again(&format!("\"other\", {tag}"));
    assert_eq!((known.status.as_u16(), known.body.len()), (304, 0));
    assert_eq!(known.header("etag"), tag);
    assert_eq!(again("W/\"other\"").status, 200);
    show.ingest(&[mail("2@a.example").reply_to(&["1@a.example"]), mail("3@a.example")]);
    assert_eq!(again(&tag).status, 200, "another mail came");
}

#[test]
fn nothing_but_reading() {
    let show = one();
    let refused = show.ask(Method::POST, "/1@a.example/t/", &[]);
    assert_snapshot!(refused.words(), @r"
    Not like this
    This address does not take what was sent, or is only sent to. Go to a page and use what is there.
    [/]The first page
    ");
    assert_eq!((refused.status.as_u16(), refused.header("allow")), (405, "GET, HEAD"));
    for method in [
        Method::TRACE,
        Method::CONNECT,
        Method::PUT,
        Method::DELETE,
        Method::OPTIONS,
        Method::PATCH,
    ] {
        let answer = show.ask(method.clone(), "/1@a.example/t/", &[("x-secret", "told-nobody")]);
        assert_eq!(answer.status, 405, "{method}");
        assert!(!answer.text().contains("told-nobody"), "{method} sends back what was sent");
    }
    let head = show.ask(Method::HEAD, "/1@a.example/t/", &[]);
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    assert_eq!(head.header("etag"), show.get("/1@a.example/t/").header("etag"));
}

#[test]
fn pages_are_compressed_for_those_who_can() {
    let show = one();
    let (plain, packed) = (
        show.get("/1@a.example/t/"),
        show.ask(Method::GET, "/1@a.example/t/", &[("accept-encoding", "gzip")]),
    );
    assert_eq!((plain.header("content-encoding"), packed.header("content-encoding")), ("", "gzip"));
    assert_eq!(plain.header("etag"), packed.header("etag"));
    assert!(packed.body.len() * 2 < plain.body.len());
    let mbox = show.ask(Method::GET, "/1@a.example/t.mbox.gz", &[("accept-encoding", "gzip")]);
    assert_eq!(mbox.header("content-encoding"), "", "it is compressed already");
}

#[test]
fn robots_stay_where_it_is_cheap() {
    assert_snapshot!(one().get("/robots.txt").text(), @r"
    User-agent: *
    Disallow: /search
    Disallow: /enter/
    Disallow: /sign-in
    Disallow: /following/
    Disallow: /unsubscribe/
    Disallow: /*/writer
    Disallow: /*/raw
    Disallow: /*/t.mbox.gz
    Disallow: /*/interdiff
    ");
}

#[test]
fn the_published_site_is_below_site() {
    let show = one();
    std::fs::create_dir(show.root().join("public")).unwrap();
    assert_snapshot!(show.says("/site/"), @r"
    404
    Nothing here
    Nothing was published yet: run `lorecast publish`.
    [/]The first page
    ");
    std::fs::write(show.root().join("public/index.html"), "<p>Show</p>").unwrap();
    assert_eq!(show.get("/site/").text(), "<p>Show</p>");
    assert_eq!(show.get("/site/../show.yaml").status, 404);
    assert_eq!(show.get("/show.yaml").status, 308);
    assert_eq!(show.get("/site/%2E%2E/show.yaml").status, 404);
}

#[test]
fn what_is_published_stands_where_its_feed_says() {
    let show = one();
    let public = show.root().join("public");
    std::fs::create_dir_all(public.join("series/a1")).unwrap();
    std::fs::create_dir_all(public.join("people")).unwrap();
    let people = "people/index.html";
    for file in ["index.html", "feed.xml", "style.css", "search", people, "series/a1/index.html"] {
        std::fs::write(public.join(file), format!("published {file}")).unwrap();
    }
    let said = |path: &str| show.get(path).text();
    for file in ["feed.xml", "style.css", "series/a1/index.html"] {
        assert_eq!(said(&format!("/{file}")), format!("published {file}"));
    }
    assert_eq!(show.get("/feed.xml").headers["content-type"], "application/rss+xml; charset=utf-8");
    assert_eq!(show.get("/.lorecast-files").status, 308);
    let ours = ["/", "/search?q=s:one", "/1@a.example/", "/series/1@a.example/", "/mail.css"];
    for path in ours.into_iter().chain(["/people/"]) {
        assert!(!said(path).contains("published"), "{path}");
    }
    assert_eq!(said("/site/people/"), "published people/index.html");
    // Without mail there is nothing else to show.
    let empty = Show::empty();
    assert_eq!(empty.get("/").status, 503);
    std::fs::create_dir(empty.root().join("public")).unwrap();
    std::fs::write(empty.root().join("public/index.html"), "published").unwrap();
    assert_eq!(empty.get("/").headers["location"], "/site/");
}

#[test]
fn a_rebuilt_store_is_read_at_once() {
    let show = one();
    assert_eq!(show.get("/1@a.example/").status, 200);
    for end in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(show.root().join(format!(".lorecast/index.db{end}"))));
    }
    show.ingest(&[mail("2@a.example"), mail("3@a.example")]);
    assert_eq!([show.get("/1@a.example/").status, show.get("/2@a.example/").status], [404, 200]);
}

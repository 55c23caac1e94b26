//! The published site at a host of its own.

use axum::http::Method;
use insta::assert_snapshot;
use lorecast_testkit::mailbox::mail;

use crate::show::{Answer, Show};

/// A show with a mail, whose site is out at `pod.example`.
fn apart() -> Show {
    let show = Show::with_site("https://pod.example");
    show.ingest(&[mail("1@a.example")]);
    let public = show.root().join("public");
    std::fs::create_dir_all(public.join("people/a")).unwrap();
    for file in ["index.html", "feed.xml", "search", "people/index.html", "people/a/index.html"] {
        std::fs::write(public.join(file), format!("published {file}")).unwrap();
    }
    show
}

/// What the site's own host answers.
fn at_site(show: &Show, method: Method, path: &str) -> Answer {
    let headers = [("host", "Pod.example:443"), ("cookie", "__Host-lorecast=x")];
    show.ask(method, path, &headers)
}

#[test]
fn the_site_alone_is_at_its_host() {
    let show = apart();
    let said = |path: &str| at_site(&show, Method::GET, path).text();
    for (path, file) in [
        ("/", "index.html"),
        ("/feed.xml", "feed.xml"),
        // Where the first host has pages of its own.
        ("/search", "search"),
        ("/people/", "people/index.html"),
        ("/people/a/", "people/a/index.html"),
    ] {
        assert_eq!(said(path), format!("published {file}"));
    }
    for page in
        ["/latest", "/1@a.example/", "/sign-in", "/mail.css", "/api/v1/week", "/health", "/site/"]
    {
        let answer = at_site(&show, Method::GET, page);
        assert_eq!(answer.status, 404, "{page}");
        assert!(answer.text().contains("Not found"), "{page}: {}", answer.text());
    }
    for path in ["/", "/sign-in", "/feed.xml", "/1@a.example/annotate"] {
        let answer = at_site(&show, Method::POST, path);
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "GET, HEAD"), "{path}");
    }
    let feed = at_site(&show, Method::HEAD, "/feed.xml");
    assert_eq!((feed.status.as_u16(), feed.header("set-cookie")), (200, ""));
    assert_eq!(feed.header("content-type"), "application/rss+xml; charset=utf-8");
    assert_eq!(feed.header("strict-transport-security"), "max-age=31536000");
    assert!(feed.header("content-security-policy").contains("form-action 'none'"));
}

#[test]
fn its_old_addresses_lead_there() {
    let show = apart();
    let leads = |path: &str| {
        let answer = show.get(path);
        let said = format!("{path} {} {}", answer.status.as_u16(), answer.header("location"));
        said.trim_end().to_owned()
    };
    let paths = [
        "/feed.xml",
        "/feed.xml?from=app&x=%2F",
        "/people/a/index.html",
        "/site",
        "/site/",
        "/site/people/?a",
        "/site//evil.example/",
        "/site/gone",
        // Pages of our own stay, and so does mail.
        "/people/",
        "/search",
        "/1@a.example/",
        "/.lorecast-files",
    ];
    assert_snapshot!(paths.map(leads).join("\n"), @r"
    /feed.xml 308 https://pod.example/feed.xml
    /feed.xml?from=app&x=%2F 308 https://pod.example/feed.xml?from=app&x=%2F
    /people/a/index.html 308 https://pod.example/people/a/index.html
    /site 308 https://pod.example/
    /site/ 308 https://pod.example/
    /site/people/?a 308 https://pod.example/people/?a
    /site//evil.example/ 308 https://pod.example/evil.example/
    /site/gone 308 https://pod.example/gone
    /people/ 200
    /search 200
    /1@a.example/ 200
    /.lorecast-files 308 /.lorecast-files/
    ");
    assert_eq!(show.get("/feed.xml").header("cache-control"), "no-cache");
    // A download is asked for its head first.
    assert_eq!(show.ask(Method::HEAD, "/feed.xml", &[]).status, 308);
}

#[test]
fn pages_lead_to_the_site_where_it_is() {
    let show = apart();
    let page = show.get("/latest").text();
    assert!(page.contains("<a href=\"https://pod.example/\">The show</a>"), "{page}");
    assert!(!page.contains("\"/site/"), "{page}");
    let empty = Show::with_site("https://pod.example");
    std::fs::create_dir(empty.root().join("public")).unwrap();
    std::fs::write(empty.root().join("public/index.html"), "published").unwrap();
    assert_eq!(empty.get("/").header("location"), "https://pod.example/");
}

#[test]
fn nothing_is_there_before_it_is_published() {
    let show = Show::with_site("https://pod.example");
    let answer = at_site(&show, Method::GET, "/");
    assert_eq!((answer.status.as_u16(), answer.header("x-content-type-options")), (404, "nosniff"));
    std::fs::create_dir(show.root().join("public")).unwrap();
    std::fs::write(show.root().join("public/feed.xml"), "refused").unwrap();
    assert_eq!(at_site(&show, Method::GET, "/feed.xml").status, 404);
    assert_snapshot!(show.says("/site/"), @r"
    404
    Nothing here
    Nothing was published yet: run `lorecast publish`.
    [/]The first page
    ");
}

#[test]
fn a_site_in_plain_text_does_not_insist_on_tls() {
    let show = Show::with_site("http://pod.localhost");
    let answer = show.ask(Method::GET, "/", &[("host", "pod.localhost:8700")]);
    assert_eq!((answer.status.as_u16(), answer.header("strict-transport-security")), (404, ""));
}

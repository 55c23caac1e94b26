//! The lint is silent about what we publish, and finds what someone broke.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod tiny;

use std::fs;

use camino::Utf8Path;
use tiny::{Tiny, png};

/// What the lint says of a folder: severity, rule, place and message, a line each.
fn findings(out: &Utf8Path) -> String {
    let lines = lorecast_publisher::lint(out).unwrap().into_iter().map(|f| {
        assert!(!f.hint.is_empty() && !f.message.ends_with('.'));
        format!("{:?} {} {}: {}\n", f.severity, f.rule, f.place, f.message).to_lowercase()
    });
    lines.collect()
}

/// Publishes a good site, replaces `from` by `to` in a file once, and lints.
fn check(path: &str, from: &str, to: &str) -> String {
    let tiny = Tiny::new();
    let good = tiny.published(path);
    assert!(good.contains(from), "`{from}` is not in `{path}`:\n{good}");
    fs::write(tiny.out().join(path), good.replacen(from, to, 1)).unwrap();
    findings(&tiny.out())
}

/// The rules that a change of the feed breaks, in order of place.
fn feed_rules(from: &str, to: &str) -> Vec<String> {
    let lines = check("feed.xml", from, to);
    lines.lines().filter_map(|line| line.split(' ').nth(1)).map(str::to_owned).collect()
}

#[test]
fn a_good_site_has_no_findings() {
    let tiny = Tiny::new();
    tiny.publish().unwrap();
    assert_eq!(findings(&tiny.out()), "");
}

#[test]
fn a_good_preview_has_no_findings() {
    let mut tiny = Tiny::new();
    for address in ["http://127.0.0.1:8080/", "http://localhost:8080/a/", "http://[::1]/"] {
        tiny.show.url = address.into();
        for release in &mut tiny.releases {
            let date = release.publication.date;
            release.publication = lorecast_publisher::new_publication(&tiny.show, release.id, date);
        }
        tiny.publish().unwrap();
        assert_eq!(findings(&tiny.out()), "", "{address}");
    }
}

#[test]
fn every_broken_feed_is_found() {
    let item = "<guid isPermaLink=\"false\">urn:uuid:de82107d-e05f-55a4-acaa-5bc122c1d476";
    for (from, to, rule) in [
        ("version=\"2.0\"", "version=\"0.91\"", "rss-version"),
        ("dtds/podcast-1.0.dtd", "DTDs/Podcast-1.0.dtd", "namespace"),
        ("<podcast:medium>podcast</podcast:medium>", "<podcast:mood>x</podcast:mood>", "namespace"),
        ("<title>Tiny Show</title>", "", "channel-title"),
        ("<title>Tiny Show</title>", "<title> </title>", "channel-title"),
        ("<title>Tiny Show", "<title> Tiny Show", "text-space"),
        ("<link>https://pod.example/show/", "<link>/show/", "channel-link"),
        ("Mail, read aloud.", "", "channel-description"),
        ("<language>en<", "<language>english<", "channel-language"),
        ("rel=\"self\"", "rel=\"me\"", "atom-self"),
        ("show/feed.xml\" rel", "show/index.xml\" rel", "atom-self"),
        ("text=\"Tech News\"", "text=\"tech news\"", "itunes-category"),
        ("text=\"Technology\"", "text=\"Podcasting\"", "itunes-category"),
        ("<itunes:explicit>false<", "<itunes:explicit>clean<", "itunes-explicit"),
        ("<itunes:type>episodic", "<itunes:type>weekly", "itunes-type"),
        ("<itunes:author>Ada Example", "<itunes:author>", "itunes-author"),
        ("ada@pod.example</itunes:email>", "ada at pod</itunes:email>", "owner-email"),
        ("<lastBuildDate>Mon, ", "<lastBuildDate>Monday ", "last-build-date"),
        ("<itunes:image href", "<itunes:image url", "image-missing"),
        ("cover-c0bd3949.png", "cover.png", "image-file"),
        (">b7a2d257-", ">b7a2d257", "podcast-guid"),
        ("\">yes</podcast:locked>", "\">true</podcast:locked>", "podcast-locked"),
        ("<title>Rings &amp; queues</title>", "", "item-title"),
        ("Rings &amp; queues", "Rings &amp;amp; queues", "title-html"),
        ("episodes/2023-04-16/</link>", "episodes/2023-04-17/</link>", "page-missing"),
        ("<p>In this", "<p onclick=\"x()\">In this", "html-script"),
        ("<p>In this", "<script>x()</script><p>In this", "html-script"),
        ("<a href=\"https://lore", "<a href=\"java\nscript:lore", "html-script"),
        ("<a href=\"https://lore.kernel.org/r/", "<a href=\"/r/", "html-link"),
        (item, "<guid isPermaLink=\"false\">", "guid-missing"),
        (
            item,
            "<guid isPermaLink=\"false\">urn:uuid:e24a9cc0-ea9b-5ed2-8b84-a5a4f7639620",
            "guid-duplicate",
        ),
        ("<guid isPermaLink=\"false\">", "<guid>", "guid-permalink"),
        ("<pubDate>Mon, 17", "<pubDate>Tue, 17", "pubdate-format"),
        ("<pubDate>Mon, 17 Apr 2023 18:00:00 +0000", "<pubDate>2023-04-17", "pubdate-format"),
        ("<pubDate>Mon, 17 Apr 2023 18:00:00 +0000", "<pubDate>", "pubdate-missing"),
        ("<pubDate>Mon, 17", "<pubDate>Mon, 10", "pubdate-duplicate"),
        ("<pubDate>Mon, 17", "<pubDate>Mon, 3", "item-order"),
        ("length=\"402\"", "length=\"401\"", "enclosure-length"),
        ("length=\"402\"", "length=\"\"", "enclosure-length"),
        ("audio/mpeg", "audio/mp3", "enclosure-type"),
        ("audio/mpeg", "audio/x-m4a", "enclosure-type"),
        ("media/2023-04-16.mp3", "media/2023-04-17.mp3", "enclosure-file"),
        (
            "https://pod.example/show/media/2023-04-16",
            "http://127.0.0.1/2023-04-16",
            "url-loopback",
        ),
        (
            "https://pod.example/show/media/2023-04-16",
            "http://cdn.example/2023-04-16",
            "url-insecure",
        ),
        ("https://pod.example/show/media/2023-04-16", "/media/2023-04-16", "enclosure-url"),
        ("media/2023-04-16.mp3", "media/2023-04-09.mp3", "enclosure-duplicate"),
        ("show/media/2023-04-16.mp3", "other/é.mp3", "url-ascii"),
        ("<itunes:duration>90", "<itunes:duration>1:30", "itunes-duration"),
        ("<itunes:duration>90", "<itunes:duration>30", "chapters-end"),
        ("<itunes:episode>2", "<itunes:episode>0", "itunes-episode"),
        ("<itunes:episode>2", "<itunes:episode>1", "episode-duplicate"),
        ("<itunes:episodeType>full", "<itunes:episodeType>Full", "itunes-episode-type"),
        ("application/json+chapters", "application/json", "chapters-tag"),
        ("2023-04-16/chapters.json", "2023-04-16/chapter.json", "chapters-file"),
        ("Sign-off</p>\n]]>", "\u{7}</p>\n]]>", "feed-xml"),
        ("<channel>", "<channel><item>", "feed-xml"),
        ("<rss ", "<!DOCTYPE rss [<!ENTITY a \"b\">]><rss ", "feed-xml"),
    ] {
        let found = feed_rules(from, to);
        assert!(found.iter().any(|r| r == rule), "`{from}` -> `{to}`: {found:?} has no {rule}");
    }
}

#[test]
fn findings_name_the_line() {
    insta::assert_snapshot!(check("feed.xml", "length=\"402\"", "length=\"9\""), @"error enclosure-length feed.xml:41: the feed says 9 bytes and `media/2023-04-16.mp3` has 402");
    insta::assert_snapshot!(check("feed.xml", "</itunes:owner>", "</itunes:onwer>"), @"error feed-xml feed.xml:27: it is not xml: expected 'itunes:owner' tag, not 'itunes:onwer' at 27:5");
    insta::assert_snapshot!(check("index.html", "href=\"style.css\"", "href=\"gone.css\""), @"error page-link index.html:21: `gone.css` leads to no file");
}

#[test]
fn every_broken_page_is_found() {
    let page = "episodes/2023-04-16/index.html";
    for (from, to, rule) in [
        ("<!DOCTYPE html>", "", "page-doctype"),
        ("<html lang=\"en\">", "<html>", "page-lang"),
        ("<title>Rings &amp; queues · Tiny Show", "<title>", "page-title"),
        ("<h1>", "<h1>a</h1><h1>", "page-heading"),
        ("name=\"viewport\"", "name=\"view\"", "page-viewport"),
        ("rel=\"alternate\"", "rel=\"next\"", "page-feed"),
        ("alt=\"\"", "", "page-alt"),
        ("<audio ", "<video ", "page-player"),
        ("../../media/2023-04-16.mp3", "../../media/gone.mp3", "page-link"),
        ("href=\"../../index.html\"", "href=\"../../index.html#gone\"", "page-link"),
        ("href=\"#main\"", "href=\"#gone\"", "page-link"),
        ("<main id=\"main\"", "<main id=\"player\"", "page-id"),
        ("<h1>", "<h1><script>alert(1)</script>", "page-script"),
        ("<h1>", "<h1 ONCLICK=x()>", "page-script"),
        ("<a class=\"skip\" href=\"#main\"", "<a href=\"JavaScript:x\"", "page-script"),
        ("src=\"../../site.js\"", "src=\"https://cdn.example/x.js\"", "page-resource"),
        ("<h1>", "<h1>\u{1}", "control-character"),
    ] {
        let found = check(page, from, to);
        assert!(found.contains(&format!(" {rule} {page}")), "`{from}` -> `{to}`: {found}");
    }
}

#[test]
fn broken_chapters_are_found() {
    let path = "episodes/2023-04-16/chapters.json";
    for (from, to, rule) in [
        ("\"startTime\": 12.5", "\"startTime\": \"12.5\"", "chapters-json"),
        ("\"startTime\": 12.5", "\"startTime\": 62", "chapters-order"),
        ("\"startTime\": 61", "\"startTime\": 610", "chapters-end"),
        ("\"startTime\": 0", "\"startTime\": 1", "chapters-start"),
        ("\"title\": \"Opening\"", "\"title\": \"\"", "chapters-json"),
        ("\"chapters\"", "\"chapter\"", "chapters-json"),
        ("]", "", "chapters-json"),
    ] {
        let found = check(path, from, to);
        assert!(found.contains(&format!(" {rule} {path}")), "`{from}` -> `{to}`: {found}");
    }
}

/// What the lint says when a file of the good site has other bytes.
fn with_file(path: &str, bytes: &[u8]) -> String {
    let tiny = Tiny::new();
    tiny.publish().unwrap();
    fs::write(tiny.out().join(path), bytes).unwrap();
    findings(&tiny.out())
}

#[test]
fn covers_must_be_square_and_of_the_right_size() {
    let cover = "cover-c0bd3949.png";
    insta::assert_snapshot!(with_file(cover, &png(1400, 1399)), @"error image-size cover-c0bd3949.png: it is 1400 x 1399 pixels");
    insta::assert_snapshot!(with_file(cover, &png(3001, 3001)), @"error image-size cover-c0bd3949.png: it is 3001 x 3001 pixels");
    insta::assert_snapshot!(with_file(cover, b"\xff\xd8\xff\xe0"), @r"
    error image-format cover-c0bd3949.png: its content is not what its name says
    error image-format cover-c0bd3949.png: its size cannot be read
    ");
    let mut transparent = png(1400, 1400);
    transparent[25] = 6;
    insta::assert_snapshot!(with_file(cover, &transparent), @"error image-alpha cover-c0bd3949.png: it has an alpha channel");
    let mut large = png(3000, 3000);
    large.resize(600_000, 0);
    insta::assert_snapshot!(with_file(cover, &large), @"warning image-bytes cover-c0bd3949.png: it has 600 kb");
}

#[test]
fn sound_must_begin_like_an_mp3() {
    insta::assert_snapshot!(with_file("media/2023-04-16.mp3", &[b'R'; 402]), @"error enclosure-content media/2023-04-16.mp3: it does not begin like an mp3, with an id3 tag or a frame");
}

#[test]
fn what_is_not_there_is_found() {
    let tiny = Tiny::new();
    tiny.publish().unwrap();
    fs::remove_file(tiny.out().join("feed.xml")).unwrap();
    fs::remove_file(tiny.out().join("404.html")).unwrap();
    let found = findings(&tiny.out());
    assert!(found.contains("error page-missing 404.html: there is no `404.html`\n"), "{found}");
    assert!(found.contains("error feed-missing feed.xml: the feed cannot be read: "), "{found}");
    assert!(found.contains(": `feed.xml` leads to no file\n"), "{found}");
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let tiny = Tiny::new();
    let error = lorecast_publisher::lint(&tiny.out()).unwrap_err().to_string();
    assert!(error.contains("/public`"), "{error}");
}

#[test]
fn a_show_without_episodes_or_cover_is_told_so() {
    let mut tiny = Tiny::new();
    tiny.releases.clear();
    tiny.cover = None;
    tiny.publish().unwrap();
    insta::assert_snapshot!(findings(&tiny.out()), @r"
    error image-missing feed.xml:3: `<itunes:image href>` is missing
    error no-episodes feed.xml:3: the feed has no episode
    ");
}

#[test]
fn broken_transcripts_are_found() {
    let check = |path: &str, from: &str, to: &str| {
        let mut tiny = Tiny::new();
        tiny.releases[1].transcript = Some(tiny::transcript());
        let good = tiny.published(path);
        assert_eq!(findings(&tiny.out()), "");
        assert!(good.contains(from), "`{from}` is not in `{path}`:\n{good}");
        fs::write(tiny.out().join(path), good.replacen(from, to, 1)).unwrap();
        findings(&tiny.out())
            .lines()
            .map(|line| line.split_once(':').unwrap().0.to_owned())
            .collect::<Vec<_>>()
    };
    let file = |name: &str| format!("episodes/2023-04-16/transcript.{name}");
    assert_eq!(
        check(&file("vtt"), "WEBVTT", "VTT"),
        ["error transcript-file episodes/2023-04-16/transcript.vtt"]
    );
    assert_eq!(
        check(&file("srt"), " --> ", " to "),
        ["error transcript-file episodes/2023-04-16/transcript.srt"]
    );
    assert_eq!(
        check(&file("json"), "segments", "parts"),
        ["error transcript-file episodes/2023-04-16/transcript.json"]
    );
    assert_eq!(check("feed.xml", "text/vtt", "text/webvtt").len(), 1);
    assert_eq!(check("feed.xml", "transcript.srt", "transcript.sub").len(), 1);
}

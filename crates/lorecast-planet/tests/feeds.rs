//! Text of feeds -> the posts that are shown.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

use lorecast_model::planet::Blog;
use lorecast_planet::{Memory, read, together};
use url::Url;

/// The day on which everything is read.
const NOW: &str = "2023-05-10T12:00:00Z";

fn blog(name: &str, tags: &[&str]) -> Blog {
    let tags = tags.iter().map(ToString::to_string).collect();
    Blog {
        name: name.into(),
        feed: format!("https://{name}.example/feed"),
        tags,
        ..Blog::default()
    }
}

/// What is shown of blogs with these feeds.
fn shown(feeds: &[(Blog, &str)]) -> String {
    let mut memory = Memory::default();
    for (blog, text) in feeds {
        let known = memory.blogs.entry(blog.feed.clone()).or_default();
        match read(text.as_bytes(), &Url::parse(&blog.feed).unwrap()) {
            Ok(feed) => known.take_in(feed, blog, NOW.parse().unwrap()),
            Err(error) => return error.to_string(),
        };
    }
    let blogs: Vec<Blog> = feeds.iter().map(|(blog, _)| blog.clone()).collect();
    let line = |post: lorecast_model::planet::GatheredPost| {
        let (name, post) = (&blogs[post.blog].name, post.post);
        let author = post.author.unwrap_or_default();
        format!("{} {name} [{author}] {} <{}> {}\n", post.date, post.title, post.link, post.html)
    };
    together(&blogs, &memory).into_iter().map(line).collect()
}

fn check(feed: &str) -> String {
    shown(&[(blog("ann", &[]), feed)])
}

#[test]
fn atom_rss_and_json_are_read() {
    insta::assert_snapshot!(check(
        r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><id>a</id>
        <link rel="self" href="https://ann.example/feed"/><link href="/"/>
        <entry><title type="html">&lt;i&gt;Slow&lt;/i&gt; paths</title><id>tag:1</id><link href="/slow"/>
        <author><name>Ann &amp; Co</name></author><updated>2023-05-01T10:00:00+02:00</updated>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Go <em>fast</em>.</p></div></content></entry></feed>"#
    ), @"2023-05-01T08:00:00Z ann [Ann & Co] Slow paths <https://ann.example/slow> <p>Go <em>fast</em>.</p>");
    insta::assert_snapshot!(check(
        "<rss version='2.0'><channel><item><guid>https://ann.example/2</guid><title>Use a &amp;lt; b</title>\
         <description><![CDATA[<p>Two]]></description></item></channel></rss>"
    ), @"2023-05-10T12:00:00Z ann [] Use a < b <https://ann.example/2> <p>Two</p>");
    insta::assert_snapshot!(check(
        r#"{"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": [
        {"id": "3", "url": "https://ann.example/3", "title": "Three", "content_html": "<h1>x</h1>", "date_published": "2023-05-03T00:00:00Z"}]}"#
    ), @"2023-05-03T00:00:00Z ann [] Three <https://ann.example/3> <h3>x</h3>");
}

#[test]
fn what_is_no_feed_is_told() {
    insta::assert_snapshot!(check(""), @"is no feed that can be read: unable to parse feed: no root element");
    insta::assert_snapshot!(check("<html><p>404</html>"), @"is no feed that can be read: unable to parse feed: no root element");
    insta::assert_snapshot!(check("<rss version='2.0'><channel><item></channel>"), @"is no feed that can be read: unable to parse XML: Parser error: ill-formed document: expected `</item>`, but `</channel>` was found");
    assert_eq!(
        check("<rss version='2.0'><channel><item><title>no link</title></item></channel></rss>"),
        ""
    );
    assert_eq!(
        check("<rss version='2.0'><channel><item><link>javascript:x</link></item></channel></rss>"),
        ""
    );
}

#[test]
fn one_post_in_two_blogs_is_shown_for_its_own() {
    let feed = |id: &str, link: &str| {
        format!(
            "<rss version='2.0'><channel><item><guid>{id}</guid><title>t</title><link>{link}</link></item></channel></rss>"
        )
    };
    let copy = feed("copy", "http://www.ann.example/1/?utm_source=x#top");
    let own = feed("own", "https://ann.example/1");
    insta::assert_snapshot!(shown(&[(blog("bo", &[]), &copy), (blog("ann", &[]), &own)]), @"2023-05-10T12:00:00Z ann [] t <https://ann.example/1>");
    let same = feed("own", "https://elsewhere.example/");
    insta::assert_snapshot!(shown(&[(blog("bo", &[]), &same), (blog("cy", &[]), &same)]), @"2023-05-10T12:00:00Z bo [] t <https://elsewhere.example/>");
}

#[test]
fn only_wanted_categories_are_shown() {
    let feed = "<rss version='2.0'><channel>\
        <item><title>in</title><link>/1</link><category>Kernel</category></item>\
        <item><title>out</title><link>/2</link><category>Cats</category></item></channel></rss>";
    insta::assert_snapshot!(shown(&[(blog("ann", &["kernel"]), feed)]), @"2023-05-10T12:00:00Z ann [] in <https://ann.example/1>");
}

#[test]
fn a_post_that_changes_keeps_its_date() {
    let feed = |title: &str, day: &str| {
        let text = format!(
            "<rss version='2.0'><channel><item><guid>1</guid><title>{title}</title><link>/1</link>\
            <pubDate>Mon, {day} May 2023 10:00:00 GMT</pubDate></item></channel></rss>"
        );
        read(text.as_bytes(), &Url::parse("https://ann.example/").unwrap()).unwrap()
    };
    let (ann, mut known) = (blog("ann", &[]), lorecast_planet::Remembered::default());
    assert_eq!(known.take_in(feed("old", "01"), &ann, NOW.parse().unwrap()), 1);
    assert_eq!(known.take_in(feed("new", "08"), &ann, NOW.parse().unwrap()), 0);
    assert_eq!(
        (known.posts[0].title.as_str(), known.posts[0].date.to_string().as_str()),
        ("new", "2023-05-01T10:00:00Z")
    );
}

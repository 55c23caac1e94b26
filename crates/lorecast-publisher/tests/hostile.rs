//! Whatever titles, notes and names hold, feed and pages stay well-formed and harmless.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod tiny;

use lorecast_publisher::{Context, Subject, lint};
use proptest::prelude::*;
use tiny::Tiny;

/// A site whose every text is this one.
fn with_text(text: &str) -> Tiny {
    let mut tiny = Tiny::new();
    tiny.show.title = text.into();
    tiny.show.description = text.into();
    tiny.show.author = text.into();
    let release = &mut tiny.releases[1];
    release.episode.title = text.into();
    release.episode.credits = vec![text.into()];
    release.episode.stories[0].title = text.into();
    release.episode.stories[0].section = text.into();
    release.sound.chapters[1].title = text.into();
    release.notes = text.into();
    tiny
}

/// Publishes such a site; the feed must be XML, and the lint find nothing active or broken in it.
fn check(text: &str) -> Tiny {
    let tiny = with_text(text);
    let feed = tiny.published("feed.xml");
    roxmltree::Document::parse(&feed).unwrap_or_else(|e| panic!("{e}\n{feed}"));
    rss::Channel::read_from(feed.as_bytes()).unwrap();
    let harmful = ["XML-01", "IT-26", "IT-27", "WB-01", "WB-08"];
    for finding in lint(&Subject::Folder(&tiny.out()), &Context::default()).unwrap() {
        // Of a title without a letter nothing is left.
        let harms =
            harmful.contains(&finding.rule.as_str()) && !finding.message.contains("<title>");
        assert!(!harms, "{text:?}: {finding:?}");
    }
    tiny
}

#[test]
fn scripts_come_out_harmless() {
    for text in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' autofocus onfocus=alert(1) x='",
        "]]><script>alert(1)</script><![CDATA[",
        "{{ show }} {% if %}",
        "[x](javascript:alert(1)) [y](JAVASCRIPT&#58;alert(1)) ![z](data:text/html;base64,AAAA)",
        "<a href=\"java\tscript:alert(1)\">x</a> <svg onload=alert(1)> <base href=//evil.example/>",
        "<!-- --><math><mi//xlink:href=\"data:x,<script>alert(4)</script>\">",
        "</title></head><iframe src=//evil.example>",
        "\u{202e}\u{0}\u{1b}[31m\u{fffe}\u{d7ff}\u{10ffff}",
    ] {
        check(text);
    }
}

#[test]
fn text_is_escaped_and_not_lost() {
    let tiny = check("a < b & \"c\" 'd'");
    let page = tiny.published("episodes/2023-04-16/index.html");
    assert!(page.contains("<h1>a &lt; b &amp; &quot;c&quot; &#39;d&#39;</h1>"), "{page}");
}

#[test]
fn deep_nesting_is_refused_at_once() {
    for text in ["> ", ">", "* ", "1. ", "<div>\n", "<b>", "> * "] {
        let error = with_text(&text.repeat(5_000)).publish().unwrap_err().to_string();
        assert!(error.contains("nests"), "{error}");
    }
}

#[test]
fn other_repetition_is_no_burden() {
    for text in ["[", "*a ", "![a](", "`` ", "|", "www.a@", "<!--", "-", "---\n"] {
        check(&text.repeat(5_000));
    }
}

#[test]
fn notes_without_end_are_refused() {
    let mut tiny = Tiny::new();
    tiny.releases[0].notes = "x".repeat(1 << 20);
    let error = tiny.publish().unwrap_err().to_string();
    insta::assert_snapshot!(error, @"episode 2023-04-09: its notes have 1048576 bytes; shorten `notes.md` to 524288");
}

/// The HTML that notes become on the page.
fn notes(markdown: &str) -> String {
    let mut tiny = Tiny::new();
    tiny.releases[1].notes = markdown.into();
    let page = tiny.published("episodes/2023-04-16/index.html");
    let from = page.find("Show notes</h2>\n").unwrap() + 16;
    page[from..from + page[from..].find("</section>").unwrap()].trim().to_owned()
}

#[test]
fn notes_keep_their_meaning() {
    insta::assert_snapshot!(notes("# A\n\n## B\n\n### C"), @r"
    <h2>A</h2>
    <h3>B</h3>
    <h4>C</h4>
    ");
    insta::assert_snapshot!(notes("`#include <x.h>` and <stdio.h> and <foo>"), @"<p><code>#include &lt;x.h&gt;</code> and &lt;stdio.h&gt; and &lt;foo&gt;</p>");
    insta::assert_snapshot!(notes("<!-- story: a --> <ada@pod.example> https://lore.kernel.org/r/x/"), @"https://lore.kernel.org/r/x/");
    insta::assert_snapshot!(notes("![graph](https://evil.example/x.png) [here](page.html)"), @r#"<p><a href="https://evil.example/x.png">graph</a> <a href="https://pod.example/show/page.html">here</a></p>"#);
    insta::assert_snapshot!(notes("|a|b|\n|-|-:|\n|1|2|\n\n~~old~~ <b>bold</b><script>x</script>"), @r"
    <table>
    <thead>
    <tr>
    <th>a</th>
    <th>b</th>
    </tr>
    </thead>
    <tbody>
    <tr>
    <td>1</td>
    <td>2</td>
    </tr>
    </tbody>
    </table>
    <p><del>old</del> <b>bold</b>&lt;script&gt;x&lt;/script&gt;</p>
    ");
}

/// What the feed's `description` holds for such notes.
fn description(markdown: &str) -> String {
    let mut tiny = Tiny::new();
    tiny.releases[1].notes = markdown.into();
    let feed = tiny.published("feed.xml");
    let channel = rss::Channel::read_from(feed.as_bytes()).unwrap();
    channel.items()[0].description().unwrap().to_owned()
}

#[test]
fn descriptions_are_simple_html() {
    insta::assert_snapshot!(description("## [A](https://a.example/)\n\n> quoted\n\n```\ncode\n```\n\n---\n"), @r#"
    <p><strong><a href="https://a.example/">A</a></strong></p>
    <p>“quoted”</p>
    <p>code</p>
    <p>00:00:00 Opening</p>
    <p>00:00:12 Rings</p>
    <p>00:01:01 Sign-off</p>
    "#);
}

#[test]
fn descriptions_end_before_directories_cut_them() {
    let long = "A sentence that is repeated.\n\n".repeat(400);
    let text = description(&long);
    assert!((3800..=4000).contains(&text.len()), "{}", text.len());
    let more =
        "<p><a href=\"https://pod.example/show/episodes/2023-04-16/\">All notes and links</a></p>";
    assert!(text.contains(more) && text.contains("00:01:01 Sign-off"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_harmless(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_markup_is_harmless(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "<", ">", "\"", "'", "&", "]]>", "<![CDATA[", "<script>", "</script>", "<!--", "-->",
                "<a href=", "javascript:", "onload=", "`", "[", "](", ")", "![", "\n", "\n\n", "# ", "> ",
                "|", "{{", "}}", "{%", "%}", "<svg", "<style>", "\u{0}", "\u{8}", "&#0;", "&lt;", "x", " ", "=", "/",
            ]),
            0..24,
        )
    ) {
        check(&parts.concat());
    }
}

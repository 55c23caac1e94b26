//! What stands in the published folder, and how it gets there.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod tiny;

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::{Alternative, Correction, Dbtp, Enclosure, Encoding, Lufs, MessageId};
use tiny::Tiny;

/// Every file below a folder with its content, in order of path.
fn tree(folder: &Utf8Path) -> Vec<(Utf8PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in next.read_dir_utf8().unwrap() {
            let path = entry.unwrap().into_path();
            match path.is_dir() {
                true => folders.push(path),
                false => files
                    .push((path.strip_prefix(folder).unwrap().into(), fs::read(&path).unwrap())),
            }
        }
    }
    files.sort();
    files
}

fn names(folder: &Utf8Path) -> Vec<String> {
    tree(folder).into_iter().map(|(path, _)| path.to_string()).collect()
}

#[test]
fn files_are_written_media_first_and_the_feed_last() {
    let tiny = Tiny::new();
    let written = tiny.publish().unwrap();
    let lines: Vec<String> = written.iter().map(|w| w.path.to_string()).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    media/2023-04-16.mp3
    media/2023-04-09.mp3
    cover-c0bd3949.png
    episodes/2023-04-16/chapters.json
    episodes/2023-04-16/card.png
    episodes/2023-04-09/chapters.json
    episodes/2023-04-09/card.png
    search/index.js
    search/w-.js
    robots.txt
    search.js
    site.js
    style.css
    sections/io/index.html
    sections/io/atom.xml
    episodes/2023-04-16/index.html
    episodes/2023-04-09/index.html
    archive/index.html
    subscribe/index.html
    about/index.html
    index.html
    404.html
    feed.json
    feed.xml
    ");
    assert!(written.iter().all(|w| w.changed));
    for file in &written {
        assert_eq!(fs::metadata(tiny.out().join(&file.path)).unwrap().len(), file.bytes);
    }
}

#[test]
fn the_feed_of_a_tiny_show() {
    insta::assert_snapshot!(Tiny::new().published("feed.xml"), @r#"
    <?xml version="1.0" encoding="utf-8"?>
    <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:psc="http://podlove.org/simple-chapters">
      <channel>
        <title>Tiny Show</title>
        <link>https://pod.example/show/</link>
        <description>Mail, read aloud.</description>
        <language>en</language>
        <copyright>Ada Example</copyright>
        <managingEditor>ada@pod.example (Ada Example)</managingEditor>
        <lastBuildDate>Mon, 17 Apr 2023 18:00:00 +0000</lastBuildDate>
        <generator>Lorecast</generator>
        <image>
          <url>https://pod.example/show/cover-c0bd3949.png</url>
          <title>Tiny Show</title>
          <link>https://pod.example/show/</link>
        </image>
        <atom:link href="https://pod.example/show/feed.xml" rel="self" type="application/rss+xml"></atom:link>
        <itunes:type>episodic</itunes:type>
        <podcast:guid>b7a2d257-b59e-59c7-8351-0f59dfde0a07</podcast:guid>
        <podcast:locked owner="ada@pod.example">yes</podcast:locked>
        <podcast:medium>podcast</podcast:medium>
        <podcast:person group="cast" role="host">Ada Example</podcast:person>
        <itunes:author>Ada Example</itunes:author>
        <itunes:category text="News">
          <itunes:category text="Tech News">
          </itunes:category>
        </itunes:category>
        <itunes:category text="Technology">
        </itunes:category>
        <itunes:image href="https://pod.example/show/cover-c0bd3949.png"/>
        <itunes:explicit>false</itunes:explicit>
        <itunes:owner>
          <itunes:name>Ada Example</itunes:name>
          <itunes:email>ada@pod.example</itunes:email>
        </itunes:owner>
        <item>
          <title>Rings &amp; queues</title>
          <link>https://pod.example/show/episodes/2023-04-16/</link>
          <description><![CDATA[<p>In this week's edition: rings, and <em>queues</em>. See <a href="https://lore.kernel.org/r/a%40b.example/">the thread</a>.</p>
    <p><strong>Ongoing Development</strong></p>
    <p>“It is a ring.”</p>
    <ul>
    <li>io_uring learned &lt;nothing&gt;</li>
    </ul>
    <p>00:00:00 Opening</p>
    <p>00:00:12 Rings</p>
    <p>00:01:01 Sign-off</p>
    ]]></description>
          <enclosure url="https://pod.example/show/media/2023-04-16.mp3" length="402" type="audio/mpeg"/>
          <guid isPermaLink="false">urn:uuid:de82107d-e05f-55a4-acaa-5bc122c1d476</guid>
          <pubDate>Mon, 17 Apr 2023 18:00:00 +0000</pubDate>
          <content:encoded><![CDATA[<p>In this week's edition: rings, and <em>queues</em>. See <a href="https://lore.kernel.org/r/a%40b.example/">the thread</a>.</p>
    <h2>Ongoing Development</h2>
    <blockquote>
    <p>It is a ring.</p>
    </blockquote>
    <ul>
    <li><code>io_uring</code> learned &lt;nothing&gt;</li>
    </ul>
    ]]></content:encoded>
          <podcast:alternateEnclosure bitrate="36" default="true" length="402" title="MP3" type="audio/mpeg">
            <podcast:integrity type="sri" value="sha256-7V8NtPhuZ2l4NKIisI/oCZC2O5ftY4lsJ/+uUDY2QuY="></podcast:integrity>
            <podcast:source uri="https://pod.example/show/media/2023-04-16.mp3"></podcast:source>
          </podcast:alternateEnclosure>
          <podcast:chapters type="application/json+chapters" url="https://pod.example/show/episodes/2023-04-16/chapters.json"></podcast:chapters>
          <podcast:episode>2</podcast:episode>
          <podcast:person group="cast" role="host">Ada Example</podcast:person>
          <psc:chapters version="1.2">
            <psc:chapter start="00:00:00" title="Opening"></psc:chapter>
            <psc:chapter start="00:00:12.500" title="Rings"></psc:chapter>
            <psc:chapter start="00:01:01" title="Sign-off"></psc:chapter>
          </psc:chapters>
          <itunes:author>Ada Example</itunes:author>
          <itunes:image href="https://pod.example/show/cover-c0bd3949.png">
          </itunes:image>
          <itunes:duration>90</itunes:duration>
          <itunes:explicit>false</itunes:explicit>
          <itunes:episode>2</itunes:episode>
          <itunes:episodeType>full</itunes:episodeType>
        </item>
        <item>
          <title>First mails</title>
          <link>https://pod.example/show/episodes/2023-04-09/</link>
          <description><![CDATA[<p>Hello.</p>
    <p>00:00:00 Opening</p>
    <p>00:00:12 Rings</p>
    <p>00:01:01 Sign-off</p>
    ]]></description>
          <enclosure url="https://pod.example/show/media/2023-04-09.mp3" length="401" type="audio/mpeg"/>
          <guid isPermaLink="false">urn:uuid:e24a9cc0-ea9b-5ed2-8b84-a5a4f7639620</guid>
          <pubDate>Mon, 10 Apr 2023 18:00:00 +0000</pubDate>
          <content:encoded><![CDATA[<p>Hello.</p>
    ]]></content:encoded>
          <podcast:alternateEnclosure bitrate="35" default="true" length="401" title="MP3" type="audio/mpeg">
            <podcast:integrity type="sri" value="sha256-/KXWiQ63UMjxm6yLT6az5LQHz/i/H6WOoYHBWf4tMMU="></podcast:integrity>
            <podcast:source uri="https://pod.example/show/media/2023-04-09.mp3"></podcast:source>
          </podcast:alternateEnclosure>
          <podcast:chapters type="application/json+chapters" url="https://pod.example/show/episodes/2023-04-09/chapters.json"></podcast:chapters>
          <podcast:episode>1</podcast:episode>
          <podcast:person group="cast" role="host">Ada Example</podcast:person>
          <psc:chapters version="1.2">
            <psc:chapter start="00:00:00" title="Opening"></psc:chapter>
            <psc:chapter start="00:00:12.500" title="Rings"></psc:chapter>
            <psc:chapter start="00:01:01" title="Sign-off"></psc:chapter>
          </psc:chapters>
          <itunes:author>Ada Example</itunes:author>
          <itunes:image href="https://pod.example/show/cover-c0bd3949.png">
          </itunes:image>
          <itunes:duration>90</itunes:duration>
          <itunes:explicit>false</itunes:explicit>
          <itunes:episode>1</itunes:episode>
          <itunes:episodeType>full</itunes:episodeType>
        </item>
      </channel>
    </rss>
    "#);
}

#[test]
fn the_feed_reads_back_as_rss() {
    let feed = Tiny::new().published("feed.xml");
    let channel = rss::Channel::read_from(feed.as_bytes()).unwrap();
    assert_eq!(channel.items().len(), 2);
    assert_eq!(channel.items()[0].title(), Some("Rings & queues"));
}

#[test]
fn chapters_of_an_episode() {
    insta::assert_snapshot!(Tiny::new().published("episodes/2023-04-16/chapters.json"), @r#"
    {
      "version": "1.2.0",
      "title": "Rings & queues",
      "chapters": [
        {
          "startTime": 0,
          "title": "Opening"
        },
        {
          "startTime": 12.5,
          "title": "Rings"
        },
        {
          "startTime": 61,
          "title": "Sign-off"
        }
      ]
    }
    "#);
}

#[test]
fn a_second_build_is_byte_identical_and_writes_nothing() {
    let tiny = Tiny::new();
    tiny.publish().unwrap();
    let first = tree(&tiny.out());
    assert!(tiny.publish().unwrap().iter().all(|w| !w.changed));
    assert_eq!(first, tree(&tiny.out()));
    let other = tiny.root().join("other");
    let mut shuffled = tiny;
    shuffled.releases.reverse();
    shuffled.publish_to(&other).unwrap();
    assert_eq!(first, tree(&other));
}

#[test]
fn only_what_changed_is_written_and_earlier_items_stay() {
    let mut tiny = Tiny::new();
    let before = tiny.published("feed.xml");
    tiny.add("2023-04-23", "Third", "More.\n");
    let changed = tiny.publish().unwrap().into_iter().filter(|w| w.changed);
    let changed: Vec<String> = changed.map(|w| w.path.to_string()).collect();
    insta::assert_snapshot!(changed.join("\n"), @r"
    media/2023-04-23.mp3
    episodes/2023-04-23/chapters.json
    episodes/2023-04-23/card.png
    search/index.js
    search/w-.js
    sections/io/index.html
    sections/io/atom.xml
    episodes/2023-04-23/index.html
    episodes/2023-04-16/index.html
    archive/index.html
    index.html
    feed.json
    feed.xml
    ");
    let after = tiny.published("feed.xml");
    let items = &before[before.find("<item>").unwrap()..];
    assert!(after.contains(items), "{after}");
}

#[test]
fn what_is_no_longer_published_is_removed_and_nothing_else() {
    let mut tiny = Tiny::new();
    tiny.publish().unwrap();
    let out = tiny.out();
    fs::write(out.join("CNAME"), "pod.example").unwrap();
    fs::write(out.join("episodes/2023-04-09/mine.txt"), "mine").unwrap();
    tiny.releases.pop();
    tiny.releases[0].id = "2023-04-10".parse().unwrap();
    tiny.publish().unwrap();
    let left: Vec<String> =
        names(&out).into_iter().filter(|n| n.contains("2023") || n == "CNAME").collect();
    insta::assert_snapshot!(left.join("\n"), @r"
    CNAME
    episodes/2023-04-09/mine.txt
    episodes/2023-04-10/card.png
    episodes/2023-04-10/chapters.json
    episodes/2023-04-10/index.html
    media/2023-04-09.mp3
    ");
    assert!(!out.join("episodes/2023-04-16").exists());
}

#[test]
fn a_manifest_cannot_lead_out_of_the_folder() {
    let tiny = Tiny::new();
    tiny.publish().unwrap();
    let victim = tiny.root().join("victim.txt");
    fs::write(&victim, "mine").unwrap();
    fs::write(tiny.out().join(".lorecast-files"), format!("../victim.txt\n{victim}\nfeed.xml\n"))
        .unwrap();
    tiny.publish().unwrap();
    assert!(victim.exists());
}

#[cfg(unix)]
#[test]
fn nothing_is_removed_behind_a_link() {
    let tiny = Tiny::new();
    tiny.publish().unwrap();
    let elsewhere = tiny.root().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::write(elsewhere.join("keep.txt"), "mine").unwrap();
    std::os::unix::fs::symlink(&elsewhere, tiny.out().join("old")).unwrap();
    let manifest = tiny.out().join(".lorecast-files");
    let listed = fs::read_to_string(&manifest).unwrap() + "old/keep.txt\n";
    fs::write(&manifest, listed).unwrap();
    tiny.publish().unwrap();
    assert!(elsewhere.join("keep.txt").exists());
}

#[cfg(unix)]
#[test]
fn published_files_are_readable_by_the_web_server() {
    use std::os::unix::fs::PermissionsExt;
    let tiny = Tiny::new();
    tiny.publish().unwrap();
    let mode = fs::metadata(tiny.out().join("feed.xml")).unwrap().permissions().mode();
    assert_eq!(mode & 0o644, 0o644);
}

/// What `publish` says when something is wrong, with the temporary folder left out.
fn refusal(tiny: &Tiny) -> String {
    let error = tiny.publish().unwrap_err().to_string();
    error.replace(tiny.root().as_str(), "")
}

#[test]
fn a_missing_mp3_is_named_and_nothing_is_written() {
    let tiny = Tiny::new();
    fs::remove_file(&tiny.releases[1].file.as_ref().unwrap().path).unwrap();
    insta::assert_snapshot!(refusal(&tiny), @"episode 2023-04-16: `/2023-04-16.mp3` is missing; run `lorecast master 2023-04-16` to make it again");
    assert!(!tiny.out().exists());
}

#[test]
fn an_mp3_of_another_size_is_named() {
    let tiny = Tiny::new();
    fs::write(&tiny.releases[0].file.as_ref().unwrap().path, "cut").unwrap();
    insta::assert_snapshot!(refusal(&tiny), @"episode 2023-04-09: `/2023-04-09.mp3` has 3 bytes and `master.json` says 401; run `lorecast master 2023-04-09` to make both again");
}

#[test]
fn a_file_of_someone_else_is_never_overwritten() {
    let tiny = Tiny::new();
    fs::create_dir(tiny.out()).unwrap();
    fs::write(tiny.out().join("index.html"), "my home page").unwrap();
    insta::assert_snapshot!(refusal(&tiny), @"`/public/index.html` is not one that Lorecast wrote and would be overwritten; move it away, or publish to another folder");
    assert_eq!(names(&tiny.out()), ["index.html"]);
}

#[test]
fn an_enclosure_name_that_climbs_is_refused() {
    let mut tiny = Tiny::new();
    tiny.releases[0].sound.enclosure.file = "../../x.mp3".into();
    insta::assert_snapshot!(refusal(&tiny), @"episode 2023-04-09: `../../x.mp3` in `master.json` is not a plain file name; run `lorecast master 2023-04-09` to make it again");
}

/// An Opus file beside the sound of the newer episode, as `master.json` has it.
fn with_opus(tiny: &mut Tiny, bytes: &[u8]) {
    tiny.file("2023-04-16.opus", bytes);
    tiny.releases[1].sound.alternatives.push(Alternative {
        file: Enclosure {
            file: "2023-04-16.opus".into(),
            bytes: 5,
            media_type: "audio/ogg".into(),
        },
        encoding: Encoding::Opus,
        bit_rate: 64_000,
        loudness: Lufs(-16.0),
        true_peak: Dbtp(-1.5),
    });
}

#[test]
fn other_encodings_are_copied_beside_the_mp3() {
    let mut tiny = Tiny::new();
    with_opus(&mut tiny, b"OggS.");
    tiny.publish().unwrap();
    assert_eq!(fs::read(tiny.out().join("media/2023-04-16.opus")).unwrap(), b"OggS.");
    assert!(!tiny.out().join("media/2023-04-09.opus").exists());

    let mut tiny = Tiny::new();
    with_opus(&mut tiny, b"OggS");
    insta::assert_snapshot!(refusal(&tiny), @"episode 2023-04-16: `/2023-04-16.opus` has 4 bytes and `master.json` says 5; run `lorecast master 2023-04-16` to make both again");
}

#[test]
fn two_episodes_with_one_enclosure_url_are_refused() {
    let mut tiny = Tiny::new();
    tiny.releases[0].publication = tiny.releases[1].publication.clone();
    insta::assert_snapshot!(refusal(&tiny), @"episodes 2023-04-09 and 2023-04-16 have the same guid `urn:uuid:de82107d-e05f-55a4-acaa-5bc122c1d476`: apps would show one of them; delete `published.yaml` of the one that never came out");
}

/// What `publish` says when a template holds this text.
fn refused_template(name: &str, text: &str) -> String {
    let mut tiny = Tiny::new();
    tiny.templates.0.insert(name.into(), text.into());
    refusal(&tiny)
}

#[test]
fn template_errors_name_the_file_and_the_line() {
    insta::assert_snapshot!(refused_template("site/index.html", "a\n{% if %}\n"), @"templates/site/index.html:2: Found `%}` but expected one of: integer, float, string, bool, ident, `-`, `not`, `<`, `{`, `[` or `(`; correct the template, or delete it to use the built-in one");
    insta::assert_snapshot!(refused_template("site/index.html", "a\n\n{{ nothing.here }}\n"), @"templates/site/index.html:3: Variable `nothing` is not defined. Available variables: about, episode, episodes, has, newer, older, people, person, planet, root, section, sections, series, show, subscribe, terms, url, years; correct the template, or delete it to use the built-in one");
    insta::assert_snapshot!(refused_template("site/episode.html", r#"{% extends "site/gone.html" %}"#), @"templates/site/episode.html: Template 'site/episode.html' is inheriting from 'site/gone.html', which doesn't exist or isn't loaded; correct the template, or delete it to use the built-in one");
    insta::assert_snapshot!(refused_template("site/a b.css", ""), @"templates/site/a b.css: its name has more than letters, digits, `.`, `-` and `_`; correct the template, or delete it to use the built-in one");
}

#[test]
fn a_missing_template_is_named() {
    let mut tiny = Tiny::new();
    tiny.templates.0.remove("site/404.html");
    insta::assert_snapshot!(refusal(&tiny), @"templates/site/404.html: Template 'site/404.html' not found; correct the template, or delete it to use the built-in one");
}

#[test]
fn an_old_enclosure_url_keeps_its_file() {
    let mut tiny = Tiny::new();
    tiny.releases[0].publication.enclosure_url = "https://pod.example/show/audio/one.mp3".into();
    tiny.releases[1].publication.enclosure_url = "https://cdn.example/two.mp3".into();
    let feed = tiny.published("feed.xml");
    assert!(feed.contains("https://pod.example/show/audio/one.mp3"));
    assert!(feed.contains("https://cdn.example/two.mp3"));
    assert!(tiny.out().join("audio/one.mp3").exists());
    assert!(
        tiny.published("episodes/2023-04-16/index.html").contains("../../media/2023-04-16.mp3")
    );
}

#[test]
fn a_correction_stands_on_top_of_page_and_feed_and_guid_and_date_stay() {
    let mut tiny = Tiny::new();
    let (page, feed) =
        (tiny.published("episodes/2023-04-09/index.html"), tiny.published("feed.xml"));
    tiny.releases[0].episode.corrections = vec![Correction {
        date: "2023-04-20".parse().unwrap(),
        text: "the rings turn *left*".into(),
        finding: None,
        message: Some(MessageId::new("left@b.example").unwrap()),
    }];
    let corrected = tiny.published("episodes/2023-04-09/index.html");
    let note = "<p><strong>Correction, 20 April 2023:</strong> the rings turn <em>left</em> (<a href=\"https://lore.kernel.org/r/left%40b.example/\">mail</a>)</p>\n<p>Hello.</p>";
    assert!(corrected.contains(note), "{corrected}");
    assert_eq!(corrected.replace(&note.replace("<p>Hello.</p>", ""), ""), page);
    let lines = |feed: &str, tag: &str| {
        feed.lines().filter(|line| line.contains(tag)).map(str::to_owned).collect::<Vec<_>>()
    };
    let after = tiny.published("feed.xml");
    assert_eq!(after.matches("Correction, 20 April 2023").count(), 2, "{after}");
    for tag in ["<guid", "<pubDate", "<enclosure"] {
        assert_eq!(lines(&feed, tag), lines(&after, tag));
    }
}

#[test]
fn a_transcript_comes_out_with_its_episode() {
    let mut tiny = Tiny::new();
    tiny.releases[1].transcript = Some(tiny::transcript().into());
    let feed = tiny.published("feed.xml");
    let tags = feed.lines().filter(|line| line.contains("podcast:transcript")).map(str::trim);
    insta::assert_snapshot!(tags.collect::<Vec<_>>().join("\n"), @r#"
    <podcast:transcript language="en" rel="captions" type="text/vtt" url="https://pod.example/show/episodes/2023-04-16/transcript.vtt"></podcast:transcript>
    <podcast:transcript language="en" rel="captions" type="application/x-subrip" url="https://pod.example/show/episodes/2023-04-16/transcript.srt"></podcast:transcript>
    <podcast:transcript language="en" type="application/json" url="https://pod.example/show/episodes/2023-04-16/transcript.json"></podcast:transcript>
    <podcast:transcript language="en" type="text/html" url="https://pod.example/show/episodes/2023-04-16/transcript.html"></podcast:transcript>
    "#);
    insta::assert_snapshot!(tiny.published("episodes/2023-04-16/transcript.vtt"), @r"
    WEBVTT

    00:00:12.500 --> 00:00:14.000
    <v Ada Example>It is a ring, says ann@….
    ");
    let page = tiny.published("episodes/2023-04-16/index.html");
    assert!(page.contains(
        "<a href=\"../../episodes/2023-04-16/transcript.html\">On a page of its own</a>"
    ));
    assert!(page.contains("<span data-start=\"12.5\">It is a ring, says ann@….</span>"), "{page}");
    let all = names(&tiny.out()).join(" ");
    assert!(all.contains("2023-04-16/transcript.srt") && !all.contains("2023-04-09/transcript"));
}

#[test]
fn a_transcript_that_tells_nothing_is_not_published() {
    let mut tiny = Tiny::new();
    tiny.releases[1].transcript = Some(lorecast_model::Transcript::default().into());
    tiny.publish().unwrap();
    assert!(!names(&tiny.out()).join(" ").contains("transcript"));
}

#[test]
fn listeners_are_told_who_is_heard() {
    let mut tiny = Tiny::new();
    tiny.releases[1].sound.synthetic = vec!["Rings *and* queues".into()];
    tiny.releases[1].episode.chapters = vec![Default::default(), Default::default()];
    tiny.releases[1].episode.fillers = vec![lorecast_model::Filler {
        take: "bob".into(),
        speaker: "Bob <b>Example</b>".into(),
        ..Default::default()
    }];
    tiny.publish().unwrap();
    let told = "“Rings *and* queues” is read by a synthetic voice. Also heard: Bob";
    let page = tiny.published("episodes/2023-04-16/index.html");
    assert!(page.contains(told) && !page.contains("<b>Example"), "{page}");
    let feed = tiny.published("feed.xml");
    assert!(feed.contains(told), "{feed}");
    assert_eq!(feed.matches("<podcast:txt purpose=\"ai-content\">true</podcast:txt>").count(), 2);
    tiny.releases[1].episode.chapters.pop();
    tiny.publish().unwrap();
    assert!(tiny.published("feed.xml").contains("This episode is read by a synthetic voice."));
    tiny.releases[1].sound.synthetic.clear();
    tiny.publish().unwrap();
    assert!(!tiny.published("feed.xml").contains("ai-content"));
}

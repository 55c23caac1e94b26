//! What the feeds say.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod tiny;

use lorecast_model::Seconds;
use lorecast_model::feed::{EpisodeKind, ShowKind};
use tiny::{Tiny, png};

/// The lines of `feed.xml` that are not there without these settings, in `show.yaml` and of the newer
/// episode.
fn added(show: serde_json::Value, episode: serde_json::Value) -> String {
    let mut tiny = Tiny::new();
    let before = tiny.published("feed.xml");
    tiny.show.feed = serde_json::from_value(show).unwrap();
    tiny.releases[1].episode.feed = serde_json::from_value(episode).unwrap();
    assert_eq!(tiny.show.feed.unfit(), None);
    assert_eq!(tiny.releases[1].episode.feed.unfit(), None);
    let after = tiny.published("feed.xml");
    let new = after.lines().map(str::trim).filter(|line| !before.contains(line));
    new.collect::<Vec<_>>().join("\n")
}

#[test]
fn settings_of_the_show_become_tags() {
    let show = serde_json::json!({
        "type": "serial",
        "guid": "9B024349-ccf0-5f69-a609-6b82873eab3c",
        "copyright": "The Makers",
        "license": { "name": "cc-by-4.0" },
        "locked": false,
        "people": [{ "name": "Ann & Bo", "role": "editor", "group": "video post-production", "url": "https://ann.example/" }],
        "location": { "name": "Berlin", "geo": "geo:52.52,13.405", "osm": "R62422" },
        "funding": [{ "url": "https://give.example/", "text": "Give <a little>" }],
        "schedule": { "text": "each Monday", "rule": "FREQ=WEEKLY;BYDAY=MO" },
        "podroll": [{ "guid": "917393e3-1b1e-5cef-ace4-edaa54e1f810", "title": "Another" }],
        "hubs": ["https://hub.example/"],
        "moved_to": "https://new.example/feed.xml",
        "complete": true,
        "hidden": true,
    });
    insta::assert_snapshot!(added(show, serde_json::json!({})), @r#"
    <copyright>The Makers</copyright>
    <atom:link href="https://hub.example/" rel="hub"></atom:link>
    <itunes:type>serial</itunes:type>
    <podcast:funding url="https://give.example/">Give &lt;a little&gt;</podcast:funding>
    <podcast:guid>9b024349-ccf0-5f69-a609-6b82873eab3c</podcast:guid>
    <podcast:license>cc-by-4.0</podcast:license>
    <podcast:location geo="geo:52.52,13.405" osm="R62422" rel="creator">Berlin</podcast:location>
    <podcast:locked owner="ada@pod.example">no</podcast:locked>
    <podcast:person group="video post-production" href="https://ann.example/" role="editor">Ann &amp; Bo</podcast:person>
    <podcast:podroll>
    <podcast:remoteItem feedGuid="917393e3-1b1e-5cef-ace4-edaa54e1f810" medium="podcast" title="Another"></podcast:remoteItem>
    </podcast:podroll>
    <podcast:updateFrequency complete="true" rrule="FREQ=WEEKLY;BYDAY=MO">each Monday</podcast:updateFrequency>
    <itunes:block>yes</itunes:block>
    <itunes:complete>yes</itunes:complete>
    <itunes:new-feed-url>https://new.example/feed.xml</itunes:new-feed-url>
    <podcast:license>cc-by-4.0</podcast:license>
    <podcast:person group="video post-production" href="https://ann.example/" role="editor">Ann &amp; Bo</podcast:person>
    <podcast:license>cc-by-4.0</podcast:license>
    <podcast:person group="video post-production" href="https://ann.example/" role="editor">Ann &amp; Bo</podcast:person>
    "#);
}

#[test]
fn settings_of_an_episode_become_tags() {
    let episode = serde_json::json!({
        "type": "bonus",
        "season": 2,
        "display": "2½",
        "explicit": true,
        "people": [{ "name": "Cy Example", "role": "guest", "picture": "https://cy.example/me.png" }],
        "license": { "name": "Ours", "url": "https://pod.example/license" },
        "location": { "name": "The Moon" },
        "soundbites": [{ "from": "0:10", "to": "0:40.5" }],
        "discussions": [
            { "url": "https://social.example/@ada/1" },
            { "url": "https://bsky.example/p/1", "protocol": "atproto" },
        ],
        "hidden": true,
    });
    let show = serde_json::json!({ "seasons": { "2": "Of rings" } });
    insta::assert_snapshot!(added(show, episode), @r#"
    <podcast:episode display="2½">2</podcast:episode>
    <podcast:license url="https://pod.example/license">Ours</podcast:license>
    <podcast:location rel="subject">The Moon</podcast:location>
    <podcast:person group="cast" img="https://cy.example/me.png" role="guest">Cy Example</podcast:person>
    <podcast:season name="Of rings">2</podcast:season>
    <podcast:socialInteract priority="1" protocol="activitypub" uri="https://social.example/@ada/1"></podcast:socialInteract>
    <podcast:socialInteract priority="2" protocol="atproto" uri="https://bsky.example/p/1"></podcast:socialInteract>
    <podcast:soundbite duration="30.5" startTime="10.0">Rings &amp; queues</podcast:soundbite>
    <itunes:block>yes</itunes:block>
    <itunes:explicit>true</itunes:explicit>
    <itunes:season>2</itunes:season>
    <itunes:episodeType>bonus</itunes:episodeType>
    "#);
}

#[test]
fn a_trailer_is_announced_by_the_show() {
    insta::assert_snapshot!(added(serde_json::json!({}), serde_json::json!({ "type": "trailer" })), @r#"
    <podcast:trailer length="402" pubdate="Mon, 17 Apr 2023 18:00:00 +0000" type="audio/mpeg" url="https://pod.example/show/media/2023-04-16.mp3">Rings &amp; queues</podcast:trailer>
    <itunes:episodeType>trailer</itunes:episodeType>
    "#);
}

/// `# name`, and for each document its links and the titles of its items.
fn documents(tiny: &Tiny, names: &[&str]) -> String {
    tiny.publish().unwrap();
    let mut told = String::new();
    for name in names {
        let text = std::fs::read_to_string(tiny.out().join(name)).unwrap();
        let channel = rss::Channel::read_from(text.as_bytes()).unwrap();
        let titles: Vec<&str> = channel.items().iter().filter_map(|item| item.title()).collect();
        let titles = format!("{} to {}", titles[0], titles[titles.len() - 1]);
        let tag = |line: &&str| line.contains("<atom:link") || line.contains("<fh:");
        let tags: Vec<&str> = text.lines().map(str::trim).filter(tag).collect();
        told += &format!("# {name}: {titles}\n{}\n", tags.join("\n"));
    }
    told
}

#[test]
fn a_long_show_has_archive_pages_that_never_change() {
    let mut tiny = Tiny::new();
    tiny.show.feed.page = 10;
    let mut day: jiff::civil::Date = "2023-04-16".parse().unwrap();
    let mut add = |tiny: &mut Tiny, episodes: usize| {
        for _ in 0..episodes {
            day = day.tomorrow().unwrap();
            let title = format!("Episode {}", tiny.releases.len() + 1);
            tiny.add(&day.to_string(), &title, "Hello.\n");
        }
    };
    add(&mut tiny, 17);
    tiny.publish().unwrap();
    assert!(!tiny.out().join("archive/feed-1.xml").exists());
    add(&mut tiny, 11);
    let names = ["feed.xml", "archive/feed-2.xml", "archive/feed-1.xml"];
    insta::assert_snapshot!(documents(&tiny, &names), @r#"
    # feed.xml: Episode 30 to Episode 21
    <atom:link href="https://pod.example/show/feed.xml" rel="self" type="application/rss+xml"></atom:link>
    <atom:link href="https://pod.example/show/archive/feed-2.xml" rel="prev-archive" type="application/rss+xml"></atom:link>
    # archive/feed-2.xml: Episode 20 to Episode 11
    <atom:link href="https://pod.example/show/archive/feed-2.xml" rel="self" type="application/rss+xml"></atom:link>
    <atom:link href="https://pod.example/show/feed.xml" rel="current" type="application/rss+xml"></atom:link>
    <atom:link href="https://pod.example/show/archive/feed-1.xml" rel="prev-archive" type="application/rss+xml"></atom:link>
    <fh:archive></fh:archive>
    # archive/feed-1.xml: Episode 10 to First mails
    <atom:link href="https://pod.example/show/archive/feed-1.xml" rel="self" type="application/rss+xml"></atom:link>
    <atom:link href="https://pod.example/show/feed.xml" rel="current" type="application/rss+xml"></atom:link>
    <fh:archive></fh:archive>
    "#);
    let pages =
        |tiny: &Tiny| ["archive/feed-1.xml", "archive/feed-2.xml"].map(|n| tiny.published(n));
    let before = pages(&tiny);
    add(&mut tiny, 10);
    assert!(before == pages(&tiny));
    assert!(tiny.out().join("archive/feed-3.xml").exists());
}

#[test]
fn json_feed_lists_the_same_episodes() {
    let mut tiny = Tiny::new();
    tiny.releases.pop();
    tiny.show.feed.hubs = vec!["https://hub.example/".into()];
    insta::assert_snapshot!(tiny.published("feed.json"), @r#"
    {
      "version": "https://jsonfeed.org/version/1.1",
      "title": "Tiny Show",
      "home_page_url": "https://pod.example/show/",
      "feed_url": "https://pod.example/show/feed.json",
      "description": "Mail, read aloud.",
      "icon": "https://pod.example/show/cover-c0bd3949.png",
      "authors": [
        {
          "name": "Ada Example"
        }
      ],
      "language": "en",
      "hubs": [
        {
          "type": "WebSub",
          "url": "https://hub.example/"
        }
      ],
      "items": [
        {
          "id": "urn:uuid:e24a9cc0-ea9b-5ed2-8b84-a5a4f7639620",
          "url": "https://pod.example/show/episodes/2023-04-09/",
          "title": "First mails",
          "content_html": "<p>Hello.</p>\n",
          "summary": "Hello.",
          "date_published": "2023-04-10T18:00:00Z",
          "attachments": [
            {
              "url": "https://pod.example/show/media/2023-04-09.mp3",
              "mime_type": "audio/mpeg",
              "size_in_bytes": 401,
              "duration_in_seconds": 90
            }
          ]
        }
      ]
    }
    "#);
}

/// Titles and notes that markup could break, and what a reader of RSS and of HTML gets.
#[test]
fn markup_emoji_and_the_end_of_cdata_come_through() {
    let mut tiny = Tiny::new();
    let title = "a ]]> b & <b>c</b> 🦀 \"d\"";
    tiny.releases[1].episode.title = title.into();
    tiny.releases[1].sound.chapters[1].title = title.into();
    tiny.releases[1].notes = format!("Before `]]>` after.\n\n{title}\n");
    let feed = tiny.published("feed.xml");
    let channel = rss::Channel::read_from(feed.as_bytes()).unwrap();
    let item = &channel.items()[0];
    assert_eq!(item.title(), Some(title));
    let chapters = &item.extensions()["psc"]["chapters"][0].children["chapter"];
    assert_eq!(chapters[1].attrs["title"], title);
    insta::assert_snapshot!(item.description().unwrap(), @r#"
    <p>Before ]]&gt; after.</p>
    <p>a ]]&gt; b &amp; <b>c</b> 🦀 "d"</p>
    <p>00:00:00 Opening</p>
    <p>00:00:12 a ]]&gt; b &amp; &lt;b&gt;c&lt;/b&gt; 🦀 "d"</p>
    <p>00:01:01 Sign-off</p>
    "#);
    insta::assert_snapshot!(item.content().unwrap(), @r#"
    <p>Before <code>]]&gt;</code> after.</p>
    <p>a ]]&gt; b &amp; <b>c</b> 🦀 "d"</p>
    "#);
}

#[test]
fn a_description_has_4000_bytes_at_most_and_says_where_the_rest_is() {
    let mut tiny = Tiny::new();
    let paragraph = format!("{}é\n\n", "word ".repeat(60));
    tiny.releases[1].notes = paragraph.repeat(30);
    let chapter = tiny.releases[1].sound.chapters[1].clone();
    tiny.releases[1].sound.chapters.splice(
        1..1,
        (0..30).map(|nth| {
            let title = format!("{nth}: {}", "a long title ".repeat(10));
            lorecast_model::Chapter {
                start: Seconds(f64::from(nth) / 4.0 + 1.0),
                title,
                ..chapter.clone()
            }
        }),
    );
    let feed = tiny.published("feed.xml");
    let channel = rss::Channel::read_from(feed.as_bytes()).unwrap();
    let description = channel.items()[0].description().unwrap();
    assert!(description.len() <= 4000, "{}", description.len());
    assert!(description.contains("All notes and links</a>"), "{description}");
    assert_eq!(description.matches("<p>00:").count(), 33);
}

/// What `publish` says when something is wrong, with the temporary folder left out.
fn refused(change: impl FnOnce(&mut Tiny)) -> String {
    let mut tiny = Tiny::new();
    change(&mut tiny);
    let error = tiny.publish().unwrap_err().to_string();
    assert!(!tiny.out().exists());
    error.replace(tiny.root().as_str(), "")
}

#[test]
fn artwork_that_directories_refuse_is_refused() {
    let cover = |bytes: &[u8]| refused(|tiny| tiny.cover = Some(tiny.file("cover.png", bytes)));
    insta::assert_snapshot!(cover(&png(1400, 1399)), @"artwork `/cover.png` has 1400 x 1399 pixels; make it a square JPEG or PNG of 1400 to 3000 pixels without transparency");
    insta::assert_snapshot!(cover(&png(3001, 3001)), @"artwork `/cover.png` has 3001 x 3001 pixels; make it a square JPEG or PNG of 1400 to 3000 pixels without transparency");
    insta::assert_snapshot!(cover(b"GIF89a"), @"artwork `/cover.png` is neither a JPEG nor a PNG; make it a square JPEG or PNG of 1400 to 3000 pixels without transparency");
    insta::assert_snapshot!(cover(b"\xff\xd8\xff\xe0"), @"artwork `/cover.png` is damaged: its size cannot be read; make it a square JPEG or PNG of 1400 to 3000 pixels without transparency");
    let mut transparent = png(1400, 1400);
    transparent[25] = 6;
    insta::assert_snapshot!(cover(&transparent), @"artwork `/cover.png` has an alpha channel; make it a square JPEG or PNG of 1400 to 3000 pixels without transparency");
    let own = refused(|tiny| tiny.releases[0].image = Some(tiny.file("own.jpg", &png(300, 300))));
    insta::assert_snapshot!(own, @"artwork `/own.jpg` has 300 x 300 pixels; make it a square JPEG or PNG of 1400 to 3000 pixels without transparency");
}

#[test]
fn artwork_of_an_episode_stands_beside_its_page() {
    let mut tiny = Tiny::new();
    tiny.releases[1].image = Some(tiny.file("own.png", &png(1500, 1500)));
    let feed = tiny.published("feed.xml");
    let image = "https://pod.example/show/episodes/2023-04-16/cover-00000000.png";
    let at = feed.find("episodes/2023-04-16/cover-").unwrap();
    let name = &feed[at..at + image.len() - "https://pod.example/show/".len()];
    assert!(tiny.out().join(name).exists(), "{name}");
}

#[test]
fn a_serial_needs_numbers_and_a_soundbite_its_sound() {
    let unnumbered = refused(|tiny| {
        tiny.show.feed.kind = ShowKind::Serial;
        tiny.releases[0].episode.number = None;
        tiny.releases[1].episode.number = None;
        tiny.releases[1].episode.feed.kind = EpisodeKind::Bonus;
    });
    insta::assert_snapshot!(unnumbered, @"episode 2023-04-09 has no number, and apps play a serial in their order; add `number:` to its `episode.yaml`");
    let behind = refused(|tiny| {
        let bite = serde_json::json!({ "soundbites": [{ "from": "1:20", "to": "1:40" }] });
        tiny.releases[0].episode.feed = serde_json::from_value(bite).unwrap();
    });
    insta::assert_snapshot!(behind, @"episode 2023-04-09: a soundbite of `episode.yaml` ends at 1:40 and the sound at 1:30; correct `feed.soundbites`");
}

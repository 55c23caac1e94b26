//! Feeds of other publishers, as far as they can be read.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

use std::fmt::Write;

use lorecast_publisher::moving::{self, MovedFeed};

/// A feed with these elements in its channel.
fn feed(channel: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<rss version=\"2.0\" xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:psc=\"http://podlove.org/simple-chapters\" \
         xmlns:podcast=\"https://podcastindex.org/namespace/1.0\"><channel><title>Disks</title>\
         <link>https://old.example</link><description>Talk.</description>{channel}</channel></rss>"
    )
}

/// An item with these elements beside the usual ones.
fn item(nth: u32, more: &str) -> String {
    format!(
        "<item><title>Number {nth}</title><pubDate>Tue, {nth:02} Jan 2019 10:00:00 GMT</pubDate>\
         <guid isPermaLink=\"false\">g{nth}</guid>\
         <enclosure url=\"https://old.example/{nth}.mp3\" length=\"{nth}00\" type=\"audio/mpeg\"/>{more}</item>"
    )
}

fn read(xml: &str) -> MovedFeed {
    moving::read(xml.as_bytes(), "feed.xml").unwrap()
}

/// What becomes of each episode, and what is told.
fn seen(xml: &str) -> String {
    let MovedFeed { episodes, mut defects, .. } = read(xml);
    let mut out = String::new();
    for episode in moving::distinct(episodes, &mut defects) {
        let (title, guid, date) = (&episode.title, &episode.guid, episode.date);
        let (url, bytes) = (&episode.enclosure_url, episode.bytes);
        writeln!(out, "{title} | {guid} | {date} | {url} {bytes}").unwrap();
    }
    defects.iter().for_each(|line| writeln!(out, "! {line}").unwrap());
    out
}

/// The notes that an item with this HTML gets.
fn notes(html: &str) -> String {
    let html = html.replace("]]>", "");
    let more = format!(
        "<link>https://old.example/1/</link><content:encoded><![CDATA[{html}]]></content:encoded>"
    );
    read(&feed(&item(1, &more))).episodes[0].notes.clone()
}

#[test]
fn what_is_missing_is_told_and_not_made_up() {
    let without = |name: &str| {
        let item = item(2, "");
        let start = item.find(&format!("<{name}")).unwrap();
        let end = item[start..].find('>').unwrap() + start;
        let end = if item[..=end].ends_with("/>") {
            end + 1
        } else {
            item.find(&format!("</{name}>")).unwrap() + name.len() + 3
        };
        item[..start].to_owned() + &item[end..]
    };
    let items = ["guid", "pubDate", "title", "enclosure"].map(without).concat();
    insta::assert_snapshot!(seen(&feed(&(items + &item(1, "")))), @r"
    Number 2 | https://old.example/2.mp3 | 2019-01-02T10:00:00Z | https://old.example/2.mp3 200
    Number 2 | g2 | 2019-01-02T10:00:00Z | https://old.example/2.mp3 200
    Number 1 | g1 | 2019-01-01T10:00:00Z | https://old.example/1.mp3 100
    ! item 2 `Number 2`: its date `` cannot be read; it gets 2019-01-02T10:00:00Z, that of the item below: correct `date` in its `published.yaml` before you publish
    ! item 1 `Number 2`: has no guid; apps know it by the address of its sound, which becomes its guid
    ! item 3: has no title; it is called after its day
    ! item 4 `Number 2`: has no enclosure, so it is no episode; it is left out
    ");
}

#[test]
fn what_cannot_be_read_is_told() {
    let item = |from: &str, to: &str| {
        item(3, "<itunes:duration>half an hour</itunes:duration>")
            .replace(from, to)
            .replace("g3", to)
    };
    let items = [
        item("Tue, 03 Jan 2019", "Someday"),
        item("300", "a lot"),
        item("https://old.example/3.mp3", "javascript:alert(1)"),
        item("audio/mpeg", ""),
    ];
    insta::assert_snapshot!(seen(&feed(&items.concat())), @r"
    Number 3 | Someday | 2019-01-03T10:00:00Z | https://old.example/3.mp3 300
    Number 3 | a lot | 2019-01-03T10:00:00Z | https://old.example/3.mp3 0
    Number 3 | https://old.example/3.mp3 | 2019-01-03T10:00:00Z | https://old.example/3.mp3 300
    ! item 1 `Number 3`: its date `Someday 10:00:00 GMT` cannot be read; it gets 2019-01-03T10:00:00Z, that of the item below: correct `date` in its `published.yaml` before you publish
    ! item 1 `Number 3`: its duration `half an hour` cannot be read
    ! item 2 `Number 3`: the length `a lot` of its sound is no number; it is taken as 0
    ! item 2 `Number 3`: its duration `half an hour` cannot be read
    ! item 3 `Number 3`: `javascript:alert(1)` is no address of sound; it is left out
    ! item 4 `Number 3`: its sound has no type; `audio/mpeg` is taken from its name
    ! item 4 `Number 3`: has no guid; apps know it by the address of its sound, which becomes its guid
    ! item 4 `Number 3`: its duration `half an hour` cannot be read
    ");
}

#[test]
fn two_episodes_with_one_guid_are_one() {
    let other = item(2, "").replace("g2", "g1");
    insta::assert_snapshot!(seen(&feed(&(item(1, "") + &other + &item(1, "")))), @r"
    Number 1 | g1 | 2019-01-01T10:00:00Z | https://old.example/1.mp3 100
    ! `Number 2` is left out: it has the guid `g1` of `Number 1`, and apps show one of the two
    ");
}

#[test]
fn a_broken_feed_is_read_as_far_as_it_goes() {
    let whole = feed(&(item(2, "") + &item(1, "")));
    let cut = &whole[..whole.rfind("</item>").unwrap()];
    insta::assert_snapshot!(seen(cut), @r"
    Number 2 | g2 | 2019-01-02T10:00:00Z | https://old.example/2.mp3 200
    ! the feed is broken after its item 1, and what follows is left out: reached end of input without finding a complete channel
    ");
    insta::assert_snapshot!(seen(&whole.replace("Number 1", "R&D <b>")), @r"
    Number 2 | g2 | 2019-01-02T10:00:00Z | https://old.example/2.mp3 200
    ! the feed is broken after its item 1, and what follows is left out: ill-formed document: entity or character reference not closed: `;` not found before end of input
    ");
    let odd = whole.replace("Number 1", "N\u{e9}");
    let latin: Vec<u8> = odd.chars().map(|c| c as u8).collect();
    let read = moving::read(&latin, "feed.xml").unwrap();
    assert_eq!(read.episodes.len(), 1, "{:?}", read.defects);
    let declared = [b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>", &latin[21..]].concat();
    assert_eq!(moving::read(&declared, "feed.xml").unwrap().episodes[1].title, "N\u{e9}");
}

#[test]
fn what_is_no_feed_is_refused() {
    let refused = |bytes: &[u8]| moving::read(bytes, "page.html").unwrap_err().to_string();
    insta::assert_snapshot!(refused(b"<!doctype html><title>Hello</title>"), @"`page.html` is no RSS feed: the input did not begin with an rss tag; name the RSS feed that podcast apps subscribe to");
    insta::assert_snapshot!(refused(b""), @"`page.html` is no RSS feed: reached end of input without finding a complete channel; name the RSS feed that podcast apps subscribe to");
    insta::assert_snapshot!(refused(feed(&"<x:a>".repeat(100_000)).as_bytes()), @"`page.html` nests elements more than 64 deep; name the RSS feed that podcast apps subscribe to");
    let bomb = "<!DOCTYPE r [<!ENTITY a \"&b;&b;\"><!ENTITY b \"&a;&a;\">]>";
    let bomb = feed("").replacen("<rss", &format!("{bomb}<rss"), 1).replace("Talk.", "&a;");
    assert!(
        moving::read(bomb.as_bytes(), "x").is_ok_and(|feed| feed.episodes.is_empty())
            || !refused(bomb.as_bytes()).is_empty()
    );
}

#[test]
fn notes_become_markdown() {
    insta::assert_snapshot!(notes("<p>Why a <b>disk</b> sleeps, and <a href='/who/'>who</a> wakes it.</p><h2>Links</h2><ul><li>One</li><li><em>Two</em></li></ul><p><img src='/p.jpg' alt='A platter'></p>"), @r"
    Why a **disk** sleeps, and [who](https://old.example/who/) wakes it.

    ## Links

    - One
    - *Two*

    [A platter](https://old.example/p.jpg)
    ");
    insta::assert_snapshot!(notes("One\ntwo.\n\nThree *stars* & < none"), @r"
    One  
    two.

    Three \*stars\* & < none
    ");
    insta::assert_snapshot!(notes("<p>Hi<script>alert(1)</script> <a href=\"javascript:x\" onclick='y'>you</a></p>"), @"Hi you");
}

#[test]
fn notes_that_markdown_cannot_show_stay_html() {
    insta::assert_snapshot!(notes("<table><tr><td><ul><li>1</li></ul></td></tr></table>\n\n<p>After.</p>"), @r"
    <div>
    <table><tbody><tr><td><ul><li>1</li></ul></td></tr></tbody></table>
    </div>

    <div>
    <p>After.</p>
    </div>
    ");
}

#[test]
fn notes_cannot_exhaust_anybody() {
    let deep = notes(&("<div><blockquote>".repeat(20_000) + "deep"));
    assert_eq!(deep.trim(), "deep");
    let long = notes(&"<p>word</p>".repeat(60_000));
    assert!(long.len() < 200_000, "{}", long.len());
    let usual = notes(&"<p>A word and another one.</p>".repeat(300));
    assert_eq!(usual.matches("another").count(), 300);
}

#[test]
fn all_that_a_show_can_say_is_read() {
    let show = read(&feed(
        "<language>de</language><copyright>Dora</copyright><managingEditor>d@old.example (Dora Example)</managingEditor>\
         <itunes:type>serial</itunes:type><itunes:explicit>yes</itunes:explicit><itunes:block>Yes</itunes:block>\
         <itunes:complete>yes</itunes:complete><itunes:image href=\"https://old.example/c.jpg\"/>\
         <itunes:category text=\"News\"><itunes:category text=\"Tech News\"/></itunes:category>\
         <podcast:guid>917393E3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid><podcast:locked>no</podcast:locked>\
         <podcast:funding url=\"https://give.example/\">Give</podcast:funding>\
         <podcast:funding url=\"nonsense\">Give</podcast:funding>\
         <podcast:license>CC-BY-4.0</podcast:license><podcast:location geo=\"geo:52.5,13.4\">Berlin</podcast:location>\
         <podcast:person>Dora Example</podcast:person><podcast:person role=\"queen\">Eve</podcast:person>\
         <podcast:updateFrequency rrule=\"FREQ=WEEKLY\">weekly</podcast:updateFrequency>\
         <podcast:podroll><podcast:remoteItem feedGuid=\"9b024349-ccf0-5f69-a609-6b82873eab3c\" title=\"Other\"/></podcast:podroll>",
    ));
    let told = |url: Option<url::Url>| url.map(String::from).unwrap_or_default();
    let about = show.show;
    insta::assert_snapshot!(format!(
        "{} | {} | {:?} | {} | {:?} | {:?} | explicit: {} | {}\n{}\n{}",
        about.title, about.author, about.email, told(about.link), about.language, about.categories,
        about.explicit, told(about.artwork), serde_json::to_string_pretty(&about.feed).unwrap(), show.defects.join("\n"),
    ), @r#"
    Disks | Dora Example | Some("d@old.example") | https://old.example/ | Some("de") | ["News > Tech News"] | explicit: true | https://old.example/c.jpg
    {
      "type": "serial",
      "guid": "917393e3-1b1e-5cef-ace4-edaa54e1f810",
      "copyright": "Dora",
      "license": {
        "name": "cc-by-4.0"
      },
      "locked": false,
      "people": [
        {
          "name": "Dora Example",
          "role": "host"
        }
      ],
      "location": {
        "name": "Berlin",
        "geo": "geo:52.5,13.4"
      },
      "funding": [
        {
          "url": "https://give.example/",
          "text": "Give"
        }
      ],
      "schedule": {
        "text": "weekly",
        "rule": "FREQ=WEEKLY"
      },
      "podroll": [
        {
          "guid": "9b024349-ccf0-5f69-a609-6b82873eab3c",
          "title": "Other"
        }
      ],
      "page": 150,
      "complete": true,
      "hidden": true
    }
    the show: a value of `feed.people` is left out: the Podcast Taxonomy has no role `queen`; write one of its roles in small letters, such as `host`, `guest`, `producer` or `audio editor`
    the show: a value of `feed.funding` is left out: `nonsense` is no address; write one with `https://` in front
    "#);
}

#[test]
fn all_that_an_episode_can_say_is_read() {
    let more = "<itunes:duration>1:02:03</itunes:duration><itunes:episode>7</itunes:episode>\
        <itunes:season>2</itunes:season><itunes:episodeType>bonus</itunes:episodeType>\
        <itunes:image href=\"https://old.example/7.png\"/><podcast:episode display=\"7a\">7</podcast:episode>\
        <podcast:soundbite startTime=\"10.5\" duration=\"30\">The end</podcast:soundbite>\
        <podcast:socialInteract protocol=\"activitypub\" uri=\"https://social.example/1\"/>\
        <podcast:transcript url=\"https://old.example/7.html\" type=\"text/html\"/>\
        <podcast:transcript url=\"https://old.example/7.srt\" type=\"application/srt\"/>\
        <podcast:transcript url=\"https://old.example/7.vtt\" type=\"text/vtt\"/>\
        <podcast:chapters url=\"https://old.example/7.json\" type=\"application/json+chapters\"/>\
        <psc:chapters version=\"1.2\"><psc:chapter start=\"00:01:00\" title=\"Two\" href=\"https://two.example/\"/>\
        <psc:chapter start=\"0\" title=\"One\"/><psc:chapter start=\"soon\" title=\"No\"/></psc:chapters>";
    let episode = &read(&feed(&item(7, more))).episodes[0];
    let transcripts = episode.transcripts.iter().map(|(url, kind)| format!("{url} {kind}\n"));
    insta::assert_snapshot!(format!(
        "{:?} {:?} {} {}\n{}{}\n{}",
        episode.number, episode.length, episode.artwork.as_ref().unwrap(), episode.chapters_at.as_ref().unwrap(),
        transcripts.collect::<String>(), serde_json::to_string(&episode.chapters).unwrap(),
        serde_json::to_string(&episode.feed).unwrap(),
    ), @r#"
    Some(7) Some(Seconds(3723.0)) https://old.example/7.png https://old.example/7.json
    https://old.example/7.vtt text/vtt
    https://old.example/7.srt application/srt
    [{"start":0.0,"title":"One"},{"start":60.0,"title":"Two","link":"https://two.example/"}]
    {"type":"bonus","season":2,"display":"7a","soundbites":[{"from":"0:10.50","to":"0:40.50","title":"The end"}],"discussions":[{"url":"https://social.example/1","protocol":"activitypub"}]}
    "#);
}

#[test]
fn chapters_and_transcripts_of_other_hosts_are_read() {
    let json = br#"{"version":"1.2.0","chapters":[{"startTime":60,"title":"Two"},{"startTime":0,"title":"One","url":"ftp://x"},{"startTime":30,"toc":false,"title":"Picture"}]}"#;
    let chapters = moving::chapters(json).unwrap();
    let titles: Vec<_> = chapters.iter().map(|c| (c.start.0, c.title.as_str(), &c.link)).collect();
    assert_eq!(titles, [(0.0, "One", &None), (60.0, "Two", &None)]);
    let said = |bytes: &[u8], kind: &str| {
        let transcript = moving::transcript(bytes, kind).unwrap();
        let lines = transcript.sentences.iter();
        lines
            .map(|s| {
                format!("{}-{} {}: {} ({})\n", s.start.0, s.end.0, s.speaker, s.text, s.paragraph)
            })
            .collect::<String>()
    };
    let vtt = b"WEBVTT\n\n1\n00:00.000 --> 00:02.500 line:0\n<v Dora>Hello,\nlisteners.\n\n00:03.000 --> 00:04.000\n<v Emil>Hello &amp; <i>so on</i>.\n\nNOTE no cue\n";
    insta::assert_snapshot!(said(vtt, "text/vtt"), @r"
    0-2.5 Dora: Hello, listeners. (0)
    3-4 Emil: Hello & so on. (1)
    ");
    insta::assert_snapshot!(said(b"\xef\xbb\xbf1\r\n00:00:01,000 --> 00:00:02,000\r\nHello.\r\n\r\n2\r\nbad --> worse\r\nNo.\r\n", "application/srt"), @"1-2 : Hello. (0)");
    let json = br#"{"segments":[{"startTime":1,"endTime":2,"body":"Hello.","speaker":"Dora"}]}"#;
    insta::assert_snapshot!(said(json, "application/json"), @"1-2 Dora: Hello. (0)");
    assert!(moving::transcript(b"no cue", "text/vtt").is_err());
}

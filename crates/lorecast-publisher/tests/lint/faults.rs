//! One fault for each rule, as a change of the clean site.

use data_encoding::BASE64;
use id3::{Tag, TagLike};
use sha2::{Digest, Sha256};

use crate::world::{self, Files};

/// A change that breaks a rule.
pub struct Fault {
    pub rule: &'static str,
    /// True when the clean site is given as the earlier build.
    pub later: bool,
    /// Rules that cannot but be broken, too.
    pub also: &'static [&'static str],
    pub change: Box<dyn Fn(&mut Files) + Send + Sync>,
}

fn fault(rule: &'static str, change: impl Fn(&mut Files) + Send + Sync + 'static) -> Fault {
    Fault { rule, later: false, also: &[], change: Box::new(change) }
}

/// A change from one build to the next.
fn later(fault: Fault) -> Fault {
    Fault { later: true, ..fault }
}

impl Fault {
    fn but(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }

    /// One more change of the feed.
    fn and(self, from: &'static str, to: &str) -> Self {
        let (rule, to) = (self.rule, to.to_owned());
        let more = feed(rule, from, &to);
        let change = self.change;
        let both = move |files: &mut Files| {
            change(files);
            (more.change)(files);
        };
        Self { change: Box::new(both), ..fault(rule, |_| {}) }
    }
}

/// Other words in a file, once.
fn edit(rule: &'static str, path: &'static str, from: &str, to: &str) -> Fault {
    let (from, to) = (from.to_owned(), to.to_owned());
    fault(rule, move |files| {
        let text = String::from_utf8(files[path].clone()).unwrap();
        assert!(text.contains(&from), "{rule}: `{from}` is not in `{path}`");
        files.insert(path.into(), text.replacen(&from, &to, 1).into_bytes());
    })
}

fn feed(rule: &'static str, from: &str, to: &str) -> Fault {
    edit(rule, "feed.xml", from, to)
}

fn page(rule: &'static str, from: &str, to: &str) -> Fault {
    edit(rule, "episodes/two/index.html", from, to)
}

fn file(rule: &'static str, path: &'static str, bytes: Vec<u8>) -> Fault {
    fault(rule, move |files| {
        files.insert(path.into(), bytes.clone());
    })
}

/// Another sound of the newest episode, of which the feed tells the truth.
fn sound(rule: &'static str, bytes: Vec<u8>) -> Fault {
    fault(rule, move |files| {
        let old = &files["media/two.mp3"];
        let pairs = [
            (format!("length=\"{}\"", old.len()), format!("length=\"{}\"", bytes.len())),
            (BASE64.encode(&Sha256::digest(old)), BASE64.encode(&Sha256::digest(&bytes))),
        ];
        let mut text = String::from_utf8(files["feed.xml"].clone()).unwrap();
        for (from, to) in pairs {
            text = text.replace(&from, &to);
        }
        files.insert("feed.xml".into(), text.into_bytes());
        files.insert("media/two.mp3".into(), bytes.clone());
    })
}

/// Another tag in front of the same sound.
fn tag(rule: &'static str, change: impl Fn(&mut Tag)) -> Fault {
    let mut tag = world::tag("Rings at length", 2);
    change(&mut tag);
    sound(rule, world::mp3(&tag, &world::tone(834)))
}

/// Every rule that feed and folder prove, with a change that breaks it.
pub fn all() -> Vec<Fault> {
    [
        xml(),
        channel(),
        artwork(),
        podcast(),
        items(),
        podcast_items(),
        chapters(),
        transcripts(),
        media(),
        files(),
        builds(),
        pages(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn xml() -> Vec<Fault> {
    vec![
        feed("XML-01", "A show without", "A show\u{7} without"),
        feed("XML-01", "</itunes:owner>", "</itunes:onwer>"),
        feed("XML-01", "encoding=\"utf-8\"", "encoding=\"iso-8859-1\""),
        feed("XML-01", "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n", ""),
        feed("XML-02", "<ttl>60</ttl>", "<ttl>60</ttl><dc:date>2023</dc:date>"),
        feed("XML-03", "dtds/podcast-1.0.dtd", "DTDs/Podcast-1.0.dtd"),
        feed("XML-04", "podcastindex.org/namespace/1.0", "podcastindex.org/namespace/2.0"),
        feed("XML-05", "version=\"2.0\" xmlns", "version=\"0.92\" xmlns"),
        feed("XML-06", "modules/content/\"", "modules/content\""),
        feed("XML-07", "<title>Rings at", "<title> Rings at"),
        feed(
            "XML-08",
            "<copyright>Ada Example",
            &format!("<copyright>{}", "Ada ".repeat(70).trim()),
        ),
        feed(
            "XML-09",
            "<podcast:locked owner=\"ada@pod.example\">yes</podcast:locked>",
            "<podcast:Locked owner=\"ada@pod.example\">yes</podcast:Locked>",
        ),
        feed("XML-09", " isPermaLink=", " ispermalink="),
        feed("XML-10", "<podcast:medium>", "<podcast:mood>fine</podcast:mood><podcast:medium>"),
        feed(
            "XML-11",
            "<itunes:season>1",
            "<podcast:updateFrequency rrule=\"FREQ=DAILY\">daily</podcast:updateFrequency><itunes:season>1",
        ),
        feed("XML-12", "<rss ", "<!DOCTYPE rss [<!ENTITY a \"b\">]>\n<rss "),
    ]
}

fn channel() -> Vec<Fault> {
    let self_link = "<atom:link href=\"https://pod.example/show/feed.xml\" rel=\"self\" type=\"application/rss+xml\"/>";
    let news = "<itunes:category text=\"News\">\n      <itunes:category text=\"Tech News\"/>\n    </itunes:category>";
    vec![
        feed("CH-01", "<title>Clean Show</title>", ""),
        feed(
            "CH-01",
            "<title>Clean Show</title>",
            "<title>Clean Show</title><title>Clean Show</title>",
        ),
        feed("CH-02", "<link>https://pod.example/show/</link>", ""),
        feed("CH-03", "A show without a fault.", ""),
        feed("CH-04", "A show without", &format!("{} A show without", "Hum.".repeat(1000))),
        feed("CH-05", "<language>en<", "<language>english<"),
        feed("CH-06", self_link, "").but(&["HT-11"]),
        feed(
            "CH-06",
            "rel=\"self\" type=\"application/rss+xml\"",
            "rel=\"self\" type=\"text/plain\"",
        ),
        feed("CH-07", "show/feed.xml\" rel", "show/other.xml\" rel"),
        feed(
            "CH-07",
            "https://pod.example/show/feed.xml\" rel",
            "https://other.example/feed.xml\" rel",
        ),
        feed("CH-08", news, ""),
        feed("CH-08", "text=\"News\"", "text=\"Kernels\""),
        feed("CH-09", "text=\"Tech News\"", "text=\"tech news\""),
        feed("CH-09", "text=\"News\"", "text=\"news\""),
        feed("CH-10", "text=\"Tech News\"", "text=\"Chess\""),
        feed(
            "CH-11",
            "<itunes:category text=\"Tech News\"/>",
            "<itunes:category text=\"Tech News\"/><itunes:category text=\"Politics\"/>",
        ),
        feed("CH-12", "<itunes:explicit>false</itunes:explicit>", ""),
        feed("CH-13", "<itunes:explicit>false", "<itunes:explicit>maybe"),
        feed("CH-14", "<itunes:explicit>false", "<itunes:explicit>clean"),
        feed("CH-15", "<itunes:image href=\"https://pod.example/show/cover.png\"/>", ""),
        feed(
            "CH-16",
            "<itunes:image href=\"https://pod.example/show/cover.png\"/>",
            "<itunes:image>https://pod.example/show/cover.png</itunes:image>",
        ),
        feed(
            "CH-17",
            "<itunes:image href=\"https://pod.example/show/cover.png\"/>",
            "<itunes:image href=\"https://img.example/cover.webp\"/>",
        ),
        feed("CH-23", "<itunes:author>Ada Example</itunes:author>", ""),
        feed("CH-24", "<itunes:type>episodic", "<itunes:type>weekly"),
        fault("CH-25", |files| {
            let text = String::from_utf8(files["feed.xml"].clone()).unwrap();
            let text = text.replace("<itunes:type>episodic", "<itunes:type>serial");
            let text = text.replacen("<itunes:episode>2</itunes:episode>", "", 1);
            files.insert("feed.xml".into(), text.into_bytes());
        }),
        feed("CH-26", "<itunes:type>", "<itunes:complete>no</itunes:complete><itunes:type>"),
        feed("CH-27", "<copyright>Ada Example</copyright>", ""),
        feed("CH-28", "<copyright>Ada", "<copyright>© 2023 Ada"),
        feed("CH-29", "<itunes:email>ada@pod.example", "<itunes:email>ada at pod"),
        feed("CH-30", "      <title>Clean Show</title>\n", ""),
        feed("CH-31", "<ttl>60", "<ttl>hourly"),
        feed("CH-32", "<lastBuildDate>Mon, 17 Apr 2023", "<lastBuildDate>2023-04-17"),
        fault("CH-35", |files| {
            let text = String::from_utf8(files["feed.xml"].clone()).unwrap();
            let (start, end) =
                (text.find("    <item>").unwrap(), text.rfind("</item>").unwrap() + 8);
            let text = text[..start].to_owned() + &text[end..];
            files.insert(
                "feed.xml".into(),
                text.replace(">true</podcast:txt>", ">false</podcast:txt>").into_bytes(),
            );
            files.remove("feed.json");
        }),
        feed("CH-36", "<title>Rings at length", "<title>Rings &lt;b&gt;at length&lt;/b&gt;")
            .but(&["MD-07"]),
        feed(
            "CH-37",
            "Mon, 17 Apr 2023 18:00:00 +0000</pubDate>",
            "Mon, 03 Apr 2023 18:00:00 +0000</pubDate>",
        ),
    ]
}

fn artwork() -> Vec<Fault> {
    let mut transparent = world::png(3000, 3000);
    transparent[25] = 6;
    let mut grey = world::png(3000, 3000);
    grey[25] = 0;
    let mut heavy = world::png(3000, 3000);
    heavy.resize(600_000, 0);
    vec![
        file("CH-18", "cover.png", world::png(3000, 2999)),
        file("CH-18", "cover.png", world::png(1399, 1399)),
        file("CH-19", "cover.png", world::png(1400, 1400)),
        file("CH-20", "cover.png", b"\xff\xd8\xff\xe0".to_vec()),
        file("CH-20", "cover.png", grey),
        file("CH-21", "cover.png", transparent),
        file("CH-22", "cover.png", heavy),
        file("IT-31", "episodes/two/cover.png", world::png(900, 900)),
        feed(
            "IT-31",
            "<itunes:image href=\"https://pod.example/show/episodes/two/cover.png\"/>",
            "",
        ),
    ]
}

fn podcast() -> Vec<Fault> {
    let social = "protocol=\"activitypub\" uri";
    vec![
        feed(
            "PC-01",
            "</podcast:guid>",
            "</podcast:guid><podcast:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid>",
        ),
        fault("PC-01", |files| cut(files, "<podcast:guid>", "</podcast:guid>")),
        fault("PC-02", |files| set_guid(files, "clean-show")),
        fault("PC-03", |files| set_guid(files, "917393e3-1b1e-5cef-ace4-edaa54e1f810")),
        fault("PC-03", |files| set_guid(files, "0b8a2b6e-6a3b-4c52-8b7a-0d6f0f3d1c11")),
        feed("PC-05", "<podcast:locked owner=\"ada@pod.example\">yes</podcast:locked>", ""),
        feed("PC-06", "\">yes</podcast:locked>", "\">true</podcast:locked>"),
        feed("PC-07", "owner=\"ada@pod.example\"", "owner=\"Ada Example\""),
        feed("PC-08", "<podcast:medium>podcast", "<podcast:medium>radio"),
        feed("PC-09", "funding url=\"https://pod.example/show/give/\"", "funding"),
        feed("PC-10", "Give a little", &"Give ".repeat(26).trim_end().replace(' ', "_")),
        feed(
            "PC-11",
            "<podcast:person role=\"host\" group=\"cast\" href=\"https://pod.example/show/\">Ada Example</podcast:person>",
            "",
        ),
        feed("PC-12", ">Bo Example</podcast:person>", "></podcast:person>"),
        feed("PC-13", "role=\"guest\" group=\"cast\"", "role=\"kernel hacker\" group=\"cast\""),
        feed("PC-13", "role=\"guest\" group=\"cast\"", "role=\"guest\" group=\"visuals\""),
        feed("PC-14", "<podcast:license>cc-by-4.0", "<podcast:license>CC BY"),
        feed("PC-15", "rrule=\"FREQ=WEEKLY;BYDAY=MO\"", "rrule=\"FREQ=OFTEN\""),
        feed("PC-15", "BYDAY=MO\" dtstart=\"2023-04-10T18:00:00Z\"", "COUNT=10\""),
        feed(
            "PC-16",
            "<podcast:remoteItem feedGuid=\"9b024349-ccf0-5f69-a609-6b82873eab3c\" medium=\"podcast\"/>",
            "",
        ),
        feed("PC-17", " feedGuid=\"9b024349-ccf0-5f69-a609-6b82873eab3c\"", ""),
        feed("PC-18", " pubdate=\"Mon, 10 Apr 2023 18:00:00 +0000\" type", " type"),
        feed("PC-19", ">What it is</podcast:trailer>", "></podcast:trailer>"),
        feed(
            "PC-20",
            "<podcast:txt purpose=\"ai-content\">",
            &format!(
                "<podcast:txt>{}</podcast:txt>\n<podcast:txt purpose=\"ai-content\">",
                "x".repeat(4001)
            ),
        ),
        feed(
            "PC-21",
            "<podcast:txt purpose=\"ai-content\">true",
            "<podcast:txt purpose=\"ai-content\">some",
        ),
        feed(
            "PC-21",
            "<podcast:txt purpose=\"ai-content\">true",
            "<podcast:txt purpose=\"ai-content\">false",
        ),
        feed(
            "PC-22",
            "podcast:image href=\"https://pod.example/show/banner.png\"",
            "podcast:image",
        ),
        feed("PC-23", "aspect-ratio=\"3/1\"", "aspect-ratio=\"wide\""),
        feed("PC-24", "<podcast:block id=\"spotify\">", "<podcast:block id=\"nowhere\">"),
        feed("PC-25", "usesPodping=\"false\"", "usesPodping=\"perhaps\""),
        feed("PC-26", "geo=\"geo:52.5200,13.4050\"", "geo=\"52.5200,13.4050\""),
        feed("PC-27", " protocol=\"matrix\"", ""),
        feed("PC-27", "medium=\"publisher\"", "medium=\"podcast\""),
        feed(
            "PC-28",
            "<podcast:medium>",
            "<podcast:images srcset=\"a.png 100w\"/><podcast:medium>",
        ),
        feed("PC-29", social, "protocol=\"pigeon\" uri"),
        feed("PC-29", "uri=\"https://social.example/@ada/1\"", ""),
        feed("PC-30", "priority=\"2\"", "priority=\"1\""),
    ]
}

fn set_guid(files: &mut Files, guid: &str) {
    let text = String::from_utf8(files["feed.xml"].clone()).unwrap();
    let (before, rest) = text.split_once("<podcast:guid>").unwrap();
    let (_, after) = rest.split_once("</podcast:guid>").unwrap();
    let text = format!("{before}<podcast:guid>{guid}</podcast:guid>{after}");
    files.insert("feed.xml".into(), text.into_bytes());
}

fn items() -> Vec<Fault> {
    let guid = "<guid isPermaLink=\"false\">urn:uuid:6a0f2b4c-0d2e-5a7c-9d1f-000000000002</guid>";
    let enclosure = "<enclosure url=\"https://pod.example/show/media/two.mp3\"";
    let date = "Mon, 17 Apr 2023 18:00:00 +0000</pubDate>";
    let description = "<p>A word on <b>rings</b>.</p>";
    vec![
        feed("IT-01", "<title>Rings at length</title>", ""),
        tag_and_feed("IT-02", "Episode 2: Rings at length"),
        tag_and_feed("IT-02", "Clean Show on rings at length"),
        fault("IT-03", |files| cut(files, "<enclosure ", "/>\n")),
        feed(
            "IT-04",
            "<itunes:duration>",
            "<enclosure url=\"https://cdn.example/two.mp3\" length=\"1\" type=\"audio/mpeg\"/><itunes:duration>",
        ),
        feed("IT-05", enclosure, "<enclosure url=\"/show/media/two.mp3\""),
        fault("IT-06", |files| cut(files, " length=\"16", "\"")),
        fault("IT-07", |files| swap(files, " length=\"16", "\"", " length=\"many\"")),
        feed(
            "IT-08",
            " type=\"audio/mpeg\"/>\n      <itunes:duration>",
            "/>\n      <itunes:duration>",
        ),
        feed(
            "IT-09",
            "type=\"audio/mpeg\"/>\n      <itunes:duration>",
            "type=\"audio/mp3\"/>\n      <itunes:duration>",
        ),
        feed("IT-10", enclosure, "<enclosure url=\"https://cdn.example/two.ogg\""),
        feed("IT-11", enclosure, "<enclosure url=\"https://cdn.example/two.m4a\""),
        fault("IT-12", |files| {
            let text = String::from_utf8(files["feed.xml"].clone()).unwrap();
            let text = text.replace(
                "<enclosure url=\"https://pod.example/show/media/one.mp3\"",
                "<enclosure url=\"https://cdn.example/x.mp3\"",
            );
            let text = text.replace(
                "<enclosure url=\"https://pod.example/show/media/two.mp3\"",
                "<enclosure url=\"https://cdn.example/x.mp3\"",
            );
            files.insert("feed.xml".into(), text.into_bytes());
        }),
        feed("IT-13", enclosure, "<enclosure url=\"https://cdn.example/zwei-ü.mp3\""),
        feed("IT-14", guid, ""),
        feed("IT-15", "9d1f-000000000002</guid>", "9d1f-000000000001</guid>"),
        feed("IT-16", guid, &guid.replace(" isPermaLink=\"false\"", "")),
        feed("IT-18", "urn:uuid:6a0f2b4c-0d2e-5a7c-9d1f-000000000002</guid>", "two</guid>"),
        feed("IT-19", &format!("<pubDate>{date}"), ""),
        feed("IT-20", date, "2023-04-17T18:00:00Z</pubDate>"),
        feed("IT-20", date, "Mon, 17 Apr 2023 18:00:00</pubDate>"),
        feed("IT-20", date, "Mon, 17 Apr 2023 18:00:00 EST</pubDate>"),
        feed("IT-21", date, "Tue, 17 Apr 2023 18:00:00 +0000</pubDate>"),
        fault("IT-23", |files| cut(files, "<description><![CDATA[", "</description>")),
        feed("IT-24", description, &format!("<p>{}</p>", "Hum.".repeat(1000))),
        feed("IT-25", description, "<h1>A word on rings</h1>"),
        fault("IT-25", |files| {
            swap(
                files,
                "<description><![CDATA[",
                "</description>",
                "<description>&lt;p&gt;00:00:00 Opening&lt;/p&gt;&lt;p&gt;00:00:05 Rings&lt;/p&gt;&lt;p&gt;00:00:12 Sign-off&lt;/p&gt;</description>",
            )
        }),
        feed("IT-26", description, "<p>A word</p><script>alert(1)</script>"),
        feed("IT-26", "<p>All about", "<p onclick=\"x()\">All about"),
        feed("IT-27", "<a href=\"https://lore.kernel.org/r/", "<a href=\"/r/"),
        feed(
            "IT-28",
            "<link>https://pod.example/show/episodes/two/</link>",
            "<link>/show/episodes/two/</link>",
        ),
        feed("IT-29", "<itunes:duration>20<", "<itunes:duration>0:20.5<"),
        feed(
            "IT-30",
            "<itunes:explicit>false</itunes:explicit>\n      <itunes:image",
            "<itunes:image",
        ),
        feed("IT-32", "<itunes:episode>2", "<itunes:episode>0"),
        feed("IT-33", "<itunes:season>1", "<itunes:season>one"),
        feed("IT-34", "<itunes:episodeType>full", "<itunes:episodeType>Full"),
        fault("IT-35", |files| {
            let text = String::from_utf8(files["feed.xml"].clone()).unwrap();
            let text = text.replacen("<itunes:episode>2", "<itunes:episode>1", 1);
            let text =
                text.replacen("<podcast:episode display=\"No. 2\">2", "<podcast:episode>1", 1);
            files.insert("feed.xml".into(), text.into_bytes());
        })
        .but(&["MD-07"]),
        feed("IT-36", "9d1f-000000000002</guid>", "9d1f-000000000001</guid>")
            .and("<itunes:episodeType>full", "<itunes:episodeType>trailer")
            .but(&["IT-15"]),
        fault("IT-37", |files| cut(files, "<content:encoded>", "</content:encoded>")),
        feed("IT-38", "<p>All about rings", "<p>See &lt;2@a.example&gt; about rings"),
        feed("CHP-06", "<p>00:00:00 Opening</p>\n", ""),
    ]
}

fn tag_and_feed(rule: &'static str, title: &'static str) -> Fault {
    let bytes = world::mp3(&world::tag(title, 2), &world::tone(834));
    let other = sound(rule, bytes);
    fault(rule, move |files| {
        let text = String::from_utf8(files["feed.xml"].clone()).unwrap();
        let text = text.replacen("<title>Rings at length", &format!("<title>{title}"), 1);
        files.insert("feed.xml".into(), text.into_bytes());
        (other.change)(files);
    })
}

/// Takes out what begins with `from` and ends with `to`, once.
fn cut(files: &mut Files, from: &str, to: &str) {
    swap(files, from, to, "");
}

/// Puts other words in the place of what begins with `from` and ends with `to`, once.
fn swap(files: &mut Files, from: &str, to: &str, instead: &str) {
    let text = String::from_utf8(files["feed.xml"].clone()).unwrap();
    let start = text.find(from).unwrap();
    let end = start + from.len() + text[start + from.len()..].find(to).unwrap() + to.len();
    let text = text[..start].to_owned() + instead + &text[end..];
    files.insert("feed.xml".into(), text.into_bytes());
}

fn podcast_items() -> Vec<Fault> {
    let vtt = "url=\"https://pod.example/show/episodes/two/transcript.vtt\" type=\"text/vtt\"";
    let source = "<podcast:source uri=\"https://pod.example/show/media/two.opus\"/>";
    let first = "      <podcast:person role=\"host\" group=\"cast\">Ada Example</podcast:person>\n";
    vec![
        fault("PI-01", |files| cut(files, "<podcast:transcript ", "/>")),
        feed("PI-02", "transcript.html\" type=\"text/html\"", "transcript.html\""),
        feed("PI-03", "application/x-subrip", "application/srt"),
        feed("PI-04", &format!("{vtt} language=\"en\""), &format!("{vtt} language=\"English\"")),
        feed("PI-04", "type=\"text/html\" language=\"en\"", "type=\"text/html\" rel=\"captions\""),
        feed(
            "PI-05",
            "<podcast:chapters ",
            "<podcast:chapters url=\"https://cdn.example/c.json\" type=\"application/json+chapters\"/><podcast:chapters ",
        ),
        feed("PI-06", "application/json+chapters", "application/json"),
        feed("PI-07", " duration=\"15.0\"", ""),
        feed("PI-08", "startTime=\"2.0\" duration=\"15.0\"", "startTime=\"2.0\" duration=\"12.0\""),
        feed("PI-09", "startTime=\"2.0\" duration=\"15.0\"", "startTime=\"6.0\" duration=\"15.0\""),
        feed(
            "PI-10",
            "<podcast:season name=\"The first\">1",
            "<podcast:season name=\"The first\">one",
        ),
        feed("PI-11", "display=\"No. 2\"", "display=\"The second episode of the first season\""),
        feed("PI-12", "display=\"No. 2\">2", "display=\"No. 2\">3"),
        feed("PI-13", first, ""),
        feed("PI-14", source, ""),
        feed("PI-15", " length=\"5\"", ""),
        feed("PI-15", "title=\"MP3\"", "title=\"The very same sound as an MP3 file\""),
        feed("PI-16", "<podcast:integrity type=\"sri\"", "<podcast:integrity type=\"sha\""),
        feed("PI-17", "value=\"sha256-", "value=\"sha512-"),
        file("PI-18", "media/two.opus", b"OggX\n".to_vec()),
        feed("PI-19", " href=\"https://video.example/two\"", ""),
        feed(
            "PI-20",
            "<podcast:license url=\"https://pod.example/show/license.txt\">show-license",
            "<podcast:license>cc-by-4.0",
        ),
        feed("PI-21", "bitrate=\"28000\"", "bitrate=\"96000\""),
    ]
}

fn chapters() -> Vec<Fault> {
    let json = |rule, from: &str, to: &str| edit(rule, "episodes/two/chapters.json", from, to);
    let psc = "<psc:chapter start=\"00:00:05\" title=\"Rings\"/>";
    vec![
        json("CHP-01", "\"1.2.0\"", "1.2"),
        json("CHP-01", "]", ""),
        json("CHP-02", "\"startTime\": 5", "\"startTime\": \"5\""),
        json("CHP-02", "\"startTime\": 12.5", "\"startTime\": 4"),
        json("CHP-03", "\"endTime\": 5", "\"endTime\": 6"),
        json("CHP-03", "\"endTime\": 20", "\"endTime\": 25"),
        json("CHP-04", "\"toc\": true", "\"toc\": \"yes\""),
        json("CHP-04", "\"geo:52.5200,13.4050\"", "\"Berlin\""),
        json("CHP-05", "\"startTime\": 0, \"endTime\": 5", "\"startTime\": 1, \"endTime\": 5"),
        feed("CHP-07", "start=\"00:00:05\"", "start=\"5 s\""),
        feed("CHP-07", "<psc:chapters version=\"1.2\">", "<psc:chapters version=\"3\">"),
        feed("CHP-08", psc, "").and("title=\"Sign-off\"/>", &format!("title=\"Sign-off\"/>{psc}")),
        tag("CHP-09", |tag| {
            tag.remove_all_tables_of_contents();
            tag.add_frame(world::contents("ch1", &["ch0", "ch1", "ch2"]));
        }),
        tag("CHP-10", |tag| {
            tag.remove_all_chapters();
            for (id, start, end, title) in [
                ("ch0", 0, 5000, "Opening"),
                ("ch1", 5000, 5000, "Rings"),
                ("ch2", 12_500, 20_000, "Sign-off"),
            ] {
                tag.add_frame(world::chapter(id, start, end, title));
            }
        }),
        tag("CHP-11", |tag| tag.remove_all_tables_of_contents()),
        tag("CHP-11", |tag| {
            tag.remove_all_tables_of_contents();
            tag.add_frame(world::contents("toc", &["ch0", "ch1", "ch9"]));
        }),
        tag("CHP-12", |tag| {
            tag.remove_all_chapters();
            for (id, start, end, title) in [
                ("ch0", 0, 5000, "Opening"),
                ("ch1", 5000, 12_500, ""),
                ("ch2", 12_500, 20_000, "Sign-off"),
            ] {
                tag.add_frame(world::chapter(id, start, end, title));
            }
        }),
        tag("CHP-13", |tag| {
            tag.remove_all_chapters();
            for (id, start, end, title) in [
                ("ch2", 12_500, 20_000, "Sign-off"),
                ("ch0", 0, 5000, "Opening"),
                ("ch1", 5000, 12_500, "Rings"),
            ] {
                tag.add_frame(world::chapter(id, start, end, title));
            }
        }),
        feed("CHP-14", psc, "<psc:chapter start=\"00:00:07\" title=\"Rings\"/>"),
        feed("CHP-14", psc, "<psc:chapter start=\"00:00:05\" title=\"Kings\"/>"),
        sound("CHP-15", {
            let mut bytes = b"ID3\x02\0\0\0\0\0\0".to_vec();
            bytes.extend(world::tone(834));
            bytes
        })
        .but(&["MD-07"]),
    ]
}

fn transcripts() -> Vec<Fault> {
    let vtt = |rule, from: &str, to: &str| edit(rule, "episodes/two/transcript.vtt", from, to);
    let srt = |rule, from: &str, to: &str| edit(rule, "episodes/two/transcript.srt", from, to);
    let json = |rule, from: &str, to: &str| edit(rule, "episodes/two/transcript.json", from, to);
    let html = |rule, from: &str, to: &str| edit(rule, "episodes/two/transcript.html", from, to);
    vec![
        vtt("TR-01", "WEBVTT", "VTT"),
        vtt("TR-01", "WEBVTT\n\n", "WEBVTT\n"),
        vtt("TR-02", "00:00:04.000", "00:00:04,000"),
        vtt("TR-02", "--> 00:00:11.000", "--> 00:00:04.000"),
        vtt("TR-03", "00:00:00.000 --> 00:00:04.000", "00:00:06.000 --> 00:00:09.000"),
        vtt("TR-04", "&amp;", "&"),
        fault("TR-05", |files| {
            let text = String::from_utf8(files["episodes/two/transcript.vtt"].clone()).unwrap();
            let text = text.replace("<v Ada Example>", "").replace("<v Bo Example>", "");
            files.insert("episodes/two/transcript.vtt".into(), text.into_bytes());
        }),
        vtt("TR-06", "Hello and", &format!("<b>{}</b>Hello and", "- ".repeat(40))),
        srt("TR-07", "00:00:04,000", "00:00:04.000"),
        srt("TR-07", "2\n00:00:05", "3\n00:00:05"),
        srt("TR-08", "A ring is a queue\n& more", "A ring is a queue & more"),
        json("TR-09", "\"segments\"", "\"parts\""),
        json("TR-09", "\"startTime\": 5, ", ""),
        html("TR-10", "<p>Goodbye.</p>", "<p><b>Goodbye.</b></p>"),
        json("TR-11", "Goodbye.", "Good night."),
        vtt("TR-11", "--> 00:00:15.000", "--> 00:00:35.000"),
        fault("TR-12", |files| {
            cut(
                files,
                "<podcast:transcript url=\"https://pod.example/show/episodes/two/transcript.srt\"",
                "/>",
            )
        }),
        file(
            "TR-13",
            "../show/episodes/two/script.md",
            b"Something else was written here, by another hand.\n".to_vec(),
        ),
    ]
}

fn media() -> Vec<Fault> {
    let tag_of = || world::tag("Rings at length", 2);
    let silent = world::frame(5, &[]).repeat(834);
    let thin = world::frame(4, &[]).repeat(834);
    let varying = [world::tone(417), world::frame(6, &[]).repeat(2), world::tone(415)].concat();
    let cut_off = world::tone(834)[..160_000].to_vec();
    vec![
        fault("MD-01", |files| swap(files, " length=\"16", "\"", " length=\"9\"")),
        feed("MD-02", "<itunes:duration>20", "<itunes:duration>23"),
        sound("MD-03", vec![b'R'; 5000]),
        sound("MD-03", world::mp3(&tag_of(), &cut_off)),
        sound("MD-04", world::mp3(&tag_of(), &varying)),
        sound("MD-05", world::mp3(&tag_of(), &thin)).but(&["MD-06"]),
        sound("MD-06", world::mp3(&tag_of(), &silent)),
        tag("MD-07", |tag| tag.set_album("Another Show")),
        tag("MD-07", |tag| {
            tag.add_frame(world::picture(400_000));
        }),
    ]
}

fn files() -> Vec<Fault> {
    vec![
        fault("HT-01", |files| {
            files.remove("cover.png");
        })
        .but(&["HT-13"]),
        feed(
            "HT-09",
            "<enclosure url=\"https://pod.example/show/media/two.mp3\"",
            "<enclosure url=\"http://127.0.0.1/two.mp3\"",
        ),
        feed(
            "HT-09",
            "<enclosure url=\"https://pod.example/show/media/two.mp3\"",
            "<enclosure url=\"http://cdn.example/two.mp3\"",
        ),
        feed("HT-11", "rel=\"self\" type", "rel=\"me\" type").but(&["CH-06"]),
        feed(
            "HT-13",
            "<link>https://pod.example/show/episodes/two/",
            "<link>https://pod.example/show/episodes/three/",
        )
        .but(&["ST-06"]),
        page("HT-13", "href=\"../../style.css\"", "href=\"../../gone.css\""),
        fault("HT-14", |files| {
            let mut text = String::from_utf8(files["feed.xml"].clone()).unwrap();
            let mut noise = 1u64;
            let words: String = (0..30_000)
                .map(|_| {
                    noise = noise
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1_442_695_040_888_963_407);
                    format!("<p>{:x}</p>", noise >> 40)
                })
                .collect();
            text = text.replacen("<p>All about rings", &format!("{words}<p>All about rings"), 1);
            files.insert("feed.xml".into(), text.into_bytes());
        }),
        feed("PG-01", "<ttl>", "<fh:archive/><ttl>"),
        feed(
            "PG-02",
            "<ttl>",
            "<atom:link rel=\"next\" href=\"https://pod.example/show/feed.json\"/><ttl>",
        ),
        feed(
            "PG-03",
            "<ttl>",
            "<fh:complete/><atom:link rel=\"prev-archive\" href=\"https://pod.example/show/feed.json\"/><ttl>",
        ),
        edit("ST-05", "feed.json", "2023-04-17T18:00:00Z", "2033-04-17T18:00:00Z"),
        file("ST-04", "feed.xml.tmp", b"half".to_vec()),
        edit("ST-06", "sitemap.xml", "episodes/one/", "episodes/zero/"),
        edit(
            "ST-06",
            "feed.json",
            "000000000002\", \"url\": \"https://pod.example/show/episodes/two/",
            "000000000003\", \"url\": \"https://pod.example/show/episodes/three/",
        ),
        edit("ST-06", "shows.opml", "show/feed.xml", "show/feeds.xml"),
    ]
}

fn builds() -> Vec<Fault> {
    let guid = "urn:uuid:6a0f2b4c-0d2e-5a7c-9d1f-000000000002";
    vec![
        later(feed("CH-33", "<lastBuildDate>Mon, 17 Apr", "<lastBuildDate>Tue, 18 Apr")),
        later(fault("CH-34", |files| {
            let text = String::from_utf8(files["feed.xml"].clone()).unwrap();
            let text = text.replace(
                "https://pod.example/show/feed.xml\" rel",
                "https://pod.example/show/feed.json\" rel",
            );
            files.insert("feed.xml".into(), text.into_bytes());
        }))
        .but(&["CH-07"]),
        later(file("CH-38", "cover.png", {
            let mut other = world::png(3000, 3000);
            other.push(0);
            other
        })),
        later(fault("PC-04", |files| set_guid(files, "917393e3-1b1e-5cef-ace4-edaa54e1f810")))
            .but(&["PC-03"]),
        later(feed("IT-17", guid, "urn:uuid:6a0f2b4c-0d2e-5a7c-9d1f-000000000007")),
        later(feed(
            "IT-22",
            "Mon, 17 Apr 2023 18:00:00 +0000</pubDate>",
            "Tue, 18 Apr 2023 18:00:00 +0000</pubDate>",
        )),
        feed(
            "IT-22",
            "Mon, 17 Apr 2023 18:00:00 +0000</pubDate>",
            "Mon, 17 Apr 2034 18:00:00 +0000</pubDate>",
        ),
        later(tag("MD-08", |tag| tag.set_genre("News"))),
        later(file("ST-01", "style.css", world::clean()["style.css"].repeat(2))),
        later(fault("ST-02", |files| {
            let text = String::from_utf8(files["feed.xml"].clone()).unwrap();
            let text = text.replacen("<p>A word on <b>rings", "<p>Another word on <b>rings", 1);
            let end = text.find("</item>").unwrap() + 8;
            let mut third = text[text.find("    <item>").unwrap()..end].to_owned();
            for (from, to) in [
                ("000000000002", "000000000003"),
                (
                    "<enclosure url=\"https://pod.example/show/media/two.mp3",
                    "<enclosure url=\"https://cdn.example/three.mp3",
                ),
                ("<itunes:episode>2", "<itunes:episode>3"),
                ("No. 2\">2", "No. 3\">3"),
                ("Another word", "A word"),
            ] {
                third = third.replace(from, to);
            }
            let text = text.replacen("    <item>", &format!("{third}\n    <item>"), 1);
            files.insert("feed.xml".into(), text.into_bytes());
            files.remove("feed.json");
        })),
        later(feed("ST-03", "<p>A word on <b>rings", "<p>Another word on <b>rings")),
        later(fault("PG-04", |files| {
            files.insert(
                "archive.xml".into(),
                b"<rss><channel><fh:archive/>new</channel></rss>".to_vec(),
            );
        })),
    ]
}

fn pages() -> Vec<Fault> {
    let css = |rule, from: &str, to: &str| edit(rule, "style.css", from, to);
    vec![
        page("WB-01", "<!DOCTYPE html>\n", ""),
        page("WB-01", "<h2>Notes</h2>", "<h2>Notes</h3>"),
        page("WB-01", "<h2>Notes</h2>", "<h2 id=\"main\">Notes</h2>"),
        page("WB-01", "aria-labelledby=\"chapters\"", "aria-labelledby=\"gone\""),
        page("WB-02", " alt=\"A ring\"", ""),
        page("WB-02", "initial-scale=1", "user-scalable=no"),
        edit("WB-02", "index.html", "<label for=\"q\">Search</label> ", ""),
        page("WB-03", "A ring is a queue &amp; more. Goodbye.", ""),
        css("WB-04", "a:focus-visible { outline: 2px solid; }", "a { outline: none; }"),
        page("WB-04", " download>Download", " download aria-label=\"The sound\">Download"),
        page("WB-05", "<audio controls ", "<audio "),
        page("WB-06", "#t=12.5", "#t=10"),
        page("WB-07", "href=\"#main\"", "href=\"#text\""),
        page("WB-08", "src=\"../../site.js\"", "src=\"https://cdn.example/site.js\""),
        page("WB-08", "<h2>Notes</h2>", "<h2 style=\"color: red\">Notes</h2>"),
        edit("WB-08", "site.js", "() => {}", "() => { document.cookie = \"a=b\"; }"),
        page("WB-09", "<meta name=\"description\" content=\"A page without a fault.\">\n", ""),
        fault("WB-10", |files| {
            let mut noise = 1u64;
            let script: String = (0..4000)
                .map(|_| {
                    noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    format!("// {noise:x}\n")
                })
                .collect();
            files.insert("site.js".into(), script.into_bytes());
        }),
        page("WB-11", "rel=\"canonical\"", "rel=\"shortlink\""),
        page("WB-11", "property=\"og:audio\"", "property=\"og:sound\""),
        page("WB-12", "\"duration\": \"PT20S\", ", ""),
        file("WB-13", "episodes/two/card.png", world::png(600, 600)),
        css("WB-14", "(prefers-reduced-motion: no-preference)", "(min-width: 10px)"),
        css("WB-14", "max-width: 700px", "width: 700px"),
        fault("WB-14", |files| {
            files.insert("style.css".into(), b"main { max-width: 30em; }".to_vec());
        }),
        edit("WB-15", "index.html", "type=\"search\"", "type=\"text\""),
        file("WB-15", "search.json", vec![b' '; 50_000]),
        page("WB-16", " preload=\"none\"", ""),
        page("WB-16", " 160 kB, 0:20", ""),
        page("WB-17", "<h2>Notes</h2>", "<h4>Notes</h4>"),
        page("WB-17", "<html lang=\"en\">", "<html>"),
    ]
}

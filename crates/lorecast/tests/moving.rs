//! Shows that move in: from WordPress, from Lorecast, and from feeds that wish us ill.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use lorecast_testkit::web::{Web, answer};
use show::{Run, demo, done, lorecast_in};

const WORDPRESS: &str = include_str!("show/wordpress.xml");

/// Each path with its body.
type Files = Vec<(String, Vec<u8>)>;

/// A server with files, which may be added while it runs; it knows byte ranges.
struct Host {
    web: Web,
    files: Arc<Mutex<Files>>,
}

impl Host {
    fn start() -> Self {
        let files = Arc::<Mutex<Files>>::default();
        let served = files.clone();
        let web = Web::start(move |asked, out| {
            let files = served.lock().unwrap();
            let path = asked.path.split('?').next().unwrap_or_default();
            let Some((_, body)) = files.iter().find(|(name, _)| name == path) else {
                return answer(out, "404 Not Found", &[], b"");
            };
            let from =
                asked.field("range").strip_prefix("bytes=").and_then(|r| r.strip_suffix('-'));
            match from
                .and_then(|from| from.parse::<usize>().ok())
                .filter(|_| asked.field("if-range") == "\"1\"")
            {
                Some(from) => {
                    let range =
                        format!("Content-Range: bytes {from}-{}/{}", body.len() - 1, body.len());
                    answer(out, "206 Partial Content", &["ETag: \"1\"", &range], &body[from..])
                }
                None => answer(out, "200 OK", &["ETag: \"1\""], body),
            }
        });
        Self { web, files }
    }

    fn url(&self) -> &str {
        self.web.url.trim_end_matches('/')
    }

    fn add(&self, path: &str, body: impl Into<Vec<u8>>) {
        let mut files = self.files.lock().unwrap();
        files.retain(|(name, _)| name != path);
        files.push((path.to_owned(), body.into()));
    }

    /// All files of a folder.
    fn serve(&self, folder: &Path) {
        for path in walk(folder) {
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            self.add(&format!("/{name}"), fs::read(&path).unwrap());
        }
    }
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

/// An empty ID3v2.4 tag and the header of a frame, so that it begins like MP3.
fn mp3(length: usize) -> Vec<u8> {
    let mut sound = b"ID3\x04\0\0\0\0\0\0\xff\xfb\x90\x64".to_vec();
    sound.resize(length, 0);
    sound
}

/// A host with a podcast as WordPress publishes it.
fn wordpress() -> Host {
    let host = Host::start();
    host.add("/feed/podcast/", WORDPRESS.replace("SITE", host.url()));
    host.add("/files/cover.png", include_bytes!("../../../cover.png").as_slice());
    host.add("/files/spinning-down.mp3", mp3(417));
    host.add("/files/spinning-up.mp3", mp3(501));
    host.add(
        "/files/77.json",
        r#"{"version":"1.2.0","chapters":[{"startTime":0,"title":"Hello"}]}"#,
    );
    host.add("/files/77.vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\n<v Dora>Hello.\n");
    host
}

fn import(folder: &Path, host: &Host, more: &[&str]) -> Run {
    let feed = format!("{}/feed/podcast/", host.url());
    lorecast_in(folder, &[&["init", "show", "--import", &feed], more].concat())
}

fn read(folder: &Path, path: &str) -> String {
    fs::read_to_string(folder.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The items of a feed as they are written.
fn items(feed: &str) -> Vec<&str> {
    feed.split("<item>").skip(1).map(|item| item.split("</item>").next().unwrap()).collect()
}

/// A line of an item.
fn line<'a>(item: &'a str, tag: &str) -> &'a str {
    item.lines().find(|line| line.trim_start().starts_with(tag)).unwrap_or_default().trim()
}

#[test]
fn subscribers_of_a_wordpress_show_notice_nothing() {
    let (folder, host) = (tempfile::tempdir().unwrap(), wordpress());
    let run = import(folder.path(), &host, &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    done(folder.path(), &["publish", "--show", "show"]);
    done(folder.path(), &["lint", "--show", "show", "--quick"]);
    let feed = read(folder.path(), "show/public/feed.xml");
    let told = items(&feed).into_iter().flat_map(|item| {
        ["<title>", "<enclosure", "<guid", "<pubDate>", "<itunes:duration>"]
            .map(|tag| line(item, tag))
    });
    let told = told.collect::<Vec<_>>().join("\n").replace(host.url(), "SITE");
    insta::assert_snapshot!(told, @r#"
    <title>Spinning down</title>
    <enclosure url="SITE/files/spinning-down.mp3?source=feed" length="417" type="audio/mpeg"/>
    <guid isPermaLink="false">SITE/?p=77</guid>
    <pubDate>Tue, 5 Mar 2019 09:30:00 +0000</pubDate>
    <itunes:duration>1865</itunes:duration>
    <title>Spinning up: a &quot;first&quot; &lt;try&gt;</title>
    <enclosure url="SITE/files/spinning-up.mp3" length="500" type="audio/mpeg"/>
    <guid>SITE/2019/02/spinning-up/</guid>
    <pubDate>Wed, 20 Feb 2019 04:30:00 +0000</pubDate>
    <itunes:duration>721</itunes:duration>
    "#);
    let again = done(folder.path(), &["publish", "--show", "show"]);
    assert!(again.contains(" 0 changed"), "{again}");
    let moved = read(folder.path(), "show/moved.nginx").replace(host.url(), "SITE");
    insta::assert_snapshot!(moved, @r#"
    # For the server that has the old addresses: this file in `http { }`, and in its `server { }`
    #     if ($moved) { return 301 $moved; }
    map $request_uri $moved {
        default "";
        "/2019/02/spinning-up/" "SITE/episodes/2019-02-20/";
        "/2019/03/spinning-down/" "SITE/episodes/2019-03-05/";
        "/feed/podcast/" "SITE/feed.xml";
    }
    "#);
}

#[test]
fn sound_that_is_fetched_gets_an_address_of_ours() {
    let (folder, host) = (tempfile::tempdir().unwrap(), wordpress());
    let run = import(folder.path(), &host, &["--download", "--url", "https://new.example/"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    insta::assert_snapshot!(run.stderr.lines().filter(|l| l.contains("bytes")).collect::<String>(), @"note: 2019-02-20: the feed gave its sound 500 bytes, and it has 501");
    let kept = read(folder.path(), "show/episodes/2019-03-05/published.yaml");
    let kept: String =
        kept.lines().filter(|l| !l.contains("- on:")).map(|l| format!("{l}\n")).collect();
    insta::assert_snapshot!(kept.replace(host.url(), "SITE"), @r"
    guid: SITE/?p=77
    date: 2019-03-05T09:30:00Z
    enclosure_url: https://new.example/media/2019-03-05.mp3
    sound:
      file: imported.mp3
      bytes: 417
      media_type: audio/mpeg
      length: 31:05.00
      chapters:
      - start: 0.0
        title: Hello
    superseded:
      reason: the show moved here with its sound
      was:
      - enclosure_url was SITE/files/spinning-down.mp3?source=feed
    ");
    // The sound is one frame and silence, which a linter sees through.
    done(folder.path(), &["publish", "--show", "show", "--despite-lint"]);
    let sound = fs::read(folder.path().join("show/public/media/2019-03-05.mp3")).unwrap();
    assert_eq!(sound, mp3(417));
    let said = read(folder.path(), "show/public/episodes/2019-03-05/transcript.vtt");
    assert!(said.contains("Hello."), "{said}");
    assert!(!folder.path().join("show/.lorecast/cache/moving").exists());
}

#[test]
fn what_broke_off_goes_on() {
    let (folder, host) = (tempfile::tempdir().unwrap(), wordpress());
    let whole: Vec<u8> = (0..900_000_u32).map(|n| n as u8).collect();
    host.add("/files/spinning-up.mp3", whole.clone());
    // What an earlier try left: a part, and no `show.yaml`.
    let shelf = folder.path().join("show/.lorecast/cache/moving");
    fs::create_dir_all(&shelf).unwrap();
    let name = sha(&format!("{}/files/spinning-up.mp3", host.url()));
    fs::write(shelf.join(format!("{name}.part")), &whole[..400_000]).unwrap();
    fs::write(shelf.join(format!("{name}.version")), "\"1\"").unwrap();
    let run = import(folder.path(), &host, &["--download"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let sound = fs::read(folder.path().join("show/episodes/2019-02-20/imported.mp3")).unwrap();
    assert!(sound == whole, "{} bytes", sound.len());
    let asked = host.web.asked();
    assert!(asked.iter().any(|asked| asked.field("range") == "bytes=400000-"), "{asked:?}");
}

fn sha(url: &str) -> String {
    use std::process::{Command, Stdio};
    let mut sum =
        Command::new("sha256sum").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut sum.stdin.take().unwrap(), url.as_bytes()).unwrap();
    String::from_utf8(sum.wait_with_output().unwrap().stdout).unwrap()[..32].to_owned()
}

#[test]
fn a_show_of_ours_moves_without_a_trace() {
    let (folder, host) = (tempfile::tempdir().unwrap(), Host::start());
    demo(folder.path(), "old");
    let settings = read(folder.path(), "old/show.yaml");
    let settings =
        settings.replace("url: http://127.0.0.1:8700/", &format!("url: {}/", host.url()));
    fs::write(folder.path().join("old/show.yaml"), settings).unwrap();
    fs::remove_dir_all(folder.path().join("old/public")).unwrap();
    for episode in fs::read_dir(folder.path().join("old/episodes")).unwrap() {
        let promised = episode.unwrap().path().join("published.yaml");
        let text = fs::read_to_string(&promised).unwrap();
        fs::write(promised, text.replace("http://127.0.0.1:8700", host.url())).unwrap();
    }
    done(folder.path(), &["publish", "--show", "old"]);
    host.serve(&folder.path().join("old/public"));
    let feed = format!("{}/feed.xml", host.url());
    let run = lorecast_in(folder.path(), &["init", "new", "--import", &feed, "--download"]);
    assert_eq!((run.code, run.stderr.contains("note:")), (0, false), "{}", run.stderr);
    done(folder.path(), &["publish", "--show", "new"]);
    let [old, new] =
        ["old", "new"].map(|show| read(folder.path(), &format!("{show}/public/feed.xml")));
    for (old, new) in items(&old).iter().zip(items(&new)) {
        assert_eq!(without_bit_rate(old), without_bit_rate(new));
    }
    assert_eq!(items(&old).len(), items(&new).len());
}

/// The feed tells a length in whole seconds, so that a bit rate made of it is a little off.
fn without_bit_rate(item: &str) -> String {
    let (before, rest) = item.split_once("bitrate=\"").unwrap();
    format!("{before}{}", rest.split_once('"').unwrap().1)
}

#[test]
fn a_file_moves_in_with_the_pages_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let page = |own: &str, links: &str, nth: u32| {
        format!(
            "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><title>A</title><link>https://a.example/</link>\
             <description>B</description><atom:link rel=\"self\" href=\"https://a.example/{own}\"/>{links}<item><title>{nth}</title>\
             <guid>g{nth}</guid><pubDate>Tue, 0{nth} Jan 2019 10:00:00 GMT</pubDate>\
             <enclosure url=\"https://a.example/{nth}.mp3\" length=\"1\" type=\"audio/mpeg\"/></item></channel></rss>"
        )
    };
    let older =
        |path: &str| format!("<atom:link rel=\"prev-archive\" href=\"https://a.example/{path}\"/>");
    fs::create_dir(folder.path().join("archive")).unwrap();
    fs::write(folder.path().join("feed.xml"), page("feed.xml", &older("archive/feed-2.xml"), 3))
        .unwrap();
    fs::write(
        folder.path().join("archive/feed-2.xml"),
        page("archive/feed-2.xml", &older("archive/feed-1.xml"), 2),
    )
    .unwrap();
    // It names itself: nobody turns round for ever.
    fs::write(
        folder.path().join("archive/feed-1.xml"),
        page("archive/feed-1.xml", &older("archive/feed-1.xml"), 1),
    )
    .unwrap();
    let moved = done(folder.path(), &["init", "show", "--import", "feed.xml", "--format", "json"]);
    let moved: serde_json::Value = serde_json::from_str(&moved).unwrap();
    assert_eq!(moved["episodes"], serde_json::json!(["2019-01-01", "2019-01-02", "2019-01-03"]));
}

#[test]
fn nothing_is_asked_of_the_own_network() {
    let (folder, host) = (tempfile::tempdir().unwrap(), wordpress());
    let feed = WORDPRESS.replace("SITE", host.url());
    fs::write(folder.path().join("feed.xml"), feed).unwrap();
    let run = lorecast_in(folder.path(), &["init", "show", "--import", "feed.xml", "--download"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("has no public address"), "{}", run.stderr);
    assert!(host.web.asked().is_empty());
    let args = ["init", "other", "--import", "feed.xml", "--download", "--allow", "127.0.0.1"];
    done(folder.path(), &args);
    assert!(!host.web.asked().is_empty());
}

#[test]
fn a_folder_in_use_and_a_feed_without_episodes_are_refused() {
    let (folder, host) = (tempfile::tempdir().unwrap(), wordpress());
    fs::create_dir(folder.path().join("show")).unwrap();
    fs::write(folder.path().join("show/mine"), "").unwrap();
    let run = import(folder.path(), &host, &[]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.stderr, @"error: `show` is not empty; let the show move into a new folder (`lorecast init DIR --import FEED`)");
    fs::remove_file(folder.path().join("show/mine")).unwrap();
    host.add("/feed/podcast/", "<rss version=\"2.0\"><channel><title>A</title><item><title>B</title></item></channel></rss>");
    let run = import(folder.path(), &host, &[]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.stderr.replace(host.url(), "SITE"), @"error: `SITE/feed/podcast/` has no episode that could move in: item 1 `B`: has no enclosure, so it is no episode; it is left out");
    assert!(!folder.path().join("show/show.yaml").exists());
}

//! `lorecast planet` against a real server on loopback, which the tests allow by name.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use std::fs;
use std::io::Write;
use std::path::Path;

use lorecast_testkit::packed::gzip;
use lorecast_testkit::web::{Asked, Web, answer};
use show::{demo, done, lorecast_in};
use tempfile::TempDir;

/// An RSS feed with these items.
fn rss(items: &str) -> Vec<u8> {
    format!(
        "<rss version=\"2.0\"><channel><title>Ann</title><link>https://ann.example/</link>\
         <description>x</description>{items}</channel></rss>"
    )
    .into_bytes()
}

fn item(nth: u32, title: &str, text: &str) -> String {
    format!(
        "<item><title>{title}</title><link>https://ann.example/{nth}</link><guid>ann-{nth}</guid>\
         <pubDate>Mon, 0{nth} May 2023 10:00:00 GMT</pubDate><description>{text}</description></item>"
    )
}

/// What the server of the blogs says to each path.
fn blogs(asked: &Asked, out: &mut dyn Write) -> std::io::Result<()> {
    let two = rss(
        &(item(1, "Locks", "All &lt;b&gt;about&lt;/b&gt; them.") + &item(2, "Rings", "Round."))
    );
    match asked.path.as_str() {
        "/ann" if asked.field("if-none-match") == "\"one\"" => {
            answer(out, "304 Not Modified", &[], b"")
        }
        "/ann" => answer(out, "200 OK", &["ETag: \"one\""], &two),
        "/copy" => answer(out, "200 OK", &["Content-Encoding: gzip"], &gzip(&two)),
        "/markup" => {
            let evil = "x &lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=//evil.example/p.png alt=Tracks&gt;";
            let title = "&lt;b&gt;Why&lt;/b&gt; &amp;lt;stdio.h&amp;gt; ]]&gt; \u{1f427}";
            answer(out, "200 OK", &[], &rss(&item(3, title, evil)))
        }
        "/odd-dates" => {
            let odd = "<item><title>Tomorrow</title><link>https://odd.example/1</link>\
                       <pubDate>Mon, 01 Jan 2300 10:00:00 GMT</pubDate></item>\
                       <item><title>Never</title><link>https://odd.example/2</link></item>";
            answer(out, "200 OK", &[], &rss(odd))
        }
        "/inside" => {
            let port = asked.field("host").rsplit(':').next().unwrap_or_default();
            let there = format!("Location: http://127.0.0.1:{port}/ann");
            answer(out, "302 Found", &[&there], b"")
        }
        "/moved" => answer(out, "301 Moved Permanently", &["Location: /ann"], b""),
        "/gone" => answer(out, "410 Gone", &[], b""),
        "/busy" => answer(out, "503 Busy", &["Retry-After: 7200"], b""),
        "/broken" => answer(out, "200 OK", &[], &two[..150]),
        "/bomb" => answer(out, "200 OK", &["Content-Encoding: gzip"], &gzip(&vec![b' '; 50 << 20])),
        "/huge" => {
            out.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n<rss>")?;
            (0..1000).try_for_each(|_| out.write_all(&[b' '; 100_000]))
        }
        _ => answer(out, "404 Not Found", &[], b""),
    }
}

/// A show, and a server whose paths are its blogs.
struct World {
    folder: TempDir,
    web: Web,
}

impl World {
    fn of(paths: &[&str]) -> Self {
        let (folder, web) = (tempfile::tempdir().unwrap(), Web::start(blogs));
        done(folder.path(), &["init", "."]);
        let world = Self { folder, web };
        let feed = |path: &&str| format!("- name: {path}\n  feed: {}{path}\n", world.url());
        let feeds: String = paths.iter().map(feed).collect();
        world.write("planet.yaml", &format!("allow: [localhost]\nblogs:\n{feeds}"));
        world
    }

    fn url(&self) -> String {
        self.web.url.replace("127.0.0.1", "localhost")
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.root().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.root().join("public/planet").join(name)).unwrap()
    }

    /// What the command says, without the port and the time.
    fn told(&self, args: &[&str]) -> String {
        let run = lorecast_in(self.root(), &[&["planet"], args].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        (run.stdout + &run.stderr).replace(&self.url(), "http://blogs/")
    }
}

#[test]
fn blogs_are_gathered_once_and_asked_for_what_changed() {
    let world = World::of(&["ann"]);
    insta::assert_snapshot!(world.told(&[]), @r"
    ann: 2 new posts
    2 posts of 1 blog in ./public/planet: 10 files changed
    ");
    assert!(world.told(&[]).starts_with("ann: left alone until "));
    insta::assert_snapshot!(world.told(&["--again"]), @r"
    ann: nothing new
    2 posts of 1 blog in ./public/planet: 0 files changed
    ");
    let asked = world.web.asked();
    assert_eq!(asked.len(), 2);
    assert!(asked[0].field("user-agent").contains("planet; +"), "{:?}", asked[0]);
    let page = world.read("index.html");
    assert!(page.contains(">Rings</a>") && page.contains("All <b>about</b> them."), "{page}");
    assert!(page.find("Rings") < page.find("Locks"));
}

#[test]
fn two_blogs_with_one_post_show_it_once() {
    let world = World::of(&["ann", "copy"]);
    insta::assert_snapshot!(world.told(&[]), @r"
    ann: 2 new posts
    copy: 2 new posts
    2 posts of 2 blogs in ./public/planet: 10 files changed
    ");
}

#[test]
fn a_bad_blog_is_told_in_one_line_and_stops_nothing() {
    let world = World::of(&["inside", "moved", "gone", "busy", "broken", "bomb", "huge", "none"]);
    let told = world.told(&[]);
    let told: Vec<&str> = told.lines().map(|line| line.split(" until ").next().unwrap()).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    inside: `http://blogs/inside` has no public address
    moved: 2 new posts
    gone: gone for good (410); take `http://blogs/gone` out of planet.yaml
    busy: `http://blogs/busy` answers 503 and wants to be left alone
    broken: `http://blogs/broken` is no feed that can be read: unable to parse XML: Parser error: syntax error: tag not closed: `>` not found before end of input
    bomb: `http://blogs/bomb` is larger than 10 MB
    huge: `http://blogs/huge` is larger than 10 MB
    none: `http://blogs/none` answers 404
    2 posts of 8 blogs in ./public/planet: 10 files changed
    note: moved: it has moved for good: write `feed: http://blogs/ann` in `planet.yaml`
    ");
    let again = world.told(&["--again"]);
    assert!(again.contains("busy: left alone until "), "{again}");
}

#[test]
fn what_strangers_write_does_no_harm() {
    let world = World::of(&["markup"]);
    world.told(&[]);
    let page = world.read("index.html");
    assert!(page.contains("Why &lt;stdio.h&gt; ]]&gt; \u{1f427}</a>"), "{page}");
    assert!(page.contains("<a href=\"https://evil.example/p.png\">[Tracks]</a>"), "{page}");
    assert!(!page.contains("alert(1)") && !page.contains("<img src=\"//"), "{page}");
    for feed in ["rss.xml", "atom.xml", "blogs.opml"] {
        roxmltree::Document::parse(&world.read(feed)).unwrap();
    }
}

#[test]
fn a_post_without_a_good_date_keeps_the_time_at_which_it_was_first_seen() {
    let world = World::of(&["odd-dates"]);
    world.told(&[]);
    let (first, today) = (world.read("atom.xml"), jiff::Timestamp::now().to_string());
    assert_eq!(first.matches(&today[..8]).count(), 5, "{first}");
    world.told(&["--again"]);
    assert_eq!(world.read("atom.xml"), first);
}

#[test]
fn a_private_address_is_asked_only_when_it_is_named() {
    let world = World::of(&["ann"]);
    let planet = fs::read_to_string(world.root().join("planet.yaml")).unwrap();
    world.write("planet.yaml", &planet.replace("allow: [localhost]\n", ""));
    insta::assert_snapshot!(world.told(&[]), @r"
    ann: `http://blogs/ann` has no public address
    0 posts of 1 blog in ./public/planet: 10 files changed
    ");
    assert!(world.web.asked().is_empty());
}

#[test]
fn the_planet_is_part_of_the_site_and_a_list_goes_round() {
    let world = World::of(&["ann"]);
    let before = world.told(&["--dry-run"]);
    assert!(before.contains("+ planet/index.html\n"), "{before}");
    assert!(!world.root().join("public").exists());
    done(world.root(), &["publish", "--despite-lint"]);
    world.told(&[]);
    let page = world.read("index.html");
    done(world.root(), &["publish", "--despite-lint"]);
    assert_eq!(world.read("index.html"), page);
    assert!(world.told(&[]).contains("0 files changed"));
    let list = world.root().join("public/planet/blogs.opml");
    let list = list.to_str().unwrap();
    insta::assert_snapshot!(world.told(&["import", list]), @"0 blogs added to planet.yaml, 1 there already");
    let old = fs::read_to_string(world.root().join("planet.yaml")).unwrap();
    world.write("planet.yaml", "allow: [localhost]\n");
    insta::assert_snapshot!(world.told(&["import", list]), @"1 blog added to planet.yaml, 0 there already");
    let new = fs::read_to_string(world.root().join("planet.yaml")).unwrap();
    assert_eq!(new.replace("  url: https://ann.example/\n", ""), old);
}

#[test]
fn names_with_marks_go_round_in_a_list() {
    let world = World::of(&["ann"]);
    let name = "Ann \"<A&B>\"";
    let planet = fs::read_to_string(world.root().join("planet.yaml")).unwrap();
    world.write("planet.yaml", &planet.replace("name: ann", &format!("name: '{name}'")));
    world.told(&[]);
    let list = world.root().join("public/planet/blogs.opml");
    world.write("planet.yaml", "allow: [localhost]\n");
    world.told(&["import", list.to_str().unwrap()]);
    let planet = fs::read_to_string(world.root().join("planet.yaml")).unwrap();
    assert!(planet.contains(name), "{planet}");
}

#[test]
fn a_feed_of_the_show_is_read_where_it_was_published() {
    let folder = tempfile::tempdir().unwrap();
    demo(folder.path(), "show");
    let show = folder.path().join("show");
    let settings = fs::read_to_string(show.join("show.yaml")).unwrap();
    let url = settings.lines().find_map(|line| line.strip_prefix("url: ")).unwrap();
    let feed = format!("{}/feed.xml", url.trim_matches('"').trim_end_matches('/'));
    fs::write(show.join("planet.yaml"), format!("blogs:\n- name: Us\n  feed: {feed}\n")).unwrap();
    let told = done(&show, &["planet"]);
    assert!(told.starts_with("Us: ") && told.contains("new post"), "{told}");
    done(&show, &["publish"]);
    done(&show, &["lint", "--quick"]);
}

#[test]
fn without_a_list_of_blogs_the_next_step_is_told() {
    let folder = tempfile::tempdir().unwrap();
    done(folder.path(), &["init", "."]);
    let run = lorecast_in(folder.path(), &["planet"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.stderr, @"error: there is no `./planet.yaml`; write it (`blogs:` with a `name:` and a `feed:` each, see docs/planet.md), or take in a list: `lorecast planet import FILE.opml`");
    let odd = folder.path().join("odd.opml");
    fs::write(&odd, "<html/>").unwrap();
    let run = lorecast_in(folder.path(), &["planet", "import", "odd.opml"]);
    insta::assert_snapshot!(run.stderr, @"error: `odd.opml` is no list of blogs: it is `<html>`, and not `<opml>`; export it from a feed reader as OPML again");
}

/// A demo show with a blog of these days, a draft of the week, and what a check says of it after a
/// change.
fn drafted(change: impl Fn(&Path, &Path)) -> (String, String) {
    let (folder, web) = (
        tempfile::tempdir().unwrap(),
        Web::start(|_, out| {
            let post = |day: u32, title: &str| {
                format!(
                    "<item><title>{title}</title><link>https://ann.example/{day}_(x)</link>\
                 <pubDate>{day} Jun 2025 10:00:00 GMT</pubDate>\
                 <description>Locks &lt;b&gt;are&lt;/b&gt; slow.</description></item>"
                )
            };
            answer(
                out,
                "200 OK",
                &[],
                &rss(&(post(18, "On locks") + &post(20, "On rings") + &post(2, "Old"))),
            )
        }),
    );
    let root = demo(folder.path(), "show");
    let feed = web.url.replace("127.0.0.1", "localhost");
    let planet = format!("allow: [localhost]\nblogs:\n- name: Ann Vogel\n  feed: {feed}\n");
    fs::write(root.join("planet.yaml"), planet).unwrap();
    done(&root, &["planet"]);
    done(&root, &["draft", "--week", "2025-06-22"]);
    let episode = root.join("episodes/2025-06-22");
    let notes = fs::read_to_string(episode.join("notes.md")).unwrap();
    change(&root, &episode);
    let said = lorecast_in(&root, &["check", "2025-06-22"]);
    let about = |line: &&str| ["post", "locks", "planet"].iter().any(|word| line.contains(word));
    let said: Vec<&str> = said.stdout.lines().filter(about).collect();
    let section = notes.split("## From the kernel blogs").nth(1).unwrap_or_default();
    let section = section.split("\n\nThat").next().unwrap();
    (section.trim().to_owned(), said.join("\n"))
}

fn edit(file: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(old), "{text}");
    fs::write(file, text.replace(old, new)).unwrap();
}

#[test]
fn a_draft_tells_the_posts_of_its_days_and_a_check_proves_them() {
    let (section, said) = drafted(|_, _| ());
    insta::assert_snapshot!(section, @r"
    Ann Vogel wrote [“On locks”](https://ann.example/18_%28x%29), on 18 June.

    On 20 June, Ann Vogel wrote [“On rings”](https://ann.example/20_%28x%29).
    ");
    insta::assert_snapshot!(said, @"");
}

#[test]
fn what_is_wrong_of_a_post_is_found() {
    let (_, said) = drafted(|_, episode| {
        let notes = episode.join("notes.md");
        edit(&notes, "“On locks”", "“On clocks”");
        edit(&notes, "18 June", "17 June");
        edit(&notes, "Ann Vogel wrote [“On rings”", "Bo wrote [“On rings”");
        edit(&notes, "20_%28x%29)", "20_%28x%29), which says “Locks are fast”");
    });
    insta::assert_snapshot!(said, @r"
    error: episodes/2025-06-22/notes.md:95:18: the post is called “On locks” [title]
    error: episodes/2025-06-22/notes.md:95:67: the post came out on 18 June [date]
    error: episodes/2025-06-22/notes.md:97:23: the post is by Ann Vogel, who is not named [speaker]
    warning: episodes/2025-06-22/notes.md:97:80: these words are not in the post as it was gathered [quotation-unproved]
    ");
    let (_, said) = drafted(|root, episode| {
        edit(&episode.join("episode.yaml"), "date: 2025-06-18", "date: 2025-06-19");
        edit(&root.join(".lorecast/planet.json"), "ann.example/20", "ann.example/21");
    });
    insta::assert_snapshot!(said, @r"
    error: episodes/2025-06-22/notes.md: episode.yaml, “On locks”: the post `https://ann.example/18_(x)` came out on 2025-06-18 [evidence]
    error: episodes/2025-06-22/notes.md: episode.yaml, “On rings”: the post `https://ann.example/20_(x)` is not among those gathered; run `lorecast planet` [evidence]
    ");
}

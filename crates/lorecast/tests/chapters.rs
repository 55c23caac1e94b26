//! Chapters stand in five places of a published show, which agree within a second.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

mod show;

use std::path::Path;

use show::demo;

/// Where each chapter starts, in seconds, and its title.
type List = Vec<(f64, String)>;

#[test]
fn five_lists_of_chapters_agree() {
    let folder = tempfile::tempdir().unwrap();
    demo(folder.path(), "show");
    let public = folder.path().join("show/public");
    let feed = std::fs::read_to_string(public.join("feed.xml")).unwrap();
    let feed = roxmltree::Document::parse(&feed).unwrap();
    let items: Vec<_> = feed.descendants().filter(|node| node.has_tag_name("item")).collect();
    assert!(items.len() > 1);
    for item in items {
        let text = |name: &str| {
            let node = item.children().find(|node| node.has_tag_name(name)).unwrap();
            node.text().unwrap().to_owned()
        };
        let link = text("link");
        let page = public.join(link.split_once("8700/").unwrap().1);
        let id = page.file_name().unwrap().to_str().unwrap();
        let expected = file(&page.join("chapters.json"));
        assert!(expected.len() > 1, "{id}: {expected:?}");
        assert_eq!(expected[0].0, 0.0);
        agree(id, "ID3", &expected, &tag(&public.join(format!("media/{id}.mp3"))));
        agree(id, "Podlove", &expected, &simple(item));
        // Apps take times in a description for chapters when there are three at least.
        let listed = if expected.len() < 3 { &List::new() } else { &expected };
        agree(id, "description", listed, &times(&text("description")));
        agree(id, "page", &expected, &shown(&page.join("index.html")));
    }
}

fn agree(id: &str, place: &str, expected: &List, found: &List) {
    let titles = |list: &List| list.iter().map(|(_, title)| title.clone()).collect::<Vec<_>>();
    assert_eq!(titles(expected), titles(found), "{id}: {place}");
    for ((one, title), (other, _)) in expected.iter().zip(found) {
        assert!((one - other).abs() <= 1.0, "{id}: {place}: `{title}` at {other}, not at {one}");
    }
}

fn file(path: &Path) -> List {
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let chapters = json["chapters"].as_array().unwrap().iter();
    let one = |chapter: &serde_json::Value| {
        (chapter["startTime"].as_f64().unwrap(), chapter["title"].as_str().unwrap().to_owned())
    };
    chapters.map(one).collect()
}

/// The CHAP frames in the order of the file: some players list them so.
fn tag(path: &Path) -> List {
    let tag = id3::Tag::read_from_path(path).unwrap();
    let title = |chapter: &id3::frame::Chapter| {
        let frame = chapter.frames.iter().find(|frame| frame.id() == "TIT2").unwrap();
        frame.content().text().unwrap().to_owned()
    };
    let found: List =
        tag.chapters().map(|c| (f64::from(c.start_time) / 1000.0, title(c))).collect();
    assert!(found.is_sorted_by(|a, b| a.0 < b.0), "{}: {found:?}", path.display());
    let tables: Vec<_> = tag.tables_of_contents().collect();
    let named: Vec<_> = tag.chapters().map(|chapter| chapter.element_id.clone()).collect();
    assert!(tables.len() == 1 && tables[0].top_level && tables[0].ordered);
    assert_eq!(tables[0].elements, named);
    found
}

fn simple(item: roxmltree::Node) -> List {
    let chapter = ("http://podlove.org/simple-chapters", "chapter");
    let found = item.descendants().filter(|node| node.has_tag_name(chapter));
    let one = |node: roxmltree::Node| {
        (clock(node.attribute("start").unwrap()), node.attribute("title").unwrap().to_owned())
    };
    found.map(one).collect()
}

/// Paragraphs of the description that begin with a time.
fn times(description: &str) -> List {
    let lines = description.lines().filter_map(|line| line.strip_prefix("<p>"));
    let timed = lines.filter(|line| line.get(2..3) == Some(":"));
    timed.map(|line| entry(line.strip_suffix("</p>").unwrap())).collect()
}

/// Links of the page that start the sound somewhere.
fn shown(page: &Path) -> List {
    let html = std::fs::read_to_string(page).unwrap();
    let links = html.split("data-start=\"").skip(1).filter(|rest| rest.contains("class=\"clock\""));
    let one = |rest: &str| {
        let (start, rest) = rest.split_once('"').unwrap();
        let words = rest[..rest.find("</a>").unwrap()].split(['<', '>']).collect::<Vec<_>>();
        (start.parse().unwrap(), unescaped(words[words.len() - 3].trim()))
    };
    links.map(one).collect()
}

fn entry(line: &str) -> (f64, String) {
    let (start, title) = line.split_once(' ').unwrap();
    (clock(start), unescaped(title))
}

fn clock(text: &str) -> f64 {
    text.split(':').fold(0.0, |sum, part| sum * 60.0 + part.parse::<f64>().unwrap())
}

fn unescaped(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&#x27;", "'").replace("&#39;", "'").replace("&#x2F;", "/").replace("&amp;", "&")
}

//! The ID3 tag of an MP3: its chapters, and what it says of show and episode.

use std::collections::BTreeSet;
use std::io::Cursor;

use ::id3::frame::{Chapter, TableOfContents};
use ::id3::{Tag, TagLike, Version};
use roxmltree::Node;

use super::document::{Feed, Space, value};
use super::item::Episode;
use super::rule::rules;
use super::{Lint, chapters, values};
use crate::text::shortened;

rules! {
    IDS "CHP-09" Must Id3 Media
        "The ids of chapters in the ID3 tag are all different, the table of contents included."
        => "make the sound again with `lorecast master`, then publish";
    TIMES "CHP-10" Must Id3 Media
        "Each chapter of the ID3 tag ends after it starts, and names no byte offsets."
        => "make the sound again with `lorecast master`, then publish";
    CONTENTS "CHP-11" Must Id3 Media
        "The ID3 tag has one table of contents at the top, ordered, with at most 255 chapters that are all there."
        => "make the sound again with `lorecast master`, then publish";
    TITLES "CHP-12" Should Id3 Media
        "Each chapter of the ID3 tag has a title."
        => "make the sound again with `lorecast master`, then publish";
    ORDER "CHP-13" Must Client Media
        "The chapters of the ID3 tag stand in order of time: clients show them as they stand."
        => "write the frames in order of time; some libraries sort them by size";
    VERSION "CHP-15" Should Client Media
        "The ID3 tag is of version 2.3 or 2.4, which clients read."
        => "write ID3v2.4 or 2.3";
    WORDS "MD-07" Should House Media
        "Title, album and artist of the ID3 tag are those of the feed, and its picture has at most 300 kB."
        => "make the sound again with `lorecast master`, then publish";
}

/// The largest tag that is read.
const LIMIT: usize = 64_000_000;
const HEAVY: usize = 300_000;

/// How many bytes the tag in front of a file has (ID3v2.4 section 3.1).
pub(super) fn length(bytes: &[u8]) -> usize {
    let Some(head) = bytes.get(..10).filter(|head| head.starts_with(b"ID3")) else { return 0 };
    let size = head[6..].iter().fold(0usize, |size, byte| size << 7 | usize::from(byte & 0x7f));
    10 + size + if head[5] & 0x10 != 0 { 10 } else { 0 }
}

pub(super) fn check<'a>(
    lint: &mut Lint,
    feed: &Feed<'a>,
    item: Node<'a, 'a>,
    name: &str,
    bytes: &[u8],
    episode: &mut Episode,
) {
    let length = length(bytes);
    let Some(source) = bytes.get(..length).filter(|tag| !tag.is_empty() && tag.len() < LIMIT)
    else {
        let message = "it has no ID3 tag, so that players cannot show what it is";
        return lint.find(&WORDS, name, message);
    };
    let Ok(tag) = Tag::read_from2(Cursor::new(source)) else {
        return lint.find(&VERSION, name, "its ID3 tag cannot be read");
    };
    if tag.version() == Version::Id3v22 {
        lint.find(&VERSION, name, "its ID3 tag is of version 2.2");
    }
    words(lint, feed, item, name, &tag);
    let list: Vec<&Chapter> = tag.chapters().collect();
    if list.is_empty() {
        return;
    }
    let contents: Vec<&TableOfContents> = tag.tables_of_contents().collect();
    ids(lint, name, &list, &contents);
    table(lint, name, &list, &contents);
    times(lint, name, &list);
    let entries = list.iter().map(|chapter| {
        (f64::from(chapter.start_time) / 1000.0, title(chapter).unwrap_or_default().to_owned())
    });
    let entries = entries.collect();
    episode.chapters.push(chapters::List { from: "the ID3 tag", place: name.into(), entries });
}

fn title(chapter: &Chapter) -> Option<&str> {
    chapter.frames.iter().find(|frame| frame.id() == "TIT2")?.content().text()
}

fn ids(lint: &mut Lint, name: &str, list: &[&Chapter], contents: &[&TableOfContents]) {
    let mut seen = BTreeSet::new();
    let ids = list.iter().map(|c| &c.element_id).chain(contents.iter().map(|c| &c.element_id));
    for id in ids {
        if !seen.insert(id) {
            lint.find(&IDS, name, format!("two elements are called `{}`", shortened(id, 40)));
        }
    }
}

fn table(lint: &mut Lint, name: &str, list: &[&Chapter], contents: &[&TableOfContents]) {
    let mut tops = contents.iter().filter(|contents| contents.top_level);
    let (Some(top), None) = (tops.next(), tops.next()) else {
        return lint.find(&CONTENTS, name, "it has not exactly one table of contents at the top");
    };
    let known = |id: &String| {
        list.iter().any(|c| c.element_id == *id) || contents.iter().any(|c| c.element_id == *id)
    };
    let message = match top {
        top if !top.ordered => "its table of contents is not marked as ordered",
        top if top.elements.len() > 255 => "its table of contents has more than 255 chapters",
        top if !top.elements.iter().all(known) => "its table of contents names what is not there",
        top if top.elements.len() < list.len() && contents.len() == 1 => {
            "its table of contents leaves out a chapter"
        }
        _ => return,
    };
    lint.find(&CONTENTS, name, message);
}

fn times(lint: &mut Lint, name: &str, list: &[&Chapter]) {
    let mut last = None;
    for (number, chapter) in (1..).zip(list) {
        let (start, end) = (chapter.start_time, chapter.end_time);
        let offsets = [chapter.start_offset, chapter.end_offset] == [u32::MAX; 2];
        if end <= start || !offsets {
            let message =
                format!("chapter {number} lasts from {start} to {end} ms, or has offsets");
            lint.find(&TIMES, name, message);
        }
        if title(chapter).is_none_or(|title| title.trim().is_empty()) {
            lint.find(&TITLES, name, format!("chapter {number} has no title"));
        }
        if last.is_some_and(|last| last > start) {
            let message = format!("chapter {number} stands behind one that starts later");
            lint.find(&ORDER, name, message);
        }
        last = Some(start);
    }
}

fn words<'a>(lint: &mut Lint, feed: &Feed<'a>, item: Node<'a, 'a>, name: &str, tag: &Tag) {
    let pairs = [
        ("title", tag.title(), value(item, Space::Rss, "title")),
        ("album", tag.album(), feed.show_value(Space::Rss, "title")),
        ("artist", tag.artist(), feed.show_value(Space::Itunes, "author")),
    ];
    for (what, own, feeds) in pairs {
        let own = own.unwrap_or_default();
        // Where the feed says nothing there is nothing to compare.
        if !feeds.is_empty() && values::words(own) != values::words(&feeds) {
            let message = format!("its {what} is `{}`", shortened(own, 60));
            lint.find(
                &WORDS,
                name,
                format!("{message}, the feed's is `{}`", shortened(&feeds, 60)),
            );
        }
    }
    let number = value(item, Space::Itunes, "episode").parse::<u32>().ok().filter(|n| *n > 0);
    if let (Some(own), Some(number)) = (tag.track(), number)
        && own != number
    {
        lint.find(&WORDS, name, format!("its track is {own}, the episode's number {number}"));
    }
    let heaviest = tag.pictures().map(|picture| picture.data.len()).max().unwrap_or(0);
    let message = format!("its picture has {} kB", heaviest / 1000);
    lint.must(heaviest <= HEAVY, &WORDS, name, message);
}

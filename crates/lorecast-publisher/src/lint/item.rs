//! What must be true of every episode in the feed, and of all together.

use std::collections::BTreeSet;

use jiff::Timestamp;
use roxmltree::Node;
use url::Url;

use super::channel::title_text;
use super::feed::{CONTENT, Feed, ITUNES, PODCAST, named, required, text, value};
use super::{Folder, chapters, media, rules, transcripts};
use crate::html;
use crate::text::shortened;

/// What earlier items of the feed used up.
#[derive(Default)]
struct Seen {
    guids: BTreeSet<String>,
    enclosures: BTreeSet<String>,
    numbers: BTreeSet<(String, String)>,
    dates: BTreeSet<Timestamp>,
    last: Option<Timestamp>,
}

pub(super) fn check(folder: &mut Folder, feed: &Feed) {
    let mut seen = Seen::default();
    for item in feed.items() {
        if let Some((title, place)) = required(folder, feed, item, "title", &rules::ITEM_TITLE) {
            title_text(folder, &place, &title);
        }
        link(folder, feed, item);
        guid(folder, feed, item, &mut seen);
        date(folder, feed, item, &mut seen);
        enclosure(folder, feed, item, &mut seen);
        prose(folder, feed, item);
        itunes(folder, feed, item, &mut seen);
        chapter_list(folder, feed, item);
        transcript_list(folder, feed, item);
    }
}

fn link(folder: &mut Folder, feed: &Feed, item: Node) {
    let Some((link, place)) = required(folder, feed, item, "link", &rules::ITEM_LINK) else {
        return;
    };
    let Some(url) = folder.check_url(&rules::ITEM_LINK, &place, "the link", &link) else { return };
    if let Some(path) = folder.file_of(&url).filter(|path| !folder.has(path)) {
        folder.find(&rules::PAGE_MISSING, place, format!("there is no page `{path}`"));
    }
}

fn guid(folder: &mut Folder, feed: &Feed, item: Node, seen: &mut Seen) {
    let Some((guid, place)) = required(folder, feed, item, "guid", &rules::GUID_MISSING) else {
        return;
    };
    let shown = shortened(&guid, 80);
    let node = item.children().find(|n| n.tag_name().name() == "guid");
    let permanent = node.and_then(|n| n.attribute("isPermaLink")) != Some("false");
    let is_url = Url::parse(&guid).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if permanent && !is_url {
        let message = format!("`{shown}` is no address and lacks `isPermaLink=\"false\"`");
        folder.find(&rules::GUID_PERMALINK, place.clone(), message);
    }
    if !seen.guids.insert(guid) {
        let message = format!("`{shown}` is the guid of another episode, too");
        folder.find(&rules::GUID_DUPLICATE, place, message);
    }
}

fn date(folder: &mut Folder, feed: &Feed, item: Node, seen: &mut Seen) {
    let rule = &rules::PUBDATE_MISSING;
    let Some((written, place)) = required(folder, feed, item, "pubDate", rule) else { return };
    let shown = shortened(&written, 60);
    let Ok(date) = jiff::fmt::rfc2822::parse(&written) else {
        let message = format!("`{shown}` is no date of RFC 2822, or its weekday is wrong");
        return folder.find(&rules::PUBDATE_FORMAT, place, message);
    };
    let date = date.timestamp();
    if !seen.dates.insert(date) {
        let message = format!("`{shown}` is the date of another episode, too");
        folder.find(&rules::PUBDATE_DUPLICATE, place.clone(), message);
    }
    if seen.last.is_some_and(|last| last < date) {
        folder.find(&rules::ORDER, place, "it stands below an older episode");
    }
    seen.last = Some(date);
}

fn enclosure(folder: &mut Folder, feed: &Feed, item: Node, seen: &mut Seen) {
    let all: Vec<Node> = item.children().filter(|n| n.has_tag_name("enclosure")).collect();
    let Some(first) = all.first().copied() else {
        let message = "`<enclosure>` is missing";
        return folder.find(&rules::ENCLOSURE_MISSING, feed.place(item), message);
    };
    if let Some(second) = all.get(1) {
        let message = "there is more than one `<enclosure>`";
        folder.find(&rules::ENCLOSURE_TWICE, feed.place(*second), message);
    }
    let place = feed.place(first);
    let href = first.attribute("url").unwrap_or_default();
    let media_type = first.attribute("type").unwrap_or_default();
    let length = length(folder, &place, first.attribute("length"));
    let rule = &rules::ENCLOSURE_URL;
    let Some(url) = folder.check_url(rule, &place, "the enclosure", href) else { return };
    if !seen.enclosures.insert(url.to_string()) {
        let message = format!("`{}` is the sound of another episode, too", shortened(href, 100));
        folder.find(&rules::ENCLOSURE_DUPLICATE, place.clone(), message);
    }
    check_type(folder, &place, &url, media_type);
    let sound = media::Sound { place: &place, url: &url, length, media_type };
    media::check_sound(folder, &sound);
}

fn length(folder: &mut Folder, place: &str, written: Option<&str>) -> Option<u64> {
    let length = written.and_then(|text| text.parse().ok());
    if length.is_none_or(|length| length == 0) {
        let message = match written {
            None => "`length` is missing".to_owned(),
            Some(text) => format!("`length` is `{}`, not a number of bytes", shortened(text, 40)),
        };
        folder.find(&rules::ENCLOSURE_LENGTH, place, message);
        return None;
    }
    length
}

/// The types that Apple takes, each with the endings of its files.
const TYPES: &[(&str, &[&str])] = &[
    ("audio/mpeg", &["mp3"]),
    ("audio/x-m4a", &["m4a"]),
    ("audio/m4a", &["m4a"]),
    ("audio/mp4", &["m4a", "mp4"]),
    ("video/mp4", &["mp4", "m4v"]),
    ("video/x-m4v", &["m4v"]),
    ("video/quicktime", &["mov"]),
];

fn check_type(folder: &mut Folder, place: &str, url: &Url, media_type: &str) {
    let rule = &rules::ENCLOSURE_TYPE;
    let Some((_, endings)) = TYPES.iter().find(|(name, _)| *name == media_type) else {
        let message = match media_type {
            "" => "`type` is missing".to_owned(),
            other => format!("Apple does not take the type `{}`", shortened(other, 40)),
        };
        return folder.find(rule, place, message);
    };
    let ending = url.path().rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase());
    if !ending.is_some_and(|ending| endings.contains(&ending.as_str())) {
        let message =
            format!("the name of a file of type `{media_type}` must end in `.{}`", endings[0]);
        folder.find(rule, place, message);
    }
}

fn prose(folder: &mut Folder, feed: &Feed, item: Node) {
    let rule = &rules::ITEM_DESCRIPTION;
    if let Some((about, place)) = required(folder, feed, item, "description", rule) {
        if about.len() > 4000 {
            let message = format!("`<description>` has {} bytes", about.len());
            folder.find(&rules::DESCRIPTION_LENGTH, place.clone(), message);
        }
        fragment(folder, &place, &about);
    }
    if let Some(content) = item.children().find(|n| named(*n, CONTENT, "encoded")) {
        fragment(folder, &feed.place(content), &text(content));
    }
}

/// HTML inside a feed: no scripts, and every link whole.
fn fragment(folder: &mut Folder, place: &str, source: &str) {
    let pieces = html::pieces(source);
    for element in html::elements(&pieces) {
        let name = element.name.as_str();
        if matches!(name, "script" | "style" | "form") || element.is_active() {
            let message = format!("it holds an active `<{}>`", shortened(name, 40));
            folder.find(&rules::HTML_SCRIPT, place, message);
        }
        for link in [element.get("href"), element.get("src")].into_iter().flatten() {
            if Url::parse(link).is_err() {
                let message = format!("the link `{}` is not whole", shortened(link, 80));
                folder.find(&rules::HTML_LINK, place, message);
            }
        }
    }
}

fn itunes(folder: &mut Folder, feed: &Feed, item: Node, seen: &mut Seen) {
    let place = feed.place(item);
    let duration = value(item, ITUNES, "duration");
    if duration.parse::<u64>().is_err() {
        let message = format!("`<itunes:duration>` is `{}`", shortened(&duration, 40));
        folder.find(&rules::DURATION, place.clone(), message);
    }
    let explicit = value(item, ITUNES, "explicit");
    if !matches!(explicit.as_str(), "" | "true" | "false") {
        let message = format!("`<itunes:explicit>` is `{}`", shortened(&explicit, 40));
        folder.find(&rules::EXPLICIT, place.clone(), message);
    }
    let kind = value(item, ITUNES, "episodeType");
    if !matches!(kind.as_str(), "" | "full" | "trailer" | "bonus") {
        let message = format!("`<itunes:episodeType>` is `{}`", shortened(&kind, 40));
        folder.find(&rules::EPISODE_TYPE, place.clone(), message);
    }
    let Some(number) =
        item.children().find(|n| named(*n, ITUNES, "episode")).map(|n| text(n).trim().to_owned())
    else {
        return;
    };
    if !number.parse::<u32>().is_ok_and(|number| number > 0) {
        let message = format!("`<itunes:episode>` is `{}`", shortened(&number, 40));
        folder.find(&rules::EPISODE_NUMBER, place.clone(), message);
    }
    let full = matches!(kind.as_str(), "" | "full");
    if full && !seen.numbers.insert((value(item, ITUNES, "season"), number.clone())) {
        let message = format!("another episode has the number `{}`, too", shortened(&number, 40));
        folder.find(&rules::EPISODE_DUPLICATE, place, message);
    }
}

fn chapter_list(folder: &mut Folder, feed: &Feed, item: Node) {
    let all = item.children().filter(|n| named(*n, PODCAST, "chapters"));
    for (nth, tag) in all.enumerate() {
        let place = feed.place(tag);
        if nth > 0 {
            let message = "there is more than one `<podcast:chapters>`";
            folder.find(&rules::CHAPTERS_TAG, place.clone(), message);
        }
        let href = tag.attribute("url").unwrap_or_default();
        let rule = &rules::CHAPTERS_TAG;
        let Some(url) = folder.check_url(rule, &place, "the chapters", href) else { continue };
        let reference = chapters::Reference {
            place: &place,
            url: &url,
            media_type: tag.attribute("type").unwrap_or_default(),
            length: value(item, ITUNES, "duration").parse().ok(),
        };
        chapters::check(folder, &reference);
    }
}

fn transcript_list(folder: &mut Folder, feed: &Feed, item: Node) {
    for tag in item.children().filter(|n| named(*n, PODCAST, "transcript")) {
        let place = feed.place(tag);
        let href = tag.attribute("url").unwrap_or_default();
        let rule = &rules::TRANSCRIPT_TAG;
        let Some(url) = folder.check_url(rule, &place, "the transcript", href) else { continue };
        transcripts::check(folder, &place, &url, tag.attribute("type").unwrap_or_default());
    }
}

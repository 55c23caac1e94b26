//! The enclosure: the sound as the feed tells it.

use std::collections::BTreeSet;

use roxmltree::Node;
use url::Url;

use super::document::{Feed, Space, attribute, children, said};
use super::rule::rules;
use super::{Lint, Place, http, values};
use crate::text::shortened;

rules! {
    PRESENT "IT-03" Must Psp1 Feed
        "An episode has an `<enclosure>`."
        => "master the episode with `lorecast master`, then publish again";
    ONE "IT-04" Must RssProfile Feed
        "An episode has one `<enclosure>` only."
        => "keep one; others belong in `<podcast:alternateEnclosure>`";
    URL "IT-05" Must Rss Feed
        "The enclosure's `url` is an absolute http or https address."
        => "write the whole address";
    LENGTH "IT-06" Must Rss Feed
        "The enclosure has a `length`."
        => "add the size of the file in bytes";
    LENGTH_NUMBER "IT-07" Must Rss Feed
        "The enclosure's `length` is a whole number of bytes."
        => "write the size of the file in bytes";
    TYPE "IT-08" Must Rss Feed
        "The enclosure has a `type`."
        => "add the media type, such as `audio/mpeg`";
    TYPE_KNOWN "IT-09" Must Psp1 Feed
        "The enclosure's `type` is one that apps play, and never `audio/mp3`."
        => "write `audio/mpeg` for MP3 and `audio/x-m4a` for AAC";
    ENDING "IT-10" Must Apple Feed
        "The enclosure's address ends in `.mp3`, `.m4a`, `.mp4`, `.m4v` or `.mov`."
        => "name the file after its form";
    TYPE_FITS "IT-11" Must Apple Feed
        "The enclosure's `type` and the ending of its address say the same."
        => "correct the type, or the name of the file";
    UNIQUE "IT-12" Must AppleFeed Feed
        "No two episodes have the same sound."
        => "give each episode its own address";
    ASCII "IT-13" Must AppleFeed Feed
        "Addresses of sound, pictures and pages are ASCII: other characters are percent-encoded."
        => "percent-encode the address";
}

/// The types that Apple and PSP-1 take, each with the endings of its files.
const TYPES: &[(&str, &[&str])] = &[
    ("audio/mpeg", &["mp3"]),
    ("audio/x-m4a", &["m4a"]),
    ("audio/m4a", &["m4a"]),
    ("video/mp4", &["mp4", "m4v"]),
    ("video/x-m4v", &["m4v"]),
    ("video/m4v", &["m4v"]),
    ("video/quicktime", &["mov"]),
];

/// An enclosure that can be followed.
pub(super) struct Sound {
    pub(super) place: Place,
    pub(super) url: Url,
    pub(super) length: Option<u64>,
    pub(super) media_type: String,
}

pub(super) fn check<'a>(
    lint: &mut Lint,
    feed: &Feed<'a>,
    item: Node<'a, 'a>,
    seen: &mut BTreeSet<String>,
) -> Option<Sound> {
    let mut all = children(item, Space::Rss, "enclosure");
    let Some(first) = all.next() else {
        lint.find(&PRESENT, feed.place(item), "`<enclosure>` is missing");
        return None;
    };
    if let Some(second) = all.next() {
        lint.find(&ONE, feed.place(second), "there is more than one `<enclosure>`");
    }
    let place = feed.place(first);
    let href = said(first, "url");
    ascii(lint, &place, href);
    let length = length(lint, &place, attribute(first, "length"));
    let Some(url) = values::web(href) else {
        let message = format!("`{}` is no absolute http or https address", shortened(href, 100));
        lint.find(&URL, place, message);
        return None;
    };
    http::encrypted(lint, &place, &url);
    if !seen.insert(url.to_string()) {
        let message = format!("`{}` is the sound of another episode, too", shortened(href, 100));
        lint.find(&UNIQUE, &place, message);
    }
    let media_type = attribute(first, "type").unwrap_or_default().to_owned();
    kind(lint, &place, &url, &media_type);
    Some(Sound { place, url, length, media_type })
}

/// Addresses go through programs that know nothing else.
pub(super) fn ascii(lint: &mut Lint, place: &Place, address: &str) {
    if !address.is_ascii() || address.contains(char::is_whitespace) {
        let message = format!("`{}` is not percent-encoded", shortened(address, 100));
        lint.find(&ASCII, place, message);
    }
}

fn length(lint: &mut Lint, place: &Place, written: Option<&str>) -> Option<u64> {
    let Some(written) = written else {
        lint.find(&LENGTH, place, "`length` is missing");
        return None;
    };
    let digits = !written.is_empty() && written.bytes().all(|b| b.is_ascii_digit());
    let length = written.parse().ok().filter(|_| digits);
    let message = format!("`length` is `{}`, not a number of bytes", shortened(written, 40));
    lint.must(length.is_some(), &LENGTH_NUMBER, place, message);
    length
}

fn kind(lint: &mut Lint, place: &Place, url: &Url, media_type: &str) {
    let ending = values::ending(url);
    let playable = matches!(ending.as_str(), "mp3" | "m4a" | "mp4" | "m4v" | "mov");
    if !playable {
        let message = format!("its name ends in `.{}`", shortened(&ending, 20));
        lint.find(&ENDING, place, message);
    }
    if media_type.is_empty() {
        return lint.find(&TYPE, place, "`type` is missing");
    }
    let shown = shortened(media_type, 40);
    let Some((_, endings)) = TYPES.iter().find(|(name, _)| *name == media_type) else {
        return lint.find(&TYPE_KNOWN, place, format!("apps do not take the type `{shown}`"));
    };
    if playable && !endings.contains(&ending.as_str()) {
        let message = format!("a file of type `{shown}` ends in `.{}`", endings[0]);
        lint.find(&TYPE_FITS, place, message);
    }
}

//! Descriptions and notes: HTML that apps show.

use std::collections::BTreeSet;

use roxmltree::Node;
use url::Url;

use super::document::{Feed, Space, child, text, trimmed, value};
use super::item::Episode;
use super::rule::rules;
use super::{Lint, Place, chapters, values};
use crate::html::{self, Piece};
use crate::text::shortened;

rules! {
    DESCRIPTION "IT-23" Should Psp1 Feed
        "An episode has a `<description>`."
        => "write notes in the episode's `notes.md`";
    LENGTH "IT-24" Must Psp1 Feed
        "An episode's `<description>` has at most 4000 bytes."
        => "shorten it; the full notes belong in `<content:encoded>`";
    TAGS "IT-25" Should Psp1 Feed
        "A description uses the tags p, ol, ul, li, a, b, i, strong and em only, in CDATA."
        => "use other tags in `<content:encoded>` only";
    SCRIPT "IT-26" Must RssProfile Feed
        "Descriptions and notes hold no scripts, styles, frames and event handlers."
        => "remove them from the notes";
    RELATIVE "IT-27" Must RssProfile Feed
        "Links in descriptions and notes are absolute."
        => "write whole addresses; apps cannot resolve others";
    FULL "IT-37" House House Feed
        "The full notes are in `<content:encoded>`, and nothing is linked in the description only."
        => "publish the full notes as `<content:encoded>`";
    MAILS "IT-38" House House Feed
        "Every mail and thread that the notes name is linked by its Message-ID."
        => "link it to the archive, by its Message-ID";
    TIMES "CHP-06" Should AppleChapters Feed
        "The description of an episode with chapters lists at least three of them, from 00:00 and in order."
        => "write the chapters as lines such as `00:12:34 Title`";
}

const SHORT: &[&str] = &["p", "ol", "ul", "li", "a", "b", "i", "strong", "em"];

pub(super) fn check<'a>(
    lint: &mut Lint,
    feed: &Feed<'a>,
    item: Node<'a, 'a>,
    episode: &mut Episode,
) {
    let description = child(item, Space::Rss, "description").filter(|n| !trimmed(*n).is_empty());
    let content = child(item, Space::Content, "encoded");
    if let Some(node) = description {
        let about = text(node);
        let place = feed.place(node);
        let message = format!("`<description>` has {} bytes", about.len());
        lint.must(about.len() <= 4000, &LENGTH, &place, message);
        let pieces = html::pieces(&about);
        short_tags(lint, feed, node, &pieces);
        fragment(lint, &place, &pieces);
        times(lint, item, &place, &pieces, episode);
    } else {
        lint.find(&DESCRIPTION, feed.place(item), "`<description>` is missing or empty");
    }
    let notes = content.map(|node| html::pieces(&text(node)));
    if let (Some(node), Some(pieces)) = (content, &notes) {
        fragment(lint, &feed.place(node), pieces);
        mails(lint, &feed.place(node), pieces);
    }
    full(lint, feed, item, notes.as_deref());
}

fn short_tags<'a>(lint: &mut Lint, feed: &Feed<'a>, node: Node<'a, 'a>, pieces: &[Piece]) {
    let mut others = html::elements(pieces).filter(|e| !SHORT.contains(&e.name.as_str()));
    // What runs has a rule of its own.
    if let Some(other) = others.find(|e| !is_active(e)) {
        let message = format!("it holds `<{}>`", shortened(&other.name, 40));
        lint.find(&TAGS, feed.place(node), message);
    }
    let raw = feed.source.get(node.range()).unwrap_or_default();
    if html::elements(pieces).next().is_some() && !raw.contains("<![CDATA[") {
        lint.find(&TAGS, feed.place(node), "its HTML does not stand in CDATA");
    }
}

fn is_active(element: &html::Element) -> bool {
    matches!(element.name.as_str(), "script" | "style" | "form") || element.is_active()
}

/// HTML inside a feed: no scripts, and every link whole.
fn fragment(lint: &mut Lint, place: &Place, pieces: &[Piece]) {
    for element in html::elements(pieces) {
        if is_active(element) {
            let message = format!("it holds an active `<{}>`", shortened(&element.name, 40));
            lint.find(&SCRIPT, place, message);
        }
        for link in [element.get("href"), element.get("src")].into_iter().flatten() {
            if Url::parse(link).is_err() {
                let message = format!("the link `{}` is not whole", shortened(link, 80));
                lint.find(&RELATIVE, place, message);
            }
        }
    }
}

/// The list of times in a description, as Apple and Spotify read it.
fn times<'a>(
    lint: &mut Lint,
    item: Node<'a, 'a>,
    place: &Place,
    pieces: &[Piece],
    episode: &mut Episode,
) {
    let list: Vec<(f64, String)> = lines(pieces).iter().filter_map(|line| timed(line)).collect();
    let elsewhere = child(item, Space::Podcast, "chapters").is_some()
        || child(item, Space::Psc, "chapters").is_some();
    if list.is_empty() && !elsewhere {
        return;
    }
    let ordered = list.windows(2).all(|pair| pair[0].0 < pair[1].0);
    let first = list.first().is_some_and(|(start, _)| *start == 0.0);
    let message = match (list.len(), first, ordered) {
        (0..3, ..) => format!("it lists {} times", list.len()),
        (_, false, _) => "the first time is not 00:00:00".to_owned(),
        (_, _, false) => "the times are not in order".to_owned(),
        _ => String::new(),
    };
    lint.must(message.is_empty(), &TIMES, place, message);
    if !list.is_empty() {
        let from = "the description";
        episode.chapters.push(chapters::List { from, place: place.clone(), entries: list });
    }
}

/// The lines of a text as a reader sees them.
fn lines(pieces: &[Piece]) -> Vec<String> {
    let mut all = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => all.push_str(text),
            Piece::Open(element) if is_inline(&element.name) => {}
            Piece::Close(name) if is_inline(name) => {}
            _ => all.push('\n'),
        }
    }
    all.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

fn is_inline(name: &str) -> bool {
    matches!(name, "a" | "b" | "i" | "em" | "strong" | "code" | "span" | "time" | "small")
}

/// `00:12:34 Title`, perhaps in brackets.
fn timed(line: &str) -> Option<(f64, String)> {
    let line = line.trim_start_matches(['(', '[']);
    let end = line.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(line.len());
    let (time, title) = line.split_at(end);
    let title = title.trim_start_matches([')', ']', ' ', '-', '–', '—', ':', '\u{a0}']).trim();
    let start = values::play_time(time).filter(|_| time.contains(':') && !title.is_empty())?;
    Some((start, title.to_owned()))
}

fn full<'a>(lint: &mut Lint, feed: &Feed<'a>, item: Node<'a, 'a>, notes: Option<&[Piece]>) {
    let Some(notes) = notes else {
        return lint.find(&FULL, feed.place(item), "`<content:encoded>` is missing");
    };
    let own = value(item, Space::Rss, "link");
    let short = html::pieces(&value(item, Space::Rss, "description"));
    let known: BTreeSet<&str> = html::elements(notes).filter_map(|e| e.get("href")).collect();
    let missing = html::elements(&short)
        .filter_map(|e| e.get("href"))
        .find(|link| !known.contains(link) && !link.starts_with(own.as_str()));
    if let Some(link) = missing.filter(|_| !own.is_empty()) {
        let message = format!("`{}` is linked in the description only", shortened(link, 80));
        lint.find(&FULL, feed.place_of(item, Space::Content, "encoded"), message);
    }
}

/// Mails that are named in plain words, and links to an archive that name none.
fn mails(lint: &mut Lint, place: &Place, pieces: &[Piece]) {
    let (mut in_link, mut in_code) = (false, false);
    for piece in pieces {
        match piece {
            Piece::Open(element) if element.name == "a" => {
                in_link = true;
                let href = element.get("href").unwrap_or_default();
                if names_no_mail(href) {
                    let message = format!("`{}` leads to no mail", shortened(href, 80));
                    lint.find(&MAILS, place, message);
                }
            }
            Piece::Open(element) if matches!(element.name.as_str(), "pre" | "code") => {
                in_code = true
            }
            Piece::Close(name) if name == "a" => in_link = false,
            Piece::Close(name) if matches!(name.as_str(), "pre" | "code") => in_code = false,
            Piece::Text(text) if !in_link && !in_code => {
                if let Some(mail) = named_mail(text) {
                    let message = format!("`{}` is not linked", shortened(mail, 80));
                    lint.find(&MAILS, place, message);
                }
            }
            _ => {}
        }
    }
}

/// A link to the archive of the kernel's lists that names a list only, or nothing.
fn names_no_mail(href: &str) -> bool {
    let Some(url) = values::web(href).filter(|url| url.host_str() == Some("lore.kernel.org"))
    else {
        return false;
    };
    let segments = url.path_segments().map_or(0, |s| s.filter(|s| !s.is_empty()).count());
    segments > 1 && !url.path().contains('@') && !url.path().to_lowercase().contains("%40")
}

/// A Message-ID in angle brackets, or the subject of a patch.
fn named_mail(text: &str) -> Option<&str> {
    let subject = ["[PATCH", "[RFC PATCH", "[GIT PULL"].iter().find_map(|start| text.find(start));
    if let Some(at) = subject {
        return Some(text[at..].lines().next().unwrap_or_default());
    }
    let (_, inside) = text.split_once('<')?;
    let (id, _) = inside.split_once('>')?;
    let plain = !id.contains(char::is_whitespace) && id.len() < 250;
    id.split_once('@').filter(|(left, right)| plain && !left.is_empty() && !right.is_empty())?;
    Some(id)
}

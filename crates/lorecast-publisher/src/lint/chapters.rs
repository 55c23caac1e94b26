//! Chapters: the file of JSON chapters 1.2, Podlove Simple Chapters in the feed, and whether all lists of
//! an episode agree.

use roxmltree::Node;
use serde_json::Value;

use super::document::{Feed, Space, attribute, children, said};
use super::item::Episode;
use super::reach::Opened;
use super::rule::rules;
use super::{Lint, Place, http, podcast, values};
use crate::text::shortened;

rules! {
    JSON "CHP-01" Must JsonChapters Sidecar
        "The file of chapters is JSON with a version in words and a list of chapters."
        => "make the chapters again with `lorecast master`, then publish";
    STARTS "CHP-02" Must JsonChapters Sidecar
        "Every chapter starts at a number of seconds, each after the one before."
        => "make the chapters again with `lorecast master`, then publish";
    ENDS "CHP-03" Must House Sidecar
        "Chapters end after they start, before the next starts, and within the episode."
        => "make the chapters again with `lorecast master`, then publish";
    PARTS "CHP-04" Should JsonChapters Sidecar
        "Pictures and links of chapters are absolute, `toc` is true or false, a location has name and geo."
        => "correct the chapter";
    FIRST "CHP-05" Should AppleChapters Sidecar
        "The first chapter starts at 0."
        => "let the first chapter start at 0; Apple ignores the list otherwise";
    PODLOVE "CHP-07" Must Podlove Feed
        "`<psc:chapters>` is of version 1.1 or 1.2; each chapter has a title and a start in play time."
        => "write starts such as `00:12:34.500`";
    PODLOVE_ORDER "CHP-08" Must Podlove Feed
        "The chapters of `<psc:chapters>` stand in order of time."
        => "sort the chapters by their start";
    AGREE "CHP-14" Must House Media
        "All lists of an episode's chapters have the same titles, and starts within a second."
        => "publish again, so that all of them come from `master.json`";
}

const LIMIT: u64 = 8_000_000;

/// A list of chapters, as one of the forms tells it.
pub(super) struct List {
    /// What it is from, in words.
    pub(super) from: &'static str,
    pub(super) place: Place,
    /// Starts in seconds, and titles.
    pub(super) entries: Vec<(f64, String)>,
}

/// The starts and titles of the list that tells them best: in a description seconds are whole.
pub(super) fn finest(mut lists: Vec<List>) -> Vec<(f64, String)> {
    lists.sort_by_key(|list| list.entries.iter().all(|(start, _)| start.fract() == 0.0));
    lists.into_iter().next().map(|list| list.entries).unwrap_or_default()
}

pub(super) fn check<'a>(
    lint: &mut Lint,
    feed: &Feed<'a>,
    item: Node<'a, 'a>,
    episode: &mut Episode,
) {
    for node in children(item, Space::Podcast, "chapters") {
        file(lint, feed, node, episode);
    }
    for node in children(item, Space::Psc, "chapters") {
        podlove(lint, feed, node, episode);
    }
    agree(lint, episode);
}

fn file<'a>(lint: &mut Lint, feed: &Feed<'a>, node: Node<'a, 'a>, episode: &mut Episode) {
    let place = feed.place(node);
    let Some(url) = values::web(said(node, "url")) else { return };
    http::encrypted(lint, &place, &url);
    let (name, bytes) = match lint.reach.open(&url, LIMIT) {
        Opened::File(name, bytes) => (name, bytes),
        Opened::Missing(why) => {
            return lint.find(&http::LINKS, place, format!("the file of chapters `{url}` {why}"));
        }
        Opened::Elsewhere => return,
    };
    match serde_json::from_slice::<Value>(&bytes) {
        Ok(json) => content(lint, &name, &json, episode),
        Err(error) => {
            let (line, column) = (error.line() as u32, error.column() as u32);
            let message = format!("it is not JSON: {error}");
            lint.find(&JSON, Place::at(&name, line, column.max(1)), message);
        }
    }
}

fn content(lint: &mut Lint, name: &str, json: &Value, episode: &mut Episode) {
    lint.must(json["version"].is_string(), &JSON, name, "`version` is no string");
    let Some(chapters) = json["chapters"].as_array() else {
        return lint.find(&JSON, name, "`chapters` is no list");
    };
    let mut entries = Vec::new();
    let (mut last, mut open) = (f64::NEG_INFINITY, None::<f64>);
    for (number, chapter) in (1..).zip(chapters) {
        let Some(start) = chapter["startTime"].as_f64() else {
            lint.find(&STARTS, name, format!("`startTime` of chapter {number} is no number"));
            continue;
        };
        if start <= last || start < 0.0 {
            let message = format!("chapter {number} starts at {start} s, not after the one before");
            lint.find(&STARTS, name, message);
        } else {
            ends(lint, name, (number, chapter, start), open, episode.length);
        }
        open = chapter["endTime"].as_f64();
        parts(lint, name, number, chapter);
        last = start;
        // What is not in the table of contents is no chapter to a listener.
        if chapter["toc"] != Value::Bool(false) {
            entries.push((start, chapter["title"].as_str().unwrap_or_default().trim().to_owned()));
        }
    }
    if let Some((start, _)) = entries.first().filter(|(start, _)| *start != 0.0) {
        lint.find(&FIRST, name, format!("the first chapter starts at {start} s"));
    }
    episode.chapters.push(List { from: "the file", place: name.into(), entries });
}

fn ends(
    lint: &mut Lint,
    name: &str,
    (number, chapter, start): (usize, &Value, f64),
    open: Option<f64>,
    length: Option<f64>,
) {
    let end = &chapter["endTime"];
    // What the feed says of the length has whole seconds.
    let within = |time: f64| length.is_none_or(|length| time <= length + 1.0);
    let message = match end.as_f64() {
        _ if open.is_some_and(|end| end > start) => "starts before the one before has ended",
        _ if !within(start) => "starts after the episode's end",
        Some(end) if end <= start => "ends before it starts",
        Some(end) if !within(end) => "ends after the episode's end",
        None if !end.is_null() => "ends at no number",
        _ => return,
    };
    lint.find(&ENDS, name, format!("chapter {number} {message}"));
}

fn parts(lint: &mut Lint, name: &str, number: usize, chapter: &Value) {
    let absolute =
        |key: &str| chapter[key].is_null() || chapter[key].as_str().and_then(values::web).is_some();
    for key in ["img", "url"] {
        let message = format!("`{key}` of chapter {number} is no absolute address");
        lint.must(absolute(key), &PARTS, name, message);
    }
    let toc = chapter["toc"].is_null() || chapter["toc"].is_boolean();
    lint.must(toc, &PARTS, name, format!("`toc` of chapter {number} is not true or false"));
    let place = &chapter["location"];
    let good = place.is_null()
        || place["name"].as_str().is_some_and(|name| !name.is_empty())
            && place["geo"].as_str().is_some_and(podcast::is_geo);
    lint.must(good, &PARTS, name, format!("`location` of chapter {number} lacks name or geo"));
}

fn podlove<'a>(lint: &mut Lint, feed: &Feed<'a>, node: Node<'a, 'a>, episode: &mut Episode) {
    let version = said(node, "version");
    let message = format!("its version is `{}`", shortened(version, 20));
    lint.must(matches!(version, "1.1" | "1.2"), &PODLOVE, feed.place(node), message);
    let mut entries = Vec::new();
    for chapter in children(node, Space::Psc, "chapter") {
        let place = feed.place(chapter);
        let title = said(chapter, "title");
        lint.must(!title.is_empty(), &PODLOVE, &place, "the chapter has no title");
        let start = attribute(chapter, "start").unwrap_or_default();
        let Some(start) = values::play_time(start) else {
            let message = format!("its start is `{}`", shortened(start, 40));
            lint.find(&PODLOVE, place, message);
            continue;
        };
        if entries.last().is_some_and(|(last, _)| *last >= start) {
            lint.find(&PODLOVE_ORDER, place, "it does not start after the one before");
        }
        entries.push((start, title.to_owned()));
    }
    let from = "Podlove Simple Chapters";
    episode.chapters.push(List { from, place: feed.place(node), entries });
}

/// The page's list comes to the others later, from the site.
fn agree(lint: &mut Lint, episode: &Episode) {
    let Some((first, others)) = episode.chapters.split_first() else { return };
    // Where a list has faults of its own, they are told.
    let faulty =
        |lint: &Lint| lint.findings.iter().any(|f| faults_of_lists().contains(&f.rule.as_str()));
    if others.is_empty() || faulty(lint) {
        return;
    }
    for other in others {
        if let Some(difference) = difference(&first.entries, &other.entries) {
            let message = format!("{} and {}: {difference}", other.from, first.from);
            lint.find(&AGREE, &other.place, message);
        }
    }
}

fn faults_of_lists() -> [&'static str; 8] {
    ["CHP-01", "CHP-02", "CHP-05", "CHP-06", "CHP-07", "CHP-08", "CHP-12", "CHP-13"]
}

/// How two lists of chapters differ, in words.
pub(super) fn difference(a: &[(f64, String)], b: &[(f64, String)]) -> Option<String> {
    if a.len() != b.len() {
        return Some(format!("{} chapters and {}", b.len(), a.len()));
    }
    a.iter().zip(b).find_map(|((start, title), (other, name))| {
        let apart = (start - other).abs();
        if apart > 1.0 {
            return Some(format!("`{}` starts {apart:.1} s apart", shortened(title, 60)));
        }
        let same = values::words(title) == values::words(name);
        (!same).then(|| format!("`{}` is `{}`", shortened(name, 60), shortened(title, 60)))
    })
}

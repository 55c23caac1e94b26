//! Lists beside the feed: JSON Feed, sitemap and OPML.

use std::collections::BTreeSet;

use camino::Utf8Path;
use jiff::Timestamp;
use roxmltree::Document;
use serde_json::Value;

use super::super::document::{Feed, Space, value};
use super::super::{Lint, values};
use super::{LISTS, SCHEDULED};
use crate::text::shortened;

pub(super) fn check(lint: &mut Lint, feed: &Feed) {
    let links: BTreeSet<String> = feed
        .items()
        .map(|item| value(item, Space::Rss, "link"))
        .filter(|link| values::web(link).is_some())
        .collect();
    let guids: BTreeSet<String> =
        feed.items().map(|item| value(item, Space::Rss, "guid")).collect();
    for (path, _) in lint.reach.files() {
        match (path.file_name().unwrap_or_default(), path.parent().map(Utf8Path::as_str)) {
            ("feed.json", Some("")) => json_feed(lint, &path, &guids, &links),
            ("sitemap.xml", Some("")) => sitemap(lint, &path, &links),
            (name, _) if name.ends_with(".opml") => opml(lint, &path),
            _ => {}
        }
    }
}

/// JSON Feed 1.1: its items are those of the feed, by id or address.
fn json_feed(lint: &mut Lint, path: &Utf8Path, guids: &BTreeSet<String>, links: &BTreeSet<String>) {
    let Ok(text) = lint.reach.text(path) else { return };
    let Ok(json) = serde_json::from_str::<Value>(&text) else {
        return lint.find(&LISTS, path, "it is not JSON");
    };
    let items = json["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let all = |key: &str| -> BTreeSet<String> {
        items.iter().filter_map(|item| item[key].as_str()).map(str::to_owned).collect()
    };
    let same = all("id") == *guids || all("url") == *links;
    let paged =
        json["next_url"].is_string() && (all("id").is_subset(guids) || all("url").is_subset(links));
    lint.must(same || paged, &LISTS, path, "its episodes are not those of the feed");
    for date in items.iter().filter_map(|item| item["date_published"].as_str()) {
        scheduled(lint, path, date);
    }
}

/// The sitemap: every episode's page, and none before its time.
fn sitemap(lint: &mut Lint, path: &Utf8Path, links: &BTreeSet<String>) {
    let Ok(text) = lint.reach.text(path) else { return };
    let Ok(document) = Document::parse(&text) else {
        return lint.find(&LISTS, path, "it is not XML");
    };
    let all = |name: &'static str| {
        let nodes = document.descendants().filter(move |n| n.tag_name().name() == name);
        nodes.filter_map(|n| n.text()).map(|text| text.trim().to_owned())
    };
    let known: BTreeSet<String> = all("loc").collect();
    if let Some(missing) = links.iter().find(|link| !known.contains(*link)) {
        lint.find(&LISTS, path, format!("it lacks `{}`", shortened(missing, 100)));
    }
    for date in all("lastmod") {
        scheduled(lint, path, &date);
    }
}

fn scheduled(lint: &mut Lint, path: &Utf8Path, date: &str) {
    let Some(now) = lint.now() else { return };
    let day = format!("{date}T00:00:00Z");
    let time = date.parse::<Timestamp>().or_else(|_| day.parse());
    if time.is_ok_and(|time| time > now) {
        lint.find(&SCHEDULED, path, format!("`{}` is in the future", shortened(date, 40)));
    }
}

/// OPML: every feed of this site that it names is there.
fn opml(lint: &mut Lint, path: &Utf8Path) {
    let Ok(text) = lint.reach.text(path) else { return };
    let Ok(document) = Document::parse(&text) else {
        return lint.find(&LISTS, path, "it is not XML");
    };
    let feeds = document.descendants().filter_map(|n| n.attribute("xmlUrl")).map(str::to_owned);
    for address in feeds.collect::<Vec<_>>() {
        let file = values::web(&address).and_then(|url| lint.reach.path_of(&url));
        if file.is_some_and(|file| !lint.reach.has(&file)) {
            lint.find(&LISTS, path, format!("there is no `{}`", shortened(&address, 100)));
        }
    }
}

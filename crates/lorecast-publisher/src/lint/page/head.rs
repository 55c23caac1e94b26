//! The head of a page: what search engines, apps and networks read.

use serde_json::Value;
use url::Url;

use super::super::Lint;
use super::super::artwork;
use super::super::reach::Opened;
use super::{CARD, DATA, FOUND, Page, SHARED};
use crate::html::{Element, Piece};

pub(super) fn check(lint: &mut Lint, page: &Page) {
    let path = page.path.as_str();
    if page.is_error() {
        return;
    }
    let described = !page.meta("description").is_empty();
    lint.must(described, &FOUND, path, "`<meta name=\"description\">` is missing");
    let shut = page.meta("robots").contains("noindex");
    lint.must(!shut, &FOUND, path, "`robots` shuts search engines out");
    let viewport = !page.meta("viewport").is_empty();
    lint.must(viewport, &FOUND, path, "`<meta name=\"viewport\">` is missing");
    let links = |rel: &str, kind: Option<&str>| {
        page.all("link")
            .any(|e| has_rel(e, rel) && kind.is_none_or(|kind| e.get("type") == Some(kind)))
    };
    let feed = links("alternate", Some("application/rss+xml"));
    lint.must(feed, &SHARED, path, "no `<link rel=\"alternate\">` leads to the feed");
    lint.must(links("canonical", None), &SHARED, path, "`<link rel=\"canonical\">` is missing");
    if page.told.is_none() {
        return;
    }
    let needed =
        ["og:title", "og:type", "og:url", "og:image", "og:image:alt", "og:audio", "twitter:card"];
    for name in needed {
        lint.must(!page.meta(name).is_empty(), &SHARED, path, format!("`{name}` is missing"));
    }
    data(lint, page);
    card(lint, page);
}

fn has_rel(element: &Element, rel: &str) -> bool {
    element.get("rel").is_some_and(|own| own.split_whitespace().any(|own| own == rel))
}

/// JSON-LD of schema.org.
fn data(lint: &mut Lint, page: &Page) {
    let mut pieces = page.pieces.iter();
    let mut found = Vec::new();
    while let Some(piece) = pieces.next() {
        if let Piece::Open(e) = piece
            && e.name == "script"
            && e.get("type") == Some("application/ld+json")
            && let Some(Piece::Text(text)) = pieces.next()
            && let Ok(json) = serde_json::from_str::<Value>(text)
        {
            found.push(json);
        }
    }
    let nodes = found.iter().flat_map(|json| match &json["@graph"] {
        Value::Array(nodes) => nodes.iter().collect::<Vec<_>>(),
        _ => vec![json],
    });
    let episode = nodes.into_iter().find(|node| node["@type"] == "PodcastEpisode");
    let Some(episode) = episode else {
        return lint.find(&DATA, page.path.as_str(), "it has no JSON-LD of a PodcastEpisode");
    };
    for key in ["partOfSeries", "datePublished", "duration", "associatedMedia"] {
        let message = format!("its PodcastEpisode has no `{key}`");
        lint.must(!episode[key].is_null(), &DATA, page.path.as_str(), message);
    }
}

fn card(lint: &mut Lint, page: &Page) {
    let Ok(url) = Url::parse(page.meta("og:image")) else { return };
    match lint.reach.open(&url, 100_000_000) {
        Opened::File(name, bytes) => {
            let size = artwork::size(&bytes);
            let (width, height) = size.unwrap_or_default();
            let message = format!("`{name}` is {width} x {height}");
            lint.must(size == Some((1200, 630)), &CARD, page.path.as_str(), message);
        }
        Opened::Missing(why) => {
            lint.find(&CARD, page.path.as_str(), format!("the picture `{url}` {why}"));
        }
        Opened::Elsewhere => {}
    }
}

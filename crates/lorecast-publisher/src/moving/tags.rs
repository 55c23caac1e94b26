//! Elements of other namespaces, under whatever prefix a feed gives them.

use rss::Channel;
use rss::extension::{Extension, ExtensionMap};
use url::Url;

use crate::lint::values::web;
use crate::text::one_line;

const PODCAST: &[&str] = &[
    "https://podcastindex.org/namespace/1.0",
    "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
];
const CHAPTERS: &[&str] =
    &["http://podlove.org/simple-chapters", "http://podlove.org/simple-chapters/"];
const ATOM: &[&str] = &["http://www.w3.org/2005/Atom"];

/// Which prefixes a feed uses.
pub(super) struct Prefixes {
    podcast: String,
    chapters: String,
    atom: String,
}

impl Prefixes {
    pub(super) fn of(channel: &Channel) -> Self {
        let prefix = |known: &[&str], usual: &str| {
            let mut named = channel.namespaces().iter();
            let found = named.find(|(_, uri)| known.contains(&uri.trim()));
            found.map_or_else(|| usual.to_owned(), |(prefix, _)| prefix.clone())
        };
        Self {
            podcast: prefix(PODCAST, "podcast"),
            chapters: prefix(CHAPTERS, "psc"),
            atom: prefix(ATOM, "atom"),
        }
    }

    /// Elements of the podcast namespace.
    pub(super) fn podcast<'a>(&'a self, map: &'a ExtensionMap) -> Tags<'a> {
        Tags { map, prefix: &self.podcast }
    }

    /// Podlove Simple Chapters.
    pub(super) fn chapters<'a>(&'a self, map: &'a ExtensionMap) -> Tags<'a> {
        Tags { map, prefix: &self.chapters }
    }

    /// Elements of Atom.
    pub(super) fn atom<'a>(&'a self, map: &'a ExtensionMap) -> Tags<'a> {
        Tags { map, prefix: &self.atom }
    }
}

/// The elements of one namespace.
pub(super) struct Tags<'a> {
    map: &'a ExtensionMap,
    prefix: &'a str,
}

impl<'a> Tags<'a> {
    /// Those of a name, in order.
    pub(super) fn all(&self, name: &str) -> &'a [Extension] {
        let found = self.map.get(self.prefix).and_then(|tags| tags.get(name));
        found.map_or(&[], Vec::as_slice)
    }

    /// The text of the first of a name.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.all(name).first().map(text).filter(|text| !text.is_empty())
    }

    /// The address of an Atom link.
    pub(super) fn link(&self, rel: &str) -> Option<Url> {
        let links = self.all("link").iter();
        let mut found = links.filter(|link| link.attrs().get("rel").is_some_and(|r| r == rel));
        found.find_map(|link| link.attrs().get("href").and_then(|href| web(href.trim())))
    }

    /// The addresses of all Atom links of a relation.
    pub(super) fn links(&self, rel: &str) -> Vec<String> {
        let links = self.all("link").iter();
        let links = links.filter(|link| link.attrs().get("rel").is_some_and(|r| r == rel));
        links.filter_map(|link| attribute(link, "href")).collect()
    }
}

/// An element's text, on one line.
pub(super) fn text(element: &Extension) -> String {
    one_line(element.value().unwrap_or_default())
}

/// An attribute that says something.
pub(super) fn attribute(element: &Extension, name: &str) -> Option<String> {
    element.attrs().get(name).map(|value| one_line(value)).filter(|value| !value.is_empty())
}

/// An attribute that is a web address.
pub(super) fn address(element: &Extension, name: &str) -> Option<Url> {
    attribute(element, name).and_then(|value| web(&value))
}

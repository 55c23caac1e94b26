//! The feed as a document, and the parts that the other modules look at.

use camino::Utf8Path;
use roxmltree::{Document, Node, ParsingOptions};

use super::rules::{self, Rule};
use super::{Folder, Lines, channel, control_character, item};
use crate::text::shortened;

/// Apps stop reading somewhere; no weekly show comes near.
const LIMIT: u64 = 10_000_000;
const LARGE: usize = 1_000_000;
/// More elements than any feed within the limit needs; it bounds memory.
const MOST_NODES: u32 = 2_000_000;

pub(super) const ITUNES: &str = "http://www.itunes.com/dtds/podcast-1.0.dtd";
pub(super) const PODCAST: &str = "https://podcastindex.org/namespace/1.0";
pub(super) const ATOM: &str = "http://www.w3.org/2005/Atom";
pub(super) const CONTENT: &str = "http://purl.org/rss/1.0/modules/content/";

/// The feed with what is needed to name a place in it.
pub(super) struct Feed<'a> {
    lines: Lines,
    pub(super) channel: Node<'a, 'a>,
}

impl<'a> Feed<'a> {
    /// `feed.xml:12`
    pub(super) fn place(&self, node: Node) -> String {
        format!("feed.xml:{}", self.lines.at(node.range().start))
    }

    pub(super) fn items(&self) -> impl Iterator<Item = Node<'a, 'a>> {
        self.channel.children().filter(|n| named(*n, "", "item"))
    }
}

/// Whether an element has this name in this namespace (`""` is that of RSS itself).
pub(super) fn named(node: Node, namespace: &str, name: &str) -> bool {
    let tag = node.tag_name();
    tag.name() == name && tag.namespace().unwrap_or("") == namespace
}

/// The children with a name.
pub(super) fn children<'a>(
    parent: Node<'a, 'a>,
    namespace: &'a str,
    name: &'a str,
) -> impl Iterator<Item = Node<'a, 'a>> {
    parent.children().filter(move |n| named(*n, namespace, name))
}

/// The first child with a name.
pub(super) fn child<'a>(
    parent: Node<'a, 'a>,
    namespace: &'a str,
    name: &'a str,
) -> Option<Node<'a, 'a>> {
    children(parent, namespace, name).next()
}

/// The text of an element, in one piece.
pub(super) fn text(node: Node) -> String {
    node.children().filter_map(|n| n.text()).collect()
}

/// The text of the first child with a name, trimmed; empty when there is none.
pub(super) fn value(parent: Node, namespace: &str, name: &str) -> String {
    let found = parent.children().find(|n| named(*n, namespace, name));
    found.map(|n| text(n).trim().to_owned()).unwrap_or_default()
}

pub(super) fn check(folder: &mut Folder) {
    let Some(source) = read(folder) else { return };
    let options = ParsingOptions { nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document = match Document::parse_with_options(&source, options) {
        Ok(document) => document,
        Err(error) => {
            let place = format!("feed.xml:{}", error.pos().row);
            return folder.find(&rules::FEED_XML, place, format!("it is not XML: {error}"));
        }
    };
    let lines = Lines::of(&source);
    let root = document.root_element();
    if !named(root, "", "rss") || root.attribute("version") != Some("2.0") {
        let place = format!("feed.xml:{}", lines.at(root.range().start));
        folder.find(&rules::RSS_VERSION, place, "the root is not `<rss version=\"2.0\">`");
    }
    let mut channels = children(root, "", "channel");
    let (channel, second) = (channels.next(), channels.next());
    if let (None, _) | (_, Some(_)) = (channel, second) {
        folder.find(&rules::RSS_VERSION, "feed.xml", "there is not exactly one `<channel>`");
    }
    let Some(channel) = channel else { return };
    let feed = Feed { lines, channel };
    namespaces(folder, root);
    spaces(folder, &feed);
    channel::check(folder, &feed);
    item::check(folder, &feed);
}

fn read(folder: &mut Folder) -> Option<String> {
    let (bytes, whole) = match folder.read(Utf8Path::new("feed.xml"), LIMIT) {
        Ok(read) => read,
        Err(error) => {
            let message = format!("the feed cannot be read: {error}");
            folder.find(&rules::FEED_MISSING, "feed.xml", message);
            return None;
        }
    };
    if !whole {
        folder.find(&rules::FEED_TOO_LARGE, "feed.xml", "it has more than 10 MB");
        return None;
    }
    if bytes.len() > LARGE {
        let message = format!("it has {:.1} MB", bytes.len() as f64 / 1e6);
        folder.find(&rules::FEED_SIZE, "feed.xml", message);
    }
    let Ok(text) = String::from_utf8(bytes) else {
        folder.find(&rules::FEED_XML, "feed.xml", "it is not UTF-8");
        return None;
    };
    if let Some((line, c)) = control_character(&text) {
        let message = format!("it holds the character U+{:04X}", c as u32);
        folder.find(&rules::CONTROL_CHARACTER, format!("feed.xml:{line}"), message);
    }
    Some(text)
}

/// The prefixes that everyone uses must stand for the exact names, case included.
fn namespaces(folder: &mut Folder, root: Node) {
    let known = [("itunes", ITUNES), ("podcast", PODCAST), ("atom", ATOM), ("content", CONTENT)];
    for (prefix, expected) in known {
        let declared = root.lookup_namespace_uri(Some(prefix));
        if let Some(other) = declared.filter(|uri| *uri != expected) {
            let message =
                format!("`xmlns:{prefix}` is `{}`, not `{expected}`", shortened(other, 100));
            folder.find(&rules::NAMESPACE, "feed.xml", message);
        }
        if declared.is_none() && prefix == "itunes" {
            folder.find(&rules::NAMESPACE, "feed.xml", "`xmlns:itunes` is missing");
        }
    }
}

/// PSP-1: no space around values. HTML may end in a line break.
fn spaces(folder: &mut Folder, feed: &Feed) {
    let prose = |n: Node| named(n, "", "description") || named(n, CONTENT, "encoded");
    let leaves = feed.channel.descendants().filter(|n| n.is_element() && !prose(*n));
    for node in leaves.filter(|n| n.first_element_child().is_none()) {
        let value = text(node);
        if !value.trim().is_empty() && value.trim() != value {
            let message = format!("`<{}>` has space around its value", node.tag_name().name());
            folder.find(&rules::TEXT_SPACE, feed.place(node), message);
        }
    }
}

/// Finds a value that must be there, and returns it with its place.
pub(super) fn required(
    folder: &mut Folder,
    feed: &Feed,
    parent: Node,
    name: &str,
    rule: &Rule,
) -> Option<(String, String)> {
    let found: Vec<Node> = parent.children().filter(|n| named(*n, "", name)).collect();
    let value = found.first().map(|n| text(*n).trim().to_owned()).unwrap_or_default();
    let place = feed.place(found.first().copied().unwrap_or(parent));
    if found.len() > 1 {
        folder.find(rule, place.clone(), format!("there is more than one `<{name}>`"));
    }
    if value.is_empty() {
        folder.find(rule, place, format!("`<{name}>` is missing or empty"));
        return None;
    }
    Some((value, place))
}

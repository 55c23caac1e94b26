//! The feed as XML: well-formed, with the right namespaces, elements and places.

use roxmltree::{Document, Error, Node, ParsingOptions};

use super::document::{self, Feed, Lines, SPACES, Space, children, named, space, tag, text};
use super::rule::rules;
use super::{Lint, Place};
use crate::text::{is_printable, shortened};

rules! {
    WELL_FORMED "XML-01" Must AppleFeed Feed
        "The feed is well-formed XML 1.0 in UTF-8 with a true XML declaration and no control characters."
        => "write it with a library for XML; `lorecast publish` does";
    NAMESPACES "XML-02" Must Psp1 Feed
        "Every prefix is declared, and `itunes`, `podcast` and `atom` with their exact names."
        => "declare the prefix in `<rss>`";
    NAMESPACE_CASE "XML-03" Must Psp1 Feed
        "The names of namespaces are exact, upper and lower case included."
        => "copy the name of the namespace from its document";
    PODCAST_NAMESPACE "XML-04" Must Podcasting Feed
        "The podcast namespace is `https://podcastindex.org/namespace/1.0`."
        => "declare `xmlns:podcast=\"https://podcastindex.org/namespace/1.0\"`";
    ROOT "XML-05" Must Rss Feed
        "The root is `<rss version=\"2.0\">` with exactly one `<channel>`."
        => "write the feed as RSS 2.0";
    CONTENT_NAMESPACE "XML-06" Should Psp1 Feed
        "The content namespace is declared where `content:encoded` is used."
        => "declare `xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"`";
    SPACE_AROUND "XML-07" Must Psp1 Feed
        "No value has space around it."
        => "remove the space around the value";
    VALUE_LENGTH "XML-08" Must Psp1 Feed
        "Values have at most 255 characters where the element does not say otherwise."
        => "shorten it to 255 characters";
    CASE "XML-09" Must AppleFeed Feed
        "Elements and attributes are written with the upper and lower case of their specification."
        => "write the name as the specification does";
    UNKNOWN_TAG "XML-10" Should Podcasting Feed
        "Every element of the podcast namespace is one that it knows."
        => "remove the element, or write the name that the namespace has";
    PARENT "XML-11" Must Podcasting Feed
        "Every element of the podcast namespace stands where it is allowed."
        => "move the element to the place that its specification names";
    DOCTYPE "XML-12" Must House Feed
        "The feed has no DOCTYPE, no entities of its own and no external references."
        => "remove the DOCTYPE; XML has all the entities that a feed needs";
}

/// More elements than any feed within the limit needs; it bounds memory.
const MOST_NODES: u32 = 4_000_000;
/// The source as text, with what is wrong with it as such.
pub(super) fn source(lint: &mut Lint, name: &str, bytes: Vec<u8>) -> Option<String> {
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let good =
                String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
            let place = spot(name, &good, good.len());
            lint.find(&WELL_FORMED, place, "it is not UTF-8");
            return None;
        }
    };
    let plain = text.trim_start_matches('\u{feff}');
    match declaration(plain) {
        None => lint.find(&WELL_FORMED, spot(name, plain, 0), "it has no XML declaration"),
        Some(encoding) if !encoding.is_empty() && !encoding.eq_ignore_ascii_case("utf-8") => {
            let message = format!("it says that it is `{}`, and is UTF-8", shortened(encoding, 40));
            lint.find(&WELL_FORMED, spot(name, plain, 0), message);
        }
        Some(_) => {}
    }
    Some(text)
}

/// The encoding that an XML declaration names; empty when it names none.
fn declaration(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("<?xml ")?.split_once("?>")?.0;
    let Some((_, rest)) = inside.split_once("encoding") else { return Some("") };
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next()?;
    rest[1..].split(quote).next()
}

/// The document, or nothing and a finding.
pub(super) fn parse<'a>(lint: &mut Lint, name: &str, source: &'a str) -> Option<Document<'a>> {
    if let Some((at, c)) = source.char_indices().find(|(_, c)| !is_printable(*c) && *c != '\r') {
        let message = format!("it holds the character U+{:04X}", c as u32);
        lint.find(&WELL_FORMED, spot(name, source, at), message);
        return None;
    }
    let options = ParsingOptions { nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let error = match Document::parse_with_options(source, options) {
        Ok(document) => return Some(document),
        Err(error) => error,
    };
    let place = Place::at(name, error.pos().row, error.pos().col);
    match &error {
        Error::DtdDetected => {
            let at = source.find("<!DOCTYPE").unwrap_or(0);
            lint.find(&DOCTYPE, spot(name, source, at), "it has a DOCTYPE, so that it is not read");
        }
        Error::UnknownNamespace(prefix, _) => {
            let message = format!("the prefix `{}` is not declared", shortened(prefix, 40));
            lint.find(&NAMESPACES, place, message);
        }
        _ => lint.find(&WELL_FORMED, place, format!("it is not XML: {error}")),
    }
    None
}

fn spot(name: &str, text: &str, at: usize) -> Place {
    let spot = Lines::of(text).spot(text, at);
    Place::at(name, spot.line, spot.column)
}

/// The channel of a document.
pub(super) fn channel<'a>(
    lint: &mut Lint,
    name: &str,
    document: &'a Document<'a>,
) -> Option<Node<'a, 'a>> {
    let root = document.root_element();
    let place = spot(name, document.input_text(), root.range().start);
    if !named(root, Space::Rss, "rss") || root.attribute("version") != Some("2.0") {
        lint.find(&ROOT, &place, "the root is not `<rss version=\"2.0\">`");
    }
    let mut channels = children(root, Space::Rss, "channel");
    let (channel, second) = (channels.next(), channels.next());
    if channel.is_none() || second.is_some() {
        lint.find(&ROOT, &place, "there is not exactly one `<channel>`");
    }
    channel
}

pub(super) fn check(lint: &mut Lint, feed: &Feed) {
    namespaces(lint, feed);
    for node in feed.channel.descendants().filter(Node::is_element) {
        value(lint, feed, node);
        case(lint, feed, node);
        if space(node) == Some(Space::Podcast) {
            podcast(lint, feed, node);
        }
    }
}

/// The prefixes that everyone uses must stand for the exact names.
fn namespaces(lint: &mut Lint, feed: &Feed) {
    let Some(root) = feed.channel.parent() else { return };
    let place = feed.place(root);
    for (which, prefix, exact) in SPACES {
        let Some(declared) = root.lookup_namespace_uri(Some(prefix)) else {
            if matches!(which, Space::Itunes | Space::Podcast | Space::Atom)
                && !feed.source.contains(exact)
            {
                lint.find(&NAMESPACES, &place, format!("`xmlns:{prefix}` is missing"));
            }
            continue;
        };
        if declared == *exact {
            continue;
        }
        let message = format!("`xmlns:{prefix}` is `{}`, not `{exact}`", shortened(declared, 100));
        let rule = match which {
            Space::Podcast => &PODCAST_NAMESPACE,
            Space::Content => &CONTENT_NAMESPACE,
            _ if declared.eq_ignore_ascii_case(exact) => &NAMESPACE_CASE,
            _ => &NAMESPACES,
        };
        lint.find(rule, &place, message);
    }
}

/// Elements whose text has its own limit, or none.
const LONG: &[(Space, &str)] = &[
    (Space::Rss, "description"),
    (Space::Rss, "link"),
    (Space::Rss, "guid"),
    (Space::Rss, "url"),
    (Space::Rss, "comments"),
    (Space::Itunes, "summary"),
    (Space::Itunes, "subtitle"),
    (Space::Itunes, "keywords"),
    (Space::Itunes, "new-feed-url"),
    (Space::Podcast, "txt"),
    (Space::Podcast, "value"),
    (Space::Podcast, "integrity"),
    (Space::Content, "encoded"),
];

fn value(lint: &mut Lint, feed: &Feed, node: Node) {
    if node.first_element_child().is_some() || space(node).is_none() {
        return;
    }
    let value = text(node);
    let long = LONG.iter().any(|(of, name)| named(node, *of, name));
    let prose = named(node, Space::Rss, "description") || named(node, Space::Content, "encoded");
    if value.trim() != value && !value.trim().is_empty() && !(prose && value.contains('<')) {
        let message = format!("`<{}>` has space around its value", tag(node));
        lint.find(&SPACE_AROUND, feed.place(node), message);
    }
    let length = value.trim().chars().count();
    if length > 255 && !long {
        let message = format!("`<{}>` has {length} characters", tag(node));
        lint.find(&VALUE_LENGTH, feed.place(node), message);
    }
}

/// Names of RSS and iTunes that clients look for.
const RSS: &[&str] = &[
    "title",
    "link",
    "description",
    "language",
    "copyright",
    "managingEditor",
    "webMaster",
    "pubDate",
    "lastBuildDate",
    "category",
    "generator",
    "docs",
    "cloud",
    "ttl",
    "image",
    "rating",
    "textInput",
    "skipHours",
    "skipDays",
    "item",
    "url",
    "width",
    "height",
    "name",
    "hour",
    "day",
    "author",
    "comments",
    "enclosure",
    "guid",
    "source",
];
const ITUNES: &[&str] = &[
    "applepodcastsverify",
    "author",
    "block",
    "category",
    "complete",
    "duration",
    "email",
    "episode",
    "episodeType",
    "explicit",
    "image",
    "isClosedCaptioned",
    "keywords",
    "name",
    "new-feed-url",
    "order",
    "owner",
    "season",
    "subtitle",
    "summary",
    "title",
    "type",
];
/// The attributes of RSS and iTunes.
const ATTRIBUTES: &[&str] = &["domain", "href", "isPermaLink", "length", "text", "type", "url"];

fn case(lint: &mut Lint, feed: &Feed, node: Node) {
    let name = node.tag_name().name();
    let (names, attributes): (&[&str], &[&str]) = match space(node) {
        Some(Space::Rss) => (RSS, ATTRIBUTES),
        Some(Space::Itunes) => (ITUNES, ATTRIBUTES),
        Some(Space::Podcast) => {
            let known = PODCAST.iter().find(|tag| tag.name.eq_ignore_ascii_case(name));
            let Some(known) = known else { return };
            (std::slice::from_ref(&known.name), known.attributes)
        }
        _ => return,
    };
    let other =
        |written: &str, known: &&str| known.eq_ignore_ascii_case(written) && *known != written;
    if let Some(right) = names.iter().find(|known| other(name, known)) {
        let message = format!("`<{}>` is written `{right}`", tag(node));
        lint.find(&CASE, feed.place(node), message);
    }
    for written in node.attributes() {
        if let Some(right) = attributes.iter().find(|known| other(written.name(), known)) {
            let message = format!("`{}` of `<{}>` is written `{right}`", written.name(), tag(node));
            lint.find(&CASE, feed.at(written.range().start), message);
        }
    }
}

fn podcast(lint: &mut Lint, feed: &Feed, node: Node) {
    let name = node.tag_name().name();
    let Some(known) = PODCAST.iter().find(|tag| tag.name.eq_ignore_ascii_case(name)) else {
        if !super::podcast::RETIRED.contains(&name) {
            let message = format!("the podcast namespace has no `{}`", shortened(name, 60));
            lint.find(&UNKNOWN_TAG, feed.place(node), message);
        }
        return;
    };
    let Some(parent) = node.parent().filter(Node::is_element) else { return };
    if !known.parents.contains(&document::tag(parent).as_str()) {
        let message = format!("`<podcast:{}>` stands in `<{}>`", known.name, tag(parent));
        lint.find(&PARENT, feed.place(node), message);
    }
}

/// A tag of the podcast namespace: its parents and its attributes.
struct Tag {
    name: &'static str,
    parents: &'static [&'static str],
    attributes: &'static [&'static str],
}

const fn podcast_tag(
    name: &'static str,
    parents: &'static [&'static str],
    attributes: &'static [&'static str],
) -> Tag {
    Tag { name, parents, attributes }
}

const SHOW: &[&str] = &["channel"];
const EPISODE: &[&str] = &["item", "podcast:liveItem"];
const BOTH: &[&str] = &["channel", "item", "podcast:liveItem"];

const PODCAST: &[Tag] = &[
    podcast_tag(
        "alternateEnclosure",
        EPISODE,
        &["bitrate", "codecs", "default", "height", "lang", "length", "rel", "title", "type"],
    ),
    podcast_tag("block", SHOW, &["id"]),
    podcast_tag("chapters", EPISODE, &["type", "url"]),
    podcast_tag("chat", BOTH, &["accountId", "embedUrl", "protocol", "server", "space"]),
    podcast_tag("contentLink", EPISODE, &["href"]),
    podcast_tag("episode", EPISODE, &["display"]),
    podcast_tag("funding", BOTH, &["url"]),
    podcast_tag("guid", SHOW, &[]),
    podcast_tag(
        "image",
        BOTH,
        &["alt", "aspect-ratio", "height", "href", "purpose", "type", "width"],
    ),
    podcast_tag("integrity", &["podcast:alternateEnclosure"], &["type", "value"]),
    podcast_tag("license", BOTH, &["url"]),
    podcast_tag("liveItem", SHOW, &["end", "start", "status"]),
    podcast_tag("location", BOTH, &["country", "geo", "osm", "rel"]),
    podcast_tag("locked", SHOW, &["owner"]),
    podcast_tag("medium", SHOW, &[]),
    podcast_tag("person", BOTH, &["group", "href", "img", "role"]),
    podcast_tag("podping", SHOW, &["usesPodping"]),
    podcast_tag("podroll", SHOW, &[]),
    podcast_tag("publisher", SHOW, &[]),
    podcast_tag(
        "remoteItem",
        &["channel", "podcast:podroll", "podcast:publisher", "podcast:valueTimeSplit"],
        &["feedGuid", "feedImg", "feedUrl", "itemGuid", "medium", "title"],
    ),
    podcast_tag("season", EPISODE, &["name"]),
    podcast_tag(
        "socialInteract",
        BOTH,
        &["accountId", "accountUrl", "priority", "protocol", "uri"],
    ),
    podcast_tag("soundbite", EPISODE, &["duration", "startTime"]),
    podcast_tag("source", &["podcast:alternateEnclosure"], &["contentType", "uri"]),
    podcast_tag("trailer", SHOW, &["length", "pubdate", "season", "type", "url"]),
    podcast_tag("transcript", EPISODE, &["language", "rel", "type", "url"]),
    podcast_tag("txt", BOTH, &["purpose"]),
    podcast_tag("updateFrequency", SHOW, &["complete", "dtstart", "rrule"]),
    podcast_tag("value", BOTH, &["method", "suggested", "type"]),
    podcast_tag(
        "valueRecipient",
        &["podcast:value", "podcast:valueTimeSplit"],
        &["address", "customKey", "customValue", "fee", "name", "split", "type"],
    ),
    podcast_tag(
        "valueTimeSplit",
        &["podcast:value"],
        &["duration", "remotePercentage", "remoteStartTime", "startTime"],
    ),
];

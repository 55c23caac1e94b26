//! The feed as a document: its elements by name, their text, and their places.

use lorecast_model::Spot;
use roxmltree::Node;

use super::Place;

/// A namespace that feeds of podcasts use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// That of RSS itself: none.
    Rss,
    Itunes,
    Podcast,
    Atom,
    Content,
    /// Podlove Simple Chapters.
    Psc,
    /// Feed history (RFC 5005).
    History,
}

/// The namespaces with their usual prefixes and exact names.
pub(super) const SPACES: &[(Space, &str, &str)] = &[
    (Space::Itunes, "itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"),
    (Space::Podcast, "podcast", "https://podcastindex.org/namespace/1.0"),
    (Space::Atom, "atom", "http://www.w3.org/2005/Atom"),
    (Space::Content, "content", "http://purl.org/rss/1.0/modules/content/"),
    (Space::Psc, "psc", "http://podlove.org/simple-chapters"),
    (Space::History, "fh", "http://purl.org/syndication/history/1.0"),
];

/// Which namespace an element is in. A name written wrongly is told from its prefix: that it is
/// wrong is one finding, and not a reason to miss everything else.
pub(super) fn space(node: Node) -> Option<Space> {
    let Some(uri) = node.tag_name().namespace() else { return Some(Space::Rss) };
    let exact = SPACES.iter().find(|(_, _, known)| *known == uri);
    let found = exact.or_else(|| {
        let prefix = node.lookup_prefix(uri)?;
        SPACES.iter().find(|(_, usual, _)| *usual == prefix)
    });
    found.map(|(space, ..)| *space)
}

/// Whether an element has this name. Case is not looked at here: a rule of its own does.
pub(super) fn named(node: Node, of: Space, name: &str) -> bool {
    node.is_element()
        && node.tag_name().name().eq_ignore_ascii_case(name)
        && space(node) == Some(of)
}

/// The children with a name.
pub(super) fn children<'a, 'n>(
    parent: Node<'a, 'a>,
    of: Space,
    name: &'n str,
) -> impl Iterator<Item = Node<'a, 'a>> + use<'a, 'n> {
    parent.children().filter(move |n| named(*n, of, name))
}

/// The first child with a name.
pub(super) fn child<'a>(parent: Node<'a, 'a>, of: Space, name: &str) -> Option<Node<'a, 'a>> {
    children(parent, of, name).next()
}

/// The text of an element, in one piece.
pub(super) fn text(node: Node) -> String {
    node.children().filter_map(|n| n.text()).collect()
}

/// The text of an element without the space around it.
pub(super) fn trimmed(node: Node) -> String {
    text(node).trim().to_owned()
}

/// The text of the first child with a name, trimmed; empty when there is none.
pub(super) fn value(parent: Node, of: Space, name: &str) -> String {
    let found = parent.children().find(|n| named(*n, of, name));
    found.map(trimmed).unwrap_or_default()
}

/// An attribute, whatever its case.
pub(super) fn attribute<'a>(node: Node<'a, 'a>, name: &str) -> Option<&'a str> {
    let found = node.attributes().find(|a| a.name().eq_ignore_ascii_case(name));
    found.map(|a| a.value().trim())
}

/// An attribute; empty when it is missing.
pub(super) fn said<'a>(node: Node<'a, 'a>, name: &str) -> &'a str {
    attribute(node, name).unwrap_or_default()
}

/// The tag of an element as it is usually written: `itunes:image`.
pub(super) fn tag(node: Node) -> String {
    let name = node.tag_name().name();
    let prefix = SPACES.iter().find(|(known, ..)| Some(*known) == space(node));
    prefix.map_or_else(|| name.to_owned(), |(_, prefix, _)| format!("{prefix}:{name}"))
}

/// A feed with what is needed to name a place in it.
pub(super) struct Feed<'a> {
    /// The file, or the address that it came from.
    pub(super) name: String,
    pub(super) source: &'a str,
    pub(super) channel: Node<'a, 'a>,
    /// What the channel holds beside its episodes: looked through for each of them.
    head: Vec<Node<'a, 'a>>,
    lines: Lines,
}

impl<'a> Feed<'a> {
    pub(super) fn new(name: &str, source: &'a str, channel: Node<'a, 'a>) -> Self {
        let head = channel.children().filter(|n| n.is_element() && !named(*n, Space::Rss, "item"));
        let (head, lines) = (head.collect(), Lines::of(source));
        Self { name: name.to_owned(), source, channel, head, lines }
    }

    /// The elements of the channel itself with a name.
    pub(super) fn show<'b>(
        &'b self,
        of: Space,
        name: &'b str,
    ) -> impl Iterator<Item = Node<'a, 'a>> + 'b {
        self.head.iter().copied().filter(move |n| named(*n, of, name))
    }

    /// The text of the first of them, trimmed; empty when there is none.
    pub(super) fn show_value(&self, of: Space, name: &str) -> String {
        self.show(of, name).next().map(trimmed).unwrap_or_default()
    }

    /// Where an element begins.
    pub(super) fn place(&self, node: Node) -> Place {
        self.at(node.range().start)
    }

    /// A place by its offset in bytes.
    pub(super) fn at(&self, offset: usize) -> Place {
        let spot = self.lines.spot(self.source, offset);
        Place::at(&self.name, spot.line, spot.column)
    }

    /// The episodes.
    pub(super) fn items(&self) -> impl Iterator<Item = Node<'a, 'a>> + use<'a> {
        children(self.channel, Space::Rss, "item")
    }

    /// The first element with a name below the channel, else the channel: where a finding about
    /// something that may be missing belongs.
    pub(super) fn place_of(&self, parent: Node<'a, 'a>, of: Space, name: &str) -> Place {
        self.place(child(parent, of, name).unwrap_or(parent))
    }
}

/// Where lines begin and how many characters lie before, to tell the place of an offset soon: a feed may
/// be one long line.
pub(super) struct Lines {
    starts: Vec<usize>,
    /// Characters before each block of bytes.
    before: Vec<usize>,
}

/// Bytes in a block.
const BLOCK: usize = 1024;

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1).collect();
        let mut before = vec![0];
        for block in text.as_bytes().chunks(BLOCK) {
            before.push(before[before.len() - 1] + characters(block));
        }
        Self { starts, before }
    }

    /// Line and column of an offset into the same text.
    pub(super) fn spot(&self, text: &str, offset: usize) -> Spot {
        let offset = offset.min(text.len());
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).map_or(0, |before| self.starts[before]);
        let count = |n: usize| u32::try_from(n + 1).unwrap_or(u32::MAX);
        let column = self.characters(text, offset) - self.characters(text, start);
        Spot { line: count(line), column: count(column) }
    }

    fn characters(&self, text: &str, offset: usize) -> usize {
        let block = offset / BLOCK;
        self.before[block] + characters(&text.as_bytes()[block * BLOCK..offset])
    }
}

/// How many characters begin in some bytes of UTF-8.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

//! Notes in Markdown, as the running text that is read.

use std::ops::Range;

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};

/// Stands for what is no text: code, markup, pictures.
const OPAQUE: char = '\u{fffc}';

/// A paragraph, heading or cell as plain text, with the place of each byte in the Markdown.
#[derive(Debug)]
pub(super) struct Passage {
    /// The text; line breaks are spaces.
    pub text: String,
    /// A heading: read, but never written in.
    pub heading: bool,
    /// The heading that it stands under.
    pub under: String,
    /// Parts that stand in the source as they stand in the text: where they begin there and here.
    runs: Vec<Run>,
}

#[derive(Debug)]
struct Run {
    text: Range<usize>,
    source: usize,
}

impl Passage {
    /// The byte of the source right after the byte of the text that ends at `end`; `None` where the
    /// text is not in the source as it stands.
    pub fn source_end(&self, end: usize) -> Option<usize> {
        let at = self.runs.partition_point(|run| run.text.end < end);
        let run = self.runs.get(at)?;
        (run.text.start < end).then(|| run.source + (end - run.text.start))
    }

    /// The byte of the source where a word of the text begins.
    pub fn source_start(&self, start: usize) -> Option<usize> {
        let at = self.runs.partition_point(|run| run.text.end <= start);
        let run = self.runs.get(at)?;
        (run.text.start <= start).then(|| run.source + (start - run.text.start))
    }

    fn push(&mut self, c: char, source: Option<usize>) {
        let start = self.text.len();
        self.text.push(c);
        let Some(source) = source else { return };
        let end = self.text.len();
        match self.runs.last_mut() {
            Some(run)
                if run.text.end == start && run.source + (start - run.text.start) == source =>
            {
                run.text.end = end;
            }
            _ => self.runs.push(Run { text: start..end, source }),
        }
    }
}

/// All running text of some Markdown, in order.
pub(super) fn passages(markdown: &str) -> Vec<Passage> {
    let arena = Arena::new();
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    let root = parse_document(&arena, markdown, &options);
    let source = Source::new(markdown);
    let mut found = Vec::new();
    let mut under = String::new();
    for node in root.descendants() {
        let heading = match node.data.borrow().value {
            NodeValue::Heading(_) => true,
            NodeValue::Paragraph | NodeValue::TableCell => false,
            _ => continue,
        };
        let (text, runs) = (String::new(), Vec::new());
        let mut passage = Passage { text, heading, under: under.clone(), runs };
        source.read(node, &mut passage);
        if heading {
            under.clone_from(&passage.text);
        }
        found.push(passage);
    }
    found
}

/// The Markdown, by lines, as comrak counts places.
struct Source<'a> {
    markdown: &'a str,
    lines: Vec<usize>,
}

impl<'a> Source<'a> {
    fn new(markdown: &'a str) -> Self {
        let breaks = markdown.match_indices('\n').map(|(at, _)| at + 1);
        Self { markdown, lines: std::iter::once(0).chain(breaks).collect() }
    }

    /// Reads what stands in a node, without recursion: emphasis may be nested without end.
    fn read<'b>(&self, node: &'b AstNode<'b>, into: &mut Passage) {
        let mut open: Vec<&'b AstNode<'b>> = node.reverse_children().collect();
        while let Some(node) = open.pop() {
            let data = node.data.borrow();
            match &data.value {
                NodeValue::Text(text) => {
                    let place = data.sourcepos;
                    let start = self.byte(place.start.line, place.start.column);
                    let end = self.byte(place.end.line, place.end.column).map(|end| end + 1);
                    let slice = start.zip(end).and_then(|(from, to)| self.markdown.get(from..to));
                    align(text, slice.unwrap_or_default(), start.unwrap_or(0), into);
                }
                NodeValue::SoftBreak | NodeValue::LineBreak => into.push(' ', None),
                NodeValue::Link(link) if names_itself(node, &link.url) => into.push(OPAQUE, None),
                NodeValue::Emph
                | NodeValue::Strong
                | NodeValue::Strikethrough
                | NodeValue::Link(_) => open.extend(node.reverse_children()),
                _ => into.push(OPAQUE, None),
            }
        }
    }

    /// Places count lines from 1 and bytes of a line from 1.
    fn byte(&self, line: usize, column: usize) -> Option<usize> {
        Some(self.lines.get(line.checked_sub(1)?)? + column.checked_sub(1)?)
    }
}

/// An address that is its own text.
fn names_itself<'b>(node: &'b AstNode<'b>, url: &str) -> bool {
    let own = |child: &'b AstNode<'b>| {
        matches!(&child.data.borrow().value, NodeValue::Text(text)
            if text == url || url.strip_prefix("http://").is_some_and(|rest| rest == text))
    };
    node.children().any(own)
}

/// Puts a text beside its source, which has backslashes and entities in addition.
fn align(text: &str, slice: &str, start: usize, into: &mut Passage) {
    let mut rest = slice;
    for c in text.chars() {
        let at = |rest: &str| start + (slice.len() - rest.len());
        if let Some(after) = rest.strip_prefix('\\').filter(|after| after.starts_with(c)) {
            into.push(c, Some(at(after)));
            rest = &after[c.len_utf8()..];
        } else if let Some(after) = rest.strip_prefix(c) {
            into.push(c, Some(at(rest)));
            rest = after;
        } else {
            into.push(if c.is_alphanumeric() { OPAQUE } else { c }, None);
            let entity = rest.starts_with('&').then(|| rest.find(';')).flatten();
            rest = entity.map_or("", |end| &rest[end + 1..]);
        }
    }
}

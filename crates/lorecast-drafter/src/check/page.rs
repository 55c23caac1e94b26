//! Reads notes: Markdown into passages of plain text that know where each letter stands.
//!
//! A Markdown library gives a tree, but no place for a letter behind an escape or an entity. A fix
//! has to know it, and notes written by hand are often no good Markdown; so this reads what matters
//! (headings, paragraphs, quotations, links) and never fails.

use std::collections::BTreeMap;
use std::ops::Range;

use lorecast_model::{MessageId, Show};

use super::inline;
use crate::address::mail_at;

/// How an address begins that is read wherever it stands.
pub(super) const ADDRESSES: [&str; 3] = ["https://", "http://", "mid:"];
/// So much of notes is read, in bytes. A long show has about 40,000.
const LIMIT: usize = 1 << 18;

/// What a passage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A heading of that level.
    Heading(u8),
    /// A paragraph, or an item of a list.
    Text,
    /// A block that is quoted as a whole (`> …`).
    Quoted,
}

/// A heading, paragraph or item, as text without markup.
#[derive(Clone, Debug)]
pub(super) struct Passage {
    pub shape: Shape,
    pub text: String,
    /// For each byte of `text`, where the source begins that it stands for.
    pub starts: Vec<usize>,
    /// The same for where it ends.
    pub ends: Vec<usize>,
    pub links: Vec<Link>,
    /// Stretches of code, in bytes of `text`.
    pub code: Vec<Range<usize>>,
}

/// A link.
#[derive(Clone, Debug)]
pub(super) struct Link {
    /// Its words, in bytes of the passage's text; empty for a bare address.
    pub span: Range<usize>,
    /// The address in the source, in bytes.
    pub address: Range<usize>,
    /// The mail that it shows.
    pub id: Option<MessageId>,
}

impl Link {
    pub fn new(
        span: Range<usize>,
        target: &str,
        address: Range<usize>,
        show: Option<&Show>,
    ) -> Self {
        Self { span, address, id: mail_at(show, target) }
    }
}

impl Passage {
    /// Where a stretch of the text stands in the source.
    pub fn source(&self, span: &Range<usize>) -> Range<usize> {
        let from = self.starts.get(span.start).copied();
        let from = from.or_else(|| self.ends.last().copied()).unwrap_or(0);
        let to = span.end.checked_sub(1).and_then(|last| self.ends.get(last)).copied();
        from..to.unwrap_or(from).max(from)
    }

    /// Whether a stretch of the text stands in the source in one piece, without markup inside.
    pub fn is_plain(&self, span: &Range<usize>) -> bool {
        let inside = |link: &Link| {
            let cuts = |at: usize| span.start < at && at < span.end;
            cuts(link.span.start) || cuts(link.span.end)
        };
        !self.links.iter().any(inside)
    }
}

/// Reads notes into passages, in their order. `show` tells what addresses lead to.
pub(super) fn read(source: &str, show: Option<&Show>) -> Vec<Passage> {
    let source = start(source);
    let (blocks, named) = blocks(source);
    blocks.iter().filter_map(|block| inline::read(source, block, &named, show)).collect()
}

/// As much of notes as is read.
pub(super) fn start(source: &str) -> &str {
    start_of(source, LIMIT)
}

/// The first bytes of a text, whole letters.
pub(super) fn start_of(source: &str, most: usize) -> &str {
    let mut end = source.len().min(most);
    while !source.is_char_boundary(end) {
        end -= 1;
    }
    &source[..end]
}

/// Lines that belong together, without what marks them as what they are.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub shape: Shape,
    pub lines: Vec<Range<usize>>,
}

/// Addresses that are given a name at the end of the notes: `[1]: https://…`.
pub(super) type Named = BTreeMap<String, (String, Range<usize>)>;

fn blocks(source: &str) -> (Vec<Block>, Named) {
    let mut reader = Reader::default();
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        reader.line(source, at..at + content.len());
        at += line.len();
    }
    reader.close();
    (reader.blocks, reader.named)
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    named: Named,
    open: Option<Block>,
    fence: Option<char>,
    comment: bool,
}

impl Reader {
    fn close(&mut self) {
        self.blocks.extend(self.open.take());
    }

    fn add(&mut self, shape: Shape, line: Range<usize>) {
        match &mut self.open {
            Some(block) if block.shape == shape => block.lines.push(line),
            _ => {
                self.close();
                self.open = Some(Block { shape, lines: vec![line] });
            }
        }
    }

    fn line(&mut self, source: &str, range: Range<usize>) {
        let text = &source[range.clone()];
        let bare = text.trim();
        if self.skips(bare) {
            return self.close();
        }
        let start = range.start + (text.len() - text.trim_start().len());
        if bare.is_empty() {
            self.close();
        } else if let Some(level) = heading(bare) {
            self.close();
            let words = bare.trim_start_matches('#').trim_start();
            let from = start + (bare.len() - words.len());
            let line = from..from + words.trim_end_matches([' ', '#']).len();
            self.blocks.push(Block { shape: Shape::Heading(level), lines: Vec::from([line]) });
        } else if let Some(level) = underline(bare)
            && let Some(open) = self.open.as_mut().filter(|open| open.shape == Shape::Text)
        {
            open.shape = Shape::Heading(level);
            self.close();
        } else if let Some(rest) = bare.strip_prefix('>') {
            let rest = rest.trim_start_matches(['>', ' ']);
            self.add(Shape::Quoted, start + (bare.len() - rest.len())..start + bare.len());
        } else if let Some((name, address)) = definition(bare) {
            self.close();
            let from = start + (bare.len() - address.len());
            let url = address.split_whitespace().next().unwrap_or("");
            let url_end = from + url.len();
            let url = url.trim_matches(['<', '>']);
            self.named.entry(name.to_lowercase()).or_insert((url.to_owned(), from..url_end));
        } else if let Some(rest) = item(bare) {
            self.close();
            self.add(Shape::Text, start + (bare.len() - rest.len())..start + bare.len());
        } else {
            self.add(Shape::Text, start..start + bare.len());
        }
    }

    /// Whether a line is part of a listing or of a comment.
    fn skips(&mut self, bare: &str) -> bool {
        let fence = ["```", "~~~"].into_iter().find(|fence| bare.starts_with(fence));
        let mark = fence.and_then(|fence| fence.chars().next());
        match (self.fence, mark) {
            (Some(open), Some(mark)) if open == mark => self.fence = None,
            (None, Some(mark)) => self.fence = Some(mark),
            (Some(_), _) => {}
            (None, None) => {
                let was = self.comment;
                self.comment |= bare.starts_with("<!--");
                let ends = self.comment && bare.contains("-->");
                self.comment &= !ends;
                return was || ends || self.comment;
            }
        }
        true
    }
}

fn heading(bare: &str) -> Option<u8> {
    let level = bare.bytes().take_while(|b| *b == b'#').count();
    let spaced = bare.get(level..).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let level = u8::try_from(level).ok()?;
    (1..=6).contains(&level).then_some(level).filter(|_| spaced)
}

/// A line below a heading (`Title` over `=====`).
fn underline(bare: &str) -> Option<u8> {
    let all = |c: char| bare.len() >= 3 && bare.chars().all(|other| other == c);
    if all('=') {
        Some(1)
    } else if all('-') {
        Some(2)
    } else {
        None
    }
}

/// `[name]: address`, and the looser `[1] address`.
fn definition(bare: &str) -> Option<(&str, &str)> {
    let (name, rest) = bare.strip_prefix('[')?.split_once(']')?;
    let address = rest.strip_prefix(':').unwrap_or(rest).trim_start();
    let bare_address = address.trim_start_matches('<');
    let fits = ADDRESSES.iter().any(|scheme| bare_address.starts_with(scheme));
    (fits && !name.is_empty() && !address.trim().contains(' ')).then_some((name, address))
}

/// What stands behind the marker of an item.
fn item(bare: &str) -> Option<&str> {
    let (marker, rest) = bare.split_once(' ')?;
    let number = marker.trim_end_matches(['.', ')']);
    let numbered = number.len() + 1 == marker.len()
        && (1..=3).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit());
    (matches!(marker, "-" | "*" | "+") || numbered).then(|| rest.trim_start())
}

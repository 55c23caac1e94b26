//! Show notes, as blocks of text: what is read aloud of Markdown.

use comrak::nodes::{ListType, Node, NodeValue};
use comrak::{Arena, Options, parse_document};

/// Notes are read up to here, in bytes. A long show has about 40,000.
const LONGEST: usize = 1 << 19;
/// Deeper nesting is not read: nobody can follow it by ear.
const DEEPEST: usize = 100;

/// A block of notes or of a script, as text that is still to be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// A heading and its level, from 1.
    Heading(u8, String),
    /// A paragraph, or the entries of a list.
    Paragraph(String),
    /// What cannot be read aloud: a table, code, a picture.
    Shown(&'static str),
}

/// What stands around words that are stressed, in text of a [`Block`]: nothing that anybody types.
pub(super) const STRESSED: [char; 2] = ['\u{e000}', '\u{e001}'];

/// The blocks of a Markdown text. Markup is gone, and so is what only the eye sees.
pub(super) fn blocks(markdown: &str) -> Vec<Block> {
    let markdown = bounded(markdown);
    let arena = Arena::new();
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    let mut found = Vec::new();
    for node in parse_document(&arena, &markdown, &options).children() {
        block(node, 0, &mut found);
    }
    found
}

/// Cut at a line's end when too long; without the two private characters that mark stress.
fn bounded(markdown: &str) -> String {
    let mut end = markdown.len().min(LONGEST);
    while !markdown.is_char_boundary(end) {
        end -= 1;
    }
    let end = if end < markdown.len() { markdown[..end].rfind('\n').unwrap_or(end) } else { end };
    markdown[..end].replace(STRESSED, "")
}

fn block(node: Node<'_>, depth: usize, found: &mut Vec<Block>) {
    if depth > DEEPEST {
        return;
    }
    match &node.data.borrow().value {
        NodeValue::Heading(heading) => found.push(Block::Heading(heading.level, text(node))),
        NodeValue::Paragraph => {
            let text = text(node);
            if !text.trim().is_empty() {
                found.push(Block::Paragraph(text));
            }
        }
        NodeValue::List(list) => {
            let ordered = list.list_type == ListType::Ordered;
            let mut number = list.start;
            let mut entries = Vec::new();
            for item in node.children() {
                let mut inside = Vec::new();
                item.children().for_each(|child| block(child, depth + 1, &mut inside));
                for entry in inside {
                    match entry {
                        Block::Paragraph(text) => entries.push(entry_text(&text, ordered, number)),
                        other => close(&mut entries, other, found),
                    }
                }
                number = number.saturating_add(1);
            }
            if !entries.is_empty() {
                found.push(Block::Paragraph(entries.join(" ")));
            }
        }
        NodeValue::Table(_) => found.push(Block::Shown("a table")),
        NodeValue::CodeBlock(_) => found.push(Block::Shown("some code")),
        NodeValue::ThematicBreak | NodeValue::HtmlBlock(_) => {}
        _ => node.children().for_each(|child| block(child, depth + 1, found)),
    }
}

fn close(entries: &mut Vec<String>, other: Block, found: &mut Vec<Block>) {
    if !entries.is_empty() {
        found.push(Block::Paragraph(std::mem::take(entries).join(" ")));
    }
    found.push(other);
}

/// An entry of a list is a sentence of its own.
fn entry_text(text: &str, ordered: bool, number: usize) -> String {
    let number = if ordered { format!("{number}: ") } else { String::new() };
    let text = capitalised(text.trim());
    let ended = text.trim_end_matches(['”', '"', ')', '’']).ends_with(['.', '?', '!', '…', ':']);
    format!("{number}{text}{}", if ended { "" } else { "." })
}

/// A word at the start gets a capital, an identifier does not.
fn capitalised(text: &str) -> String {
    let word =
        text.split(char::is_whitespace).next().unwrap_or("").trim_end_matches([',', ':', '.']);
    match text.chars().next() {
        Some(first) if word.chars().all(char::is_alphabetic) => {
            first.to_uppercase().chain(text.chars().skip(1)).collect()
        }
        _ => text.to_owned(),
    }
}

fn text(node: Node<'_>) -> String {
    let mut out = String::new();
    node.children().for_each(|child| inline(child, 0, &mut out));
    out
}

fn inline(node: Node<'_>, depth: usize, out: &mut String) {
    if depth > DEEPEST {
        return;
    }
    let within = |out: &mut String| node.children().for_each(|child| inline(child, depth + 1, out));
    match &node.data.borrow().value {
        NodeValue::Text(text) => out.push_str(text),
        NodeValue::Code(code) => out.push_str(&code.literal),
        NodeValue::SoftBreak | NodeValue::LineBreak => out.push(' '),
        NodeValue::Emph | NodeValue::Strong => {
            out.push(STRESSED[0]);
            within(out);
            out.push(STRESSED[1]);
        }
        NodeValue::Image(_) | NodeValue::HtmlInline(_) => {}
        NodeValue::Strikethrough => {}
        _ => within(out),
    }
}

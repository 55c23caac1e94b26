//! HTML as a browser's tokenizer reads it: tags and text with their lines.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Doctype, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// A piece of HTML.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Doctype { html: bool },
    Open(Element),
    Close(String),
    Text(String),
}

/// A start tag.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    /// Counted from 1.
    pub(crate) line: u64,
}

impl Element {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Whether it runs, or makes the reader run, something that the text itself holds.
    pub(crate) fn is_active(&self) -> bool {
        let frames = ["iframe", "frame", "object", "embed", "applet", "base"];
        let handler = |name: &str| name.starts_with("on") || name == "srcdoc";
        frames.contains(&self.name.as_str())
            || self.attributes.iter().any(|(name, value)| {
                handler(name) || (URLS.contains(&name.as_str()) && is_script_url(value))
            })
    }
}

/// The attributes whose value a browser follows.
const URLS: &[&str] =
    &["action", "cite", "data", "formaction", "href", "poster", "src", "xlink:href"];

/// `javascript:`, however a browser lets it be written.
fn is_script_url(value: &str) -> bool {
    let plain = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).take(20);
    let plain: String = plain.collect::<String>().to_ascii_lowercase();
    plain.starts_with("javascript:") || plain.starts_with("vbscript:")
}

/// Reads HTML; never fails.
pub(crate) fn pieces(html: &str) -> Vec<Piece> {
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    while !input.is_empty() {
        let _ = tokenizer.feed(&input);
    }
    tokenizer.end();
    tokenizer.sink.pieces.into_inner()
}

/// The start tags among pieces.
pub(crate) fn elements(pieces: &[Piece]) -> impl Iterator<Item = &Element> {
    pieces.iter().filter_map(|piece| match piece {
        Piece::Open(element) => Some(element),
        _ => None,
    })
}

/// The text inside the first element with a name.
pub(crate) fn text_of(pieces: &[Piece], name: &str) -> String {
    let is_open = |p: &&Piece| matches!(p, Piece::Open(element) if element.name == name);
    let inside = pieces.iter().skip_while(|p| !is_open(p)).skip(1);
    let inside = inside.take_while(|p| !matches!(p, Piece::Close(closed) if closed == name));
    let text: String = inside
        .filter_map(|p| if let Piece::Text(t) = p { Some(t.as_str()) } else { None })
        .collect();
    text.trim().to_owned()
}

#[derive(Default)]
struct Sink {
    pieces: RefCell<Vec<Piece>>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let mut pieces = self.pieces.borrow_mut();
        match token {
            Token::DoctypeToken(Doctype { name, .. }) => {
                pieces.push(Piece::Doctype { html: name.as_deref() == Some("html") });
            }
            Token::CharacterTokens(text) => match pieces.last_mut() {
                Some(Piece::Text(last)) => last.push_str(&text),
                _ => pieces.push(Piece::Text(text.to_string())),
            },
            Token::TagToken(tag) => return push_tag(&mut pieces, tag, line),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// Keeps a tag, and tells the tokenizer what follows it, as a tree builder would.
fn push_tag(pieces: &mut Vec<Piece>, tag: Tag, line: u64) -> TokenSinkResult<()> {
    let name = tag.name.to_string();
    if tag.kind == TagKind::EndTag {
        pieces.push(Piece::Close(name));
        return TokenSinkResult::Continue;
    }
    let raw = match name.as_str() {
        "script" => Some(RawKind::ScriptData),
        "style" | "iframe" | "noembed" | "noframes" | "xmp" => Some(RawKind::Rawtext),
        "title" | "textarea" => Some(RawKind::Rcdata),
        _ => None,
    };
    let attributes = tag.attrs.iter().map(|a| (a.name.local.to_string(), a.value.to_string()));
    pieces.push(Piece::Open(Element { name, attributes: attributes.collect(), line }));
    raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
}

//! Show notes: Markdown in, harmless HTML out.

use std::collections::{HashMap, HashSet};

use ammonia::UrlRelative;
use comrak::nodes::{Node, NodeValue};
use comrak::{Arena, Options, parse_document};
use lorecast_model::Show;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::PublishError;
use crate::address::Address;
use crate::html::{Piece, pieces};
use crate::names::{Names, veiled};
use crate::private::scrubbed;
use crate::text::{one_line, printable, shortened, title};

/// The longest notes that are taken, in bytes. A long show has about 40,000.
pub(crate) const LIMIT: usize = 1 << 19;

/// The deepest nesting that is taken: readers of Markdown and HTML take time that grows with the
/// square of it.
pub(crate) const DEEPEST: usize = 100;

/// The longest HTML of a feed's `description`, in bytes (PSP-1).
const SHORT_LIMIT: usize = 4000;

/// What stays of HTML in notes. Pictures are not among it: a page asks no other host for anything.
pub(crate) const TAGS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "cite",
    "code",
    "del",
    "em",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

/// What podcast directories show in a `description` (PSP-1).
const SHORT_TAGS: &[&str] = &["a", "b", "em", "i", "li", "ol", "p", "strong", "ul"];

/// Notes in the forms that a page and a feed need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Notes {
    /// All of them, as HTML with absolute links.
    pub(crate) html: String,
    /// The blocks from the top, as simple HTML, each with its length added up to at most 4000 bytes.
    pub(crate) short: Vec<String>,
    /// The first paragraph as plain text, at most 280 characters.
    pub(crate) summary: String,
}

/// How notes are rendered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rendering<'a> {
    /// Relative links lead below it.
    pub(crate) base: &'a Url,
    /// The show's own mail address; others are cut: nobody asked their owners.
    pub(crate) own: Option<&'a str>,
    /// The names that are not told.
    pub(crate) names: &'a dyn Names,
}

/// Renders notes. A first heading that only repeats the episode's `title` is left out, the others
/// start at level 2. `None` when they nest too deeply.
pub(crate) fn render(markdown: &str, title: &str, how: Rendering<'_>) -> Option<Notes> {
    if markdown.lines().any(|line| containers(line) > DEEPEST) {
        return None;
    }
    let arena = Arena::new();
    let options = options();
    let root = parse_document(&arena, &printable(markdown), &options);
    drop_title(root, title, how);
    tame(root);
    let blocks: Vec<String> = root.children().map(|block| html(block, &options)).collect();
    if depth(&blocks.concat()) > DEEPEST {
        return None;
    }
    let full = cleaner(TAGS, how.base);
    let short = cleaner(SHORT_TAGS, how.base);
    let scrub = |html: &str| scrubbed(html, how.own, how.names);
    Some(Notes {
        html: scrub(&full.clean(&blocks.concat()).to_string()),
        short: blocks.iter().map(|block| scrub(&simple(block, &short))).collect(),
        summary: summary(root, how),
    })
}

/// Notes as the page of an episode shows them, before they are published: HTML that does no harm, with absolute links and
/// without `names`. `None` when they nest too deeply or are too long to be published.
///
/// # Errors
/// When the address of the show is none.
pub fn notes_page(
    show: &Show,
    title: &str,
    markdown: &str,
    names: &dyn Names,
) -> Result<Option<String>, PublishError> {
    let address = Address::of(show)?;
    let how = Rendering { base: address.url(), own: show.email.as_deref(), names };
    let rendered = (markdown.len() <= LIMIT).then(|| render(markdown, title, how)).flatten();
    Ok(rendered.map(|notes| notes.html))
}

/// What Markdown shows, cleaned, with its links as they are written.
pub(crate) fn shown(markdown: &str) -> String {
    let arena = Arena::new();
    let options = options();
    let root = parse_document(&arena, markdown, &options);
    for node in root.descendants() {
        let value = &mut node.data.borrow_mut().value;
        if let NodeValue::Image(link) = value {
            *value = NodeValue::Link(std::mem::take(link));
        }
    }
    let mut cleaner = ammonia::Builder::default();
    cleaner.tags(TAGS.iter().copied().chain(["h1"]).collect()).link_rel(None);
    cleaner.clean(&html(root, &options)).to_string()
}

/// The blocks from the top that fit into a `description` beside `reserved` bytes, and whether
/// these are all.
pub(crate) fn fitting(blocks: &[String], reserved: usize) -> (String, bool) {
    let mut left = SHORT_LIMIT.saturating_sub(reserved);
    let mut fitting = String::new();
    for block in blocks.iter().filter(|b| !b.trim().is_empty()) {
        if block.len() > left {
            return (fitting, false);
        }
        left -= block.len();
        fitting.push_str(block);
    }
    (fitting, true)
}

/// How many quotations and lists a line opens or continues.
fn containers(line: &str) -> usize {
    let prefix =
        line.trim_start_matches(|c: char| c.is_whitespace() || ">-*+.)0123456789".contains(c));
    let prefix = &line[..line.len() - prefix.len()];
    let quotations = prefix.matches('>').count();
    let is_item =
        |word: &&str| !word.starts_with('>') && (word.len() == 1 || word.ends_with(['.', ')']));
    quotations + prefix.split_whitespace().filter(is_item).count()
}

/// How deep tags nest; tags that are never closed count.
pub(crate) fn depth(html: &str) -> usize {
    let (mut now, mut deepest) = (0_usize, 0);
    for piece in pieces(html) {
        match piece {
            Piece::Open(element) if !matches!(element.name.as_str(), "br" | "hr" | "img") => {
                now += 1
            }
            Piece::Close(_) => now = now.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(now);
    }
    deepest
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    options.extension.table = true;
    // Raw HTML goes through: the sanitiser behind it decides, and knows more than a switch.
    options.render.r#unsafe = true;
    options
}

fn html(block: Node<'_>, options: &Options) -> String {
    let mut html = String::new();
    comrak::format_html(block, options, &mut html).expect("a string takes whatever is written");
    html
}

fn cleaner<'a>(tags: &[&'a str], base: &Url) -> ammonia::Builder<'a> {
    let mut cleaner = ammonia::Builder::default();
    cleaner
        .tags(tags.iter().copied().collect())
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .generic_attributes(HashSet::new())
        .link_rel(None)
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::RewriteWithBase(base.clone()));
    cleaner
}

fn drop_title(root: Node<'_>, about: &str, how: Rendering<'_>) {
    let Some(first) = root.first_child() else { return };
    let is_heading = matches!(first.data.borrow().value, NodeValue::Heading(h) if h.level == 1);
    if is_heading && told(first, how) == title(about, how.own) {
        first.detach();
    }
}

/// Lowers headings below the page's own, turns pictures into links and shows `<stdio>` as text.
fn tame(root: Node<'_>) {
    let top = root
        .descendants()
        .any(|n| matches!(n.data.borrow().value, NodeValue::Heading(h) if h.level == 1));
    for node in root.descendants() {
        let value = &mut node.data.borrow_mut().value;
        match value {
            NodeValue::Heading(heading) if top => heading.level = (heading.level + 1).min(6),
            NodeValue::Image(link) => *value = NodeValue::Link(std::mem::take(link)),
            NodeValue::HtmlInline(html) if !is_known_tag(html) => {
                *value = NodeValue::Text(std::mem::take(html).into());
            }
            _ => {}
        }
    }
}

fn is_known_tag(html: &str) -> bool {
    let name = html.trim_start_matches(['<', '/']);
    let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    html.starts_with("<!--") || TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(name))
}

/// A block as directories show it: headings become bold paragraphs, and quotations, which lose
/// their indent, get quotation marks.
fn simple(block: &str, cleaner: &ammonia::Builder) -> String {
    let clean = |html: &str| cleaner.clean(html).to_string();
    let html = if block.starts_with("<h") && !block.starts_with("<hr") {
        format!("<p><strong>{}</strong></p>", clean(block).trim())
    } else if block.starts_with("<blockquote>") {
        let opened = clean(block).replacen("<p>", "<p>“", 1);
        let ended = opened.rsplit_once("</p>").map(|(text, rest)| format!("{text}”</p>{rest}"));
        ended.unwrap_or(opened)
    } else {
        let html = clean(block);
        let is_bare = !html.trim().is_empty() && !html.trim_start().starts_with('<');
        if is_bare { format!("<p>{}</p>", html.trim()) } else { html }
    };
    html.lines().filter(|line| !line.trim().is_empty()).map(|line| format!("{line}\n")).collect()
}

fn summary(root: Node<'_>, how: Rendering<'_>) -> String {
    let paragraphs =
        root.children().filter(|n| matches!(n.data.borrow().value, NodeValue::Paragraph));
    let first = paragraphs.map(|node| told(node, how)).find(|text| !text.is_empty());
    shortened(&first.unwrap_or_default(), 280)
}

/// The text of a block as it may be told.
fn told(node: Node<'_>, how: Rendering<'_>) -> String {
    title(&veiled(&plain(node), how.names), how.own)
}

fn plain(node: Node<'_>) -> String {
    let mut text = String::new();
    for part in node.descendants() {
        match &part.data.borrow().value {
            NodeValue::Text(t) => text.push_str(t),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
            _ => {}
        }
    }
    one_line(&text)
}

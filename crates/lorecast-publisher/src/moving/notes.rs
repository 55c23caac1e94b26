//! Notes of another publisher: HTML, as Markdown that shows the same.

use std::collections::{HashMap, HashSet};

use ammonia::UrlRelative;
use htmd::HtmlToMarkdown;
use htmd::options::{BulletListMarker, HrStyle, Options};
use url::Url;

use crate::html::{Piece, elements, pieces};
use crate::notes::{DEEPEST, LIMIT, TAGS, depth, shown};
use crate::text::{escaped, one_line, printable, quoted, shortened};

/// Notes as Markdown. Where Markdown would show something else (a list within a table, say), the HTML
/// stays as it was, which Markdown allows. Relative links lead to where `page` is.
pub(super) fn markdown(html: &str, page: Option<&Url>) -> String {
    let html = printable(html);
    let html = if html.len() > LIMIT / 2 { shortened(&plain(&html), LIMIT / 8) } else { html };
    if depth(&html) > DEEPEST {
        return paragraphs(&plain(&html));
    }
    let html = if is_html(&html) { html } else { paragraphs(&html) };
    let clean = pictures_as_links(&cleaner(page).clean(&html).to_string());
    let markdown = converter().convert(&clean).unwrap_or_default();
    let markdown = format!("{}\n", markdown.trim());
    if looks(&shown(&markdown)) == looks(&clean) { markdown } else { as_html(&clean) }
}

/// The text of HTML, without its tags.
pub(super) fn plain(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return html.to_owned();
    }
    let mut text = String::new();
    for piece in pieces(html) {
        match piece {
            Piece::Text(more) => text.push_str(&more),
            Piece::Close(name)
                if matches!(name.as_str(), "p" | "div" | "li" | "h1" | "h2" | "h3") =>
            {
                text.push('\n');
            }
            Piece::Open(element) if element.name == "br" => text.push('\n'),
            _ => {}
        }
    }
    text
}

fn is_html(text: &str) -> bool {
    pieces(text).iter().any(|piece| matches!(piece, Piece::Open(_)))
}

/// Plain text as HTML: an empty line parts paragraphs, another line end stays one. Entities are as the
/// feed has them.
fn paragraphs(text: &str) -> String {
    let text = pieces(text).into_iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(text),
        _ => None,
    });
    let text: String = text.collect();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let paragraphs = lines.split(|line| line.is_empty()).filter(|lines| !lines.is_empty());
    paragraphs
        .map(|lines| format!("<p>{}</p>\n", escaped(&lines.join("\n")).replace('\n', "<br>")))
        .collect()
}

fn cleaner<'a>(page: Option<&Url>) -> ammonia::Builder<'a> {
    let mut cleaner = ammonia::Builder::default();
    let relative =
        page.map_or(UrlRelative::Deny, |page| UrlRelative::RewriteWithBase(page.clone()));
    cleaner
        .tags(TAGS.iter().copied().chain(["img", "h1"]).collect())
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("img", HashSet::from(["src", "alt"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .generic_attributes(HashSet::new())
        .link_rel(None)
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(relative);
    cleaner
}

/// Pictures of other servers would tell them who reads the notes: a link stands in their place.
fn pictures_as_links(clean: &str) -> String {
    let (mut out, mut rest) = (String::new(), clean);
    while let Some((before, behind)) = rest.split_once("<img ") {
        out.push_str(before);
        let (tag, after) = behind.split_once('>').unwrap_or((behind, ""));
        let tag = pieces(&format!("<img {tag}>"));
        let attribute =
            |name: &str| elements(&tag).find_map(|img| img.get(name)).unwrap_or_default();
        let (src, alt) = (attribute("src"), one_line(attribute("alt")));
        // A link cannot stand in a link.
        let linked =
            out.rfind("<a ").is_some_and(|open| out.rfind("</a>").is_none_or(|end| end < open));
        let alt = if alt.is_empty() && !linked { "picture".to_owned() } else { alt };
        match src.is_empty() || linked {
            true => out.push_str(&escaped(&alt)),
            false => out.push_str(&format!("<a href=\"{}\">{}</a>", quoted(src), escaped(&alt))),
        }
        rest = after;
    }
    out + rest
}

fn converter() -> HtmlToMarkdown {
    let options = Options {
        bullet_list_marker: BulletListMarker::Dash,
        ul_bullet_spacing: 1,
        ol_number_spacing: 1,
        hr_style: HrStyle::Dashes,
        ..Options::default()
    };
    HtmlToMarkdown::builder().options(options).build()
}

/// What a reader sees: the words in their order, and where links lead.
fn looks(html: &str) -> (String, Vec<String>) {
    let (mut text, mut links) = (String::new(), Vec::new());
    for piece in pieces(html) {
        match piece {
            Piece::Text(more) => text.push_str(&more),
            Piece::Open(element) => match element.name.as_str() {
                "a" => links.extend(element.get("href").map(str::to_owned)),
                "b" | "strong" | "i" | "em" | "code" | "s" | "del" | "p" => {}
                name => text.push_str(&format!(" {name} ")),
            },
            Piece::Close(name) if TAGS.contains(&name.as_str()) && !is_inline(&name) => {
                text.push(' ')
            }
            _ => {}
        }
    }
    let text = text.replace(" tbody ", " ");
    (one_line(&text), links)
}

fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "b"
            | "cite"
            | "code"
            | "del"
            | "em"
            | "i"
            | "kbd"
            | "q"
            | "s"
            | "strong"
            | "sub"
            | "sup"
    )
}

/// HTML as it stands in Markdown: each block on its own, without empty lines in it, which would end it.
fn as_html(clean: &str) -> String {
    let (mut out, mut block, mut open) = (String::new(), String::new(), 0_i64);
    for line in clean.lines().filter(|line| !line.trim().is_empty()) {
        for piece in pieces(line) {
            match piece {
                Piece::Open(element) if !matches!(element.name.as_str(), "br" | "hr" | "img") => {
                    open += 1
                }
                Piece::Close(_) => open -= 1,
                _ => {}
            }
        }
        block.push_str(line.trim_end());
        block.push('\n');
        if open <= 0 {
            out.push_str(&format!("<div>\n{block}</div>\n\n"));
            block.clear();
        }
    }
    if !block.is_empty() {
        out.push_str(&format!("<div>\n{block}</div>\n"));
    }
    format!("{}\n", out.trim_end())
}

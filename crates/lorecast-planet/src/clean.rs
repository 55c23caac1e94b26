//! HTML of strangers into HTML that does no harm and asks no other host for anything.

use std::collections::{HashMap, HashSet};

use ammonia::UrlRelative;
use url::Url;

/// Longer texts are not looked at, in bytes.
const LONGEST: usize = 500_000;
/// Deeper texts are not either: time grows with the square of the depth. Nobody nests so by hand.
const DEEPEST: usize = 100;
/// A tag of more parts is none: reading its attributes takes time that grows with their square.
const MOST_PARTS: usize = 5_000;

/// What stays. Pictures become links.
const TAGS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "cite",
    "code",
    "dd",
    "del",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
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

/// What also is HTML when it stands in a title. Anything else in angle brackets is what the title says:
/// `<stdio.h>`.
const MORE_TAGS: &[&str] = &["big", "div", "font", "ins", "script", "small", "span", "style", "u"];

/// Tags that end by themselves where the next one begins.
const OPEN_ENDED: &[&str] = &[
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta",
    "option", "p", "param", "source", "td", "th", "tr", "track", "wbr",
];

/// HTML that does no harm: no script, no style, nothing that is loaded. Pictures become links, headings
/// stand below that of the post, relative links lead below `base`. Empty when the text is too long or too
/// deep to be looked at.
pub(crate) fn html(text: &str, base: &Url) -> String {
    if !is_tame(text) {
        return String::new();
    }
    let mut cleaner = cleaner(base);
    let clean = cleaner.clean(text).to_string();
    // What was rewritten is cleaned once more: that nothing gets through must not hang on the rewriting.
    cleaner.rm_tags(["img"]);
    cleaner.clean(&without_pictures(&clean)).to_string().trim().to_owned()
}

fn cleaner(base: &Url) -> ammonia::Builder<'static> {
    let mut cleaner = ammonia::Builder::default();
    cleaner
        .tags(TAGS.iter().copied().collect())
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("img", HashSet::from(["src", "alt"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .generic_attributes(HashSet::new())
        .link_rel(None)
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::RewriteWithBase(base.clone()));
    cleaner
}

/// The plain words of HTML, on one line. What is in angle brackets and is no tag stays.
pub fn words(text: &str) -> String {
    if !is_tame(text) {
        return String::new();
    }
    let text = with_brackets(text);
    let mut cleaner = ammonia::Builder::empty();
    cleaner.clean_content_tags(HashSet::from(["script", "style"]));
    plain(&cleaner.clean(&text).to_string())
}

/// A text on one line, without what does not print.
pub(crate) fn one_line(text: &str) -> String {
    let odd = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let text: String = text.chars().map(|c| if odd(c) { ' ' } else { c }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first so many characters, cut between words.
pub(crate) fn shortened(text: &str, limit: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(limit) else { return text.to_owned() };
    let start = &text[..end];
    let start = start.rsplit_once(' ').map_or(start, |(whole, _)| whole);
    format!("{start}…")
}

/// Whether a reader of HTML copes with the text in bounded time.
fn is_tame(text: &str) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    let (mut open, mut now) = (HashMap::<String, usize>::new(), 0_usize);
    for (at, _) in text.match_indices('<') {
        let rest = &text[at + 1..];
        let tag = rest.split('>').next().unwrap_or_default();
        if tag.bytes().filter(|b| b.is_ascii_whitespace() || *b == b'/').count() > MOST_PARTS {
            return false;
        }
        let name = name_of(rest.strip_prefix('/').unwrap_or(rest));
        if name.is_empty() || OPEN_ENDED.contains(&name.as_str()) {
            continue;
        }
        // A closing tag closes its own kind alone.
        let depth = open.entry(name).or_default();
        if !rest.starts_with('/') {
            *depth += 1;
            now += 1;
        } else if *depth > 0 {
            *depth -= 1;
            now -= 1;
        }
        if now > DEEPEST {
            return false;
        }
    }
    true
}

/// The name that a tag begins with, in small letters; empty when it is no tag.
fn name_of(tag: &str) -> String {
    let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len()).min(30);
    match tag.starts_with(|c: char| c.is_ascii_alphabetic()) {
        true => tag[..end].to_ascii_lowercase(),
        false => String::new(),
    }
}

/// The text with every `<` that begins no known tag written as text.
fn with_brackets(text: &str) -> String {
    let mut pieces = text.split('<');
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let name = name_of(piece.strip_prefix('/').unwrap_or(piece));
        let known = TAGS.contains(&name.as_str()) || MORE_TAGS.contains(&name.as_str());
        whole.push_str(if known || piece.starts_with("!--") { "<" } else { "&lt;" });
        whole.push_str(piece);
    }
    whole
}

/// What the cleaner wrote as text.
fn plain(clean: &str) -> String {
    let text = clean.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ");
    one_line(&text.replace("&quot;", "\"").replace("&amp;", "&"))
}

/// What the cleaner wrote, with links in the place of pictures, lower headings and no empty links.
fn without_pictures(clean: &str) -> String {
    let (mut out, mut linked) = (String::with_capacity(clean.len()), None);
    let mut pieces = clean.split('<');
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let (slash, name) = match tag.strip_prefix('/') {
            Some(name) => ("/", name),
            None => ("", tag),
        };
        match (slash, name.split(' ').next().unwrap_or_default()) {
            ("", "img") => picture(&mut out, tag, linked.is_some()),
            ("", heading @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6")) => {
                lower(&mut out, "", heading)
            }
            ("/", heading @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6")) => {
                lower(&mut out, "/", heading)
            }
            ("/", "a") => match linked.take() {
                // Nothing to click on.
                Some((start, end)) if out[end..].trim().is_empty() => out.truncate(start),
                _ => out.push_str("</a>"),
            },
            (_, name) => {
                let start = out.len();
                out.push('<');
                out.push_str(tag);
                out.push('>');
                if name == "a" {
                    linked = Some((start, out.len()));
                }
            }
        }
        out.push_str(text);
    }
    out
}

/// A heading that stands two levels below, because the page and the post have one.
fn lower(out: &mut String, slash: &str, heading: &str) {
    let level = heading[1..].parse::<u8>().unwrap_or(4);
    out.push_str(&format!("<{slash}h{}>", (level + 2).min(6)));
}

/// A link to a picture, or its words where a link is around it.
fn picture(out: &mut String, tag: &str, linked: bool) {
    let value = |name: &str| {
        let rest = &tag[tag.find(&format!(" {name}=\""))? + name.len() + 3..];
        rest.split('"').next().filter(|value| !value.trim().is_empty())
    };
    let words = value("alt").unwrap_or("picture");
    match value("src").filter(|src| !linked && src.starts_with("http")) {
        Some(src) => out.push_str(&format!("<a href=\"{src}\">[{words}]</a>")),
        None if linked => out.push_str(&format!("[{words}]")),
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(html(text, &Url::parse("https://ann.example/blog/").unwrap()), expected);
    }

    #[test]
    fn what_stays_does_no_harm() {
        check("<p onclick=x()>Hi <b>you</b><script>x()</script>", "<p>Hi <b>you</b></p>");
        check("<a href='javascript:x()'>x</a>", "<a>x</a>");
        check("<iframe src=//evil.example></iframe><style>p{}</style>ok", "ok");
        check("<a href=../up target=_top>up</a>", "<a href=\"https://ann.example/up\">up</a>");
        check("<svg><image href=x></svg><form><input></form>text", "text");
    }

    #[test]
    fn pictures_become_links() {
        check(
            "<img src=a.png alt='A &quot;b&quot; <c>'>",
            "<a href=\"https://ann.example/blog/a.png\">[A \"b\" &lt;c&gt;]</a>",
        );
        check(
            "<a href=/big><img src=small.png></a>",
            "<a href=\"https://ann.example/big\">[picture]</a>",
        );
        check("<img src='data:image/png;base64,AAAA' alt=x><img alt=y>.", ".");
        check("<a href=/x> </a>a<a href=/y></a>b", "ab");
    }

    #[test]
    fn headings_stand_below_the_post() {
        check("<h1>A</h1><h2>B</h2><h5>C</h5>", "<h3>A</h3><h4>B</h4><h6>C</h6>");
    }

    #[test]
    fn what_cannot_be_looked_at_is_left_out() {
        check(&"<b>".repeat(200), "");
        check(&"<b></x>".repeat(200), "");
        check(&format!("<a {}>", "x ".repeat(10_000)), "");
        check(&"x".repeat(LONGEST + 1), "");
        check(&"<b>x</b>".repeat(200), &"<b>x</b>".repeat(200));
    }

    #[test]
    fn words_are_plain() {
        for (text, expected) in [
            ("Why <b>bold</b> &amp; <i>brash</i>?", "Why bold & brash?"),
            ("#include <stdio.h> in a < b", "#include <stdio.h> in a < b"),
            ("a &lt;b&gt; c&nbsp;d\n e", "a <b> c d e"),
            ("<script>x()</script>done", "done"),
            ("\u{202e}turned\u{7}", "turned"),
        ] {
            assert_eq!(words(text), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_ever_loaded(text in "(<(/|)(a|img|p|b|h1|x|script|svg)( (src|href|alt|onload)=[\"']?[a-z:/.<>]{0,9}[\"']?){0,2}>?|[a-z<>&\"' ]{0,5}){0,12}") {
            let html = html(&text, &Url::parse("https://ann.example/").unwrap());
            proptest::prop_assert!(!html.contains("<img") && !html.contains("<script"), "{html}");
            words(&text);
        }
    }
}

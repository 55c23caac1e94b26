//! HTML without what is private: mail addresses, and names that are not told.
//!
//! It reads what the sanitiser left, so it sees text as a reader does: entities are characters, a name
//! in two tags is one, and raw HTML is like any other.

use std::ops::Range;

use percent_encoding::percent_decode_str;
use url::Url;

use crate::address::quiet;
use crate::html::{Element, Piece, pieces};
use crate::names::Names;
use crate::text::{addresses, edited};

/// Where other words are to stand, and which.
type Edit = (Range<usize>, String);

/// Tags that do not end a line of text.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "kbd", "q", "s", "strong", "sub",
    "sup",
];

/// The HTML with other words for names that are not told and mail addresses cut, but for the show's
/// `own`; links that would tell them are gone, and their words stay.
pub(crate) fn scrubbed(html: &str, own: Option<&str>, names: &dyn Names) -> String {
    let mut pieces = pieces(html);
    let ends: Vec<usize> = (0..pieces.len()).filter(|nth| ends_line(&pieces[*nth])).collect();
    let mut from = 0;
    for end in ends.into_iter().chain([pieces.len()]) {
        edit(&mut pieces[from..end], &|text| names.replaced(text));
        edit(&mut pieces[from..end], &|text| addresses(text, own));
        from = end;
    }
    let (mut clean, mut dropped) = (String::with_capacity(html.len()), Vec::new());
    for piece in pieces {
        match piece {
            Piece::Open(mut element) if element.name == "a" => {
                let gone = !tame(&mut element, own, names);
                dropped.push(gone);
                if !gone {
                    open(&mut clean, &element);
                }
            }
            Piece::Close(name) if name == "a" => {
                if !dropped.pop().unwrap_or(true) {
                    clean.push_str("</a>");
                }
            }
            Piece::Open(element) => open(&mut clean, &element),
            Piece::Close(name) => clean.push_str(&format!("</{name}>")),
            Piece::Text(text) => clean.push_str(&escaped(&text, false)),
            Piece::Doctype { .. } => {}
        }
    }
    clean
}

fn ends_line(piece: &Piece) -> bool {
    match piece {
        Piece::Open(element) => !INLINE.contains(&element.name.as_str()),
        Piece::Close(name) => !INLINE.contains(&name.as_str()),
        _ => false,
    }
}

/// Edits text that tags part: what stands instead comes where the range begins.
fn edit(pieces: &mut [Piece], find: &dyn Fn(&str) -> Vec<Edit>) {
    let mut joined = String::new();
    let mut places = Vec::new();
    for (nth, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Text(text) => {
                places.push((nth, joined.len()));
                joined.push_str(text);
            }
            Piece::Open(element) if element.name == "br" => joined.push('\n'),
            _ => {}
        }
    }
    let edits = find(&joined);
    if edits.is_empty() {
        return;
    }
    for (nth, start) in places {
        let Piece::Text(text) = &mut pieces[nth] else { continue };
        let end = start + text.len();
        let inside = edits.iter().filter(|(range, _)| range.start < end && range.end > start);
        let own: Vec<Edit> = inside
            .map(|(range, instead)| {
                let begins = range.start >= start;
                let within = range.start.max(start) - start..range.end.min(end) - start;
                (within, if begins { instead.clone() } else { String::new() })
            })
            .collect();
        *text = edited(text, &own);
    }
}

/// Takes what is private out of a link's address; false when that is all of it.
fn tame(element: &mut Element, own: Option<&str>, names: &dyn Names) -> bool {
    let Some((_, href)) = element.attributes.iter_mut().find(|(name, _)| name == "href") else {
        return true;
    };
    match link(href, own, names) {
        Some(tamed) => {
            *href = tamed;
            true
        }
        None => false,
    }
}

/// A link that may be published: no mail address but the show's own, nobody's name and password, and no
/// mail of somebody forgotten. A Message-ID in its path stays: the link needs it.
pub(crate) fn link(href: &str, own: Option<&str>, names: &dyn Names) -> Option<String> {
    let mut href = href.to_owned();
    if let Ok(mut url) = Url::parse(&href) {
        if url.scheme() == "mailto" {
            let to = decoded(url.path());
            return own.is_some_and(|own| to.eq_ignore_ascii_case(own)).then_some(href);
        }
        if !url.username().is_empty() || url.password().is_some() {
            url.set_username("").ok()?;
            url.set_password(None).ok()?;
            href = url.to_string();
        }
        let behind = [url.query(), url.fragment()].into_iter().flatten().map(decoded);
        let mut segments = url.path().split('/').map(decoded);
        if behind.into_iter().any(|text| !addresses(&text, own).is_empty())
            || segments.any(|part| names.ends(&part))
        {
            return None;
        }
    }
    (!names.holds(&decoded(&href))).then(|| quiet(&href))
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn open(html: &mut String, element: &Element) {
    html.push_str(&format!("<{}", element.name));
    for (name, value) in &element.attributes {
        html.push_str(&format!(" {name}=\"{}\"", escaped(value, true)));
    }
    html.push('>');
}

/// As HTML is written (HTML standard, "Escaping a string").
fn escaped(text: &str, attribute: bool) -> String {
    let text = text.replace('&', "&amp;").replace('\u{a0}', "&nbsp;");
    let text = text.replace('<', "&lt;").replace('>', "&gt;");
    if attribute { text.replace('"', "&quot;") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, clean: &str) {
        assert_eq!(scrubbed(html, Some("show@pod.example"), &()), clean);
    }

    #[test]
    fn addresses_go_and_links_to_them() {
        check("<p>ann@kernel.example</p>", "<p>ann@…</p>");
        check("<p>ann<b>@</b>kernel.example, &lt;b></p>", "<p>ann<b>@</b>…, &lt;b&gt;</p>");
        check("<a href=\"mailto:ann@kernel.example\">Ann</a>", "Ann");
        let own = "<a href=\"mailto:show@pod.example\">us</a>";
        check(own, own);
        check(
            "<a href=\"https://ann:pw@host.example/x\">x</a>",
            "<a href=\"https://host.example/x\">x</a>",
        );
        check("<a href=\"https://host.example/?to=ann%40kernel.example\">x</a>", "x");
        check(
            "<a href=\"https://lore.example/r/1@a.example/\">x</a>",
            "<a href=\"https://lore.example/r/1%40a.example/\">x</a>",
        );
        check(
            "<p>a<br>b</p>\n<hr><ol start=\"3\"><li>\u{a0}c</li></ol>",
            "<p>a<br>b</p>\n<hr><ol start=\"3\"><li>&nbsp;c</li></ol>",
        );
    }

    /// One name, and the id of its mails.
    #[derive(Debug)]
    struct Ann;

    impl Names for Ann {
        fn replaced(&self, text: &str) -> Vec<(Range<usize>, String)> {
            let found = ["Ann Vogel", "Ann\nVogel"].iter().flat_map(|n| text.match_indices(n));
            found.map(|(at, n)| (at..at + n.len(), "a developer".to_owned())).collect()
        }

        fn holds(&self, link: &str) -> bool {
            link.contains("ann vogel")
        }

        fn ends(&self, message: &str) -> bool {
            message.ends_with("ann@kernel.example")
        }
    }

    #[test]
    fn names_are_replaced_across_tags_and_links_to_them_go() {
        let check = |html: &str, clean: &str| assert_eq!(scrubbed(html, None, &Ann), clean);
        check("<p>by <b>Ann</b> Vogel, x</p>", "<p>by <b>a developer</b>, x</p>");
        check("<p>A&#110;n<br>Vogel</p>", "<p>a developer<br></p>");
        check("<li>Ann</li> <li>Vogel</li>", "<li>Ann</li> <li>Vogel</li>");
        check("<a href=\"https://l.example/r/1-2-ann%40kernel.example/\">[PATCH]</a>", "[PATCH]");
        check("<a href=\"https://l.example/ann%20vogel\">her</a>", "her");
    }
}

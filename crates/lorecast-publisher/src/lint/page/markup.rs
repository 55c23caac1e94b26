//! HTML as such: what every page must have, tags that fit, and names for what is not text.

use std::collections::BTreeSet;

use super::super::Lint;
use super::super::values;
use super::{ACCESSIBLE, KEYBOARD, ORDER, Page, VALID};
use crate::html::{self, Element, Piece};
use crate::lint::Place;
use crate::text::{is_printable, shortened};

/// Elements without an end (HTML standard section 13.1.2).
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];
/// Elements whose end may be left out.
const OPEN: &[&str] = &[
    "body", "colgroup", "dd", "dt", "head", "html", "li", "optgroup", "option", "p", "rp", "rt",
    "tbody", "td", "tfoot", "th", "thead", "tr",
];
/// Elements that the standard has given up.
const OBSOLETE: &[&str] = &[
    "acronym", "big", "blink", "center", "dir", "font", "frame", "frameset", "marquee", "noframes",
    "strike", "tt",
];

pub(super) fn check(lint: &mut Lint, page: &Page) {
    let path = page.path.as_str();
    let doctype = page.pieces.iter().any(|p| matches!(p, Piece::Doctype { html: true }));
    lint.must(doctype, &VALID, path, "`<!DOCTYPE html>` is missing");
    let titled = !html::text_of(page.pieces, "title").is_empty();
    lint.must(titled, &VALID, path, "`<title>` is missing or empty");
    if let Some(c) = page.source.chars().find(|c| !is_printable(*c) && *c != '\r') {
        lint.find(&VALID, path, format!("it holds the character U+{:04X}", c as u32));
    }
    nesting(lint, page);
    ids(lint, page);
    names(lint, page);
    outline(lint, page);
}

/// End tags that fit their start tags.
fn nesting(lint: &mut Lint, page: &Page) {
    let mut open: Vec<&Element> = Vec::new();
    // The contents of SVG and MathML have ends of their own.
    let mut foreign = 0usize;
    for piece in page.pieces {
        match piece {
            Piece::Open(e) => {
                foreign += usize::from(matches!(&*e.name, "svg" | "math"));
                if OBSOLETE.contains(&&*e.name) {
                    lint.find(&VALID, page.place(e), format!("`<{}>` is obsolete", e.name));
                }
                let nested =
                    matches!(&*e.name, "a" | "button") && open.iter().any(|o| o.name == e.name);
                if nested {
                    lint.find(
                        &VALID,
                        page.place(e),
                        format!("a `<{0}>` stands in a `<{0}>`", e.name),
                    );
                }
                if !VOID.contains(&&*e.name) && (foreign == 0 || matches!(&*e.name, "svg" | "math"))
                {
                    open.push(e);
                }
            }
            Piece::Close(name) => {
                foreign = foreign.saturating_sub(usize::from(matches!(&**name, "svg" | "math")));
                if foreign > 0 {
                    continue;
                }
                while open.last().is_some_and(|o| o.name != *name && OPEN.contains(&&*o.name)) {
                    open.pop();
                }
                match open.last() {
                    Some(last) if last.name == *name => {
                        open.pop();
                    }
                    Some(last) => {
                        let message =
                            format!("`</{}>` ends `<{}>`", shortened(name, 40), last.name);
                        return lint.find(&VALID, page.place(last), message);
                    }
                    None => {
                        let message = format!("`</{}>` ends nothing", shortened(name, 40));
                        return lint.find(&VALID, page.path.as_str(), message);
                    }
                }
            }
            _ => {}
        }
    }
    if let Some(left) = open.iter().find(|e| !OPEN.contains(&&*e.name)) {
        lint.find(&VALID, page.place(left), format!("`<{}>` does not end", left.name));
    }
}

fn ids(lint: &mut Lint, page: &Page) {
    let mut seen = BTreeSet::new();
    for element in page.elements() {
        if let Some(id) = element.get("id").filter(|id| !seen.insert(*id)) {
            let message = format!("the id `{}` is there twice", shortened(id, 60));
            lint.find(&VALID, page.place(element), message);
        }
    }
    let references = ["aria-labelledby", "aria-describedby", "aria-controls", "for"];
    for element in page.elements() {
        for named in references.iter().filter_map(|name| element.get(name)) {
            if let Some(id) = named.split_whitespace().find(|id| !seen.contains(id)) {
                let message =
                    format!("it names the id `{}`, which is not there", shortened(id, 60));
                lint.find(&VALID, page.place(element), message);
            }
        }
    }
}

/// What a screen reader says of pictures, links, buttons and fields.
fn names(lint: &mut Lint, page: &Page) {
    let mains = page.all("main").count();
    lint.must(mains == 1, &ACCESSIBLE, page.path.as_str(), format!("it has {mains} `<main>`"));
    let zoom = page.meta("viewport").replace(' ', "");
    let shut = zoom.contains("user-scalable=no") || zoom.contains("maximum-scale=1");
    lint.must(!shut, &ACCESSIBLE, page.path.as_str(), "zooming is switched off");
    let labels: BTreeSet<&str> = page.all("label").filter_map(|e| e.get("for")).collect();
    for (nth, piece) in page.pieces.iter().enumerate() {
        let Piece::Open(element) = piece else { continue };
        let place = page.place(element);
        let labelled = element.get("aria-label").is_some_and(|l| !l.trim().is_empty())
            || element.get("aria-labelledby").is_some()
            || element.get("title").is_some_and(|t| !t.is_empty());
        match element.name.as_str() {
            "img" if element.get("alt").is_none() => {
                lint.find(&ACCESSIBLE, &place, "an `<img>` has no `alt`");
            }
            "a" | "button" => {
                let text = inside(page.pieces, nth);
                if text.is_empty() && !labelled && element.get("aria-hidden").is_none() {
                    let message = format!("a `<{}>` has no name", element.name);
                    lint.find(&ACCESSIBLE, &place, message);
                }
                visible(lint, &place, element, &text);
            }
            "input" | "select" | "textarea" => {
                let hidden = matches!(element.get("type"), Some("hidden" | "submit" | "button"));
                let known = element.get("id").is_some_and(|id| labels.contains(id));
                let wrapped = in_label(page.pieces, nth);
                let message = format!("an `<{}>` has no label", element.name);
                lint.must(hidden || labelled || known || wrapped, &ACCESSIBLE, &place, message);
            }
            _ => {}
        }
        let index = element.get("tabindex").and_then(|n| n.parse::<i64>().ok()).unwrap_or(0);
        lint.must(
            index <= 0,
            &KEYBOARD,
            page.place(element),
            "`tabindex` above 0 breaks the order of the keyboard",
        );
    }
}

/// The words of a name begin with what is seen (WCAG 2.5.3).
fn visible(lint: &mut Lint, place: &Place, element: &Element, text: &str) {
    let (Some(label), seen) = (element.get("aria-label"), values::words(text)) else { return };
    let label = values::words(label);
    let carried = seen.iter().all(|word| label.contains(word));
    let message = format!("its name does not hold the visible `{}`", shortened(text, 40));
    lint.must(seen.is_empty() || carried, &KEYBOARD, place, message);
}

/// The text inside an element, with the words for its pictures.
fn inside(pieces: &[Piece], nth: usize) -> String {
    let Some(Piece::Open(outer)) = pieces.get(nth) else { return String::new() };
    let mut text = String::new();
    for piece in &pieces[nth + 1..] {
        match piece {
            Piece::Close(name) if *name == outer.name => break,
            Piece::Text(more) => text.push_str(more),
            Piece::Open(e) if e.name == "img" => text.push_str(e.get("alt").unwrap_or_default()),
            Piece::Open(e) => text.push_str(e.get("aria-label").unwrap_or_default()),
            _ => {}
        }
    }
    text.trim().to_owned()
}

fn in_label(pieces: &[Piece], nth: usize) -> bool {
    let mut open = 0i32;
    for piece in &pieces[..nth] {
        match piece {
            Piece::Open(e) if e.name == "label" => open += 1,
            Piece::Close(name) if name == "label" => open -= 1,
            _ => {}
        }
    }
    open > 0
}

/// The language, and the headings in order.
fn outline(lint: &mut Lint, page: &Page) {
    let path = page.path.as_str();
    let lang = page.all("html").next().and_then(|e| e.get("lang")).unwrap_or_default();
    lint.must(
        values::is_language(lang),
        &ORDER,
        path,
        format!("its `lang` is `{}`", shortened(lang, 40)),
    );
    let headings = page.all("h1").count();
    lint.must(headings == 1, &ORDER, path, format!("it has {headings} `<h1>`"));
    let mut last = 0;
    for element in page.elements() {
        let level = match element.name.as_bytes() {
            [b'h', n @ b'1'..=b'6'] => n - b'0',
            _ => continue,
        };
        if last > 0 && level > last + 1 {
            lint.find(
                &ORDER,
                page.place(element),
                format!("an `<h{level}>` follows an `<h{last}>`"),
            );
        }
        last = level;
    }
}

//! Markdown, as far as it may part the words of a name.

use std::ops::Range;

/// The marks that may stand between the words of a name.
pub(crate) const MARKS: &str = "*_~`[]>";

/// The longest tag or link target that is passed over, in bytes.
const LONGEST: usize = 2000;

/// Named and numbered spaces.
const SPACES: [&str; 4] = ["&nbsp;", "&#160;", "&#xa0;", "&#xA0;"];

/// The text with spaces in place of tags, link targets and written-out spaces, every other byte in its
/// place.
pub(crate) fn masked(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = opaque(rest);
        if length > 0 {
            masked.extend(std::iter::repeat_n(' ', length));
            rest = &rest[length..];
        } else {
            masked.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    masked
}

/// The length of the tag, link target or space that a text begins with.
fn opaque(text: &str) -> usize {
    let until = |open: usize, close: char| {
        let inside = text[open..].find([close, '\n']).filter(|end| *end <= LONGEST);
        let end = inside.map(|end| open + end).filter(|end| text[*end..].starts_with(close));
        end.map_or(0, |end| end + close.len_utf8())
    };
    match text.as_bytes() {
        [b'<', c, ..] if c.is_ascii_alphabetic() || *c == b'/' => until(1, '>'),
        [b']', b'(', ..] => until(2, ')'),
        [b'&', ..] => SPACES.iter().find(|s| text.starts_with(**s)).map_or(0, |s| s.len()),
        _ => 0,
    }
}

/// The marks of a gap between two words of a name, which stay when the name goes.
pub(crate) fn marks(text: &str, masked: &str, gap: Range<usize>) -> String {
    let mut kept = String::new();
    let mut at = gap.start;
    while at < gap.end {
        let opaque = opaque(&text[at..gap.end]);
        let c = text[at..].chars().next().unwrap_or(' ');
        if opaque > 0 && !text[at..].starts_with('&') {
            kept.push_str(&text[at..at + opaque]);
        } else if opaque == 0 && masked[at..].starts_with(c) && "*_~`[]".contains(c) {
            kept.push(c);
        }
        at += opaque.max(c.len_utf8());
    }
    kept
}

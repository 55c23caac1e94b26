//! Text that XML and HTML can hold.

use std::borrow::Cow;
use std::ops::Range;

/// Whether XML 1.0 (section 2.2, `Char`) allows this character and it is neither one of the C1
/// controls nor a noncharacter, which the same section discourages.
pub(crate) fn is_printable(c: char) -> bool {
    match c {
        '\t' | '\n' => true,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => false,
        '\u{fdd0}'..='\u{fdef}' => false,
        _ => (c as u32) & 0xfffe != 0xfffe,
    }
}

/// The text without what XML cannot hold; line ends become `\n`.
pub(crate) fn printable(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|c| is_printable(*c)).collect()
}

/// The text as one line: printable, with single spaces, trimmed (PSP-1 allows no space around values).
pub(crate) fn one_line(text: &str) -> String {
    printable(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text on one line, as it is where it is so already.
pub(crate) fn in_line(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let plain = text.is_ascii()
        && !bytes.iter().any(u8::is_ascii_control)
        && !bytes.starts_with(b" ")
        && !bytes.ends_with(b" ")
        && !text.contains("  ");
    if plain { Cow::Borrowed(text) } else { Cow::Owned(one_line(text)) }
}

/// At most `limit` characters, ended by `…` at a word's end when something was cut.
pub(crate) fn shortened(text: &str, limit: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(limit) else { return text.to_owned() };
    let cut = text[..end].rfind(' ').filter(|at| *at > end / 2).unwrap_or(end);
    format!("{}…", text[..cut].trim_end_matches([' ', ',', ';', ':', '.']))
}

/// The text within HTML: what would begin a tag or an entity is written otherwise.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The text within the quotation marks of an attribute, in HTML and in XML.
pub(crate) fn quoted(text: &str) -> String {
    escaped(text).replace('"', "&quot;")
}

/// A title as it may be published: one line, without mail addresses but the show's own.
pub(crate) fn title(text: &str, own: Option<&str>) -> String {
    without_addresses(&one_line(text), own).into_owned()
}

/// The text with what follows the `@` of each mail address cut, but for the show's own.
pub(crate) fn without_addresses<'a>(text: &'a str, own: Option<&str>) -> Cow<'a, str> {
    let cuts = addresses(text, own);
    if cuts.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(edited(text, &cuts)) }
}

/// What to cut of the mail addresses in a text but the show's own, and what stands there then.
pub(crate) fn addresses(text: &str, own: Option<&str>) -> Vec<(Range<usize>, String)> {
    let local = |c: char| c.is_alphanumeric() || "._%+-=".contains(c);
    let domain = |c: char| c.is_alphanumeric() || ".-".contains(c);
    let (mut cuts, mut kept) = (Vec::new(), 0);
    for (at, _) in text.match_indices('@') {
        let before = &text[kept..at];
        let start = before.trim_end_matches(local).len();
        let behind = &text[at + 1..];
        let length = behind.len() - behind.trim_start_matches(domain).len();
        let host = behind[..length].trim_end_matches(['.', '-']);
        if start == before.len() || !host.contains('.') {
            continue;
        }
        let whole = format!("{}@{host}", &before[start..]);
        if own.is_some_and(|own| whole.eq_ignore_ascii_case(own)) {
            continue;
        }
        kept = at + 1 + host.len();
        cuts.push((at + 1..kept, "…".to_owned()));
    }
    cuts
}

/// The text with other words in some places, which follow each other.
pub(crate) fn edited(text: &str, edits: &[(Range<usize>, String)]) -> String {
    let (mut edited, mut kept) = (String::with_capacity(text.len()), 0);
    for (range, instead) in edits {
        edited.push_str(&text[kept..range.start]);
        edited.push_str(instead);
        kept = range.end;
    }
    edited + &text[kept..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_xml_holds_is_kept() {
        assert_eq!(printable("a\u{0}b\u{8}\r\nc\rd\u{fffe}\u{85}\te\u{1ffff}"), "ab\nc\nd\te");
        assert_eq!(one_line("  a\n b\u{1b}[31m "), "a b[31m");
    }

    #[test]
    fn addresses_are_cut_but_the_own_one() {
        let check = |text: &str, cut: &str| {
            assert_eq!(without_addresses(text, Some("show@pod.example")), cut, "{text}");
        };
        check("Ann <ann.v@kernel.example>, see", "Ann <ann.v@…>, see");
        check("a@b.example. c+d@e.f.example!", "a@…. c+d@…!");
        check("write to Show@pod.example", "write to Show@pod.example");
        check("@media, x@y, 50 @ 3.5, a@@b", "@media, x@y, 50 @ 3.5, a@@b");
    }

    #[test]
    fn titles_are_one_line_without_addresses() {
        assert_eq!(title(" mm:\n ask ann@kernel.example ", None), "mm: ask ann@…");
    }

    #[test]
    fn shortening_ends_at_a_word() {
        assert_eq!(shortened("one two three", 20), "one two three");
        assert_eq!(shortened("one two, three", 10), "one two…");
        assert_eq!(shortened("ééééé", 3), "ééé…");
    }
}

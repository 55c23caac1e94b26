//! Text that cannot hide anything: what has no shape of its own, or turns the text around it, is
//! written out.

use std::borrow::Cow;
use std::fmt::Write as _;

use lorecast_model::Mailbox;

/// Text as a page may show it. Line feeds and tabs stay; other control characters become their
/// pictures (`␍`), and what turns text around (Unicode Standard Annex 9) or has no width its number.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    if is_plain(text.as_bytes()) || !text.contains(hides) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\0'..='\u{1f}' if hides(c) => out.extend(char::from_u32(0x2400 + u32::from(c))),
            '\u{7f}' => out.push('\u{2421}'),
            c if hides(c) => {
                let _ = write!(out, "‹U+{:04X}›", u32::from(c));
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Text on one line.
pub(crate) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    shown(&words.join(" ")).into_owned()
}

/// A subject on one line, as the text of a link: there is always something to click on.
pub(crate) fn subject(text: &str) -> String {
    or(one_line(text), "(no subject)")
}

/// What to call a sender.
pub(crate) fn sender(mailbox: &Mailbox) -> String {
    or(one_line(mailbox.called()), "(no sender)")
}

fn or(text: String, without: &str) -> String {
    if text.is_empty() { without.to_owned() } else { text }
}

/// ASCII without control characters: a loop without branches, for the many texts that are.
fn is_plain(bytes: &[u8]) -> bool {
    let odd = |byte: u8| byte >= 0x7f || byte < 0x20 && byte != b'\n' && byte != b'\t';
    bytes.chunks(256).all(|some| !some.iter().fold(false, |found, byte| found | odd(*byte)))
}

fn hides(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(shown(text), expected);
    }

    #[test]
    fn what_hides_is_written_out() {
        check("plain\ttext\n", "plain\ttext\n");
        check("Grüße, 你好, שלום", "Grüße, 你好, שלום");
        check("evil\u{202e}txt.exe", "evil‹U+202E›txt.exe");
        check("a\rb\0c\x1b[31m\x7f", "a␍b␀c␛[31m␡");
        check("a\u{200b}b\u{feff}\u{2066}", "a‹U+200B›b‹U+FEFF›‹U+2066›");
        check("\u{85}\u{9b}", "‹U+0085›‹U+009B›");
    }
}

//! Text that does no harm on a terminal or a page, whatever a mail put into it.

use std::borrow::Cow;

/// One line of text: control characters (C0, DEL, C1, so ESC too) and the characters that turn the
/// direction of writing (Unicode UAX #9) are removed, white space is folded to single spaces.
pub fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !c.is_control() && !turns_direction(c) {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Prose of many lines: `\n` ends each line, tabs stay, other control characters are removed.
pub(crate) fn prose(text: &str) -> Cow<'_, str> {
    // C1 controls are C2 80 to C2 9F in UTF-8.
    let bytes = text.as_bytes();
    let control = |b: &u8| *b < b' ' && *b != b'\n' && *b != b'\t' || matches!(b, 0x7f | 0xc2);
    if !bytes.iter().any(control) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' | '\t' => out.push(c),
            '\r' if !matches!(chars.peek(), Some('\r' | '\n')) => out.push('\n'),
            _ if c.is_control() => {}
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Whether a character turns the direction of writing, or marks the order of bytes.
pub(crate) fn turns_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_line_cannot_move_the_cursor_or_turn_the_text() {
        assert_eq!(super::line("a\u{1b}[31mb\0 \t\r\n c\u{202e}d\u{9b}"), "a[31mb cd");
    }

    #[test]
    fn prose_keeps_lines_and_tabs_only() {
        assert_eq!(super::prose("a\r\r\nb\rc\td\u{7}\n"), "a\nb\nc\td\n");
    }
}

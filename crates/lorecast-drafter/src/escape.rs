//! Keeps what strangers wrote from becoming markup.

use std::io::{self, Write};

/// Writes text so that Markdown (CommonMark with GitHub's additions) shows it as it is.
///
/// Line breaks become spaces, so nothing can open a heading, a list or a fence; control characters
/// and those that turn the writing direction are left out; brackets, angles, stars, backticks and
/// the like get a backslash. An underscore inside a word stays: `pud_huge` is no emphasis.
pub(crate) fn markdown(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let after = rest.peek().copied().unwrap_or(' ');
        match c {
            c if turns_direction(c) => continue,
            c if c.is_whitespace() || c.is_control() => out.write_all(b" ")?,
            '_' if before.is_alphanumeric() && after.is_alphanumeric() => out.write_all(b"_")?,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '|' | '$' => {
                write!(out, "\\{c}")?
            }
            '#' if before == ' ' => write!(out, "\\{c}")?,
            '!' if after == '[' => out.write_all(b"\\!")?,
            c => write!(out, "{c}")?,
        }
        before = if c.is_whitespace() { ' ' } else { c };
    }
    Ok(())
}

/// Explicit directional characters (Unicode Bidirectional Algorithm, UAX #9 section 2).
pub(crate) fn turns_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> String {
        let mut out = Vec::new();
        markdown(text, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn markup_of_strangers_stays_text() {
        insta::assert_snapshot!(check("mm: <b>pud_huge</b> [x](javascript:y) *_bold_* `code`"),
            @r"mm: \<b\>pud_huge\</b\> \[x\](javascript:y) \*\_bold\_\* \`code\`");
        insta::assert_snapshot!(check("a\n# b\r\n- c &lt; \u{202e}evil\u{2066}"), @r"a \# b  - c \&lt; evil");
        insta::assert_snapshot!(check("![img](x) C++ is 50% ~faster~ |"), @r"\!\[img\](x) C++ is 50% \~faster\~ \|");
    }
}

//! Text that XML and HTML can hold.

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

/// At most `limit` characters, ended by `…` at a word's end when something was cut.
pub(crate) fn shortened(text: &str, limit: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(limit) else { return text.to_owned() };
    let cut = text[..end].rfind(' ').filter(|at| *at > end / 2).unwrap_or(end);
    format!("{}…", text[..cut].trim_end_matches([' ', ',', ';', ':', '.']))
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
    fn shortening_ends_at_a_word() {
        assert_eq!(shortened("one two three", 20), "one two three");
        assert_eq!(shortened("one two, three", 10), "one two…");
        assert_eq!(shortened("ééééé", 3), "ééé…");
    }
}

//! Lines of text. Every byte of every mail is looked at here several times, and `memchr` finds a
//! line end faster than the standard library does.

use memchr::memchr;

/// The lines of a text with their line ends.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let line;
        (line, rest) = rest.split_at(end_of_line(rest));
        (!line.is_empty()).then_some(line)
    })
}

/// Where the line behind the first one begins, or the text ends.
pub(crate) fn end_of_line(text: &str) -> usize {
    memchr(b'\n', text.as_bytes()).map_or(text.len(), |at| at + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lines_are_those_of_the_standard_library(text in "[ab\né\r]{0,30}") {
            let expected: Vec<&str> = text.split_inclusive('\n').collect();
            prop_assert_eq!(super::lines(&text).collect::<Vec<_>>(), expected);
        }
    }
}

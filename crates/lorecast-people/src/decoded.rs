//! Text of files that others made, in whatever encoding.

use std::borrow::Cow;

/// A line as text: UTF-8, else Latin-1, in which every byte is a letter. Old files mix both.
pub(crate) fn decoded(raw: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(raw) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(raw.iter().map(|byte| char::from(*byte)).collect()),
    }
}

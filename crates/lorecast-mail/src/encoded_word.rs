//! Encoded words in headers, `=?charset?B?…?=` (RFC 2047).
//!
//! More forgiving than the RFC, as readers of real mail are: a word may touch other text, and two
//! neighbours in one charset are decoded together, because mailers split characters between them.

use crate::charset::{self, Decoded};
use crate::mime::transfer;

/// A header's text: decoded, unfolded; true when a charset was unknown or bytes invalid in it.
pub(crate) fn decode(raw: &[u8]) -> (String, bool) {
    let Decoded { text, flawed } = charset::guess(raw);
    let mut out = Output { flawed, ..Output::default() };
    let mut rest = text.as_ref();
    // Nothing behind the last `?=` can be a word: looking there would cost quadratic time.
    let last = text.rfind("?=").unwrap_or(0);
    while let Some(at) = rest.find("=?") {
        if text.len() - rest.len() + at >= last {
            break;
        }
        let Some((word, behind)) = word(&rest[at..]) else {
            out.text(&rest[..at + 2]);
            rest = &rest[at + 2..];
            continue;
        };
        if !(out.pending.is_some() && rest[..at].trim().is_empty()) {
            out.text(&rest[..at]);
        }
        out.word(word);
        rest = behind;
    }
    out.text(rest);
    (out.done, out.flawed)
}

struct Word<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
}

/// Reads a word at the start of the text, and returns what stands behind it.
fn word(text: &str) -> Option<(Word<'_>, &str)> {
    let inner = text.strip_prefix("=?")?;
    let (charset, inner) = inner.split_once('?')?;
    let (encoding, inner) = inner.split_once('?')?;
    if charset.is_empty() || charset.len() > 64 || charset.contains(char::is_whitespace) {
        return None;
    }
    let decoder: fn(&[u8]) -> Vec<u8> = match encoding {
        "B" | "b" => |bytes| transfer::base64(bytes).0,
        "Q" | "q" => transfer::q_word,
        _ => return None,
    };
    let (content, behind) = inner.split_once("?=")?;
    // RFC 2231 section 5: a language may follow the charset.
    let charset = charset.split('*').next().unwrap_or(charset);
    Some((Word { charset, bytes: decoder(content.as_bytes()) }, behind))
}

#[derive(Default)]
struct Output<'a> {
    done: String,
    flawed: bool,
    pending: Option<Word<'a>>,
}

impl<'a> Output<'a> {
    fn text(&mut self, text: &str) {
        self.flush();
        self.done.push_str(text);
    }

    fn word(&mut self, word: Word<'a>) {
        match &mut self.pending {
            Some(last) if last.charset.eq_ignore_ascii_case(word.charset) => {
                last.bytes.extend_from_slice(&word.bytes);
            }
            _ => {
                self.flush();
                self.pending = Some(word);
            }
        }
    }

    fn flush(&mut self) {
        if let Some(word) = self.pending.take() {
            let decoded = charset::decode(&word.bytes, Some(word.charset));
            self.flawed |= decoded.flawed;
            self.done.push_str(&decoded.text);
        }
    }
}

#[cfg(test)]
mod tests {
    fn check(raw: &str, text: &str) {
        assert_eq!(super::decode(raw.as_bytes()), (text.to_owned(), false));
    }

    #[test]
    fn words_of_every_kind() {
        check("=?UTF-8?Q?J=C3=BCrgen_Example?=", "Jürgen Example");
        check("=?utf-8?b?SsO8cmdlbg==?= Example", "Jürgen Example");
        check("=?iso-8859-1*de?Q?J=FCrgen?=: x", "Jürgen: x");
        check("a=?utf-8?q?b?=c", "abc");
    }

    #[test]
    fn a_character_split_between_two_words_is_one() {
        check("=?utf-8?q?J=C3?=\r\n =?utf-8?q?=BCrgen?=", "Jürgen");
    }

    #[test]
    fn what_is_no_word_stays() {
        check("a =?= b ?= =?x?y?z?= =?utf-8?q?open", "a =?= b ?= =?x?y?z?= =?utf-8?q?open");
    }
}

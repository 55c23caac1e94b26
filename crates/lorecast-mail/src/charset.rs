//! Bytes to text in any charset (WHATWG Encoding Standard labels, through `encoding_rs`).

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// Text, and whether something was wrong with it.
pub(crate) struct Decoded<'a> {
    pub text: Cow<'a, str>,
    /// The charset is unknown, or bytes are invalid in it.
    pub flawed: bool,
}

/// Decodes by label. No label, or ASCII, means UTF-8 where it reads as such (RFC 6532 is newer than
/// most mailers that forget the label); an unknown label means UTF-8, else windows-1252.
pub(crate) fn decode<'a>(bytes: &'a [u8], label: Option<&str>) -> Decoded<'a> {
    let label = label.map(|l| l.trim().trim_matches(['"', '\''])).filter(|l| !l.is_empty());
    let decoded = match label {
        None => guess(bytes),
        Some(label) if says_nothing(label) => guess(bytes),
        Some(label) => match named(label) {
            Some(encoding) => by(encoding, bytes),
            None => Decoded { flawed: true, ..guess(bytes) },
        },
    };
    without_mark(decoded)
}

/// Text of a header: UTF-8 where it reads as such, else windows-1252.
pub(crate) fn guess(bytes: &[u8]) -> Decoded<'_> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Decoded { text: Cow::Borrowed(text), flawed: false },
        Err(_) => Decoded { flawed: true, ..by(WINDOWS_1252, bytes) },
    }
}

fn by<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Decoded<'a> {
    if encoding == UTF_8
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Decoded { text: Cow::Borrowed(text), flawed: false };
    }
    let (text, flawed) = encoding.decode_without_bom_handling(bytes);
    Decoded { text, flawed }
}

/// Whether a label tells nothing about 8-bit bytes: none at all, ASCII, or "unknown" (RFC 1428).
pub(crate) fn says_nothing(label: &str) -> bool {
    ["", "us-ascii", "ascii", "ansi_x3.4-1968", "unknown-8bit", "unknown", "x-unknown"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(label))
}

/// The encoding of a label, Microsoft's numbers for East Asian ones included.
fn named(label: &str) -> Option<&'static Encoding> {
    let label = match label.to_ascii_lowercase().as_str() {
        "cp932" | "windows-932" => "shift_jis",
        "cp936" | "windows-936" => "gbk",
        "cp949" => "euc-kr",
        "cp950" | "windows-950" => "big5",
        _ => label,
    };
    Encoding::for_label_no_replacement(label.as_bytes())
}

fn without_mark(mut decoded: Decoded<'_>) -> Decoded<'_> {
    if let Some(rest) = decoded.text.strip_prefix('\u{feff}') {
        decoded.text = Cow::Owned(rest.to_owned());
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], label: &str, text: &str, flawed: bool) {
        let decoded = decode(bytes, Some(label));
        assert_eq!((decoded.text.as_ref(), decoded.flawed), (text, flawed));
    }

    #[test]
    fn charsets() {
        check(b"Gr\xfc\xdfe", "iso-8859-1", "Grüße", false);
        check("Grüße".as_bytes(), "us-ascii", "Grüße", false);
        check(b"Gr\xfc\xdfe", "", "Grüße", true);
        check(b"Gr\xfc\xdfe", "utf-8", "Gr\u{fffd}\u{fffd}e", true);
        check(b"\xc4\xe3\xba\xc3", "gb2312", "你好", false);
        check(b"\x1b$B$3$s\x1b(B", "iso-2022-jp", "こん", false);
        check(b"\x82\xb1", "cp932", "こ", false);
        check(b"\xa1", "windows-874", "ก", false);
        check("é".as_bytes(), "utf8", "é", false);
        check(b"Gr\xfc\xdfe", "unknown-8bit", "Grüße", true);
        for label in ["y", "a", "--subject='re: x'", "'", "\u{e9}"] {
            check("é".as_bytes(), label, "é", !label.trim_matches('\'').is_empty());
        }
        check(b"plain", "x-no-such-thing", "plain", true);
        check(b"plain", "iso-2022-kr", "plain", true);
        check(b"\xef\xbb\xbfmarked", "utf-8", "marked", false);
    }
}

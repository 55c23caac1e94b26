//! Transfer encodings (RFC 2045 section 6), keeping what can be decoded of damaged ones.
//!
//! Lists append plain footers behind base64 and put 8-bit bytes into quoted-printable; the
//! decoders in `mailparse` refuse the first and drop the second.

use data_encoding::BASE64_MIME_PERMISSIVE;

/// Decodes base64; true when there was damage. Single bytes that are none of its alphabet are
/// passed over (RFC 2045 section 6.8); a line of many such bytes is a footer, and ends it.
pub(crate) fn base64(bytes: &[u8]) -> (Vec<u8>, bool) {
    let mut clean = Vec::with_capacity(bytes.len());
    let mut damaged = false;
    for line in bytes.split(|&b| b == b'\n') {
        let start = clean.len();
        clean.extend(line.iter().copied().filter(|b| is_base64(*b)));
        let taken = clean.len() - start;
        if taken == line.trim_ascii_end().len() {
            continue;
        }
        let strange = line.iter().filter(|b| !is_base64(**b) && !b.is_ascii_whitespace()).count();
        damaged |= strange > 0;
        if strange > taken / 8 {
            clean.truncate(start);
            break;
        }
    }
    match BASE64_MIME_PERMISSIVE.decode(&clean) {
        Ok(decoded) => (decoded, damaged),
        Err(error) => (longest_start(&clean[..error.position.min(clean.len())]), true),
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// Whole groups of four decode, whatever follows them.
fn longest_start(clean: &[u8]) -> Vec<u8> {
    let whole = &clean[..clean.len() / 4 * 4];
    match BASE64_MIME_PERMISSIVE.decode(whole) {
        Ok(decoded) => decoded,
        Err(error) => {
            let sound = &whole[..error.position.min(whole.len()) / 4 * 4];
            BASE64_MIME_PERMISSIVE.decode(sound).unwrap_or_default()
        }
    }
}

/// Decodes quoted-printable; true when an escape was damaged (it is kept as it stands).
pub(crate) fn quoted_printable(bytes: &[u8]) -> (Vec<u8>, bool) {
    let mut out = Vec::with_capacity(bytes.len());
    let mut damaged = false;
    for line in bytes.split_inclusive(|&b| b == b'\n') {
        let (content, end) = line_and_end(line);
        match content.strip_suffix(b"=") {
            Some(soft) => damaged |= unescape(soft, &mut out),
            None => {
                damaged |= unescape(content, &mut out);
                out.extend_from_slice(end);
            }
        }
    }
    (out, damaged)
}

/// The "Q" encoding of header words (RFC 2047 section 4.2): `_` is a space.
pub(crate) fn q_word(bytes: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = bytes.iter().map(|&b| if b == b'_' { b' ' } else { b }).collect();
    let mut out = Vec::with_capacity(bytes.len());
    unescape(&spaced, &mut out);
    out
}

/// White space before the end of a line was added in transport (RFC 2045 section 6.7, rule 3).
fn line_and_end(line: &[u8]) -> (&[u8], &[u8]) {
    let blank = |b: &u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n');
    let end = line.iter().rposition(|b| !blank(b)).map_or(0, |at| at + 1);
    let content = &line[..end];
    let end: &[u8] = if line.ends_with(b"\n") { b"\n" } else { b"" };
    (content, end)
}

fn unescape(bytes: &[u8], out: &mut Vec<u8>) -> bool {
    let mut damaged = false;
    let mut rest = bytes;
    while let Some((&first, tail)) = rest.split_first() {
        let octet = if first == b'=' { hex_octet(tail) } else { None };
        match octet {
            Some(octet) => {
                out.push(octet);
                rest = &tail[2..];
            }
            None => {
                damaged |= first == b'=';
                out.push(first);
                rest = tail;
            }
        }
    }
    damaged
}

pub(super) fn hex_octet(tail: &[u8]) -> Option<u8> {
    let digit = |at: usize| tail.get(at).and_then(|&b| (b as char).to_digit(16));
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_keeps_what_stands_before_a_footer() {
        assert_eq!(base64(b"SGVs\r\nbG8=\n"), (b"Hello".to_vec(), false));
        assert_eq!(base64(b"SGVsbG8g\n____\nlist@x"), (b"Hello ".to_vec(), true));
        assert_eq!(base64(b"SGVs\n-- \nbG8="), (b"Hel".to_vec(), true));
        assert_eq!(base64(b"SGVsbG8g!SGVsbG8g\n"), (b"Hello Hello ".to_vec(), true));
        assert_eq!(base64(b"SGVsbG8gd2"), (b"Hello ".to_vec(), true));
    }

    #[test]
    fn quoted_printable_keeps_eight_bit_bytes_and_broken_escapes() {
        assert_eq!(
            quoted_printable(b"a=3Db =\nc \t\nd\x0c\r\n"),
            (b"a=b c\nd\x0c\n".to_vec(), false)
        );
        assert_eq!(quoted_printable("é=zz".as_bytes()), ("é=zz".as_bytes().to_vec(), true));
    }
}

//! Multipart bodies, cut at their delimiter lines (RFC 2046 section 5.1.1).

/// How many parts of one body are found.
pub(crate) const MOST: usize = 1000;

/// The parts of a multipart body.
#[derive(Default)]
pub(crate) struct Parts<'a> {
    pub bodies: Vec<&'a [u8]>,
    /// The closing delimiter was there, and every part before it was taken.
    pub whole: bool,
}

/// Cuts a body apart; what stands before the first and behind the last delimiter is dropped.
pub(crate) fn split<'a>(body: &'a [u8], boundary: &str) -> Parts<'a> {
    let mut parts = Parts::default();
    let mut start = None;
    let mut at = 0;
    for line in body.split_inclusive(|&b| b == b'\n') {
        if let Some(closing) = delimiter(line, boundary.trim_end().as_bytes()) {
            parts.bodies.extend(start.map(|start| without_line_end(&body[start..at])));
            start = Some(at + line.len());
            if closing || parts.bodies.len() == MOST {
                parts.whole = closing;
                return parts;
            }
        }
        at += line.len();
    }
    parts.bodies.extend(start.map(|start| &body[start..]));
    parts
}

/// Whether a line is a delimiter, and then whether it is the last.
fn delimiter(line: &[u8], boundary: &[u8]) -> Option<bool> {
    let rest = line.strip_prefix(b"--")?.strip_prefix(boundary)?.trim_ascii_end();
    match rest {
        b"" => Some(false),
        b"--" => Some(true),
        _ => None,
    }
}

/// The line end before a delimiter belongs to the delimiter.
fn without_line_end(part: &[u8]) -> &[u8] {
    let part = part.strip_suffix(b"\n").unwrap_or(part);
    part.strip_suffix(b"\r").unwrap_or(part)
}

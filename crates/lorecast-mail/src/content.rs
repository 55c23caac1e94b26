//! What readers see of a mail, without what lists add to it.
//!
//! One mail comes through several lists with other footers, subject tags, line ends, transfer
//! encodings and mbox escapes. All that is left out before hashing, and all white space with it.

use lorecast_model::ContentHash;
use sha2::{Digest, Sha256};

use crate::lines::lines;
use crate::subject;

/// The start of a SHA-256 over subject, text and diff.
pub(crate) fn hash(subject: &str, text: &str, diff: &str) -> ContentHash {
    let mut seen = Vec::with_capacity(subject.len() + text.len() + diff.len());
    ink(&subject::without_list_tags(subject), &mut seen);
    seen.push(b'\n');
    for line in lines(without_footers(text)) {
        ink(if is_escape(line) { &line[1..] } else { line }, &mut seen);
    }
    seen.push(b'\n');
    ink(diff, &mut seen);
    let mut content = ContentHash::default();
    content.0.copy_from_slice(&Sha256::digest(&seen)[..16]);
    content
}

/// Whether a `From ` at the start of a line was escaped for an mbox file (RFC 4155 leaves it to the
/// formats; this is the one of "mboxo") and never restored. Between quotations it is one.
pub(crate) fn has_mbox_escape(text: &str) -> bool {
    if !text.starts_with(">From ") && !text.contains("\n>From ") {
        return false;
    }
    let lines: Vec<&str> = text.lines().collect();
    let quoted = |at: usize| lines.get(at).is_some_and(|line| line.starts_with('>'));
    let alone = |at: usize| !quoted(at + 1) && !quoted(at.wrapping_sub(1));
    (0..lines.len()).any(|at| is_escape(lines[at]) && alone(at))
}

fn is_escape(line: &str) -> bool {
    line.starts_with(">From ")
}

/// The text without white space.
fn ink(text: &str, out: &mut Vec<u8>) {
    if text.is_ascii() {
        // Without a branch per byte: this is the hottest loop of reading a mail.
        let mut end = out.len();
        out.resize(end + text.len(), 0);
        for byte in text.bytes() {
            out[end] = byte;
            end += usize::from(!byte.is_ascii_whitespace());
        }
        out.truncate(end);
    } else {
        let mut buffer = [0; 4];
        for c in text.chars().filter(|c| !c.is_whitespace()) {
            out.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
        }
    }
}

/// How far from its end a text may hold a footer, in bytes and lines.
const FOOTER: usize = 1000;
const FOOTER_LINES: usize = 12;

/// Cuts off the footers that lists append: Mailman's rule of underscores or `--` above the list's
/// name and address, and the one of Google Groups.
fn without_footers(text: &str) -> &str {
    let mut text = text.trim_end();
    while let Some(start) = footer(text) {
        text = text[..start].trim_end();
    }
    text
}

/// Where the footer at the end of a text starts.
fn footer(text: &str) -> Option<usize> {
    let mut end = text.len();
    for _ in 0..FOOTER_LINES {
        let start = text[..end].rfind('\n').map_or(0, |at| at + 1);
        if opens_footer(text[start..end].trim_end(), &text[end..]) {
            return Some(start);
        }
        end = start.checked_sub(1)?;
        if text.len() - end > FOOTER {
            return None;
        }
    }
    None
}

/// Whether a line and all that follows it are a footer.
fn opens_footer(line: &str, behind: &str) -> bool {
    let rule = line == "--" || line.len() >= 30 && line.bytes().all(|b| b == b'_');
    let mut lines = behind.lines().filter(|line| !line.trim().is_empty()).peekable();
    rule && lines.peek().is_some()
        && (behind.contains("/listinfo") || behind.contains("Google Groups"))
        && lines.all(is_footer)
}

/// The list's name, its address, where it is kept, how to leave it.
fn is_footer(line: &str) -> bool {
    const STARTS: [&str; 3] = ["You received this ", "To unsubscribe ", "To view this discussion "];
    let address = line.contains("://") || line.contains('@') && !line.trim().contains(' ');
    address || line.ends_with(" mailing list") || STARTS.iter().any(|start| line.starts_with(start))
}

//! A mail of an mbox while it is read.

use jiff::Timestamp;

use super::cursor::Point;
use super::form::{MboxForm, content_length};
use crate::reader::MAIL_LIMIT;

/// A `From ` line: where it stands and the time in it.
pub(super) struct Envelope {
    pub at: Point,
    pub received: Option<Timestamp>,
}

pub(super) struct Draft {
    pub envelope: Option<Envelope>,
    /// What Content-Length says.
    pub length: Option<usize>,
    in_header: bool,
    begin: Point,
    bytes: Vec<u8>,
    /// The mail ends here for certain; what follows belongs to the mbox.
    end: Option<usize>,
}

impl Draft {
    /// Starts behind a `From ` line, or at some place without one.
    pub fn new(envelope: Option<Envelope>, begin: Point) -> Self {
        Self { envelope, in_header: true, length: None, begin, bytes: Vec::new(), end: None }
    }

    pub fn begin(&self) -> &Point {
        self.envelope.as_ref().map_or(&self.begin, |envelope| &envelope.at)
    }

    /// Adds the start of a line, and says whether the header ends with it.
    pub fn add_line(&mut self, line: &[u8], form: MboxForm) -> bool {
        self.push(form.unescaped(line));
        let header_ends = self.in_header && is_blank(line);
        if self.in_header {
            self.length = self.length.or_else(|| content_length(line));
        }
        self.in_header &= !header_ends;
        header_ends
    }

    /// Adds what the limit allows. The header does not end with it.
    pub fn push(&mut self, bytes: &[u8]) -> bool {
        let room = MAIL_LIMIT - self.bytes.len();
        self.bytes.extend_from_slice(&bytes[..bytes.len().min(room)]);
        false
    }

    /// Adds all that is left of the mail.
    pub fn take_whole(&mut self, body: &[u8]) {
        self.push(body);
        self.end = Some(self.bytes.len());
    }

    /// The mail and the time of its arrival; none when it is empty.
    pub fn finish(mut self) -> Option<(Vec<u8>, Option<Timestamp>)> {
        if self.bytes.trim_ascii().is_empty() {
            return None;
        }
        self.bytes.truncate(self.end.unwrap_or_else(|| without_separator(&self.bytes)));
        Some((self.bytes, self.envelope.and_then(|envelope| envelope.received)))
    }
}

/// Whether a line is empty.
pub(super) fn is_blank(line: &[u8]) -> bool {
    matches!(line, b"\n" | b"\r\n")
}

/// The length without the empty line before the next `From ` line, which is the mbox's.
fn without_separator(mail: &[u8]) -> usize {
    let rest = mail.strip_suffix(b"\r\n").or_else(|| mail.strip_suffix(b"\n"));
    rest.filter(|rest| rest.ends_with(b"\n")).unwrap_or(mail).len()
}

//! The dialects of mbox.

/// How an mbox keeps `From ` lines inside of a mail apart from those between mails.
///
/// Without a hint, a mail whose Content-Length ends where the next mail begins is read as
/// [`Cl2`](Self::Cl2), every other one as [`Rd`](Self::Rd).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MboxForm {
    /// mboxrd: `From `, `>From `, `>>From `, … got one `>` more. public-inbox, mutt and git write
    /// it.
    Rd,
    /// mboxo: only `From ` got a `>`, so that `>>From ` is what the sender wrote. It cannot tell
    /// whether the sender wrote `>From `.
    O,
    /// mboxcl2: nothing is escaped; Content-Length says where a mail ends.
    Cl2,
}

impl MboxForm {
    /// A line as the sender wrote it.
    pub(super) fn unescaped(self, line: &[u8]) -> &[u8] {
        let Some(rest) = line.strip_prefix(b">") else { return line };
        let marks = match self {
            Self::Rd => rest.iter().take_while(|&&b| b == b'>').count(),
            Self::O => 0,
            Self::Cl2 => return line,
        };
        if rest[marks..].starts_with(b"From ") { rest } else { line }
    }
}

/// The number in a field `Content-Length: 123`.
pub(super) fn content_length(line: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length:";
    let (name, value) = line.split_at_checked(NAME.len())?;
    let value = std::str::from_utf8(value).ok().filter(|_| name.eq_ignore_ascii_case(NAME))?;
    value.trim().parse().ok()
}

/// Whether a mail may end between these two: at the end of the file or before a `From ` line, with
/// an empty line between them or not.
pub(super) fn is_boundary(body: &[u8], rest: &[u8]) -> bool {
    let next = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n"));
    let whole_lines = next.is_some() || body.is_empty() || body.ends_with(b"\n");
    let next = next.unwrap_or(rest);
    next.is_empty() || whole_lines && next.starts_with(b"From ")
}

/// How much has to be known of what is left, in bytes.
pub(super) const BOUNDARY: usize = "\r\nFrom ".len();

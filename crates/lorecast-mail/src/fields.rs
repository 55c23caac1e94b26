//! The header fields of a mail or of one of its parts.

use std::borrow::Cow;

use mailparse::MailHeader;

/// No header block of a list mail comes near this, in bytes; a longer one is cut.
const BLOCK_LIMIT: usize = 512 * 1024;
/// What is read of one field, in bytes: room for the longest recipient lists.
const VALUE_LIMIT: usize = 128 * 1024;

/// A header block, cut from its body and repaired so far that `mailparse` reads it.
pub(crate) struct Block<'a> {
    bytes: Cow<'a, [u8]>,
    /// It was cut to the limit.
    pub cut: bool,
}

/// The fields of a block in order.
pub(crate) struct Fields<'a>(Vec<MailHeader<'a>>);

/// Cuts a mail at its first empty line (RFC 5322 section 2.1).
pub(crate) fn split(mail: &[u8]) -> (Block<'_>, &[u8]) {
    let mut at = 0;
    let mut body = mail.len();
    for line in mail.split_inclusive(|&b| b == b'\n') {
        if matches!(line, b"\n" | b"\r\n") {
            body = at + line.len();
            break;
        }
        at += line.len();
    }
    let block = &mail[..at];
    let kept = match block.get(..BLOCK_LIMIT) {
        Some(start) => &start[..start.iter().rposition(|&b| b == b'\n').unwrap_or(0)],
        None => block,
    };
    let block = Block { bytes: repaired(kept), cut: kept.len() < block.len() };
    (block, &mail[body..])
}

/// `mailparse` refuses a block with a lone CR at a line's start, or one that begins with a space.
fn repaired(block: &[u8]) -> Cow<'_, [u8]> {
    let block = block.trim_ascii_start();
    let lone = |at: usize| block[at] == b'\r' && block.get(at + 1) != Some(&b'\n');
    if !(0..block.len()).any(lone) {
        return Cow::Borrowed(block);
    }
    let byte = |at: usize| if lone(at) { b' ' } else { block[at] };
    Cow::Owned((0..block.len()).map(byte).collect())
}

impl Block<'_> {
    /// The fields; none when the block cannot be read at all.
    pub fn fields(&self) -> Fields<'_> {
        Fields(mailparse::parse_headers(&self.bytes).map(|(all, _)| all).unwrap_or_default())
    }
}

impl Fields<'_> {
    /// The raw values of all fields of a name, in order.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        let named = self.0.iter().filter(move |field| is_named(field, name));
        named.map(|field| &field.get_value_raw()[..field.get_value_raw().len().min(VALUE_LIMIT)])
    }

    /// The raw value of the first field of a name.
    pub fn first(&self, name: &str) -> Option<&[u8]> {
        self.all(name).next()
    }

    /// The first field of a name as text, nothing decoded.
    pub fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        self.first(name).map(|raw| crate::charset::guess(raw).text)
    }

    /// Whether any line looks like a header field: a name of printable ASCII before a colon.
    pub fn is_mail(&self) -> bool {
        self.0.iter().any(|field| {
            let (name, value) = (field.get_key_raw(), field.get_value_raw());
            !value.is_empty() && !name.is_empty() && name.iter().all(u8::is_ascii_graphic)
        })
    }
}

fn is_named(field: &MailHeader<'_>, name: &str) -> bool {
    field.get_key_raw().trim_ascii_end().eq_ignore_ascii_case(name.as_bytes())
}

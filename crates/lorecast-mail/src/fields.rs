//! The header fields of a mail or of one of its parts.

use std::borrow::Cow;

use mailparse::{MailHeader, parse_header};

/// How many fields are read; list mail stays below two hundred.
const FIELDS: usize = 10_000;
/// What is read of one field, in bytes: room for the longest recipient lists.
const VALUE_LIMIT: usize = 128 * 1024;

/// A header block, cut from its body.
pub(crate) struct Block<'a>(&'a [u8]);

/// The fields of a block in order.
pub(crate) struct Fields<'a> {
    all: Vec<MailHeader<'a>>,
    /// There are more or longer ones than are read.
    pub cut: bool,
}

/// Cuts a mail at its first empty line (RFC 5322 section 2.1).
pub(crate) fn split(mail: &[u8]) -> (Block<'_>, &[u8]) {
    let mut at = 0;
    for line in mail.split_inclusive(|&b| b == b'\n') {
        if matches!(line, b"\n" | b"\r\n") {
            return (Block(&mail[..at]), &mail[at + line.len()..]);
        }
        at += line.len();
    }
    (Block(mail), &[])
}

impl<'a> Block<'a> {
    /// The fields. A line that is none, such as a folded one at the start, is passed over.
    pub fn fields(&self) -> Fields<'a> {
        let mut all = Vec::with_capacity(64);
        let mut rest = self.0.trim_ascii_start();
        while !rest.is_empty() && all.len() < FIELDS {
            let read = match parse_header(rest) {
                Ok((field, length)) => {
                    all.push(field);
                    length
                }
                Err(_) => rest.iter().position(|&b| b == b'\n').map_or(rest.len(), |at| at + 1),
            };
            rest = &rest[read.clamp(1, rest.len())..];
        }
        let long = |field: &MailHeader<'_>| field.get_value_raw().len() > VALUE_LIMIT;
        let cut = !rest.is_empty() || all.iter().any(long);
        Fields { all, cut }
    }

    /// Whether lines end in CRLF, as in transport (RFC 5322 section 2.1), and not in LF alone.
    pub fn is_crlf(&self) -> bool {
        let end = self.0.iter().position(|&b| b == b'\n');
        end.is_some_and(|end| self.0[..end].ends_with(b"\r"))
    }

    /// Whether a carriage return ends no line.
    pub fn has_bare_cr(&self) -> bool {
        self.0.contains(&b'\r')
            && self.0.split_inclusive(|&b| b == b'\n').any(|line| {
                let content = line.strip_suffix(b"\r\n").unwrap_or(line);
                content.contains(&b'\r')
            })
    }
}

impl Fields<'_> {
    /// All fields in order: name and raw value.
    pub fn each(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.all.iter().map(|field| (field.get_key_raw().trim_ascii(), field.get_value_raw()))
    }

    /// The raw values of all fields of a name, in order.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.whole(name).map(|value| &value[..value.len().min(VALUE_LIMIT)])
    }

    /// The ends of the raw values of a name: of too many ancestors, the newest stand last.
    pub fn ends(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.whole(name).map(|value| &value[value.len().saturating_sub(VALUE_LIMIT)..])
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
        self.all.iter().any(|field| {
            let (name, value) = (field.get_key_raw(), field.get_value_raw());
            !value.is_empty() && !name.is_empty() && name.iter().all(u8::is_ascii_graphic)
        })
    }

    fn whole(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        let named = self.all.iter().filter(move |field| is_named(field, name));
        named.map(|field| field.get_value_raw())
    }
}

fn is_named(field: &MailHeader<'_>, name: &str) -> bool {
    field.get_key_raw().trim_ascii().eq_ignore_ascii_case(name.as_bytes())
}

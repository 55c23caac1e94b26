//! Fields with parameters: Content-Type and Content-Disposition (RFC 2045 section 5.1, RFC 2183),
//! with the names of files as mailers really write them.

use crate::{charset, encoded_word};

/// What is read of one field, in bytes.
const LIMIT: usize = 16 * 1024;
/// How many parameters of one field are read.
const MOST: usize = 100;

/// `text/plain; charset=utf-8; name="a.patch"`, taken apart.
#[derive(Default)]
pub(crate) struct Parameters {
    /// What stands before the first `;`, in lower case.
    pub value: String,
    /// Names in lower case without `*`, and decoded values; of equal names the better form first.
    all: Vec<(String, String)>,
}

impl Parameters {
    /// Reads a field's raw value.
    pub fn read(raw: &[u8]) -> Self {
        let text = charset::guess(&raw[..raw.len().min(LIMIT)]).text;
        let (value, rest) = text.split_once(';').unwrap_or((&text, ""));
        // A comment may follow the value: `text/plain (ours)`.
        let value = value.trim().split([' ', '\t', '(']).next().unwrap_or_default();
        let value = value.trim_matches('"').to_ascii_lowercase();
        Self { value, all: decoded(pieces(rest)) }
    }

    /// The value of a parameter, decoded.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The first word of a parameter that holds no file name; empty when there is none.
    pub fn word(&self, name: &str) -> &str {
        self.get(name).and_then(|value| value.split_whitespace().next()).unwrap_or_default()
    }
}

/// One `name*2*="value"` as written: RFC 2231 section 3 numbers the pieces of a long value, and a
/// star at the end says that the piece is percent-encoded (section 4).
struct Piece {
    name: String,
    number: u32,
    extended: bool,
    encoded: bool,
    value: String,
}

/// Cuts parameters apart at `;`, outside of quotes.
fn pieces(text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = text;
    while found.len() < MOST {
        let Some((name, behind)) = rest.split_once('=') else { break };
        // `; ; name`: what stands before the last `;` has no value.
        let name = name.rsplit(';').next().unwrap_or(name).trim().to_ascii_lowercase();
        let value;
        (value, rest) = one_value(behind.trim_start());
        found.extend((!name.is_empty()).then(|| piece(&name, value)));
    }
    found
}

fn piece(name: &str, value: String) -> Piece {
    let (plain, encoded) = name.strip_suffix('*').map_or((name, false), |plain| (plain, true));
    let (base, number) = match plain.split_once('*') {
        Some((base, number)) => (base, number.parse().unwrap_or(u32::MAX)),
        None => (plain, 0),
    };
    Piece { name: base.to_owned(), number, extended: base.len() < name.len(), encoded, value }
}

/// A quoted or plain value, and what stands behind it. A quote that never closes ends the field;
/// plain values may hold spaces, as file names do.
fn one_value(text: &str) -> (String, &str) {
    let Some(inner) = text.strip_prefix('"') else {
        let (value, rest) = text.split_once(';').unwrap_or((text, ""));
        return (unfolded(value.trim()), rest);
    };
    let mut value = String::new();
    let mut chars = inner.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => {
                let rest = &inner[at + 1..];
                return (unfolded(&value), rest.split_once(';').map_or("", |(_, rest)| rest));
            }
            // Only these are escapes: Windows paths hold other backslashes.
            '\\' if matches!(chars.peek(), Some((_, '"' | '\\'))) => {
                value.extend(chars.next().map(|(_, c)| c));
            }
            _ => value.push(c),
        }
    }
    (unfolded(&value), "")
}

fn unfolded(value: &str) -> String {
    value.chars().filter(|c| !matches!(c, '\r' | '\n')).collect()
}

/// Joins pieces in the order of their numbers and decodes what they hold. The extended form comes
/// before the plain one, which is there for old mailers (RFC 6266 section 4.3 says so for HTTP).
fn decoded(mut pieces: Vec<Piece>) -> Vec<(String, String)> {
    pieces.sort_by(|a, b| (&a.name, !a.extended, a.number).cmp(&(&b.name, !b.extended, b.number)));
    let groups = pieces.chunk_by(|a, b| a.name == b.name && a.extended && b.extended);
    groups.map(|group| (group[0].name.clone(), joined(group))).collect()
}

fn joined(group: &[Piece]) -> String {
    if !group.iter().any(|piece| piece.encoded) {
        let value: String = group.iter().map(|piece| piece.value.as_str()).collect();
        // RFC 2047 section 5 forbids encoded words in quotes; mailers write them all the same.
        let words = value.contains("=?");
        return if words { encoded_word::decode(value.as_bytes()).0 } else { value };
    }
    // `utf-8'en'text`: charset and language stand in the first piece.
    let first = &group[0].value;
    let mut parts = first.splitn(3, '\'');
    let (label, start) = match (parts.next(), parts.next(), parts.next()) {
        (Some(label), Some(_), Some(start)) if group[0].encoded => (label, start),
        _ => ("", first.as_str()),
    };
    let mut bytes = Vec::new();
    for (at, piece) in group.iter().enumerate() {
        let text = if at == 0 { start } else { &piece.value };
        if piece.encoded { percent(text, &mut bytes) } else { bytes.extend(text.bytes()) }
    }
    charset::decode(&bytes, Some(label)).text.into_owned()
}

fn percent(text: &str, out: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let octet = if first == b'%' { super::transfer::hex_octet(tail) } else { None };
        out.push(octet.unwrap_or(first));
        rest = if octet.is_some() { &tail[2..] } else { tail };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, name: &str, expected: &str) {
        let read = Parameters::read(raw.as_bytes());
        assert_eq!(read.get(name).unwrap_or("-"), expected, "{raw}");
    }

    #[test]
    fn plain_parameters() {
        check("text/plain; charset=utf-8", "charset", "utf-8");
        check("text/plain; Charset = \"utf-8\" ; format=flowed", "charset", "utf-8");
        check("text/plain; x; ; name=\"a;b \\\"c\\\"\"; y=z", "name", "a;b \"c\"");
        check("a; name=two words.patch; y=z", "name", "two words.patch");
        check("a; name=\"C:\\dir\\f\"", "name", "C:\\dir\\f");
        check("a; name=\"never closed", "name", "never closed");
        check("a; name=\"fol\r\n ded\"", "name", "fol ded");
        check("text/plain", "name", "-");
        assert_eq!(Parameters::read(b" Text/PLAIN (x)").value, "text/plain");
    }

    #[test]
    fn long_and_foreign_values() {
        check("a; name*=utf-8'en'%c3%BCber%20x", "name", "über x");
        check("a; name*=iso-8859-1''%FC", "name", "ü");
        check("a; name*1*=%BCx; name*0*=utf-8''%C3; name*2=\" y%20\"", "name", "üx y%20");
        check("a; name*0=long; name*1=er", "name", "longer");
        check("a; name=old; name*=utf-8''new", "name", "new");
        check("a; name*=no-quotes%20here%zz", "name", "no-quotes here%zz");
        check("a; name*=y''%41", "name", "A");
        check("a; name=\"=?utf-8?q?=C3=BCber?= x\"", "name", "über x");
        check("a; name=\"=?utf-8?B?w7w=?=\"", "name", "ü");
    }
}

//! The MIME tree of a mail (RFC 2045 to 2049), down to its prose and its attached patches.

use std::collections::BTreeSet;

use lorecast_model::Defect;
use mailparse::{ParsedContentType, parse_content_disposition, parse_content_type};

use crate::fields::{self, Fields};
use crate::{charset, html, transfer};

/// How deep parts may lie in parts; real mail stays below ten.
const DEPTH: usize = 20;
/// How many parts are read.
const PARTS: usize = 1000;
/// Longer content types and dispositions are cut, in bytes.
const PARAMETERS: usize = 4096;

/// What a mail's parts hold for readers.
#[derive(Default)]
pub(crate) struct Body {
    /// Prose, in order, each part ending in a line end.
    pub text: String,
    /// Attached patches.
    pub patches: String,
    /// The text of HTML parts, for when there is no other.
    html: String,
    /// Attached texts, for when there is nothing else.
    attached: String,
}

/// Reads a body below its header fields.
pub(crate) fn read(fields: &Fields<'_>, body: &[u8], defects: &mut BTreeSet<Defect>) -> Body {
    let mut reader = Reader { parts: 0, defects };
    let mut found = reader.part(fields, body, 0);
    for spare in [&mut found.html, &mut found.attached] {
        if found.text.trim().is_empty() && found.patches.is_empty() {
            found.text = std::mem::take(spare);
        }
    }
    found
}

struct Reader<'d> {
    parts: usize,
    defects: &'d mut BTreeSet<Defect>,
}

impl Reader<'_> {
    fn part(&mut self, fields: &Fields<'_>, body: &[u8], depth: usize) -> Body {
        let kind = content_type(fields);
        self.parts += 1;
        if !kind.mimetype.starts_with("multipart/") {
            return self.leaf(fields, &kind, body, depth);
        }
        let boundary = kind.params.get("boundary").filter(|b| !b.is_empty());
        let parts = boundary.map(|boundary| split(body, boundary)).unwrap_or_default();
        if parts.bodies.is_empty() || depth == DEPTH {
            self.defects.insert(Defect::Structure);
            return self.text(fields, "", body).into_prose();
        }
        if !parts.closed {
            self.defects.insert(Defect::Structure);
        }
        self.multipart(&kind.mimetype, &parts.bodies, depth)
    }

    fn multipart(&mut self, kind: &str, bodies: &[&[u8]], depth: usize) -> Body {
        let mut all = Body::default();
        for raw in bodies {
            if self.parts >= PARTS {
                self.defects.insert(Defect::Structure);
                break;
            }
            let (block, body) = fields::split(raw);
            let found = self.part(&block.fields(), body, depth + 1);
            // RFC 2046 section 5.1.4: the alternatives say the same, the plainest comes first.
            let again = kind == "multipart/alternative" && !all.text.trim().is_empty();
            if !again {
                all.append(found);
            }
        }
        all
    }

    fn leaf(
        &mut self,
        fields: &Fields<'_>,
        kind: &ParsedContentType,
        body: &[u8],
        depth: usize,
    ) -> Body {
        let name = kind.mimetype.as_str();
        if name == "message/rfc822" && depth < DEPTH {
            let (block, inner) = fields::split(body);
            let inner = self.part(&block.fields(), inner, depth + 1);
            return Body { attached: inner.text, ..Body::default() };
        }
        let textual = name.starts_with("text/") || !name.contains('/');
        if !textual && !is_patch_type(name) {
            return Body::default();
        }
        let label = kind.params.get("charset").map_or("", String::as_str);
        let text = self.text(fields, label, body);
        match use_of(fields, kind) {
            Use::Patch => Body { patches: text.0, ..Body::default() },
            Use::Html => Body { html: html::to_text(&text.0), ..Body::default() },
            Use::Attached => Body { attached: text.0, ..Body::default() },
            Use::Prose => text.into_prose(),
        }
    }

    /// Undoes the transfer encoding and the charset.
    fn text(&mut self, fields: &Fields<'_>, label: &str, body: &[u8]) -> Text {
        let encoding = fields.text("Content-Transfer-Encoding").unwrap_or_default();
        let encoding = encoding.split_whitespace().next().unwrap_or("").to_ascii_lowercase();
        let (bytes, damaged) = match encoding.trim_matches('"') {
            "base64" => transfer::base64(body),
            "quoted-printable" => transfer::quoted_printable(body),
            _ => (body.to_vec(), false),
        };
        let decoded = charset::decode(&bytes, Some(label));
        self.defects.extend(damaged.then_some(Defect::Encoding));
        self.defects.extend(decoded.flawed.then_some(Defect::Charset));
        let mut text = decoded.text.replace("\r\n", "\n").replace('\0', "");
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        Text(text)
    }
}

struct Text(String);

impl Text {
    fn into_prose(self) -> Body {
        Body { text: self.0, ..Body::default() }
    }
}

impl Body {
    fn append(&mut self, other: Body) {
        self.text.push_str(&other.text);
        self.patches.push_str(&other.patches);
        self.html.push_str(&other.html);
        self.attached.push_str(&other.attached);
    }
}

enum Use {
    Prose,
    Patch,
    Html,
    Attached,
}

fn use_of(fields: &Fields<'_>, kind: &ParsedContentType) -> Use {
    let disposition = parameters(fields, "Content-Disposition");
    let disposition = parse_content_disposition(&disposition);
    let name = disposition.params.get("filename").or(kind.params.get("name"));
    let named_patch = name.is_some_and(|name| name.ends_with(".patch") || name.ends_with(".diff"));
    if is_patch_type(&kind.mimetype) || named_patch {
        return Use::Patch;
    }
    match disposition.disposition {
        mailparse::DispositionType::Attachment => Use::Attached,
        _ if kind.mimetype == "text/html" => Use::Html,
        _ => Use::Prose,
    }
}

fn is_patch_type(name: &str) -> bool {
    let short = name.split('/').next_back().unwrap_or(name);
    matches!(short, "x-patch" | "x-diff" | "patch" | "diff")
}

fn content_type(fields: &Fields<'_>) -> ParsedContentType {
    match parameters(fields, "Content-Type") {
        empty if empty.trim().is_empty() => parse_content_type("text/plain; charset="),
        value => {
            let mut kind = parse_content_type(&value);
            // `mailparse` cannot tell a missing charset from ASCII; for us both mean "look".
            kind.charset.clear();
            kind
        }
    }
}

/// A field with parameters, unfolded.
fn parameters(fields: &Fields<'_>, name: &str) -> String {
    let value = fields.text(name).unwrap_or_default();
    let mut short: String = value.chars().take(PARAMETERS).collect();
    short.retain(|c| c != '\r' && c != '\n');
    short
}

#[derive(Default)]
struct Parts<'a> {
    bodies: Vec<&'a [u8]>,
    closed: bool,
}

/// Cuts a multipart body at its delimiter lines (RFC 2046 section 5.1.1).
fn split<'a>(body: &'a [u8], boundary: &str) -> Parts<'a> {
    let mut parts = Parts::default();
    let mut start = None;
    let mut at = 0;
    for line in body.split_inclusive(|&b| b == b'\n') {
        if let Some(closing) = delimiter(line, boundary.trim_end().as_bytes()) {
            parts.bodies.extend(start.map(|start| without_line_end(&body[start..at])));
            start = Some(at + line.len());
            if closing || parts.bodies.len() > PARTS {
                parts.closed = closing;
                return parts;
            }
        }
        at += line.len();
    }
    parts.bodies.extend(start.map(|start| &body[start.min(body.len())..]));
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

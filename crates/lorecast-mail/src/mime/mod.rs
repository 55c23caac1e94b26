//! The MIME tree of a mail (RFC 2045 to 2049), down to its prose, its diff and its attachments.

mod attachment;
mod clearsign;
mod flowed;
mod line_ends;
mod multipart;
pub(crate) mod parameters;
mod piece;
pub(crate) mod transfer;

use std::borrow::Cow;
use std::collections::BTreeSet;

use lorecast_model::{Defect, Signature};

use crate::fields::{self, Fields};
use crate::{charset, html};
use attachment::Use;
use parameters::Parameters;
use piece::Piece;

/// How deep parts may lie in parts; real mail stays below ten.
const DEPTH: usize = 20;
/// How many parts are read.
const PARTS: usize = 1000;
/// How many names of attachments are kept.
const NAMES: usize = 1000;

/// What a mail's parts hold for readers.
#[derive(Default)]
pub(crate) struct Body {
    /// Prose, in order, each part ending in a line end.
    pub text: String,
    /// Diffs: first those within the prose, then the attached ones.
    pub diff: String,
    /// The text of attached files.
    pub attached: String,
    /// The names of attached files.
    pub attachments: Vec<String>,
    /// How it was signed.
    pub signature: Option<Signature>,
}

/// Reads a body below its header fields. `crlf` says that the mail's own lines end in CRLF.
pub(crate) fn read(
    fields: &Fields<'_>,
    body: &[u8],
    crlf: bool,
    defects: &mut BTreeSet<Defect>,
) -> Body {
    let mut reader = Reader { parts: 0, crlf, defects, found: Body::default() };
    let pieces = reader.part(fields, body, Place { depth: 0, default: "text/plain" });
    let mut found = reader.found;
    piece::assemble(&pieces, &mut found, defects);
    found
}

struct Reader<'d> {
    parts: usize,
    crlf: bool,
    defects: &'d mut BTreeSet<Defect>,
    found: Body,
}

#[derive(Clone, Copy)]
struct Place {
    depth: usize,
    /// The type of a part that names none (RFC 2046 section 5.1.5).
    default: &'static str,
}

impl Reader<'_> {
    fn part(&mut self, fields: &Fields<'_>, body: &[u8], place: Place) -> Vec<Piece> {
        self.parts += 1;
        let mut kind = Parameters::read(fields.first("Content-Type").unwrap_or_default());
        if kind.value.is_empty() {
            kind.value.push_str(place.default);
        }
        if kind.value.starts_with("multipart/") {
            return self.multipart(fields, &kind, body, place);
        }
        if kind.value == "message/rfc822" {
            return self.mail(fields, &kind, body, place);
        }
        self.leaf(fields, &kind, body)
    }

    fn multipart(
        &mut self,
        fields: &Fields<'_>,
        kind: &Parameters,
        body: &[u8],
        place: Place,
    ) -> Vec<Piece> {
        let boundary = kind.get("boundary").filter(|boundary| !boundary.is_empty());
        let parts = boundary.map(|boundary| multipart::split(body, boundary)).unwrap_or_default();
        self.flag(!parts.whole, Defect::Structure);
        if parts.bodies.is_empty() || place.depth == DEPTH {
            self.defects.insert(Defect::Structure);
            return vec![self.text(fields, &Parameters::default(), body, Use::Prose)];
        }
        let default =
            if kind.value == "multipart/digest" { "message/rfc822" } else { "text/plain" };
        let place = Place { depth: place.depth + 1, default };
        let mut all: Vec<Piece> = Vec::new();
        for raw in parts.bodies {
            if self.parts >= PARTS {
                self.defects.insert(Defect::Structure);
                break;
            }
            let (block, body) = fields::split(raw);
            let mut found = self.part(&block.fields(), body, place);
            // RFC 2046 section 5.1.4: the alternatives say the same, the plainest comes first.
            let told = |piece: &Piece| piece.used == Use::Prose && piece.has_words();
            if kind.value == "multipart/alternative" && all.iter().any(told) {
                found.retain(|piece| piece.used == Use::Patch);
            }
            all.append(&mut found);
        }
        all
    }

    /// A whole mail (RFC 2046 section 5.2.1). Its attachments and its signature are its own.
    fn mail(
        &mut self,
        fields: &Fields<'_>,
        kind: &Parameters,
        body: &[u8],
        place: Place,
    ) -> Vec<Piece> {
        self.defects.insert(Defect::NestedMail);
        self.name(fields, kind);
        if place.depth == DEPTH {
            self.defects.insert(Defect::Structure);
            return vec![self.text(fields, &Parameters::default(), body, Use::Nested)];
        }
        let (body, _) = self.decoded(fields, body);
        let (block, inner) = fields::split(&body);
        let own = std::mem::take(&mut self.found);
        let place = Place { depth: place.depth + 1, default: "text/plain" };
        let pieces = self.part(&block.fields(), inner, place);
        self.found = own;
        let nested = pieces.into_iter().filter(|piece| piece.used != Use::File);
        nested.map(|piece| Piece { used: Use::Nested, ..piece }).collect()
    }

    fn leaf(&mut self, fields: &Fields<'_>, kind: &Parameters, body: &[u8]) -> Vec<Piece> {
        if let Some(signature) = signature(kind) {
            self.found.signature.get_or_insert(signature);
            // An opaque signature holds the mail itself, for other tools to open.
            if kind.value.ends_with("pkcs7-mime") {
                self.name(fields, kind);
            }
            return Vec::new();
        }
        let (name, disposition) = self.name(fields, kind);
        match attachment::use_of(kind, &disposition, &name) {
            None => Vec::new(),
            Some(Use::MaybeFile) => match self.printable(fields, body) {
                true => vec![self.text(fields, kind, body, Use::File)],
                false => Vec::new(),
            },
            Some(used) => vec![self.text(fields, kind, body, used)],
        }
    }

    /// Whether a file of unknown type is plain text. What is wrong with another one is no defect.
    fn printable(&mut self, fields: &Fields<'_>, body: &[u8]) -> bool {
        let before = self.defects.clone();
        let (bytes, _) = self.decoded(fields, body);
        let text = std::str::from_utf8(&bytes);
        let printable = text.is_ok_and(|text| {
            !text
                .bytes()
                .any(|byte| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | b'\x0c'))
        });
        if !printable {
            *self.defects = before;
        }
        printable
    }

    /// Keeps the name of a part's file, if it has one.
    fn name(&mut self, fields: &Fields<'_>, kind: &Parameters) -> (String, Parameters) {
        let disposition = fields.first("Content-Disposition").unwrap_or_default();
        let disposition = Parameters::read(disposition);
        let name = attachment::name(kind, &disposition);
        if !name.is_empty() && self.found.attachments.len() < NAMES {
            self.found.attachments.push(name.clone());
        }
        (name, disposition)
    }

    /// Undoes the transfer encoding and the charset.
    fn text(&mut self, fields: &Fields<'_>, kind: &Parameters, body: &[u8], used: Use) -> Piece {
        let (bytes, encoded) = self.decoded(fields, body);
        let label = kind.word("charset");
        let decoded = charset::decode(&bytes, Some(label));
        self.flag(decoded.flawed, Defect::Charset);
        self.flag(charset::says_nothing(label) && !bytes.is_ascii(), Defect::NoCharset);
        let (text, returns) = line_ends::undo(&decoded.text);
        self.flag(returns.bare, Defect::BareCr);
        let of_transport = usize::from(self.crlf && !encoded);
        let flows =
            kind.value == "text/plain" && kind.word("format").eq_ignore_ascii_case("flowed");
        Piece {
            used,
            text: if used == Use::Html { html::to_text(&text) } else { text },
            encoded,
            returns: returns.at_hunk > of_transport,
            flowed: flows.then(|| kind.word("delsp").eq_ignore_ascii_case("yes")),
        }
    }

    /// Undoes the transfer encoding; true when there was one that hides the text.
    fn decoded<'b>(&mut self, fields: &Fields<'_>, body: &'b [u8]) -> (Cow<'b, [u8]>, bool) {
        let encoding = fields.text("Content-Transfer-Encoding").unwrap_or_default();
        let encoding = encoding.split_whitespace().next().unwrap_or("").to_ascii_lowercase();
        let (bytes, damaged) = match encoding.trim_matches('"') {
            "base64" => transfer::base64(body),
            "quoted-printable" => transfer::quoted_printable(body),
            _ => return (Cow::Borrowed(body), false),
        };
        self.flag(damaged, Defect::Encoding);
        (Cow::Owned(bytes), true)
    }

    fn flag(&mut self, wrong: bool, defect: Defect) {
        self.defects.extend(wrong.then_some(defect));
    }
}

/// The signature that a part is (RFC 3156 section 5, RFC 8551 section 3.2), or wraps a mail in.
fn signature(kind: &Parameters) -> Option<Signature> {
    match kind.value.as_str() {
        "application/pgp-signature" => Some(Signature::Pgp),
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => Some(Signature::Smime),
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => {
            let signed = !kind.word("smime-type").eq_ignore_ascii_case("enveloped-data");
            signed.then_some(Signature::Smime)
        }
        _ => None,
    }
}

//! Decoded texts of a mail, and how they become prose and diff.

use std::borrow::Cow;
use std::collections::BTreeSet;

use lorecast_model::{Defect, Signature};

use super::attachment::Use;
use super::{Body, clearsign, flowed};
use crate::diff;

/// A part of text, decoded, with `\n` line ends.
pub(crate) struct Piece {
    pub used: Use,
    pub text: String,
    /// It came in base64 or quoted-printable.
    pub encoded: bool,
    /// It has carriage returns that transport did not put there.
    pub returns: bool,
    /// `format=flowed`, and whether DelSp goes with it (RFC 3676 section 4).
    pub flowed: Option<bool>,
}

impl Piece {
    /// Whether anything can be read in it.
    pub fn has_words(&self) -> bool {
        !self.text.trim_ascii_start().is_empty()
    }
}

/// The prose and the diff of a mail's pieces. HTML, mails within the mail and other files count
/// only when there is nothing else, in this order.
pub(crate) fn assemble(pieces: &[Piece], body: &mut Body, defects: &mut BTreeSet<Defect>) {
    for used in [Use::Prose, Use::Patch] {
        add(pieces, used, body, defects);
    }
    for used in [Use::Html, Use::Nested, Use::File] {
        if body.diff.is_empty() && body.text.trim().is_empty() {
            add(pieces, used, body, defects);
            let html = used == Use::Html && !body.text.trim().is_empty();
            defects.extend(html.then_some(Defect::HtmlOnly));
            if used == Use::File {
                return;
            }
        }
    }
    for piece in pieces.iter().filter(|piece| piece.used == Use::File) {
        body.attached.push_str(&piece.text);
    }
}

fn add(pieces: &[Piece], used: Use, body: &mut Body, defects: &mut BTreeSet<Defect>) {
    for piece in pieces.iter().filter(|piece| piece.used == used) {
        let (text, signed) = match used {
            Use::Patch => (Cow::Borrowed(piece.text.as_str()), false),
            _ => clearsign::undo(&piece.text),
        };
        body.signature = body.signature.or(signed.then_some(Signature::Pgp));
        let text = match piece.flowed {
            Some(del_sp) => Cow::Owned(flowed::undo(&text, del_sp)),
            None => text,
        };
        let split = diff::split(&text);
        if !split.diff.is_empty() {
            defects.extend(piece.encoded.then_some(Defect::EncodedDiff));
            let wrapped = piece.flowed.is_some() || split.wrapped;
            defects.extend(wrapped.then_some(Defect::FlowedDiff));
            defects.extend((piece.returns || split.spaces).then_some(Defect::WhitespaceDiff));
        }
        body.diff.push_str(&split.diff);
        // Attached patches are whole mails at times (git-format-patch(1)); only their diff counts.
        if used != Use::Patch {
            body.text.push_str(&split.prose);
        }
    }
}

//! Bytes to a [`Message`].

use std::collections::BTreeSet;

use jiff::Timestamp;
use lorecast_model::{Defect, ListId, Message};

use crate::{content, fields, harmless, headers, mime, writer};

/// How much of a mail is read, in bytes; the rest of a larger one is dropped.
pub const SIZE_LIMIT: usize = 16 * 1024 * 1024;

/// What the archive knows about a mail, beside its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrival {
    /// The list that the archive holds; the mail's own List-Id decides when absent.
    pub list: Option<ListId>,
    /// When the archive received the mail.
    pub received: Option<Timestamp>,
}

/// Reads a mail, whatever its state: what is wrong stands in its defects.
///
/// The rules, where mail leaves a choice:
/// - **id**: the first usable Message-ID, else one derived from sender, date, subject and body, so
///   that it is the same through every list.
/// - **date**: the Date header when within a day of the archive's own time, else that time. Without
///   an archive time the Date header, else the topmost Received header, else the Unix epoch.
/// - **text**: plain parts, paragraphs that flow joined (RFC 3676), signatures of OpenPGP and
///   S/MIME left out; HTML only when there is nothing else. Patches, attached or inline, are the
///   diff. Quoted diffs (`> `) stay in the text.
/// - **writer**: the author that the body of a patch names, else who is behind the From; its name
///   is the person's own, and what the mail says of an employer stands beside it.
/// - **content**: a hash of subject, text and diff without what lists add to them.
pub fn parse(raw: &[u8], arrival: &Arrival) -> Message {
    let mut defects = BTreeSet::new();
    let mail = bounded(without_envelope(raw), &mut defects);
    let (block, body) = fields::split(mail);
    let fields = block.fields();
    let mut flag = |wrong: bool, defect| defects.extend(wrong.then_some(defect));
    flag(fields.cut, Defect::TooLarge);
    flag(block.has_bare_cr(), Defect::BareCr);
    flag(!fields.is_mail(), Defect::NotMail);
    flag(fields.is_mail() && fields.first("Content-Type").is_none(), Defect::NoContentType);
    // Without any header field, all of it is text.
    let body = if fields.is_mail() { body } else { mail };
    let found = mime::read(&fields, body, block.is_crlf(), &mut defects);
    let text = tidy(&found.text);
    defects.extend(content::has_mbox_escape(&text).then_some(Defect::MboxEscape));
    let (header, to, cc) = headers::read(&fields, body, arrival, defects);
    let content = content::hash(&header.subject, &text, &found.diff);
    let attached = harmless::prose(&found.attached).into_owned();
    let (diff, attachments, signature) = (found.diff, found.attachments, found.signature);
    let parts = writer::Parts {
        header: &header,
        recipients: [&to, &cc],
        text: &text,
        diff: !diff.is_empty(),
    };
    let writer = writer::read(&fields, &parts);
    Message { header, writer, to, cc, text, diff, attached, attachments, signature, content }
}

/// mbox files put a `From ` line before the headers; some exports leave it there.
fn without_envelope(raw: &[u8]) -> &[u8] {
    let raw = raw.trim_ascii_start();
    match raw.strip_prefix(b">").unwrap_or(raw).starts_with(b"From ") {
        true => &raw[raw.iter().position(|&b| b == b'\n').map_or(raw.len(), |at| at + 1)..],
        false => raw,
    }
}

fn bounded<'a>(raw: &'a [u8], defects: &mut BTreeSet<Defect>) -> &'a [u8] {
    match raw.get(..SIZE_LIMIT) {
        Some(start) if raw.len() > SIZE_LIMIT => {
            defects.insert(Defect::TooLarge);
            start
        }
        _ => raw,
    }
}

/// Prose free of control characters and of empty lines at its ends.
fn tidy(text: &str) -> String {
    let clean = harmless::prose(text);
    let body = clean.trim_end();
    let start = body.len() - body.trim_start().len();
    let start = body[..start].rfind('\n').map_or(0, |at| at + 1);
    if body.is_empty() { String::new() } else { format!("{}\n", &body[start..]) }
}

//! Bytes to a [`Message`].

use std::collections::BTreeSet;

use jiff::Timestamp;
use lorecast_model::{ContentHash, Defect, Header, ListId, Mailbox, Message, MessageId};
use sha2::{Digest, Sha256};

use crate::fields::{self, Fields};
use crate::{address, body, date, diff, encoded_word, harmless, ids};

/// How much of a mail is read, in bytes; the rest of a larger one is dropped.
pub const SIZE_LIMIT: usize = 16 * 1024 * 1024;

/// How much of a subject is kept, in characters: RFC 5322 ends a line at 998.
const SUBJECT_LIMIT: usize = 1000;
/// A Date that is this far off the archive's own time is not believed, in seconds.
const DAY: u64 = 24 * 60 * 60;

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
/// - **text**: plain parts; HTML only when there is nothing else. Patches, attached or inline, are
///   the diff. Quoted diffs (`> `) stay in the text.
pub fn parse(raw: &[u8], arrival: &Arrival) -> Message {
    let mut defects = BTreeSet::new();
    let mail = bounded(without_envelope(raw), &mut defects);
    let (block, body) = fields::split(mail);
    defects.extend(block.cut.then_some(Defect::TooLarge));
    let fields = block.fields();
    // Without any header field, all of it is text.
    let body = if fields.is_mail() {
        body
    } else {
        defects.insert(Defect::NotMail);
        mail
    };
    let content = body::read(&fields, body, &mut defects);
    let (text, mut patch) = diff::split(&content.text);
    patch.push_str(&attached_diff(&content.patches));
    let (to, cc) = (people(&fields, "To", &mut defects), people(&fields, "Cc", &mut defects));
    let header = header(&fields, body, arrival, (&to, &cc), defects);
    Message {
        header,
        to,
        cc,
        text: tidy(&text),
        diff: patch,
        attachments: Vec::new(),
        signature: None,
        content: ContentHash::default(),
    }
}

fn header(
    fields: &Fields<'_>,
    body: &[u8],
    arrival: &Arrival,
    (to, cc): (&[Mailbox], &[Mailbox]),
    mut defects: BTreeSet<Defect>,
) -> Header {
    let from = sender(fields, &mut defects);
    let subject = subject(fields, &mut defects);
    let id = id(fields, body, &mut defects);
    let ancestors: Vec<String> = ["References", "In-Reply-To"]
        .iter()
        .flat_map(|name| fields.all(name))
        .map(|raw| crate::charset::guess(raw).text.into_owned())
        .collect();
    let own_people = [std::slice::from_ref(&from), to, cc].concat();
    let references = ids::references(&ancestors, &id, &own_people);
    let date = dated(fields, arrival.received, &mut defects);
    let lists = lists(fields, arrival);
    Header { id, date, from, subject, references, lists, defects: defects.into_iter().collect() }
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

fn sender(fields: &Fields<'_>, defects: &mut BTreeSet<Defect>) -> Mailbox {
    if let Some(from) = people(fields, "From", defects).into_iter().next() {
        return from;
    }
    defects.insert(Defect::MissingFrom);
    people(fields, "Sender", defects).into_iter().next().unwrap_or_default()
}

fn people(fields: &Fields<'_>, name: &str, defects: &mut BTreeSet<Defect>) -> Vec<Mailbox> {
    let mut all = Vec::new();
    for raw in fields.all(name) {
        let (found, flawed) = address::mailboxes(raw);
        defects.extend(flawed.then_some(Defect::Charset));
        all.extend(found);
    }
    all
}

fn subject(fields: &Fields<'_>, defects: &mut BTreeSet<Defect>) -> String {
    let Some(raw) = fields.first("Subject") else {
        defects.insert(Defect::MissingSubject);
        return String::new();
    };
    let (decoded, flawed) = encoded_word::decode(raw);
    defects.extend(flawed.then_some(Defect::Charset));
    let line = harmless::line(&decoded);
    if line.is_empty() {
        defects.insert(Defect::MissingSubject);
    }
    match line.char_indices().nth(SUBJECT_LIMIT) {
        Some((end, _)) => line[..end].to_owned(),
        None => line,
    }
}

fn id(fields: &Fields<'_>, body: &[u8], defects: &mut BTreeSet<Defect>) -> MessageId {
    let written = fields.all("Message-ID").find_map(|raw| {
        let text = crate::charset::guess(raw).text;
        ids::message_id(&text)
    });
    written.unwrap_or_else(|| {
        defects.insert(Defect::MissingId);
        derived_id(fields, body)
    })
}

/// An id from what is the same through every list: sender, date, subject and body, line ends and
/// the white space around the body left out.
fn derived_id(fields: &Fields<'_>, body: &[u8]) -> MessageId {
    let mut hash = Sha256::new();
    for name in ["From", "Date", "Subject"] {
        hash.update(fields.first(name).unwrap_or_default());
        hash.update([0]);
    }
    for piece in body.trim_ascii().split(|&b| b == b'\r') {
        hash.update(piece);
    }
    let hex: String = hash.finalize().iter().take(20).map(|byte| format!("{byte:02x}")).collect();
    MessageId::new(&format!("{hex}@missing.lorecast.invalid")).expect("hex digits are a valid id")
}

fn dated(
    fields: &Fields<'_>,
    received: Option<Timestamp>,
    defects: &mut BTreeSet<Defect>,
) -> Timestamp {
    let written = fields.text("Date").and_then(|text| date::read(&text));
    match (written, received) {
        (Some(written), None) => written,
        (Some(written), Some(received)) => {
            let near = written.duration_since(received).unsigned_abs().as_secs() < DAY;
            defects.extend((!near).then_some(Defect::DateOff));
            if near { written } else { received }
        }
        (None, received) => {
            defects.insert(Defect::BadDate);
            let hop = || fields.text("Received").and_then(|text| date::received(&text));
            received.or_else(hop).unwrap_or(Timestamp::UNIX_EPOCH)
        }
    }
}

fn lists(fields: &Fields<'_>, arrival: &Arrival) -> Vec<ListId> {
    if let Some(list) = &arrival.list {
        return vec![list.clone()];
    }
    let values = |name| fields.all(name).map(|raw| crate::charset::guess(raw).text);
    let mut lists: BTreeSet<ListId> = values("List-Id").filter_map(|v| ids::list_id(&v)).collect();
    for name in ["List-Post", "X-Mailing-List"] {
        if lists.is_empty() {
            lists.extend(values(name).filter_map(|v| ids::list_of_address(&v)));
        }
    }
    lists.into_iter().collect()
}

/// Attached patches are whole mails at times (git-format-patch(1)); only their diff counts.
fn attached_diff(patches: &str) -> String {
    diff::split(patches).1
}

/// Prose free of control characters and of empty lines at its ends.
fn tidy(text: &str) -> String {
    let clean = harmless::prose(text);
    let body = clean.trim_end();
    let start = body.len() - body.trim_start().len();
    let start = body[..start].rfind('\n').map_or(0, |at| at + 1);
    if body.is_empty() { String::new() } else { format!("{}\n", &body[start..]) }
}

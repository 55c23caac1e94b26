//! Header fields (RFC 5322 section 3.6) to a [`Header`], and what is wrong with them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use lorecast_model::{Defect, Header, ListId, Mailbox, MessageId};
use sha2::{Digest, Sha256};

use crate::date::{self, Dated};
use crate::fields::Fields;
use crate::message::Arrival;
use crate::{address, charset, encoded_word, harmless, ids};

/// How much of a subject is kept, in characters: RFC 5322 ends a line at 998.
const SUBJECT_LIMIT: usize = 1000;
/// A Date that is this far off the archive's own time is not believed, in seconds.
const DAY: u64 = 24 * 60 * 60;

/// The header of a mail, and its recipients: To, then Cc.
pub(crate) fn read(
    fields: &Fields<'_>,
    body: &[u8],
    arrival: &Arrival,
    defects: BTreeSet<Defect>,
) -> (Header, Vec<Mailbox>, Vec<Mailbox>) {
    let mut reader = Reader { fields, defects };
    let (to, cc) = (reader.people("To"), reader.people("Cc"));
    reader.flag(!to.iter().chain(&cc).any(is_somebody), Defect::NoRecipients);
    let from = reader.sender();
    let lists = reader.lists(arrival);
    let via = reader.is_via_list(&from, &lists, [&to, &cc]);
    reader.flag(via, Defect::ViaList);
    let subject = reader.subject();
    let id = reader.id(body);
    let references = reader.references(&id, [std::slice::from_ref(&from), &to, &cc].concat());
    let date = reader.date(arrival.received);
    let defects = reader.defects.into_iter().collect();
    (Header { id, date, from, subject, references, lists, defects }, to, cc)
}

struct Reader<'a> {
    fields: &'a Fields<'a>,
    defects: BTreeSet<Defect>,
}

impl Reader<'_> {
    fn flag(&mut self, wrong: bool, defect: Defect) {
        self.defects.extend(wrong.then_some(defect));
    }

    fn sender(&mut self) -> Mailbox {
        if let Some(from) = self.people("From").into_iter().next() {
            return from;
        }
        self.defects.insert(Defect::MissingFrom);
        self.people("Sender").into_iter().next().unwrap_or_default()
    }

    fn people(&mut self, name: &str) -> Vec<Mailbox> {
        let mut all = Vec::new();
        for raw in self.fields.all(name) {
            let (found, flawed) = address::mailboxes(raw);
            self.flag(flawed, Defect::Charset);
            all.extend(found);
            if all.len() >= address::MOST {
                break;
            }
        }
        all
    }

    /// Lists rewrite the From of domains with a strict DMARC policy (RFC 7489) to their own
    /// address, as `Ann via the-list`; the real one goes to Reply-To or X-Original-From.
    fn is_via_list(&self, from: &Mailbox, lists: &[ListId], to: [&[Mailbox]; 2]) -> bool {
        if !from.name.contains(" via ") {
            return false;
        }
        let addressed = to.iter().any(|all| all.iter().any(|to| to.email == from.email));
        let list = ids::list_of_address(&from.email);
        addressed
            || list.is_some_and(|list| lists.contains(&list))
            || ["X-Original-From", "Reply-To"].iter().any(|name| self.fields.first(name).is_some())
    }

    fn subject(&mut self) -> String {
        let raw = self.fields.first("Subject").unwrap_or_default();
        let (decoded, flawed) = encoded_word::decode(raw);
        self.flag(flawed, Defect::Charset);
        let mut line = harmless::line(&decoded);
        self.flag(line.is_empty(), Defect::MissingSubject);
        if let Some((end, _)) = line.char_indices().nth(SUBJECT_LIMIT) {
            line.truncate(end);
        }
        line
    }

    fn id(&mut self, body: &[u8]) -> MessageId {
        let mut written = self.texts("Message-ID");
        if let Some(id) = written.find_map(|text| ids::message_id(&text)) {
            return id;
        }
        drop(written);
        self.defects.insert(Defect::MissingId);
        derived_id(self.fields, body)
    }

    /// The ancestors, from References and In-Reply-To (RFC 5322 section 3.6.4).
    fn references(&mut self, own: &MessageId, people: Vec<Mailbox>) -> Vec<MessageId> {
        let text = |raw| ids_as_text(raw);
        let mut values: Vec<String> = self.fields.ends("References").map(text).collect();
        let written = values.iter().any(|value| !value.trim().is_empty());
        self.flag(written && !values.iter().any(|value| ids::has_id(value)), Defect::NoIds);
        let parents: Vec<String> = self.fields.ends("In-Reply-To").map(text).collect();
        self.flag(ids::is_odd_reply(&parents), Defect::OddReply);
        let alone = !written && parents.iter().any(|value| !value.trim().is_empty());
        self.flag(alone, Defect::NoReferences);
        values.extend(parents);
        ids::references(&values, own, &people)
    }

    fn date(&mut self, received: Option<Timestamp>) -> Timestamp {
        let written = self.fields.text("Date").and_then(|text| date::read(&text));
        self.flag(written.is_some_and(|date| date.bad_zone), Defect::BadZone);
        match (written, received) {
            (Some(Dated { time, .. }), None) => time,
            (Some(Dated { time, .. }), Some(received)) => {
                let near = time.duration_since(received).unsigned_abs().as_secs() < DAY;
                self.flag(!near, Defect::DateOff);
                if near { time } else { received }
            }
            (None, received) => {
                self.defects.insert(Defect::BadDate);
                let hop = || self.fields.text("Received").and_then(|text| date::received(&text));
                received.or_else(hop).unwrap_or(Timestamp::UNIX_EPOCH)
            }
        }
    }

    fn lists(&self, arrival: &Arrival) -> Vec<ListId> {
        if let Some(list) = &arrival.list {
            return vec![list.clone()];
        }
        let ids = self.texts("List-Id").filter_map(|value| ids::list_id(&value));
        let mut lists: BTreeSet<ListId> = ids.collect();
        for name in ["List-Post", "X-Mailing-List"] {
            if lists.is_empty() {
                lists.extend(self.texts(name).filter_map(|value| ids::list_of_address(&value)));
            }
        }
        lists.into_iter().collect()
    }

    fn texts(&self, name: &str) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
        self.fields.all(name).map(|raw| charset::guess(raw).text)
    }
}

/// Mailers write an empty group, `undisclosed-recipients:;` (RFC 5322 section 3.4), or less.
fn is_somebody(mailbox: &Mailbox) -> bool {
    mailbox.email.contains('@') || !mailbox.called().to_lowercase().starts_with("undisclosed")
}

/// Ids as written; RFC 2047 section 5 forbids to encode them, and some robots do.
fn ids_as_text(raw: &[u8]) -> String {
    let text = charset::guess(raw).text;
    let encoded = text.contains("=?") && !text.contains('<');
    if encoded { encoded_word::decode(raw).0 } else { text.into_owned() }
}

/// An id from what is the same through every list: sender, date, subject and body, line ends and
/// the white space around the body left out.
fn derived_id(fields: &Fields<'_>, body: &[u8]) -> MessageId {
    let mut hash = Sha256::new();
    let mut add = |text: &[u8]| text.split(|&b| b == b'\r').for_each(|piece| hash.update(piece));
    for name in ["From", "Date", "Subject"] {
        add(fields.first(name).unwrap_or_default());
        add(&[0]);
    }
    add(body.trim_ascii());
    let hex: String = hash.finalize().iter().take(20).map(|byte| format!("{byte:02x}")).collect();
    MessageId::new(&format!("{hex}@missing.lorecast.invalid")).expect("hex digits are a valid id")
}

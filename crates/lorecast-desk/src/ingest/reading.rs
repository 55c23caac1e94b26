//! An archive into parsed entries, on all cores.

use std::sync::mpsc::SyncSender;

use lorecast_archive::{Archive, ArchiveError, Item, RawMail, Reader};
use lorecast_mail::Arrival;
use lorecast_store::{Entry, Found, Raw, Removal, Words};
use rayon::prelude::*;

/// A batch is committed when it has so many mails, or so many bytes.
const BATCH_MAILS: usize = 2048;
const BATCH_BYTES: usize = 8 << 20;

/// What the reading thread sends.
pub(super) enum Part {
    /// Reading begins.
    Begin {
        /// How much there is, in the reader's own unit.
        total: u64,
        /// All of it is read again.
        from_the_start: bool,
    },
    /// Parsed mails and removals, in this order.
    Batch(Parsed),
    /// Something that could not be read.
    Failed(ArchiveError),
}

/// A batch, ready to be kept.
#[derive(Default)]
pub(super) struct Parsed {
    pub(super) entries: Vec<Entry>,
    pub(super) removals: Vec<Removal>,
    /// Where to go on after them.
    pub(super) cursor: String,
    /// How much of the total is done.
    pub(super) done: u64,
}

/// Reads an archive to its end. A send that fails means that the other side gave up: so do we.
pub(super) fn read(archive: &Archive, cursor: Option<&str>, send: SyncSender<Part>) {
    let mut reader = match archive.read(cursor) {
        Ok(reader) => reader,
        Err(error) => return drop(send.send(Part::Failed(error))),
    };
    let begin = Part::Begin { total: reader.total(), from_the_start: reader.from_the_start() };
    if send.send(begin).is_err() {
        return;
    }
    loop {
        let Step { mails, removals, failures, ended } = step(&mut reader);
        let (cursor, done) = (reader.cursor(), reader.done());
        let entries = mails.into_par_iter().map(entry).collect();
        let removals = removals.par_iter().map(removal).collect();
        let batch = Part::Batch(Parsed { entries, removals, cursor, done });
        let parts = failures.into_iter().map(Part::Failed).chain([batch]);
        if parts.into_iter().any(|part| send.send(part).is_err()) || ended {
            return;
        }
    }
}

/// What is read between two commits.
#[derive(Default)]
struct Step {
    mails: Vec<RawMail>,
    removals: Vec<RawMail>,
    failures: Vec<ArchiveError>,
    ended: bool,
}

/// Reads on until a batch is full. It ends behind a removal, too: a mail that is removed and added
/// again must come in that order.
fn step(reader: &mut Reader) -> Step {
    let mut step = Step::default();
    let mut bytes = 0;
    while step.mails.len() < BATCH_MAILS && bytes < BATCH_BYTES {
        match reader.next() {
            Some(Ok(Item::Mail(mail))) => {
                bytes += mail.bytes.len();
                step.mails.push(mail);
            }
            Some(Ok(Item::Removal(mail))) => {
                step.removals.push(mail);
                return step;
            }
            Some(Err(error)) => step.failures.push(error),
            None => {
                step.ended = true;
                return step;
            }
        }
    }
    step
}

fn entry(mail: RawMail) -> Entry {
    let arrival = Arrival { list: mail.list, received: mail.received };
    let message = lorecast_mail::parse(&mail.bytes, &arrival);
    let mut words = Words::default();
    lorecast_mail::texts(&message, |field, text| words.add(field, text));
    let alone = lorecast_tracker::loner_keys(&message.header);
    let raw = mail.blob.map_or_else(|| Raw::Bytes(mail.bytes), Raw::Blob);
    Entry::new(message, words, Found { received: mail.received, raw, alone })
}

fn removal(mail: &RawMail) -> Removal {
    let message = lorecast_mail::parse(&mail.bytes, &Arrival::default());
    Removal { id: message.header.id, content: message.content }
}

//! Batches going in: what they change is computed in memory, and written in a few statements. Every
//! function runs inside a transaction.

use std::collections::{BTreeMap, HashMap};

use lorecast_model::{ContentHash, Defect};
use postgres::types::Type;

use super::fault::Fault;
use super::intern::Interned;
use super::nodes::Nodes;
use super::placement::{Threads, placed};
use super::said::{self, Prepared};
use super::session::Session;
use super::source;
use super::{remove, session::Value};
use crate::columns::{bit, bits};
use crate::pack::{self, micros};
use crate::{Added, Batch, Entry, Raw};

/// Keeps a batch.
pub(super) fn commit(
    session: &Session,
    interned: &mut Interned,
    batch: &Batch,
) -> Result<Added, Fault> {
    let mut nodes = Nodes::load(session, named(batch))?;
    let mut threads = Threads::place(session, &mut nodes, &batch.placement)?;
    let source = source::row(session, &batch.source)?;
    interned.load(session, &batch.entries)?;
    let mut kept = Kept::load(session, &nodes, &batch.entries)?;
    let mut added = Added::default();
    let mut arrivals = Arrivals::default();
    for (at, entry) in batch.entries.iter().enumerate() {
        let (node, thread) = placed(&nodes, &entry.message.header.id)?;
        let thread = threads.now(thread);
        let message = match kept.find(node, entry.message.content) {
            Some(message) => {
                added.known += 1;
                if kept.better_date(message, entry) {
                    threads.touch(thread);
                }
                message
            }
            None => {
                added.new += 1;
                threads.touch(thread);
                kept.add(node, entry, at)
            }
        };
        arrivals.add(interned, message, entry)?;
    }
    threads.keep(session)?;
    kept.keep(session, interned, &mut nodes, &batch.entries)?;
    nodes.keep(session, |thread| threads.now(thread))?;
    arrivals.keep(session, source)?;
    for removal in &batch.removals {
        added.removed += remove::from_source(session, source.id, removal)?;
    }
    source::set_cursor(session, source.id, &batch.cursor)?;
    Ok(added)
}

/// Every Message-ID that a batch names.
fn named(batch: &Batch) -> impl Iterator<Item = &lorecast_model::MessageId> {
    let members = batch.placement.members.iter().map(|(id, _)| id);
    let headers = batch.entries.iter().map(|entry| &entry.message.header);
    members.chain(headers.flat_map(|header| std::iter::once(&header.id).chain(&header.references)))
}

/// The messages of the ids that a batch brings, as they are and as they will be.
struct Kept {
    messages: HashMap<i64, Message>,
    by_node: HashMap<i64, Vec<i64>>,
    /// New ones, in order, each with its entry.
    new: Vec<(i64, usize)>,
    last: i64,
}

struct Message {
    content: ContentHash,
    date: i64,
    defects: i64,
    changed: bool,
}

impl Kept {
    fn load(session: &Session, nodes: &Nodes, entries: &[Entry]) -> Result<Self, Fault> {
        let of = |entry: &Entry| nodes.find(&entry.message.header.id).map(|(node, _)| node);
        let wanted: Vec<i64> = entries.iter().filter_map(of).collect();
        let last = session.number("SELECT coalesce(max(id), 0) FROM message", &[])?;
        let (messages, by_node) = (HashMap::new(), HashMap::new());
        let mut kept = Self { messages, by_node, new: Vec::new(), last };
        let sql = "SELECT id, node, content, date, defects FROM message WHERE node = ANY($1)";
        for row in session.query(sql, &[&wanted])? {
            let (id, node): (i64, i64) = (row.get(0), row.get(1));
            let (date, defects) = (row.get(3), row.get(4));
            let message = Message { content: content(row.get(2))?, date, defects, changed: false };
            kept.messages.insert(id, message);
            kept.by_node.entry(node).or_default().push(id);
        }
        Ok(kept)
    }

    fn find(&self, node: i64, content: ContentHash) -> Option<i64> {
        let of_node = self.by_node.get(&node)?;
        of_node.iter().copied().find(|id| self.messages[id].content == content)
    }

    /// A message that is not held yet.
    fn add(&mut self, node: i64, entry: &Entry, at: usize) -> i64 {
        self.last += 1;
        let header = &entry.message.header;
        let message = Message {
            content: entry.message.content,
            date: micros(header.date),
            defects: bits(&header.defects),
            changed: false,
        };
        self.messages.insert(self.last, message);
        self.new.push((self.last, at));
        let of_node = self.by_node.entry(node).or_default();
        of_node.push(self.last);
        if of_node.len() > 1 {
            // Different mails of one id.
            for id in of_node.iter() {
                if let Some(message) = self.messages.get_mut(id) {
                    message.defects |= bit(Defect::SharedId);
                    message.changed = true;
                }
            }
        }
        self.last
    }

    /// Whatever copy comes first, the date ends the same: the Date header when any archive bears it
    /// out, else the earliest arrival. Says whether it changed.
    fn better_date(&mut self, message: i64, entry: &Entry) -> bool {
        let doubt = bit(Defect::DateOff) | bit(Defect::BadDate);
        let header = &entry.message.header;
        let (date, sure) = (micros(header.date), bits(&header.defects) & doubt == 0);
        let Some(held) = self.messages.get_mut(&message) else { return false };
        if held.defects & doubt == 0 || !(sure || held.date > date) {
            return false;
        }
        held.date = date;
        held.defects &= !(if sure { doubt } else { 0 });
        held.changed = true;
        true
    }

    fn keep(
        &self,
        session: &Session,
        interned: &mut Interned,
        nodes: &mut Nodes,
        entries: &[Entry],
    ) -> Result<(), Fault> {
        self.keep_changes(session)?;
        if self.new.is_empty() {
            return Ok(());
        }
        self.keep_headers(session, interned, nodes, entries)?;
        session.copy("body (id, packed)", &[Type::INT8, Type::BYTEA], |out| {
            let mut new = self.new.iter();
            new.try_for_each(|(id, at)| out.write(&[id, &entries[*at].packed]))
        })?;
        self.keep_words(session, entries)?;
        interned.stems(session, self.new.iter().map(|(_, at)| &entries[*at]))?;
        let alone: (Vec<i64>, Vec<i64>) = self
            .new
            .iter()
            .flat_map(|(id, at)| entries[*at].alone.iter().map(move |key| (key.0, *id)))
            .unzip();
        let sql =
            "INSERT INTO alone (key, message) SELECT * FROM unnest($1::bigint[], $2::bigint[])
                   ON CONFLICT DO NOTHING";
        session.execute(sql, &[&alone.0, &alone.1])?;
        Ok(())
    }

    fn keep_changes(&self, session: &Session) -> Result<(), Fault> {
        let first = self.new.first().map_or(i64::MAX, |(id, _)| *id);
        let changed = self.messages.iter().filter(|(id, one)| one.changed && **id < first);
        let (mut ids, mut dates, mut defects) = (Vec::new(), Vec::new(), Vec::new());
        for (id, message) in changed {
            ids.push(*id);
            dates.push(message.date);
            defects.push(message.defects);
        }
        if !ids.is_empty() {
            let sql = "UPDATE message SET date = u.date, defects = u.defects
                       FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS u (id, date, defects)
                       WHERE message.id = u.id";
            session.execute(sql, &[&ids, &dates, &defects])?;
        }
        Ok(())
    }

    fn keep_headers(
        &self,
        session: &Session,
        interned: &Interned,
        nodes: &mut Nodes,
        entries: &[Entry],
    ) -> Result<(), Fault> {
        let mut rows = Vec::with_capacity(self.new.len());
        for (id, at) in &self.new {
            let message = &entries[*at].message;
            let header = &message.header;
            let refs: Vec<i64> = header.references.iter().map(|id| nodes.row(id)).collect();
            let mut recipients = vec![message.to.len() as i64];
            for mailbox in message.to.iter().chain(&message.cc) {
                recipients.push(interned.mailbox(mailbox)?);
            }
            rows.push(Header {
                node: nodes.row(&header.id),
                sender: interned.mailbox(&header.from)?,
                writer: interned.writer(&message.writer)?,
                subject: header.subject.as_bytes(),
                refs: pack::pack_ids(refs),
                recipients: pack::pack_ids(recipients),
                held: &self.messages[id],
            });
        }
        let into =
            "message (id, node, content, date, sender, writer, subject, refs, recipients, defects)";
        let (number, bytes) = (Type::INT8, Type::BYTEA);
        let types = [
            number.clone(),
            number.clone(),
            bytes.clone(),
            number.clone(),
            number.clone(),
            number.clone(),
            bytes.clone(),
            bytes.clone(),
            bytes,
            number,
        ];
        session.copy(into, &types, |out| {
            self.new.iter().zip(&rows).try_for_each(|((id, _), row)| {
                let content = row.held.content.0.as_slice();
                let values: [Value<'_>; 10] = [
                    id,
                    &row.node,
                    &content,
                    &row.held.date,
                    &row.sender,
                    &row.writer,
                    &row.subject,
                    &row.refs,
                    &row.recipients,
                    &row.held.defects,
                ];
                out.write(&values)
            })
        })
    }

    fn keep_words(&self, session: &Session, entries: &[Entry]) -> Result<(), Fault> {
        let types = [Type::INT8, Type::BOOL, Type::INT8, Type::TS_VECTOR, Type::BYTEA, Type::BYTEA];
        let mut words = 0;
        let into = "search (message, whole, words, lexemes, brief, long)";
        session.copy(into, &types, |out| {
            self.new.iter().try_for_each(|(id, at)| {
                let Prepared { whole, count, lexemes, brief, long } =
                    said::prepare(&entries[*at].words);
                words += count;
                out.write(&[id, &whole, &count, &lexemes, &brief, &long])
            })
        })?;
        let sql = "UPDATE state SET documents = documents + $1, words = words + $2";
        session.execute(sql, &[&(self.new.len() as i64), &words])?;
        Ok(())
    }
}

/// What is kept of a message's header.
struct Header<'e> {
    node: i64,
    sender: i64,
    writer: i64,
    subject: &'e [u8],
    refs: Vec<u8>,
    recipients: Vec<u8>,
    held: &'e Message,
}

/// Through which lists and archive messages came, and the raw bytes that the archive does not keep.
#[derive(Default)]
struct Arrivals<'e> {
    /// By message and list, the earliest; nothing when one is not known.
    lists: BTreeMap<(i64, i64), Option<i64>>,
    /// By message, the git object.
    places: BTreeMap<i64, Option<&'e [u8]>>,
    /// By message, the first.
    raw: BTreeMap<i64, &'e [u8]>,
}

impl<'e> Arrivals<'e> {
    fn add(&mut self, interned: &Interned, message: i64, entry: &'e Entry) -> Result<(), Fault> {
        let received = entry.received.map(micros);
        for list in &entry.message.header.lists {
            let list = interned.list(list)?;
            let held = self.lists.entry((message, list)).or_insert(received);
            *held = held.zip(received).map(|(one, other)| one.min(other));
        }
        let blob = match &entry.raw {
            Raw::Blob(id) => Some(id.0.as_slice()),
            // Also of a mail that a git repository holds: that one may drop it.
            Raw::Bytes(packed) => {
                self.raw.entry(message).or_insert(packed);
                None
            }
        };
        self.places.insert(message, blob);
        Ok(())
    }

    fn keep(self, session: &Session, source: source::Row) -> Result<(), Fault> {
        let (keys, received): (Vec<(i64, i64)>, Vec<Option<i64>>) = self.lists.into_iter().unzip();
        let (messages, lists): (Vec<i64>, Vec<i64>) = keys.into_iter().unzip();
        let sql = "INSERT INTO arrival (message, list, source, received)
                   SELECT u.message, u.list, $4, u.received
                   FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS u (message, list, received)
                   ON CONFLICT (message, list, source) DO UPDATE SET received =
                       CASE WHEN arrival.received IS NULL OR excluded.received IS NULL THEN NULL
                            ELSE least(arrival.received, excluded.received) END";
        session.execute(sql, &[&messages, &lists, &received, &source.id])?;
        let (messages, blobs): (Vec<i64>, Vec<Option<&[u8]>>) = self.places.into_iter().unzip();
        let sql = "INSERT INTO location (message, source, run, blob)
                   SELECT u.message, $3, $4, u.blob
                   FROM unnest($1::bigint[], $2::bytea[]) AS u (message, blob)
                   ON CONFLICT (message, source) DO UPDATE
                       SET run = excluded.run, blob = excluded.blob";
        session.execute(sql, &[&messages, &blobs, &source.id, &source.run])?;
        if !self.raw.is_empty() {
            let (messages, packed): (Vec<i64>, Vec<&[u8]>) = self.raw.into_iter().unzip();
            let sql = "INSERT INTO raw (message, packed)
                       SELECT * FROM unnest($1::bigint[], $2::bytea[]) ON CONFLICT DO NOTHING";
            session.execute(sql, &[&messages, &packed])?;
        }
        Ok(())
    }
}

/// A digest of a message's content as it is kept.
pub(super) fn content(bytes: &[u8]) -> Result<ContentHash, Fault> {
    Ok(ContentHash(bytes.try_into().map_err(Fault::content)?))
}

//! Messages and threads coming out.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;
use lorecast_model::{
    Header, ListId, Loner, LonerKey, Mailbox, Message, MessageId, Thread, ThreadKey,
};
use postgres::Row;

use super::commit::content;
use super::fault::Fault;
use super::nodes::message_id;
use super::session::{Session, Value};
use super::writers::{WRITER, WRITERS, writer};
use crate::columns::{Tally, defects, untracked};
use crate::pack::{self, micros, moment};
use crate::{LONERS, Page, Span, Stats};

/// The columns that [`header`] reads, in its order.
const HEADER: &str = "m.id, n.message_id, m.date, p.name, p.email, m.subject, m.refs, m.defects";

/// Where [`HEADER`] comes from.
const HEADERS: &str = "message m JOIN node n ON n.id = m.node JOIN mailbox p ON p.id = m.sender";

/// The order of messages everywhere.
const IN_ORDER: &str = "ORDER BY m.date, n.message_id, m.content";

/// Threads that wait to be tracked.
const STALE: &str = "thread t WHERE t.stale AND EXISTS (
    SELECT 1 FROM node n JOIN message m ON m.node = n.id WHERE n.thread = t.id)";

/// The columns that [`summary`] reads, in its order.
const SUMMARY: &str = "t.id, t.root, t.subject, t.messages, t.participants, t.first, t.last";

pub(super) fn thread_keys(
    session: &Session,
    ids: &[MessageId],
) -> Result<HashMap<MessageId, ThreadKey>, Fault> {
    let ids: Vec<&str> = ids.iter().map(MessageId::as_str).collect();
    let sql = "SELECT message_id, thread FROM node
               WHERE message_id = ANY($1) AND thread IS NOT NULL";
    let rows = session.query(sql, &[&ids])?;
    rows.iter().map(|row| Ok((message_id(row.get(0))?, ThreadKey(row.get(1))))).collect()
}

pub(super) fn stale_count(session: &Session) -> Result<u64, Fault> {
    count(session, &format!("SELECT count(*) FROM {STALE}"))
}

pub(super) fn stale_threads(session: &Session, limit: u32) -> Result<Vec<ThreadKey>, Fault> {
    let sql = format!("SELECT t.id FROM {STALE} ORDER BY t.id LIMIT $1");
    let rows = session.query(&sql, &[&i64::from(limit)])?;
    Ok(rows.iter().map(|row| ThreadKey(row.get(0))).collect())
}

pub(super) fn broken_threads(session: &Session, limit: u32) -> Result<Vec<ThreadKey>, Fault> {
    let sql = "SELECT id FROM thread WHERE broken ORDER BY id LIMIT $1";
    let rows = session.query(sql, &[&i64::from(limit)])?;
    Ok(rows.iter().map(|row| ThreadKey(row.get(0))).collect())
}

pub(super) fn thread_messages(session: &Session, key: ThreadKey) -> Result<Vec<Message>, Fault> {
    whole(session, &format!("n.thread = $1 {IN_ORDER}"), &[&key.0])
}

/// Of several messages with one id the earliest.
pub(super) fn message(session: &Session, id: &MessageId) -> Result<Option<Message>, Fault> {
    let condition = format!("n.message_id = $1 {IN_ORDER} LIMIT 1");
    Ok(whole(session, &condition, &[&id.as_str()])?.into_iter().next())
}

/// All messages of these ids, those of an id together, ids in their order.
pub(super) fn messages(session: &Session, ids: &[MessageId]) -> Result<Vec<Message>, Fault> {
    let names: Vec<&str> = ids.iter().map(MessageId::as_str).collect();
    let found = whole(session, &format!("n.message_id = ANY($1) {IN_ORDER}"), &[&names])?;
    if let [_] = ids {
        return Ok(found);
    }
    let mut by_id: HashMap<&MessageId, Vec<&Message>> = HashMap::new();
    for message in &found {
        by_id.entry(&message.header.id).or_default().push(message);
    }
    let of = |id| by_id.get(id).into_iter().flatten().map(|message| Message::clone(message));
    Ok(ids.iter().flat_map(of).collect())
}

pub(super) fn alone(session: &Session, key: LonerKey, span: Span) -> Result<Vec<Loner>, Fault> {
    let sql = format!(
        "SELECT {HEADER}, m.recipients FROM {HEADERS}
         WHERE m.id IN (SELECT message FROM alone WHERE key = $1) AND m.date >= $2 AND m.date < $3
         {IN_ORDER} LIMIT {LONERS}"
    );
    let [from, to] = bounds(span);
    let rows = session.query(&sql, &[&key.0, &from, &to])?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let shared = Shared::of(session, &rows, Some(8))?;
    let loner = |row: &Row| {
        let (mut recipients, cc) = shared.recipients(row.get(8))?;
        recipients.extend(cc);
        Ok(Loner { header: header(&shared, row)?, recipients })
    };
    rows.iter().map(loner).collect()
}

pub(super) fn thread(
    session: &Session,
    id: &MessageId,
) -> Result<Option<(Thread, Vec<Header>)>, Fault> {
    session.snapshot(|| {
        let sql = format!(
            "SELECT {SUMMARY} FROM node n JOIN thread t ON t.id = n.thread WHERE n.message_id = $1"
        );
        let Some(row) = session.first(&sql, &[&id.as_str()])? else { return Ok(None) };
        let headers = headers_of(session, row.get(0))?;
        let thread = summary(&row)?.or_else(|| untracked(&headers));
        Ok(thread.map(|thread| (thread, headers)))
    })?
}

pub(super) fn threads(session: &Session, span: Span) -> Result<Vec<Thread>, Fault> {
    session.snapshot(|| {
        let sql = format!(
            "SELECT {SUMMARY} FROM thread t WHERE t.id IN (
                 SELECT n.thread FROM message m JOIN node n ON n.id = m.node
                 WHERE m.date >= $1 AND m.date < $2)"
        );
        let [from, to] = bounds(span);
        let mut threads = summaries(session, session.query(&sql, &[&from, &to])?)?;
        threads.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(threads)
    })?
}

pub(super) fn latest_threads(session: &Session, page: Page) -> Result<Vec<Thread>, Fault> {
    let end = page.skip.saturating_add(page.take) as usize;
    let (mut seen, mut keys) = (HashSet::new(), Vec::new());
    if end == 0 {
        return Ok(Vec::new());
    }
    session.snapshot(|| {
        let sql = "SELECT n.thread FROM message m JOIN node n ON n.id = m.node
                   WHERE n.thread IS NOT NULL ORDER BY m.date DESC, m.id DESC";
        let enough = || Fault::from(crate::StoreError::Stopped);
        let read = session.each(sql, &[], &mut |rows| {
            for row in rows {
                let key: i64 = row.get(0);
                if seen.insert(key) {
                    keys.push(key);
                }
                if keys.len() == end {
                    return Err(enough());
                }
            }
            Ok(())
        });
        match read {
            Err(Fault::Said(crate::StoreError::Stopped)) | Ok(()) => {}
            Err(fault) => return Err(fault),
        }
        let keys = keys.get(page.skip as usize..).unwrap_or_default();
        let sql = format!(
            "SELECT {SUMMARY} FROM unnest($1::bigint[]) WITH ORDINALITY AS u (id, o)
             JOIN thread t ON t.id = u.id ORDER BY u.o"
        );
        summaries(session, session.query(&sql, &[&keys])?)
    })?
}

pub(super) fn each_header(
    session: &Session,
    span: Span,
    visit: &mut dyn FnMut(Header, MessageId) -> crate::Result<()>,
) -> Result<(), Fault> {
    // A thread that was not tracked yet is named by its earliest message.
    let sql = format!(
        "SELECT {HEADER}, coalesce(t.root, (
             SELECT n2.message_id FROM node n2 JOIN message m2 ON m2.node = n2.id
             WHERE n2.thread = n.thread ORDER BY m2.date, n2.message_id LIMIT 1))
         FROM {HEADERS} JOIN thread t ON t.id = n.thread
         WHERE m.date >= $1 AND m.date < $2 {IN_ORDER}"
    );
    let [from, to] = bounds(span);
    session.each(&sql, &[&from, &to], &mut |rows| {
        let shared = Shared::of(session, &rows, None)?;
        for row in &rows {
            visit(header(&shared, row)?, message_id(row.get(8))?)?;
        }
        Ok(())
    })
}

/// The date of the latest message but one in a thousand.
pub(super) fn last(session: &Session) -> Result<Option<Timestamp>, Fault> {
    let sql = "SELECT date FROM message ORDER BY date DESC
               LIMIT 1 OFFSET (SELECT count(*) / 1000 FROM message)";
    let row = session.first(sql, &[])?;
    row.map(|row| Ok(moment(row.get(0))?)).transpose()
}

pub(super) fn stats(session: &Session) -> Result<Stats, Fault> {
    let held = "SELECT count(DISTINCT n.thread) FROM message m JOIN node n ON n.id = m.node";
    let size = "SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class
                WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace";
    let mut stats = Stats {
        messages: count(session, "SELECT count(*) FROM message")?,
        threads: count(session, held)?,
        revisions: count(session, "SELECT count(*) FROM revision")?,
        lists: by_list(session)?,
        bytes: count(session, size)?,
        ..Stats::default()
    };
    let sql = "SELECT defects, count(*) FROM message WHERE defects <> 0 GROUP BY defects";
    let mut tally = Tally::default();
    for row in session.query(sql, &[])? {
        tally.add(row.get(0), row.get::<_, i64>(1).cast_unsigned());
    }
    tally.fill(&mut stats);
    Ok(stats)
}

/// The headers of these row ids, in their order.
pub(super) fn headers(session: &Session, ids: &[i64]) -> Result<Vec<Header>, Fault> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT {HEADER} FROM {HEADERS} WHERE m.id = ANY($1)");
    let rows = session.query(&sql, &[&ids])?;
    let shared = Shared::of(session, &rows, None)?;
    let by_id: HashMap<i64, &Row> = rows.iter().map(|row| (row.get(0), row)).collect();
    ids.iter().filter_map(|id| by_id.get(id)).map(|row| header(&shared, row)).collect()
}

/// What the bodies of these row ids hold, packed.
pub(super) fn bodies(session: &Session, ids: &[i64]) -> Result<HashMap<i64, Vec<u8>>, Fault> {
    let rows = session.query("SELECT id, packed FROM body WHERE id = ANY($1)", &[&ids])?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

pub(super) fn bounds(span: Span) -> [i64; 2] {
    [micros(span.from), micros(span.to)]
}

/// Text that is kept as bytes, as it may hold what PostgreSQL's text cannot.
pub(super) fn text(bytes: &[u8]) -> Result<String, Fault> {
    String::from_utf8(bytes.to_vec()).map_err(Fault::content)
}

fn count(session: &Session, sql: &str) -> Result<u64, Fault> {
    Ok(session.number(sql, &[])?.cast_unsigned())
}

fn by_list(session: &Session) -> Result<Vec<(ListId, u64)>, Fault> {
    let sql = "SELECT l.name, count(DISTINCT a.message) FROM arrival a JOIN list l ON l.id = a.list
               GROUP BY l.id ORDER BY l.name";
    let rows = session.query(sql, &[])?;
    rows.iter()
        .map(|row| Ok((list_id(row.get(0))?, row.get::<_, i64>(1).cast_unsigned())))
        .collect()
}

/// Messages with everything in them.
fn whole(session: &Session, condition: &str, values: &[Value<'_>]) -> Result<Vec<Message>, Fault> {
    let sql = format!(
        "SELECT {HEADER}, m.recipients, m.content, b.packed, {WRITER}
         FROM {HEADERS} JOIN body b ON b.id = m.id {WRITERS} WHERE {condition}"
    );
    let rows = session.query(&sql, values)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let shared = Shared::of(session, &rows, Some(8))?;
    rows.iter().map(|row| whole_message(&shared, row)).collect()
}

fn headers_of(session: &Session, key: i64) -> Result<Vec<Header>, Fault> {
    let sql = format!("SELECT {HEADER} FROM {HEADERS} WHERE n.thread = $1 {IN_ORDER}");
    let rows = session.query(&sql, &[&key])?;
    let shared = Shared::of(session, &rows, None)?;
    rows.iter().map(|row| header(&shared, row)).collect()
}

/// What the rows of threads say; of those that were not tracked yet, what their headers do. One
/// without a message held is left out.
fn summaries(session: &Session, rows: Vec<Row>) -> Result<Vec<Thread>, Fault> {
    let mut threads = Vec::with_capacity(rows.len());
    for row in rows {
        threads.extend(match summary(&row)? {
            Some(thread) => Some(thread),
            None => untracked(&headers_of(session, row.get(0))?),
        });
    }
    Ok(threads)
}

/// What the tracker said about a thread.
fn summary(row: &Row) -> Result<Option<Thread>, Fault> {
    let Some(root) = row.get::<_, Option<&str>>(1) else { return Ok(None) };
    let number = |at: usize| u32::try_from(row.get::<_, i64>(at)).map_err(Fault::content);
    Ok(Some(Thread {
        id: message_id(root)?,
        subject: text(row.get(2))?,
        messages: number(3)?,
        participants: number(4)?,
        first: moment(row.get(5))?,
        last: moment(row.get(6))?,
    }))
}

fn header(shared: &Shared, row: &Row) -> Result<Header, Fault> {
    Ok(Header {
        id: message_id(row.get(1))?,
        date: moment(row.get(2))?,
        from: Mailbox { name: text(row.get(3))?, email: text(row.get(4))? },
        subject: text(row.get(5))?,
        references: shared.references(row.get(6))?,
        lists: shared.lists.get(&row.get(0)).cloned().unwrap_or_default(),
        defects: defects(row.get(7)),
    })
}

fn whole_message(shared: &Shared, row: &Row) -> Result<Message, Fault> {
    let (to, cc) = shared.recipients(row.get(8))?;
    let body = pack::unpack_body(row.get(10))?;
    Ok(Message {
        header: header(shared, row)?,
        writer: writer(row, 11)?,
        to,
        cc,
        text: body.text,
        diff: body.diff,
        attached: body.attached,
        attachments: body.attachments,
        signature: body.signature,
        content: content(row.get(9))?,
    })
}

/// What the messages of one answer have in common: those of a thread name the same people, mails and
/// lists again and again.
struct Shared {
    nodes: HashMap<i64, MessageId>,
    mailboxes: HashMap<i64, Mailbox>,
    /// By message, in order.
    lists: BTreeMap<i64, Vec<ListId>>,
}

impl Shared {
    /// What these rows name; recipients too when their column is told.
    fn of(session: &Session, rows: &[Row], recipients: Option<usize>) -> Result<Self, Fault> {
        let mut nodes: HashSet<i64> = HashSet::new();
        let mut mailboxes: HashSet<i64> = HashSet::new();
        for row in rows {
            nodes.extend(pack::unpack_ids(row.get(6))?);
            if let Some(at) = recipients {
                mailboxes.extend(pack::unpack_ids(row.get(at))?.into_iter().skip(1));
            }
        }
        let messages: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
        Ok(Self {
            nodes: names(session, nodes)?,
            mailboxes: people(session, mailboxes)?,
            lists: lists(session, &messages)?,
        })
    }

    fn references(&self, packed: &[u8]) -> Result<Vec<MessageId>, Fault> {
        let ids = pack::unpack_ids(packed)?;
        let known = |id| {
            self.nodes.get(&id).cloned().ok_or_else(|| Fault::content("a reference to nothing"))
        };
        ids.into_iter().map(known).collect()
    }

    /// To and Cc.
    fn recipients(&self, packed: &[u8]) -> Result<(Vec<Mailbox>, Vec<Mailbox>), Fault> {
        let ids = pack::unpack_ids(packed)?;
        let (count, ids) = ids.split_first().ok_or_else(|| Fault::content("no recipients"))?;
        let known = |id| {
            self.mailboxes
                .get(id)
                .cloned()
                .ok_or_else(|| Fault::content("a recipient that is not there"))
        };
        let mut to: Vec<Mailbox> = ids.iter().map(known).collect::<Result<_, _>>()?;
        if *count as usize > to.len() {
            return Err(Fault::content("recipients are cut short"));
        }
        let cc = to.split_off(*count as usize);
        Ok((to, cc))
    }
}

fn names(session: &Session, ids: HashSet<i64>) -> Result<HashMap<i64, MessageId>, Fault> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<i64> = ids.into_iter().collect();
    let rows = session.query("SELECT id, message_id FROM node WHERE id = ANY($1)", &[&ids])?;
    rows.iter().map(|row| Ok((row.get(0), message_id(row.get(1))?))).collect()
}

fn people(session: &Session, ids: HashSet<i64>) -> Result<HashMap<i64, Mailbox>, Fault> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<i64> = ids.into_iter().collect();
    let rows = session.query("SELECT id, name, email FROM mailbox WHERE id = ANY($1)", &[&ids])?;
    let mailbox =
        |row: &Row| Ok((row.get(0), Mailbox { name: text(row.get(1))?, email: text(row.get(2))? }));
    rows.iter().map(mailbox).collect()
}

/// The lists that messages came through, by name.
fn lists(session: &Session, messages: &[i64]) -> Result<BTreeMap<i64, Vec<ListId>>, Fault> {
    let mut lists: BTreeMap<i64, Vec<ListId>> = BTreeMap::new();
    if messages.is_empty() {
        return Ok(lists);
    }
    let sql = "SELECT DISTINCT a.message, l.name FROM arrival a JOIN list l ON l.id = a.list
               WHERE a.message = ANY($1) ORDER BY a.message, l.name";
    for row in session.query(sql, &[&messages])? {
        lists.entry(row.get(0)).or_default().push(list_id(row.get(1))?);
    }
    Ok(lists)
}

fn list_id(text: &str) -> Result<ListId, Fault> {
    ListId::new(text).map_err(Fault::content)
}

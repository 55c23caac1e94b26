//! Messages, threads and revisions coming out.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use lorecast_model::{
    ContentHash, Header, ListId, Loner, LonerKey, Mailbox, Message, MessageId, Thread, ThreadKey,
};
use rusqlite::{Connection, OptionalExtension, Params, Row};
use rustc_hash::FxHashMap;

use super::fault::Fault;
use super::intern;
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
const STALE: &str = "thread t WHERE t.stale = 1 AND EXISTS (
    SELECT 1 FROM node n JOIN message m ON m.node = n.id WHERE n.thread = t.id)";

pub(super) fn thread_keys(
    conn: &Connection,
    ids: &[MessageId],
) -> Result<HashMap<MessageId, ThreadKey>, Fault> {
    let mut keys = HashMap::new();
    for id in ids {
        if let Some((_, Some(thread))) = intern::find_node(conn, id)? {
            keys.insert(id.clone(), ThreadKey(thread));
        }
    }
    Ok(keys)
}

pub(super) fn stale_count(conn: &Connection) -> Result<u64, Fault> {
    number(conn, &format!("SELECT count(*) FROM {STALE}"))
}

pub(super) fn stale_threads(conn: &Connection, limit: u32) -> Result<Vec<ThreadKey>, Fault> {
    let sql = format!("SELECT t.id FROM {STALE} ORDER BY t.id LIMIT ?1");
    let mut statement = conn.prepare_cached(&sql)?;
    let keys = statement.query_map([limit], |row| row.get(0).map(ThreadKey))?;
    Ok(keys.collect::<Result<_, _>>()?)
}

pub(super) fn broken_threads(conn: &Connection, limit: u32) -> Result<Vec<ThreadKey>, Fault> {
    let sql = "SELECT id FROM thread WHERE broken = 1 ORDER BY id LIMIT ?1";
    let mut statement = conn.prepare_cached(sql)?;
    let keys = statement.query_map([limit], |row| row.get(0).map(ThreadKey))?;
    Ok(keys.collect::<Result<_, _>>()?)
}

pub(super) fn thread_messages(conn: &Connection, key: ThreadKey) -> Result<Vec<Message>, Fault> {
    let condition = format!("n.thread = ?1 {IN_ORDER}");
    let shared = Shared::new(conn);
    each(conn, &condition, [key.0], |row| whole_message(&shared, row))
}

pub(super) fn message(conn: &Connection, id: &MessageId) -> Result<Option<Message>, Fault> {
    Ok(messages(conn, std::slice::from_ref(id))?.into_iter().next())
}

pub(super) fn messages(conn: &Connection, ids: &[MessageId]) -> Result<Vec<Message>, Fault> {
    let condition = format!("n.message_id = ?1 {IN_ORDER}");
    let shared = Shared::new(conn);
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(each(conn, &condition, [id.as_str()], |row| whole_message(&shared, row))?);
    }
    Ok(found)
}

pub(super) fn alone(conn: &Connection, key: LonerKey, span: Span) -> Result<Vec<Loner>, Fault> {
    let condition = format!(
        "m.id IN (SELECT message FROM alone WHERE key = ?1) AND m.date >= ?2 AND m.date < ?3 {IN_ORDER} LIMIT {LONERS}"
    );
    let [from, to] = bounds(span);
    let shared = Shared::new(conn);
    each(conn, &condition, [key.0, from, to], |row| {
        let (mut to, cc) = recipients(&shared, row)?;
        to.extend(cc);
        Ok(Loner { header: header(&shared, row)?, recipients: to })
    })
}

pub(super) fn thread(
    conn: &Connection,
    id: &MessageId,
) -> Result<Option<(Thread, Vec<Header>)>, Fault> {
    match intern::find_node(conn, id)? {
        Some((_, Some(key))) => thread_by_key(conn, key),
        _ => Ok(None),
    }
}

pub(super) fn threads(conn: &Connection, span: Span) -> Result<Vec<Thread>, Fault> {
    let sql = "SELECT DISTINCT n.thread FROM message m JOIN node n ON n.id = m.node
               WHERE m.date >= ?1 AND m.date < ?2 AND n.thread IS NOT NULL";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(bounds(span))?;
    let mut threads = Vec::new();
    while let Some(row) = rows.next()? {
        let key: i64 = row.get(0)?;
        threads.extend(match summary(conn, key)? {
            Some(thread) => Some(thread),
            None => thread_by_key(conn, key)?.map(|(thread, _)| thread),
        });
    }
    threads.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(threads)
}

pub(super) fn latest_threads(conn: &Connection, page: Page) -> Result<Vec<Thread>, Fault> {
    let sql = "SELECT n.thread FROM message m JOIN node n ON n.id = m.node
               WHERE n.thread IS NOT NULL ORDER BY m.date DESC";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let (skip, end) = (page.skip as usize, page.skip.saturating_add(page.take) as usize);
    let (mut seen, mut threads) = (HashSet::new(), Vec::new());
    while seen.len() < end
        && let Some(row) = rows.next()?
    {
        let key: i64 = row.get(0)?;
        if !seen.insert(key) || seen.len() <= skip {
            continue;
        }
        threads.extend(match summary(conn, key)? {
            Some(thread) => Some(thread),
            None => thread_by_key(conn, key)?.map(|(thread, _)| thread),
        });
    }
    Ok(threads)
}

pub(super) fn each_header(
    conn: &Connection,
    span: Span,
    visit: &mut dyn FnMut(Header, MessageId) -> crate::Result<()>,
) -> Result<(), Fault> {
    // A thread that was not tracked yet is named by its earliest message.
    let sql = format!(
        "SELECT {HEADER}, coalesce(t.root, (
             SELECT n2.message_id FROM node n2 JOIN message m2 ON m2.node = n2.id
             WHERE n2.thread = n.thread ORDER BY m2.date, n2.message_id LIMIT 1))
         FROM {HEADERS} JOIN thread t ON t.id = n.thread
         WHERE m.date >= ?1 AND m.date < ?2 {IN_ORDER}"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(bounds(span))?;
    let shared = Shared::new(conn);
    while let Some(row) = rows.next()? {
        visit(header(&shared, row)?, message_id(row.get(8)?)?)?;
    }
    Ok(())
}

/// The date of the latest message but one in a thousand.
pub(super) fn last(conn: &Connection) -> Result<Option<Timestamp>, Fault> {
    let sql = "SELECT date FROM message ORDER BY date DESC
               LIMIT 1 OFFSET (SELECT count(*) / 1000 FROM message)";
    let last = conn.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?;
    last.map(|last| moment(last).map_err(Fault::content)).transpose()
}

pub(super) fn stats(conn: &Connection) -> Result<Stats, Fault> {
    let held = "SELECT count(DISTINCT n.thread) FROM message m JOIN node n ON n.id = m.node";
    let size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
    let mut stats = Stats {
        messages: number(conn, "SELECT count(*) FROM message")?,
        threads: number(conn, held)?,
        revisions: number(conn, "SELECT count(*) FROM revision")?,
        lists: by_list(conn)?,
        bytes: number(conn, size)?,
        ..Stats::default()
    };
    let sql = "SELECT defects, count(*) FROM message WHERE defects != 0 GROUP BY defects";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut tally = Tally::default();
    while let Some(row) = rows.next()? {
        tally.add(row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned());
    }
    tally.fill(&mut stats);
    Ok(stats)
}

fn by_list(conn: &Connection) -> Result<Vec<(ListId, u64)>, Fault> {
    let sql = "SELECT l.name, count(DISTINCT a.message) FROM arrival a JOIN list l ON l.id = a.list
               GROUP BY l.id ORDER BY l.name";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut lists = Vec::new();
    while let Some(row) = rows.next()? {
        lists.push((list_id(row.get(0)?)?, row.get::<_, i64>(1)?.cast_unsigned()));
    }
    Ok(lists)
}

/// The headers of these row ids, in their order.
pub(super) fn headers(conn: &Connection, ids: &[i64]) -> Result<Vec<Header>, Fault> {
    let shared = Shared::new(conn);
    let mut headers = Vec::with_capacity(ids.len());
    let mut statement =
        conn.prepare_cached(&format!("SELECT {HEADER} FROM {HEADERS} WHERE m.id = ?1"))?;
    for &id in ids {
        let mut rows = statement.query([id])?;
        if let Some(row) = rows.next()? {
            headers.push(header(&shared, row)?);
        }
    }
    Ok(headers)
}

/// What a row's body holds.
pub(super) fn body(conn: &Connection, id: i64) -> Result<pack::Body, Fault> {
    let sql = "SELECT packed FROM body WHERE id = ?1";
    let packed: Vec<u8> = conn.prepare_cached(sql)?.query_row([id], |row| row.get(0))?;
    Ok(pack::unpack_body(&packed)?)
}

fn number(conn: &Connection, sql: &str) -> Result<u64, Fault> {
    let found: i64 = conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(found.cast_unsigned())
}

pub(super) fn bounds(span: Span) -> [i64; 2] {
    [micros(span.from), micros(span.to)]
}

fn each<T>(
    conn: &Connection,
    condition: &str,
    values: impl Params,
    read: impl Fn(&Row<'_>) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    let sql = format!(
        "SELECT {HEADER}, m.recipients, m.content, {WRITER} FROM {HEADERS} {WRITERS}
         WHERE {condition}"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

fn thread_by_key(conn: &Connection, key: i64) -> Result<Option<(Thread, Vec<Header>)>, Fault> {
    let condition = format!("n.thread = ?1 {IN_ORDER}");
    let shared = Shared::new(conn);
    let mut statement =
        conn.prepare_cached(&format!("SELECT {HEADER} FROM {HEADERS} WHERE {condition}"))?;
    let mut rows = statement.query([key])?;
    let mut headers = Vec::new();
    while let Some(row) = rows.next()? {
        headers.push(header(&shared, row)?);
    }
    let thread = match summary(conn, key)? {
        Some(thread) => Some(thread),
        None => untracked(&headers),
    };
    Ok(thread.map(|thread| (thread, headers)))
}

/// What the tracker said about a thread.
fn summary(conn: &Connection, key: i64) -> Result<Option<Thread>, Fault> {
    let sql = "SELECT root, subject, messages, participants, first, last FROM thread
               WHERE id = ?1 AND root IS NOT NULL";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([key])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some(Thread {
        id: message_id(row.get(0)?)?,
        subject: row.get(1)?,
        messages: row.get(2)?,
        participants: row.get(3)?,
        first: moment(row.get(4)?)?,
        last: moment(row.get(5)?)?,
    }))
}

fn header(shared: &Shared<'_>, row: &Row<'_>) -> Result<Header, Fault> {
    let id: i64 = row.get(0)?;
    let refs: Vec<u8> = row.get(6)?;
    Ok(Header {
        id: message_id(row.get(1)?)?,
        date: moment(row.get(2)?)?,
        from: Mailbox { name: row.get(3)?, email: row.get(4)? },
        subject: row.get(5)?,
        references: shared.references(&refs)?,
        lists: shared.lists(id)?,
        defects: defects(row.get(7)?),
    })
}

fn whole_message(shared: &Shared<'_>, row: &Row<'_>) -> Result<Message, Fault> {
    let (to, cc) = recipients(shared, row)?;
    let body = body(shared.conn, row.get(0)?)?;
    let header = header(shared, row)?;
    Ok(Message {
        header,
        writer: writer(row, 10)?,
        to,
        cc,
        text: body.text,
        diff: body.diff,
        attached: body.attached,
        attachments: body.attachments,
        signature: body.signature,
        content: ContentHash(row.get(9)?),
    })
}

/// To and Cc.
fn recipients(shared: &Shared<'_>, row: &Row<'_>) -> Result<(Vec<Mailbox>, Vec<Mailbox>), Fault> {
    let packed: Vec<u8> = row.get(8)?;
    let ids = pack::unpack_ids(&packed)?;
    let (count, ids) = ids.split_first().ok_or_else(|| Fault::content("no recipients"))?;
    let mut to = shared.mailboxes(ids)?;
    if *count as usize > to.len() {
        return Err(Fault::content("recipients are cut short"));
    }
    let cc = to.split_off(*count as usize);
    Ok((to, cc))
}

/// How many rows of a kind an answer shares before it forgets them: a bound on memory.
const SHARED: usize = 10_000;

/// What the messages of one answer have in common: those of a thread name the same people, mails and
/// lists again and again.
struct Shared<'c> {
    conn: &'c Connection,
    nodes: RefCell<FxHashMap<i64, MessageId>>,
    mailboxes: RefCell<FxHashMap<i64, Mailbox>>,
    lists: RefCell<FxHashMap<i64, ListId>>,
}

impl<'c> Shared<'c> {
    fn new(conn: &'c Connection) -> Self {
        let (nodes, mailboxes, lists) = Default::default();
        Self { conn, nodes, mailboxes, lists }
    }

    fn references(&self, packed: &[u8]) -> Result<Vec<MessageId>, Fault> {
        let sql = "SELECT message_id FROM node WHERE id = ?1";
        let read = |row: &Row<'_>| message_id(row.get(0)?);
        let ids = pack::unpack_ids(packed)?;
        ids.into_iter().map(|id| self.row(&self.nodes, sql, id, read)).collect()
    }

    fn mailboxes(&self, ids: &[i64]) -> Result<Vec<Mailbox>, Fault> {
        let sql = "SELECT name, email FROM mailbox WHERE id = ?1";
        let read = |row: &Row<'_>| Ok(Mailbox { name: row.get(0)?, email: row.get(1)? });
        ids.iter().map(|&id| self.row(&self.mailboxes, sql, id, read)).collect()
    }

    /// The lists that a message came through, by name.
    fn lists(&self, message: i64) -> Result<Vec<ListId>, Fault> {
        let sql = "SELECT DISTINCT list FROM arrival WHERE message = ?1";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query([message])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let sql = "SELECT name FROM list WHERE id = ?1";
            let read = |row: &Row<'_>| list_id(row.get(0)?);
            found.push(self.row(&self.lists, sql, row.get(0)?, read)?);
        }
        found.sort();
        Ok(found)
    }

    /// A row that was read before, or is now.
    fn row<T: Clone>(
        &self,
        known: &RefCell<FxHashMap<i64, T>>,
        sql: &str,
        id: i64,
        read: impl FnOnce(&Row<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        if let Some(known) = known.borrow().get(&id) {
            return Ok(known.clone());
        }
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query([id])?;
        let row = rows.next()?.ok_or_else(|| Fault::content(format!("no row {id}")))?;
        let value = read(row)?;
        let mut known = known.borrow_mut();
        if known.len() >= SHARED {
            known.clear();
        }
        known.insert(id, value.clone());
        Ok(value)
    }
}

fn message_id(text: String) -> Result<MessageId, Fault> {
    MessageId::new(&text).map_err(Fault::content)
}

fn list_id(text: String) -> Result<ListId, Fault> {
    ListId::new(&text).map_err(Fault::content)
}

//! What threads tell beside their revisions: events, patches to match, pull requests.

use std::collections::{BTreeSet, HashMap, HashSet};

use lorecast_model::{ClueKey, Event, MessageId, ThreadKey};
use rusqlite::{Connection, OptionalExtension, Params, params};

use super::fault::Fault;
use super::intern;
use crate::pack::{micros, moment};
use crate::{Matter, Pull, Span, Told};

/// A key that more patches, or notices, have in common is no clue: it finds none of them, whichever
/// came first.
const ALIKE: usize = 256;

/// Replaces what a thread told. Commits that a changed patch may be become stale.
pub(super) fn keep(conn: &Connection, thread: ThreadKey, told: &Told) -> Result<(), Fault> {
    for table in ["event", "pull"] {
        conn.prepare_cached(&format!("DELETE FROM {table} WHERE thread = ?1"))?
            .execute([thread.0])?;
    }
    for (root, events) in told.events.iter().filter(|(_, events)| !events.is_empty()) {
        let root = intern::node(conn, root)?;
        let json = serde_json::to_string(events).map_err(Fault::content)?;
        conn.prepare_cached(
            "INSERT OR REPLACE INTO event (root, thread, json) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![root, thread.0, json])?;
    }
    for pull in &told.pulls {
        let message = intern::node(conn, &pull.id)?;
        let sql = "INSERT OR REPLACE INTO pull (message, thread, date, tip, json)
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        conn.prepare_cached(sql)?.execute(params![
            message,
            thread.0,
            micros(pull.date),
            pull.request.tip.as_ref().map(|tip| tip.as_str()),
            serde_json::to_string(&(&pull.title, &pull.from, &pull.request))
                .map_err(Fault::content)?,
        ])?;
    }
    keep_notices(conn, thread, &told.notices)?;
    keep_patches(conn, thread, &told.patches)
}

/// A notice that is new makes the threads stale that it is about.
fn keep_notices(
    conn: &Connection,
    thread: ThreadKey,
    notices: &[(MessageId, Vec<ClueKey>)],
) -> Result<(), Fault> {
    let mut old: HashSet<(i64, i64)> = conn
        .prepare_cached("SELECT key, message FROM notice WHERE thread = ?1")?
        .query_map([thread.0], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    // A set: a notice may name one title twice, and only what is new may touch others, or two threads
    // could touch each other for ever.
    let mut now = BTreeSet::new();
    for (id, keys) in notices {
        let message = intern::node(conn, id)?;
        now.extend(keys.iter().map(|key| (key.0, message)));
    }
    for (key, message) in now {
        if old.remove(&(key, message)) {
            continue;
        }
        let sql = "INSERT OR REPLACE INTO notice (key, message, thread) VALUES (?1, ?2, ?3)";
        conn.prepare_cached(sql)?.execute([key, message, thread.0])?;
        touch(conn, ClueKey(key), thread)?;
    }
    for (key, message) in old {
        conn.prepare_cached("DELETE FROM notice WHERE key = ?1 AND message = ?2")?
            .execute([key, message])?;
        touch(conn, ClueKey(key), thread)?;
    }
    Ok(())
}

/// Other threads with a revision that has this key become stale, when a notice names it.
pub(super) fn touch_noticed(
    conn: &Connection,
    key: ClueKey,
    except: ThreadKey,
) -> Result<(), Fault> {
    let noticed = "SELECT EXISTS (SELECT 1 FROM notice WHERE key = ?1)";
    match conn.prepare_cached(noticed)?.query_row([key.0], |row| row.get(0))? {
        true => touch(conn, key, except),
        false => Ok(()),
    }
}

/// Other threads with a revision that has this key become stale.
fn touch(conn: &Connection, key: ClueKey, except: ThreadKey) -> Result<(), Fault> {
    let sql = "UPDATE thread SET stale = 1 WHERE stale = 0 AND id != ?2 AND id IN (
                   SELECT r.thread FROM clue c JOIN revision r ON r.root = c.revision
                   WHERE c.key = ?1)";
    conn.prepare_cached(sql)?.execute([key.0, except.0])?;
    Ok(())
}

/// Mails outside of a thread that have any of these keys.
pub(super) fn notices(
    conn: &Connection,
    keys: &[ClueKey],
    except: ThreadKey,
) -> Result<Vec<MessageId>, Fault> {
    let sql = format!(
        "SELECT DISTINCT n.message_id FROM notice k JOIN node n ON n.id = k.message
         WHERE k.key = ?1 AND k.thread != ?2 LIMIT {ALIKE} + 1"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut found = BTreeSet::new();
    for key in keys {
        let ids = statement.query_map([key.0, except.0], |row| row.get(0))?;
        let ids: Vec<String> = ids.collect::<Result<_, _>>()?;
        for id in Some(ids).filter(|ids| ids.len() <= ALIKE).into_iter().flatten() {
            found.insert(MessageId::new(&id).map_err(Fault::content)?);
        }
    }
    Ok(found.into_iter().collect())
}

fn keep_patches(
    conn: &Connection,
    thread: ThreadKey,
    patches: &[(MessageId, Matter)],
) -> Result<(), Fault> {
    let mut old: HashMap<i64, Vec<u8>> = conn
        .prepare_cached("SELECT message, matter FROM patch WHERE thread = ?1")?
        .query_map([thread.0], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut seen = HashSet::new();
    // Of different mails with one id, the first.
    for (id, matter) in patches.iter().filter(|(id, _)| seen.insert(id)) {
        let message = intern::node(conn, id)?;
        if old.remove(&message).is_some_and(|bytes| bytes == matter.bytes) {
            continue;
        }
        remove_patch(conn, message)?;
        conn.prepare_cached("INSERT INTO patch (message, thread, matter) VALUES (?1, ?2, ?3)")?
            .execute(params![message, thread.0, matter.bytes])?;
        for key in &matter.keys {
            conn.prepare_cached("INSERT OR IGNORE INTO patch_key (key, message) VALUES (?1, ?2)")?
                .execute([key.0, message])?;
            let sql = "UPDATE tree_commit SET stale = 1 WHERE stale = 0 AND id IN (
                           SELECT \"commit\" FROM commit_key WHERE key = ?1)";
            conn.prepare_cached(sql)?.execute([key.0])?;
        }
    }
    old.into_keys().try_for_each(|message| remove_patch(conn, message))
}

/// Removes a patch and the landings that were found for it.
fn remove_patch(conn: &Connection, message: i64) -> Result<(), Fault> {
    let sql = "UPDATE tree_commit SET stale = 1 WHERE id IN (
                   SELECT \"commit\" FROM landing WHERE message = ?1)";
    conn.prepare_cached(sql)?.execute([message])?;
    conn.prepare_cached("DELETE FROM landing WHERE message = ?1")?.execute([message])?;
    conn.prepare_cached("DELETE FROM patch WHERE message = ?1")?.execute([message])?;
    Ok(())
}

/// Forgets everything that a thread told.
pub(super) fn forget(conn: &Connection, thread: ThreadKey) -> Result<(), Fault> {
    keep(conn, thread, &Told::default())
}

/// What the tracker compares of patches that have any of these keys.
pub(super) fn alike(conn: &Connection, keys: &[ClueKey]) -> Result<Vec<Vec<u8>>, Fault> {
    let sql = format!("SELECT message FROM patch_key WHERE key = ?1 LIMIT {ALIKE} + 1");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut messages: Vec<i64> = Vec::new();
    for key in keys {
        let found = statement.query_map([key.0], |row| row.get(0))?;
        let found: Vec<i64> = found.collect::<Result<_, _>>()?;
        messages.extend(Some(found).filter(|found| found.len() <= ALIKE).into_iter().flatten());
    }
    messages.sort_unstable();
    messages.dedup();
    let mut matter = conn.prepare_cached("SELECT matter FROM patch WHERE message = ?1")?;
    let read = |message| Ok(matter.query_row([message], |row| row.get(0))?);
    messages.into_iter().map(read).collect()
}

/// What happened to a revision or pull request.
pub(super) fn events(conn: &Connection, root: &MessageId) -> Result<Vec<Event>, Fault> {
    let sql = "SELECT e.json FROM event e JOIN node n ON n.id = e.root WHERE n.message_id = ?1";
    let json: Option<String> =
        conn.prepare_cached(sql)?.query_row([root.as_str()], |row| row.get(0)).optional()?;
    json.map_or(Ok(vec![]), |json| serde_json::from_str(&json).map_err(Fault::content))
}

/// Pull requests of a span, by date, then by id.
pub(super) fn pulls(conn: &Connection, span: Span) -> Result<Vec<Pull>, Fault> {
    let bounds = super::read::bounds(span);
    select_pulls(conn, "p.date >= ?1 AND p.date < ?2 ORDER BY p.date, n.message_id", bounds)
}

/// The pull request that a mail makes.
pub(super) fn pull(conn: &Connection, id: &MessageId) -> Result<Option<Pull>, Fault> {
    Ok(select_pulls(conn, "n.message_id = ?1", [id.as_str()])?.into_iter().next())
}

fn select_pulls(
    conn: &Connection,
    condition: &str,
    values: impl Params,
) -> Result<Vec<Pull>, Fault> {
    let sql = format!(
        "SELECT n.message_id, p.date, p.json FROM pull p JOIN node n ON n.id = p.message
         WHERE {condition}"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(values)?;
    let mut pulls = Vec::new();
    while let Some(row) = rows.next()? {
        let json = row.get_ref(2)?.as_str().map_err(Fault::content)?;
        let (title, from, request) = serde_json::from_str(json).map_err(Fault::content)?;
        let id = MessageId::new(row.get_ref(0)?.as_str().map_err(Fault::content)?);
        let date = moment(row.get(1)?).map_err(Fault::content)?;
        pulls.push(Pull { id: id.map_err(Fault::content)?, title, from, date, request });
    }
    Ok(pulls)
}

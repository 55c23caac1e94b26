//! What threads tell beside their revisions: events, patches to match, pull requests.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use lorecast_model::{ClueKey, Event, MessageId, ThreadKey};

use super::fault::Fault;
use super::nodes::{Nodes, message_id};
use super::read::bounds;
use super::revisions::{from_json, json, row};
use super::session::{Session, Value};
use crate::pack::{micros, moment};
use crate::{Matter, Pull, Span, Told};

/// A key that more patches, or notices, have in common is no clue: it finds none of them, whichever
/// came first.
const ALIKE: usize = 256;

/// Replaces what threads told. Commits that a changed patch may be become stale. `nodes` knows every
/// id in it.
pub(super) fn keep(
    session: &Session,
    nodes: &Nodes,
    told: &[(ThreadKey, &Told)],
) -> Result<(), Fault> {
    let threads: Vec<i64> = told.iter().map(|(key, _)| key.0).collect();
    for table in ["event", "pull"] {
        session.execute(&format!("DELETE FROM {table} WHERE thread = ANY($1)"), &[&threads])?;
    }
    keep_events(session, nodes, told)?;
    keep_pulls(session, nodes, told)?;
    keep_notices(session, nodes, told, &threads)?;
    keep_patches(session, nodes, told, &threads)
}

/// Forgets everything that a thread told.
pub(super) fn forget(session: &Session, thread: ThreadKey) -> Result<(), Fault> {
    keep(session, &Nodes::default(), &[(thread, &Told::default())])
}

fn keep_events(session: &Session, nodes: &Nodes, told: &[(ThreadKey, &Told)]) -> Result<(), Fault> {
    let mut kept: BTreeMap<i64, (i64, String)> = BTreeMap::new();
    for (thread, told) in told {
        for (root, events) in told.events.iter().filter(|(_, events)| !events.is_empty()) {
            kept.insert(row(nodes, root)?, (thread.0, json(events)?));
        }
    }
    let (roots, rest): (Vec<i64>, Vec<(i64, String)>) = kept.into_iter().unzip();
    let (threads, texts): (Vec<i64>, Vec<String>) = rest.into_iter().unzip();
    let sql = "INSERT INTO event (root, thread, json)
               SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[])
               ON CONFLICT (root) DO UPDATE SET thread = excluded.thread, json = excluded.json";
    session.execute(sql, &[&roots, &threads, &texts])?;
    Ok(())
}

fn keep_pulls(session: &Session, nodes: &Nodes, told: &[(ThreadKey, &Told)]) -> Result<(), Fault> {
    let mut kept: BTreeMap<i64, (i64, &Pull)> = BTreeMap::new();
    for (thread, told) in told {
        for pull in &told.pulls {
            kept.insert(row(nodes, &pull.id)?, (thread.0, pull));
        }
    }
    let messages: Vec<i64> = kept.keys().copied().collect();
    let threads: Vec<i64> = kept.values().map(|(thread, _)| *thread).collect();
    let dates: Vec<i64> = kept.values().map(|(_, pull)| micros(pull.date)).collect();
    let texts = kept.values().map(|(_, pull)| json(&(&pull.title, &pull.from, &pull.request)));
    let texts: Vec<String> = texts.collect::<Result<_, _>>()?;
    let sql = "INSERT INTO pull (message, thread, date, json)
               SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[])
               ON CONFLICT (message) DO UPDATE
                   SET thread = excluded.thread, date = excluded.date, json = excluded.json";
    session.execute(sql, &[&messages, &threads, &dates, &texts])?;
    Ok(())
}

/// A notice that is new, or gone, makes the threads stale that it is about.
fn keep_notices(
    session: &Session,
    nodes: &Nodes,
    told: &[(ThreadKey, &Told)],
    threads: &[i64],
) -> Result<(), Fault> {
    let sql = "SELECT key, message, thread FROM notice WHERE thread = ANY($1)";
    // Where each is, while one thread after the other is told anew.
    let mut held: HashMap<(i64, i64), i64> = HashMap::new();
    for row in session.query(sql, &[&threads])? {
        held.insert((row.get(0), row.get(1)), row.get(2));
    }
    let (mut put, mut gone) = (BTreeMap::new(), BTreeSet::new());
    let mut touched: BTreeSet<(i64, i64)> = BTreeSet::new();
    for (ThreadKey(thread), told) in told {
        // A set: a notice may name one title twice, and only what is new may touch others, or two
        // threads could touch each other for ever.
        let mut now = BTreeSet::new();
        for (id, keys) in &told.notices {
            let message = row(nodes, id)?;
            now.extend(keys.iter().map(|key| (key.0, message)));
        }
        let old: Vec<_> =
            held.iter().filter(|(_, of)| *of == thread).map(|(notice, _)| *notice).collect();
        for notice in old.into_iter().filter(|notice| !now.contains(notice)) {
            held.remove(&notice);
            put.remove(&notice);
            gone.insert(notice);
            touched.insert((notice.0, *thread));
        }
        for notice in now {
            if held.get(&notice) != Some(thread) {
                held.insert(notice, *thread);
                put.insert(notice, *thread);
                gone.remove(&notice);
                touched.insert((notice.0, *thread));
            }
        }
    }
    let (keys, messages): (Vec<i64>, Vec<i64>) = gone.into_iter().unzip();
    if !keys.is_empty() {
        let sql = "DELETE FROM notice USING unnest($1::bigint[], $2::bigint[]) AS u (key, message)
                   WHERE notice.key = u.key AND notice.message = u.message";
        session.execute(sql, &[&keys, &messages])?;
    }
    if !put.is_empty() {
        let (notices, of): (Vec<(i64, i64)>, Vec<i64>) = put.into_iter().unzip();
        let (keys, messages): (Vec<i64>, Vec<i64>) = notices.into_iter().unzip();
        let sql = "INSERT INTO notice (key, message, thread)
                   SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[])
                   ON CONFLICT (key, message) DO UPDATE SET thread = excluded.thread";
        session.execute(sql, &[&keys, &messages, &of])?;
    }
    touch(session, touched.into_iter(), "")
}

/// Other threads with a revision that has one of these keys become stale, when a notice names it.
pub(super) fn touch_noticed(
    session: &Session,
    keys: &BTreeSet<(ClueKey, i64)>,
) -> Result<(), Fault> {
    let noticed = "AND EXISTS (SELECT 1 FROM notice k WHERE k.key = u.key)";
    touch(session, keys.iter().map(|(key, except)| (key.0, *except)), noticed)
}

/// Other threads than the one beside it with a revision that has a key become stale.
fn touch(
    session: &Session,
    keys: impl Iterator<Item = (i64, i64)>,
    condition: &str,
) -> Result<(), Fault> {
    let (keys, except): (Vec<i64>, Vec<i64>) = keys.unzip();
    if keys.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "UPDATE thread SET stale = true WHERE NOT stale AND id IN (
             SELECT r.thread FROM unnest($1::bigint[], $2::bigint[]) AS u (key, own)
             JOIN clue c ON c.key = u.key JOIN revision r ON r.root = c.revision
             WHERE r.thread <> u.own {condition})"
    );
    session.execute(&sql, &[&keys, &except])?;
    Ok(())
}

/// Mails outside of a thread that have any of these keys.
pub(super) fn notices(
    session: &Session,
    keys: &[ClueKey],
    except: ThreadKey,
) -> Result<Vec<MessageId>, Fault> {
    let keys: Vec<i64> = keys.iter().map(|key| key.0).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT DISTINCT n.message_id FROM unnest($1::bigint[]) AS u (key)
         CROSS JOIN LATERAL (SELECT message, count(*) OVER () AS others FROM (
             SELECT message FROM notice WHERE key = u.key AND thread <> $2 LIMIT {ALIKE} + 1) AS those) AS k
         JOIN node n ON n.id = k.message WHERE k.others <= {ALIKE} ORDER BY n.message_id"
    );
    let rows = session.query(&sql, &[&keys, &except.0])?;
    rows.iter().map(|row| message_id(row.get(0))).collect()
}

fn keep_patches(
    session: &Session,
    nodes: &Nodes,
    told: &[(ThreadKey, &Told)],
    threads: &[i64],
) -> Result<(), Fault> {
    let sql = "SELECT message, thread, matter FROM patch WHERE thread = ANY($1)";
    let mut old: HashMap<i64, (i64, Vec<u8>)> = HashMap::new();
    for row in session.query(sql, &[&threads])? {
        old.insert(row.get(0), (row.get(1), row.get(2)));
    }
    let mut new: BTreeMap<i64, (i64, &Matter)> = BTreeMap::new();
    let (mut same, mut gone) = (HashSet::new(), BTreeSet::new());
    for (ThreadKey(thread), told) in told {
        let mut seen = HashSet::new();
        // Of different mails with one id, the first.
        for (id, matter) in told.patches.iter().filter(|(id, _)| seen.insert(id)) {
            let message = row(nodes, id)?;
            let held = old.get(&message);
            if held.is_some_and(|(of, bytes)| of == thread && *bytes == matter.bytes) {
                same.insert(message);
            } else {
                gone.insert(message);
                new.insert(message, (*thread, matter));
            }
        }
    }
    gone.extend(old.into_keys().filter(|message| !same.contains(message)));
    let gone: Vec<i64> = gone.into_iter().collect();
    remove_patches(session, &gone)?;
    if new.is_empty() {
        return Ok(());
    }
    let messages: Vec<i64> = new.keys().copied().collect();
    let threads: Vec<i64> = new.values().map(|(thread, _)| *thread).collect();
    let matters: Vec<&[u8]> = new.values().map(|(_, matter)| matter.bytes.as_slice()).collect();
    let sql = "INSERT INTO patch (message, thread, matter)
               SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[])";
    session.execute(sql, &[&messages, &threads, &matters])?;
    let keys: BTreeSet<(i64, i64)> = new
        .iter()
        .flat_map(|(message, (_, matter))| matter.keys.iter().map(move |key| (key.0, *message)))
        .collect();
    let (keys, messages): (Vec<i64>, Vec<i64>) = keys.into_iter().unzip();
    let sql =
        "INSERT INTO patch_key (key, message) SELECT * FROM unnest($1::bigint[], $2::bigint[])";
    session.execute(sql, &[&keys, &messages])?;
    let sql = "UPDATE tree_commit SET stale = true WHERE NOT stale AND id IN (
                   SELECT commit FROM commit_key WHERE key = ANY($1))";
    session.execute(sql, &[&keys])?;
    Ok(())
}

/// Removes patches and the landings that were found for them.
fn remove_patches(session: &Session, messages: &[i64]) -> Result<(), Fault> {
    if messages.is_empty() {
        return Ok(());
    }
    let sql = "UPDATE tree_commit SET stale = true WHERE id IN (
                   SELECT commit FROM landing WHERE message = ANY($1))";
    session.execute(sql, &[&messages])?;
    for table in ["landing", "patch_key", "patch"] {
        session.execute(&format!("DELETE FROM {table} WHERE message = ANY($1)"), &[&messages])?;
    }
    Ok(())
}

/// What the tracker compares of patches that have any of these keys.
pub(super) fn alike(session: &Session, keys: &[ClueKey]) -> Result<Vec<Vec<u8>>, Fault> {
    let keys: Vec<i64> = keys.iter().map(|key| key.0).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT p.matter FROM patch p WHERE p.message IN (
             SELECT k.message FROM unnest($1::bigint[]) AS u (key)
             CROSS JOIN LATERAL (SELECT message, count(*) OVER () AS others FROM (
                 SELECT message FROM patch_key WHERE key = u.key LIMIT {ALIKE} + 1) AS those) AS k
             WHERE k.others <= {ALIKE})
         ORDER BY p.message"
    );
    Ok(session.query(&sql, &[&keys])?.iter().map(|row| row.get(0)).collect())
}

/// What happened to a revision or pull request.
pub(super) fn events(session: &Session, root: &MessageId) -> Result<Vec<Event>, Fault> {
    let sql = "SELECT e.json FROM event e JOIN node n ON n.id = e.root WHERE n.message_id = $1";
    let row = session.first(sql, &[&root.as_str()])?;
    row.map_or(Ok(Vec::new()), |row| from_json(row.get(0)))
}

/// Pull requests of a span, by date, then by id.
pub(super) fn pulls(session: &Session, span: Span) -> Result<Vec<Pull>, Fault> {
    let [from, to] = bounds(span);
    let condition = "p.date >= $1 AND p.date < $2 ORDER BY p.date, n.message_id";
    select_pulls(session, condition, &[&from, &to])
}

/// The pull request that a mail makes.
pub(super) fn pull(session: &Session, id: &MessageId) -> Result<Option<Pull>, Fault> {
    Ok(select_pulls(session, "n.message_id = $1", &[&id.as_str()])?.into_iter().next())
}

fn select_pulls(
    session: &Session,
    condition: &str,
    values: &[Value<'_>],
) -> Result<Vec<Pull>, Fault> {
    let sql = format!(
        "SELECT n.message_id, p.date, p.json FROM pull p JOIN node n ON n.id = p.message
         WHERE {condition}"
    );
    let pull = |row: &postgres::Row| {
        let (title, from, request) = from_json(row.get(2))?;
        Ok(Pull { id: message_id(row.get(0))?, title, from, date: moment(row.get(1))?, request })
    };
    session.query(&sql, values)?.iter().map(pull).collect()
}

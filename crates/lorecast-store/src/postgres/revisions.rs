//! Revisions and their clues, going in and coming out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use lorecast_model::{ClueKey, MessageId, Posted, Revision, SeriesId, ThreadKey};
use postgres::Row;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::fault::Fault;
use super::nodes::Nodes;
use super::placement::placed;
use super::read::bounds;
use super::session::{Session, Value};
use crate::pack::{micros, moment};
use crate::{ALIKE, Span, StoreError, Tracked};

/// Replaces the revisions of these threads. `nodes` knows every id in them.
pub(super) fn keep(session: &Session, nodes: &Nodes, tracked: &[Tracked]) -> Result<(), Fault> {
    let threads: Vec<i64> = tracked.iter().map(|tracked| tracked.key.0).collect();
    forget(session, &threads)?;
    // Of several with one root the last stays.
    let mut kept: BTreeMap<i64, (i64, usize, &Posted)> = BTreeMap::new();
    let all = tracked.iter().flat_map(|one| one.revisions.iter().map(move |posted| (one, posted)));
    for (at, (one, posted)) in all.enumerate() {
        kept.insert(row(nodes, &posted.revision.root)?, (one.key.0, at, posted));
    }
    if kept.is_empty() {
        return Ok(());
    }
    let roots: Vec<i64> = kept.keys().copied().collect();
    delete(session, &roots)?;
    let (mut of, mut series, mut dates) = (Vec::new(), Vec::new(), Vec::new());
    let (mut revisions, mut clues) = (Vec::new(), Vec::new());
    for (thread, _, Posted { revision, clues: own }) in kept.values() {
        of.push(*thread);
        series.push(revision.series.0.as_str());
        dates.push(micros(revision.date));
        revisions.push(json(revision)?);
        clues.push(json(own)?);
    }
    let sql = "INSERT INTO revision (root, thread, series, date, json, clues) SELECT * FROM unnest(
                   $1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[])";
    session.execute(sql, &[&roots, &of, &series, &dates, &revisions, &clues])?;
    keep_messages(session, nodes, &kept)?;
    let keys: BTreeSet<(i64, i64)> = kept
        .iter()
        .flat_map(|(root, (_, _, posted))| posted.clues.keys.iter().map(move |key| (key.0, *root)))
        .collect();
    let (keys, of): (Vec<i64>, Vec<i64>) = keys.into_iter().unzip();
    let sql = "INSERT INTO clue (key, revision) SELECT * FROM unnest($1::bigint[], $2::bigint[])";
    session.execute(sql, &[&keys, &of])?;
    Ok(())
}

/// A message is in the revision that came last.
fn keep_messages(
    session: &Session,
    nodes: &Nodes,
    kept: &BTreeMap<i64, (i64, usize, &Posted)>,
) -> Result<(), Fault> {
    let mut in_order: Vec<_> = kept.iter().collect();
    in_order.sort_unstable_by_key(|(_, (_, at, _))| *at);
    let mut of: HashMap<i64, i64> = HashMap::new();
    for (root, (_, _, posted)) in in_order {
        for id in posted.revision.messages() {
            of.insert(row(nodes, id)?, *root);
        }
    }
    let (messages, roots): (Vec<i64>, Vec<i64>) = of.into_iter().unzip();
    let sql = "INSERT INTO revision_message (message, revision)
               SELECT * FROM unnest($1::bigint[], $2::bigint[])
               ON CONFLICT (message) DO UPDATE SET revision = excluded.revision";
    session.execute(sql, &[&messages, &roots])?;
    Ok(())
}

/// Deletes the revisions of these threads.
pub(super) fn forget(session: &Session, threads: &[i64]) -> Result<(), Fault> {
    let roots = session.query("SELECT root FROM revision WHERE thread = ANY($1)", &[&threads])?;
    let roots: Vec<i64> = roots.iter().map(|row| row.get(0)).collect();
    delete(session, &roots)
}

/// Replaces revisions by their roots.
pub(super) fn replace(session: &Session, revisions: &[Revision]) -> Result<(), Fault> {
    if revisions.is_empty() {
        return Ok(());
    }
    let nodes = Nodes::load(session, revisions.iter().map(|revision| &revision.root))?;
    let (mut roots, mut series, mut dates, mut texts) = (vec![], vec![], vec![], vec![]);
    for revision in revisions {
        roots.push(placed(&nodes, &revision.root)?.0);
        series.push(revision.series.0.as_str());
        dates.push(micros(revision.date));
        texts.push(json(revision)?);
    }
    let sql = "UPDATE revision SET series = u.series, date = u.date, json = u.json
               FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[])
                   AS u (root, series, date, json)
               WHERE revision.root = u.root RETURNING revision.root";
    let changed = session.query(sql, &[&roots, &series, &dates, &texts])?;
    let changed: BTreeSet<i64> = changed.iter().map(|row| row.get(0)).collect();
    let missing = roots.iter().position(|root| !changed.contains(root));
    match missing {
        Some(at) => Err(StoreError::NoRevision(revisions[at].root.clone()).into()),
        None => Ok(()),
    }
}

/// The keys of the revisions kept for these threads.
pub(super) fn keys(session: &Session, threads: &[i64]) -> Result<BTreeSet<(ClueKey, i64)>, Fault> {
    let sql = "SELECT c.key, r.thread FROM clue c JOIN revision r ON r.root = c.revision
               WHERE r.thread = ANY($1)";
    let rows = session.query(sql, &[&threads])?;
    Ok(rows.iter().map(|row| (ClueKey(row.get(0)), row.get(1))).collect())
}

/// The revisions kept for these threads.
pub(super) fn of_threads(session: &Session, threads: &[ThreadKey]) -> Result<Vec<Revision>, Fault> {
    let threads: Vec<i64> = threads.iter().map(|key| key.0).collect();
    let found = select(session, "r.thread = ANY($1)", &[&threads], revision)?;
    Ok(in_order(found, |revision| revision))
}

/// Revisions that have any of these keys.
pub(super) fn alike(session: &Session, keys: &[ClueKey]) -> Result<Vec<Posted>, Fault> {
    let keys: Vec<i64> = keys.iter().map(|key| key.0).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let condition = format!(
        "r.root IN (SELECT c.revision FROM unnest($1::bigint[]) AS u (key)
                    CROSS JOIN LATERAL (SELECT revision, count(*) OVER () AS others FROM (
                        SELECT revision FROM clue WHERE key = u.key LIMIT {ALIKE} + 1) AS those) AS c
                    WHERE c.others <= {ALIKE})"
    );
    let found = select(session, &condition, &[&keys], posted)?;
    Ok(in_order(found, |posted| &posted.revision))
}

/// All revisions of these series.
pub(super) fn of_series(session: &Session, series: &[SeriesId]) -> Result<Vec<Posted>, Fault> {
    let series: Vec<&str> = series.iter().map(|id| id.0.as_str()).collect();
    if series.is_empty() {
        return Ok(Vec::new());
    }
    let found = select(session, "r.series = ANY($1)", &[&series], posted)?;
    Ok(in_order(found, |posted| &posted.revision))
}

/// The revision that a message is in.
pub(super) fn of_message(session: &Session, id: &MessageId) -> Result<Option<Revision>, Fault> {
    let condition = "r.root = (
        SELECT rm.revision FROM revision_message rm JOIN node k ON k.id = rm.message
        WHERE k.message_id = $1)";
    Ok(select(session, condition, &[&id.as_str()], revision)?.into_iter().next())
}

/// Revisions dated in a span.
pub(super) fn of_span(session: &Session, span: Span) -> Result<Vec<Revision>, Fault> {
    let [from, to] = bounds(span);
    let found = select(session, "r.date >= $1 AND r.date < $2", &[&from, &to], revision)?;
    Ok(in_order(found, |revision| revision))
}

/// When revisions began to be posted, in sane times: the oldest archives begin in 1998. One in a
/// thousand does not count: a single wrong clock would have the whole history of a tree read.
pub(super) fn first(session: &Session) -> Result<Option<Timestamp>, Fault> {
    const SANE: i64 = 883_612_800_000_000;
    let sql = "SELECT date FROM revision WHERE date >= $1 ORDER BY date
               LIMIT 1 OFFSET (SELECT count(*) / 1000 FROM revision WHERE date >= $1)";
    let row = session.first(sql, &[&SANE])?;
    row.map(|row| Ok(moment(row.get(0))?)).transpose()
}

/// A value as JSON, which never holds a NUL: those are escaped.
pub(super) fn json(value: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(Fault::content)
}

/// The inverse of [`json`].
pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(Fault::content)
}

/// The row of an id that was loaded.
pub(super) fn row(nodes: &Nodes, id: &MessageId) -> Result<i64, Fault> {
    nodes.find(id).map(|(row, _)| row).ok_or_else(|| Fault::content("an id was not loaded"))
}

fn delete(session: &Session, roots: &[i64]) -> Result<(), Fault> {
    if roots.is_empty() {
        return Ok(());
    }
    for (table, key) in
        [("revision_message", "revision"), ("clue", "revision"), ("revision", "root")]
    {
        session.execute(&format!("DELETE FROM {table} WHERE {key} = ANY($1)"), &[&roots])?;
    }
    Ok(())
}

fn select<T>(
    session: &Session,
    condition: &str,
    values: &[Value<'_>],
    read: fn(&Row) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    let sql = format!("SELECT r.json, r.clues FROM revision r WHERE {condition}");
    session.query(&sql, values)?.iter().map(read).collect()
}

fn revision(row: &Row) -> Result<Revision, Fault> {
    from_json(row.get(0))
}

fn posted(row: &Row) -> Result<Posted, Fault> {
    Ok(Posted { revision: from_json(row.get(0))?, clues: from_json(row.get(1))? })
}

/// By date, then by root, each once.
fn in_order<T>(mut found: Vec<T>, revision: fn(&T) -> &Revision) -> Vec<T> {
    let order = |one: &T| (revision(one).date, revision(one).root.clone());
    found.sort_by_cached_key(order);
    found.dedup_by(|one, other| revision(one).root == revision(other).root);
    found
}

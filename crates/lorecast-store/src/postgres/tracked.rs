//! What the tracker derived from threads, going in. Every function runs inside a transaction.

use std::collections::BTreeSet;

use lorecast_model::{ClueKey, ThreadKey};

use super::fault::Fault;
use super::nodes::Nodes;
use super::session::Session;
use super::{revisions, told};
use crate::pack::micros;
use crate::{StoreError, Tracked};

/// Replaces what was derived from these threads.
pub(super) fn put(session: &Session, tracked: &[Tracked]) -> Result<(), Fault> {
    if tracked.is_empty() {
        return Ok(());
    }
    keep_summaries(session, tracked)?;
    let threads: Vec<i64> = tracked.iter().map(|tracked| tracked.key.0).collect();
    let before = revisions::keys(session, &threads)?;
    let nodes = nodes(session, tracked)?;
    revisions::keep(session, &nodes, tracked)?;
    let keys = tracked.iter().flat_map(|one| {
        let clues = one.revisions.iter().flat_map(|posted| &posted.clues.keys);
        clues.map(|clue| (*clue, one.key.0))
    });
    let fresh: BTreeSet<(ClueKey, i64)> = keys.filter(|clue| !before.contains(clue)).collect();
    // A notice is about the last posting with the title that it names: there may be a later one now.
    told::touch_noticed(session, &fresh)?;
    // When all revisions are there: a notice in one of these threads may be about another of them.
    let told: Vec<_> = tracked.iter().map(|one| (one.key, &one.told)).collect();
    told::keep(session, &nodes, &told)
}

fn keep_summaries(session: &Session, tracked: &[Tracked]) -> Result<(), Fault> {
    let keys: Vec<i64> = tracked.iter().map(|one| one.key.0).collect();
    let all = || tracked.iter().map(|one| &one.thread);
    let roots: Vec<&str> = all().map(|thread| thread.id.as_str()).collect();
    let subjects: Vec<&[u8]> = all().map(|thread| thread.subject.as_bytes()).collect();
    let messages: Vec<i64> = all().map(|thread| i64::from(thread.messages)).collect();
    let participants: Vec<i64> = all().map(|thread| i64::from(thread.participants)).collect();
    let first: Vec<i64> = all().map(|thread| micros(thread.first)).collect();
    let last: Vec<i64> = all().map(|thread| micros(thread.last)).collect();
    let sql = "UPDATE thread SET stale = false, root = u.root, subject = u.subject,
                   messages = u.messages, participants = u.participants, first = u.first, last = u.last
               FROM unnest($1::bigint[], $2::text[], $3::bytea[], $4::bigint[], $5::bigint[],
                       $6::bigint[], $7::bigint[])
                   AS u (id, root, subject, messages, participants, first, last)
               WHERE thread.id = u.id RETURNING thread.id";
    let values: [&(dyn postgres::types::ToSql + Sync); 7] =
        [&keys, &roots, &subjects, &messages, &participants, &first, &last];
    let changed = session.query(sql, &values)?;
    let changed: BTreeSet<i64> = changed.iter().map(|row| row.get(0)).collect();
    match keys.into_iter().find(|key| !changed.contains(key)) {
        Some(missing) => Err(StoreError::UnknownThread(ThreadKey(missing)).into()),
        None => Ok(()),
    }
}

/// The rows of everything that is named; ids that nobody named before are kept.
fn nodes(session: &Session, tracked: &[Tracked]) -> Result<Nodes, Fault> {
    let revisions = tracked.iter().flat_map(|one| &one.revisions).map(|posted| &posted.revision);
    let told = || tracked.iter().map(|one| &one.told);
    let ids: Vec<_> = revisions
        .flat_map(|revision| std::iter::once(&revision.root).chain(revision.messages()))
        .chain(told().flat_map(|told| &told.events).map(|(root, _)| root))
        .chain(told().flat_map(|told| &told.patches).map(|(id, _)| id))
        .chain(told().flat_map(|told| &told.notices).map(|(id, _)| id))
        .chain(told().flat_map(|told| &told.pulls).map(|pull| &pull.id))
        .collect();
    let mut nodes = Nodes::load(session, ids.iter().copied())?;
    ids.into_iter().for_each(|id| _ = nodes.row(id));
    nodes.keep(session, |thread| thread)?;
    Ok(nodes)
}

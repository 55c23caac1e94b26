//! Stale threads into threads, series and revisions.

use std::collections::{BTreeSet, HashMap, HashSet};

use lorecast_model::{ClueKey, MessageId, Posted, Revision, SeriesId, ThreadKey};
use lorecast_store::sqlite::SqliteStore;
use lorecast_store::{Store, Told, Tracked};
use lorecast_tracker::series;

use crate::{Desk, Result, Unit};

/// So many threads are tracked between two commits.
const AT_ONCE: u32 = 256;

impl Desk<'_> {
    /// Tracks every thread that changed since it was last tracked. Work in proportion to what is
    /// new; interrupted, it goes on where it stopped.
    pub(crate) fn track(&self, store: &mut SqliteStore) -> Result<()> {
        let total = store.stale_count()?;
        if total == 0 {
            return Ok(());
        }
        let task = self.progress.begin("following the threads", total, Unit::Things);
        let mut done = 0;
        loop {
            let keys = store.stale_threads(AT_ONCE)?;
            if keys.is_empty() {
                return Ok(());
            }
            let mut tracked = Vec::with_capacity(keys.len());
            for key in keys {
                let found = lorecast_tracker::track(&store.thread_messages(key)?);
                if let Some(found) = found {
                    let (thread, revisions) = (found.thread, found.revisions);
                    let told = Told::default();
                    tracked.push(Tracked { key, thread, revisions, told });
                }
            }
            link(store, &mut tracked)?;
            store.put_tracked(&tracked)?;
            done += tracked.len() as u64;
            task.set(done);
        }
    }
}

/// Links the revisions of these threads with all others of the same works. What changes in other
/// threads is kept before these threads count as tracked: after a crash in between, they are tracked
/// again.
fn link(store: &mut SqliteStore, tracked: &mut [Tracked]) -> Result<()> {
    let threads: Vec<ThreadKey> = tracked.iter().map(|tracked| tracked.key).collect();
    let old = store.revisions_in(&threads)?;
    let replaced: HashSet<&MessageId> = old.iter().map(|revision| &revision.root).collect();
    let here: HashSet<MessageId> =
        tracked.iter().flat_map(|t| &t.revisions).map(|p| p.revision.root.clone()).collect();
    let elsewhere = |posted: &Posted| {
        let root = &posted.revision.root;
        !here.contains(root) && !replaced.contains(root)
    };
    // What continued a revision that is told anew looks for its predecessor anew.
    let mut fresh: Vec<Posted> = tracked.iter().flat_map(|t| t.revisions.clone()).collect();
    fresh.extend(store.of_series(&series_of(old.iter()))?.into_iter().filter(elsewhere));
    let keys: BTreeSet<ClueKey> = fresh.iter().flat_map(|p| p.clues.keys.clone()).collect();
    let keys: Vec<ClueKey> = keys.into_iter().collect();
    let alike = store.alike(&keys)?;
    // Whole series, so that what is known about their members is not lost.
    let whole = store.of_series(&series_of(alike.iter().map(|p| &p.revision)))?;
    let others: Vec<Posted> = whole.into_iter().filter(elsewhere).collect();
    let before: HashMap<MessageId, Revision> = fresh
        .iter()
        .filter(|posted| elsewhere(posted))
        .chain(&others)
        .map(|posted| (posted.revision.root.clone(), posted.revision.clone()))
        .collect();
    fresh.extend(others);
    let linked = series::link(fresh).into_iter().map(|posted| posted.revision);
    let (ours, theirs): (Vec<Revision>, Vec<Revision>) =
        linked.partition(|revision| here.contains(&revision.root));
    let changed: Vec<Revision> =
        theirs.into_iter().filter(|r| before.get(&r.root) != Some(r)).collect();
    store.put_revisions(&changed)?;
    let mut ours: HashMap<MessageId, Revision> =
        ours.into_iter().map(|revision| (revision.root.clone(), revision)).collect();
    for posted in tracked.iter_mut().flat_map(|t| &mut t.revisions) {
        if let Some(better) = ours.remove(&posted.revision.root) {
            posted.revision = better;
        }
    }
    Ok(())
}

fn series_of<'a>(revisions: impl Iterator<Item = &'a Revision>) -> Vec<SeriesId> {
    let series: BTreeSet<&SeriesId> = revisions.map(|revision| &revision.series).collect();
    series.into_iter().cloned().collect()
}

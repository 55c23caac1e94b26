//! Stale threads into threads, series and revisions.

use std::collections::{BTreeMap, BTreeSet};

use lorecast_model::{Mailbox, MessageId, Revision};
use lorecast_store::sqlite::SqliteStore;
use lorecast_store::{Store, Tracked};
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
                    tracked.push(Tracked { key, thread, revisions });
                }
            }
            link(store, &mut tracked)?;
            store.put_tracked(&tracked)?;
            done += tracked.len() as u64;
            task.set(done);
        }
    }
}

/// Links the new revisions with all others of their authors. What changes in other threads is kept
/// before the new threads count as tracked: after a crash in between, they are tracked again.
fn link(store: &mut SqliteStore, tracked: &mut [Tracked]) -> Result<()> {
    let here: BTreeSet<MessageId> = revisions(tracked).map(|r| r.root.clone()).collect();
    let authors: BTreeMap<String, Mailbox> =
        revisions(tracked).map(|r| (r.author.email.to_lowercase(), r.author.clone())).collect();
    let mut linked = BTreeMap::new();
    let mut elsewhere = Vec::new();
    for (email, author) in authors {
        let mut all = store.revisions_by(&author)?;
        all.retain(|r| !here.contains(&r.root));
        let before = all.clone();
        all.extend(revisions(tracked).filter(|r| r.author.email.to_lowercase() == email).cloned());
        for revision in series::link(all) {
            if here.contains(&revision.root) {
                linked.insert(revision.root.clone(), revision);
            } else if !before.contains(&revision) {
                elsewhere.push(revision);
            }
        }
    }
    store.put_revisions(&elsewhere)?;
    for revision in tracked.iter_mut().flat_map(|t| &mut t.revisions) {
        if let Some(better) = linked.remove(&revision.root) {
            *revision = better;
        }
    }
    Ok(())
}

fn revisions(tracked: &[Tracked]) -> impl Iterator<Item = &Revision> {
    tracked.iter().flat_map(|t| &t.revisions)
}

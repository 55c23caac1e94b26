//! Stale commits into landings.

use std::collections::BTreeSet;

use lorecast_model::ClueKey;
use lorecast_store::sqlite::SqliteStore;
use lorecast_store::{FoundLanding, Matter, Store};
use lorecast_tracker::landings::{Found, Index, PostedPatch, Seen, land};

use crate::{Desk, Result, Unit};

/// So many commits are compared between two transactions.
const AT_ONCE: u32 = 256;

impl Desk<'_> {
    /// Compares every commit that is new, or alike to a patch that is new, with the patches that
    /// have something in common with it. Interrupted, it goes on where it stopped.
    pub(crate) fn find_landings(&self, store: &mut SqliteStore) -> Result<()> {
        let total = store.stale_commit_count()?;
        if total == 0 {
            return Ok(());
        }
        let task = self.progress.begin("comparing commits with patches", total, Unit::Things);
        let mut done = 0;
        loop {
            let commits = store.stale_commits(AT_ONCE)?;
            if commits.is_empty() {
                return Ok(());
            }
            let index = index(store, commits.iter().map(|(_, matter)| matter))?;
            let found: Vec<_> = commits
                .into_iter()
                .map(|(id, matter)| {
                    // What an earlier version of the tracker kept in another form lands nowhere.
                    let seen = Seen::from_bytes(&matter.bytes);
                    let found = seen.map(|seen| land(&seen, &index)).unwrap_or_default();
                    (id, found.into_iter().find(|found| found.best).map(kept))
                })
                .collect();
            store.put_landings(&found)?;
            done += found.len() as u64;
            task.set(done);
        }
    }
}

/// The patches that have something in common with these commits.
fn index<'a>(store: &SqliteStore, commits: impl Iterator<Item = &'a Matter>) -> Result<Index> {
    let keys: BTreeSet<ClueKey> = commits.flat_map(|matter| matter.keys.iter().copied()).collect();
    let keys: Vec<ClueKey> = keys.into_iter().collect();
    let mut index = Index::default();
    for bytes in store.patches_like(&keys)? {
        if let Some(patch) = PostedPatch::from_bytes(&bytes) {
            index.insert(patch);
        }
    }
    Ok(index)
}

fn kept(found: Found) -> FoundLanding {
    let Found { message, how, score, .. } = found;
    FoundLanding { message, how, score }
}

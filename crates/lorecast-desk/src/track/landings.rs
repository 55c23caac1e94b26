//! Stale commits into landings.

use lorecast_store::{FoundLanding, Matter, Store};
use lorecast_tracker::landings::{Found, Index, PostedPatch, Seen, land};

use crate::{Desk, Result, Unit};

/// So many commits are compared between two transactions.
const AT_ONCE: u32 = 256;

impl Desk<'_> {
    /// Compares every commit that is new, or alike to a patch that is new, with the patches that
    /// have something in common with it. Interrupted, it goes on where it stopped.
    pub(crate) fn find_landings(&self, store: &mut dyn Store) -> Result<()> {
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
            let mut found = Vec::with_capacity(commits.len());
            for (id, matter) in commits {
                found.push((id, patch_of(store, &matter)?));
            }
            store.put_landings(&found)?;
            done += found.len() as u64;
            task.set(done);
        }
    }
}

/// The patch that a commit is. It is compared with the patches that have something in common with it
/// and with no others, so that it does not matter what else is compared at the time.
fn patch_of(store: &dyn Store, matter: &Matter) -> Result<Option<FoundLanding>> {
    // What an earlier version of the tracker kept in another form lands nowhere.
    let Some(seen) = Seen::from_bytes(&matter.bytes) else { return Ok(None) };
    let mut index = Index::default();
    for bytes in store.patches_like(&matter.keys)? {
        if let Some(patch) = PostedPatch::from_bytes(&bytes) {
            index.insert(patch);
        }
    }
    let best = land(&seen, &index).into_iter().find(|found| found.best);
    let kept = |Found { message, how, score, .. }| FoundLanding { message, how, score };
    Ok(best.map(kept))
}

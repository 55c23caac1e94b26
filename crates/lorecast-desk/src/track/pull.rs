//! A pull request: what it asks for, what became of it, and the commits that came with it.

use lorecast_model::{CommitId, Event, MessageId};
use lorecast_store::{Holding, Pull};
use serde::Serialize;

use crate::{Reader, Result};

/// A pull request as one unit with what it brought.
#[derive(Clone, Debug, Serialize)]
pub struct PullView {
    /// What it asks for.
    #[serde(flatten)]
    pub pull: Pull,
    /// What the answers say became of it, by date.
    pub events: Vec<Event>,
    /// The merges that took it, in the trees that were read.
    pub merges: Vec<MergeView>,
}

/// A merge that took a pull request.
#[derive(Clone, Debug, Serialize)]
pub struct MergeView {
    /// Where it is.
    #[serde(flatten)]
    pub holding: Holding,
    /// What it brought, oldest first.
    pub commits: Vec<CommitId>,
    /// The posted patches that some of these commits are.
    pub patches: Vec<MessageId>,
}

impl Reader {
    /// The pull request that a mail makes; nothing when it makes none.
    ///
    /// # Errors
    /// When the store fails.
    pub fn pull(&self, id: &MessageId) -> Result<Option<PullView>> {
        let store = &*self.store;
        let Some(pull) = store.pull(id)? else { return Ok(None) };
        let mut merges = Vec::new();
        if let Some(tip) = &pull.request.tip {
            for (holding, commits) in store.merged(tip)? {
                let patches = store.posted_as(&commits)?;
                merges.push(MergeView { holding, commits, patches });
            }
        }
        Ok(Some(PullView { events: store.events(id)?, merges, pull }))
    }
}

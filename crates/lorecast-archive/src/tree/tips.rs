//! Where branches and tags stand.

use std::collections::BTreeMap;

use lorecast_model::CommitId;
use serde::{Deserialize, Serialize};

use super::object::{Sha, read_hex};
use super::refs::is_branch;

/// Where the followed branches and all tags stand, by full name (`refs/heads/master`,
/// `refs/tags/v6.4`); a tag with a message stands at the commit that it names. Kept from one reading
/// to the next, so that the next one yields only what is new.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tips(pub BTreeMap<String, CommitId>);

impl Tips {
    /// The branches alone.
    pub fn branches(&self) -> impl Iterator<Item = (&str, &CommitId)> {
        let all = self.0.iter().map(|(name, id)| (name.as_str(), id));
        all.filter(|(name, _)| is_branch(name) || *name == "HEAD")
    }

    /// The tags alone, named without `refs/tags/`.
    pub fn tags(&self) -> impl Iterator<Item = (&str, &CommitId)> {
        self.0.iter().filter_map(|(name, id)| Some((name.strip_prefix("refs/tags/")?, id)))
    }

    /// The commits that branches stand at, each once.
    pub(super) fn heads(&self) -> Vec<Sha> {
        let mut heads: Vec<Sha> = self.branches().filter_map(|(_, id)| shas(id)).collect();
        heads.sort_unstable();
        heads.dedup();
        heads
    }
}

/// None for names of SHA-256, which no repository that is read has.
pub(super) fn shas(id: &CommitId) -> Option<Sha> {
    read_hex(id.as_str().as_bytes())
}

//! Commits with their messages alone: those that a release brought, or a span of time.

use std::ops::ControlFlow;

use git2::{ObjectType, Odb};
use jiff::Timestamp;
use lorecast_model::Commit;

use super::object::{Sha, Unread, read};
use super::tips::shas;
use super::version::Version;
use super::walk::{Request, walk};
use super::{COMMIT_LIMIT, Tips, Tree, TreeError, commit};

/// Which commits of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum History {
    /// What a release holds that no earlier one does. A release is a tag that names a version; of a
    /// final release the final ones before it count, of a candidate (`v6.4-rc2`) candidates too.
    Release(String),
    /// What was committed from a moment (inclusive) to another (exclusive), UTC.
    Days {
        /// Inclusive.
        from: Timestamp,
        /// Exclusive.
        to: Timestamp,
    },
}

impl Tree {
    /// Hands over the commits of a piece of history, parents before children, without diffs and
    /// without merges. `progress` hears how many are done, of how many.
    ///
    /// # Errors
    /// When there is no such release, or an object that is needed cannot be read.
    pub fn each_of(
        &self,
        history: &History,
        progress: &mut dyn FnMut(u64, u64),
        visit: &mut dyn FnMut(Commit) -> ControlFlow<()>,
    ) -> Result<(), TreeError> {
        let tips = self.tips()?;
        let (wanted, hidden) = match history {
            History::Release(release) => self.release(&tips, release)?,
            History::Days { .. } => (tips.heads(), Vec::new()),
        };
        let since = match history {
            History::Release(_) => i64::MIN,
            History::Days { from, .. } => from.as_second(),
        };
        let odb = self.odb()?;
        let request = Request { wanted: &wanted, hidden: &hidden, since, limit: COMMIT_LIMIT };
        let found = {
            let mut graph = self.graph.borrow_mut();
            let found = walk(&mut graph, &odb, &request).map_err(|unread| self.unread(unread))?;
            found.commits.iter().map(|&node| graph.sha(node)).collect::<Vec<_>>()
        };
        let total = found.len() as u64;
        progress(0, total);
        for (done, sha) in (1..).zip(&found) {
            let commit = message_of(&odb, sha).map_err(|unread| self.unread(unread))?;
            let counts = match history {
                History::Release(_) => true,
                History::Days { from, to } => (*from..*to).contains(&commit.committed),
            };
            let flow = match counts && !commit.is_merge() {
                true => visit(commit),
                false => ControlFlow::Continue(()),
            };
            progress(done, total);
            if flow.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Where a release stands, and the releases before it.
    fn release(&self, tips: &Tips, release: &str) -> Result<(Vec<Sha>, Vec<Sha>), TreeError> {
        let tags: Vec<(&str, Version, Sha)> = tips
            .tags()
            .filter_map(|(name, id)| Some((name, Version::read(name)?, shas(id)?)))
            .collect();
        let Some((_, version, tip)) = tags.iter().find(|(name, ..)| *name == release) else {
            let mut known: Vec<&(&str, Version, Sha)> = tags.iter().collect();
            known.sort_by(|a, b| b.1.cmp(&a.1));
            let newest = known.iter().take(super::NAMED).map(|tag| tag.0.to_owned()).collect();
            let (path, tag) = (self.path.clone(), release.to_owned());
            return Err(TreeError::NoRelease { path, tag, newest });
        };
        let before = |other: &Version| {
            other.project == version.project
                && other < version
                && (other.is_final() || !version.is_final())
        };
        let hidden = tags.iter().filter(|(_, other, _)| before(other)).map(|tag| tag.2).collect();
        Ok((vec![*tip], hidden))
    }
}

fn message_of(odb: &Odb<'_>, sha: &Sha) -> Result<Commit, Unread> {
    let object = read(odb, *sha, ObjectType::Commit)?;
    commit::commit(sha, object.data()).ok_or_else(|| Unread::malformed(*sha, "commit"))
}

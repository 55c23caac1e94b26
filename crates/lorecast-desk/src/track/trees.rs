//! The upstream trees that `show.yaml` names.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use jiff::{SignedDuration, Timestamp};
use lorecast_archive::{Gone, Span, Tips, Tree, TreeNotice};
use lorecast_model::{Commit, CommitId, Released, ShowTree, TreeRole};
use lorecast_store::{KeptCommit, Matter, Merge, Store, StoreError, TreeState, TreeStep};
use lorecast_tracker::landings::{Notice, Seen};
use serde::{Deserialize, Serialize};

use super::threads::TIP;
use crate::{Desk, DeskError, Result, Unit};

/// So many commits are kept between two transactions.
const AT_ONCE: usize = 512;

/// How long before the first patch a commit may have been made: clocks are wrong.
const SLACK: SignedDuration = SignedDuration::from_hours(24);

/// What was read of the trees.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TrackReport {
    /// Each tree of `show.yaml`, in order.
    pub trees: Vec<TreeReport>,
    /// How many patches were found as commits, in any tree.
    pub landed: u64,
}

/// What was read of one tree.
#[derive(Clone, Debug, Serialize)]
pub struct TreeReport {
    /// Its name in `show.yaml`.
    pub name: String,
    /// New commits.
    pub commits: u64,
    /// Commits that the tree held and does not any more.
    pub gone: u64,
    /// Commits that came out in a release for the first time.
    pub released: u64,
    /// What is to be known of the tree, or why it could not be read; the last good state is kept.
    pub notices: Vec<String>,
    /// It could not be read.
    pub failed: bool,
}

/// Where a tree stood at the last good reading.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Stand {
    /// What was committed earlier was left out.
    since: Timestamp,
    tips: Tips,
}

impl Desk<'_> {
    /// Reads what is new in the trees of `show.yaml` (in all, or in those named), and finds the
    /// commit of each patch. A tree that cannot be read is told of in the report, keeps its last good
    /// state, and does not stop the others.
    ///
    /// # Errors
    /// When `show.yaml` names no tree, or none of that name, or the store fails.
    pub fn track(&self, only: &[String]) -> Result<TrackReport> {
        let trees = self.trees(only)?;
        let mut store = self.store_to_write("`lorecast track`")?;
        self.follow_threads(&mut *store)?;
        self.forget_trees(&mut *store)?;
        let mut report = TrackReport::default();
        for tree in &trees {
            report.trees.push(self.read_tree(&mut *store, tree)?);
        }
        self.find_landings(&mut *store)?;
        let mut landed = std::collections::BTreeSet::new();
        store.each_landing(lorecast_store::Span::ALL, &mut |landing| {
            landed.insert(landing.message);
            Ok(())
        })?;
        report.landed = landed.len() as u64;
        Ok(report)
    }

    fn trees(&self, only: &[String]) -> Result<Vec<ShowTree>> {
        let all = self.dir.show()?.trees;
        let file = self.dir.root().join("show.yaml");
        if all.is_empty() {
            return Err(DeskError::NoTrees { file });
        }
        let mut names = HashSet::new();
        if let Some(twice) = all.iter().find(|tree| !names.insert(&tree.name)) {
            return Err(DeskError::SameTree { name: twice.name.clone(), file });
        }
        for name in only {
            if !all.iter().any(|tree| tree.name == *name) {
                let known =
                    all.iter().map(|tree| tree.name.as_str()).collect::<Vec<_>>().join(", ");
                return Err(DeskError::NoTree { name: name.clone(), known, file });
            }
        }
        Ok(all.into_iter().filter(|t| only.is_empty() || only.contains(&t.name)).collect())
    }

    /// Trees that `show.yaml` names no more are forgotten; what mails told of commits is not theirs.
    fn forget_trees(&self, store: &mut dyn Store) -> Result<()> {
        let named = self.dir.show()?.trees;
        for TreeState { name, tips, .. } in store.trees()? {
            // Of tip, mails tell as well.
            if tips.is_some() && name != TIP && !named.iter().any(|tree| tree.name == name) {
                store.remove_tree(&name)?;
            }
        }
        Ok(())
    }

    fn read_tree(&self, store: &mut dyn Store, tree: &ShowTree) -> Result<TreeReport> {
        let mut report = TreeReport {
            name: tree.name.clone(),
            commits: 0,
            gone: 0,
            released: 0,
            notices: vec![],
            failed: false,
        };
        match self.read_new(store, tree, &mut report) {
            Err(DeskError::Tree(error)) => {
                report.failed = true;
                report.notices.push(error.to_string());
                Ok(report)
            }
            outcome => outcome.map(|()| report),
        }
    }

    fn read_new(
        &self,
        store: &mut dyn Store,
        named: &ShowTree,
        report: &mut TreeReport,
    ) -> Result<()> {
        let tree = Tree::open(&self.dir.resolve(&named.path), &named.branches)?;
        report.notices.extend(tree.notices()?.iter().map(TreeNotice::to_string));
        let since = store.first_posted()?.and_then(|first| first.checked_sub(SLACK).ok());
        let Some(since) = since else { return Ok(()) }; // nothing was posted: nothing can land
        let kept = store.trees()?.into_iter().find(|kept| kept.name == named.name);
        let stand = kept.and_then(|kept| serde_json::from_str::<Stand>(&kept.tips?).ok());
        // Older mail came: older commits count as well.
        let again = stand.as_ref().is_some_and(|stand| stand.since > since);
        let stand = stand.filter(|_| !again).unwrap_or_default();
        let now = tree.tips()?;
        let span = Span { before: &stand.tips, now: &now, since };
        // What may fail comes before anything is kept.
        let gone = match tree.gone(&span)? {
            Gone::Commits(gone) if !again => gone,
            // Read from the start, it does not know what was there before.
            Gone::Commits(_) | Gone::Unknown => {
                let held = store.held_by(&named.name)?;
                let reachable = tree.is_reachable(&now, &held)?;
                let gone = held.into_iter().zip(reachable).filter(|(_, reachable)| !reachable);
                gone.map(|(id, _)| id).collect()
            }
        };
        let mut released: Vec<(CommitId, Released)> = Vec::new();
        if matches!(named.role, TreeRole::Mainline | TreeRole::Stable) {
            // Maintainers tag what they ask to pull: that is no release.
            tree.releases(&span, &mut |commit, release| released.push((commit, release)))?;
        }
        let mut step = Steps::new(store, named);
        let task = std::cell::OnceCell::new();
        let mut failure = None;
        let progress = &mut |done: u64, total: u64| {
            let what = format!("reading {}", named.name);
            task.get_or_init(|| self.progress.begin(&what, total, Unit::Things)).set(done);
        };
        let read = tree.each_new(&span, progress, &mut |commit| match step.take(&tree, commit) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        });
        let notices = match read {
            Ok(notices) => notices,
            Err(error) => {
                step.undo(again)?;
                return Err(error.into());
            }
        };
        if let Some(error) = failure {
            return Err(error);
        }
        report.notices.extend(notices.iter().map(TreeNotice::to_string));
        let (commits, entered) = step.finish(&now)?;
        report.commits = commits;
        (report.gone, report.released) = (gone.len() as u64, released.len() as u64);
        let tips = serde_json::to_string(&Stand { since, tips: now }).map_err(|error| {
            let place = self.dir.index().into();
            DeskError::Store(StoreError::Damaged { place, why: error.to_string() })
        })?;
        let (tree, role) = (named.name.clone(), named.role);
        let tips = Some(tips);
        store.put_tree(&TreeStep {
            tree,
            role,
            tips,
            gone,
            entered,
            released,
            ..TreeStep::default()
        })?;
        Ok(())
    }
}

/// Commits on their way into the store.
struct Steps<'a> {
    store: &'a mut dyn Store,
    tree: &'a ShowTree,
    commits: Vec<KeptCommit>,
    merges: Vec<Merge>,
    /// What was kept.
    read: Vec<CommitId>,
    /// Of a mainline: the first parent of each new commit, and what each new merge brought.
    first_parents: HashMap<CommitId, CommitId>,
    brought: HashMap<CommitId, (Timestamp, Vec<CommitId>)>,
}

impl<'a> Steps<'a> {
    fn new(store: &'a mut dyn Store, tree: &'a ShowTree) -> Self {
        Self {
            store,
            tree,
            commits: vec![],
            merges: vec![],
            read: vec![],
            first_parents: HashMap::new(),
            brought: HashMap::new(),
        }
    }

    fn take(&mut self, tree: &Tree, commit: Commit) -> Result<()> {
        if self.tree.role == TreeRole::Mainline {
            self.take_history(tree, &commit)?;
        }
        self.commits.push(kept(&Seen::read(&commit)));
        if self.commits.len() >= AT_ONCE { self.put() } else { Ok(()) }
    }

    fn take_history(&mut self, tree: &Tree, commit: &Commit) -> Result<()> {
        if let Some(first) = commit.parents.first() {
            self.first_parents.insert(commit.id.clone(), first.clone());
        }
        if !commit.is_merge() {
            return Ok(());
        }
        let brought = tree.brought(&commit.id)?.commits;
        let tips = commit.parents.iter().skip(1);
        self.merges.extend(tips.map(|tip| Merge {
            id: commit.id.clone(),
            tip: tip.clone(),
            brought: brought.clone(),
        }));
        self.brought.insert(commit.id.clone(), (commit.committed, brought));
        Ok(())
    }

    fn put(&mut self) -> Result<()> {
        self.read.extend(self.commits.iter().map(|commit| commit.id.clone()));
        let step = TreeStep {
            tree: self.tree.name.clone(),
            role: self.tree.role,
            commits: std::mem::take(&mut self.commits),
            merges: std::mem::take(&mut self.merges),
            ..TreeStep::default()
        };
        Ok(self.store.put_tree(&step)?)
    }

    /// The tree could not be read to the end: what was kept of it is not held, as before. What was only
    /// read `again` was held.
    fn undo(self, again: bool) -> Result<()> {
        let (tree, role) = (self.tree.name.clone(), self.tree.role);
        let gone = if again { vec![] } else { self.read };
        Ok(self.store.put_tree(&TreeStep { tree, role, gone, ..TreeStep::default() })?)
    }

    /// How many commits were read, and when merges brought them: only those on the line of first
    /// parents count, since maintainers merge among themselves as well.
    fn finish(mut self, now: &Tips) -> Result<(u64, Vec<(CommitId, Timestamp)>)> {
        self.put()?;
        let mut entered = Vec::new();
        for (_, tip) in now.branches() {
            let mut next = Some(tip.clone());
            while let Some(id) = next {
                // Taken out, so that branches that share a line walk it once.
                next = self.first_parents.remove(&id);
                if let Some((date, brought)) = self.brought.remove(&id) {
                    entered.extend(brought.into_iter().map(|commit| (commit, date)));
                }
            }
        }
        Ok((self.read.len() as u64, entered))
    }
}

/// A commit that a bot told of.
pub(super) fn noticed(notice: Notice) -> KeptCommit {
    let seen = Seen::read(&notice.commit);
    let seen = match notice.answers {
        Some(answers) => seen.naming(answers),
        None => seen,
    };
    KeptCommit { hearsay: true, ..kept(&seen) }
}

fn kept(seen: &Seen) -> KeptCommit {
    KeptCommit {
        id: seen.id.clone(),
        date: seen.committed,
        title: seen.title.clone(),
        matter: Matter { keys: seen.keys(), bytes: seen.to_bytes() },
        reverts: seen.reverts.as_ref().map(|prefix| prefix.as_str().to_owned()),
        origin: seen.upstream.as_ref().map(|prefix| prefix.as_str().to_owned()),
        hearsay: false,
    }
}

//! Upstream git trees, read incrementally: new commits with their diffs, commits that are gone, and
//! the releases that commits came out in.
//!
//! Only objects and refs are read, within limits, and nothing of a repository is run: neither hooks
//! nor filters nor drivers of diffs. Where the tree was at the last good reading is remembered by
//! the caller as [`Tips`].

mod branches;
mod commit;
mod diff;
mod error;
mod graph;
mod history;
mod object;
mod refs;
mod releases;
mod tips;
mod version;
mod walk;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::ops::ControlFlow;

use camino::{Utf8Path, Utf8PathBuf};
use git2::{ErrorClass, ErrorCode, ObjectType, Odb, Repository};
use jiff::Timestamp;
use lorecast_model::{Commit, CommitId, Released};

use branches::matches;
pub use commit::MESSAGE_LIMIT;
pub use diff::{DIFF_LIMIT, FILE_LIMIT};
pub use error::{TreeError, TreeNotice};
use graph::Graph;
pub use history::History;
use object::{Sha, Unread, commit_id, read, read_hex, sha};
pub use tips::Tips;
use tips::shas;
use walk::{Found, Request, walk};

/// No more commits than this are read at once; the kernel had 1.3 million in 2024.
pub const COMMIT_LIMIT: usize = 4_000_000;

/// No more commits than this are told of one merge; the largest pulls of the kernel bring 2,000.
pub const BROUGHT_LIMIT: usize = 20_000;

/// How many branches an error names.
const NAMED: usize = 5;

/// How many notices one reading gives.
const NOTICES: usize = 100;

/// An opened repository, of which some branches are followed.
///
/// ```no_run
/// use std::ops::ControlFlow;
///
/// use lorecast_archive::{Span, Tips, Tree};
///
/// let tree = Tree::open("trees/linux".into(), &["master".to_owned()])?;
/// let (before, now) = (Tips::default(), tree.tips()?);
/// let since = "2023-04-01T00:00:00Z".parse().unwrap_or_default();
/// let span = Span { before: &before, now: &now, since };
/// tree.each_new(&span, &mut |_, _| (), &mut |commit| {
///     println!("{} {}", commit.id, commit.title());
///     ControlFlow::Continue(())
/// })?;
/// tree.releases(&span, &mut |commit, released| println!("{commit} {:?}", released.tag))?;
/// // The next reading starts from `now`.
/// # Ok::<(), lorecast_archive::TreeError>(())
/// ```
pub struct Tree {
    path: Utf8PathBuf,
    repository: Repository,
    patterns: Vec<String>,
    shallow: HashSet<Sha>,
    /// What was read of the history, for the next question.
    graph: RefCell<Graph>,
}

/// From one reading to the next.
#[derive(Clone, Copy, Debug)]
pub struct Span<'a> {
    /// The tips of the last good reading; empty at the first.
    pub before: &'a Tips,
    /// The tips now, from [`Tree::tips`].
    pub now: &'a Tips,
    /// What was committed earlier is left out. A date before 1990 counts as none.
    pub since: Timestamp,
}

/// Commits that were followed and are not any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gone {
    /// These, oldest first.
    Commits(Vec<CommitId>),
    /// The repository does not hold the old commits any more, or cannot read them: ask
    /// [`Tree::is_reachable`] for each commit that is remembered.
    Unknown,
}

/// What a merge brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// Oldest first; of more than [`BROUGHT_LIMIT`] the newest.
    pub commits: Vec<CommitId>,
    /// There were more.
    pub cut: bool,
}

impl Tree {
    /// Opens a repository, bare or not, or a work tree of one. `branches` are full names, short ones
    /// or patterns with `*`; all branches are followed when there are none, those of remotes too.
    ///
    /// # Errors
    /// When there is no repository that can be read, or it has no such branch.
    pub fn open(path: &Utf8Path, branches: &[String]) -> Result<Self, TreeError> {
        if !path.exists() {
            return Err(TreeError::NotFound { path: path.to_owned() });
        }
        crate::git::tune();
        let repository = Repository::open(path).map_err(|source| open_error(path, source))?;
        let list = repository.commondir().join("shallow");
        let list = fs::read(list).unwrap_or_default();
        let shallow: HashSet<Sha> = list.split(|&b| b == b'\n').filter_map(read_hex).collect();
        let tree = Self {
            path: path.to_owned(),
            repository,
            patterns: branches.to_vec(),
            graph: RefCell::new(Graph::new(shallow.clone())),
            shallow,
        };
        tree.check_branches()?;
        Ok(tree)
    }

    /// What is to be known of the repository: that it is shallow, or lacks one of several branches.
    ///
    /// # Errors
    /// When the refs cannot be read.
    pub fn notices(&self) -> Result<Vec<TreeNotice>, TreeError> {
        let path = || self.path.clone();
        let names: Vec<String> = self.refs()?.into_iter().map(|(name, _)| name).collect();
        let unmatched = self
            .patterns
            .iter()
            .filter(|pattern| !names.iter().any(|name| matches(pattern, name)))
            .map(|pattern| TreeNotice::Unmatched { path: path(), pattern: pattern.clone() });
        let shallow = (!self.shallow.is_empty()).then(|| TreeNotice::Shallow { path: path() });
        Ok(shallow.into_iter().chain(unmatched).take(NOTICES).collect())
    }

    /// Where the followed branches and all tags stand now. Tags of other things than commits are
    /// left out.
    ///
    /// # Errors
    /// When the refs, or the commits that they name, cannot be read.
    pub fn tips(&self) -> Result<Tips, TreeError> {
        let mut tips = BTreeMap::new();
        for (name, sha) in self.refs()? {
            let followed =
                self.patterns.is_empty() || self.patterns.iter().any(|p| matches(p, &name));
            let is_tag = name.starts_with("refs/tags/");
            if !followed && !is_tag {
                continue;
            }
            if let Some(commit) = self.peel(sha)? {
                tips.insert(name, commit_id(&commit));
            }
        }
        Ok(Tips(tips))
    }

    /// Hands over each commit that followed branches lead to and did not before, parents before
    /// children, else oldest first, one at a time: what is in memory does not grow with their
    /// diffs. When the commits of the last reading are not there any more, commits that were
    /// handed over already are handed over again. `progress` hears how many are done, of how many.
    ///
    /// Returns what is to be known of the reading.
    ///
    /// # Errors
    /// When an object that is needed cannot be read.
    pub fn each_new(
        &self,
        span: &Span<'_>,
        progress: &mut dyn FnMut(u64, u64),
        visit: &mut dyn FnMut(Commit) -> ControlFlow<()>,
    ) -> Result<Vec<TreeNotice>, TreeError> {
        let odb = self.odb()?;
        let found = self.walk(&odb, &span.now.heads(), &span.before.heads(), span.since)?;
        let shas: Vec<Sha> =
            found.commits.iter().map(|&node| self.graph.borrow().sha(node)).collect();
        let mut notices = self.notices()?;
        if found.cut {
            notices.push(TreeNotice::TooMany { path: self.path.clone() });
        }
        let total = shas.len() as u64;
        progress(0, total);
        for (done, sha) in (1..).zip(&shas) {
            let (commit, cut) = self.commit_of(&odb, sha).map_err(|unread| self.unread(unread))?;
            if cut && notices.len() < NOTICES {
                let (path, commit) = (self.path.clone(), commit.id.clone());
                notices.push(TreeNotice::Cut { path, commit });
            }
            let flow = visit(commit);
            progress(done, total);
            if flow.is_break() {
                break;
            }
        }
        Ok(notices)
    }

    /// The commits that followed branches led to and do not any more: those of a branch that was
    /// rewritten, as linux-next is every day.
    ///
    /// # Errors
    /// When the commits that branches lead to now cannot be read.
    pub fn gone(&self, span: &Span<'_>) -> Result<Gone, TreeError> {
        let odb = self.odb()?;
        let since = span.since.as_second();
        let (before, now) = (span.before.heads(), span.now.heads());
        let request = Request { wanted: &before, hidden: &now, since, limit: COMMIT_LIMIT };
        let mut graph = self.graph.borrow_mut();
        Ok(match walk(&mut graph, &odb, &request) {
            Ok(found) => Gone::Commits(ids(&graph, &found)),
            Err(_) => Gone::Unknown,
        })
    }

    /// Which of these commits followed branches lead to. Takes time for the commits that are newer
    /// than the oldest of them.
    ///
    /// # Errors
    /// When the commits that branches lead to cannot be read.
    pub fn is_reachable(&self, now: &Tips, commits: &[CommitId]) -> Result<Vec<bool>, TreeError> {
        let odb = self.odb()?;
        let known: Vec<Option<u32>> = {
            let mut graph = self.graph.borrow_mut();
            let read = |id| graph.read(&odb, shas(id)?).ok();
            commits.iter().map(read).collect()
        };
        let times = known.iter().flatten().map(|&node| self.graph.borrow().time(node));
        let Some(oldest) = times.min() else { return Ok(vec![false; commits.len()]) };
        let since = commit::timestamp(oldest);
        let found: HashSet<u32> =
            self.walk(&odb, &now.heads(), &[], since)?.commits.into_iter().collect();
        Ok(known.iter().map(|node| node.is_some_and(|node| found.contains(&node))).collect())
    }

    /// Hands over each commit that a tag contains which is new since `before`, with the first tag
    /// and the first final release (no `-rc`, `-pre`, `-alpha`, `-beta`, date) that contain it. What
    /// is missing in a [`Released`] has not changed: a commit is handed over with `v6.4-rc1` when
    /// that was tagged, and later, with nothing else, as released in `v6.4`.
    ///
    /// Tags are taken in the order of their versions, so that `v6.1.25` comes before `v6.2`; where
    /// there are several projects' tags in a tree, these are woven by date. Tags without a number
    /// and those of linux-next are no releases. In a maintainer's tree tags often mark pulls: ask
    /// only of trees that releases are made of.
    ///
    /// # Errors
    /// When an object that is needed cannot be read.
    pub fn releases(
        &self,
        span: &Span<'_>,
        visit: &mut dyn FnMut(CommitId, Released),
    ) -> Result<(), TreeError> {
        let odb = self.odb()?;
        let mut graph = self.graph.borrow_mut();
        let all = releases::releases(&mut graph, &odb, span, COMMIT_LIMIT);
        for (node, released) in all.map_err(|unread| self.unread(unread))? {
            visit(commit_id(&graph.sha(node)), released);
        }
        Ok(())
    }

    /// The commits that a merge brought to its first parent: those that only the others lead to.
    /// Nothing for a commit that is no merge.
    ///
    /// # Errors
    /// When an object that is needed cannot be read.
    pub fn brought(&self, merge: &CommitId) -> Result<Brought, TreeError> {
        let odb = self.odb()?;
        let sha = self.sha(merge)?;
        let parents: Vec<Sha> = {
            let mut graph = self.graph.borrow_mut();
            let node = graph.read(&odb, sha).map_err(|unread| self.unread(unread))?;
            graph.parents(node).iter().map(|&parent| graph.sha(parent)).collect()
        };
        let (first, others) = parents.split_at(parents.len().min(1));
        self.between_shas(&odb, first, others)
    }

    /// The commits that `tip` leads to and `base` does not, as a pull request names them.
    ///
    /// # Errors
    /// When an object that is needed cannot be read.
    pub fn between(&self, base: &CommitId, tip: &CommitId) -> Result<Brought, TreeError> {
        let (base, tip) = (self.sha(base)?, self.sha(tip)?);
        self.between_shas(&self.odb()?, &[base], &[tip])
    }

    fn between_shas(
        &self,
        odb: &Odb<'_>,
        base: &[Sha],
        tips: &[Sha],
    ) -> Result<Brought, TreeError> {
        let mut graph = self.graph.borrow_mut();
        let request = Request { wanted: tips, hidden: base, since: i64::MIN, limit: BROUGHT_LIMIT };
        let found = walk(&mut graph, odb, &request).map_err(|unread| self.unread(unread))?;
        Ok(Brought { commits: ids(&graph, &found), cut: found.cut })
    }

    fn walk(
        &self,
        odb: &Odb<'_>,
        wanted: &[Sha],
        hidden: &[Sha],
        since: Timestamp,
    ) -> Result<Found, TreeError> {
        let request = Request { wanted, hidden, since: since.as_second(), limit: COMMIT_LIMIT };
        let mut graph = self.graph.borrow_mut();
        walk(&mut graph, odb, &request).map_err(|unread| self.unread(unread))
    }

    /// Reads a commit with its diffs, and says whether they were cut. A merge has none, nor has a
    /// commit whose parent a shallow clone left out.
    fn commit_of(&self, odb: &Odb<'_>, sha: &Sha) -> Result<(Commit, bool), Unread> {
        let object = read(odb, *sha, ObjectType::Commit)?;
        let malformed = || Unread::malformed(*sha, "commit");
        let links = commit::links(object.data()).ok_or_else(malformed)?;
        let mut commit = commit::commit(sha, object.data()).ok_or_else(malformed)?;
        if links.parents.len() > 1 || self.shallow.contains(sha) {
            return Ok((commit, false));
        }
        let parent = links.parents.first().map(|parent| -> Result<Sha, Unread> {
            let object = read(odb, *parent, ObjectType::Commit)?;
            let links = commit::links(object.data());
            Ok(links.ok_or_else(|| Unread::malformed(*parent, "commit"))?.tree)
        });
        let diffs = diff::diffs(odb, parent.transpose()?, links.tree)?;
        commit.diffs = diffs.texts;
        Ok((commit, diffs.cut))
    }

    fn refs(&self) -> Result<Vec<(String, Sha)>, TreeError> {
        let path = || self.path.clone();
        match refs::damaged(&self.repository) {
            Some(name) => Err(TreeError::Ref { path: path(), name }),
            None => refs::refs(&self.repository)
                .map_err(|source| TreeError::Git { path: path(), source }),
        }
    }

    fn check_branches(&self) -> Result<(), TreeError> {
        let path = || self.path.clone();
        let mut names: Vec<String> = self.refs()?.into_iter().map(|(name, _)| name).collect();
        names.retain(|name| !name.starts_with("refs/tags/"));
        if names.is_empty() {
            return Err(TreeError::NoBranches { path: path() });
        }
        let patterns = self.patterns.clone();
        if patterns.is_empty() || names.iter().any(|name| patterns.iter().any(|p| matches(p, name)))
        {
            return Ok(());
        }
        let short = |name: &String| {
            name.trim_start_matches("refs/")
                .trim_start_matches("heads/")
                .trim_start_matches("remotes/")
                .to_owned()
        };
        let branches = names.iter().take(NAMED).map(short).collect();
        Err(TreeError::NoMatch { path: path(), patterns, branches })
    }

    /// The commit behind tags; none when there is something else.
    fn peel(&self, object: Sha) -> Result<Option<Sha>, TreeError> {
        let failed = |source| self.unread(Unread { object, source });
        let id = git2::Oid::from_bytes(&object).map_err(failed)?;
        let found = self.repository.find_object(id, None).map_err(failed)?;
        match found.kind() {
            Some(ObjectType::Commit) => Ok(Some(object)),
            Some(ObjectType::Tag) => match found.peel(ObjectType::Commit) {
                Ok(commit) => Ok(Some(sha(commit.id()))),
                Err(error) if error.code() == ErrorCode::NotFound => Err(failed(error)),
                Err(_) => Ok(None),
            },
            _ => Ok(None),
        }
    }

    fn odb(&self) -> Result<Odb<'_>, TreeError> {
        self.repository.odb().map_err(|source| TreeError::Git { path: self.path.clone(), source })
    }

    fn sha(&self, id: &CommitId) -> Result<Sha, TreeError> {
        shas(id).ok_or_else(|| TreeError::Object {
            path: self.path.clone(),
            object: id.clone(),
            source: git2::Error::new(
                ErrorCode::NotFound,
                ErrorClass::Odb,
                "it is a name of SHA-256",
            ),
        })
    }

    fn unread(&self, Unread { object, source }: Unread) -> TreeError {
        let (path, object) = (self.path.clone(), commit_id(&object));
        if source.code() == ErrorCode::NotFound && refs::is_partial(&self.repository) {
            return TreeError::Partial { path, object };
        }
        TreeError::Object { path, object, source }
    }
}

fn ids(graph: &Graph, found: &Found) -> Vec<CommitId> {
    found.commits.iter().map(|&node| commit_id(&graph.sha(node))).collect()
}

fn open_error(path: &Utf8Path, source: git2::Error) -> TreeError {
    let path = path.to_owned();
    match (source.code(), source.class()) {
        (ErrorCode::Owner, _) => TreeError::NotOurs { path },
        (ErrorCode::NotFound, _) => TreeError::NotRepository { path },
        (_, ErrorClass::Repository) => TreeError::Format { path, source },
        _ => TreeError::Git { path, source },
    }
}

//! A kernel in small: a maintainer's tree, linux-next, mainline and stable, in which posted patches
//! land.

use std::collections::BTreeMap;

use camino::Utf8Path;
use lorecast_model::CommitId;

use crate::tree::Repo;

/// A patch as it was posted.
pub struct Posted<'a> {
    /// `Name <address>`.
    pub author: &'a str,
    /// The message of the commit: title, empty line, text, trailers.
    pub message: &'a str,
    /// A unified diff of text files. Patches must not touch each other's lines; the files that they
    /// change are invented, those that they rename or delete as well.
    pub diff: &'a str,
    /// What becomes of it.
    pub fate: Fate,
}

/// What becomes of a patch that its maintainer took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It gets into v6.4-rc1.
    Lands,
    /// It gets into v6.4-rc1, and into v6.3.1 as well.
    Backported,
    /// It gets into v6.4-rc1, and is taken back in v6.5-rc1.
    Reverted,
    /// It is dropped after a day in linux-next.
    Dropped,
}

/// The trees, and where the patches are in them. Every step can be taken alone, in this order, so
/// that a test can look at what is there in between; [`KernelTrees::grown`] takes all of them.
pub struct KernelTrees<'a> {
    /// Branch `for-next`.
    pub maintainer: Repo,
    /// Branch `master`, made anew every day.
    pub next: Repo,
    /// Branch `master`; v6.3, v6.4-rc1, v6.4, v6.5-rc1.
    pub mainline: Repo,
    /// Branch `linux-6.3.y`; v6.3.1.
    pub stable: Repo,
    /// The commit of each patch in the maintainer's tree, and so in mainline.
    pub commits: Vec<CommitId>,
    /// The commit of each patch in stable.
    pub backports: Vec<Option<CommitId>>,
    /// The commit that took each patch back.
    pub reverts: Vec<Option<CommitId>>,
    /// The merge that brought the patches to mainline.
    pub merge: Option<CommitId>,
    patches: &'a [Posted<'a>],
}

impl<'a> KernelTrees<'a> {
    /// v6.3 in all four trees, with the files that the patches change.
    ///
    /// # Panics
    /// When git fails, as all of these do.
    pub fn new(room: &Utf8Path, patches: &'a [Posted<'a>]) -> Self {
        let mainline = Repo::new(&room.join("linux"));
        let mut release = mainline.commit("Linux 6.3").file("Makefile", "VERSION = 6\n");
        for (path, text) in files(patches.iter().map(|patch| patch.diff)) {
            release = release.file(&path, text);
        }
        release.make();
        mainline.tag("v6.3");
        let clone = |name: &str, branch: &str| {
            let repo = mainline.cloned(&room.join(name), &["--no-local"]);
            repo.switch(branch);
            repo
        };
        Self {
            maintainer: clone("maintainer", "for-next"),
            next: clone("linux-next", "master"),
            stable: clone("stable", "linux-6.3.y"),
            mainline,
            commits: Vec::new(),
            backports: vec![None; patches.len()],
            reverts: vec![None; patches.len()],
            merge: None,
            patches,
        }
    }

    /// All steps.
    ///
    /// # Panics
    /// When git fails.
    pub fn grown(room: &Utf8Path, patches: &'a [Posted<'a>]) -> Self {
        let mut trees = Self::new(room, patches);
        trees.apply();
        trees.next_day("20230424");
        trees.drop_patches();
        trees.next_day("20230425");
        trees.merge_window();
        trees.backport();
        trees.release();
        trees.revert();
        trees
    }

    /// The maintainer applies every patch, those last that will be dropped.
    ///
    /// # Panics
    /// When a patch does not apply.
    pub fn apply(&mut self) {
        let mut order: Vec<usize> = (0..self.patches.len()).collect();
        order.sort_by_key(|at| self.patches[*at].fate == Fate::Dropped);
        let mut commits: Vec<(usize, CommitId)> = order
            .into_iter()
            .map(|at| {
                let patch = &self.patches[at];
                let draft = self.maintainer.commit(patch.message).author(patch.author);
                (at, draft.apply(patch.diff).make())
            })
            .collect();
        commits.sort();
        self.commits = commits.into_iter().map(|(_, commit)| commit).collect();
    }

    /// linux-next is put together anew from mainline and the maintainer's tree, and tagged.
    ///
    /// # Panics
    /// When git fails.
    pub fn next_day(&self, date: &str) {
        self.next.git(&["fetch", "-q", self.mainline.path.as_str(), "master"]);
        self.next.reset("FETCH_HEAD");
        self.next.pull(&self.maintainer, "for-next", "Merge branch 'for-next' of maintainer");
        let version = format!("-next-{date}\n");
        self.next.commit("Add linux-next specific files").file("localversion-next", version).make();
        self.next.tag(&format!("next-{date}"));
    }

    /// The maintainer drops what is to be dropped.
    ///
    /// # Panics
    /// When git fails.
    pub fn drop_patches(&self) {
        let dropped = self.of(Fate::Dropped).count();
        self.maintainer.reset(&format!("HEAD~{dropped}"));
    }

    /// Mainline pulls, and v6.4-rc1 is tagged.
    ///
    /// # Panics
    /// When no patch lands.
    pub fn merge_window(&mut self) {
        let title = "Merge branch 'for-next' of git://git.example/maintainer";
        self.merge = Some(self.mainline.pull(&self.maintainer, "for-next", title));
        self.version("6.4-rc1");
    }

    /// Stable takes what it takes, and v6.3.1 is tagged.
    ///
    /// # Panics
    /// When a commit does not apply.
    pub fn backport(&mut self) {
        for at in self.of(Fate::Backported).collect::<Vec<_>>() {
            let commit = self.stable.backport(&self.mainline, "master", &self.commits[at]);
            self.backports[at] = Some(commit);
        }
        self.stable.commit("Linux 6.3.1").file("Makefile", "VERSION = 6.3.1\n").make();
        self.stable.tag("v6.3.1");
    }

    /// v6.4 is tagged.
    ///
    /// # Panics
    /// When git fails.
    pub fn release(&self) {
        self.version("6.4");
    }

    /// What is to be reverted is reverted, and v6.5-rc1 is tagged.
    ///
    /// # Panics
    /// When a commit does not revert.
    pub fn revert(&mut self) {
        for at in self.of(Fate::Reverted).collect::<Vec<_>>() {
            self.reverts[at] = Some(self.mainline.revert(&self.commits[at]));
        }
        self.version("6.5-rc1");
    }

    fn version(&self, version: &str) {
        let draft = self.mainline.commit(&format!("Linux {version}"));
        draft.file("Makefile", format!("VERSION = {version}\n")).make();
        self.mainline.tag(&format!("v{version}"));
    }

    fn of(&self, fate: Fate) -> impl Iterator<Item = usize> {
        (0..self.patches.len()).filter(move |at| self.patches[*at].fate == fate)
    }
}

/// Invents the files that diffs change: what their hunks show stands at its place, and lines of ours
/// around it.
pub fn files<'a>(diffs: impl Iterator<Item = &'a str>) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, BTreeMap<usize, String>> = BTreeMap::new();
    for diff in diffs {
        let (mut path, mut line, mut left) = (None, 0, 0);
        for text in diff.lines() {
            let shown = text.get(1..).unwrap_or_default();
            match text.chars().next() {
                _ if left == 0 && text.starts_with("@@ -") => {
                    (line, left) = hunk(text);
                }
                Some(' ' | '-') | None if left > 0 => {
                    if let Some(path) = &path {
                        let lines = files.entry(String::clone(path)).or_default();
                        lines.entry(line).or_insert_with(|| shown.to_owned());
                    }
                    (line, left) = (line + 1, left - 1);
                }
                _ if left > 0 => {}
                _ => {
                    let names = ["--- a/", "rename from "];
                    let name = names.iter().find_map(|name| text.strip_prefix(name));
                    if let Some(name) = name {
                        files.entry(name.to_owned()).or_default();
                        path = Some(name.to_owned());
                    } else if text == "--- /dev/null" {
                        path = None;
                    }
                }
            }
        }
    }
    files.into_iter().map(|(path, lines)| (path, written(&lines))).collect()
}

fn written(lines: &BTreeMap<usize, String>) -> String {
    let last = lines.keys().last().copied().unwrap_or(3);
    let line = |at| lines.get(&at).cloned().unwrap_or_else(|| format!("/* line {at} */"));
    (1..=last).map(|at| line(at) + "\n").collect()
}

/// Where a hunk begins in the old file, and how many of its lines it shows.
fn hunk(text: &str) -> (usize, usize) {
    let range = text.trim_start_matches("@@ -").split(' ').next().unwrap_or_default();
    let (line, count) = range.split_once(',').unwrap_or((range, "1"));
    (line.parse().unwrap_or(0), count.parse().unwrap_or(0))
}

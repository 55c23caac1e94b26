//! How these tests read.

use std::ops::ControlFlow;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use lorecast_archive::{Span, Tips, Tree, TreeError, TreeNotice};
use lorecast_model::Commit;
use lorecast_testkit::tree::Repo;
use tempfile::TempDir;

pub fn room() -> (TempDir, Utf8PathBuf) {
    let room = tempfile::tempdir().unwrap();
    let path = room.path().to_str().unwrap().into();
    (room, path)
}

pub fn repo() -> (TempDir, Repo) {
    let (room, path) = room();
    (room, Repo::new(&path.join("linux")))
}

pub fn open(path: &Utf8Path) -> Tree {
    Tree::open(path, &[]).unwrap()
}

pub fn tips(repo: &Repo) -> Tips {
    open(&repo.path).tips().unwrap()
}

pub fn since(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn all(before: &Tips, now: &Tips) -> Span<'static> {
    let keep = |tips: &Tips| -> &'static Tips { Box::leak(Box::new(tips.clone())) };
    Span { before: keep(before), now: keep(now), since: Timestamp::MIN }
}

/// What is new, and what is to be known of it.
pub fn try_read(tree: &Tree, span: &Span<'_>) -> Result<(Vec<Commit>, Vec<TreeNotice>), TreeError> {
    let mut commits = Vec::new();
    let notices = tree.each_new(span, &mut |_, _| (), &mut |commit| {
        commits.push(commit);
        ControlFlow::Continue(())
    })?;
    Ok((commits, notices))
}

/// What is new since some tips, and the tips then.
pub fn read(repo: &Repo, before: &Tips) -> (Vec<Commit>, Tips) {
    let now = tips(repo);
    let (commits, _) = try_read(&open(&repo.path), &all(before, &now)).unwrap();
    (commits, now)
}

pub fn titles(commits: &[Commit]) -> Vec<&str> {
    commits.iter().map(Commit::title).collect()
}

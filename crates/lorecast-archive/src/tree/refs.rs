//! Branches and tags as they lie on disk, and what else the folder of a repository tells.

use std::fs;
use std::path::Path;

use git2::{Error, ReferenceType, Repository};

use super::object::{Sha, read_hex, sha};

/// How deep the names of refs are looked into.
const DEPTH: usize = 32;

/// Branches, ours and those of remotes, and tags: their full names, and what they point to. Where
/// there is no branch HEAD stands for one, as build machines check out.
pub(super) fn refs(repository: &Repository) -> Result<Vec<(String, Sha)>, Error> {
    let mut refs = Vec::new();
    for glob in ["refs/heads/*", "refs/remotes/*", "refs/tags/*"] {
        for reference in repository.references_glob(glob)? {
            let reference = reference?;
            // `refs/remotes/origin/HEAD` names another ref.
            if reference.kind() != Some(ReferenceType::Direct) {
                continue;
            }
            if let Some(target) = reference.target_peel().or(reference.target()) {
                let name = String::from_utf8_lossy(reference.name_bytes()).into_owned();
                refs.push((name, sha(target)));
            }
        }
    }
    if !refs.iter().any(|(name, _)| is_branch(name))
        && let Ok(head) = repository.refname_to_id("HEAD")
    {
        refs.push(("HEAD".to_owned(), sha(head)));
    }
    Ok(refs)
}

/// Whether a ref, by its full name, is a branch: our own, or as last fetched from a remote.
pub(super) fn is_branch(name: &str) -> bool {
    name.starts_with("refs/heads/") || name.starts_with("refs/remotes/")
}

/// The name of a ref whose file is no ref, as a full disk or a crash leaves it. libgit2 passes over
/// such files, and the branch would seem to be deleted.
pub(super) fn damaged(repository: &Repository) -> Option<String> {
    let folders = ["refs/heads", "refs/remotes", "refs/tags"];
    folders.iter().find_map(|name| damaged_in(repository.commondir(), name, DEPTH))
}

/// Whether objects were left out when it was cloned (gitpartial-clone(7)).
pub(super) fn is_partial(repository: &Repository) -> bool {
    let packs = fs::read_dir(repository.commondir().join("objects/pack"));
    let files = packs.into_iter().flatten().flatten();
    files.map(|file| file.path()).any(|path| path.extension().is_some_and(|end| end == "promisor"))
}

fn damaged_in(root: &Path, name: &str, depth: usize) -> Option<String> {
    let entries = fs::read_dir(root.join(name)).ok()?;
    entries.flatten().find_map(|entry| {
        let name = format!("{name}/{}", entry.file_name().to_string_lossy());
        match entry.file_type().ok()? {
            kind if kind.is_dir() => {
                depth.checked_sub(1).and_then(|depth| damaged_in(root, &name, depth))
            }
            // A ref that is being written.
            _ if name.ends_with(".lock") => None,
            _ => {
                // One that was deleted meanwhile is no ref any more.
                let content = fs::read(entry.path()).ok()?;
                (!is_ref(&content)).then_some(name)
            }
        }
    })
}

fn is_ref(content: &[u8]) -> bool {
    content.starts_with(b"ref:") || read_hex(content.trim_ascii()).is_some()
}

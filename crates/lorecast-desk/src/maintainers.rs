//! The kernel's MAINTAINERS file, from wherever the show says it is.

use std::collections::HashSet;

use camino::{Utf8Path, Utf8PathBuf};
use git2::{Commit, ErrorCode, Oid, Repository, Tree};
use jiff::Timestamp;
use lorecast_drafter::{Maintainers, Surroundings};
use lorecast_model::ShowMaintainers;

use crate::{DeskError, Result};

/// The file is under a megabyte, and so is a list of folders; what is larger is something else.
const LARGEST: u64 = 8 << 20;

/// How many commits are looked at to find the last one before a date: decades of a busy branch.
const COMMITS: usize = 400_000;

/// The script reads patches as UTF-8 when it says this.
const READS_UTF8: &str = "encoding(UTF-8)";

/// Reads the MAINTAINERS file that a show names; its paths are resolved already.
///
/// - A git repository, bare or not, is asked for the newest commit before `before`: of the branch
///   that is named, else of HEAD, along first parents, so that a merge counts from when it was made.
///   Of a clone that begins later, its oldest commit is taken.
/// - A folder that is no repository holds the file.
/// - Otherwise it is the file itself.
///
/// Folders of the tree are known from the commit, from the folder around the file when it is a
/// kernel's, or from the list that the show names.
pub(crate) fn read(from: &ShowMaintainers, before: Option<Timestamp>) -> Result<Maintainers> {
    let fail = |message: String| DeskError::Maintainers { path: from.path.clone(), message };
    if !from.path.exists() {
        return Err(fail("there is nothing".to_owned()));
    }
    let listed = from.folders.as_deref().map(listed).transpose()?;
    let read = match (from.path.is_dir(), Repository::open(&from.path)) {
        (true, Ok(repository)) => {
            let branch = from.branch.as_deref();
            from_commit(&repository, branch, before, listed.as_ref()).map_err(fail)?
        }
        (true, Err(error)) if error.code() != ErrorCode::NotFound => {
            return Err(fail(error.message().to_owned()));
        }
        (true, Err(_)) if !from.path.join("MAINTAINERS").is_file() => {
            return Err(fail("it is no git repository and holds no such file".to_owned()));
        }
        (true, Err(_)) => from_file(&from.path.join("MAINTAINERS"), listed.as_ref())?,
        (false, _) => from_file(&from.path, listed.as_ref())?,
    };
    read.map_err(|error| fail(error.to_string()))
}

/// A file at the top of such a tree, or the file itself, as it is now; nothing when the tree has none
/// of that name.
pub(crate) fn file_beside(
    from: &ShowMaintainers,
    name: &str,
) -> std::result::Result<Option<Vec<u8>>, String> {
    let said = |error: git2::Error| error.message().to_owned();
    let repository = match (from.path.is_dir(), Repository::open(&from.path)) {
        (true, Ok(repository)) => repository,
        (true, Err(error)) if error.code() != ErrorCode::NotFound => return Err(said(error)),
        (true, Err(_)) => return bytes_at(&from.path.join(name)),
        (false, _) => return bytes_at(&from.path),
    };
    let tree = tip(&repository, from.branch.as_deref())?.tree().map_err(said)?;
    bytes_of(&repository, &tree, name)
}

fn bytes_at(file: &Utf8Path) -> std::result::Result<Option<Vec<u8>>, String> {
    let said = |error: std::io::Error| error.to_string();
    match std::fs::metadata(file) {
        Ok(found) if found.len() > LARGEST => Err(too_large(found.len())),
        Ok(_) => std::fs::read(file).map(Some).map_err(said),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(said(error)),
    }
}

type Read = std::result::Result<Maintainers, lorecast_drafter::DraftError>;

fn from_file(file: &Utf8Path, listed: Option<&HashSet<String>>) -> Result<Read> {
    let text = text_of(file)?;
    let around = file.parent().filter(|folder| is_kernel(folder));
    let is_folder = |path: &str| match (listed, around) {
        (Some(listed), _) => Some(listed.contains(path)),
        (None, Some(folder)) => Some(folder.join(path).is_dir()),
        (None, None) => None,
    };
    let script = around.map(|folder| folder.join("scripts/get_maintainer.pl"));
    let script = script.and_then(|script| text_of(&script).ok());
    let characters = script.is_none_or(|script| script.contains(READS_UTF8));
    Ok(Maintainers::read(&text, &Surroundings { is_folder: &is_folder, characters }))
}

/// Whether a folder is the top of a kernel tree, by some of the names that the script looks for.
fn is_kernel(folder: &Utf8Path) -> bool {
    ["Documentation", "arch", "kernel", "scripts"].iter().all(|name| folder.join(name).is_dir())
}

/// A list of folders, one a line.
fn listed(file: &Utf8Path) -> Result<HashSet<String>> {
    let text = text_of(file)?;
    Ok(text.lines().map(|line| line.trim().trim_end_matches('/').to_owned()).collect())
}

fn text_of(file: &Utf8Path) -> Result<String> {
    let fail = |message: String| DeskError::Maintainers { path: file.to_owned(), message };
    let size = std::fs::metadata(file).map_err(|error| fail(error.to_string()))?.len();
    if size > LARGEST {
        return Err(fail(too_large(size)));
    }
    let bytes = std::fs::read(file).map_err(|error| fail(error.to_string()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn too_large(size: u64) -> String {
    format!("it has {size} bytes, far more than such a file")
}

fn from_commit(
    repository: &Repository,
    branch: Option<&str>,
    before: Option<Timestamp>,
    listed: Option<&HashSet<String>>,
) -> std::result::Result<Read, String> {
    let said = |error: git2::Error| error.message().to_owned();
    let tip = tip(repository, branch)?;
    let commit = match before {
        Some(before) => newest_before(repository, tip, before).map_err(said)?,
        None => tip,
    };
    let tree = commit.tree().map_err(said)?;
    let Some(text) = blob(repository, &tree, "MAINTAINERS")? else {
        return Err(format!("the commit {} has no such file", &commit.id().to_string()[..12]));
    };
    let is_folder = |path: &str| match listed {
        Some(listed) => Some(listed.contains(path)),
        None => Some(is_tree(&tree, path)),
    };
    let script = blob(repository, &tree, "scripts/get_maintainer.pl")?;
    let characters = script.is_none_or(|script| script.contains(READS_UTF8));
    Ok(Maintainers::read(&text, &Surroundings { is_folder: &is_folder, characters }))
}

/// The commit of the branch (or tag, or remote branch) named, or of HEAD.
fn tip<'a>(
    repository: &'a Repository,
    branch: Option<&str>,
) -> std::result::Result<Commit<'a>, String> {
    let Some(name) = branch else {
        let head = repository.head().and_then(|head| head.peel_to_commit());
        return head.map_err(|error| match error.code() {
            ErrorCode::UnbornBranch => "it has no commit yet".to_owned(),
            ErrorCode::NotFound => "its HEAD names a branch that does not exist".to_owned(),
            _ => error.message().to_owned(),
        });
    };
    let found = repository.resolve_reference_from_short_name(name).or_else(|_| {
        repository.resolve_reference_from_short_name(&format!("refs/remotes/origin/{name}"))
    });
    found
        .and_then(|reference| reference.peel_to_commit())
        .map_err(|_| format!("it has no branch `{name}`"))
}

/// Goes back along first parents to the newest commit before a moment, or to the oldest there is.
fn newest_before<'a>(
    repository: &'a Repository,
    tip: Commit<'a>,
    before: Timestamp,
) -> std::result::Result<Commit<'a>, git2::Error> {
    let mut commit = tip;
    for _ in 0..COMMITS {
        if commit.time().seconds() < before.as_second() {
            break;
        }
        let Ok(parent) = commit.parent_id(0) else { break };
        match repository.find_commit(parent) {
            Ok(parent) => commit = parent,
            // Where a shallow clone ends.
            Err(error) if error.code() == ErrorCode::NotFound && repository.is_shallow() => break,
            Err(error) => return Err(error),
        }
    }
    Ok(commit)
}

fn blob(
    repository: &Repository,
    tree: &Tree,
    path: &str,
) -> std::result::Result<Option<String>, String> {
    let bytes = bytes_of(repository, tree, path)?;
    Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

fn bytes_of(
    repository: &Repository,
    tree: &Tree,
    path: &str,
) -> std::result::Result<Option<Vec<u8>>, String> {
    let id: Oid = match tree.get_path(path.as_ref()) {
        Ok(entry) => entry.id(),
        Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
        Err(error) => return Err(error.message().to_owned()),
    };
    let blob = repository.find_blob(id).map_err(|error| error.message().to_owned())?;
    match u64::try_from(blob.size()) {
        Ok(size) if size <= LARGEST => Ok(Some(blob.content().to_vec())),
        _ => Err(too_large(blob.size() as u64)),
    }
}

fn is_tree(tree: &Tree, path: &str) -> bool {
    tree.get_path(Utf8PathBuf::from(path).as_std_path())
        .is_ok_and(|entry| entry.kind() == Some(git2::ObjectType::Tree))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]
mod tests {
    use lorecast_testkit::tree::{Repo, START};

    use super::*;

    const FIRST: &str = "RINGS\nF:\trings\n\nTHE REST\nF:\t*\nF:\t*/\n";
    const LATER: &str = "RINGS AND WHEELS\nF:\trings/\n";

    /// A tree whose MAINTAINERS changed after a day, and the room it lies in.
    fn tree() -> (tempfile::TempDir, Utf8PathBuf) {
        let room = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(room.path()).unwrap().join("linux");
        let repo = Repo::new(&path);
        let file = |text: &str| repo.commit("a").file("MAINTAINERS", text).file("rings/a.c", text);
        file(FIRST).at(START).make();
        file(LATER).at(START + 86_400).make();
        (room, path)
    }

    fn check(path: &Utf8Path, branch: Option<&str>, after: i64, file: &str) -> String {
        let from = ShowMaintainers {
            path: path.to_owned(),
            branch: branch.map(str::to_owned),
            folders: None,
        };
        let before = Timestamp::from_second(START + after).ok();
        match read(&from, before) {
            Ok(maintainers) => maintainers.of([file]).join(" | "),
            Err(error) => error.to_string().replace(path.parent().unwrap().as_str(), "ROOM"),
        }
    }

    #[test]
    fn a_tree_is_asked_for_the_day() {
        let (_room, path) = tree();
        assert_eq!(check(&path, None, 86_400, "rings/a.c"), "RINGS | THE REST");
        assert_eq!(check(&path, None, 86_401, "rings/a.c"), "RINGS AND WHEELS");
        assert_eq!(check(&path, Some("master"), 90_000, "rings/a.c"), "RINGS AND WHEELS");
        assert_eq!(check(&path, None, -5, "rings/a.c"), "RINGS | THE REST", "the oldest there is");
        assert_eq!(check(&path, None, 5, "rings.c"), "THE REST", "the tree says it is a folder");
        let bare = path.with_file_name("bare.git");
        lorecast_testkit::git::run(&path, &["clone", "-q", "--bare", ".", bare.as_str()], b"");
        assert_eq!(check(&bare, None, 86_400, "rings/a.c"), "RINGS | THE REST");
    }

    #[test]
    fn a_file_or_a_folder_will_do() {
        let room = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(room.path()).unwrap();
        let file = folder.join("MAINTAINERS");
        std::fs::write(&file, FIRST).unwrap();
        assert_eq!(check(&file, None, 0, "rings/a.c"), "RINGS | THE REST");
        assert_eq!(check(folder, None, 0, "rings.c"), "RINGS | THE REST", "nobody knows");
        let list = folder.join("folders.txt");
        std::fs::write(&list, "rings/\n").unwrap();
        let from = ShowMaintainers { path: file, branch: None, folders: Some(list) };
        assert_eq!(read(&from, None).unwrap().of(["rings.c"]), ["THE REST"]);
    }

    #[test]
    fn what_is_wrong_is_said_with_the_next_step() {
        let (room, path) = tree();
        let folder = Utf8Path::from_path(room.path()).unwrap();
        let said = |path: &Utf8Path, branch| check(path, branch, 0, "a");
        insta::assert_snapshot!(said(&folder.join("none"), None), @"cannot read MAINTAINERS from `ROOM/none`: there is nothing; correct or delete `maintainers:` in `show.yaml`");
        insta::assert_snapshot!(said(&path, Some("absent")), @"cannot read MAINTAINERS from `ROOM/linux`: it has no branch `absent`; correct or delete `maintainers:` in `show.yaml`");
        std::fs::create_dir(folder.join("empty")).unwrap();
        insta::assert_snapshot!(said(&folder.join("empty"), None), @"cannot read MAINTAINERS from `ROOM/empty`: it is no git repository and holds no such file; correct or delete `maintainers:` in `show.yaml`");
        std::fs::write(folder.join("text"), "Dear all,\n").unwrap();
        insta::assert_snapshot!(said(&folder.join("text"), None), @"cannot read MAINTAINERS from `ROOM/text`: no section with an `F:` line was found in MAINTAINERS: give the file of a kernel tree; correct or delete `maintainers:` in `show.yaml`");
        let fresh = folder.join("fresh");
        Repo::new(&fresh);
        insta::assert_snapshot!(said(&fresh, None), @"cannot read MAINTAINERS from `ROOM/fresh`: it has no commit yet; correct or delete `maintainers:` in `show.yaml`");
        let other = folder.join("other");
        Repo::new(&other).commit("a").file("a", "a").at(START).make();
        insta::assert_snapshot!(said(&other, None).replace(|c: char| c.is_ascii_digit(), "0"), @"cannot read MAINTAINERS from `ROOM/other`: the commit cce0d0c00000 has no such file; correct or delete `maintainers:` in `show.yaml`");
        std::fs::write(path.join(".git/HEAD"), "ref: refs/heads/gone\n").unwrap();
        insta::assert_snapshot!(said(&path, None), @"cannot read MAINTAINERS from `ROOM/linux`: it has no commit yet; correct or delete `maintainers:` in `show.yaml`");
    }
}

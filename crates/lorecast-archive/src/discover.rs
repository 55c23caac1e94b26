//! Finds the archives behind a path.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::ListId;

use crate::reader::Kind;
use crate::{Archive, ArchiveError, git, mbox};

/// Finds what there is to read behind a path:
/// - an mbox file, plain or gzip (told by its content, not by its name);
/// - a git repository, bare or with a work tree: one epoch of a public-inbox v2 archive;
/// - a folder with `git/0.git`, `git/1.git`, …: all its epochs in order;
/// - a folder of such things: all of them, sorted by name.
///
/// Without a `list`, the name decides when it is a List-Id with a suffix at most, such as
/// `linux-pci.vger.kernel.org.git`.
///
/// # Errors
/// When nothing is there, or what is there is not mail.
pub fn discover(path: &Utf8Path, list: Option<&ListId>) -> Result<Vec<Archive>, ArchiveError> {
    let io = |source| ArchiveError::Io { path: path.to_owned(), source };
    let about = match fs::metadata(path) {
        Ok(about) => about,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            return Err(ArchiveError::NotFound { path: path.to_owned() });
        }
        Err(source) => return Err(io(source)),
    };
    if !about.is_dir() {
        mbox::expect_mail(path)?;
        return Ok(vec![archive(path, list, Kind::Mbox)]);
    }
    if git::is_repository(path) {
        git::expect_mail(path)?;
        return Ok(vec![archive(path, list, Kind::Epoch)]);
    }
    let epochs = epochs(path).map_err(io)?;
    let found = if epochs.is_empty() {
        below(path, list).map_err(io)?
    } else {
        with_mail(epochs.iter().map(|epoch| archive(epoch, list, Kind::Epoch)))
    };
    match found.is_empty() {
        true => Err(ArchiveError::NothingIn { path: path.to_owned() }),
        false => Ok(found),
    }
}

/// The archives in a folder; what is none is passed over, what is broken with a warning.
fn below(folder: &Utf8Path, list: Option<&ListId>) -> std::io::Result<Vec<Archive>> {
    let mut found = Vec::new();
    for path in entries(folder)? {
        if path.is_dir() {
            if git::is_repository(&path) {
                found.extend(with_mail([archive(&path, list, Kind::Epoch)]));
            } else {
                let epochs = epochs(&path)?;
                found.extend(with_mail(epochs.iter().map(|e| archive(e, list, Kind::Epoch))));
            }
        } else if is_mbox_name(&path) {
            found.extend(with_mail([archive(&path, list, Kind::Mbox)]));
        }
    }
    Ok(found)
}

fn with_mail(archives: impl IntoIterator<Item = Archive>) -> Vec<Archive> {
    let check = |archive: &Archive| match archive.kind {
        Kind::Mbox => mbox::expect_mail(&archive.path),
        Kind::Epoch => git::expect_mail(&archive.path),
    };
    let kept = archives.into_iter().filter(|archive| match check(archive) {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!("passed over: {error}");
            false
        }
    });
    kept.collect()
}

/// `git/0.git`, `git/1.git`, … of an inbox folder, by number.
fn epochs(inbox: &Utf8Path) -> std::io::Result<Vec<Utf8PathBuf>> {
    let folder = inbox.join("git");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut numbered: Vec<(u32, Utf8PathBuf)> = entries(&folder)?
        .into_iter()
        .filter_map(|path| Some((epoch_number(&path)?, path)))
        .filter(|(_, path)| git::is_repository(path))
        .collect();
    numbered.sort();
    Ok(numbered.into_iter().map(|(_, path)| path).collect())
}

fn epoch_number(path: &Utf8Path) -> Option<u32> {
    path.file_name()?.strip_suffix(".git")?.parse().ok()
}

fn entries(folder: &Utf8Path) -> std::io::Result<Vec<Utf8PathBuf>> {
    let mut paths = Vec::new();
    for entry in folder.read_dir_utf8()? {
        paths.push(entry?.into_path());
    }
    paths.sort();
    Ok(paths)
}

fn is_mbox_name(path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.ends_with(".mbox") || name.ends_with(".mbox.gz")
}

fn archive(path: &Utf8Path, list: Option<&ListId>, kind: Kind) -> Archive {
    let list = list.cloned().or_else(|| list_of_name(path));
    Archive { path: path.to_owned(), list, kind }
}

/// The list that a file or folder is named after. An epoch, `0.git`, has the name of its inbox.
fn list_of_name(path: &Utf8Path) -> Option<ListId> {
    let path = path.canonicalize_utf8().unwrap_or_else(|_| path.to_owned());
    let named = match epoch_number(&path) {
        Some(_) => path.parent().filter(|parent| parent.file_name() == Some("git"))?.parent()?,
        None => path.as_path(),
    };
    let mut name = named.file_name()?;
    for suffix in [".gz", ".git", ".mbox"] {
        name = name.strip_suffix(suffix).unwrap_or(name);
    }
    let domain = name.rsplit('.').next()?.bytes().all(|b| b.is_ascii_alphabetic());
    if name.matches('.').count() < 2 || !domain {
        return None;
    }
    ListId::new(name).ok()
}

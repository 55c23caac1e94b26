//! Finds the archives behind a path.

use std::fs;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::ListId;

use crate::archive::{Hints, Kind};
use crate::{Archive, ArchiveError, file, git, maildir};

/// Finds what there is to read behind a path. Content decides, not the name:
/// - an mbox file or a single mail, plain or packed with gzip, xz or zstd;
/// - a Maildir;
/// - a git repository, bare or with a work tree: one epoch of a public-inbox v2 archive, or a v1
///   inbox;
/// - a folder with `git/0.git`, `git/1.git`, …: all its epochs in order;
/// - a folder of such things: all of them, sorted by name.
///
/// Without a list among the hints, the name decides when it is a List-Id with a suffix at most,
/// such as `linux-pci.vger.kernel.org.git`.
///
/// # Errors
/// When nothing is there, or what is there is not mail.
pub fn discover(path: &Utf8Path, hints: &Hints) -> Result<Vec<Archive>, ArchiveError> {
    let io = |source| ArchiveError::Io { path: path.to_owned(), source };
    match fs::metadata(path) {
        Ok(about) if about.is_dir() => {}
        Ok(_) => return Ok(vec![archive(path, file::kind(path)?, hints)]),
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            return Err(ArchiveError::NotFound { path: path.to_owned() });
        }
        Err(source) => return Err(io(source)),
    }
    if git::is_repository(path) {
        return Ok(vec![archive(path, Kind::Git(git::layout(path)?), hints)]);
    }
    let mut found = folder(path, hints).map_err(io)?;
    if found.is_empty() {
        found = below(path, hints).map_err(io)?;
    }
    match found.is_empty() {
        true => Err(ArchiveError::NothingIn { path: path.to_owned() }),
        false => Ok(found),
    }
}

/// The epochs of an inbox's folder, by number.
pub(crate) fn epochs(inbox: &Utf8Path) -> io::Result<Vec<(u32, Utf8PathBuf)>> {
    let folder = inbox.join("git");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut numbered: Vec<(u32, Utf8PathBuf)> = entries(&folder)?
        .into_iter()
        .filter_map(|path| Some((epoch_number(path.file_name()?)?, path)))
        .filter(|(_, path)| git::is_repository(path))
        .collect();
    numbered.sort();
    Ok(numbered)
}

/// The number in `0.git`.
pub(crate) fn epoch_number(name: &str) -> Option<u32> {
    let number = name.strip_suffix(".git")?;
    number.parse().ok().filter(|n: &u32| n.to_string() == number)
}

/// What a folder is itself: a repository, a Maildir or an inbox.
fn folder(path: &Utf8Path, hints: &Hints) -> io::Result<Vec<Archive>> {
    if git::is_repository(path) {
        return Ok(repositories([path.to_owned()], hints));
    }
    if maildir::is_maildir(path) {
        return Ok(vec![archive(path, Kind::Maildir, hints)]);
    }
    Ok(repositories(epochs(path)?.into_iter().map(|(_, path)| path), hints))
}

/// The archives in a folder; what is none is passed over, what is broken with a warning.
fn below(path: &Utf8Path, hints: &Hints) -> io::Result<Vec<Archive>> {
    let mut found = Vec::new();
    for path in entries(path)? {
        let name = path.file_name().unwrap_or_default();
        // `.part` is a clone that was interrupted.
        if path.is_dir() && !name.ends_with(".part") {
            found.extend(folder(&path, hints)?);
        } else if is_mail_name(name) && path.is_file() {
            let kind = passed_over(file::kind(&path));
            found.extend(kind.map(|kind| archive(&path, kind, hints)));
        }
    }
    Ok(found)
}

fn repositories(paths: impl IntoIterator<Item = Utf8PathBuf>, hints: &Hints) -> Vec<Archive> {
    let archive = |path: Utf8PathBuf| {
        let layout = passed_over(git::layout(&path))?;
        Some(archive(&path, Kind::Git(layout), hints))
    };
    paths.into_iter().filter_map(archive).collect()
}

fn passed_over<T>(kind: Result<T, ArchiveError>) -> Option<T> {
    kind.inspect_err(|error| tracing::warn!("passed over: {error}")).ok()
}

/// What is in a folder, by name. A name that is not UTF-8 is passed over with a warning.
pub(crate) fn entries(folder: &Utf8Path) -> io::Result<Vec<Utf8PathBuf>> {
    let mut paths = Vec::new();
    for entry in folder.read_dir_utf8()? {
        match entry {
            Ok(entry) => paths.push(entry.into_path()),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                tracing::warn!("passed over in `{folder}`: {error}");
            }
            Err(error) => return Err(error),
        }
    }
    paths.sort();
    Ok(paths)
}

const PACKED: [&str; 3] = [".gz", ".xz", ".zst"];

fn is_mail_name(name: &str) -> bool {
    let name = PACKED.iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(name);
    name.ends_with(".mbox") || name.ends_with(".eml")
}

fn archive(path: &Utf8Path, kind: Kind, hints: &Hints) -> Archive {
    let list = hints.list.clone().or_else(|| list_of_name(path));
    Archive { path: path.to_owned(), list, kind, form: hints.form }
}

/// The list that a file or folder is named after. An epoch, `0.git`, has the name of its inbox, and
/// so has the `all.git` of a mirror.
fn list_of_name(path: &Utf8Path) -> Option<ListId> {
    let path = path.canonicalize_utf8().unwrap_or_else(|_| path.to_owned());
    let named = match path.file_name()? {
        "all.git" => path.parent()?,
        name if epoch_number(name).is_some() => {
            path.parent().filter(|parent| parent.file_name() == Some("git"))?.parent()?
        }
        _ => path.as_path(),
    };
    let mut name = named.file_name()?;
    for suffix in PACKED.iter().chain(&[".git", ".mbox", ".eml"]) {
        name = name.strip_suffix(suffix).unwrap_or(name);
    }
    let domain = name.rsplit('.').next()?.bytes().all(|b| b.is_ascii_alphabetic());
    if name.matches('.').count() < 2 || !domain {
        return None;
    }
    ListId::new(name).ok()
}

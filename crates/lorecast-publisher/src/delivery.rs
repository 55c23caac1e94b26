//! Puts files in their places: whole or not at all, only when they change, and nobody else's.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Write};

use camino::{Utf8Path, Utf8PathBuf};

use crate::PublishError;

/// The list of what we wrote, one path a line. Only files named there are ever removed.
pub(crate) const MANIFEST: &str = ".lorecast-files";

/// The longest manifest that is read, in bytes.
const MANIFEST_LIMIT: u64 = 16 << 20;

/// A file of the published folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its place below the folder.
    pub path: Utf8PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// False when it already was as it should be.
    pub changed: bool,
}

/// A file to be written.
pub(crate) struct Planned<'a> {
    pub(crate) path: Utf8PathBuf,
    pub(crate) content: Content<'a>,
}

impl Planned<'_> {
    pub(crate) fn new(path: impl Into<Utf8PathBuf>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), content: Content::Bytes(bytes.into()) }
    }
}

/// What a file holds.
pub(crate) enum Content<'a> {
    Bytes(Vec<u8>),
    /// The content of another file, which must have this many bytes.
    Copy {
        from: Cow<'a, Utf8Path>,
        bytes: u64,
    },
}

/// Writes the planned files in their order, then removes what an earlier delivery wrote and this
/// one did not plan.
pub(crate) fn deliver(
    plan: Vec<Planned>,
    out: &Utf8Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Vec<Written>, PublishError> {
    let planned = distinct(&plan)?;
    fs::create_dir_all(out).map_err(PublishError::file("create", out))?;
    let earlier = read_manifest(out)?;
    refuse_foreign(&plan, &earlier, out)?;
    // Both lists until we are done: an interrupted delivery leaves nothing that the next does not know.
    write_manifest(out, earlier.union(&planned))?;
    let total = plan.len() as u64;
    let mut written = Vec::with_capacity(plan.len());
    for (done, file) in plan.into_iter().enumerate() {
        progress(done as u64, total);
        written.push(put(file, out)?);
    }
    for stale in earlier.difference(&planned) {
        remove(stale, out)?;
    }
    write_manifest(out, planned.iter())?;
    progress(total, total);
    Ok(written)
}

fn distinct(plan: &[Planned]) -> Result<BTreeSet<Utf8PathBuf>, PublishError> {
    let mut seen = BTreeSet::new();
    for file in plan {
        if !seen.insert(file.path.clone()) {
            return Err(PublishError::Twice { path: file.path.clone() });
        }
    }
    Ok(seen)
}

fn refuse_foreign(
    plan: &[Planned],
    earlier: &BTreeSet<Utf8PathBuf>,
    out: &Utf8Path,
) -> Result<(), PublishError> {
    for file in plan.iter().filter(|f| !earlier.contains(&f.path)) {
        let path = out.join(&file.path);
        if path.symlink_metadata().is_ok() && !is_already(&file.content, &path) {
            return Err(PublishError::Foreign { path });
        }
    }
    Ok(())
}

fn put(file: Planned, out: &Utf8Path) -> Result<Written, PublishError> {
    let path = out.join(&file.path);
    let bytes = match &file.content {
        Content::Bytes(bytes) => bytes.len() as u64,
        Content::Copy { bytes, .. } => *bytes,
    };
    let changed = !is_already(&file.content, &path);
    if changed {
        let folder = path.parent().unwrap_or(out);
        fs::create_dir_all(folder).map_err(PublishError::file("create", folder))?;
        replace(&file.content, &path).map_err(PublishError::file("write", &path))?;
    }
    Ok(Written { path: file.path, bytes, changed })
}

fn is_already(content: &Content, path: &Utf8Path) -> bool {
    let Ok(there) = path.symlink_metadata() else { return false };
    if !there.is_file() {
        return false;
    }
    match content {
        Content::Bytes(bytes) => {
            there.len() == bytes.len() as u64 && fs::read(path).is_ok_and(|old| &old == bytes)
        }
        Content::Copy { from, bytes } => {
            there.len() == *bytes && same_bytes(from, path).unwrap_or(false)
        }
    }
}

fn same_bytes(one: &Utf8Path, other: &Utf8Path) -> io::Result<bool> {
    let (mut one, mut other) = (File::open(one)?, File::open(other)?);
    let (mut a, mut b) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let n = one.read(&mut a)?;
        if n == 0 {
            return Ok(other.read(&mut b)? == 0);
        }
        other.read_exact(&mut b[..n])?;
        if a[..n] != b[..n] {
            return Ok(false);
        }
    }
}

/// Writes beside the place, brings it to the disk, and renames.
fn replace(content: &Content, path: &Utf8Path) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Utf8Path::new("."));
    let mut file =
        readable_by_all(&mut tempfile::Builder::new()).prefix(".lorecast-").tempfile_in(folder)?;
    match content {
        Content::Bytes(bytes) => file.write_all(bytes)?,
        Content::Copy { from, bytes } => {
            // One more than expected is enough to notice a file that grows under our hands.
            let copied = io::copy(&mut File::open(from.as_std_path())?.take(bytes + 1), &mut file)?;
            if copied != *bytes {
                return Err(io::Error::other(format!("`{from}` changed while it was copied")));
            }
        }
    }
    file.as_file().sync_all()?;
    file.persist(path).map_err(|e| e.error)?;
    sync_folder(folder)
}

/// Temporary files are private; published ones are for the web server too (the umask still applies).
#[cfg(unix)]
fn readable_by_all<'a, 'b, 'c>(
    builder: &'c mut tempfile::Builder<'a, 'b>,
) -> &'c mut tempfile::Builder<'a, 'b> {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_all<'a, 'b, 'c>(
    builder: &'c mut tempfile::Builder<'a, 'b>,
) -> &'c mut tempfile::Builder<'a, 'b> {
    builder
}

#[cfg(unix)]
fn sync_folder(folder: &Utf8Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Utf8Path) -> io::Result<()> {
    Ok(())
}

/// Removes a file that we wrote earlier, and the folders that it leaves empty. A file that the
/// user replaced by a link or a folder, or that lies behind a link, is not ours any more.
fn remove(stale: &Utf8Path, out: &Utf8Path) -> Result<(), PublishError> {
    let path = out.join(stale);
    let behind_link = stale.ancestors().skip(1).any(|a| out.join(a).is_symlink() && a != "");
    let ours = path.symlink_metadata().is_ok_and(|m| m.is_file()) && !behind_link;
    if ours {
        fs::remove_file(&path).map_err(PublishError::file("remove", &path))?;
        for folder in stale.ancestors().skip(1).filter(|a| *a != "") {
            if fs::remove_dir(out.join(folder)).is_err() {
                break;
            }
        }
    }
    Ok(())
}

/// What we wrote earlier. Lines that could lead out of the folder are not believed.
fn read_manifest(out: &Utf8Path) -> Result<BTreeSet<Utf8PathBuf>, PublishError> {
    let path = out.join(MANIFEST);
    let mut text = String::new();
    match File::open(&path) {
        Ok(file) => file.take(MANIFEST_LIMIT).read_to_string(&mut text),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(e) => Err(e),
    }
    .map_err(PublishError::file("read", &path))?;
    Ok(text.lines().filter(|line| crate::address::is_plain_path(line)).map(Into::into).collect())
}

fn write_manifest<'a>(
    out: &Utf8Path,
    files: impl Iterator<Item = &'a Utf8PathBuf>,
) -> Result<(), PublishError> {
    let text: String = files.map(|path| format!("{path}\n")).collect();
    put(Planned::new(MANIFEST, text), out).map(drop)
}

//! Puts files in their places: all or none, only when they change, and nobody else's. Here, those of a
//! folder; in `shipping`, those of storage that speaks S3.

mod bucket;
mod media;
mod parcel;
mod part;
mod remembered;
mod shipping;
mod transport;
mod tree;
mod unfinished;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

pub use bucket::{Keys, Storage, is_storage};
pub use media::{Media, MediaFile};
pub use parcel::{Parcel, Turn};
pub(crate) use part::part;
pub use shipping::Shipment;

use crate::PublishError;
use crate::memory::Stamp;
use tree::Tree;

/// The list of what we wrote, one path a line. Only files named there are ever removed.
pub(crate) const MANIFEST: &str = ".lorecast-files";

/// So many files are written, each brought to the disk, before progress is told again.
const AT_ONCE: usize = 128;

/// So many writers wait for the disk side by side: it brings to itself at once what several ask for.
const WRITERS: usize = 16;

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
    /// Whether nothing was there before.
    pub new: bool,
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

    pub(crate) fn bytes(&self) -> u64 {
        match &self.content {
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::Copy { bytes, .. } => *bytes,
            Content::Kept { stamp, .. } => stamp.bytes(),
        }
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
    /// What it holds already: nothing that it is made from changed.
    Kept {
        /// The published file.
        at: Utf8PathBuf,
        stamp: Stamp,
    },
}

/// What a delivery does, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// Every file of the site.
    pub files: Vec<Written>,
    /// What an earlier delivery wrote and this one takes away.
    pub removed: Vec<Utf8PathBuf>,
}

/// A delivery that stands in a tree of its own, and is not out yet. Dropped, it leaves the folder as it was.
pub(crate) struct Stage {
    delivery: Delivery,
    /// `None` when the folder is already as it should be.
    tree: Option<Tree>,
    folder: Utf8PathBuf,
    /// The lock on the folder.
    _busy: File,
}

/// Writes the planned files into a tree that stands ready to take the place of the folder. What an earlier
/// delivery wrote and this one did not plan is not in it; what others put into the folder is.
pub(crate) fn stage(
    plan: Vec<Planned>,
    out: &Utf8Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Stage, PublishError> {
    let planned = distinct(&plan)?;
    let (folder, busy) = occupied(out)?;
    let delivery = compare(&plan, &folder)?;
    let stands = delivery.is_nothing() && read_manifest(&folder)? == planned;
    let tree = if stands {
        None
    } else {
        let tree = Tree::of(&folder, &delivery)?;
        write(plan, &delivery, tree.path(), &planned, progress)?;
        Some(tree)
    };
    Ok(Stage { delivery, tree, folder, _busy: busy })
}

impl Stage {
    /// The folder as it will be; `None` when it is so already.
    pub(crate) fn tree(&self) -> Option<&Utf8Path> {
        self.tree.as_ref().map(Tree::path)
    }

    /// What it does to the folder.
    pub(crate) fn delivery(&self) -> &Delivery {
        &self.delivery
    }

    /// Puts the tree in the place of the folder.
    pub(crate) fn go_out(self) -> Result<Delivery, PublishError> {
        if let Some(tree) = self.tree {
            tree.take_the_place_of(&self.folder, &self.delivery)?;
        }
        Ok(self.delivery)
    }

    /// Keeps the tree for somebody to look at, and says whether that was possible.
    pub(crate) fn keep(self, to: &Utf8Path) -> bool {
        self.tree.is_some_and(|tree| tree.keep(to).is_ok())
    }
}

/// What a delivery would do; nothing is written.
pub(crate) fn compare(plan: &[Planned], out: &Utf8Path) -> Result<Delivery, PublishError> {
    let planned = distinct(plan)?;
    let earlier = read_manifest(out)?;
    refuse_foreign(plan, &earlier, out)?;
    let files = plan.par_iter().map(|file| {
        let path = out.join(&file.path);
        if let Content::Kept { at, stamp } = &file.content
            && Stamp::of(at).as_ref() != Some(stamp)
        {
            // Somebody wrote there since the build looked.
            return Err(PublishError::Busy { path: out.to_owned() });
        }
        Ok(Written {
            bytes: file.bytes(),
            changed: !is_already(&file.content, &path),
            new: path.symlink_metadata().is_err(),
            path: file.path.clone(),
        })
    });
    let gone = |path: &&Utf8PathBuf| is_ours(path, out);
    let removed = earlier.difference(&planned).filter(gone).cloned();
    Ok(Delivery { files: files.collect::<Result<_, _>>()?, removed: removed.collect() })
}

impl Delivery {
    fn is_nothing(&self) -> bool {
        self.removed.is_empty() && !self.files.iter().any(|file| file.changed)
    }

    /// The files that it replaces or removes.
    fn touched(&self) -> BTreeSet<&Utf8Path> {
        let written = self.files.iter().filter(|file| file.changed).map(|file| file.path.as_path());
        written.chain(self.removed.iter().map(|removed| removed.as_path())).collect()
    }
}

/// Makes the folder if it is not there, and keeps others out of it.
fn occupied(out: &Utf8Path) -> Result<(Utf8PathBuf, File), PublishError> {
    fs::create_dir_all(out).map_err(PublishError::file("create", out))?;
    // It may be a link to where the web server looks.
    let folder = out.canonicalize_utf8().map_err(PublishError::file("read", out))?;
    let busy = lock(&folder)?;
    Ok((folder, busy))
}

/// One delivery at a time: the others are refused. The system takes the lock away with the process.
fn lock(out: &Utf8Path) -> Result<File, PublishError> {
    let folder = File::open(out).map_err(PublishError::file("read", out))?;
    match folder.try_lock() {
        Err(TryLockError::WouldBlock) => Err(PublishError::Busy { path: out.to_owned() }),
        // A file system without locks must not keep anybody from publishing.
        _ => Ok(folder),
    }
}

/// Writes what changed, and the list of all files.
fn write(
    plan: Vec<Planned>,
    delivery: &Delivery,
    tree: &Utf8Path,
    planned: &BTreeSet<Utf8PathBuf>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), PublishError> {
    let changed = plan.iter().zip(&delivery.files).filter(|(_, written)| written.changed);
    let changed: Vec<&Planned> = changed.map(|(file, _)| file).collect();
    let (mut done, total) = (0, changed.len() as u64);
    let writers = ThreadPoolBuilder::new().num_threads(WRITERS).build();
    let writers =
        writers.map_err(|error| PublishError::file("write", tree)(io::Error::other(error)))?;
    for some in changed.chunks(AT_ONCE) {
        progress(done, total);
        writers.install(|| put(some, tree))?;
        done += some.len() as u64;
    }
    progress(total, total);
    put_manifest(tree, planned.iter())
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

/// Writes files, and brings them and their folders to the disk.
fn put(files: &[&Planned], out: &Utf8Path) -> Result<(), PublishError> {
    files.par_iter().try_for_each(|file| {
        let path = out.join(&file.path);
        let folder = path.parent().unwrap_or(out);
        fs::create_dir_all(folder).map_err(PublishError::file("create", folder))?;
        replace(&file.content, &path).map_err(PublishError::file("write", &path))
    })?;
    let folders: BTreeSet<&Utf8Path> = files.iter().filter_map(|file| file.path.parent()).collect();
    folders.par_iter().try_for_each(|folder| {
        let folder = out.join(folder);
        sync_folder(&folder).map_err(PublishError::file("write", &folder))
    })
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
        Content::Kept { stamp, .. } => Stamp::of(path).as_ref() == Some(stamp),
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

/// Writes beside the place, brings that to the disk, and renames.
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
        // Where it stands as it was, it is never written.
        Content::Kept { at, .. } => drop(io::copy(&mut File::open(at)?, &mut file)?),
    }
    file.as_file().sync_all()?;
    file.persist(path).map_err(|e| e.error)?;
    Ok(())
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

/// Whether a file that we wrote earlier is still ours: the user may have replaced it by a link or a
/// folder, or a folder above it by a link.
fn is_ours(stale: &Utf8Path, out: &Utf8Path) -> bool {
    let behind_link = stale.ancestors().skip(1).any(|a| out.join(a).is_symlink() && a != "");
    out.join(stale).symlink_metadata().is_ok_and(|m| m.is_file()) && !behind_link
}

/// Removes a file, and the folders that it leaves empty.
fn remove(stale: &Utf8Path, out: &Utf8Path) -> Result<(), PublishError> {
    let path = out.join(stale);
    fs::remove_file(&path).map_err(PublishError::file("remove", &path))?;
    for folder in stale.ancestors().skip(1).filter(|a| *a != "") {
        if fs::remove_dir(out.join(folder)).is_err() {
            break;
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

fn put_manifest<'a>(
    out: &Utf8Path,
    files: impl Iterator<Item = &'a Utf8PathBuf>,
) -> Result<(), PublishError> {
    let text: String = files.map(|path| format!("{path}\n")).collect();
    put(&[&Planned::new(MANIFEST, text)], out)
}

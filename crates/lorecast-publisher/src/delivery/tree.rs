//! A new tree beside a published folder, and how it takes the folder's place.

use std::fs::{self, File};
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use super::{Delivery, MANIFEST, put_manifest, read_manifest, remove};
use crate::PublishError;

/// The folder of a tree that cannot stand beside the one it is made for.
const WITHIN: &str = ".lorecast-next";

/// A copy of a published folder in the making. It is taken away when it is dropped; so is, once the new
/// tree took its place, the old one.
pub(super) struct Tree {
    path: Utf8PathBuf,
    /// Whether it stands beside the folder, and can be exchanged with it.
    beside: bool,
}

impl Tree {
    /// Begins a tree with everything that stays: links to the same files, so that nothing is copied.
    pub(super) fn of(out: &Utf8Path, delivery: &Delivery) -> Result<Self, PublishError> {
        // The lock on the folder says that nobody works on what an interrupted delivery left.
        match beside(out) {
            Some(path) => Self { path, beside: true }.begin(out, delivery),
            None => Self::within(out, delivery),
        }
    }

    fn within(out: &Utf8Path, delivery: &Delivery) -> Result<Self, PublishError> {
        Self { path: out.join(WITHIN), beside: false }.begin(out, delivery)
    }

    fn begin(self, out: &Utf8Path, delivery: &Delivery) -> Result<Self, PublishError> {
        let tree = self;
        tree.clear();
        let touched = delivery.touched();
        let stays = |path: &Utf8Path| path != MANIFEST && !touched.contains(path);
        mirror(out, &tree.path, Utf8Path::new(""), &stays)
            .map_err(PublishError::file("build", &tree.path))?;
        Ok(tree)
    }

    pub(super) fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// Exchanges the two, when they stand beside each other: whoever looks sees the one or the other, whole.
    /// Else the files take their places one by one, in the order of the delivery, each whole.
    pub(super) fn take_the_place_of(
        self,
        out: &Utf8Path,
        delivery: &Delivery,
    ) -> Result<(), PublishError> {
        if !self.beside {
            return self.move_in(out, delivery);
        }
        exchange(&self.path, out).map_err(PublishError::file("replace", out))?;
        let parent = out.parent().unwrap_or(out);
        File::open(parent)
            .and_then(|folder| folder.sync_all())
            .or_else(unsupported)
            .map_err(PublishError::file("write", parent))
    }

    fn move_in(&self, out: &Utf8Path, delivery: &Delivery) -> Result<(), PublishError> {
        let planned = read_manifest(&self.path)?;
        // Both lists until we are done: an interrupted delivery leaves nothing that the next does not know.
        put_manifest(out, read_manifest(out)?.union(&planned))?;
        for file in delivery.files.iter().filter(|file| file.changed) {
            let to = out.join(&file.path);
            let folder = to.parent().unwrap_or(out);
            fs::create_dir_all(folder).map_err(PublishError::file("create", folder))?;
            let from = self.path.join(&file.path);
            fs::rename(from, &to).map_err(PublishError::file("write", &to))?;
        }
        delivery.removed.iter().try_for_each(|stale| remove(stale, out))?;
        put_manifest(out, planned.iter())
    }

    /// Moves the tree elsewhere, in the place of whatever was there.
    pub(super) fn keep(&self, to: &Utf8Path) -> io::Result<()> {
        if to.exists() {
            fs::remove_dir_all(to)?;
        }
        fs::create_dir_all(to.parent().unwrap_or(to))?;
        fs::rename(&self.path, to)
    }

    fn clear(&self) {
        // What cannot be cleared is found by whoever builds there.
        let _ = fs::remove_dir_all(&self.path);
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Where a tree can stand that is to be exchanged with a folder; `None` for the root of a file system, and
/// where nothing may be written beside the folder.
fn beside(out: &Utf8Path) -> Option<Utf8PathBuf> {
    let (parent, name) = (out.parent()?, out.file_name()?);
    if is_mounted(out, parent) {
        return None;
    }
    let probe = tempfile::Builder::new().prefix(".lorecast-").tempfile_in(parent);
    probe.ok().map(|_| parent.join(format!(".{name}.lorecast-next")))
}

/// Whether a folder is on another device than the one it lies in.
#[cfg(unix)]
fn is_mounted(folder: &Utf8Path, parent: &Utf8Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |path: &Utf8Path| fs::metadata(path).map(|found| found.dev()).ok();
    device(folder) != device(parent)
}

#[cfg(not(unix))]
fn is_mounted(_: &Utf8Path, _: &Utf8Path) -> bool {
    false
}

/// Not every system can bring a folder to the disk.
fn unsupported(_: io::Error) -> io::Result<()> {
    Ok(())
}

/// Rebuilds `from` below `to`: folders anew, files as links to the same file, links as they are. Folders
/// of which nothing stays are left out.
fn mirror(
    from: &Utf8Path,
    to: &Utf8Path,
    below: &Utf8Path,
    stays: &(dyn Fn(&Utf8Path) -> bool + Sync),
) -> io::Result<()> {
    fs::create_dir(to)?;
    fs::set_permissions(to, fs::metadata(from)?.permissions())?;
    let entries = from.read_dir_utf8()?.collect::<io::Result<Vec<_>>>()?;
    entries.par_iter().try_for_each(|entry| {
        let (kind, name) = (entry.file_type()?, entry.file_name());
        let (path, target) = (below.join(name), to.join(name));
        if path == WITHIN {
            return Ok(());
        }
        if kind.is_dir() {
            mirror(entry.path(), &target, &path, stays)?;
            let emptied = fs::read_dir(&target)?.next().is_none();
            if emptied && fs::read_dir(entry.path())?.next().is_some() {
                fs::remove_dir(&target)?;
            }
        } else if stays(&path) {
            link(entry.path(), &target, kind.is_symlink())?;
        }
        Ok(())
    })
}

fn link(from: &Utf8Path, to: &Utf8Path, is_symlink: bool) -> io::Result<()> {
    #[cfg(unix)]
    if is_symlink {
        return std::os::unix::fs::symlink(fs::read_link(from)?, to);
    }
    if is_symlink {
        return Err(io::Error::from(io::ErrorKind::Unsupported));
    }
    // Some systems and some owners allow no second name for a file.
    fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(drop))
}

/// One step on Linux and macOS; elsewhere two, the first of which is taken back when the second fails.
fn exchange(new: &Utf8Path, old: &Utf8Path) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, new.as_str(), CWD, old.as_str(), RenameFlags::EXCHANGE).is_ok() {
            return Ok(());
        }
    }
    let aside = new.with_extension("lorecast-old");
    fs::rename(old, &aside)?;
    match fs::rename(new, old) {
        Ok(()) => fs::rename(&aside, new),
        Err(error) => {
            fs::rename(&aside, old)?;
            Err(error)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Planned, compare, distinct, write};
    use super::*;

    /// Delivers these files through a tree within the folder.
    fn moved_in(out: &Utf8Path, files: &[(&str, &str)]) {
        let plan: Vec<Planned> =
            files.iter().map(|(path, text)| Planned::new(*path, *text)).collect();
        let (delivery, planned) = (compare(&plan, out).unwrap(), distinct(&plan).unwrap());
        let tree = Tree::within(out, &delivery).unwrap();
        write(plan, &delivery, tree.path(), &planned, &mut |_, _| {}).unwrap();
        tree.take_the_place_of(out, &delivery).unwrap();
    }

    #[test]
    fn where_folders_cannot_be_exchanged_files_take_their_places() {
        let folder = tempfile::tempdir().unwrap();
        let out = Utf8Path::from_path(folder.path()).unwrap();
        fs::write(out.join("CNAME"), "pod.example").unwrap();
        moved_in(out, &[("a/one.html", "1"), ("b/two.html", "2"), ("feed.xml", "old")]);
        moved_in(out, &[("a/one.html", "1"), ("c/three.html", "3"), ("feed.xml", "new")]);
        let mut names: Vec<_> =
            out.read_dir_utf8().unwrap().map(|e| e.unwrap().file_name().to_owned()).collect();
        names.sort();
        assert_eq!(names, [MANIFEST, "CNAME", "a", "c", "feed.xml"]);
        assert_eq!(fs::read_to_string(out.join("feed.xml")).unwrap(), "new");
        let manifest = read_manifest(out).unwrap().into_iter().map(Utf8PathBuf::into_string);
        assert_eq!(manifest.collect::<Vec<_>>(), ["a/one.html", "c/three.html", "feed.xml"]);
    }
}

//! A new tree beside a published folder, and how it takes the folder's place.

use std::fs::{self, File};
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Delivery, MANIFEST};
use crate::PublishError;

/// A copy of a published folder in the making. It is taken away when it is dropped; so is, once the new
/// tree took its place, the old one.
pub(super) struct Tree(Utf8PathBuf);

impl Tree {
    /// Begins a tree with everything that stays: links to the same files, so that nothing is copied.
    /// `None` when no tree can stand beside the folder.
    pub(super) fn beside(out: &Utf8Path, delivery: &Delivery) -> Option<Self> {
        let (parent, name) = (out.parent()?, out.file_name()?);
        let tree = Self(parent.join(format!(".{name}.lorecast-next")));
        // The lock on the folder says that nobody works on what an interrupted delivery left.
        tree.clear();
        let stays = |path: &Utf8Path| path != MANIFEST && !delivery.touches(path);
        mirror(out, &tree.0, Utf8Path::new(""), &stays).ok()?;
        Some(tree)
    }

    pub(super) fn path(&self) -> &Utf8Path {
        &self.0
    }

    /// Exchanges the two: whoever looks sees the one or the other, whole.
    pub(super) fn take_the_place_of(self, out: &Utf8Path) -> Result<(), PublishError> {
        exchange(&self.0, out).map_err(PublishError::file("replace", out))?;
        let parent = out.parent().unwrap_or(out);
        File::open(parent)
            .and_then(|folder| folder.sync_all())
            .or_else(unsupported)
            .map_err(PublishError::file("write", parent))
    }

    fn clear(&self) {
        // What cannot be cleared is found by whoever builds there.
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        self.clear();
    }
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
    stays: &dyn Fn(&Utf8Path) -> bool,
) -> io::Result<()> {
    fs::create_dir(to)?;
    fs::set_permissions(to, fs::metadata(from)?.permissions())?;
    for entry in from.read_dir_utf8()? {
        let entry = entry?;
        let (kind, name) = (entry.file_type()?, entry.file_name());
        let (path, target) = (below.join(name), to.join(name));
        if kind.is_dir() {
            mirror(entry.path(), &target, &path, stays)?;
            let emptied = fs::read_dir(&target)?.next().is_none();
            if emptied && fs::read_dir(entry.path())?.next().is_some() {
                fs::remove_dir(&target)?;
            }
        } else if stays(&path) {
            link(entry.path(), &target, kind.is_symlink())?;
        }
    }
    Ok(())
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

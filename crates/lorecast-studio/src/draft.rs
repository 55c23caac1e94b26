//! Outputs that are there whole or not at all.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use crate::{Result, StudioError};

/// An output in the making: `.master.wav.part` beside `master.wav`. Its name is fixed and it is
/// locked, so that a run which was killed leaves at most one such file, and the next run takes it
/// over instead of adding another. Dropped without [`Draft::publish`], it is removed.
pub(crate) struct Draft {
    target: Utf8PathBuf,
    part: Utf8PathBuf,
    file: File,
    published: bool,
}

impl Draft {
    pub(crate) fn create(target: &Utf8Path) -> Result<Self> {
        let folder = folder_of(target);
        let name = target.file_name().ok_or_else(|| StudioError::Recipe {
            message: format!("`{target}` is not the name of a file to write"),
        })?;
        let part = folder.join(format!(".{name}.part"));
        let file = open(folder, &part).map_err(|source| write_error(target, source))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { target: target.to_owned(), part, file, published: false }),
            Err(TryLockError::WouldBlock) => Err(StudioError::Busy { file: target.to_owned() }),
            Err(TryLockError::Error(source)) => Err(write_error(target, source)),
        }
    }

    /// The name under which it will be published; errors name it.
    pub(crate) fn target(&self) -> &Utf8Path {
        &self.target
    }

    /// Where it is now.
    pub(crate) fn path(&self) -> &Utf8Path {
        &self.part
    }

    /// An error of writing it.
    pub(crate) fn error(&self, source: io::Error) -> StudioError {
        write_error(&self.target, source)
    }

    /// The file, emptied, to be written from the start.
    pub(crate) fn restart(&self) -> Result<File> {
        let restart = || {
            self.file.set_len(0)?;
            let mut file = self.file.try_clone()?;
            io::Seek::rewind(&mut file)?;
            Ok(file)
        };
        restart().map_err(|source| self.error(source))
    }

    /// Writes over the first bytes.
    pub(crate) fn overwrite(&self, bytes: &[u8]) -> Result<()> {
        let write = || {
            let mut file = self.file.try_clone()?;
            io::Seek::rewind(&mut file)?;
            io::Write::write_all(&mut file, bytes)
        };
        write().map_err(|source| self.error(source))
    }

    /// Its size in bytes.
    pub(crate) fn bytes(&self) -> Result<u64> {
        Ok(self.file.metadata().map_err(|source| self.error(source))?.len())
    }

    /// Everything on disk, so that [`Draft::publish`] is left with the renaming.
    pub(crate) fn sync(&self) -> Result<()> {
        self.file.sync_all().map_err(|source| self.error(source))
    }

    /// Takes the place of the target.
    pub(crate) fn publish(mut self) -> Result<()> {
        std::fs::rename(&self.part, &self.target).map_err(|source| self.error(source))?;
        self.published = true;
        sync_folder(folder_of(&self.target)).map_err(|source| self.error(source))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.published
            && let Err(error) = std::fs::remove_file(&self.part)
        {
            tracing::debug!(file = %self.part, %error, "cannot remove the unfinished file");
        }
    }
}

/// The folder that holds a file.
pub(crate) fn folder_of(file: &Utf8Path) -> &Utf8Path {
    file.parent().filter(|folder| !folder.as_str().is_empty()).unwrap_or(Utf8Path::new("."))
}

pub(crate) fn write_error(file: &Utf8Path, source: io::Error) -> StudioError {
    StudioError::Write { file: file.to_owned(), source }
}

fn open(folder: &Utf8Path, part: &Utf8Path) -> io::Result<File> {
    std::fs::create_dir_all(folder)?;
    // Not truncated here: it may belong to a run that is still at work.
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(part)
}

/// A rename is only safe from a power cut once the folder is written (POSIX leaves it open).
#[cfg(unix)]
fn sync_folder(folder: &Utf8Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Utf8Path) -> io::Result<()> {
    Ok(())
}

//! Files that are there whole or not at all.

use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::NamedTempFile;

use crate::{Result, ShowError};

/// Writes a file so that a reader, or a crash, sees the old or the new content and nothing between:
/// a temporary file in the same folder, fsync, rename. Folders on the way are made.
///
/// # Errors
/// [`ShowError::Write`]; what was there before is untouched.
pub fn write(path: &Utf8Path, bytes: &[u8]) -> Result<()> {
    try_write(path, bytes)
        .map_err(|source| ShowError::Write { path: Utf8PathBuf::from(path), source })
}

/// The same for a secret: nobody but the owner can read it.
///
/// # Errors
/// [`ShowError::Write`].
pub(crate) fn write_private(path: &Utf8Path, bytes: &[u8]) -> Result<()> {
    let write = || {
        let folder = path.parent().filter(|p| !p.as_str().is_empty());
        let mut file = NamedTempFile::new_in(folder.unwrap_or(Utf8Path::new(".")))?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|source| ShowError::Write { path: Utf8PathBuf::from(path), source })
}

fn try_write(path: &Utf8Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_str().is_empty()).unwrap_or(Utf8Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    give_usual_rights(file.as_file(), path)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// A temporary file is readable by its owner alone; a show is shared and served.
#[cfg(unix)]
fn give_usual_rights(file: &std::fs::File, target: &Utf8Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(target).map_or(0o644, |meta| meta.permissions().mode());
    file.set_permissions(std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn give_usual_rights(_: &std::fs::File, _: &Utf8Path) -> std::io::Result<()> {
    Ok(())
}

//! Standard input, kept as an archive of the show: whatever the store holds must come from a file
//! that it can be made from again.

use std::fs::{self, File};
use std::io::{self, Read, Write};

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_archive::{ArchiveError, Hints, discover};
use sha2::{Digest, Sha256};

use crate::{Desk, DeskError, Result};

impl Desk<'_> {
    /// Copies standard input to `archives/stdin/`, named after its content, so that the same input
    /// twice is one archive. What is no mail is not kept.
    pub(super) fn keep_standard_input(&self) -> Result<Utf8PathBuf> {
        let folder = self.root().join("archives/stdin");
        let failed = |source| DeskError::Folder { path: folder.clone(), source };
        fs::create_dir_all(&folder).map_err(failed)?;
        let mut part = tempfile::NamedTempFile::new_in(&folder).map_err(failed)?;
        let name = copy(&mut io::stdin().lock(), part.as_file_mut()).map_err(failed)?;
        check(Utf8Path::from_path(part.path()).unwrap_or(&folder))?;
        let path = folder.join(name);
        part.persist(&path).map_err(|error| failed(error.error))?;
        Ok(path)
    }
}

/// A program before the pipe that failed gives nothing, or a page that says why.
fn check(file: &Utf8Path) -> Result<()> {
    if fs::metadata(file).is_ok_and(|about| about.len() == 0) {
        return Err(DeskError::EmptyInput);
    }
    match discover(file, &Hints::default()) {
        Err(ArchiveError::NotMail { .. }) => {
            Err(ArchiveError::NotMail { path: "standard input".into() }.into())
        }
        other => Ok(other.map(drop)?),
    }
}

/// Copies everything, and names it by the start of its SHA-256.
fn copy(input: &mut dyn Read, output: &mut File) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match input.read(&mut buffer)? {
            0 => break,
            count => {
                hash.update(&buffer[..count]);
                output.write_all(&buffer[..count])?;
            }
        }
    }
    output.sync_all()?;
    Ok(hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}

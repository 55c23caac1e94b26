//! The kernel's MAINTAINERS file, from wherever the show says it is.

use camino::Utf8Path;

use crate::{DeskError, Result};

/// The file is under a megabyte; what is larger is something else.
const LARGEST: usize = 8 << 20;

/// Reads a `MAINTAINERS` file: the file itself, a folder that holds it, or the newest commit of a
/// git repository (bare or not) that does.
pub(crate) fn read(path: &Utf8Path) -> Result<String> {
    let fail = |message: String| DeskError::Maintainers { path: path.to_owned(), message };
    let file = if path.is_dir() { path.join("MAINTAINERS") } else { path.to_owned() };
    let bytes = if file.is_file() {
        std::fs::read(&file).map_err(|error| fail(error.to_string()))?
    } else if path.is_dir() {
        from_tree(path).map_err(|error| fail(error.message().to_owned()))?
    } else {
        return Err(fail("there is nothing".to_owned()));
    };
    if bytes.len() > LARGEST {
        return Err(fail(format!("it has {} bytes, far more than such a file", bytes.len())));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn from_tree(path: &Utf8Path) -> std::result::Result<Vec<u8>, git2::Error> {
    let repository = git2::Repository::open(path)?;
    let blob = repository.revparse_single("HEAD:MAINTAINERS")?.peel_to_blob()?;
    Ok(blob.content().to_vec())
}

//! Large files that an interrupted delivery sent a part of: remembered on disk, so that the next one
//! goes on there.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

/// What has been sent of some objects, by their full names.
pub(super) struct Unfinished {
    file: Utf8PathBuf,
    known: Mutex<BTreeMap<String, Upload>>,
}

/// What has been sent of an object.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Upload {
    /// What the storage calls it.
    pub(super) id: String,
    /// The digest of the whole file: another file begins anew.
    pub(super) sha256: String,
    /// How long each part is but the last, in bytes.
    pub(super) part: u64,
    /// The tag of each part.
    pub(super) parts: Vec<String>,
}

impl Unfinished {
    /// What a file remembers; nothing when it is not there or damaged.
    pub(super) fn open(file: &Utf8Path) -> Self {
        let known = fs::read(file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self { file: file.to_owned(), known: Mutex::new(known.unwrap_or_default()) }
    }

    /// What has been sent of an object.
    pub(super) fn of(&self, object: &str) -> Option<Upload> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(object).cloned()
    }

    /// Remembers an object; without an upload, forgets it.
    pub(super) fn keep(&self, object: &str, upload: Option<&Upload>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match upload {
            Some(upload) => known.insert(object.to_owned(), upload.clone()),
            None => known.remove(object),
        };
        // Without it, more is sent again: no reason to stop.
        let _ = write(&self.file, &known);
    }
}

fn write(file: &Utf8Path, known: &BTreeMap<String, Upload>) -> std::io::Result<()> {
    if known.is_empty() {
        return fs::remove_file(file);
    }
    let folder = file.parent().unwrap_or(Utf8Path::new("."));
    fs::create_dir_all(folder)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(&serde_json::to_vec(known)?)?;
    new.persist(file).map(drop).map_err(|error| error.error)
}

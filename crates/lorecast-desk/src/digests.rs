//! The digests of files that are large and seldom change, so that publishing does not read every
//! episode each time.

use std::collections::BTreeMap;
use std::time::UNIX_EPOCH;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_publisher::Digest;
use serde::{Deserialize, Serialize};

/// What was read earlier, by path. A file that has another size or time is read again.
#[derive(Debug)]
pub(crate) struct Digests {
    file: Utf8PathBuf,
    known: BTreeMap<Utf8PathBuf, Known>,
    changed: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct Known {
    bytes: u64,
    /// When it was last written, in nanoseconds since 1970.
    modified: u64,
    sha256: String,
}

impl Digests {
    /// Those that are kept in a file; none when it is not there or damaged.
    pub(crate) fn open(file: Utf8PathBuf) -> Self {
        let known = std::fs::read(&file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self { file, known: known.unwrap_or_default(), changed: false }
    }

    /// The digest of a file; `None` when it cannot be read, which publishing will report.
    pub(crate) fn of(&mut self, path: &Utf8Path) -> Option<Digest> {
        let found = path.metadata().ok()?;
        let modified = found.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        let modified = u64::try_from(modified.as_nanos()).unwrap_or(u64::MAX);
        let bytes = found.len();
        let known = self.known.get(path).filter(|k| (k.bytes, k.modified) == (bytes, modified));
        if let Some(digest) = known.and_then(|known| Digest::parse(&known.sha256)) {
            return Some(digest);
        }
        let digest = Digest::of_file(path).ok()?;
        self.known.insert(path.to_owned(), Known { bytes, modified, sha256: digest.to_string() });
        self.changed = true;
        Some(digest)
    }

    /// Keeps them for the next time. They can be made again, so it is no failure when that is impossible.
    pub(crate) fn keep(&self) {
        if self.changed {
            let folder = self.file.parent().unwrap_or(Utf8Path::new("."));
            let _ = std::fs::create_dir_all(folder);
            let _ = std::fs::write(&self.file, serde_json::to_vec(&self.known).unwrap_or_default());
        }
    }
}

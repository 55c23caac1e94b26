//! What stands in a folder that is shared, and whether it changed.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use camino::Utf8Path;
use serde::{Deserialize, Serialize};

use super::Room;
use crate::{DeskError, Result};

/// More files than this in one folder are a mistake of a program.
const MOST: usize = 4_000;

/// What tells that a file was not changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    bytes: u64,
    /// Nanoseconds since 1970.
    modified: u64,
}

impl Stamp {
    /// Of a file; `None` when there is none.
    pub fn of(path: &Utf8Path) -> Option<Self> {
        let about = path.symlink_metadata().ok().filter(std::fs::Metadata::is_file)?;
        let since = about.modified().ok()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        let modified = u64::try_from(since.as_nanos()).unwrap_or(u64::MAX);
        Some(Self { bytes: about.len(), modified })
    }

    /// The file's size.
    pub fn bytes(self) -> u64 {
        self.bytes
    }

    /// Whether it was changed so long ago.
    pub fn is_older_than(self, age: Duration) -> bool {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        now.saturating_sub(Duration::from_nanos(self.modified)) >= age
    }
}

/// The shared files of a room, by their names in its folder.
pub(super) fn standing(room: Room, folder: &Utf8Path) -> Result<BTreeMap<String, Stamp>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inside) = folders.pop() {
        if !inside.is_dir() {
            continue;
        }
        let fail = |source| DeskError::Folder { path: inside.clone(), source };
        for entry in inside.read_dir_utf8().map_err(fail)? {
            let path = entry.map_err(fail)?.into_path();
            let name = path.strip_prefix(folder).unwrap_or(&path).to_string();
            let is_folder = || path.symlink_metadata().is_ok_and(|about| about.is_dir());
            if room.shares(&name)
                && let Some(stamp) = Stamp::of(&path)
            {
                found.insert(name, stamp);
            } else if room.enters(&name) && is_folder() {
                folders.push(path);
            }
            if found.len() + folders.len() > MOST {
                return Err(fail(std::io::Error::other(format!(
                    "it holds more than {MOST} files"
                ))));
            }
        }
    }
    Ok(found)
}

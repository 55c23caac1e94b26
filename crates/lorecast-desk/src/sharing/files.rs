//! Which files of an episode's folder are shared, and whether one changed.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use camino::Utf8Path;
use serde::{Deserialize, Serialize};

use crate::{DeskError, Result};

/// More files than this in an episode's folder are a mistake of a program.
const MOST: usize = 4_000;
/// How many folders deep they may lie.
const DEEPEST: usize = 3;
/// The texts that people edit: what two servers changed is merged.
const EDITED: [&str; 3] = ["episode.yaml", "notes.md", "script.md"];
/// Large, read by nobody else, and made again of the takes wherever it is missing.
const MADE_HERE: &str = "master.wav";
/// The texts generated last, which the next merge needs.
const GENERATED: &str = ".generated";

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

/// The shared files of an episode's folder, by their names in it.
pub(super) fn standing(folder: &Utf8Path) -> Result<BTreeMap<String, Stamp>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inside) = folders.pop() {
        if !inside.is_dir() {
            continue;
        }
        let fail = |source| DeskError::Folder { path: inside.clone(), source };
        for entry in inside.read_dir_utf8().map_err(fail)? {
            let path = entry.map_err(fail)?.into_path();
            let name = path.strip_prefix(folder).unwrap_or(&path);
            if !is_shared(name.as_str()) {
                continue;
            }
            if let Some(stamp) = Stamp::of(&path) {
                found.insert(name.to_string(), stamp);
            } else if path.symlink_metadata().is_ok_and(|about| about.is_dir()) {
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

/// Whether a file of this name is shared: it lies in the folder, and is nothing that is still being made.
pub(super) fn is_shared(name: &str) -> bool {
    let plain = |(at, part): (usize, &str)| {
        let hidden = part.starts_with('.') && !(at == 0 && part == GENERATED);
        !part.is_empty() && !hidden && !part.contains(|c: char| c.is_control() || c == '\\')
    };
    name.len() <= 255
        && name.split('/').count() <= DEEPEST
        && name.split('/').enumerate().all(plain)
        && name != MADE_HERE
        && !name.ends_with(".part")
}

/// Whether people edit it.
pub(super) fn is_edited(name: &str) -> bool {
    EDITED.contains(&name)
}

/// Whether nobody could make it again: the storage keeps it when no list names it any more.
pub(super) fn is_recorded(name: &str) -> bool {
    name.starts_with("takes/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shared_lies_in_the_folder_and_is_whole() {
        for shared in
            ["notes.md", "takes/mm (5).wav", "takes/removed/2 mm.wav", ".generated/notes.md"]
        {
            assert!(is_shared(shared), "{shared}");
        }
        for other in [
            "",
            "/etc/passwd",
            "../notes.md",
            "takes/../../x",
            "takes/.upload-1",
            ".git/config",
            "takes//x",
            "takes/.generated/x",
            "master.wav",
            "master.mp3.part",
            "a/b/c/d",
            "a\\b",
            "a\nb",
        ] {
            assert!(!is_shared(other), "{other}");
        }
    }
}

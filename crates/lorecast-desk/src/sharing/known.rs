//! What this server and the storage last agreed on.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_publisher::Digest;
use serde::{Deserialize, Serialize};

use super::Room;
use super::files::Stamp;
use crate::Result;

/// A file as the storage has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Content {
    pub bytes: u64,
    pub sha256: Digest,
}

/// The files of a room, by their names in its folder: a list in the storage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileList {
    pub files: BTreeMap<String, Content>,
}

/// A file that both have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Agreed {
    pub content: Content,
    /// As it was here. One that is as it was need not be read to know that it is the same.
    pub stamp: Stamp,
}

/// What both agreed on. Lost, the storage's files are the ones that count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Known {
    /// The ETag of the list; `None` before there was one.
    pub(super) etag: Option<String>,
    pub(super) files: BTreeMap<String, Agreed>,
}

impl Known {
    /// What a server remembers in its folder for a room.
    pub(super) fn read(folder: &Utf8Path) -> Self {
        let text = std::fs::read(folder.join(NAME)).ok();
        text.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
    }

    /// Remembers it.
    pub(super) fn write(&self, folder: &Utf8Path) -> Result<()> {
        let json = serde_json::to_vec(self).unwrap_or_default();
        Ok(lorecast_show::write_atomically(&folder.join(NAME), &json)?)
    }

    /// The list that says the same.
    pub(super) fn list(&self) -> FileList {
        let files = self.files.iter().map(|(name, agreed)| (name.clone(), agreed.content));
        FileList { files: files.collect() }
    }
}

const NAME: &str = "known.json";

/// Where a server keeps what it remembers of a room, the texts that both agreed on, and what it had to set aside.
pub(super) fn folder(root: &Utf8Path, room: Room) -> Utf8PathBuf {
    root.join(".lorecast/media").join(room.list())
}

//! The list of what was delivered to storage: an object beside the site.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use super::bucket::{Bucket, Listed};
use super::parcel::Parcel;
use crate::address::is_plain_path;
use crate::{Digest, PublishError};

/// Where the list is, below the folder that the site is carried to.
pub(super) const PLACE: &str = ".lorecast-delivery.json";

/// The longest list that is read, in bytes.
const LIMIT: u64 = 64 << 20;

/// What was delivered, by place. It is believed only where the storage's own list agrees.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Remembered {
    files: BTreeMap<Utf8PathBuf, Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    bytes: u64,
    sha256: String,
    /// What the storage called this content.
    etag: String,
    /// The media type, and how long it may be kept.
    headers: [String; 2],
}

impl Remembered {
    /// Reads the list; an empty one when there is none, or none that can be read.
    pub(super) fn read(bucket: &Bucket<'_>, listed: Option<&Listed>) -> Result<Self, PublishError> {
        let Some(listed) = listed.filter(|listed| listed.bytes <= LIMIT) else {
            return Ok(Self::default());
        };
        let bytes = bucket.read(Utf8Path::new(PLACE), listed.bytes)?;
        let mut read: Self = serde_json::from_slice(&bytes).unwrap_or_default();
        read.files.retain(|path, _| is_plain_path(path.as_str()));
        Ok(read)
    }

    /// Whether it says that this file is there, and the storage's list agrees.
    pub(super) fn has(&self, parcel: &Parcel, listed: &Listed) -> bool {
        self.files.get(&parcel.path) == Some(&Entry::of(parcel, &listed.etag))
            && listed.bytes == parcel.bytes
    }

    /// Whether this object is one that we delivered, unchanged or not.
    pub(super) fn knows(&self, path: &Utf8Path) -> bool {
        self.files.contains_key(path)
    }

    /// What was delivered, is still as it was, and is no longer part of the site.
    pub(super) fn gone(
        &self,
        parcels: &[Parcel],
        listed: &BTreeMap<Utf8PathBuf, Listed>,
    ) -> Vec<Utf8PathBuf> {
        let planned = places(parcels);
        let ours = |path: &Utf8Path, entry: &Entry| {
            listed.get(path).is_some_and(|there| there.etag == entry.etag)
        };
        let gone = self
            .files
            .iter()
            .filter(|(path, entry)| !planned.contains(path.as_path()) && ours(path, entry));
        gone.map(|(path, _)| path.clone()).collect()
    }

    /// Takes down that a file has arrived.
    pub(super) fn add(&mut self, parcel: &Parcel, etag: &str) {
        self.files.insert(parcel.path.clone(), Entry::of(parcel, etag));
    }

    /// Forgets all that is not part of the site.
    pub(super) fn only(mut self, parcels: &[Parcel]) -> Self {
        let planned = places(parcels);
        self.files.retain(|path, _| planned.contains(path.as_path()));
        self
    }

    /// Writes the list beside the site.
    pub(super) fn write(&self, bucket: &Bucket<'_>) -> Result<(), PublishError> {
        let bytes = serde_json::to_vec(self).unwrap_or_default();
        let digest = Digest::of(&bytes);
        let parcel = Parcel::new(PLACE.into(), bytes.len() as u64, digest, false);
        bucket.put(&parcel, bytes)
    }
}

fn places(parcels: &[Parcel]) -> BTreeSet<&Utf8Path> {
    parcels.iter().map(|parcel| parcel.path.as_path()).collect()
}

impl Entry {
    fn of(parcel: &Parcel, etag: &str) -> Self {
        Self {
            bytes: parcel.bytes,
            sha256: parcel.sha256.to_string(),
            etag: etag.to_owned(),
            headers: [parcel.content_type().into(), parcel.cache_control().into()],
        }
    }
}

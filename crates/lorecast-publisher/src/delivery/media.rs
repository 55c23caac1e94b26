//! The files of episodes in storage that speaks S3, for servers that share no disk.
//!
//! `lists/EPISODE` says which files an episode has, and `files/EPISODE/SHA256` is one of them. A file is there before a list
//! names it, and a list is written only over the one that was read.

use std::collections::BTreeMap;
use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};

use super::bucket::{Bucket, Storage};
use super::parcel::{Parcel, Turn};
use super::shipping::{Carrier, State};
use super::unfinished::Unfinished;
use crate::{Digest, PublishError};

/// The longest list that is read, in bytes: two thousand files take a tenth of it.
const LONGEST_LIST: u64 = 4 << 20;

/// A folder of a bucket that keeps the files of episodes.
#[derive(Clone, Debug)]
pub struct Media {
    lists: Storage,
    files: Storage,
    unfinished: Utf8PathBuf,
}

/// A file of an episode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaFile {
    /// Where it lies on this machine.
    pub place: Utf8PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its digest, which is its name there.
    pub sha256: Digest,
}

impl Media {
    /// In a folder of a bucket; nothing is asked yet. `unfinished` is a file of ours that remembers the parts of large files.
    pub fn new(storage: &Storage, unfinished: Utf8PathBuf) -> Self {
        let below = |name: &str| Storage {
            to: format!("{}/{name}", storage.to.trim_end_matches('/')),
            ..storage.clone()
        };
        Self { lists: below("lists"), files: below("files"), unfinished }
    }

    /// Every list by its name, with its ETag.
    ///
    /// # Errors
    /// When the storage cannot be asked.
    pub fn lists(&self) -> Result<BTreeMap<String, String>, PublishError> {
        let listed = Bucket::open(&self.lists)?.list()?;
        Ok(listed.into_iter().map(|(name, listed)| (name.into_string(), listed.etag)).collect())
    }

    /// What a list says, and its ETag; `None` when there is none.
    ///
    /// # Errors
    /// When the storage cannot be asked.
    pub fn list(&self, name: &str) -> Result<Option<(Vec<u8>, String)>, PublishError> {
        Bucket::open(&self.lists)?.read_tagged(Utf8Path::new(name), LONGEST_LIST)
    }

    /// Writes a list over the one with this ETag, or where none is. The new ETag; `None` when another one is there.
    ///
    /// # Errors
    /// When the storage cannot be asked, or refuses.
    pub fn write_list(
        &self,
        name: &str,
        list: Vec<u8>,
        before: Option<&str>,
    ) -> Result<Option<String>, PublishError> {
        Bucket::open(&self.lists)?.put_if(Utf8Path::new(name), list, before)
    }

    /// Sends those of an episode's files that are not there; what was interrupted goes on.
    ///
    /// # Errors
    /// When the storage cannot be asked, or does not hold what was sent to it.
    pub fn send(&self, episode: &str, files: &[MediaFile]) -> Result<(), PublishError> {
        let by_name: BTreeMap<Utf8PathBuf, &MediaFile> =
            files.iter().map(|file| (object(episode, file.sha256), file)).collect();
        let parcel = |(path, file): (&Utf8PathBuf, &&MediaFile)| Parcel {
            path: path.clone(),
            bytes: file.bytes,
            sha256: file.sha256,
            turn: Turn::Kept,
        };
        let parcels: Vec<Parcel> = by_name.iter().map(parcel).collect();
        // It may be there: then it is looked at, and no more.
        let jobs: Vec<_> = parcels.iter().map(|parcel| (parcel, State::Found)).collect();
        let bucket = Bucket::open(&self.files)?;
        let place =
            |path: &Utf8Path| by_name.get(path).map_or_else(Utf8PathBuf::new, |f| f.place.clone());
        let carrier = Carrier {
            bucket: &bucket,
            place: &place,
            unfinished: Unfinished::open(&self.unfinished),
        };
        carrier.carry(&jobs, &mut |_| ()).map(drop)
    }

    /// Brings a file of an episode to its place, whole or not at all; false when the storage does not have it.
    ///
    /// # Errors
    /// When the storage cannot be asked, gives something else, or the file cannot be written.
    pub fn fetch(&self, episode: &str, file: &MediaFile) -> Result<bool, PublishError> {
        let mut builder = tempfile::Builder::new();
        self.fetch_as(super::readable_by_all(&mut builder), episode, file)
    }

    /// The same for a file that nobody else on this machine may read.
    ///
    /// # Errors
    /// As [`Media::fetch`].
    pub fn fetch_private(&self, episode: &str, file: &MediaFile) -> Result<bool, PublishError> {
        self.fetch_as(&mut tempfile::Builder::new(), episode, file)
    }

    fn fetch_as(
        &self,
        builder: &mut tempfile::Builder<'_, '_>,
        episode: &str,
        file: &MediaFile,
    ) -> Result<bool, PublishError> {
        let (bucket, name) = (Bucket::open(&self.files)?, object(episode, file.sha256));
        let fails = |error| PublishError::file("write", &file.place)(error);
        let folder = file.place.parent().unwrap_or(Utf8Path::new("."));
        std::fs::create_dir_all(folder).map_err(PublishError::file("create", folder))?;
        let mut new = builder.prefix(".fetched-").tempfile_in(folder).map_err(fails)?;
        let mut digest = Digest::begin();
        let whole = bucket.in_pieces(&name, file.bytes, &mut |piece| {
            digest.add(piece);
            new.write_all(piece).map_err(fails)
        })?;
        if !whole {
            return Ok(false);
        }
        if digest.end() != file.sha256 {
            return Err(bucket.odd("fetch", &name, "what is there is not what was sent"));
        }
        new.as_file().sync_all().map_err(fails)?;
        new.persist(&file.place).map_err(|error| fails(error.error))?;
        super::sync_folder(folder).map_err(PublishError::file("write", folder))?;
        Ok(true)
    }

    /// Takes away a file that no list names any more.
    ///
    /// # Errors
    /// When the storage cannot be asked.
    pub fn remove(&self, episode: &str, sha256: Digest) -> Result<(), PublishError> {
        Bucket::open(&self.files)?.remove(&object(episode, sha256))
    }
}

fn object(episode: &str, sha256: Digest) -> Utf8PathBuf {
    format!("{episode}/{sha256}").into()
}

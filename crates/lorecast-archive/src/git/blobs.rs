//! The raw bytes of mails that a repository still holds.

use camino::{Utf8Path, Utf8PathBuf};
use git2::Oid;
use lorecast_model::BlobId;

use super::objects::{Objects, Unread};
use crate::ArchiveError;

/// The blobs of one repository, which is opened once.
pub struct Blobs {
    path: Utf8PathBuf,
    objects: Objects,
}

impl Blobs {
    /// Opens a repository.
    ///
    /// # Errors
    /// When it is none, or cannot be read.
    pub fn open(repository: &Utf8Path) -> Result<Self, ArchiveError> {
        Ok(Self { path: repository.to_owned(), objects: Objects::open(repository)? })
    }

    /// The content of a blob: a mail as it was read, see [`RawMail::blob`](crate::RawMail).
    ///
    /// # Errors
    /// When the repository does not hold it, or it is larger than [`MAIL_LIMIT`](crate::MAIL_LIMIT).
    pub fn read(&self, blob: BlobId) -> Result<Vec<u8>, ArchiveError> {
        let failed = |source| ArchiveError::Blob { path: self.path.clone(), blob, source };
        let id = Oid::from_bytes(&blob.0).map_err(failed)?;
        self.objects.blob(id).map_err(|unread| match unread {
            Unread::Git(source) => failed(source),
            Unread::TooLarge(bytes) => {
                ArchiveError::BlobTooLarge { path: self.path.clone(), blob, bytes }
            }
        })
    }
}

/// The content of one blob; open [`Blobs`] for many.
///
/// # Errors
/// As [`Blobs::open`] and [`Blobs::read`].
pub fn read_blob(repository: &Utf8Path, blob: BlobId) -> Result<Vec<u8>, ArchiveError> {
    Blobs::open(repository)?.read(blob)
}

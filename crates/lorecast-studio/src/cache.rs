//! Sound that was worked on before, found again by what it was made of.
//!
//! An entry is a file named by its [`Key`]: the sound, a description in JSON, and a foot with the
//! length of both and a checksum. It gets its name when it is complete, so that a run which was
//! interrupted leaves what is done; what is damaged counts as absent. The folder may be deleted at
//! any time. Entries that were not used for longest go first when it gets too large.

mod key;

use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::time::{Duration, SystemTime};

use camino::{Utf8Path, Utf8PathBuf};
use crc32fast::Hasher;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::NamedTempFile;

pub(crate) use key::{Digest, Key};

/// The most that the folder holds: six hours of mono, or a season of short episodes.
const LARGEST: u64 = 4 << 30;
/// A description is some kilobytes.
const LONGEST_TEXT: u64 = 1 << 20;
/// An unfinished entry this old belongs to a run that was killed.
const ABANDONED: Duration = Duration::from_secs(24 * 3600);
const UNFINISHED: &str = ".part-";
const MAGIC: &[u8; 8] = b"lcsound1";
/// Length of sound and text as two numbers of 8 bytes, a checksum of 4, and [`MAGIC`].
const FOOT: usize = 28;

/// A folder of entries.
#[derive(Debug)]
pub(crate) struct Cache {
    folder: Utf8PathBuf,
    begun: SystemTime,
}

/// An entry that was found: the sound is the first so many bytes of the file.
pub(crate) struct Entry<T> {
    pub(crate) file: File,
    pub(crate) bytes: u64,
    pub(crate) text: T,
}

impl Cache {
    /// Makes the folder when it is missing.
    pub(crate) fn open(folder: &Utf8Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self { folder: folder.to_owned(), begun: SystemTime::now() })
    }

    /// A cache that cannot be had makes a run slower and nothing else.
    pub(crate) fn open_or_warn(folder: &Utf8Path) -> Option<Self> {
        let warn = |error| tracing::warn!(%folder, %error, "no cache of sound");
        Self::open(folder).map_err(warn).ok()
    }

    /// The entry of this key, if it is there and whole.
    pub(crate) fn find<T: DeserializeOwned>(&self, key: &Key) -> Option<Entry<T>> {
        let path = self.path(key);
        let file = File::options().read(true).write(true).open(&path).ok()?;
        match read(file) {
            Ok(entry) => {
                // Used now: others go before it. Where that cannot be written down, it may go early.
                let _ = entry.file.set_modified(SystemTime::now());
                Some(entry)
            }
            Err(error) => {
                tracing::warn!(file = %path, %error, "a damaged entry of the cache is made anew");
                let _ = fs::remove_file(&path);
                None
            }
        }
    }

    /// An unfinished entry.
    pub(crate) fn begin(&self) -> io::Result<NamedTempFile> {
        tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(&self.folder)
    }

    /// Completes an entry that holds its sound, which the hasher has seen.
    pub(crate) fn keep<T: Serialize>(
        &self,
        key: &Key,
        mut entry: NamedTempFile,
        mut hasher: Hasher,
        text: &T,
    ) -> io::Result<File> {
        let text = serde_json::to_vec(text)?;
        hasher.update(&text);
        let checksum = hasher.finalize();
        let bytes = entry.seek(SeekFrom::End(0))?;
        let mut foot = Vec::with_capacity(text.len() + FOOT);
        foot.extend_from_slice(&text);
        foot.extend_from_slice(&bytes.to_le_bytes());
        foot.extend_from_slice(&(text.len() as u64).to_le_bytes());
        foot.extend_from_slice(&checksum.to_le_bytes());
        foot.extend_from_slice(MAGIC);
        entry.write_all(&foot)?;
        entry.persist(self.path(key)).map_err(|error| error.error)
    }

    /// Removes what was not used for longest until the folder is small enough, but nothing that this
    /// run used, and what killed runs left behind.
    pub(crate) fn tidy(&self) {
        if let Err(error) = self.shrink(LARGEST) {
            tracing::warn!(folder = %self.folder, %error, "cannot tidy the cache of sound");
        }
    }

    fn shrink(&self, largest: u64) -> io::Result<()> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let about = entry.metadata()?;
            let used = about.modified()?;
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                let age = self.begun.duration_since(used).unwrap_or_default();
                if age > ABANDONED {
                    fs::remove_file(entry.path())?;
                }
            } else if about.is_file() {
                entries.push((used, about.len(), entry.path()));
            }
        }
        entries.sort();
        let mut total: u64 = entries.iter().map(|(_, bytes, _)| bytes).sum();
        for (used, bytes, path) in entries {
            if total <= largest || used >= self.begun {
                break;
            }
            fs::remove_file(path)?;
            total -= bytes;
        }
        Ok(())
    }

    fn path(&self, key: &Key) -> Utf8PathBuf {
        self.folder.join(key.to_string())
    }
}

/// Reads foot and description, and compares the checksum.
fn read<T: DeserializeOwned>(mut file: File) -> io::Result<Entry<T>> {
    let damaged = || io::Error::from(io::ErrorKind::InvalidData);
    let length = file.metadata()?.len();
    let foot_at = length.checked_sub(FOOT as u64).ok_or_else(damaged)?;
    file.seek(SeekFrom::Start(foot_at))?;
    let mut foot = [0; FOOT];
    file.read_exact(&mut foot)?;
    let number = |at: usize| u64::from_le_bytes(std::array::from_fn(|byte| foot[at + byte]));
    let (bytes, text_bytes) = (number(0), number(8));
    let checksum = u32::from_le_bytes(std::array::from_fn(|byte| foot[16 + byte]));
    let fits = bytes.checked_add(text_bytes) == Some(foot_at) && text_bytes <= LONGEST_TEXT;
    if !foot.ends_with(MAGIC) || !fits {
        return Err(damaged());
    }
    let mut text = vec![0; text_bytes as usize];
    file.seek(SeekFrom::Start(bytes))?;
    file.read_exact(&mut text)?;
    file.rewind()?;
    let mut hasher = Hasher::new();
    let mut sound = BufReader::with_capacity(1 << 18, &file).take(bytes);
    let mut block = vec![0; 1 << 18];
    loop {
        match sound.read(&mut block)? {
            0 => break,
            count => hasher.update(&block[..count]),
        }
    }
    hasher.update(&text);
    if hasher.finalize() != checksum {
        return Err(damaged());
    }
    Ok(Entry { file, bytes, text: serde_json::from_slice(&text)? })
}

#[cfg(test)]
mod tests;

//! A file that is one mail, whatever stands in it: `From ` lines do not split it.

use std::io::Read;
use std::sync::Arc;

use camino::Utf8Path;
use lorecast_model::ListId;
use sha2::{Digest, Sha256};

use crate::reader::{MAIL_LIMIT, Place};
use crate::source::Source;
use crate::{Archive, ArchiveError, RawMail};

/// The reading of one mail's file. A file that changed is another mail.
pub(crate) struct Eml {
    name: Arc<Utf8Path>,
    list: Option<ListId>,
    mail: Option<Vec<u8>>,
    cursor: String,
    known: bool,
    size: u64,
}

impl Eml {
    pub fn open(archive: &Archive, cursor: Option<&str>) -> Result<Self, ArchiveError> {
        let name = archive.name();
        let bytes = read(&archive.path, &name)?;
        let hash = Sha256::digest(&bytes);
        let hash: String = hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        let here = format!("eml:{hash}");
        let known = cursor == Some(here.as_str());
        let (list, size) = (archive.list.clone(), bytes.len() as u64);
        Ok(Self { name, list, mail: (!known).then_some(bytes), cursor: here, known, size })
    }

    pub fn cursor(&self) -> String {
        match self.mail {
            None => self.cursor.clone(),
            Some(_) => String::new(),
        }
    }

    /// Whether the file was read before, as it is now.
    pub fn known(&self) -> bool {
        self.known
    }

    pub fn total(&self) -> u64 {
        self.size
    }

    pub fn done(&self) -> u64 {
        if self.mail.is_none() { self.size } else { 0 }
    }

    pub fn next(&mut self) -> Option<Result<RawMail, ArchiveError>> {
        let bytes = self.mail.take()?;
        let (list, place) = (self.list.clone(), Place::File(self.name.clone()));
        Some(Ok(RawMail { bytes, list, received: None, blob: None, place }))
    }
}

/// The content of a mail's file, cut at the limit.
///
/// # Errors
/// When it cannot be read; half a mail is none.
pub(crate) fn read(path: &Utf8Path, name: &Utf8Path) -> Result<Vec<u8>, ArchiveError> {
    let io = |source| ArchiveError::Io { path: name.to_owned(), source };
    let mut source = Source::open(path).map_err(io)?;
    let mut bytes = Vec::new();
    match Read::by_ref(&mut source).take(MAIL_LIMIT as u64).read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) if source.packed() => {
            Err(ArchiveError::damaged(name, bytes.len() as u64, error))
        }
        Err(error) => Err(io(error)),
    }
}

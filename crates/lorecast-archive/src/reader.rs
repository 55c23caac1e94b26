//! An archive and the reading of it.

use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use lorecast_model::ListId;

use crate::{ArchiveError, git, mbox};

/// A mail above this is cut, in bytes.
pub const MAIL_LIMIT: usize = 64 * 1024 * 1024;

/// A file or a repository that holds mail, found by [`discover`](crate::discover()).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    pub(crate) path: Utf8PathBuf,
    pub(crate) list: Option<ListId>,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Mbox,
    Epoch,
}

/// A mail as the archive keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawMail {
    /// The mail, headers first, mbox escaping undone; at most [`MAIL_LIMIT`].
    pub bytes: Vec<u8>,
    /// The list that the archive holds, when it is known.
    pub list: Option<ListId>,
    /// When the archive received it: the commit's time, or the time in the mbox `From ` line.
    pub received: Option<Timestamp>,
    /// Where it is, for messages: `file.mbox at byte 123` or `x.git commit abc…`.
    pub place: String,
}

/// The mails of an archive since a cursor, oldest first.
pub struct Reader(Inner);

enum Inner {
    Mbox(mbox::Mbox),
    Epoch(git::Epoch),
}

impl Archive {
    /// Where it is.
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// Names it in the store: its absolute path.
    pub fn key(&self) -> String {
        let absolute = camino::absolute_utf8(&self.path);
        absolute.unwrap_or_else(|_| self.path.clone()).into_string()
    }

    /// The list it holds; without it the List-Id of each mail decides.
    pub fn list(&self) -> Option<&ListId> {
        self.list.as_ref()
    }

    /// Reads what came since a cursor, or everything. A cursor that no longer fits, because the
    /// archive was rewritten, leads to a warning and to reading everything again.
    ///
    /// # Errors
    /// When the archive cannot be opened.
    pub fn read(&self, cursor: Option<&str>) -> Result<Reader, ArchiveError> {
        let inner = match self.kind {
            Kind::Mbox => Inner::Mbox(mbox::Mbox::open(self, cursor)?),
            Kind::Epoch => Inner::Epoch(git::Epoch::open(self, cursor)?),
        };
        Ok(Reader(inner))
    }
}

impl Reader {
    /// The state after the last item returned; a later reading from here yields only what is new.
    pub fn cursor(&self) -> String {
        match &self.0 {
            Inner::Mbox(mbox) => mbox.cursor(),
            Inner::Epoch(epoch) => epoch.cursor(),
        }
    }

    /// How much there is: mails in git, bytes of the file in an mbox.
    pub fn total(&self) -> u64 {
        match &self.0 {
            Inner::Mbox(mbox) => mbox.total(),
            Inner::Epoch(epoch) => epoch.total(),
        }
    }

    /// How much of [`total`](Self::total) is read.
    pub fn done(&self) -> u64 {
        match &self.0 {
            Inner::Mbox(mbox) => mbox.done(),
            Inner::Epoch(epoch) => epoch.done(),
        }
    }
}

impl Iterator for Reader {
    type Item = Result<RawMail, ArchiveError>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Inner::Mbox(mbox) => mbox.next(),
            Inner::Epoch(epoch) => epoch.next(),
        }
    }
}

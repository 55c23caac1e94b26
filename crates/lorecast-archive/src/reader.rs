//! The reading of an archive.

use std::fmt;
use std::sync::Arc;

use camino::Utf8Path;
use jiff::Timestamp;
use lorecast_model::{BlobId, ListId};

use crate::ArchiveError;
use crate::eml::Eml;
use crate::git::History;
use crate::maildir::Maildir;
use crate::mbox::Mbox;

/// A mail above this is cut, in bytes.
pub const MAIL_LIMIT: usize = 64 * 1024 * 1024;

/// What an archive has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// It holds this mail.
    Mail(RawMail),
    /// This mail, which it held, is gone: a file `d` in public-inbox-v2-format(5), a file that was
    /// deleted or replaced in public-inbox-v1-format(5).
    Removal(RawMail),
}

/// A mail as the archive keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawMail {
    /// The mail, headers first, mbox escaping undone; at most [`MAIL_LIMIT`].
    pub bytes: Vec<u8>,
    /// The list that the archive holds, when it is known.
    pub list: Option<ListId>,
    /// When the archive received it: the commit's time, the time in the mbox `From ` line, or the
    /// time in the name of a Maildir's file.
    pub received: Option<Timestamp>,
    /// The git blob that holds exactly these bytes, see [`Blobs`](crate::Blobs).
    pub blob: Option<BlobId>,
    /// Where it is, for messages.
    pub place: Place,
}

/// Where a mail is; written out only when somebody asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file that is one mail.
    File(Arc<Utf8Path>),
    /// Behind so many (decompressed) bytes of a file.
    Byte(Arc<Utf8Path>, u64),
    /// In a file of a folder.
    Within(Arc<Utf8Path>, Box<str>),
    /// In a commit of a repository, as 20 bytes of SHA-1.
    Commit(Arc<Utf8Path>, [u8; 20]),
}

/// What an archive has to say since a cursor, oldest first.
pub struct Reader(pub(crate) Inner);

pub(crate) enum Inner {
    Mbox(Box<Mbox>),
    Eml(Eml),
    Maildir(Maildir),
    Git(Box<History>),
}

impl Reader {
    /// The state after the last item returned; a later reading from here yields only what is new.
    /// Empty when there is nothing to remember.
    pub fn cursor(&self) -> String {
        match &self.0 {
            Inner::Mbox(mbox) => mbox.cursor(),
            Inner::Eml(eml) => eml.cursor(),
            Inner::Maildir(maildir) => maildir.cursor(),
            Inner::Git(history) => history.cursor(),
        }
    }

    /// Whether this reading begins at the archive's beginning: there was no cursor, or it no longer
    /// fits. What such a reading, run to its end without an error, does not meet is gone from the
    /// archive. A Maildir, whose owner tidies it, never says so.
    pub fn from_the_start(&self) -> bool {
        match &self.0 {
            Inner::Mbox(mbox) => mbox.from_the_start,
            Inner::Eml(eml) => !eml.known(),
            Inner::Maildir(_) => false,
            Inner::Git(history) => history.from_the_start,
        }
    }

    /// How much there is: commits in git, mails in a Maildir, bytes of any other file.
    pub fn total(&self) -> u64 {
        match &self.0 {
            Inner::Mbox(mbox) => mbox.total(),
            Inner::Eml(eml) => eml.total(),
            Inner::Maildir(maildir) => maildir.total(),
            Inner::Git(history) => history.total(),
        }
    }

    /// How much of [`total`](Self::total) is read.
    pub fn done(&self) -> u64 {
        match &self.0 {
            Inner::Mbox(mbox) => mbox.done(),
            Inner::Eml(eml) => eml.done(),
            Inner::Maildir(maildir) => maildir.done(),
            Inner::Git(history) => history.done(),
        }
    }
}

impl Iterator for Reader {
    type Item = Result<Item, ArchiveError>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Inner::Mbox(mbox) => mbox.next().map(|mail| mail.map(Item::Mail)),
            Inner::Eml(eml) => eml.next().map(|mail| mail.map(Item::Mail)),
            Inner::Maildir(maildir) => maildir.next().map(|mail| mail.map(Item::Mail)),
            Inner::Git(history) => history.next(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => write!(f, "{file}"),
            Self::Byte(file, offset) => write!(f, "{file} at byte {offset}"),
            Self::Within(folder, file) => write!(f, "{folder}/{file}"),
            Self::Commit(repository, id) => write!(f, "{repository} commit {}", BlobId(*id)),
        }
    }
}

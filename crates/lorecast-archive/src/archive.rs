//! An archive: what [`discover`](crate::discover()) finds and [`Reader`] reads.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::ListId;

use crate::eml::Eml;
use crate::git::{self, History};
use crate::maildir::Maildir;
use crate::mbox::Mbox;
use crate::reader::Inner;
use crate::{ArchiveError, MboxForm, Reader};

/// A file, folder or repository that holds mail, found by [`discover`](crate::discover()).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    pub(crate) path: Utf8PathBuf,
    pub(crate) list: Option<ListId>,
    pub(crate) kind: Kind,
    pub(crate) form: Option<MboxForm>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Mbox,
    Eml,
    Maildir,
    Git(git::Layout),
}

/// What the caller knows better than the archive can tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// The list that the archive holds.
    pub list: Option<ListId>,
    /// How its mbox files are escaped; without it the content decides.
    pub form: Option<MboxForm>,
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
        let cursor = cursor.filter(|cursor| !cursor.is_empty());
        let inner = match self.kind {
            Kind::Mbox => Inner::Mbox(Box::new(Mbox::open(self, cursor)?)),
            Kind::Eml => Inner::Eml(Eml::open(self, cursor)?),
            Kind::Maildir => Inner::Maildir(Maildir::open(self, cursor)?),
            Kind::Git(layout) => Inner::Git(Box::new(History::open(self, layout, cursor)?)),
        };
        Ok(Reader(inner))
    }

    /// Whether a cursor taken from another path fits this archive, because it holds the same: it
    /// was moved or copied. A Maildir never tells.
    pub fn continues(&self, cursor: &str) -> bool {
        match self.kind {
            Kind::Mbox => Mbox::continues(self, cursor),
            Kind::Eml => Eml::open(self, Some(cursor)).is_ok_and(|eml| eml.known()),
            Kind::Maildir => false,
            Kind::Git(_) => git::holds(&self.path, cursor),
        }
    }

    /// Whether what it no longer holds is to be forgotten: the histories of public-inbox say so when
    /// they drop a mail. An mbox that was rotated and a Maildir that was tidied up mean nothing.
    pub fn forgets(&self) -> bool {
        matches!(self.kind, Kind::Git(_))
    }

    /// What messages call it. It is shared by all of its mails.
    pub(crate) fn name(&self) -> Arc<Utf8Path> {
        Arc::from(self.path.as_path())
    }
}

//! An archive: what [`discover`](crate::discover()) finds and [`Reader`] reads.

use std::io::{self, Read};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::ListId;

use crate::eml::Eml;
use crate::git::{self, History};
use crate::maildir::Maildir;
use crate::mbox::Mbox;
use crate::reader::Inner;
use crate::{ArchiveError, MboxForm, Reader, file};

/// What messages call what came through a pipe.
const STANDARD_INPUT: &str = "standard input";

/// A file, folder or repository that holds mail, found by [`discover`](crate::discover()).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    pub(crate) path: Utf8PathBuf,
    pub(crate) list: Option<ListId>,
    pub(crate) kind: Kind,
    pub(crate) form: Option<MboxForm>,
    /// Standard input, kept in a file for the time of reading.
    pub(crate) spooled: bool,
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
    /// Copies what can be read only once, such as standard input, to a file of the caller's, which
    /// has to live as long as the archive. Such an archive remembers no cursor.
    ///
    /// # Errors
    /// When the input cannot be read, the file cannot be written, or it is not mail.
    pub fn spooled(
        input: &mut dyn Read,
        into: &Utf8Path,
        hints: &Hints,
    ) -> Result<Self, ArchiveError> {
        let io = |source| ArchiveError::Spool { path: into.to_owned(), source };
        let mut spool = std::fs::File::create(into).map_err(io)?;
        io::copy(input, &mut spool).map_err(io)?;
        let kind = file::kind(into, Utf8Path::new(STANDARD_INPUT))?;
        let (path, list, form) = (into.to_owned(), hints.list.clone(), hints.form);
        Ok(Self { path, list, kind, form, spooled: true })
    }

    /// Where it is.
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// Names it in the store: its absolute path, or `-` for standard input.
    pub fn key(&self) -> String {
        if self.spooled {
            return "-".to_owned();
        }
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
        Ok(Reader::new(inner, self.spooled))
    }

    /// Whether a cursor taken from another path fits this archive, because it holds the same: it
    /// was moved or copied. A Maildir never tells.
    pub fn continues(&self, cursor: &str) -> bool {
        match self.kind {
            _ if self.spooled => false,
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
        match self.spooled {
            true => Arc::from(Utf8Path::new(STANDARD_INPUT)),
            false => Arc::from(self.path.as_path()),
        }
    }
}

//! What the producer names, as archives that can be read.

use camino::Utf8PathBuf;
use lorecast_archive::{Archive, Hints, MboxForm};
use lorecast_model::{ListId, MboxEscapes, ShowSource};
use lorecast_show::ShowDir;
use lorecast_store::SourceKey;

use super::remembered::absolute;
use crate::{Desk, DeskError, Result};

/// An archive, or several, as somebody names them.
#[derive(Clone, Debug)]
pub struct Named {
    place: Place,
    list: Option<ListId>,
    escapes: Option<MboxEscapes>,
}

#[derive(Clone, Debug)]
enum Place {
    Path(Utf8PathBuf),
    Url(String),
    StandardInput,
}

impl Named {
    /// A path, the URL of a public inbox, or `-` for standard input. The list and the way in which
    /// mbox files are escaped are told when the archive cannot tell.
    pub fn new(text: &str, list: Option<ListId>, escapes: Option<MboxEscapes>) -> Self {
        let place = match text {
            "-" => Place::StandardInput,
            url if url.contains("://") => Place::Url(url.to_owned()),
            path => Place::Path(path.into()),
        };
        Self { place, list, escapes }
    }

    /// A source of `show.yaml`; relative paths begin at the show.
    pub(crate) fn of_show(dir: &ShowDir, source: ShowSource) -> Self {
        let place = match (source.url, source.path) {
            (Some(url), _) => Place::Url(url),
            (None, path) => Place::Path(dir.resolve(&path.unwrap_or_default())),
        };
        Self { place, list: source.list, escapes: source.escapes }
    }

    /// The same as `show.yaml` would name it.
    pub(super) fn as_source(&self) -> ShowSource {
        let (list, escapes) = (self.list.clone(), self.escapes);
        let (path, url) = match &self.place {
            Place::Path(path) => (Some(path.clone()), None),
            Place::Url(url) => (None, Some(url.clone())),
            Place::StandardInput => (None, None),
        };
        ShowSource { path, url, list, escapes }
    }

    /// Whether it names just this archive.
    pub(crate) fn is(&self, source: &SourceKey) -> bool {
        matches!(&self.place, Place::Path(path) if absolute(path) == source.0)
    }

    fn hints(&self) -> Hints {
        let form = self.escapes.map(|escapes| match escapes {
            MboxEscapes::Mboxrd => MboxForm::Rd,
            MboxEscapes::Mboxo => MboxForm::O,
            MboxEscapes::Mboxcl2 => MboxForm::Cl2,
        });
        Hints { list: self.list.clone(), form }
    }
}

impl Desk<'_> {
    /// The archives behind a name, and the name under which they are found again. What could not be
    /// had is reported; a mirror that could not be fetched is read as it is.
    pub(super) fn archives(
        &self,
        mut named: Named,
        failures: &mut Vec<DeskError>,
    ) -> (Named, Vec<Archive>) {
        let found = self.path_of(&named, failures).and_then(|path| match path {
            Some(path) => {
                let found = lorecast_archive::discover(&path, &named.hints())?;
                if let Place::StandardInput = named.place {
                    named.place = Place::Path(path);
                }
                Ok(found)
            }
            None => Ok(Vec::new()),
        });
        let found = found.unwrap_or_else(|error| {
            failures.push(error);
            Vec::new()
        });
        (named, found)
    }

    /// Where the archives of a name are, once they are on this machine.
    fn path_of(&self, named: &Named, failures: &mut Vec<DeskError>) -> Result<Option<Utf8PathBuf>> {
        match &named.place {
            Place::Path(path) => Ok(Some(path.clone())),
            Place::StandardInput => self.keep_standard_input().map(Some),
            Place::Url(url) => self.mirror(url, failures),
        }
    }
}

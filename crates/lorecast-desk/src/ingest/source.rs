//! What the producer names, as archives that can be read.

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_archive::{Archive, Hints, MboxForm};
use lorecast_model::{ListId, MboxEscapes, ShowSource};
use lorecast_show::ShowDir;

use crate::{Desk, DeskError, Result};

/// An archive, or several, as somebody names them.
#[derive(Clone, Debug)]
pub struct Named {
    place: Place,
    hints: Hints,
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
        Self { place, hints: hints(list, escapes) }
    }

    /// A source of `show.yaml`; relative paths begin at the show.
    pub(crate) fn of_show(dir: &ShowDir, source: ShowSource) -> Self {
        let hints = hints(source.list, source.escapes);
        let place = match (source.url, source.path) {
            (Some(url), _) => Place::Url(url),
            (None, path) => Place::Path(dir.resolve(&path.unwrap_or_default())),
        };
        Self { place, hints }
    }
}

fn hints(list: Option<ListId>, escapes: Option<MboxEscapes>) -> Hints {
    let form = escapes.map(|escapes| match escapes {
        MboxEscapes::Mboxrd => MboxForm::Rd,
        MboxEscapes::Mboxo => MboxForm::O,
        MboxEscapes::Mboxcl2 => MboxForm::Cl2,
    });
    Hints { list, form }
}

impl Desk<'_> {
    /// The archives behind a name, and what could not be had. A mirror that could not be fetched is
    /// read as it is.
    pub(super) fn archives(&self, named: &Named) -> (Vec<Archive>, Vec<DeskError>) {
        let mut failures = Vec::new();
        let found = match &named.place {
            Place::Path(path) => archives_at(path, &named.hints),
            Place::StandardInput => {
                self.keep_standard_input().and_then(|path| archives_at(&path, &named.hints))
            }
            Place::Url(url) => match self.mirror(url, &mut failures) {
                Ok(Some(copy)) => archives_at(&copy, &named.hints),
                Ok(None) => Ok(Vec::new()),
                Err(error) => Err(error),
            },
        };
        match found {
            Ok(found) => (found, failures),
            Err(error) => {
                failures.push(error);
                (Vec::new(), failures)
            }
        }
    }
}

fn archives_at(path: &Utf8Path, hints: &Hints) -> Result<Vec<Archive>> {
    Ok(lorecast_archive::discover(path, hints)?)
}

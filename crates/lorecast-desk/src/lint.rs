//! What is wrong with a feed or a site, ours or another's.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use camino::Utf8Path;
use lorecast_model::{Finding, Publication, Show};
use lorecast_publisher::lint::Watch;
pub use lorecast_publisher::lint::{Context, Ear, Heard, Level, Rule, Subject, table};
use url::Url;

use crate::{Desk, Progress, Result, Task, Unit};

/// What a show knows of its own site, and nobody can see in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnSite {
    /// Its `podcast:guid`, when it came with the show from another address.
    pub guid: Option<String>,
    /// The addresses of sound that stays where it was.
    pub elsewhere: Vec<String>,
}

impl OwnSite {
    /// What a show and what is published of it tell.
    pub(crate) fn of<'a>(show: &Show, published: impl Iterator<Item = &'a Publication>) -> Self {
        let elsewhere = published.filter(|kept| stays(kept)).map(|kept| kept.enclosure_url.clone());
        Self { guid: show.feed.guid.clone(), elsewhere: elsewhere.collect() }
    }
}

impl Desk<'_> {
    /// What the linter has to be told of the show's own site.
    ///
    /// # Errors
    /// When `show.yaml` or a `published.yaml` cannot be read.
    pub fn own_site(&self) -> Result<OwnSite> {
        let mut published = Vec::new();
        for dir in self.dir.episodes()? {
            published.extend(dir.publication()?);
        }
        Ok(OwnSite::of(&self.dir.show()?, published.iter()))
    }

    /// Checks a published site, a feed, or a feed on a server.
    ///
    /// # Errors
    /// When the subject itself cannot be read.
    pub fn lint(
        subject: &Subject,
        context: &Context,
        progress: &dyn Progress,
    ) -> Result<Vec<Finding>> {
        let watch = Watched { progress, task: Mutex::new(None) };
        let context = Context { watch: Some(&watch), ..context.clone() };
        Ok(lorecast_publisher::lint(subject, &context)?)
    }
}

/// Shows how far a lint is, from its first episode on.
struct Watched<'a> {
    progress: &'a dyn Progress,
    task: Mutex<Option<Box<dyn Task>>>,
}

impl Watch for Watched<'_> {
    fn looked_at(&self, done: u64, all: u64) {
        let mut task = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        let begin = || self.progress.begin("checking episodes", all, Unit::Things);
        task.get_or_insert_with(begin).set(done);
    }
}

impl fmt::Debug for Watched<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watched")
    }
}

/// Whether the sound stays where it was when the show moved in.
fn stays(publication: &Publication) -> bool {
    publication.sound.as_ref().is_some_and(|sound| sound.file.is_none())
}

/// What somebody means by a word: an address, a folder with a site, or the file of a feed.
pub fn subject(what: &Utf8Path) -> Subject<'_> {
    // Paths do not change what follows the scheme.
    let address = Url::parse(what.as_str()).ok();
    match address.filter(|url| matches!(url.scheme(), "http" | "https")) {
        Some(url) => Subject::Address(url),
        None if what.is_file() => Subject::File(what),
        None => Subject::Folder(what),
    }
}

/// Hears with the studio.
#[derive(Clone, Copy, Debug)]
pub struct StudioEar;

impl Ear for StudioEar {
    fn hear(&self, file: &Utf8Path) -> std::result::Result<Heard, String> {
        let heard = lorecast_studio::measure(file).map_err(|error| error.to_string())?;
        let (loudness, true_peak) = (heard.loudness, heard.true_peak);
        Ok(Heard { length: heard.info.length, loudness, true_peak })
    }
}

//! Archives into the store.
//!
//! | file | what it does |
//! |---|---|
//! | `source`, `mirror`, `stdin` | what the producer names, as archives that can be read |
//! | `remembered` | what was named, for a rebuild |
//! | `reading` | an archive into parsed entries, on all cores |
//! | `keeping` | entries into the store, on one |
//! | `regroup` | threads that lost a message, placed anew |

mod keeping;
mod mirror;
mod reading;
mod regroup;
mod remembered;
mod source;
mod stdin;

use std::collections::HashSet;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_archive::Archive;
use lorecast_store::{SourceKey, Store};

use crate::{Desk, DeskError, Result};

pub use source::Named;

/// What an ingest or a sync did.
#[derive(Debug, Default)]
pub struct IngestReport {
    /// One for each archive that was read, in order.
    pub sources: Vec<SourceReport>,
    /// Archives, or parts of them, that could not be read. All others were.
    pub failures: Vec<DeskError>,
}

/// What one archive gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceReport {
    /// The archive.
    pub path: Utf8PathBuf,
    /// Messages that were not held before.
    pub new: u64,
    /// Messages that had come through another list, or an earlier run, already.
    pub known: u64,
    /// Messages that this archive held, and that none holds any more.
    pub removed: u64,
}

impl Desk<'_> {
    /// Brings all sources of `show.yaml` up to date: mirrors of public inboxes are fetched first.
    ///
    /// # Errors
    /// When `show.yaml` names no source, or the store fails; everything committed before is kept.
    pub fn sync(&self) -> Result<IngestReport> {
        let sources = self.dir.show()?.sources;
        if sources.is_empty() {
            return Err(DeskError::NoSources { file: self.root().join("show.yaml") });
        }
        let named = sources.into_iter().map(|source| Named::of_show(&self.dir, source));
        self.read_all("lorecast sync", named.collect())
    }

    /// Reads what is new in these archives and tracks the threads that it touches. An archive that
    /// cannot be read is reported, and the others are read all the same.
    ///
    /// # Errors
    /// When the store fails; everything committed before is kept.
    pub fn ingest(&self, named: Vec<Named>) -> Result<IngestReport> {
        self.read_all("lorecast ingest", named)
    }

    /// Reads archives, each once, whoever names it how often.
    pub(crate) fn read_all(&self, who: &str, named: Vec<Named>) -> Result<IngestReport> {
        let mut store = self.store_to_write(who)?;
        let mut report = IngestReport::default();
        let mut read = HashSet::new();
        for named in named {
            let (named, mut archives) = self.archives(named, &mut report.failures);
            archives.retain(|archive| read.insert(archive.key()));
            if !archives.is_empty() {
                self.remember(&named)?;
            }
            for archive in &archives {
                self.read_one(&mut *store, archive, &mut report)?;
            }
        }
        regroup::all(&mut *store)?;
        self.follow_threads(&mut *store)?;
        self.find_landings(&mut *store)?;
        Ok(report)
    }

    fn read_one(
        &self,
        store: &mut dyn Store,
        archive: &Archive,
        report: &mut IngestReport,
    ) -> Result<()> {
        let source = SourceKey(archive.key());
        self.follow_move(store, archive, &source)?;
        match keeping::read_and_keep(self.progress, store, archive, &source, &mut report.failures) {
            Ok(one) => report.sources.push(one),
            Err(DeskError::Archive(error)) => report.failures.push(error.into()),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// An archive that was moved goes on where it stopped: it is one that is new by its path, and fits
    /// what was read from a path where nothing is any more.
    fn follow_move(
        &self,
        store: &mut dyn Store,
        archive: &Archive,
        source: &SourceKey,
    ) -> Result<()> {
        if store.cursor(source)?.is_some() {
            return Ok(());
        }
        for other in store.sources()? {
            if other == *source || std::path::Path::new(&other.0).exists() {
                continue;
            }
            let fits = store.cursor(&other)?.is_some_and(|cursor| archive.continues(&cursor));
            if fits {
                tracing::info!("`{}` was moved to `{}`", other.0, source.0);
                store.rename_source(&other, source)?;
                return self.forget_moved(Utf8Path::new(&other.0));
            }
        }
        Ok(())
    }
}

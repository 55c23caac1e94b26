//! Looking after the store.

use std::fs;

use camino::Utf8Path;
use lorecast_archive::Blobs;
use lorecast_store::sqlite::SqliteStore;
use lorecast_store::{SourceKey, Store, StoreError};

use crate::{Desk, DeskError, IngestReport, Named, Result, Unit};

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreReport {
    /// What does not fit, in words.
    pub findings: Vec<String>,
    /// How many raw mails were read back; none when that was not asked for.
    pub raw: u64,
}

impl Desk<'_> {
    /// Looks for damage in the store; with `raw`, also reads every raw mail back.
    ///
    /// # Errors
    /// When the store cannot be opened.
    pub fn check_store(&self, raw: bool) -> Result<StoreReport> {
        let store = self.filled_store()?;
        let mut report = StoreReport { findings: store.check()?, raw: 0 };
        if raw && report.findings.is_empty() {
            self.check_raw(&store, &mut report)?;
        }
        Ok(report)
    }

    fn check_raw(&self, store: &SqliteStore, report: &mut StoreReport) -> Result<()> {
        let total = store.stats()?.messages;
        let task = self.progress.begin("reading raw mail", total, Unit::Things);
        for source in store.sources()? {
            let mut archive = None;
            store.each_blob(&source, &mut |id, blob| {
                let path = Utf8Path::new(&source.0);
                let blobs = archive.get_or_insert_with(|| Blobs::open(path));
                let read = blobs.as_ref().map_err(ToString::to_string);
                match read.and_then(|blobs| blobs.read(blob).map_err(|error| error.to_string())) {
                    Ok(_) => report.raw += 1,
                    Err(why) => report.findings.push(format!("the raw mail of `{id}`: {why}")),
                }
                task.set(report.raw);
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Makes the store anew from the archives that it was read from and those of `show.yaml`. The
    /// old one stays beside it until the new one is whole.
    ///
    /// # Errors
    /// When the new one cannot be written.
    pub fn rebuild_store(&self) -> Result<IngestReport> {
        let file = self.dir.index();
        let old = file.with_extension("db.old");
        // Only somebody who writes it right now is a reason to stop.
        if let Err(DeskError::Store(busy @ StoreError::Busy { .. })) =
            self.store_to_write("lorecast store rebuild")
        {
            return Err(busy.into());
        }
        let mut known = self.known_sources(&file);
        known.extend(self.known_sources(&old));
        if file.is_file() {
            self.set_aside(&file, &old)?;
        }
        // Named before anything is read: should this stop half-way, nothing is forgotten.
        let mut store = self.store_to_write("lorecast store rebuild")?;
        for source in &known {
            store.start_over(source)?;
        }
        drop(store);
        let named = known.iter().map(|source| Named::new(&source.0, None, None)).collect();
        let mut report = IngestReport::default();
        if !self.dir.show()?.sources.is_empty() {
            report = self.sync()?;
        }
        let rest = self.ingest(named)?;
        report.sources.extend(rest.sources);
        report.failures.extend(rest.failures);
        if report.failures.is_empty() {
            drop(fs::remove_file(&old));
        }
        Ok(report)
    }

    /// The archives that a store was read from, as far as it can still tell.
    fn known_sources(&self, file: &Utf8Path) -> Vec<SourceKey> {
        if !file.is_file() {
            return Vec::new();
        }
        SqliteStore::open(file).and_then(|store| store.sources()).unwrap_or_default()
    }

    fn set_aside(&self, file: &Utf8Path, old: &Utf8Path) -> Result<()> {
        let failed = |source| DeskError::Folder { path: file.to_owned(), source };
        fs::rename(file, old).map_err(failed)?;
        for journal in ["-wal", "-shm"] {
            drop(fs::remove_file(format!("{file}{journal}")));
        }
        Ok(())
    }
}

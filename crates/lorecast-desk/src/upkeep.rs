//! Looking after the store.

use camino::Utf8Path;
use lorecast_archive::{ArchiveError, Blobs};
use lorecast_store::{Place, SourceKey, Span, Store, StoreError};

use crate::{Desk, DeskError, IngestReport, Named, Result, Unit};

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreReport {
    /// What does not fit, in words.
    pub findings: Vec<String>,
    /// Raw mails that cannot be read back, in words.
    pub lost: Vec<String>,
    /// How many raw mails were read back; none when that was not asked for.
    pub raw: u64,
}

impl Desk<'_> {
    /// Looks for damage in the store; with `raw`, also reads every raw mail back.
    ///
    /// # Errors
    /// When there is no store, or it cannot be read for another reason than damage.
    pub fn check_store(&self, raw: bool) -> Result<StoreReport> {
        let store = match self.filled_store() {
            Err(DeskError::Store(
                damage @ (StoreError::Damaged { .. } | StoreError::NotAStore { .. }),
            )) => {
                return Ok(StoreReport {
                    findings: vec![damage.to_string()],
                    ..StoreReport::default()
                });
            }
            other => other?,
        };
        let mut report =
            StoreReport { findings: findings(store.as_ref())?, ..StoreReport::default() };
        if raw && report.findings.is_empty() {
            self.check_raw(store.as_ref(), &mut report)?;
        }
        Ok(report)
    }

    fn check_raw(&self, store: &dyn Store, report: &mut StoreReport) -> Result<()> {
        let total = store.stats()?.messages;
        let task = self.progress.begin("reading raw mail", total, Unit::Things);
        for source in store.sources()? {
            let (mut archive, mut unread) = (None, 0);
            store.each_blob(&source, &mut |id, blob| {
                match archive
                    .get_or_insert_with(|| open(&source))
                    .as_ref()
                    .map(|all| all.read(blob))
                {
                    Ok(Ok(_)) => report.raw += 1,
                    Ok(Err(why)) => report.lost.push(format!("the raw mail of `{id}`: {why}")),
                    Err(_) => unread += 1,
                }
                task.set(report.raw);
                Ok(())
            })?;
            if let Some(Err(why)) = archive {
                report.lost.push(format!("the raw mail of {unread} messages: {why}"));
            }
        }
        store.each_header(Span::ALL, &mut |header, _| {
            match store.originals(&header.id) {
                Ok(all) if all.iter().any(|original| original.bytes.is_some()) => report.raw += 1,
                Ok(_) => {}
                Err(why) => report.findings.push(format!("the raw mail of `{}`: {why}", header.id)),
            }
            task.set(report.raw);
            Ok(())
        })?;
        Ok(())
    }

    /// Makes the store anew from the archives that it was read from and those of `show.yaml`. The
    /// old one stays beside it until the new one is whole.
    ///
    /// # Errors
    /// When the new one cannot be written.
    pub fn rebuild_store(&self) -> Result<IngestReport> {
        let place = self.place()?;
        let aside = place.aside();
        // Only somebody who writes it right now is a reason to stop.
        if let Err(DeskError::Store(busy @ StoreError::Busy { .. })) =
            self.store_to_write("lorecast store rebuild")
        {
            return Err(busy.into());
        }
        let mut known = known_sources(&place);
        known.extend(known_sources(&aside));
        let named = self.named_with(known.clone())?;
        if place.is_made()? {
            place.set_aside()?;
        }
        // Named before anything is read: should this stop half-way, nothing is forgotten.
        let mut store = self.store_to_write("lorecast store rebuild")?;
        for source in &known {
            store.start_over(source)?;
        }
        drop(store);
        let report = self.read_all("lorecast store rebuild", named)?;
        if report.failures.is_empty() {
            aside.delete()?;
        }
        Ok(report)
    }

    /// The archives of `show.yaml`, those that were ever named to `ingest`, and these.
    pub(crate) fn named_with(&self, mut known: Vec<SourceKey>) -> Result<Vec<Named>> {
        let named = self.dir.show()?.sources.into_iter().chain(self.remembered());
        let mut named: Vec<_> = named.map(|source| Named::of_show(&self.dir, source)).collect();
        known.retain(|source| !named.iter().any(|named| named.is(source)));
        named.extend(known.iter().map(|source| Named::new(&source.0, None, None)));
        Ok(named)
    }
}

/// The archives that a store was read from, as far as it can still tell.
fn known_sources(place: &Place) -> Vec<SourceKey> {
    if !place.is_made().unwrap_or(false) {
        return Vec::new();
    }
    place.open().and_then(|store| store.sources()).unwrap_or_default()
}

/// The repository of an archive.
pub(crate) fn open(source: &SourceKey) -> std::result::Result<Blobs, ArchiveError> {
    let path = Utf8Path::new(&source.0);
    if path.exists() {
        Blobs::open(path)
    } else {
        Err(ArchiveError::NotFound { path: path.into() })
    }
}

/// What a check finds; damage that it stumbles over is a finding, too.
fn findings(store: &dyn Store) -> Result<Vec<String>> {
    match store.check() {
        Err(damage @ StoreError::Damaged { .. }) => Ok(vec![damage.to_string()]),
        found => Ok(found?),
    }
}

//! Entries into the store, on one thread: a store has one writer.

use std::collections::{BTreeMap, HashSet};
use std::sync::mpsc::{Receiver, sync_channel};

use jiff::Timestamp;
use lorecast_archive::Archive;
use lorecast_model::{Loner, LonerKey, MessageId};
use lorecast_store::{Batch, Entry, SourceKey, Span, Store};
use lorecast_tracker::{PATIENCE, kin, threads};

use super::SourceReport;
use super::reading::{self, Parsed, Part};
use crate::{DeskError, Progress, Result, Unit};

/// Reads an archive to its end: one thread reads and parses, this one commits.
pub(super) fn read_and_keep(
    progress: &dyn Progress,
    store: &mut dyn Store,
    archive: &Archive,
    source: &SourceKey,
    failures: &mut Vec<DeskError>,
) -> Result<SourceReport> {
    let cursor = store.cursor(source)?;
    let failed_before = failures.len();
    let (send, receive) = sync_channel(1);
    let mut report = SourceReport { path: archive.path().to_owned(), ..SourceReport::default() };
    std::thread::scope(|scope| {
        // It owns its end: when it is gone, whatever the reason, there is nothing to wait for.
        let since = cursor.as_deref();
        scope.spawn(move || reading::read(archive, since, send));
        let keeper = Keeper { progress, store, source, archive, since, held: false };
        keeper.keep_all(receive, &mut report, failures)
    })?;
    // What could not be read is not gone.
    if archive.forgets() && failures.len() == failed_before {
        report.removed += store.sweep(source)?;
    }
    Ok(report)
}

struct Keeper<'k> {
    progress: &'k dyn Progress,
    store: &'k mut dyn Store,
    source: &'k SourceKey,
    archive: &'k Archive,
    /// Where this reading began; none when it is the first.
    since: Option<&'k str>,
    /// The history is damaged: the next run begins where this one did, so that what lies behind the
    /// damage is read once it is mended.
    held: bool,
}

impl Keeper<'_> {
    fn keep_all(
        mut self,
        parts: Receiver<Part>,
        report: &mut SourceReport,
        failures: &mut Vec<DeskError>,
    ) -> Result<()> {
        let mut task = None;
        for part in parts {
            match part {
                Part::Begin { total, from_the_start } => {
                    if from_the_start && self.since.is_some() {
                        self.store.start_over(self.source)?;
                    }
                    let name = report.path.file_name().unwrap_or(report.path.as_str());
                    let what = format!("reading {name}");
                    task = (total > 0).then(|| self.progress.begin(&what, total, Unit::Things));
                }
                Part::Failed(error) => {
                    self.held |= self.archive.forgets() && error.is_damage();
                    failures.push(error.into());
                }
                Part::Batch(mut parsed) => {
                    let done = parsed.done;
                    if self.held {
                        parsed.cursor = self.since.unwrap_or_default().to_owned();
                    }
                    let added = commit(self.store, self.source, parsed)?;
                    report.new += added.new;
                    report.known += added.known;
                    report.removed += added.removed;
                    task.iter().for_each(|task| task.set(done));
                }
            }
        }
        Ok(())
    }
}

fn commit(
    store: &mut dyn Store,
    source: &SourceKey,
    parsed: Parsed,
) -> Result<lorecast_store::Added> {
    let Parsed { entries, removals, cursor, .. } = parsed;
    let kin = kin(&loners(store, &entries)?);
    let related = kin.iter().flat_map(|(answer, asked)| [answer, asked]);
    let headers = || entries.iter().map(|entry| &entry.message.header);
    let named = headers().flat_map(|h| std::iter::once(&h.id).chain(&h.references));
    // A thread's mails name the same ones again and again.
    let ids: HashSet<&MessageId> = named.chain(related).collect();
    let ids: Vec<MessageId> = ids.into_iter().cloned().collect();
    let known = store.thread_keys(&ids)?;
    let placement = threads::place(headers(), &kin, &known);
    let source = source.clone();
    Ok(store.commit(&Batch { source, cursor, entries, removals, placement })?)
}

/// The messages without references among these, and those in the store that may answer them or be
/// answered by them.
fn loners(store: &dyn Store, entries: &[Entry]) -> Result<Vec<Loner>> {
    let mut spans: BTreeMap<LonerKey, (Timestamp, Timestamp)> = BTreeMap::new();
    let mut loners = Vec::new();
    for entry in entries {
        let date = entry.message.header.date;
        for key in entry.alone() {
            let (first, last) = spans.entry(*key).or_insert((date, date));
            (*first, *last) = ((*first).min(date), (*last).max(date));
        }
        if !entry.alone().is_empty() {
            loners.push(Loner::of(&entry.message));
        }
    }
    for (key, (first, last)) in spans {
        let from = first.saturating_sub(PATIENCE).unwrap_or(Timestamp::MIN);
        let to = last.saturating_add(PATIENCE).unwrap_or(Timestamp::MAX);
        loners.extend(store.alone(key, Span { from, to })?);
    }
    Ok(loners)
}

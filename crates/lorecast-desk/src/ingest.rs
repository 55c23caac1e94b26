//! Archives into the store.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_archive::{Archive, ArchiveError, RawMail};
use lorecast_mail::Arrival;
use lorecast_model::{ListId, Message, MessageId};
use lorecast_store::sqlite::SqliteStore;
use lorecast_store::{Batch, SourceKey, Store};
use lorecast_tracker::threads;
use rayon::prelude::*;

use crate::{Desk, DeskError, Result, Unit};

/// What an ingest did.
#[derive(Debug, Default)]
pub struct IngestReport {
    /// One for each archive that was read, in order.
    pub sources: Vec<SourceReport>,
    /// Archives, or parts of them, that could not be read. All others were.
    pub failures: Vec<DeskError>,
}

/// What one archive gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceReport {
    /// The archive.
    pub path: Utf8PathBuf,
    /// Messages that were not held before.
    pub new: u64,
    /// Messages that had come through another list, or an earlier run, already.
    pub known: u64,
}

/// A batch is committed when it has so many mails, or so many bytes.
const BATCH_MAILS: usize = 1024;
const BATCH_BYTES: usize = 16 << 20;

impl Desk<'_> {
    /// Reads what is new in these archives (or those of `show.yaml` when none are named) and tracks
    /// the threads that it touches. An archive that cannot be read is reported, and the others are
    /// read all the same.
    ///
    /// # Errors
    /// When the store fails; everything committed before is kept.
    pub fn ingest(&self, paths: &[Utf8PathBuf], list: Option<&ListId>) -> Result<IngestReport> {
        let mut report = IngestReport::default();
        let mut archives = Vec::new();
        for (path, list) in self.sources(paths, list)? {
            match lorecast_archive::discover(&path, list.as_ref()) {
                Ok(found) => archives.extend(found),
                Err(error) => report.failures.push(error.into()),
            }
        }
        let mut store = self.store()?;
        for archive in &archives {
            match self.ingest_one(&mut store, archive, &mut report.failures) {
                Ok(source) => report.sources.push(source),
                Err(DeskError::Archive(error)) => report.failures.push(error.into()),
                Err(error) => return Err(error),
            }
        }
        self.track(&mut store)?;
        Ok(report)
    }

    fn sources(
        &self,
        paths: &[Utf8PathBuf],
        list: Option<&ListId>,
    ) -> Result<Vec<(Utf8PathBuf, Option<ListId>)>> {
        if !paths.is_empty() {
            return Ok(paths.iter().map(|path| (path.clone(), list.cloned())).collect());
        }
        let sources = self.dir.show()?.sources;
        if sources.is_empty() {
            return Err(DeskError::NoSources { file: self.root().join("show.yaml") });
        }
        Ok(sources.into_iter().map(|s| (self.dir.resolve(&s.path), s.list)).collect())
    }

    /// One thread reads and parses, this one commits: SQLite has one writer.
    fn ingest_one(
        &self,
        store: &mut SqliteStore,
        archive: &Archive,
        failures: &mut Vec<DeskError>,
    ) -> Result<SourceReport> {
        let source = SourceKey(archive.key());
        let cursor = store.cursor(&source)?;
        let (send, receive) = sync_channel(2);
        let mut report = SourceReport { path: archive.path().to_owned(), new: 0, known: 0 };
        std::thread::scope(|scope| {
            scope.spawn(|| read(archive, cursor.as_deref(), send));
            self.commit_all(store, &source, receive, &mut report, failures)
        })?;
        Ok(report)
    }

    fn commit_all(
        &self,
        store: &mut SqliteStore,
        source: &SourceKey,
        parts: Receiver<Part>,
        report: &mut SourceReport,
        failures: &mut Vec<DeskError>,
    ) -> Result<()> {
        let mut task = None;
        for part in parts {
            match part {
                Part::Size(total) => task = Some(self.begin_reading(&report.path, total)),
                Part::Failed(error) => failures.push(error.into()),
                Part::Mails { messages, cursor, done } => {
                    let added = commit(store, source, messages, cursor)?;
                    report.new += added.new;
                    report.known += added.known;
                    if let Some(task) = &task {
                        task.set(done);
                    }
                }
            }
        }
        Ok(())
    }

    fn begin_reading(&self, path: &Utf8Path, total: u64) -> Box<dyn crate::Task> {
        let name = path.file_name().unwrap_or(path.as_str());
        self.progress.begin(&format!("reading {name}"), total, Unit::Things)
    }
}

/// What the reading thread sends.
enum Part {
    /// How much there is, in the reader's own unit.
    Size(u64),
    /// Parsed mails, where to go on after them, and how much is done.
    Mails { messages: Vec<Message>, cursor: String, done: u64 },
    /// Something that could not be read.
    Failed(ArchiveError),
}

/// Reads an archive to its end. A send that fails means that the other side gave up: so do we.
fn read(archive: &Archive, cursor: Option<&str>, send: SyncSender<Part>) {
    let mut reader = match archive.read(cursor) {
        Ok(reader) => reader,
        Err(error) => return drop(send.send(Part::Failed(error))),
    };
    if send.send(Part::Size(reader.total())).is_err() {
        return;
    }
    loop {
        let (mut mails, mut bytes, mut failures) = (Vec::new(), 0, Vec::new());
        while mails.len() < BATCH_MAILS && bytes < BATCH_BYTES {
            match reader.next() {
                Some(Ok(mail)) => {
                    bytes += mail.bytes.len();
                    mails.push(mail);
                }
                Some(Err(error)) => failures.push(error),
                None => break,
            }
        }
        let at_end = mails.is_empty() && failures.is_empty();
        let (cursor, done) = (reader.cursor(), reader.done());
        let part = Part::Mails { messages: mails.par_iter().map(parse).collect(), cursor, done };
        let parts = failures.into_iter().map(Part::Failed).chain([part]);
        if at_end || parts.into_iter().any(|part| send.send(part).is_err()) {
            return;
        }
    }
}

fn parse(mail: &RawMail) -> Message {
    let arrival = Arrival { list: mail.list.clone(), received: mail.received };
    lorecast_mail::parse(&mail.bytes, &arrival)
}

fn commit(
    store: &mut SqliteStore,
    source: &SourceKey,
    messages: Vec<Message>,
    cursor: String,
) -> Result<lorecast_store::Added> {
    let ids: Vec<MessageId> = messages
        .iter()
        .flat_map(|m| std::iter::once(&m.header.id).chain(&m.header.references))
        .cloned()
        .collect();
    let known = store.thread_keys(&ids)?;
    let placement = threads::place(messages.iter().map(|m| &m.header), &known);
    Ok(store.commit(&Batch { source: source.clone(), cursor, messages, placement })?)
}

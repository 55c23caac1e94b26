//! The embedded engine: one SQLite file with a full-text index.
//!
//! | file | what it holds |
//! |---|---|
//! | `schema` | opening, settings and migrations |
//! | `write`, `placement`, `intern` | batches and threads going in |
//! | `revisions` | revisions and their clues, in and out |
//! | `told`, `tree` | patches, events and pull requests; upstream trees and what landed in them |
//! | `source`, `remove` | archives, and what they no longer hold |
//! | `writers` | who wrote messages, in and out |
//! | `read` | messages and threads coming out |
//! | `search`, `deadline` | a [`Query`] as SQL and FTS5, and when a search has to end |
//! | `check` | looking for damage |
//! | `fault` | SQLite's errors in plain words |

use std::collections::HashMap;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use lorecast_model::{
    BlobId, ClueKey, CommitId, Event, Header, Landing, Loner, LonerKey, Message, MessageId, Order,
    Placement, Posted, Query, Revision, SeriesId, Sighting, Thread, ThreadKey,
};
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use self::deadline::Deadline;
use self::fault::Fault;
use self::intern::Interned;
use crate::lock::WriterLock;
use crate::{
    Added, Batch, FoundLanding, Hit, Holding, Landed, Matter, Original, Page, Pull, Result,
    SourceKey, Span, Stats, Store, Tracked, TreeState, TreeStep,
};

mod check;
mod deadline;
mod fault;
mod intern;
mod placement;
mod read;
mod remove;
mod revisions;
mod schema;
mod search;
mod source;
mod told;
mod tree;
mod write;
mod writers;

/// How much of the file one of several readers keeps in memory, in KiB: the system keeps the rest.
const READER: u32 = 16 * 1024;

/// A store in one SQLite file (write-ahead log, so that readers never wait for the writer).
pub struct SqliteStore {
    conn: Connection,
    path: Utf8PathBuf,
    /// Which file it was when it was opened: a rebuilt store is another one.
    file: Option<FileId>,
    interned: Interned,
    /// When searches have to end, if they have to.
    deadline: Option<Deadline>,
    /// Held while this store may be written.
    _lock: Option<WriterLock>,
}

impl SqliteStore {
    /// Opens the file, creates it when absent, and brings its layout up to date.
    ///
    /// # Errors
    /// When the file cannot be opened, is no store of ours, or comes from a newer version.
    pub fn open(path: &Utf8Path) -> Result<Self> {
        let conn = Connection::open(path).map_err(|error| Fault::from(error).at(path))?;
        Self::set_up(conn, path)
    }

    /// Opens the file to write it, as the only one: `who` says to a second writer what goes on,
    /// such as `lorecast sync`. Readers never wait.
    ///
    /// # Errors
    /// As [`SqliteStore::open`], and [`StoreError::Busy`](crate::StoreError::Busy) naming the
    /// other writer.
    pub fn open_to_write(path: &Utf8Path, who: &str) -> Result<Self> {
        let lock = WriterLock::take(path, who)?;
        Ok(Self { _lock: Some(lock), ..Self::open(path)? })
    }

    /// Opens a file that is there to read it alone, as one of several readers of a server.
    ///
    /// # Errors
    /// As [`SqliteStore::open`]; and when there is no such file.
    pub fn open_to_read(path: &Utf8Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(path, flags)
            .map_err(|error| Fault::from(error).at(path))?;
        let store = Self::set_up(conn, path)?;
        store.read(|conn| {
            conn.execute_batch(&format!("PRAGMA query_only = ON; PRAGMA cache_size = -{READER};"))?;
            Ok(())
        })?;
        Ok(store)
    }

    /// A store that is gone when dropped.
    ///
    /// # Errors
    /// When SQLite finds no memory.
    pub fn in_memory() -> Result<Self> {
        let path = Utf8Path::new(":memory:");
        let conn = Connection::open_in_memory().map_err(|error| Fault::from(error).at(path))?;
        Self::set_up(conn, path)
    }

    /// How long to wait for another writer before giving up; 5 seconds unless told.
    ///
    /// # Errors
    /// Never in practice: SQLite keeps the number.
    pub fn wait_for_writers(&self, patience: Duration) -> Result<()> {
        self.conn.busy_timeout(patience).map_err(|error| Fault::from(error).at(&self.path))
    }

    /// Lets the file grow no further, as on a full disk. For tests.
    ///
    /// # Errors
    /// When SQLite refuses.
    #[doc(hidden)]
    pub fn limit_pages_to_present(&self) -> Result<()> {
        let limit = |conn: &Connection| -> rusqlite::Result<()> {
            let pages: i64 = conn.pragma_query_value(None, "page_count", |row| row.get(0))?;
            conn.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
        };
        self.read(|conn| Ok(limit(conn)?))
    }

    fn set_up(mut conn: Connection, path: &Utf8Path) -> Result<Self> {
        // Asked first: a store that is exchanged meanwhile is then taken for the old one.
        let file = file_id(path);
        schema::prepare(&mut conn, path)?;
        Ok(Self {
            conn,
            path: path.to_owned(),
            file,
            interned: Interned::default(),
            deadline: None,
            _lock: None,
        })
    }

    fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> std::result::Result<T, Fault>,
    ) -> Result<T> {
        work(&self.conn).map_err(|fault| fault.at(&self.path))
    }

    /// Searches for as long as that may take.
    fn search_for<T>(
        &self,
        work: impl FnOnce(&Connection) -> std::result::Result<T, Fault>,
    ) -> Result<T> {
        self.read(|conn| match &self.deadline {
            Some(deadline) => deadline.hold(|| work(conn)),
            None => work(conn),
        })
    }

    /// Runs `work` in one transaction that takes the write lock at once.
    fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>, &mut Interned) -> std::result::Result<T, Fault>,
    ) -> Result<T> {
        let Self { conn, path, interned, .. } = self;
        let attempt = || {
            let tx = Transaction::new(conn, TransactionBehavior::Immediate)?;
            let value = work(&tx, interned)?;
            tx.execute("UPDATE state SET generation = generation + 1", [])?;
            tx.commit()?;
            Ok(value)
        };
        let outcome = attempt();
        if outcome.is_err() {
            // What was interned in this transaction is gone with it.
            interned.clear();
        }
        outcome.map_err(|fault: Fault| fault.at(path))
    }
}

impl Store for SqliteStore {
    fn generation(&self) -> Result<i64> {
        self.read(|conn| {
            let mut asked = conn.prepare_cached("SELECT generation FROM state")?;
            Ok(asked.query_row([], |row| row.get(0))?)
        })
    }

    fn is_current(&self) -> Result<bool> {
        Ok(file_id(&self.path) == self.file)
    }

    fn at_once(&self, work: &mut dyn FnMut()) -> Result<()> {
        self.read(|conn| Ok(conn.execute_batch("BEGIN")?))?;
        work();
        self.read(|conn| Ok(conn.execute_batch("COMMIT")?))
    }

    fn sources(&self) -> Result<Vec<SourceKey>> {
        self.read(source::all)
    }

    fn cursor(&self, source: &SourceKey) -> Result<Option<String>> {
        self.read(|conn| source::cursor(conn, source))
    }

    fn rename_source(&mut self, from: &SourceKey, to: &SourceKey) -> Result<()> {
        self.write(|tx, _| source::rename(tx, from, to))
    }

    fn start_over(&mut self, source: &SourceKey) -> Result<()> {
        self.write(|tx, _| source::start_over(tx, source))
    }

    fn sweep(&mut self, source: &SourceKey) -> Result<u64> {
        self.write(|tx, _| remove::sweep(tx, source))
    }

    fn alone(&self, subject: LonerKey, span: Span) -> Result<Vec<Loner>> {
        self.read(|conn| read::alone(conn, subject, span))
    }

    fn broken_threads(&self, limit: u32) -> Result<Vec<ThreadKey>> {
        self.read(|conn| read::broken_threads(conn, limit))
    }

    fn regroup(&mut self, thread: ThreadKey, placement: &Placement) -> Result<()> {
        self.write(|tx, interned| {
            interned.forget_nodes();
            placement::regroup(tx, thread, placement)
        })
    }

    fn thread_keys(&self, ids: &[MessageId]) -> Result<HashMap<MessageId, ThreadKey>> {
        self.read(|conn| read::thread_keys(conn, ids))
    }

    fn commit(&mut self, batch: &Batch) -> Result<Added> {
        self.write(|tx, interned| write::commit(tx, interned, batch))
    }

    fn stale_count(&self) -> Result<u64> {
        self.read(read::stale_count)
    }

    fn stale_threads(&self, limit: u32) -> Result<Vec<ThreadKey>> {
        self.read(|conn| read::stale_threads(conn, limit))
    }

    fn thread_messages(&self, key: ThreadKey) -> Result<Vec<Message>> {
        self.read(|conn| read::thread_messages(conn, key))
    }

    fn put_tracked(&mut self, tracked: &[Tracked]) -> Result<()> {
        self.write(|tx, _| write::put_tracked(tx, tracked))
    }

    fn revisions_in(&self, threads: &[ThreadKey]) -> Result<Vec<Revision>> {
        self.read(|conn| revisions::of_threads(conn, threads))
    }

    fn alike(&self, keys: &[ClueKey]) -> Result<Vec<Posted>> {
        self.read(|conn| revisions::alike(conn, keys))
    }

    fn notices(&self, keys: &[ClueKey], except: ThreadKey) -> Result<Vec<MessageId>> {
        self.read(|conn| told::notices(conn, keys, except))
    }

    fn first_posted(&self) -> Result<Option<Timestamp>> {
        self.read(revisions::first)
    }

    fn last_sent(&self) -> Result<Option<Timestamp>> {
        self.read(read::last)
    }

    fn events(&self, root: &MessageId) -> Result<Vec<Event>> {
        self.read(|conn| told::events(conn, root))
    }

    fn pulls(&self, span: Span) -> Result<Vec<Pull>> {
        self.read(|conn| told::pulls(conn, span))
    }

    fn pull(&self, id: &MessageId) -> Result<Option<Pull>> {
        self.read(|conn| told::pull(conn, id))
    }

    fn trees(&self) -> Result<Vec<TreeState>> {
        self.read(tree::trees)
    }

    fn held_by(&self, tree: &str) -> Result<Vec<CommitId>> {
        self.read(|conn| tree::held(conn, tree))
    }

    fn put_tree(&mut self, step: &TreeStep) -> Result<()> {
        self.write(|tx, _| tree::step(tx, step))
    }

    fn remove_tree(&mut self, tree: &str) -> Result<()> {
        self.write(|tx, _| tree::remove(tx, tree))
    }

    fn stale_commit_count(&self) -> Result<u64> {
        self.read(tree::stale_count)
    }

    fn stale_commits(&self, limit: u32) -> Result<Vec<(CommitId, Matter)>> {
        self.read(|conn| tree::stale(conn, limit))
    }

    fn patches_like(&self, keys: &[ClueKey]) -> Result<Vec<Vec<u8>>> {
        self.read(|conn| told::alike(conn, keys))
    }

    fn put_landings(&mut self, landings: &[(CommitId, Option<FoundLanding>)]) -> Result<()> {
        self.write(|tx, _| tree::put_landings(tx, landings))
    }

    fn each_landing(&self, span: Span, visit: &mut dyn FnMut(Landing) -> Result<()>) -> Result<()> {
        self.read(|conn| tree::each_landing(conn, span, visit))?
    }

    fn landed(&self, patch: &MessageId) -> Result<Vec<Landed>> {
        self.read(|conn| tree::landed(conn, patch))
    }

    fn merged(&self, tip: &CommitId) -> Result<Vec<(Holding, Vec<CommitId>)>> {
        self.read(|conn| tree::merged(conn, tip))
    }

    fn posted_as(&self, commits: &[CommitId]) -> Result<Vec<MessageId>> {
        self.read(|conn| tree::posted_as(conn, commits))
    }

    fn of_series(&self, series: &[SeriesId]) -> Result<Vec<Posted>> {
        self.read(|conn| revisions::of_series(conn, series))
    }

    fn put_revisions(&mut self, revisions: &[Revision]) -> Result<()> {
        self.write(|tx, _| revisions::replace(tx, revisions))
    }

    fn message(&self, id: &MessageId) -> Result<Option<Message>> {
        self.read(|conn| read::message(conn, id))
    }

    fn messages(&self, id: &MessageId) -> Result<Vec<Message>> {
        self.read(|conn| read::messages(conn, std::slice::from_ref(id)))
    }

    fn messages_of(&self, ids: &[MessageId]) -> Result<Vec<Message>> {
        self.read(|conn| read::messages(conn, ids))
    }

    fn latest_threads(&self, page: Page) -> Result<Vec<Thread>> {
        self.read(|conn| read::latest_threads(conn, page))
    }

    fn originals(&self, id: &MessageId) -> Result<Vec<Original>> {
        self.read(|conn| source::originals(conn, id))
    }

    fn each_blob(
        &self,
        source: &SourceKey,
        visit: &mut dyn FnMut(MessageId, BlobId) -> Result<()>,
    ) -> Result<()> {
        self.read(|conn| source::each_blob(conn, source, visit))
    }

    fn thread(&self, id: &MessageId) -> Result<Option<(Thread, Vec<Header>)>> {
        self.read(|conn| read::thread(conn, id))
    }

    fn threads(&self, span: Span) -> Result<Vec<Thread>> {
        self.read(|conn| read::threads(conn, span))
    }

    fn each_header(
        &self,
        span: Span,
        visit: &mut dyn FnMut(Header, MessageId) -> Result<()>,
    ) -> Result<()> {
        self.read(|conn| read::each_header(conn, span, visit))
    }

    fn each_sighting(
        &self,
        span: Span,
        visit: &mut dyn FnMut(Sighting) -> Result<()>,
    ) -> Result<()> {
        self.read(|conn| writers::each_sighting(conn, span, visit))
    }

    fn revision_of(&self, id: &MessageId) -> Result<Option<Revision>> {
        self.read(|conn| revisions::of_message(conn, id))
    }

    fn revisions(&self, span: Span) -> Result<Vec<Revision>> {
        self.read(|conn| revisions::of_span(conn, span))
    }

    fn give_searches(&mut self, most: Duration) -> Result<()> {
        let watched = Deadline::watch(&mut self.conn, most);
        self.deadline = Some(watched.map_err(|fault| fault.at(&self.path))?);
        Ok(())
    }

    fn matches(&self, query: &Query, order: Order, page: Page) -> Result<Vec<Header>> {
        self.search_for(|conn| search::matches(conn, query, order, page))
    }

    fn search(&self, query: &Query, order: Order, page: Page) -> Result<Vec<Hit>> {
        self.search_for(|conn| search::search(conn, query, order, page))
    }

    fn stats(&self) -> Result<Stats> {
        self.read(read::stats)
    }

    fn check(&self) -> Result<Vec<String>> {
        self.read(check::check)
    }
}

/// Tells a file from another one that has its name later.
type FileId = (u64, u64);

#[cfg(unix)]
fn file_id(path: &Utf8Path) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt;
    let about = std::fs::metadata(path).ok()?;
    Some((about.dev(), about.ino()))
}

#[cfg(not(unix))]
fn file_id(path: &Utf8Path) -> Option<FileId> {
    path.is_file().then_some((0, 0))
}

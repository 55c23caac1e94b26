//! The engine for several machines: a schema of a PostgreSQL database.
//!
//! Every show has a schema of its own. One program writes at a time, told by an advisory lock;
//! readers never wait, and see one state of the store for as long as they ask to. A call is a handful
//! of statements however much it keeps: what they do is computed before they are sent.
//!
//! | file | what it holds |
//! |---|---|
//! | `alone` | one at a time, on whichever machine |
//! | `address` | where a database is, and how to reach it |
//! | `session` | a connection that comes back by itself; statements, snapshots, transactions |
//! | `schema` | migrations |
//! | `commit`, `nodes`, `intern`, `placement` | batches and threads going in |
//! | `tracked`, `revisions`, `told`, `tree` | what the tracker derived; upstream trees and what landed in them |
//! | `source`, `remove` | archives, and what they no longer hold |
//! | `writers` | who wrote messages |
//! | `read` | messages and threads coming out |
//! | `search`, `text`, `said` | a [`Query`] as SQL, its text, and the words of messages |
//! | `check` | looking for damage |
//! | `fault` | PostgreSQL's errors in plain words |

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use lorecast_model::{
    BlobId, ClueKey, CommitId, Event, Header, Landing, Loner, LonerKey, Message, MessageId, Order,
    Placement, Posted, Query, Revision, SeriesId, Sighting, Thread, ThreadKey,
};
use sha2::{Digest, Sha256};

use self::fault::Fault;
use self::intern::Interned;
use self::session::{Role, Session};
use crate::{
    Added, Batch, FoundLanding, Hit, Holding, Landed, Matter, Original, Page, Place, Pull, Result,
    SourceKey, Span, Stats, Store, Tracked, TreeState, TreeStep,
};

mod address;
mod alone;
mod check;
mod commit;
mod fault;
mod intern;
mod nodes;
mod placement;
mod read;
mod remove;
mod revisions;
mod said;
mod schema;
mod search;
mod session;
mod source;
mod text;
mod told;
mod tracked;
mod tree;
mod writers;

pub use address::Address;
pub(crate) use address::said;
pub use alone::Alone;
pub(crate) use fault::is_lost;

/// A store in a schema of a PostgreSQL database.
pub struct PostgresStore {
    session: Session,
    place: Place,
    interned: Interned,
}

impl PostgresStore {
    /// Opens the store, makes it when there is none, and brings its layout up to date.
    ///
    /// # Errors
    /// When the server cannot be reached, the schema is no store of ours, or comes from a newer
    /// version.
    pub fn open(address: &Address) -> Result<Self> {
        Self::start(address, Role::Any)
    }

    /// Opens the store to write it, as the only one: `who` says to a second writer what goes on,
    /// such as `lorecast sync`. Readers never wait.
    ///
    /// # Errors
    /// As [`PostgresStore::open`], and [`StoreError::Busy`](crate::StoreError::Busy) naming the
    /// other writer.
    pub fn open_to_write(address: &Address, who: &str) -> Result<Self> {
        Self::start(address, Role::Writer(who.to_owned()))
    }

    /// Opens a store that is there to read it alone, as one of several readers of a server.
    ///
    /// # Errors
    /// As [`PostgresStore::open`]; and when there is no store.
    pub fn open_to_read(address: &Address) -> Result<Self> {
        Self::start(address, Role::Reader)
    }

    fn start(address: &Address, role: Role) -> Result<Self> {
        let place = Place::Server(Box::new(address.clone()));
        let session = Session::open(address, role).map_err(|fault| fault.at(&place))?;
        Ok(Self { session, place, interned: Interned::default() })
    }

    fn read<T>(&self, work: impl FnOnce(&Session) -> std::result::Result<T, Fault>) -> Result<T> {
        work(&self.session).map_err(|fault| fault.at(&self.place))
    }

    /// Runs `work` in one transaction, as the only writer.
    fn write<T>(
        &mut self,
        work: impl FnOnce(&Session, &mut Interned) -> std::result::Result<T, Fault>,
    ) -> Result<T> {
        let Self { session, place, interned } = self;
        let outcome = session.write(|| work(session, interned));
        if outcome.is_err() {
            // What was interned in this transaction is gone with it.
            interned.clear();
        }
        outcome.map_err(|fault| fault.at(place))
    }
}

/// Whether a store is there.
pub(crate) fn is_made(address: &Address) -> Result<bool> {
    with(address, |client| schema::is_made(client, address))
}

/// Puts a store aside, so that a new one can be made.
pub(crate) fn set_aside(address: &Address) -> Result<()> {
    with(address, |client| schema::set_aside(client, address))
}

/// Deletes a store.
pub(crate) fn delete(address: &Address) -> Result<()> {
    with(address, |client| schema::delete(client, address))
}

fn with<T>(
    address: &Address,
    work: impl FnOnce(&mut ::postgres::Client) -> std::result::Result<T, Fault>,
) -> Result<T> {
    let place = Place::Server(Box::new(address.clone()));
    let connected = address.connect("lorecast").map_err(Fault::from);
    connected.and_then(|mut client| work(&mut client)).map_err(|fault| fault.at(&place))
}

/// A key for what may be longer than an index takes: the first half of a SHA-256.
fn digest(parts: &[&[u8]]) -> [u8; 16] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut half = [0; 16];
    half.copy_from_slice(&hash.finalize()[..16]);
    half
}

impl Store for PostgresStore {
    fn generation(&self) -> Result<i64> {
        self.read(|session| session.number("SELECT generation FROM state", &[]))
    }

    fn is_current(&self) -> Result<bool> {
        self.read(Session::is_current)
    }

    fn at_once(&self, work: &mut dyn FnMut()) -> Result<()> {
        self.read(|session| session.snapshot(work))
    }

    fn sources(&self) -> Result<Vec<SourceKey>> {
        self.read(source::all)
    }

    fn cursor(&self, source: &SourceKey) -> Result<Option<String>> {
        self.read(|session| source::cursor(session, source))
    }

    fn rename_source(&mut self, from: &SourceKey, to: &SourceKey) -> Result<()> {
        self.write(|session, _| source::rename(session, from, to))
    }

    fn start_over(&mut self, source: &SourceKey) -> Result<()> {
        self.write(|session, _| source::start_over(session, source))
    }

    fn sweep(&mut self, source: &SourceKey) -> Result<u64> {
        self.write(|session, _| remove::sweep(session, source))
    }

    fn alone(&self, subject: LonerKey, span: Span) -> Result<Vec<Loner>> {
        self.read(|session| read::alone(session, subject, span))
    }

    fn broken_threads(&self, limit: u32) -> Result<Vec<ThreadKey>> {
        self.read(|session| read::broken_threads(session, limit))
    }

    fn regroup(&mut self, thread: ThreadKey, placement: &Placement) -> Result<()> {
        self.write(|session, _| placement::regroup(session, thread, placement))
    }

    fn thread_keys(&self, ids: &[MessageId]) -> Result<HashMap<MessageId, ThreadKey>> {
        self.read(|session| read::thread_keys(session, ids))
    }

    fn commit(&mut self, batch: &Batch) -> Result<Added> {
        self.write(|session, interned| commit::commit(session, interned, batch))
    }

    fn stale_count(&self) -> Result<u64> {
        self.read(read::stale_count)
    }

    fn stale_threads(&self, limit: u32) -> Result<Vec<ThreadKey>> {
        self.read(|session| read::stale_threads(session, limit))
    }

    fn thread_messages(&self, key: ThreadKey) -> Result<Vec<Message>> {
        self.read(|session| read::thread_messages(session, key))
    }

    fn put_tracked(&mut self, tracked: &[Tracked]) -> Result<()> {
        self.write(|session, _| tracked::put(session, tracked))
    }

    fn revisions_in(&self, threads: &[ThreadKey]) -> Result<Vec<Revision>> {
        self.read(|session| revisions::of_threads(session, threads))
    }

    fn alike(&self, keys: &[ClueKey]) -> Result<Vec<Posted>> {
        self.read(|session| revisions::alike(session, keys))
    }

    fn notices(&self, keys: &[ClueKey], except: ThreadKey) -> Result<Vec<MessageId>> {
        self.read(|session| told::notices(session, keys, except))
    }

    fn first_posted(&self) -> Result<Option<Timestamp>> {
        self.read(revisions::first)
    }

    fn last_sent(&self) -> Result<Option<Timestamp>> {
        self.read(read::last)
    }

    fn events(&self, root: &MessageId) -> Result<Vec<Event>> {
        self.read(|session| told::events(session, root))
    }

    fn pulls(&self, span: Span) -> Result<Vec<Pull>> {
        self.read(|session| told::pulls(session, span))
    }

    fn pull(&self, id: &MessageId) -> Result<Option<Pull>> {
        self.read(|session| told::pull(session, id))
    }

    fn trees(&self) -> Result<Vec<TreeState>> {
        self.read(tree::trees)
    }

    fn held_by(&self, tree: &str) -> Result<Vec<CommitId>> {
        self.read(|session| tree::held(session, tree))
    }

    fn put_tree(&mut self, step: &TreeStep) -> Result<()> {
        self.write(|session, _| tree::step(session, step))
    }

    fn remove_tree(&mut self, tree: &str) -> Result<()> {
        self.write(|session, _| tree::remove(session, tree))
    }

    fn stale_commit_count(&self) -> Result<u64> {
        self.read(tree::stale_count)
    }

    fn stale_commits(&self, limit: u32) -> Result<Vec<(CommitId, Matter)>> {
        self.read(|session| tree::stale(session, limit))
    }

    fn patches_like(&self, keys: &[ClueKey]) -> Result<Vec<Vec<u8>>> {
        self.read(|session| told::alike(session, keys))
    }

    fn put_landings(&mut self, landings: &[(CommitId, Option<FoundLanding>)]) -> Result<()> {
        self.write(|session, _| tree::put_landings(session, landings))
    }

    fn each_landing(&self, span: Span, visit: &mut dyn FnMut(Landing) -> Result<()>) -> Result<()> {
        self.read(|session| tree::each_landing(session, span, visit))
    }

    fn landed(&self, patch: &MessageId) -> Result<Vec<Landed>> {
        self.read(|session| tree::landed(session, patch))
    }

    fn merged(&self, tip: &CommitId) -> Result<Vec<(Holding, Vec<CommitId>)>> {
        self.read(|session| tree::merged(session, tip))
    }

    fn posted_as(&self, commits: &[CommitId]) -> Result<Vec<MessageId>> {
        self.read(|session| tree::posted_as(session, commits))
    }

    fn of_series(&self, series: &[SeriesId]) -> Result<Vec<Posted>> {
        self.read(|session| revisions::of_series(session, series))
    }

    fn put_revisions(&mut self, revisions: &[Revision]) -> Result<()> {
        self.write(|session, _| revisions::replace(session, revisions))
    }

    fn message(&self, id: &MessageId) -> Result<Option<Message>> {
        self.read(|session| read::message(session, id))
    }

    fn messages(&self, id: &MessageId) -> Result<Vec<Message>> {
        self.read(|session| read::messages(session, std::slice::from_ref(id)))
    }

    fn messages_of(&self, ids: &[MessageId]) -> Result<Vec<Message>> {
        self.read(|session| read::messages(session, ids))
    }

    fn latest_threads(&self, page: Page) -> Result<Vec<Thread>> {
        self.read(|session| read::latest_threads(session, page))
    }

    fn originals(&self, id: &MessageId) -> Result<Vec<Original>> {
        self.read(|session| source::originals(session, id))
    }

    fn each_blob(
        &self,
        source: &SourceKey,
        visit: &mut dyn FnMut(MessageId, BlobId) -> Result<()>,
    ) -> Result<()> {
        self.read(|session| source::each_blob(session, source, visit))
    }

    fn thread(&self, id: &MessageId) -> Result<Option<(Thread, Vec<Header>)>> {
        self.read(|session| read::thread(session, id))
    }

    fn threads(&self, span: Span) -> Result<Vec<Thread>> {
        self.read(|session| read::threads(session, span))
    }

    fn each_header(
        &self,
        span: Span,
        visit: &mut dyn FnMut(Header, MessageId) -> Result<()>,
    ) -> Result<()> {
        self.read(|session| read::each_header(session, span, visit))
    }

    fn each_sighting(
        &self,
        span: Span,
        visit: &mut dyn FnMut(Sighting) -> Result<()>,
    ) -> Result<()> {
        self.read(|session| writers::each_sighting(session, span, visit))
    }

    fn revision_of(&self, id: &MessageId) -> Result<Option<Revision>> {
        self.read(|session| revisions::of_message(session, id))
    }

    fn revisions(&self, span: Span) -> Result<Vec<Revision>> {
        self.read(|session| revisions::of_span(session, span))
    }

    fn give_searches(&mut self, most: Duration) -> Result<()> {
        self.read(|session| session.give_searches(most))
    }

    fn matches(&self, query: &Query, order: Order, page: Page) -> Result<Vec<Header>> {
        self.read(|session| session.search_for(|| search::matches(session, query, order, page)))
    }

    fn search(&self, query: &Query, order: Order, page: Page) -> Result<Vec<Hit>> {
        self.read(|session| session.search_for(|| search::search(session, query, order, page)))
    }

    fn stats(&self) -> Result<Stats> {
        self.read(read::stats)
    }

    fn check(&self) -> Result<Vec<String>> {
        self.read(check::check)
    }
}

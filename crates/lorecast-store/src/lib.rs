//! Keeps messages, threads and series, and searches them.
//!
//! It never knows HTTP or templates. [`Store`] is the whole interface: no SQL, no engine's type and
//! no search syntax shows in it, so that one conformance suite ([`conformance`]) can prove every
//! engine. [`sqlite::SqliteStore`] is the embedded one, [`postgres::PostgresStore`] the one that
//! several machines share; a [`Place`] says where a store is, and opens it.
//!
//! Everything in it is derived from the archives: deleting it and ingesting again gives the same
//! content. The [`journal`] of what people did is apart: it cannot be made again. [`jobs`] is work that waits.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use lorecast_model::{
    BlobId, ClueKey, CommitId, ContentHash, Defect, Event, Header, Landing, ListId, Loner,
    LonerKey, Message, MessageId, Order, Placement, Posted, Query, Revision, SeriesId, Sighting,
    Thread, ThreadKey,
};

mod columns;
pub mod conformance;
mod entry;
mod error;
mod following;
pub mod jobs;
pub mod journal;
mod lock;
mod pack;
mod place;
pub mod postgres;
mod sought;
pub mod sqlite;
mod words;
mod write_ahead;

pub use entry::{Entry, Found, Raw, Words};
pub use error::StoreError;
pub use following::{
    FoundLanding, Holding, KeptCommit, Landed, Matter, Merge, Pull, Told, TreeState, TreeStep,
};
pub use place::Place;

/// The most that [`Store::alone`] returns.
pub const LONERS: u32 = 256;

/// A key that more revisions have in common is no clue: [`Store::alike`] finds none of them by it.
pub const ALIKE: usize = 256;

/// What every call returns.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Names an archive that was read: its path as the user gave it, made absolute.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceKey(pub String);

/// A step of an ingest, kept whole or not at all.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Where it was read.
    pub source: SourceKey,
    /// Where the next run shall go on; opaque to the store.
    pub cursor: String,
    /// The messages. One that is already held only adds its lists and this archive.
    pub entries: Vec<Entry>,
    /// Messages that this archive no longer holds. One that no other archive holds is removed.
    pub removals: Vec<Removal>,
    /// How the messages change the threads.
    pub placement: Placement,
}

/// A message that is gone from an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Its id.
    pub id: MessageId,
    /// Which of the messages of that id.
    pub content: ContentHash,
}

/// One of the messages of an id, as the archives keep it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// Which of the messages of that id.
    pub content: ContentHash,
    /// Through which lists it came, and when, by list.
    pub arrivals: Vec<(ListId, Option<Timestamp>)>,
    /// The archives that hold it, with the object of a git repository, by name.
    pub places: Vec<(SourceKey, Option<BlobId>)>,
    /// The raw bytes, when no git repository holds them.
    pub bytes: Option<Vec<u8>>,
}

/// What a batch changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// Messages that were not held before.
    pub new: u64,
    /// Messages that were held; their lists were added.
    pub known: u64,
    /// Messages that no archive holds any more.
    pub removed: u64,
}

/// What the tracker derived from one thread; replaces what it said before.
#[derive(Clone, Debug)]
pub struct Tracked {
    /// The thread's row.
    pub key: ThreadKey,
    /// Its summary.
    pub thread: Thread,
    /// The revisions posted in it.
    pub revisions: Vec<Posted>,
    /// What else it tells.
    pub told: Told,
}

/// From a moment (inclusive) to another (exclusive), UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Inclusive.
    pub from: Timestamp,
    /// Exclusive.
    pub to: Timestamp,
}

impl Span {
    /// All of time.
    pub const ALL: Self = Self { from: Timestamp::MIN, to: Timestamp::MAX };
}

/// Which results of a search to return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many to skip.
    pub skip: u32,
    /// How many to return at most.
    pub take: u32,
}

/// A search result.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The message.
    pub header: Header,
    /// A few words around the match, without markup; may be empty.
    pub snippet: String,
}

/// How much is held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Messages held.
    pub messages: u64,
    /// Threads with at least one message held.
    pub threads: u64,
    /// Revisions of series.
    pub revisions: u64,
    /// Messages with at least one defect that is not harmless.
    pub defective: u64,
    /// How many messages have each defect, in the order of the defects.
    pub defects: Vec<(Defect, u64)>,
    /// Messages by list; a message counts once for each of its lists.
    pub lists: Vec<(ListId, u64)>,
    /// The size on disk in bytes.
    pub bytes: u64,
}

/// A store of messages and what was derived from them.
///
/// Writers are atomic: a call that fails, or a process that dies in one, changes nothing.
///
/// One is used by one thread at a time, and may move to another.
pub trait Store: Send {
    /// A number that is another one after somebody else changed what this store reads.
    fn generation(&self) -> Result<i64>;

    /// Whether this still is the store in its place: false once that was made anew.
    fn is_current(&self) -> Result<bool>;

    /// Lets `work` see one state of the store throughout, whatever is written meanwhile. Many small
    /// reads also take less time so.
    fn at_once(&self, work: &mut dyn FnMut()) -> Result<()>;

    /// All archives that were ever read, by name.
    fn sources(&self) -> Result<Vec<SourceKey>>;

    /// Where the last committed batch of a source ended; `None` when it was never read.
    fn cursor(&self, source: &SourceKey) -> Result<Option<String>>;

    /// The threads of those ids that have one, held or ghost.
    fn thread_keys(&self, ids: &[MessageId]) -> Result<HashMap<MessageId, ThreadKey>>;

    /// Keeps a batch. The threads it touches become stale.
    fn commit(&mut self, batch: &Batch) -> Result<Added>;

    /// Gives an archive that moved its new name; what was read from it stays.
    fn rename_source(&mut self, from: &SourceKey, to: &SourceKey) -> Result<()>;

    /// A reading from the start begins: what it does not meet will be swept.
    fn start_over(&mut self, source: &SourceKey) -> Result<()>;

    /// A reading came to the end of an archive: when it had started over, what it did not meet is
    /// gone from this archive. Returns how many messages no archive holds any more.
    fn sweep(&mut self, source: &SourceKey) -> Result<u64>;

    /// Messages without references that have this subject, dated in the span, by date, then by id.
    /// No more than [`LONERS`]: what is posted so often under one subject is no conversation.
    fn alone(&self, subject: LonerKey, span: Span) -> Result<Vec<Loner>>;

    /// At most `limit` threads that lost a message: they may be several now.
    fn broken_threads(&self, limit: u32) -> Result<Vec<ThreadKey>>;

    /// Places the members of a broken thread anew; what is no member any more is forgotten.
    fn regroup(&mut self, thread: ThreadKey, placement: &Placement) -> Result<()>;

    /// How many threads are stale: touched since they were last tracked.
    fn stale_count(&self) -> Result<u64>;

    /// At most `limit` stale threads with at least one message held.
    fn stale_threads(&self, limit: u32) -> Result<Vec<ThreadKey>>;

    /// The messages of a thread, by date, then by id.
    fn thread_messages(&self, key: ThreadKey) -> Result<Vec<Message>>;

    /// Replaces what was derived from these threads; they are no longer stale.
    fn put_tracked(&mut self, tracked: &[Tracked]) -> Result<()>;

    /// The revisions kept for these threads, by date, then by root.
    fn revisions_in(&self, threads: &[ThreadKey]) -> Result<Vec<Revision>>;

    /// Revisions that have any of these keys, by date, then by root. A key that more than [`ALIKE`]
    /// revisions have finds none.
    fn alike(&self, keys: &[ClueKey]) -> Result<Vec<Posted>>;

    /// All revisions of these series, by date, then by root.
    fn of_series(&self, series: &[SeriesId]) -> Result<Vec<Posted>>;

    /// Replaces revisions by their roots, for links found across threads; their clues stay.
    fn put_revisions(&mut self, revisions: &[Revision]) -> Result<()>;

    /// Mails outside of a thread that say something of postings with any of these keys, by id.
    fn notices(&self, keys: &[ClueKey], except: ThreadKey) -> Result<Vec<MessageId>>;

    /// When revisions began to be posted; dates before 1998 do not count, nor does the earliest in a
    /// thousand.
    fn first_posted(&self) -> Result<Option<Timestamp>>;

    /// How far the archives go: the date of the latest message but one in a thousand, which may have
    /// a wrong clock. It stands in for "now" where something may have gone stale.
    fn last_sent(&self) -> Result<Option<Timestamp>>;

    /// What happened to a revision or pull request, as mails tell it; by date.
    fn events(&self, root: &MessageId) -> Result<Vec<Event>>;

    /// Pull requests dated in the span, by date, then by id.
    fn pulls(&self, span: Span) -> Result<Vec<Pull>>;

    /// The pull request that a mail makes.
    fn pull(&self, id: &MessageId) -> Result<Option<Pull>>;

    /// The trees that were read, by name.
    fn trees(&self) -> Result<Vec<TreeState>>;

    /// The commits that a tree holds, by name.
    fn held_by(&self, tree: &str) -> Result<Vec<CommitId>>;

    /// Keeps a step of reading a tree. New commits become stale.
    fn put_tree(&mut self, step: &TreeStep) -> Result<()>;

    /// Forgets a tree, and the commits that no other tree holds.
    fn remove_tree(&mut self, tree: &str) -> Result<()>;

    /// How many commits are stale: new, or alike to a patch that is new.
    fn stale_commit_count(&self) -> Result<u64>;

    /// At most `limit` stale commits, with what the tracker compares.
    fn stale_commits(&self, limit: u32) -> Result<Vec<(CommitId, Matter)>>;

    /// What the tracker compares of the patches that have any of these keys.
    fn patches_like(&self, keys: &[ClueKey]) -> Result<Vec<Vec<u8>>>;

    /// Replaces what was found for these commits, which are no longer stale.
    fn put_landings(&mut self, landings: &[(CommitId, Option<FoundLanding>)]) -> Result<()>;

    /// Calls `visit` with every landing in a tree that holds the commit, whose mail is dated in the
    /// span, by message, tree and commit.
    fn each_landing(&self, span: Span, visit: &mut dyn FnMut(Landing) -> Result<()>) -> Result<()>;

    /// Where a patch landed, the earliest commit first.
    fn landed(&self, patch: &MessageId) -> Result<Vec<Landed>>;

    /// Where the merges are that joined a commit, and what each brought, oldest first.
    fn merged(&self, tip: &CommitId) -> Result<Vec<(Holding, Vec<CommitId>)>>;

    /// The posted patches that these commits are, by id, each once.
    fn posted_as(&self, commits: &[CommitId]) -> Result<Vec<MessageId>>;

    /// One message; of several with this id the earliest.
    fn message(&self, id: &MessageId) -> Result<Option<Message>>;

    /// All messages with this id, by date, then by content.
    fn messages(&self, id: &MessageId) -> Result<Vec<Message>>;

    /// All messages with these ids: those of an id together, by date, then by content; ids in their
    /// order. What is not held is left out.
    fn messages_of(&self, ids: &[MessageId]) -> Result<Vec<Message>>;

    /// Where the messages with this id came from and where their raw bytes are, by content.
    fn originals(&self, id: &MessageId) -> Result<Vec<Original>>;

    /// Calls `visit` with every message of an archive that keeps its raw bytes in git. Memory stays
    /// bounded.
    fn each_blob(
        &self,
        source: &SourceKey,
        visit: &mut dyn FnMut(MessageId, BlobId) -> Result<()>,
    ) -> Result<()>;

    /// The thread that holds this message (or ghost), with its headers by date, then by id.
    fn thread(&self, id: &MessageId) -> Result<Option<(Thread, Vec<Header>)>>;

    /// Threads with at least one message in the span, by id.
    fn threads(&self, span: Span) -> Result<Vec<Thread>>;

    /// Threads, the one with the latest message first.
    fn latest_threads(&self, page: Page) -> Result<Vec<Thread>>;

    /// Calls `visit` with every header of the span, by date, then by id, and the id of its thread.
    /// Memory stays bounded.
    fn each_header(
        &self,
        span: Span,
        visit: &mut dyn FnMut(Header, MessageId) -> Result<()>,
    ) -> Result<()>;

    /// Calls `visit` with every writer of the messages in the span, what these say of them, how many
    /// there are, the first and the last; in the order of writers. Memory grows with the writers,
    /// not with the messages. A message that was kept before writers were counts as its sender's
    /// until its archive is read again.
    fn each_sighting(
        &self,
        span: Span,
        visit: &mut dyn FnMut(Sighting) -> Result<()>,
    ) -> Result<()>;

    /// The revision that this message belongs to (as root, cover letter or patch).
    fn revision_of(&self, id: &MessageId) -> Result<Option<Revision>>;

    /// Revisions whose root is dated in the span, by date, then by root.
    fn revisions(&self, span: Span) -> Result<Vec<Revision>>;

    /// Ends every search from now on that takes longer than this with [`StoreError::TooLong`]; until this is called,
    /// a search may take as long as it takes.
    fn give_searches(&mut self, most: Duration) -> Result<()>;

    /// Messages that match, with the words around each match.
    fn search(&self, query: &Query, order: Order, page: Page) -> Result<Vec<Hit>>;

    /// What [`Store::search`] finds, without those words: they cost more than all the rest.
    fn matches(&self, query: &Query, order: Order, page: Page) -> Result<Vec<Header>>;

    /// How much is held.
    fn stats(&self) -> Result<Stats>;

    /// Looks for damage; returns what does not fit, in words, or nothing.
    fn check(&self) -> Result<Vec<String>>;
}

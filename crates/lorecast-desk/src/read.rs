//! Looking things up.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Duration;

use jiff::Timestamp;
use lorecast_archive::{ArchiveError, Blobs};
use lorecast_model::{
    BlobId, Defect, Header, Message, MessageId, Node, Order, Query, Revision, Thread, ThreadKey,
};
use lorecast_show::ShowDir;
use lorecast_store::{Hit, Original, Page, SourceKey, Span, Stats, Store};
use lorecast_tracker::threads;

use crate::track::{Moment, ToldIn};
use crate::{Desk, DeskError, Result, query, upkeep};

/// What is held of mail, open to be read. Opening one takes longer than most answers: a server keeps
/// some. Anybody may write the store meanwhile; a reader sees what is there when it is asked.
pub struct Reader {
    pub(crate) dir: ShowDir,
    pub(crate) store: Box<dyn Store>,
    /// What holds for the whole archive, and the generation of the store for which it does.
    moment: Cell<Option<(i64, Moment)>>,
    archives: RefCell<HashMap<SourceKey, Blobs>>,
    pub(crate) told_in: ToldIn,
}

/// A thread with its tree.
#[derive(Clone, Debug)]
pub struct ThreadView {
    /// Its summary.
    pub thread: Thread,
    /// Parents before children; a missing message has no header, and different mails of one id
    /// follow each other.
    pub tree: Vec<(Node, Option<Header>)>,
}

/// A message and where it came from.
#[derive(Clone, Debug)]
pub struct MessageView {
    /// The message.
    pub message: Message,
    /// The archives that hold it, its lists and arrivals.
    pub original: Original,
}

impl Desk<'_> {
    /// What is held of mail.
    ///
    /// # Errors
    /// When nothing was ingested yet, or the store cannot be opened.
    pub fn read(&self) -> Result<Reader> {
        let place = self.place()?;
        if !place.is_made()? {
            return Err(DeskError::NothingIngested { dir: self.root().to_owned() });
        }
        let store = place.open_to_read()?;
        let (moment, archives, told_in) = Default::default();
        Ok(Reader { dir: self.dir.clone(), store, moment, archives, told_in })
    }
}

impl Reader {
    /// Ends searches that take longer than this; until it is called they may take as long as they take.
    ///
    /// # Errors
    /// When the store cannot be told.
    pub fn give_searches(&mut self, most: Duration) -> Result<()> {
        Ok(self.store.give_searches(most)?)
    }

    /// Whether it still reads the show's store: false once that was made anew, or cannot be reached.
    pub fn is_current(&self) -> bool {
        self.store.is_current().unwrap_or(false)
    }

    /// A number that is another one after any change of what is held, and the same for all readers.
    ///
    /// # Errors
    /// When the store fails.
    pub fn generation(&self) -> Result<i64> {
        Ok(self.store.generation()?)
    }

    /// Messages that match a search as people type it; `now` is what `yesterday` is counted from.
    ///
    /// # Errors
    /// When the search cannot be read, with the column.
    pub fn search(&self, text: &str, now: Timestamp, order: Order, page: Page) -> Result<Vec<Hit>> {
        let query = query::parse(text, now)?;
        Ok(self.store.search(&query, order, page)?)
    }

    /// Lets `work` read one state of the store throughout, whatever is ingested meanwhile.
    ///
    /// # Errors
    /// When the store fails.
    pub fn at_once<T>(&self, work: impl FnOnce(&Self) -> T) -> Result<T> {
        let (mut work, mut value) = (Some(work), None);
        self.store.at_once(&mut || value = work.take().map(|work| work(self)))?;
        Ok(value.expect("the store does the work once"))
    }

    /// What [`Reader::search`] finds, without the words around each match: several times as fast.
    ///
    /// # Errors
    /// When the search cannot be read, with the column.
    pub fn matches(
        &self,
        text: &str,
        now: Timestamp,
        order: Order,
        page: Page,
    ) -> Result<Vec<Header>> {
        Ok(self.store.matches(&query::parse(text, now)?, order, page)?)
    }

    /// What the store calls the thread of a message: the same for all its mails while the store is of one generation.
    ///
    /// # Errors
    /// When the message is not held.
    pub fn thread_key(&self, id: &MessageId) -> Result<ThreadKey> {
        let found = self.store.thread_keys(std::slice::from_ref(id))?.remove(id);
        found.ok_or_else(|| DeskError::NoMessage { id: id.clone() })
    }

    /// The thread of a message.
    ///
    /// # Errors
    /// When the message is not held.
    pub fn thread(&self, id: &MessageId) -> Result<ThreadView> {
        let found = self.store.thread(id)?;
        let (thread, headers) = found.ok_or_else(|| DeskError::NoMessage { id: id.clone() })?;
        let mut by_id: HashMap<&MessageId, Vec<&Header>> = HashMap::new();
        for header in &headers {
            by_id.entry(&header.id).or_default().push(header);
        }
        let mut tree = Vec::with_capacity(headers.len());
        for node in threads::tree(&headers) {
            match by_id.get(&node.id) {
                Some(all) => tree.extend(all.iter().map(|&h| (node.clone(), Some(h.clone())))),
                None => tree.push((node, None)),
            }
        }
        Ok(ThreadView { thread, tree })
    }

    /// Threads, the one with the latest message first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn latest_threads(&self, page: Page) -> Result<Vec<Thread>> {
        Ok(self.store.latest_threads(page)?)
    }

    /// The messages of these ids, in their order; what is not held is left out.
    ///
    /// # Errors
    /// When the store fails.
    pub fn messages_of(&self, ids: &[MessageId]) -> Result<Vec<Message>> {
        Ok(self.store.messages_of(ids)?)
    }

    /// The messages of an id, each with where it came from.
    ///
    /// # Errors
    /// When none is held.
    pub fn messages(&self, id: &MessageId) -> Result<Vec<MessageView>> {
        let originals = self.store.originals(id)?;
        let views = self.store.messages(id)?.into_iter().filter_map(|message| {
            let original = originals.iter().find(|original| original.content == message.content)?;
            Some(MessageView { message, original: original.clone() })
        });
        match views.collect::<Vec<_>>() {
            none if none.is_empty() => Err(DeskError::NoMessage { id: id.clone() }),
            views => Ok(views),
        }
    }

    /// The bytes of a message as they came.
    ///
    /// # Errors
    /// When the archive that holds them is gone.
    pub fn raw(&self, message: &MessageView) -> Result<Vec<u8>> {
        if let Some(bytes) = &message.original.bytes {
            return Ok(bytes.clone());
        }
        let mut failure = None;
        for (source, blob) in &message.original.places {
            let Some(blob) = blob else { continue };
            match self.blob(source, *blob) {
                Ok(bytes) => return Ok(bytes),
                Err(error) => failure = Some(error),
            }
        }
        let id = message.message.header.id.clone();
        Err(failure.map_or(DeskError::NoMessage { id }, DeskError::from))
    }

    /// Messages with this defect, or with any that is not harmless; the newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn defective(&self, defect: Option<Defect>, page: Page) -> Result<Vec<Header>> {
        let grave = Defect::ALL.into_iter().filter(|defect| !defect.is_harmless());
        let query = match defect {
            Some(defect) => Query::Defect(defect),
            None => Query::Or(grave.map(Query::Defect).collect()),
        };
        let hits = self.store.search(&query, Order::Newest, page)?;
        Ok(hits.into_iter().map(|hit| hit.header).collect())
    }

    /// Series with a revision posted in the span, the latest revision of each.
    ///
    /// # Errors
    /// When the store fails.
    pub fn revisions(&self, span: Span) -> Result<Vec<Revision>> {
        Ok(self.store.revisions(span)?)
    }

    /// How much is held.
    ///
    /// # Errors
    /// When the store fails.
    pub fn stats(&self) -> Result<Stats> {
        Ok(self.store.stats()?)
    }

    /// From when standings are looked at.
    pub(crate) fn moment(&self) -> Result<Moment> {
        let generation = self.store.generation()?;
        if let Some((known, moment)) = self.moment.get()
            && known == generation
        {
            return Ok(moment);
        }
        let moment = Moment::latest(&*self.store)?;
        self.moment.set(Some((generation, moment)));
        Ok(moment)
    }

    /// An object of an archive, which stays open.
    fn blob(&self, source: &SourceKey, blob: BlobId) -> std::result::Result<Vec<u8>, ArchiveError> {
        let mut archives = self.archives.borrow_mut();
        match archives.entry(source.clone()) {
            Entry::Occupied(archive) => archive.get().read(blob),
            Entry::Vacant(place) => place.insert(upkeep::open(source)?).read(blob),
        }
    }
}

//! Looking things up.

use std::collections::HashMap;

use jiff::Timestamp;
use lorecast_model::{Defect, Header, Message, MessageId, Node, Order, Query, Revision, Thread};
use lorecast_store::{Hit, Original, Page, Span, Stats, Store};
use lorecast_tracker::threads;

use crate::{Desk, DeskError, Result, query, upkeep};

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
    /// Messages that match a search as people type it; `now` is what `yesterday` is counted from.
    ///
    /// # Errors
    /// When the search cannot be read, with the column.
    pub fn search(&self, text: &str, now: Timestamp, order: Order, page: Page) -> Result<Vec<Hit>> {
        let query = query::parse(text, now)?;
        Ok(self.filled_store()?.search(&query, order, page)?)
    }

    /// The thread of a message.
    ///
    /// # Errors
    /// When the message is not held.
    pub fn thread(&self, id: &MessageId) -> Result<ThreadView> {
        let found = self.filled_store()?.thread(id)?;
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

    /// The messages of an id, each with where it came from.
    ///
    /// # Errors
    /// When none is held.
    pub fn messages(&self, id: &MessageId) -> Result<Vec<MessageView>> {
        let store = self.filled_store()?;
        let originals = store.originals(id)?;
        let views = store.messages(id)?.into_iter().filter_map(|message| {
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
            match upkeep::open(source).and_then(|archive| archive.read(*blob)) {
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
        let hits = self.filled_store()?.search(&query, Order::Newest, page)?;
        Ok(hits.into_iter().map(|hit| hit.header).collect())
    }

    /// Series with a revision posted in the span, the latest revision of each.
    ///
    /// # Errors
    /// When the store fails.
    pub fn revisions(&self, span: Span) -> Result<Vec<Revision>> {
        Ok(self.filled_store()?.revisions(span)?)
    }

    /// How much is held.
    ///
    /// # Errors
    /// When the store fails.
    pub fn stats(&self) -> Result<Stats> {
        Ok(self.filled_store()?.stats()?)
    }
}

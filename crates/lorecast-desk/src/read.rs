//! Looking things up.

use lorecast_model::{Header, MessageId, Node, Order, Revision, Thread};
use lorecast_store::{Hit, Page, Span, Stats, Store};
use lorecast_tracker::threads;

use crate::{Desk, DeskError, Result, query};

/// A thread with its tree.
#[derive(Clone, Debug)]
pub struct ThreadView {
    /// Its summary.
    pub thread: Thread,
    /// Parents before children; a missing message has no header.
    pub tree: Vec<(Node, Option<Header>)>,
}

impl Desk<'_> {
    /// Messages that match a search as people type it.
    ///
    /// # Errors
    /// When the search cannot be read, with the column.
    pub fn search(&self, text: &str, order: Order, page: Page) -> Result<Vec<Hit>> {
        let query = query::parse(text)?;
        Ok(self.filled_store()?.search(&query, order, page)?)
    }

    /// The thread of a message.
    ///
    /// # Errors
    /// When the message is not held.
    pub fn thread(&self, id: &MessageId) -> Result<ThreadView> {
        let found = self.filled_store()?.thread(id)?;
        let (thread, headers) = found.ok_or_else(|| DeskError::NoMessage { id: id.clone() })?;
        let tree = threads::tree(&headers)
            .into_iter()
            .map(|node| {
                let header = headers.iter().find(|header| header.id == node.id).cloned();
                (node, header)
            })
            .collect();
        Ok(ThreadView { thread, tree })
    }

    /// All revisions of the series that a message belongs to, oldest first.
    ///
    /// # Errors
    /// When the message is not held, or belongs to no series.
    pub fn series(&self, id: &MessageId) -> Result<Vec<Revision>> {
        let store = self.filled_store()?;
        let Some(revision) = store.revision_of(id)? else {
            let held = store.message(id)?.is_some();
            let id = id.clone();
            return Err(if held {
                DeskError::NoSeries { id }
            } else {
                DeskError::NoMessage { id }
            });
        };
        let mut all = store.revisions_by(&revision.author)?;
        all.retain(|other| other.series == revision.series);
        all.sort_by_key(|revision| (revision.version, revision.date));
        Ok(all)
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

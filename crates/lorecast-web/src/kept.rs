//! What is the same for everybody: made once, and kept while mail stays as it is.

use std::sync::Arc;

use lorecast_desk::Reader;
use lorecast_model::ThreadKey;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::fault::Fault;

/// So many bytes are kept.
const ROOM: u64 = 64 << 20;

/// So many pages fit into that, about.
const PAGES: usize = 1000;

/// What can be kept.
pub(crate) trait Bytes {
    /// How much room it takes, about.
    fn bytes(&self) -> usize;
}

/// Parts of pages about threads; those that nobody asked for lately go when there is no room.
pub(crate) struct Kept<T>(Cache<Key, Made<T>, BySize>);

/// The thread that a page is about, by whichever of its mails it was asked for, and the number of the page.
type Key = (ThreadKey, usize);

struct Made<T> {
    /// The state of the store that it was made from.
    generation: i64,
    parts: Arc<T>,
}

impl<T: Bytes> Kept<T> {
    /// With nothing in it.
    pub(crate) fn new() -> Self {
        Self(Cache::with_weighter(PAGES, ROOM, BySize))
    }

    /// What was made of the reader's state, which has to be one throughout, or else is made now.
    pub(crate) fn of(
        &self,
        reader: &Reader,
        key: Key,
        make: impl FnOnce() -> Result<T, Fault>,
    ) -> Result<Arc<T>, Fault> {
        let generation = reader.generation()?;
        if let Some(kept) = self.0.get(&key).filter(|kept| kept.generation == generation) {
            return Ok(kept.parts);
        }
        let parts = Arc::new(make()?);
        self.0.insert(key, Made { generation, parts: Arc::clone(&parts) });
        Ok(parts)
    }
}

impl<T> Clone for Made<T> {
    fn clone(&self) -> Self {
        Self { generation: self.generation, parts: Arc::clone(&self.parts) }
    }
}

#[derive(Clone)]
struct BySize;

impl<T: Bytes> Weighter<Key, Made<T>> for BySize {
    fn weight(&self, _: &Key, made: &Made<T>) -> u64 {
        made.parts.bytes() as u64
    }
}

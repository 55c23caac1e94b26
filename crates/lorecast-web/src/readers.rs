//! A few open stores, shared by all requests.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use camino::Utf8PathBuf;
use lorecast_desk::{Desk, Reader, Silent};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::fault::Fault;

/// So many requests read at the same time; others wait. Each has a store open, with its cache.
const MOST: usize = 8;

/// How long a search may take.
const SEARCH: Duration = Duration::from_secs(20);

/// How long a request waits for a reader.
const PATIENCE: Duration = Duration::from_secs(10);

/// Nothing when a mail, or a series, is not held.
pub(crate) fn unless_missing<T>(found: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Fault::NotHeld(_) | Fault::Nothing(_)) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// Opens stores when they are needed and keeps them for the next request.
pub(crate) struct Readers {
    root: Utf8PathBuf,
    idle: Mutex<Vec<Reader>>,
    room: Arc<Semaphore>,
}

impl Readers {
    /// For the show in a folder.
    pub(crate) fn new(root: Utf8PathBuf) -> Self {
        Self { root, idle: Mutex::default(), room: Arc::new(Semaphore::new(MOST)) }
    }

    /// Opens the first one before anybody asks: on a disk that is full by then it could not be opened.
    pub(crate) fn open_first(self: &Arc<Self>) {
        let readers = Arc::clone(self);
        let open = move || drop(readers.take().map(|reader| readers.give_back(reader)));
        // Without, the first who asks opens it, or is told why not.
        drop(std::thread::Builder::new().name("first reader".to_owned()).spawn(open));
    }

    /// Lets `work` read, on a thread that may wait for the disk.
    ///
    /// # Errors
    /// When the store cannot be opened, all readers stay busy, or `work` fails.
    pub(crate) async fn ask<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Reader) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let permit = self.permit().await?;
        let readers = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let reader = readers.take()?;
            let answer = reader.at_once(work);
            // Whatever came of it: as long as one is open, the next one needs no room on the disk.
            readers.give_back(reader);
            answer?
        });
        done.await.unwrap_or_else(|panic| Err(Fault::ours(panic)))
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, Fault> {
        match timeout(PATIENCE, Arc::clone(&self.room).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(closed)) => Err(Fault::ours(closed)),
            Err(_) => Err(Fault::Busy),
        }
    }

    /// One that reads the store as it is now: `store rebuild` puts another file in its place.
    fn take(&self) -> Result<Reader, Fault> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        while let Some(reader) = idle() {
            if reader.is_current() {
                return Ok(reader);
            }
        }
        let mut reader = Desk::open(&self.root, &Silent)?.read()?;
        reader.give_searches(SEARCH)?;
        Ok(reader)
    }

    fn give_back(&self, reader: Reader) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
    }
}

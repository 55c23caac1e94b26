//! One at a time changes an episode, whichever process it is.

use std::fs::{File, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use lorecast_model::EpisodeId;

use crate::{Result, ShowDir, ShowError, claims};

/// An episode, or what is known of people, that nobody else changes, until this is dropped or the process ends.
#[derive(Debug)]
pub struct Held {
    _file: File,
}

/// How long somebody waits for others. A draft takes seconds, unless an assistant is asked.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often they look.
const LOOK: Duration = Duration::from_millis(20);

impl ShowDir {
    /// Nobody else changes `people.yaml` while this is held: what was read is what is written over.
    ///
    /// # Errors
    /// When the lock beside the index cannot be made.
    pub fn hold_people(&self) -> Result<Held> {
        let file = self.root().join(".lorecast/people");
        let lock = claims::lock(&file);
        Ok(Held { _file: lock.map_err(|source| ShowError::Write { path: file, source })? })
    }

    /// Waits until nobody else changes an episode, and keeps others away from then on. Whoever reads its files, makes something
    /// of them and writes that takes hold of it first. Who holds it already must not ask again.
    ///
    /// # Errors
    /// [`ShowError::Held`] when others go on for too long, and when the file that is locked for it cannot be made.
    pub fn hold(&self, id: EpisodeId) -> Result<Held> {
        let folder = self.root().join(".lorecast/held");
        let path = folder.join(id.to_string());
        let fail = |source| ShowError::Write { path: path.clone(), source };
        std::fs::create_dir_all(&folder).map_err(fail)?;
        let mut options = File::options();
        let file = options.write(true).create(true).truncate(false).open(&path).map_err(fail)?;
        let began = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Held { _file: file }),
                Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => thread::sleep(LOOK),
                Err(TryLockError::WouldBlock) => return Err(ShowError::Held { id }),
                Err(TryLockError::Error(source)) => return Err(fail(source)),
            }
        }
    }
}

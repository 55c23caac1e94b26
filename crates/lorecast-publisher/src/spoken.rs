//! What is said in an episode, read when it is needed: it is large, and most of a site stays as it is.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use lorecast_model::Transcript;

use crate::Digest;
use crate::memory::Recipe;

/// Why a transcript cannot be read.
pub type Unreadable = Box<dyn Error + Send + Sync>;

/// A transcript that is read when something is made of it.
#[derive(Clone)]
pub struct Spoken {
    digest: Digest,
    read: Arc<dyn Fn() -> Result<Transcript, Unreadable> + Send + Sync>,
}

impl Spoken {
    /// Of a file with this digest, which `read` reads.
    pub fn new(
        digest: Digest,
        read: impl Fn() -> Result<Transcript, Unreadable> + Send + Sync + 'static,
    ) -> Self {
        Self { digest, read: Arc::new(read) }
    }

    /// Reads it.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(&self) -> Result<Transcript, Unreadable> {
        (self.read)()
    }
}

impl From<Transcript> for Spoken {
    fn from(transcript: Transcript) -> Self {
        let Recipe(digest) = Recipe::of(&[&transcript]);
        Self::new(digest, move || Ok(transcript.clone()))
    }
}

/// What it says is in its digest.
impl fmt::Debug for Spoken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Spoken").field(&self.digest.to_string()).finish()
    }
}

//! What an earlier episode had wrong, said on top of the next.

use lorecast_model::{Correction, EpisodeId};
use serde::Serialize;

use crate::spoken::day;

/// A correction as `notes/correction.md` sees it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Erratum {
    /// The day of the episode: `April 9`.
    pub episode: String,
    /// What is right, as Markdown of the producer's.
    pub text: String,
    /// The message that shows it, by its id.
    pub message: Option<String>,
}

impl Erratum {
    pub fn new(episode: EpisodeId, correction: &Correction, now: EpisodeId) -> Self {
        Self {
            episode: day(episode.0, now.0),
            text: correction.text.trim().to_owned(),
            message: correction.message.as_ref().map(ToString::to_string),
        }
    }
}

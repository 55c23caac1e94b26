//! What can be wrong with a model or a script.

use camino::Utf8PathBuf;
use lorecast_model::Seconds;

/// Why there is no alignment.
#[derive(Debug, thiserror::Error)]
pub enum AlignError {
    /// No acoustic model is installed. Chapters then come from takes and pauses.
    #[error(
        "no acoustic model is installed, so sentences cannot be placed in the voice: install it with \
         `apt install pocketsphinx-en-us` (looked in {looked})"
    )]
    NotInstalled {
        /// The folders where none was found.
        looked: String,
    },
    /// A file of the model cannot be read.
    #[error("cannot read `{path}` of the acoustic model: {source}")]
    Read {
        /// The file.
        path: Utf8PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file of the model is damaged or of a kind that is not known.
    #[error("`{file}` of the acoustic model is not usable: {reason}")]
    Model {
        /// Which file: `mdef`, `means` and so on.
        file: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// An anchor that cannot be kept.
    #[error("sentence {sentence} cannot be anchored at {} s: {reason}", at.0)]
    Anchor {
        /// The number of the sentence in the script, from 0.
        sentence: usize,
        /// Where it was to begin.
        at: Seconds,
        /// Why that cannot be.
        reason: &'static str,
    },
    /// An entry of additions to the dictionary that cannot be read.
    #[error("`{entry}` does not say how a word is said: {reason}")]
    Words {
        /// The entry.
        entry: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The script is longer than any episode.
    #[error("the script has {words} words, more than the {most} that can be aligned")]
    TooLong {
        /// Words counted.
        words: usize,
        /// The bound.
        most: usize,
    },
}

impl AlignError {
    /// A damaged model file.
    pub(crate) fn model(file: &'static str, reason: impl Into<String>) -> Self {
        Self::Model { file, reason: reason.into() }
    }
}

//! What can be wrong with a model or a script.

use camino::Utf8PathBuf;

/// Why there is no alignment.
#[derive(Debug, thiserror::Error)]
pub enum AlignError {
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

//! Places the sentences of a script in the voice that reads it.
//!
//! It never decodes sound, and it never asks a network: the acoustic model is read from where it is
//! installed (Debian's `pocketsphinx-en-us`).
//!
//! A [`FrontEnd`] turns samples into [`Cepstra`], 5 kB a second of nothing else kept. [`Model::align`]
//! then makes one chain of the script's phones and walks it once with the Viterbi algorithm: pauses
//! may stand between words, a sentence may be left out, begun again or said twice, and what is not
//! in the script at all is taken by a loop over all phones. The result is an [`Alignment`].
//!
//! The same samples and the same script give the same table, on one machine.

mod bytes;
mod cepstra;
mod dictionary;
mod error;
mod front;
mod history;
mod letters;
mod model;
mod network;
mod phone_loop;
mod search;
mod senones;
mod table;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod toy;

pub use cepstra::Cepstra;
pub use error::AlignError;
pub use front::{FrontEnd, SAMPLE_RATE};
pub use model::{Files, Model, PLACES};
pub use table::{Alignment, Passage, PassageKind, Sentence, SentenceTimes, Status, WordTimes};

type Result<T, E = AlignError> = std::result::Result<T, E>;

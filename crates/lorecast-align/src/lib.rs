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
//! What people know better goes in with a [`Guide`]: how words are said, where a sentence begins.
//! [`Alignment::sections`] says where the sections lie in one recording, and which reading counts.
//!
//! The same samples and the same script give the same table, on one machine.

mod bytes;
mod cepstra;
mod dictionary;
mod edges;
mod error;
mod front;
mod guide;
mod history;
mod letters;
mod model;
mod network;
mod phone_loop;
mod search;
mod sections;
mod senones;
mod table;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod toy;
mod words;

pub use cepstra::Cepstra;
pub use error::AlignError;
pub use front::{FrontEnd, SAMPLE_RATE};
pub use guide::{Anchor, Guide};
pub use model::{Files, Model, PLACES};
pub use sections::{Reading, SectionTimes};
pub use table::{Alignment, Passage, PassageKind, Sentence, SentenceTimes, Status, WordTimes};
pub use words::Words;

type Result<T, E = AlignError> = std::result::Result<T, E>;

//! Turns takes into a master: WAV, MP3, Opus, tags and chapters.
//!
//! It never knows feeds.
//!
//! [`master`] takes a [`Recipe`] through these rooms, in this order:
//!
//! - `gather`, `spool`: each part is decoded (`decode`), mixed to the recipe's channels, resampled to
//!   48 kHz and, when it is a voice, worked on by the stages of `chain`. Parts are made by several
//!   threads, into 32 bit float on disk; the `cache` keeps them under what they were made of, so that
//!   the next run makes only what changed.
//! - `programme`, `layers`: parts become one sound, each at the same loudness, with pauses, fades, beds
//!   and music that gives way to the voice, and a `limiter` for the true peak.
//! - [`Voices`]: whoever knows the script hears the voices and says where chapters begin.
//! - `wav`, and for listeners (`coded`) `mp3`, `opus` and `aac` with their `tags`: the outputs, beside
//!   their places until all are whole (`draft`). They are measured as a listener hears them, after
//!   decoding, and made again when they miss (`fit`).
//! - `report`: what is heard in the MP3, in numbers, pictures and a page.
//! - `record`: what was made, so that a run without a change has nothing to do.
//!
//! The bytes are the same for any number of threads. Memory is bounded whatever the length; working
//! copies take 1.4 GB of disk for an hour of stereo, and the cache 4 GB at most.

mod aac;
mod beside;
mod between;
mod cache;
mod chain;
mod channels;
mod clipping;
mod coded;
mod crew;
mod decibels;
mod decode;
mod digests;
mod draft;
mod edit_list;
mod error;
mod excerpt;
mod fit;
mod gaps;
mod gather;
mod guard;
mod language;
mod layers;
mod limiter;
mod listen;
mod master;
mod measure;
mod meter;
mod mp3;
#[cfg(feature = "opus")]
mod opus;
mod program;
mod programme;
mod recipe;
mod record;
mod recursive;
mod report;
mod resample;
mod speech;
mod spool;
mod tags;
mod voices;
mod wav;
mod widest;

pub use decode::{Examined, TakeInfo, examine, probe};
pub use error::StudioError;
pub use excerpt::excerpt;
pub use gaps::{Gap, Gaps, gaps};
pub use listen::{listen, listen_at};
pub use master::{Run, master};
pub use measure::{Measured, measure};
pub use meter::{Hop, Meter};
pub use recipe::{Bed, ChapterTag, Outputs, Part, Recipe, Step, Tags};
pub use report::{Analysis, Peaks, ReportFiles, Section, Spoken, analyse};
pub use speech::{Heard, Piece, join_speech};
pub use voices::{Place, Placed, Said, Span, Voices};

/// Samples a second of everything the studio makes: the rate of nearly every field recorder and of
/// video, so that most takes are not resampled at all, and one that every MP3 player knows.
pub const SAMPLE_RATE: u32 = 48_000;

/// The longest episode and the longest take. Six hours of 16 bit stereo are 4.1 GB, just within the
/// 4 GiB that a WAV file can hold.
pub const LONGEST: lorecast_model::Seconds = lorecast_model::Seconds(6.0 * 3600.0);

type Result<T, E = StudioError> = std::result::Result<T, E>;

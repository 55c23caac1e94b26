//! Turns takes into a master: WAV, MP3, tags and chapters.
//!
//! It never knows feeds.
//!
//! [`master`] decodes the parts of a [`Recipe`] one after the other into a working copy on disk (32
//! bit float, 48 kHz, the recipe's channels), brings each to the same loudness, joins them with
//! pauses and short fades, limits the true peak, and writes `master.wav` and an MP3 with tags and
//! chapters. Both files are measured as a listener hears them, the MP3 after decoding, and made
//! again when they miss. Memory stays at a few megabytes whatever the length; the working copy takes
//! 1.4 GB of disk for an hour of stereo and vanishes with the run.

mod beside;
mod cache;
mod chain;
mod channels;
mod decode;
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
mod meter;
mod mp3;
#[cfg(feature = "opus")]
mod opus;
mod programme;
mod recipe;
mod record;
mod report;
mod resample;
mod speech;
mod spool;
mod tags;
mod voices;
mod wav;

pub use decode::{TakeInfo, probe};
pub use error::StudioError;
pub use excerpt::excerpt;
pub use gaps::{Gap, Gaps, gaps};
pub use listen::{listen, listen_at};
pub use master::{master, master_placed};
pub use meter::{Hop, Meter};
pub use recipe::{Bed, ChapterTag, Outputs, Part, Recipe, Step, Tags};
pub use record::made_before;
pub use report::{Analysis, Peaks, ReportFiles, Section, analyse};
pub use speech::{Heard, Piece, join_speech};
pub use voices::{Place, Placed, Span, Voices};

/// Samples a second of everything the studio makes: the rate of nearly every field recorder and of
/// video, so that most takes are not resampled at all, and one that every MP3 player knows.
pub const SAMPLE_RATE: u32 = 48_000;

/// The longest episode and the longest take. Six hours of 16 bit stereo are 4.1 GB, just within the
/// 4 GiB that a WAV file can hold.
pub const LONGEST: lorecast_model::Seconds = lorecast_model::Seconds(6.0 * 3600.0);

type Result<T, E = StudioError> = std::result::Result<T, E>;

//! The MP3: constant bit rate, which players seek in exactly.
//!
//! LAME is bundled behind the feature `lame`; without it an installed program encodes.

#[cfg(feature = "lame")]
mod frames;
#[cfg(feature = "lame")]
mod info;
#[cfg(feature = "lame")]
mod join;
#[cfg(feature = "lame")]
mod lame;
#[cfg(not(feature = "lame"))]
mod program;

use std::io;

#[cfg(feature = "lame")]
pub(crate) use lame::Encoder;
#[cfg(not(feature = "lame"))]
pub(crate) use program::Encoder;

/// Why there is no MP3.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Writing failed.
    Write(io::Error),
    /// The encoder itself failed.
    Encoder(String),
    /// There is no encoder.
    #[cfg_attr(feature = "lame", allow(dead_code))]
    NoEncoder,
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

/// Kilobits a second: transparent for speech with music between, and the rates that Apple names.
pub(crate) fn bit_rate(channels: u16) -> u16 {
    if channels == 1 { 96 } else { 128 }
}

/// LAME multiplies what it is given by 0.95 at these rates (`presets.c`, `abr_switch_map`), whatever
/// the caller asks for; this undoes it.
pub(crate) const UNDO_LAME_SCALE: f32 = 1.0 / 0.95;

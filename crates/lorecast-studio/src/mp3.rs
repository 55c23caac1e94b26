//! The MP3: a constant bit rate, which players seek in exactly, or a variable one.
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

use lorecast_model::Mp3Format;

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

/// Kilobits a second when the bit rate is constant: transparent for speech with music between, and the
/// rates that Apple names.
pub(crate) fn bit_rate(format: Mp3Format, channels: u16) -> u16 {
    format.kbps.unwrap_or(if channels == 1 { 96 } else { 128 })
}

/// LAME multiplies what it is given by this at a constant bit rate (`presets.c`, `abr_switch_map`),
/// whatever the caller asks for; it has to be undone.
pub(crate) fn scale(format: Mp3Format, channels: u16) -> f32 {
    match (format.vbr, bit_rate(format, channels)) {
        (Some(_), _) | (None, 256..) => 1.0,
        (None, 224..) => 0.98,
        (None, 192..) => 0.97,
        (None, _) => 0.95,
    }
}

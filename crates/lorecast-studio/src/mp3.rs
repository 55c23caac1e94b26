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
#[cfg(feature = "lame")]
mod low_pass;
#[cfg(not(feature = "lame"))]
mod program;
#[cfg(feature = "lame")]
mod twins;

use std::fs::File;
use std::io::Write;

use camino::Utf8Path;
use lorecast_model::{Encoding, Mp3Format};
#[cfg(not(feature = "lame"))]
use program::{find, start};

use crate::coded::{Encode, Failure};
use crate::tags::{self, Shown};
use crate::{Result, StudioError};

/// Why there is no MP3.
const NONE: &str = "this build has no MP3 encoder and neither `lame` nor `ffmpeg` is installed; install one of them, or build with the feature `lame`";

/// How the MP3 is made.
pub(crate) struct Coding {
    format: Mp3Format,
    channels: u16,
    #[cfg_attr(not(feature = "lame"), allow(dead_code))]
    threads: usize,
    #[cfg_attr(feature = "lame", allow(dead_code))]
    encoder: &'static str,
}

impl Coding {
    /// Errors when there is nothing that could make this file.
    pub(crate) fn new(
        format: Mp3Format,
        channels: u16,
        threads: usize,
        file: &Utf8Path,
    ) -> Result<Self> {
        let none = || StudioError::NoEncoder { file: file.to_owned(), reason: NONE.to_owned() };
        Ok(Self { format, channels, threads, encoder: find().ok_or_else(none)? })
    }
}

impl crate::coded::Coding for Coding {
    fn encoding(&self) -> Encoding {
        Encoding::Mp3
    }

    fn start(&self, mut file: File, shown: &Shown<'_>) -> Result<Box<dyn Encode>, Failure> {
        file.write_all(&tags::encode(shown))?;
        start(self, file)
    }

    fn head(&self, shown: &Shown<'_>) -> Result<Vec<u8>, Failure> {
        Ok(tags::encode(shown))
    }
}

/// LAME is there.
#[cfg(feature = "lame")]
fn find() -> Option<&'static str> {
    Some("LAME")
}

#[cfg(feature = "lame")]
fn start(coding: &Coding, file: File) -> Result<Box<dyn Encode>, Failure> {
    let Coding { format, channels, threads, .. } = *coding;
    Ok(Box::new(lame::Encoder::start(file, channels, format, threads)?))
}

#[cfg(feature = "lame")]
impl Encode for lame::Encoder {
    fn write(&mut self, samples: &[f32], copies: usize) -> Result<(), Failure> {
        Self::write(self, samples, copies)
    }

    fn finish(self: Box<Self>) -> Result<(), Failure> {
        Self::finish(*self)
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

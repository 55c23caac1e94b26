//! The bundled LAME. Nothing else in the workspace knows it.

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::num::NonZeroU32;

use mp3lame_encoder::{
    Bitrate, BuildError, Builder, FlushGap, InterleavedPcm, Mode, MonoPcm, Quality,
    max_required_buffer_size,
};

use super::{Failure, UNDO_LAME_SCALE, bit_rate};
use crate::SAMPLE_RATE;

/// Encodes into a file, behind what is already in it.
pub(crate) struct Encoder {
    lame: mp3lame_encoder::Encoder,
    channels: u16,
    file: BufWriter<File>,
    /// Where the first frame lies, which LAME completes at the end.
    start: u64,
    scaled: Vec<f32>,
    bytes: Vec<u8>,
}

impl Encoder {
    pub(crate) fn start(mut file: File, channels: u16) -> Result<Self, Failure> {
        let start = file.stream_position()?;
        let lame = build(channels).map_err(|error| Failure::Encoder(error.to_string()))?;
        let file = BufWriter::with_capacity(1 << 16, file);
        Ok(Self { lame, channels, file, start, scaled: Vec::new(), bytes: Vec::new() })
    }

    /// Takes interleaved samples.
    pub(crate) fn write(&mut self, samples: &[f32]) -> Result<(), Failure> {
        self.scaled.clear();
        self.scaled.extend(samples.iter().map(|sample| sample * UNDO_LAME_SCALE));
        self.bytes.clear();
        self.bytes.reserve(max_required_buffer_size(samples.len()));
        let encoded = match self.channels {
            1 => self.lame.encode_to_vec(MonoPcm(&self.scaled), &mut self.bytes),
            _ => self.lame.encode_to_vec(InterleavedPcm(&self.scaled), &mut self.bytes),
        };
        encoded.map_err(|error| Failure::Encoder(error.to_string()))?;
        Ok(self.file.write_all(&self.bytes)?)
    }

    /// Writes the rest, and the first frame again: it tells players the exact length.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        self.bytes.clear();
        self.bytes.reserve(max_required_buffer_size(0));
        self.lame
            .flush_to_vec::<FlushGap>(&mut self.bytes)
            .map_err(|error| Failure::Encoder(error.to_string()))?;
        self.file.write_all(&self.bytes)?;
        self.bytes.clear();
        self.bytes.reserve(self.lame.lame_tag_size());
        self.lame.lame_tag_encode_to_vec(&mut self.bytes);
        self.file.seek(SeekFrom::Start(self.start))?;
        self.file.write_all(&self.bytes)?;
        Ok(self.file.flush()?)
    }
}

fn build(channels: u16) -> Result<mp3lame_encoder::Encoder, BuildError> {
    let (bit_rate, mode) = match bit_rate(channels) {
        96 => (Bitrate::Kbps96, Mode::Mono),
        _ => (Bitrate::Kbps128, Mode::JointStereo),
    };
    Builder::new()
        .ok_or(BuildError::NoMem)?
        .with_sample_rate(SAMPLE_RATE)?
        .with_output_sample_rate(NonZeroU32::new(SAMPLE_RATE))?
        .with_num_channels(channels as u8)?
        .with_mode(mode)?
        .with_brate(bit_rate)?
        .with_quality(Quality::VeryNice)?
        .with_to_write_vbr_tag(true)?
        .build()
}

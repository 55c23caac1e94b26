//! The WAV: 16 bit PCM, what every editor opens.
//!
//! 16 bit suffice: the dither lies at -93 dBFS, far below the quietest room.

use std::fs::File;
use std::io::BufWriter;

use hound::{SampleFormat, WavSpec, WavWriter};

use crate::SAMPLE_RATE;

/// Writes samples with triangular dither of one step, the same in every run.
pub(crate) struct Wav {
    writer: WavWriter<BufWriter<File>>,
    dither: Dither,
}

impl Wav {
    pub(crate) fn start(file: File, channels: u16) -> hound::Result<Self> {
        let spec = WavSpec {
            channels,
            sample_rate: SAMPLE_RATE,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        let writer = WavWriter::new(BufWriter::with_capacity(1 << 18, file), spec)?;
        Ok(Self { writer, dither: Dither(0x2017_0402) })
    }

    /// Writes interleaved samples and rewrites them as they are heard from the file.
    pub(crate) fn write(&mut self, samples: &mut [f32]) -> hound::Result<()> {
        let mut block = self.writer.get_i16_writer(samples.len() as u32);
        for sample in samples {
            let step = (*sample * 32_768.0 + self.dither.next()).round();
            let step = step.clamp(-32_768.0, 32_767.0) as i16;
            block.write_sample(step);
            *sample = f32::from(step) / 32_768.0;
        }
        block.flush()
    }

    pub(crate) fn finish(self) -> hound::Result<()> {
        self.writer.finalize()
    }
}

/// As an error of writing: hound has kinds of its own for what can never happen here.
pub(crate) fn as_io(error: hound::Error) -> std::io::Error {
    match error {
        hound::Error::IoError(error) => error,
        other => std::io::Error::other(other),
    }
}

/// Triangular noise from a fixed seed (Numerical Recipes' linear congruential generator; the high
/// bits are random enough for dither).
struct Dither(u32);

impl Dither {
    /// Between -1 and 1, most often near 0.
    fn next(&mut self) -> f32 {
        self.uniform() - self.uniform()
    }

    fn uniform(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as f32 / 16_777_216.0
    }
}

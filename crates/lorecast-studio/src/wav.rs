//! The WAV: PCM of 16 bit, what every editor opens, or of 24 for those who go on working with it.
//!
//! 16 bit suffice to hear: the dither lies at -93 dBFS, far below the quietest room.

use std::fs::File;
use std::io::{self, BufWriter};

use hound::{SampleFormat, WavSpec, WavWriter};

/// The most bytes of sound that a WAV file can hold: its sizes have 32 bits, and its head takes some.
pub(crate) const LARGEST: u64 = u32::MAX as u64 - 1024;

/// Writes samples with triangular dither of one step, the same in every run.
pub(crate) struct Wav {
    writer: WavWriter<BufWriter<File>>,
    dither: Dither,
    /// Steps from silence to full scale.
    steps: f32,
    /// Samples that still have a place in the file.
    room: u64,
}

impl Wav {
    pub(crate) fn start(
        file: File,
        sample_rate: u32,
        channels: u16,
        bits: u16,
    ) -> hound::Result<Self> {
        let sample_format = SampleFormat::Int;
        let spec = WavSpec { channels, sample_rate, bits_per_sample: bits, sample_format };
        let writer = WavWriter::new(BufWriter::with_capacity(1 << 18, file), spec)?;
        let room = LARGEST / u64::from((bits / 8).max(1));
        Ok(Self { writer, dither: Dither::new(), steps: (1u32 << (bits - 1)) as f32, room })
    }

    /// As [`Wav::start`], without dither: for sound that is only copied.
    pub(crate) fn copy(file: File, sample_rate: u32, channels: u16) -> hound::Result<Self> {
        let wav = Self::start(file, sample_rate, channels, 16)?;
        Ok(Self { dither: Dither::none(), ..wav })
    }

    /// Writes interleaved samples and rewrites them as they are heard from the file.
    pub(crate) fn write(&mut self, samples: &mut [f32]) -> hound::Result<()> {
        let Some(room) = self.room.checked_sub(samples.len() as u64) else {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge).into());
        };
        self.room = room;
        // The fast writer of 16 bit cannot do more.
        if self.writer.spec().bits_per_sample == 16 {
            let mut block = self.writer.get_i16_writer(samples.len() as u32);
            for sample in samples {
                block.write_sample(step(sample, self.steps, &mut self.dither) as i16);
            }
            return block.flush();
        }
        samples.iter_mut().try_for_each(|sample| {
            self.writer.write_sample(step(sample, self.steps, &mut self.dither))
        })
    }

    pub(crate) fn finish(self) -> hound::Result<()> {
        self.writer.finalize()
    }
}

/// The step that a sample falls on; the sample takes its value.
fn step(sample: &mut f32, steps: f32, dither: &mut Dither) -> i32 {
    let value = (*sample * steps + dither.next()).clamp(-steps, steps - 1.0);
    // To the nearest; `round` is a call where processors have no instruction for it.
    let step = (value + 0.5f32.copysign(value)) as i32;
    *sample = step as f32 * (1.0 / steps);
    step
}

/// As an error of writing: hound has kinds of its own for what can never happen here.
pub(crate) fn as_io(error: hound::Error) -> io::Error {
    match error {
        hound::Error::IoError(error) => error,
        other => io::Error::other(other),
    }
}

/// Triangular noise from a fixed seed (Numerical Recipes' linear congruential generator; the high
/// bits are random enough for dither).
struct Dither {
    state: u32,
    steps: f32,
}

impl Dither {
    fn new() -> Self {
        Self { state: 0x2017_0402, steps: 1.0 }
    }

    fn none() -> Self {
        Self { state: 0, steps: 0.0 }
    }

    /// Between -1 and 1, most often near 0.
    fn next(&mut self) -> f32 {
        (self.uniform() - self.uniform()) * self.steps
    }

    fn uniform(&mut self) -> f32 {
        self.state = self.state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.state >> 8) as f32 / 16_777_216.0
    }
}

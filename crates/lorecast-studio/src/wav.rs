//! The WAV: PCM of 16 bit, what every editor opens, or of 24 for those who go on working with it.
//!
//! 16 bit suffice to hear: the dither lies at -93 dBFS, far below the quietest room.

use std::fs::File;
use std::io::{self, BufWriter};

use hound::{SampleFormat, WavSpec, WavWriter};

use crate::widest::widest;

/// The most bytes of sound that a WAV file can hold: its sizes have 32 bits, and its head takes some.
pub(crate) const LARGEST: u64 = u32::MAX as u64 - 1024;

/// Writes samples with triangular dither of one step, the same in every run.
pub(crate) struct Wav {
    writer: WavWriter<BufWriter<File>>,
    /// None for sound that is only copied.
    dither: Option<Dither>,
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
        Ok(Self { writer, dither: Some(Dither::new()), steps: (1u32 << (bits - 1)) as f32, room })
    }

    /// As [`Wav::start`], without dither: for sound that is only copied.
    pub(crate) fn copy(file: File, sample_rate: u32, channels: u16) -> hound::Result<Self> {
        let wav = Self::start(file, sample_rate, channels, 16)?;
        Ok(Self { dither: None, ..wav })
    }

    /// Writes interleaved samples, each `copies` times, and rewrites them as they are heard from the file.
    pub(crate) fn write(&mut self, samples: &mut [f32], copies: usize) -> hound::Result<()> {
        let count = samples.len() * copies;
        let Some(room) = self.room.checked_sub(count as u64) else {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge).into());
        };
        self.room = room;
        let (steps, dither) = (self.steps, &mut self.dither);
        // Pass by pass, which compilers turn into vector instructions.
        widest(
            #[inline(always)]
            || {
                for sample in &mut *samples {
                    *sample *= steps;
                }
                if let Some(dither) = dither {
                    dither.add(samples);
                }
                for sample in &mut *samples {
                    *sample = nearest(*sample, steps);
                }
            },
        );
        // The fast writer of 16 bit cannot do more.
        if self.writer.spec().bits_per_sample == 16 {
            let mut block = self.writer.get_i16_writer(count as u32);
            for step in &*samples {
                (0..copies).for_each(|_| block.write_sample(*step as i16));
            }
            block.flush()?;
        } else {
            for step in &*samples {
                (0..copies).try_for_each(|_| self.writer.write_sample(*step as i32))?;
            }
        }
        samples.iter_mut().for_each(|sample| *sample *= 1.0 / self.steps);
        Ok(())
    }

    pub(crate) fn finish(self) -> hound::Result<()> {
        self.writer.finalize()
    }
}

/// The step that a value falls on, of so many to full scale.
#[inline(always)]
fn nearest(value: f32, steps: f32) -> f32 {
    let value = value.clamp(-steps, steps - 1.0);
    (value + 0.5f32.copysign(value)).trunc()
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
    /// The last number that was drawn.
    state: u32,
}

/// Samples for which numbers are drawn side by side, two each.
const LANES: usize = 8;
/// What a number is made into the next one by: factor and summand.
const NEXT: [u32; 2] = [1_664_525, 1_013_904_223];
/// The same for the number that comes after as many as all lanes draw.
const NEXT_ROUND: [u32; 2] = {
    let (mut all, mut count) = ([1, 0], 0);
    while count < 2 * LANES {
        all = [next(all[0], [NEXT[0], 0]), next(all[1], NEXT)];
        count += 1;
    }
    all
};

#[inline(always)]
const fn next(number: u32, by: [u32; 2]) -> u32 {
    number.wrapping_mul(by[0]).wrapping_add(by[1])
}

impl Dither {
    fn new() -> Self {
        Self { state: 0x2017_0402 }
    }

    /// Between -1 and 1, most often near 0, to each.
    #[inline(always)]
    fn add(&mut self, samples: &mut [f32]) {
        let (rounds, rest) = samples.as_chunks_mut::<LANES>();
        let mut state = self.state;
        let mut draw = || {
            state = next(state, NEXT);
            state
        };
        let pairs: [[u32; 2]; LANES] = std::array::from_fn(|_| [draw(), draw()]);
        let mut numbers = [0, 1].map(|which| pairs.map(|pair| pair[which]));
        for samples in rounds {
            for (lane, sample) in samples.iter_mut().enumerate() {
                *sample += uniform(numbers[0][lane]) - uniform(numbers[1][lane]);
            }
            self.state = numbers[1][LANES - 1];
            for number in numbers.as_flattened_mut() {
                *number = next(*number, NEXT_ROUND);
            }
        }
        for (lane, sample) in rest.iter_mut().enumerate() {
            *sample += uniform(numbers[0][lane]) - uniform(numbers[1][lane]);
            self.state = numbers[1][lane];
        }
    }
}

/// From 0 to 1, by the high bits.
#[inline(always)]
fn uniform(number: u32) -> f32 {
    (number >> 8).cast_signed() as f32 / 16_777_216.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One number after the other, as the lanes draw them side by side.
    #[test]
    fn dither_does_not_depend_on_blocks() {
        let mut state = Dither::new().state;
        let mut draw = || {
            state = next(state, NEXT);
            uniform(state)
        };
        let expected: Vec<f32> = (0..100).map(|_| draw() - draw()).collect();
        for size in [1, 7, 8, 24, 100] {
            let (mut dither, mut found) = (Dither::new(), vec![0.0; 100]);
            found.chunks_mut(size).for_each(|block| dither.add(block));
            assert_eq!(found, expected, "{size}");
        }
    }
}

//! From a take's sample rate to the episode's.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Indexing, Resampler};

use crate::{Result, SAMPLE_RATE};

/// Frames that are resampled at once. Long enough that the filter's edge lies above 20 kHz for
/// takes at 44.1 kHz.
const CHUNK: usize = 2048;

/// Hands on what `hear` gives at another rate, block by block, to its end.
pub(crate) fn resampled<T>(
    mut rate: Rate,
    each: &mut dyn FnMut(&[f32]),
    hear: impl FnOnce(&mut dyn FnMut(&[f32])) -> Result<T>,
) -> Result<T> {
    let mut ready = Vec::new();
    let heard = hear(&mut |samples| {
        ready.clear();
        rate.push(samples, &mut ready);
        each(&ready);
    })?;
    ready.clear();
    rate.finish(&mut ready);
    each(&ready);
    Ok(heard)
}

/// Resamples interleaved sound without delay: frame 0 comes out as frame 0, and `n` frames as
/// `n * to / rate`, rounded.
pub(crate) struct Rate {
    /// `None` when the rate is right already.
    fft: Option<Fft<f32>>,
    rate: u32,
    to: u32,
    channels: usize,
    waiting: Vec<f32>,
    /// Frames of filter delay that still have to be thrown away.
    late: usize,
    taken: u64,
    given: u64,
    made: Vec<f32>,
}

impl Rate {
    /// To the episode's rate.
    pub(crate) fn new(rate: u32, channels: u16) -> Self {
        Self::between(rate, SAMPLE_RATE, channels)
    }

    /// From one rate to another; both are above 0.
    pub(crate) fn between(rate: u32, to: u32, channels: u16) -> Self {
        let channels = usize::from(channels);
        let fft = (rate != to).then(|| {
            let (from, to) = (rate as usize, to as usize);
            Fft::new_custom(
                from,
                to,
                chunk(from, to),
                1,
                channels,
                rubato::WindowFunction::BlackmanHarris2,
                FixedSync::Both,
            )
            .expect("rates, chunk and channels are not zero")
        });
        let late = fft.as_ref().map_or(0, Resampler::output_delay);
        Self {
            fft,
            rate,
            to,
            channels,
            waiting: Vec::new(),
            late,
            taken: 0,
            given: 0,
            made: Vec::new(),
        }
    }

    /// Takes frames and appends what is ready to `out`.
    pub(crate) fn push(&mut self, frames: &[f32], out: &mut Vec<f32>) {
        let Some(fft) = &self.fft else {
            out.extend_from_slice(frames);
            return;
        };
        self.taken += (frames.len() / self.channels) as u64;
        self.waiting.extend_from_slice(frames);
        let chunk = fft.input_frames_next() * self.channels;
        let whole = self.waiting.len() / chunk * chunk;
        for start in (0..whole).step_by(chunk) {
            self.resample(start, None, out);
        }
        self.waiting.drain(..whole);
    }

    /// Appends the rest.
    pub(crate) fn finish(mut self, out: &mut Vec<f32>) {
        let Some(fft) = &self.fft else { return };
        let chunk = fft.input_frames_next();
        let total = self.total();
        let mut left = self.waiting.len() / self.channels;
        self.waiting.resize(chunk * self.channels, 0.0);
        while self.given < total {
            self.resample(0, Some(left), out);
            left = 0;
        }
    }

    /// How many frames come out of all that went in.
    fn total(&self) -> u64 {
        let (from, to) = (u64::from(self.rate), u64::from(self.to));
        (self.taken * to + from / 2) / from
    }

    fn resample(&mut self, start: usize, partial: Option<usize>, out: &mut Vec<f32>) {
        let Some(fft) = &mut self.fft else { return };
        let frames = (self.waiting.len() - start) / self.channels;
        let room = fft.output_frames_next();
        self.made.resize(room * self.channels, 0.0);
        let input = InterleavedSlice::new(&self.waiting[start..], self.channels, frames)
            .expect("the slice holds whole frames");
        let mut output = InterleavedSlice::new_mut(&mut self.made, self.channels, room)
            .expect("the buffer was made for it");
        let indexing = Indexing { partial_len: partial, ..Indexing::default() };
        let (_, made) = fft
            .process_into_buffer(&input, &mut output, Some(&indexing))
            .expect("input and output have the sizes that it asked for");
        let skip = self.late.min(made);
        self.late -= skip;
        let limit = if partial.is_some() { self.total() - self.given } else { u64::MAX };
        let keep = ((made - skip) as u64).min(limit) as usize;
        out.extend_from_slice(&self.made[skip * self.channels..(skip + keep) * self.channels]);
        self.given += keep as u64;
    }
}

/// About [`CHUNK`] frames, of which the filter delays half: a whole number of frames at both rates only
/// when the chunk is made of an even number of the shortest spans that are whole at both.
fn chunk(from: usize, to: usize) -> usize {
    let (mut a, mut b) = (from, to);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    let span = from / a;
    CHUNK.div_ceil(span).next_multiple_of(2) * span
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resampled(rate: u32, input: &[f32]) -> Vec<f32> {
        let mut out = Vec::new();
        let mut resampler = Rate::new(rate, 1);
        for block in input.chunks(777) {
            resampler.push(block, &mut out);
        }
        resampler.finish(&mut out);
        out
    }

    fn sine(rate: u32, frames: usize) -> Vec<f32> {
        let step = std::f64::consts::TAU * 1000.0 / f64::from(rate);
        (0..frames).map(|n| (n as f64 * step).sin() as f32 * 0.5).collect()
    }

    #[track_caller]
    fn check(rate: u32, frames: usize, expected: usize) {
        let out = resampled(rate, &sine(rate, frames));
        assert_eq!(out.len(), expected);
        let wanted = sine(SAMPLE_RATE, expected);
        // The first and last milliseconds feel the edge of the signal.
        let inner = 500..expected.saturating_sub(500);
        let worst = inner.map(|n| (out[n] - wanted[n]).abs()).fold(0.0, f32::max);
        assert!(worst < 0.001, "{rate}: differs by {worst}");
    }

    #[test]
    fn a_sine_comes_out_where_it_went_in() {
        check(48_000, 10_000, 10_000);
        check(44_100, 44_100, 48_000);
        check(22_050, 22_051, 48_002);
        check(96_000, 30_001, 15_001);
        check(8_000, 8_000, 48_000);
        check(11_025, 11_025, 48_000);
    }

    #[test]
    fn sound_for_recognition_keeps_its_place() {
        let mut out = Vec::new();
        let mut resampler = Rate::between(SAMPLE_RATE, 16_000, 1);
        resampler.push(&sine(SAMPLE_RATE, 30_000), &mut out);
        resampler.finish(&mut out);
        assert_eq!(out.len(), 10_000);
        let wanted = sine(16_000, 10_000);
        let worst = (1_500..8_500).map(|n| (out[n] - wanted[n]).abs()).fold(0.0, f32::max);
        assert!(worst < 0.001, "differs by {worst}");
    }

    #[test]
    fn a_handful_of_frames_keeps_its_length() {
        assert_eq!(resampled(44_100, &[0.5]).len(), 1);
        assert_eq!(resampled(44_100, &[0.5; 100]).len(), 109);
        assert_eq!(resampled(44_100, &[]).len(), 0);
        assert_eq!(resampled(11_027, &[0.5; 11_027]).len(), 48_000);
    }
}

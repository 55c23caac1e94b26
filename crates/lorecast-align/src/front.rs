//! The front end: sound into mel cepstra, as Sphinx makes them.

use std::sync::Arc;

use realfft::num_complex::Complex32;
use realfft::{RealFftPlanner, RealToComplex};

use crate::cepstra::Cepstra;
use crate::model::{DIMENSIONS, Model, Params};

/// Samples a second that [`FrontEnd::push`] takes; mono.
pub const SAMPLE_RATE: u32 = 16_000;

/// Samples from one frame to the next: 100 frames a second.
pub(crate) const HOP: usize = 160;
/// Samples of a frame (25.6 ms, Sphinx's default).
pub(crate) const FRAME: usize = 410;
const FFT: usize = 512;
const PREEMPHASIS: f32 = 0.97;
/// The model heard 16 bit samples; ours go from -1 to 1.
const FULL_SCALE: f32 = 32_768.0;
/// What Sphinx adds before the logarithm.
const LOG_FLOOR: f32 = 1e-4;
/// Eight hours; what comes later is not heard.
const MOST_FRAMES: usize = 8 * 3600 * 100;

/// Takes samples in pieces of any size and keeps 13 numbers for every 10 ms.
pub struct FrontEnd {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    filters: Vec<Filter>,
    cosines: Vec<[f32; DIMENSIONS]>,
    lifter: [f32; DIMENSIONS],
    waiting: Vec<f32>,
    last: f32,
    hiss: Hiss,
    frames: Vec<[f32; DIMENSIONS]>,
    input: Vec<f32>,
    spectrum: Vec<Complex32>,
    scratch: Vec<Complex32>,
}

/// A very soft noise, the same in every run. The model never heard the digital silence that a gate
/// leaves, and which would pull the mean of the take far away from any sound.
struct Hiss(u64);

/// Steps of 16 bit to either side: -80 dB of full scale.
const HISS: f32 = 5.0 / FULL_SCALE;

impl Hiss {
    fn next(&mut self) -> f32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 40) as f32 / (1u32 << 23) as f32 - 1.0) * HISS
    }
}

/// A triangle over the power spectrum, of unit area.
struct Filter {
    first: usize,
    weights: Vec<f32>,
}

impl FrontEnd {
    /// The front end that `model` was trained with.
    pub fn new(model: &Model) -> Self {
        Self::with(&model.params)
    }

    pub(crate) fn with(params: &Params) -> Self {
        let fft = RealFftPlanner::new().plan_fft_forward(FFT);
        let angle = |at: usize| std::f32::consts::TAU * at as f32 / (FRAME - 1) as f32;
        Self {
            window: (0..FRAME).map(|at| 0.54 - 0.46 * angle(at).cos()).collect(),
            filters: (0..params.filters).map(|at| Filter::new(params, at)).collect(),
            cosines: (0..params.filters).map(|at| cosines(at, params.filters)).collect(),
            lifter: std::array::from_fn(|at| lifter(at, params.lifter)),
            waiting: Vec::new(),
            last: 0.0,
            hiss: Hiss(1),
            frames: Vec::new(),
            input: fft.make_input_vec(),
            spectrum: fft.make_output_vec(),
            scratch: fft.make_scratch_vec(),
            fft,
        }
    }

    /// Hears the next samples, mono at [`SAMPLE_RATE`], full scale 1. What is no number counts as
    /// silence; what comes after eight hours is dropped.
    pub fn push(&mut self, samples: &[f32]) {
        for piece in samples.chunks(HOP * 100) {
            let hiss = &mut self.hiss;
            let sound = piece.iter().map(|sample| {
                let sample = if sample.is_finite() { sample.clamp(-8.0, 8.0) } else { 0.0 };
                sample + hiss.next()
            });
            self.waiting.extend(sound);
            let mut start = 0;
            while start + FRAME <= self.waiting.len() && self.frames.len() < MOST_FRAMES {
                self.frame(start);
                start += HOP;
            }
            let dropped = if self.frames.len() < MOST_FRAMES { start } else { self.waiting.len() };
            self.waiting.drain(..dropped);
        }
    }

    /// All that was heard.
    pub fn finish(self) -> Cepstra {
        Cepstra::new(self.frames, self.filters.len())
    }

    /// The frame that begins at `start` of what waits.
    fn frame(&mut self, start: usize) {
        let mut before = self.last;
        self.input.fill(0.0);
        let sound = &self.waiting[start..start + FRAME];
        for ((to, sample), window) in self.input.iter_mut().zip(sound).zip(&self.window) {
            *to = (sample - PREEMPHASIS * before) * FULL_SCALE * window;
            before = *sample;
        }
        self.last = sound[HOP - 1];
        let done =
            self.fft.process_with_scratch(&mut self.input, &mut self.spectrum, &mut self.scratch);
        done.expect("the buffers are the transform's own");
        let mut cepstrum = [0.0; DIMENSIONS];
        for (filter, cosines) in self.filters.iter().zip(&self.cosines) {
            let energy = (filter.sum(&self.spectrum) + LOG_FLOOR).ln();
            for (sum, cosine) in cepstrum.iter_mut().zip(cosines) {
                *sum += energy * cosine;
            }
        }
        for (value, lifter) in cepstrum.iter_mut().zip(&self.lifter) {
            *value *= lifter;
        }
        self.frames.push(cepstrum);
    }
}

impl Filter {
    /// Filter `number`, its corners rounded to lines of the spectrum as `-round_filters` does.
    fn new(params: &Params, number: usize) -> Self {
        let line = SAMPLE_RATE as f32 / FFT as f32;
        let (low, high) = (mel(params.lower), mel(params.upper));
        let width = (high - low) / (params.filters + 1) as f32;
        let corner = |at: usize| {
            let hz = from_mel((number + at) as f32 * width + low);
            (hz / line + 0.5).floor() * line
        };
        let (left, middle, right) = (corner(0), corner(1), corner(2));
        let first = (left / line).ceil() as usize;
        let last = ((right / line).floor() as usize).min(FFT / 2);
        let weight = |at: usize| {
            let hz = at as f32 * line;
            let area = 2.0 / (right - left).max(line);
            let rise = (hz - left) / (middle - left).max(f32::EPSILON);
            let fall = (right - hz) / (right - middle).max(f32::EPSILON);
            rise.min(fall).clamp(0.0, 1.0) * area
        };
        Self { first, weights: (first..=last).map(weight).collect() }
    }

    fn sum(&self, spectrum: &[Complex32]) -> f32 {
        let lines = spectrum.iter().skip(self.first);
        lines.zip(&self.weights).map(|(line, weight)| line.norm_sqr() * weight).sum()
    }
}

fn mel(hz: f32) -> f32 {
    2595.0 * (1.0 + hz / 700.0).log10()
}

fn from_mel(mel: f32) -> f32 {
    700.0 * (10f32.powf(mel / 2595.0) - 1.0)
}

/// Filter `at` of `filters` in the orthonormal DCT-II.
fn cosines(at: usize, filters: usize) -> [f32; DIMENSIONS] {
    let count = filters as f32;
    std::array::from_fn(|row| match row {
        0 => (1.0 / count).sqrt(),
        row => {
            (std::f32::consts::PI * row as f32 / count * (at as f32 + 0.5)).cos()
                * (2.0 / count).sqrt()
        }
    })
}

fn lifter(at: usize, length: usize) -> f32 {
    if length == 0 {
        return 1.0;
    }
    let length = length as f32;
    1.0 + length / 2.0 * (at as f32 * std::f32::consts::PI / length).sin()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params() -> Params {
        Params { lower: 130.0, upper: 6800.0, filters: 25, lifter: 22 }
    }

    fn heard(samples: &[f32]) -> Vec<[f32; DIMENSIONS]> {
        let mut front = FrontEnd::with(&params());
        front.push(samples);
        front.frames
    }

    #[test]
    fn a_click_is_heard_in_every_filter_alike() {
        // One sample of full scale has the power 2^30 (times the window and the pre-emphasis) in every line of the
        // spectrum, and every filter has the area 1 Hz; a line is 31.25 Hz. Pre-emphasis takes a little of it.
        let mut click = [0.0; FRAME + HOP];
        click[HOP + FRAME / 2] = 1.0;
        let cepstrum = heard(&click)[1];
        let flat = 5.0 * (32_768f32.powi(2) / 31.25).ln();
        assert!((flat - 12.0..flat).contains(&cepstrum[0]), "{} {flat}", cepstrum[0]);
        assert!(cepstrum[1] < -3.0, "pre-emphasis lifts the high filters: {cepstrum:?}");
    }

    #[test]
    fn twice_as_loud_moves_only_the_first_number() {
        let mut noise = Hiss(7);
        let tone: Vec<f32> = (0..1600).map(|_| noise.next() * 500.0).collect();
        let loud: Vec<f32> = tone.iter().map(|sample| 2.0 * sample).collect();
        let (quiet, loud) = (heard(&tone)[4], heard(&loud)[4]);
        assert!((loud[0] - quiet[0] - 5.0 * 4f32.ln()).abs() < 0.05, "{quiet:?} {loud:?}");
        assert!((1..13).all(|at| (loud[at] - quiet[at]).abs() < 0.2), "{quiet:?} {loud:?}");
    }

    #[test]
    fn pieces_make_no_difference() {
        let sound: Vec<f32> = (0..5000).map(|at| ((at * at) as f32 * 0.001).sin()).collect();
        let mut front = FrontEnd::with(&params());
        sound.chunks(77).for_each(|piece| front.push(piece));
        assert_eq!(front.frames, heard(&sound));
    }

    #[test]
    fn what_is_no_number_is_silence() {
        assert_eq!(heard(&[f32::NAN; 1600]), heard(&[0.0; 1600]));
    }
}

//! The peak between samples (BS.1770-5 annex 2), by an interpolator of 48 taps for all points.

/// Looks for the highest peak of each channel.
pub(super) struct TruePeak {
    /// The points between two samples.
    phases: Vec<Vec<f32>>,
    /// Taps of each phase; half of them look ahead.
    taps: usize,
    /// No interpolated value exceeds the largest sample near it by more than this factor.
    bound: f32,
    /// The last samples of each channel, then those of the block.
    held: Vec<Vec<f32>>,
    highest: Vec<f32>,
    between: Vec<f32>,
}

/// Taps of all phases, as the standard has it: twelve for each of four, 24 for each of two.
const TAPS: usize = 48;
/// Frames looked at together: short, so that one loud spot does not cost much.
const BLOCK: usize = 256;

impl TruePeak {
    /// Four points for each sample, and two from 96 kHz: BS.1770 asks for 192 kHz at least.
    pub(super) fn new(rate: u32, channels: usize) -> Self {
        let points = match rate {
            ..96_000 => 4,
            _ => 2,
        };
        let taps = TAPS / points;
        let phases: Vec<Vec<f32>> = (1..points)
            .map(|point| {
                let at = (taps / 2 - 1) as f64 + point as f64 / points as f64;
                (0..taps).map(|tap| windowed_sinc(tap as f64 - at, taps)).collect()
            })
            .collect();
        let bound = phases
            .iter()
            .map(|taps| taps.iter().map(|tap| tap.abs()).sum::<f32>())
            .fold(1.0, f32::max);
        Self {
            phases,
            taps,
            bound,
            held: vec![vec![0.0; taps - 1]; channels],
            highest: vec![0.0; channels],
            between: Vec::new(),
        }
    }

    /// Takes interleaved frames.
    pub(super) fn push(&mut self, frames: &[f32]) {
        for block in frames.chunks(BLOCK * self.held.len()) {
            for channel in 0..self.held.len() {
                self.look(block, channel);
            }
        }
    }

    /// Of all channels, as amplitude. What lies between the very last samples is not looked at.
    pub(super) fn highest(&self) -> f32 {
        self.highest.iter().copied().fold(0.0, f32::max)
    }

    /// The highest peaks so far, which are forgotten.
    pub(super) fn take(&mut self) -> Vec<f32> {
        let none = vec![0.0; self.highest.len()];
        std::mem::replace(&mut self.highest, none)
    }

    fn look(&mut self, block: &[f32], channel: usize) {
        let channels = self.held.len();
        let (held, highest) = (&mut self.held[channel], &mut self.highest[channel]);
        let samples = block[channel..].iter().step_by(channels);
        held.extend(samples.map(|sample| if sample.is_finite() { *sample } else { 0.0 }));
        let loudest = |samples: &[f32]| samples.iter().fold(0.0f32, |peak, x| peak.max(x.abs()));
        *highest = highest.max(loudest(&held[self.taps - 1..]));
        if loudest(held) * self.bound > *highest {
            for taps in &self.phases {
                interpolate(held, taps, &mut self.between);
                *highest = self.between.iter().fold(*highest, |peak, value| peak.max(value.abs()));
            }
        }
        held.drain(..held.len() - (self.taps - 1));
    }
}

/// Tap by tap over the whole block, which compilers turn into vector instructions.
fn interpolate(samples: &[f32], taps: &[f32], out: &mut Vec<f32>) {
    out.clear();
    out.resize(samples.len() + 1 - taps.len(), 0.0);
    for (offset, tap) in taps.iter().enumerate() {
        for (sum, sample) in out.iter_mut().zip(&samples[offset..]) {
            *sum += tap * sample;
        }
    }
}

/// A sinc under a Hann window, as the limiter has it: what one holds down the other does not find.
fn windowed_sinc(at: f64, taps: usize) -> f32 {
    use std::f64::consts::PI;
    if at.abs() < 1e-9 {
        return 1.0;
    }
    let window = 0.5 + 0.5 * (at * PI / (taps / 2) as f64).cos();
    ((at * PI).sin() / (at * PI) * window) as f32
}

//! RNNoise for one channel, 10 ms at a time: what `nnnoiseless` hears in the sound, what the network makes of
//! it, and the sound with each band as loud as its voice.
//!
//! Driven by ourselves and not by the crate's own driver for two reasons. That one sends all sound through a
//! high-pass, which turns the phase of low voices against that of the share of the sound that is left as it
//! came; what comes from the stage `rumble` needs none. And our network is quicker ([`super::network`]).

use std::f64::consts::FRAC_PI_2;
use std::sync::Arc;

use nnnoiseless::DenoiseFeatures;
use realfft::num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner};

use super::super::BLOCK;
use super::network::{BANDS, Network};

/// Frames that are looked at together: the block and the one before.
const WINDOW: usize = 2 * BLOCK;
/// Where each band has its middle, in units of [`STEP`] bins: 200 Hz.
const MIDDLES: [usize; BANDS] =
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 34, 40, 48, 60, 78, 100];
const STEP: usize = 4;
/// The share of a band's last gain that it keeps at least, so that reverberation fades.
const RELEASE: f32 = 0.6;

pub(in crate::chain) struct Suppressor {
    /// Whether what lies below a voice is gone already.
    is_filtered: bool,
    features: Box<DenoiseFeatures>,
    network: Network,
    /// The last gains.
    gains: [f32; BANDS],
    inverse: Arc<dyn ComplexToReal<f32>>,
    window: Vec<f32>,
    spectrum: Vec<Complex32>,
    scratch: Vec<Complex32>,
    sound: Vec<f32>,
    /// The second half of the last window, which goes into the next block.
    tail: Vec<f32>,
}

impl Suppressor {
    /// `is_filtered` tells that nothing lies below the voice any more.
    pub(in crate::chain) fn new(is_filtered: bool) -> Self {
        let inverse = RealFftPlanner::new().plan_fft_inverse(WINDOW);
        Self {
            is_filtered,
            features: Box::new(DenoiseFeatures::new()),
            network: Network::new(),
            gains: [0.0; BANDS],
            window: window(),
            spectrum: inverse.make_input_vec(),
            scratch: inverse.make_scratch_vec(),
            sound: inverse.make_output_vec(),
            tail: vec![0.0; BLOCK],
            inverse,
        }
    }

    /// Takes a block in the numbers of 16 bit sound, and gives the block before it. Silence stays as it is.
    pub(in crate::chain) fn process(&mut self, input: &[f32], output: &mut [f32]) {
        match self.is_filtered {
            true => self.features.shift_input(input),
            false => self.features.shift_and_filter_input(input),
        }
        match self.features.compute_frame_features() {
            true => self.spectrum.copy_from_slice(&self.features.x),
            false => self.turn_down(),
        }
        self.lay(output);
    }

    /// Each bin of the spectrum by the gain of its bands.
    fn turn_down(&mut self) {
        let gains = self.network.hear(self.features.features());
        // Between the harmonics of a voice it takes away more.
        self.features.pitch_filter(&gains);
        for (gain, now) in self.gains.iter_mut().zip(gains) {
            *gain = now.max(RELEASE * *gain);
        }
        self.spectrum.fill(Complex32::ZERO);
        let bands = MIDDLES.windows(2).zip(self.gains.windows(2));
        for (middles, gains) in bands {
            let (first, count) = (STEP * middles[0], STEP * (middles[1] - middles[0]));
            for at in 0..count {
                let share = at as f32 / count as f32;
                let gain = (1.0 - share) * gains[0] + share * gains[1];
                self.spectrum[first + at] = self.features.x[first + at] * gain;
            }
        }
    }

    /// Back to sound, half of which overlaps with that of the block before.
    fn lay(&mut self, output: &mut [f32]) {
        let Self { inverse, spectrum, scratch, sound, window, tail, .. } = self;
        // The ends of the spectrum of a real sound are real.
        spectrum[0].im = 0.0;
        spectrum[BLOCK].im = 0.0;
        inverse.process_with_scratch(spectrum, sound, scratch).expect("the sizes are the plan's");
        for (sound, window) in sound.iter_mut().zip(window) {
            *sound = *sound / 2.0 * *window;
        }
        let (head, rest) = sound.split_at(BLOCK);
        for (out, (head, tail)) in output.iter_mut().zip(head.iter().zip(&*tail)) {
            *out = head + tail;
        }
        tail.copy_from_slice(rest);
    }
}

/// The window of Vorbis: its square and that of its neighbour sum up to 1.
fn window() -> Vec<f32> {
    let half = |n: usize| {
        let rise = (FRAC_PI_2 * (n as f64 + 0.5) / BLOCK as f64).sin();
        (FRAC_PI_2 * rise * rise).sin() as f32
    };
    (0..WINDOW).map(|n| half(n.min(WINDOW - 1 - n))).collect()
}

#[cfg(test)]
mod tests {
    use nnnoiseless::DenoiseState;

    use super::*;

    /// The crate's own driver evaluates the same network: what differs is less than a tenth of a step of
    /// 16 bit sound.
    #[test]
    fn it_does_what_the_crate_does() {
        let (mut ours, mut theirs) = (Suppressor::new(false), DenoiseState::new());
        let (mut out, mut expected) = ([0.0; BLOCK], [0.0; BLOCK]);
        let mut seed = 1u32;
        for block in 0..300 {
            let input: [f32; BLOCK] = std::array::from_fn(|n| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let at = (block * BLOCK + n) as f32 / 48_000.0;
                // A buzz that comes and goes, in hiss, and silence at the end.
                let buzz = (at * 140.0).fract() * (at * 9.0).sin().max(0.0) * 8_000.0;
                let hiss = (seed >> 8) as f32 / 16_777_216.0 * 300.0;
                if block < 250 { buzz + hiss } else { 0.0 }
            });
            ours.process(&input, &mut out);
            theirs.process_frame(&mut expected, &input);
            let apart = out.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(apart < 0.1, "block {block}: {apart}");
        }
    }
}

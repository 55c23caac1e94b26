//! Filters of second order (Audio EQ Cookbook by R. Bristow-Johnson), in double precision: at 50 Hz
//! single precision would add noise of its own.

use std::f64::consts::TAU;

use super::BLOCK;
use crate::SAMPLE_RATE;
use crate::recursive::{FOUR, Recursive};
use crate::widest::widest;

/// One filter, for any number of channels.
#[derive(Clone, Debug)]
pub(super) struct Biquad(Recursive<2>);

/// What it remembers of one channel.
pub(super) type State = [f64; 2];

impl Biquad {
    pub(super) fn high_pass(hertz: f64, q: f64) -> Self {
        let (cos, alpha) = angle(hertz, q);
        let b = (1.0 + cos) / 2.0;
        Self::scaled([b, -2.0 * b, b], cos, alpha)
    }

    pub(super) fn notch(hertz: f64, q: f64) -> Self {
        let (cos, alpha) = angle(hertz, q);
        Self::scaled([1.0, -2.0 * cos, 1.0], cos, alpha)
    }

    fn scaled(b: [f64; 3], cos: f64, alpha: f64) -> Self {
        let a0 = 1.0 + alpha;
        let (b, a) = (b.map(|b| b / a0), [-2.0 * cos / a0, (1.0 - alpha) / a0]);
        // Transposed direct form II.
        Self(Recursive::of(|state: &mut State, sample| {
            let out = b[0] * sample + state[0];
            *state = [b[1] * sample + state[1] - a[0] * out, b[2] * sample - a[1] * out];
            out
        }))
    }

    /// The channels of a block through it, each with its own memory. Returns the energies before and behind it.
    pub(super) fn run(&self, states: &mut [State], block: &mut [f32]) -> (f64, f64) {
        widest(
            #[inline(always)]
            || {
                let channels = states.len();
                let (mut before, mut after) = ([0.0; FOUR], [0.0; FOUR]);
                for (channel, state) in states.iter_mut().enumerate() {
                    for frames in block.chunks_exact_mut(FOUR * channels) {
                        let samples: [f64; FOUR] =
                            std::array::from_fn(|at| frames[at * channels + channel].into());
                        let out = self.0.run(state, samples);
                        for at in 0..FOUR {
                            before[at] += samples[at] * samples[at];
                            after[at] += out[at] * out[at];
                            frames[at * channels + channel] = out[at] as f32;
                        }
                    }
                }
                (before.iter().sum(), after.iter().sum())
            },
        )
    }
}

const _: () = assert!(BLOCK.is_multiple_of(FOUR));

fn angle(hertz: f64, q: f64) -> (f64, f64) {
    let omega = TAU * hertz / f64::from(SAMPLE_RATE);
    (omega.cos(), omega.sin() / (2.0 * q))
}

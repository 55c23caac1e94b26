//! Filters of second order (Audio EQ Cookbook by R. Bristow-Johnson), in double precision: at 50 Hz
//! single precision would add noise of its own.

use std::f64::consts::TAU;

use crate::SAMPLE_RATE;

/// The coefficients of one filter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
}

/// What a filter remembers of one channel.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct State([f64; 2]);

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

    /// The two filters of the K weighting at 48 kHz (ITU-R BS.1770-5, tables 1 and 2).
    pub(super) const K_WEIGHTING: [Self; 2] = [
        Self {
            b: [1.535_124_859_586_97, -2.691_696_189_406_38, 1.198_392_810_852_85],
            a: [-1.690_659_293_182_41, 0.732_480_774_215_85],
        },
        Self { b: [1.0, -2.0, 1.0], a: [-1.990_047_454_833_98, 0.990_072_250_366_21] },
    ];

    fn scaled(b: [f64; 3], cos: f64, alpha: f64) -> Self {
        let a0 = 1.0 + alpha;
        Self { b: b.map(|b| b / a0), a: [-2.0 * cos / a0, (1.0 - alpha) / a0] }
    }

    /// One sample through it (transposed direct form II).
    #[inline]
    pub(super) fn run(&self, state: &mut State, sample: f64) -> f64 {
        let out = self.b[0] * sample + state.0[0];
        // What does not depend on `out` comes first: the next sample waits for the rest.
        state.0[0] = (self.b[1] * sample + state.0[1]) - self.a[0] * out;
        state.0[1] = self.b[2] * sample - self.a[1] * out;
        out
    }
}

fn angle(hertz: f64, q: f64) -> (f64, f64) {
    let omega = TAU * hertz / f64::from(SAMPLE_RATE);
    (omega.cos(), omega.sin() / (2.0 * q))
}

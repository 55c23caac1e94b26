//! Loudness that rises and falls with its own pace, and gains that follow it without steps.

use super::BLOCK;
use crate::SAMPLE_RATE;

/// Frames for which one gain is reckoned, half a millisecond; between two gains runs a straight line.
pub(super) const HOP: usize = 24;

/// The share of the way that is gone in one hop, for a time constant in milliseconds.
pub(super) fn share(milliseconds: f64) -> f64 {
    1.0 - (-(HOP as f64) * 1000.0 / (milliseconds * f64::from(SAMPLE_RATE))).exp()
}

/// The mean square of a hop, of the louder channel.
pub(super) fn power(hop: &[f32], channels: usize) -> f64 {
    let mut sums = [0.0f32; 2];
    match channels {
        1 => sums[0] = hop.iter().map(|sample| sample * sample).sum(),
        _ => {
            for frame in hop.chunks_exact(2) {
                sums[0] += frame[0] * frame[0];
                sums[1] += frame[1] * frame[1];
            }
        }
    }
    f64::from(sums[0].max(sums[1])) / HOP as f64
}

/// Two speeds: up and down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Follower {
    pub(super) value: f64,
    rise: f64,
    fall: f64,
}

impl Follower {
    /// Times in milliseconds.
    pub(super) fn new(value: f64, rise: f64, fall: f64) -> Self {
        Self { value, rise: share(rise), fall: share(fall) }
    }

    pub(super) fn follow(&mut self, target: f64) -> f64 {
        let share = if target > self.value { self.rise } else { self.fall };
        self.value += (target - self.value) * share;
        self.value
    }
}

/// Multiplies a block by gains that run in straight lines from hop to hop.
#[derive(Debug)]
pub(super) struct Ramp {
    last: f32,
}

impl Ramp {
    pub(super) fn new() -> Self {
        Self { last: 1.0 }
    }

    /// For a gain that begins with the sound.
    pub(super) fn starting(gain: f64) -> Self {
        Self { last: gain as f32 }
    }

    pub(super) fn apply(&mut self, hop: &mut [f32], channels: usize, gain: f64) {
        let gain = gain as f32;
        let step = (gain - self.last) / HOP as f32;
        if step == 0.0 && gain == 1.0 {
            return;
        }
        for (number, frame) in hop.chunks_exact_mut(channels).enumerate() {
            let factor = self.last + step * (number + 1) as f32;
            frame.iter_mut().for_each(|sample| *sample *= factor);
        }
        self.last = gain;
    }
}

const _: () = assert!(BLOCK.is_multiple_of(HOP));

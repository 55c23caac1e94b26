//! Softens sharp sibilants: what lies high is turned down while it is loud.
//!
//! The sound is split by a state variable filter whose three parts add up to the sound itself (A. Simper,
//! "Linear trapezoidal integrated state variable filter", 2014), so that nothing changes while nothing
//! is turned down.

use lorecast_model::Sibilance;

use super::envelope::{Follower, HOP, power};
use super::{BLOCK, Figure, Stage, amplitude, power_decibels};
use crate::{SAMPLE_RATE, decibels};

pub(super) struct DeEsser {
    settings: Sibilance,
    /// Of the high part, in dB and as energy.
    threshold: f64,
    onset: f64,
    channels: usize,
    splitter: Splitter,
    states: Vec<[f32; 2]>,
    level: Follower,
    /// The gain of the high part at the end of the last hop.
    last: f32,
    middle: Vec<f32>,
    high: Vec<f32>,
    hops: u64,
    softened: u64,
    most: f64,
}

impl DeEsser {
    pub(super) fn new(settings: Sibilance, loudness: f64, channels: usize) -> Self {
        Self {
            settings,
            threshold: loudness - settings.below,
            onset: decibels::power(loudness - settings.below),
            channels,
            splitter: Splitter::new(settings.hertz),
            states: vec![[0.0; 2]; channels],
            level: Follower::new(0.0, 1.0, 30.0),
            last: 1.0,
            middle: vec![0.0; BLOCK * channels],
            high: vec![0.0; BLOCK * channels],
            hops: 0,
            softened: 0,
            most: 0.0,
        }
    }
}

/// Low, middle and high part of a sound.
struct Splitter {
    damping: f32,
    a1: f32,
    a2: f32,
    a3: f32,
}

impl Splitter {
    fn new(hertz: f64) -> Self {
        let g = (std::f64::consts::PI * hertz / f64::from(SAMPLE_RATE)).tan();
        let damping = std::f64::consts::SQRT_2;
        let a1 = 1.0 / (1.0 + g * (g + damping));
        let (a2, a3) = (g * a1, g * g * a1);
        Self { damping: damping as f32, a1: a1 as f32, a2: a2 as f32, a3: a3 as f32 }
    }

    /// The middle and the high part. The next state is reckoned from the last one and not from the parts, for
    /// which the next sample would have to wait.
    fn split(&self, state: &mut [f32; 2], sample: f32) -> (f32, f32) {
        let [one, two] = *state;
        let v3 = sample - two;
        let v1 = self.a1 * one + self.a2 * v3;
        let v2 = two + self.a2 * one + self.a3 * v3;
        let (a1, a2, a3) = (2.0 * self.a1, 2.0 * self.a2, 2.0 * self.a3);
        *state = [
            (a2 * sample + (a1 - 1.0) * one) - a2 * two,
            (a3 * sample + a2 * one) + (1.0 - a3) * two,
        ];
        (self.damping * v1, sample - self.damping * v1 - v2)
    }
}

impl Stage for DeEsser {
    fn process(&mut self, block: &mut [f32]) {
        for (channel, state) in self.states.iter_mut().enumerate() {
            // Kept at hand, and written back at the end.
            let mut own = *state;
            let frames = block.chunks_exact(self.channels);
            let middle = self.middle.chunks_exact_mut(self.channels);
            let high = self.high.chunks_exact_mut(self.channels);
            for ((middle, high), frame) in middle.zip(high).zip(frames) {
                (middle[channel], high[channel]) = self.splitter.split(&mut own, frame[channel]);
            }
            *state = own;
        }
        let size = HOP * self.channels;
        for (number, hop) in block.chunks_exact_mut(size).enumerate() {
            let span = number * size..(number + 1) * size;
            let (middle, high) = (&self.middle[span.clone()], &self.high[span]);
            self.hops += 1;
            let energy = self.level.follow(power(high, self.channels));
            if energy <= self.onset && self.last == 1.0 {
                continue;
            }
            // Half of what is too loud goes: a sibilant that vanishes is a lisp.
            let over = (power_decibels(energy) - self.threshold) / 2.0;
            let reduction = over.clamp(0.0, self.settings.range);
            self.softened += u64::from(reduction > 0.5);
            self.most = self.most.max(reduction);
            let gain = amplitude(-reduction) as f32;
            let step = (gain - self.last) / HOP as f32;
            let parts = high.chunks_exact(self.channels).zip(middle.chunks_exact(self.channels));
            let frames = hop.chunks_exact_mut(self.channels).zip(parts);
            for (number, (frame, (high, middle))) in frames.enumerate() {
                let gain = self.last + step * (number + 1) as f32;
                // The middle goes half the way in dB: together a shelf.
                let (from_high, from_middle) = (1.0 - gain, 1.0 - gain.sqrt());
                for ((sample, high), middle) in frame.iter_mut().zip(high).zip(middle) {
                    *sample -= from_high * high + from_middle * middle;
                }
            }
            self.last = gain;
        }
    }

    fn effects(&self) -> Vec<Figure> {
        let figure = |what, amount, unit| Figure { stage: "sibilance", what, amount, unit };
        let share = 100.0 * self.softened as f64 / self.hops.max(1) as f64;
        vec![
            figure("of the time softened", share, "%"),
            figure("most softened by", self.most, "dB"),
        ]
    }
}

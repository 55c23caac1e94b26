//! Softens sharp sibilants: what lies high is turned down while it is loud.

use lorecast_model::Sibilance;

use super::biquad::{Biquad, State};
use super::envelope::{Follower, HOP, power};
use super::{BLOCK, Figure, Stage, amplitude, power_decibels};

pub(super) struct DeEsser {
    settings: Sibilance,
    threshold: f64,
    channels: usize,
    filter: Biquad,
    states: Vec<State>,
    level: Follower,
    /// The share of the high band that was taken away at the end of the last hop.
    last: f32,
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
            channels,
            filter: Biquad::high_pass(settings.hertz, std::f64::consts::FRAC_1_SQRT_2),
            states: vec![State::default(); channels],
            level: Follower::new(0.0, 1.0, 30.0),
            last: 0.0,
            high: vec![0.0; BLOCK * channels],
            hops: 0,
            softened: 0,
            most: 0.0,
        }
    }
}

impl Stage for DeEsser {
    fn process(&mut self, block: &mut [f32]) {
        let frames = block.chunks_exact(self.channels);
        for (frame, high) in frames.zip(self.high.chunks_exact_mut(self.channels)) {
            for ((sample, high), state) in frame.iter().zip(high).zip(&mut self.states) {
                *high = self.filter.run(state, f64::from(*sample)) as f32;
            }
        }
        let size = HOP * self.channels;
        for (hop, high) in block.chunks_exact_mut(size).zip(self.high.chunks_exact(size)) {
            let level = power_decibels(self.level.follow(power(high, self.channels)));
            // Half of what is too loud goes: a sibilant that vanishes is a lisp.
            let reduction = ((level - self.threshold) / 2.0).clamp(0.0, self.settings.range);
            self.hops += 1;
            self.softened += u64::from(reduction > 0.5);
            self.most = self.most.max(reduction);
            let taken = (1.0 - amplitude(-reduction)) as f32;
            if taken == 0.0 && self.last == 0.0 {
                continue;
            }
            let step = (taken - self.last) / HOP as f32;
            let frames = hop.chunks_exact_mut(self.channels);
            for (number, (frame, high)) in frames.zip(high.chunks_exact(self.channels)).enumerate()
            {
                let share = self.last + step * (number + 1) as f32;
                frame.iter_mut().zip(high).for_each(|(sample, high)| *sample -= share * high);
            }
            self.last = taken;
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

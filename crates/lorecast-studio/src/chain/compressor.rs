//! Evens out syllables.

use lorecast_model::Compressor;

use super::envelope::{Follower, HOP, Ramp, power};
use super::{Figure, Stage, amplitude, power_decibels};
use crate::decibels;

/// Decibels over which it sets in gently.
const KNEE: f64 = 6.0;

pub(super) struct Squeeze {
    settings: Compressor,
    threshold: f64,
    /// The energy from which on it sets in.
    onset: f64,
    channels: usize,
    level: Follower,
    ramp: Ramp,
    /// Sum over the hops that were turned down, and their number.
    sum: f64,
    hops: u64,
    most: f64,
}

impl Squeeze {
    pub(super) fn new(settings: Compressor, loudness: f64, channels: usize) -> Self {
        Self {
            settings,
            threshold: loudness + settings.above,
            onset: decibels::power(loudness + settings.above - KNEE / 2.0),
            channels,
            level: Follower::new(0.0, settings.attack, settings.release),
            ramp: Ramp::new(),
            sum: 0.0,
            hops: 0,
            most: 0.0,
        }
    }

    fn reduction(&self, energy: f64) -> f64 {
        if energy <= self.onset {
            return 0.0;
        }
        let over = power_decibels(energy) - self.threshold;
        let slope = 1.0 - 1.0 / self.settings.ratio;
        if over < KNEE / 2.0 {
            slope * (over + KNEE / 2.0).powi(2) / (2.0 * KNEE)
        } else {
            slope * over
        }
    }
}

impl Stage for Squeeze {
    fn process(&mut self, block: &mut [f32]) {
        for hop in block.chunks_exact_mut(HOP * self.channels) {
            let energy = self.level.follow(power(hop, self.channels));
            let reduction = self.reduction(energy);
            if reduction > 0.1 {
                self.sum += reduction;
                self.hops += 1;
                self.most = self.most.max(reduction);
            }
            let gain = if reduction > 0.0 { amplitude(-reduction) } else { 1.0 };
            self.ramp.apply(hop, self.channels, gain);
        }
    }

    fn effects(&self) -> Vec<Figure> {
        let figure = |what, amount| Figure { stage: "compressor", what, amount, unit: "dB" };
        vec![
            figure("loud syllables turned down by a mean of", self.sum / self.hops.max(1) as f64),
            figure("most turned down by", self.most),
        ]
    }
}

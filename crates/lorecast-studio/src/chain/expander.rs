//! Turns down breaths and the room between words.

use lorecast_model::Expander;

use super::envelope::{Follower, HOP, Ramp, power};
use super::{Figure, Stage, amplitude, power_decibels};
use crate::decibels;

/// Milliseconds that the gate stays open after a word: the end of a word fades slowly.
const HOLD: f64 = 120.0;
/// Milliseconds of opening: a word's first sound is not lost.
const OPEN: f64 = 3.0;
/// Milliseconds of closing.
const CLOSE: f64 = 150.0;

pub(super) struct Gate {
    settings: Expander,
    /// As a mean square, in dB and as it is.
    threshold: f64,
    open: f64,
    channels: usize,
    level: Follower,
    gain: Follower,
    ramp: Ramp,
    held: usize,
    hops: u64,
    shut: u64,
    deepest: f64,
}

impl Gate {
    pub(super) fn new(settings: Expander, loudness: f64, channels: usize) -> Self {
        Self {
            settings,
            threshold: loudness - settings.below,
            open: decibels::power(loudness - settings.below),
            channels,
            level: Follower::new(0.0, 1.0, 20.0),
            gain: Follower::new(0.0, OPEN, CLOSE),
            ramp: Ramp::new(),
            held: 0,
            hops: 0,
            shut: 0,
            deepest: 0.0,
        }
    }

    fn gain_for(&mut self, power: f64) -> f64 {
        let energy = self.level.follow(power);
        let is_open = energy >= self.open;
        let below = if is_open { 0.0 } else { self.threshold - power_decibels(energy) };
        self.held = if below > 0.0 { self.held.saturating_sub(1) } else { HOLD_HOPS };
        let target = match self.held {
            0 => -(below * (self.settings.ratio - 1.0)).min(self.settings.range),
            _ => 0.0,
        };
        self.gain.follow(target)
    }
}

const HOLD_HOPS: usize = (HOLD * 48.0) as usize / HOP;

impl Stage for Gate {
    fn process(&mut self, block: &mut [f32]) {
        for hop in block.chunks_exact_mut(HOP * self.channels) {
            let gain = self.gain_for(power(hop, self.channels));
            self.hops += 1;
            self.shut += u64::from(gain < -1.0);
            self.deepest = self.deepest.min(gain);
            // Below a hundredth of a decibel it is left alone, so that words stay bit by bit.
            let gain = if gain > -0.01 { 1.0 } else { amplitude(gain) };
            self.ramp.apply(hop, self.channels, gain);
        }
    }

    fn effects(&self) -> Vec<Figure> {
        let figure = |what, amount, unit| Figure { stage: "expander", what, amount, unit };
        let share = 100.0 * self.shut as f64 / self.hops.max(1) as f64;
        vec![
            figure("of the time turned down", share, "%"),
            figure("most turned down by", -self.deepest, "dB"),
        ]
    }
}

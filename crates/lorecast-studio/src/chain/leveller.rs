//! Evens out a reader who comes nearer and leans back: a slow gain that the survey knows in advance,
//! so that it neither lags nor pumps.

use lorecast_model::Leveller as Settings;

use super::envelope::{HOP, Ramp};
use super::survey::{STEP, WINDOW_STEPS};
use super::{Figure, Findings, Stage, amplitude};
use crate::decibels;

pub(super) struct Leveller {
    /// Decibels for each [`STEP`] of the take.
    curve: Vec<f32>,
    channels: usize,
    at: usize,
    ramp: Ramp,
}

impl Leveller {
    pub(super) fn new(settings: Settings, found: &Findings, channels: usize) -> Self {
        let curve = curve(&found.levels, found.loudness.unwrap_or(-70.0), settings);
        let mut leveller = Self { curve, channels, at: 0, ramp: Ramp::new() };
        leveller.ramp = Ramp::starting(amplitude(leveller.gain()));
        leveller
    }

    /// In dB, for where it is now.
    fn gain(&self) -> f64 {
        let step = self.at as f64 / STEP as f64;
        let (left, share) = (step.floor() as usize, step.fract());
        let value =
            |at: usize| f64::from(self.curve.get(at).or(self.curve.last()).copied().unwrap_or(0.0));
        value(left) * (1.0 - share) + value(left + 1) * share
    }
}

/// The gain that brings each span of `window` to the loudness of the whole; spans without a voice take
/// that of their neighbours.
fn curve(levels: &[f32], loudness: f64, settings: Settings) -> Vec<f32> {
    // As the relative gate of BS.1770, but wider: a whispered passage is one to turn up.
    let gate = loudness - 20.0;
    let half = (settings.window.0 * WINDOW_STEPS / 2.0).round() as usize;
    // Sums from the start make the mean of any span two look-ups.
    let mut sums = vec![(0.0f64, 0u32)];
    for level in levels {
        let (power, count) = sums[sums.len() - 1];
        let is_voice = f64::from(*level) > gate;
        let more = if is_voice { decibels::power(f64::from(*level)) } else { 0.0 };
        sums.push((power + more, count + u32::from(is_voice)));
    }
    let mut last = None;
    let mut raw: Vec<Option<f64>> = Vec::with_capacity(levels.len());
    for at in 0..levels.len() {
        let (from, to) = (at.saturating_sub(half), (at + half + 1).min(levels.len()));
        let count = sums[to].1 - sums[from].1;
        if f64::from(count) >= WINDOW_STEPS {
            let mean = (sums[to].0 - sums[from].0) / f64::from(count);
            let gain = loudness - decibels::of_power(mean.max(1e-12));
            last = Some(gain.clamp(-settings.range, settings.range));
        }
        raw.push(last);
    }
    let first = raw.iter().flatten().next().copied().unwrap_or(0.0);
    raw.into_iter().map(|gain| gain.unwrap_or(first) as f32).collect()
}

impl Stage for Leveller {
    fn process(&mut self, block: &mut [f32]) {
        for hop in block.chunks_exact_mut(HOP * self.channels) {
            self.at += HOP;
            let gain = amplitude(self.gain());
            self.ramp.apply(hop, self.channels, gain);
        }
    }

    fn effects(&self) -> Vec<Figure> {
        let most = self.curve.iter().copied().fold(0.0, f32::max);
        let least = self.curve.iter().copied().fold(0.0, f32::min);
        let figure = |what, amount: f32| Figure {
            stage: "leveller",
            what,
            amount: amount.into(),
            unit: "dB",
        };
        vec![figure("most turned up by", most), figure("most turned down by", -least)]
    }
}

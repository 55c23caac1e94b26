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
    /// The gain there, and what it is multiplied by for each [`HOP`] up to the next step.
    gain: f64,
    slope: f64,
    ramp: Ramp,
}

impl Leveller {
    pub(super) fn new(settings: Settings, found: &Findings, channels: usize) -> Self {
        let curve = curve(&found.levels, found.loudness.unwrap_or(-70.0), settings);
        let mut leveller =
            Self { curve, channels, at: 0, gain: 1.0, slope: 1.0, ramp: Ramp::new() };
        leveller.begin_step();
        leveller.ramp = Ramp::starting(leveller.gain);
        leveller
    }

    /// Between two steps the gain rises or falls in a straight line of decibels.
    fn begin_step(&mut self) {
        let value =
            |at: usize| f64::from(self.curve.get(at).or(self.curve.last()).copied().unwrap_or(0.0));
        let (now, next) = (value(self.at / STEP), value(self.at / STEP + 1));
        self.gain = amplitude(now);
        self.slope = amplitude((next - now) * HOP as f64 / STEP as f64);
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

const _: () = assert!(STEP.is_multiple_of(HOP));

impl Stage for Leveller {
    fn process(&mut self, block: &mut [f32]) {
        for hop in block.chunks_exact_mut(HOP * self.channels) {
            self.at += HOP;
            self.gain *= self.slope;
            if self.at.is_multiple_of(STEP) {
                self.begin_step();
            }
            self.ramp.apply(hop, self.channels, self.gain);
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

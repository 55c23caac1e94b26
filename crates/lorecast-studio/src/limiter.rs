//! A look-ahead limiter on the true peak.
//!
//! It knows about a peak 5 ms before it comes, turns the sound down in a straight line, and up again
//! within some hundred milliseconds; both channels alike, so that voices stay where they are. Between
//! the samples it looks with the four-times oversampling of ITU-R BS.1770 annex 2, as meters do.

use std::collections::VecDeque;
use std::sync::LazyLock;

use crate::between::{Between, loudest};
use crate::widest::widest;
use crate::{SAMPLE_RATE, decibels};

/// Frames of look-ahead: 5 ms.
const AHEAD: usize = SAMPLE_RATE as usize / 200;
/// The share of the way back to full gain that is gone in one frame: a time constant of 100 ms.
const RELEASE: f32 = 1.0 / (0.1 * SAMPLE_RATE as f32);
/// Samples that are looked at for each point between two; half of them lie ahead.
const TAPS: usize = 12;
/// Points that are looked at for each sample.
const POINTS: usize = 4;
/// Gains that the mean is taken of.
const SMOOTHED: usize = AHEAD + 1;
/// Frames that are looked at together: few, so that one loud spot does not cost much.
const SPOT: usize = 64;
/// Frames that are passed on at once while nothing is to be turned down.
const STRIDE: usize = 240;
/// From here on a gain is 1, instead of creeping towards it for ever.
const RISEN: f32 = 0.9999;
/// What is left of the way back to 1 after so many frames, down to what cannot be told from nothing; and
/// behind it nothing.
static LEFT: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let share = 1.0 - f64::from(RELEASE);
    let left = std::iter::successors(Some(1.0), |left| Some(left * share));
    let left = left.map(|left| left as f32).take_while(|left| *left > 1.0 - RISEN);
    left.chain([0.0; STRIDE + 1]).collect()
});

pub(crate) struct Limiter {
    /// As amplitude.
    ceiling: f32,
    /// Frames that are held, a channel each, and behind them the frames that came in.
    held: Vec<Vec<f32>>,
    interpolator: Interpolator,
    /// Number of the next frame whose peak is looked up; `held` starts `TAPS / 2 - 1` before.
    looked: u64,
    /// Least gains in the window, falling numbers first.
    least: VecDeque<(u64, f32)>,
    released: f32,
    /// How far from 1 it was when it began to rise there, and for how many frames it does.
    missing: f32,
    rising: usize,
    /// The gains that the mean is taken of, and where the next one goes.
    recent: Vec<f32>,
    at: usize,
    sum: f64,
    /// How many of the newest of them are 1.
    ones: usize,
    /// Frames that wait for their gain, interleaved.
    waiting: Vec<f32>,
    /// Frames of delay that still have to be thrown away.
    late: usize,
}

impl Limiter {
    /// `ceiling` in dBTP.
    pub(crate) fn new(channels: u16, ceiling: f64) -> Self {
        let channels = usize::from(channels);
        Self {
            ceiling: decibels::amplitude(ceiling) as f32,
            held: vec![vec![0.0; TAPS / 2 - 1]; channels],
            interpolator: Interpolator::new(),
            looked: 0,
            least: VecDeque::new(),
            released: 1.0,
            missing: 0.0,
            rising: 0,
            recent: vec![1.0; SMOOTHED],
            at: 0,
            sum: SMOOTHED as f64,
            ones: SMOOTHED,
            waiting: vec![0.0; AHEAD * channels],
            late: AHEAD,
        }
    }

    /// Takes interleaved frames and appends the limited frames that are ready.
    pub(crate) fn push(&mut self, frames: &[f32], out: &mut Vec<f32>) {
        let channels = self.held.len();
        for (channel, held) in self.held.iter_mut().enumerate() {
            match channels {
                1 => held.extend_from_slice(frames),
                _ => held.extend(frames.chunks_exact(channels).map(|frame| frame[channel])),
            }
        }
        self.waiting.extend_from_slice(frames);
        let peaks = self.interpolator.peaks(&self.held, self.ceiling);
        let done = peaks.len();
        let start = out.len();
        out.extend_from_slice(&self.waiting[..done * channels]);
        self.waiting.drain(..done * channels);
        let strides = out[start..].chunks_mut(STRIDE * channels);
        for (peaks, frames) in peaks.chunks(STRIDE).zip(strides) {
            let is_quiet = loudest(peaks) <= self.ceiling;
            if is_quiet && self.ones >= SMOOTHED {
                self.ones += peaks.len();
                self.pass(peaks.len());
                continue;
            }
            let mut gains = [1.0; STRIDE];
            if is_quiet && self.least.front().is_none_or(|(_, gain)| *gain == 1.0) {
                self.rise(&mut gains[..peaks.len()]);
                self.pass(peaks.len());
            } else {
                for (gain, peak) in gains.iter_mut().zip(peaks) {
                    *gain = self.gain_for(*peak);
                }
            }
            turn_down(frames, channels, &gains);
        }
        let late = self.late.min(done);
        self.late -= late;
        out.drain(start..start + late * channels);
        for held in &mut self.held {
            held.drain(..done);
        }
        self.interpolator.peaks = peaks;
    }

    /// Appends the frames that are still inside.
    pub(crate) fn finish(mut self, out: &mut Vec<f32>) {
        let silence = vec![0.0; (AHEAD + TAPS / 2) * self.held.len()];
        self.push(&silence, out);
    }

    /// The gain of the frame [`AHEAD`] before the one with this peak: the mean of gains each of
    /// which is low enough for every peak in its window, so that the mean is, too.
    fn gain_for(&mut self, peak: f32) -> f32 {
        let needed = if peak > self.ceiling { self.ceiling / peak } else { 1.0 };
        while self.least.back().is_some_and(|(_, gain)| *gain >= needed) {
            self.least.pop_back();
        }
        self.least.push_back((self.looked, needed));
        // One more than the look-ahead: a peak between two frames concerns both.
        while self.least.front().is_some_and(|(at, _)| at + AHEAD as u64 + 1 < self.looked) {
            self.least.pop_front();
        }
        self.looked += 1;
        self.smoothed(self.least.front().map_or(1.0, |(_, gain)| *gain))
    }

    /// The next mean, once the least gain of a window is known.
    fn smoothed(&mut self, least: f32) -> f32 {
        if least == 1.0 {
            self.rising += 1;
            self.released = risen(self.missing, LEFT[self.rising.min(LEFT.len() - 1)]);
        } else {
            let risen = self.released + (least - self.released) * RELEASE;
            self.released = risen.min(least);
            (self.missing, self.rising) = (1.0 - self.released, 0);
        }
        let oldest = std::mem::replace(&mut self.recent[self.at], self.released);
        self.at = (self.at + 1) % SMOOTHED;
        mean(self.take(self.released, oldest))
    }

    /// The next means, at most [`STRIDE`], while nothing keeps gains from rising to 1. Where they are on
    /// their way is known from its start, so that none waits for the one before.
    fn rise(&mut self, means: &mut [f32]) {
        let left = &LEFT[(self.rising + 1).min(LEFT.len() - STRIDE)..];
        let (mut gains, mut sums) = ([0.0; STRIDE], [0.0; STRIDE]);
        let (gains, sums) = (&mut gains[..means.len()], &mut sums[..means.len()]);
        widest(
            #[inline(always)]
            || {
                for (own, left) in gains.iter_mut().zip(left) {
                    *own = risen(self.missing, *left);
                }
            },
        );
        for (sum, gain) in sums.iter_mut().zip(&*gains) {
            let oldest = std::mem::replace(&mut self.recent[self.at], *gain);
            self.at = if self.at + 1 == SMOOTHED { 0 } else { self.at + 1 };
            *sum = self.take(*gain, oldest);
        }
        widest(
            #[inline(always)]
            || {
                for (own, sum) in means.iter_mut().zip(&*sums) {
                    *own = mean(*sum);
                }
            },
        );
        self.released = gains.last().copied().unwrap_or(self.released);
        self.rising += means.len();
    }

    /// The sum of the last gains, with this one in the place of the oldest.
    #[inline]
    fn take(&mut self, newest: f32, oldest: f32) -> f64 {
        self.sum += f64::from(newest) - f64::from(oldest);
        self.ones = if newest == 1.0 { self.ones + 1 } else { 0 };
        if self.ones >= SMOOTHED {
            // What was lost in rounding ends here.
            self.sum = SMOOTHED as f64;
        }
        self.sum
    }

    /// So many frames without a peak, where no window has one either: as `gain_for` would have it.
    fn pass(&mut self, frames: usize) {
        self.looked += frames as u64;
        self.least.clear();
        self.least.push_back((self.looked - 1, 1.0));
    }
}

/// The gain that so much was missing to, and of which so much is left.
#[inline(always)]
fn risen(missing: f32, left: f32) -> f32 {
    let gain = 1.0 - missing * left;
    if gain > RISEN { 1.0 } else { gain }
}

#[inline(always)]
fn mean(sum: f64) -> f32 {
    (sum / SMOOTHED as f64).min(1.0) as f32
}

/// Each frame by its gain.
fn turn_down(frames: &mut [f32], channels: usize, gains: &[f32]) {
    if channels == 1 {
        frames.iter_mut().zip(gains).for_each(|(sample, gain)| *sample *= gain);
        return;
    }
    for (frame, gain) in frames.chunks_exact_mut(channels).zip(gains) {
        frame.iter_mut().for_each(|sample| *sample *= gain);
    }
}

/// Finds the peaks of frames, between samples too.
struct Interpolator {
    between: Between,
    peaks: Vec<f32>,
}

impl Interpolator {
    fn new() -> Self {
        Self { between: Between::new(POINTS, TAPS), peaks: Vec::new() }
    }

    /// The highest magnitude from each frame up to the next, over all channels. Where no peak can
    /// reach the ceiling, samples alone are looked at.
    fn peaks(&mut self, held: &[Vec<f32>], ceiling: f32) -> Vec<f32> {
        let mut peaks = std::mem::take(&mut self.peaks);
        let frames = held[0].len().saturating_sub(TAPS - 1);
        peaks.clear();
        peaks.resize(frames, 0.0);
        if frames == 0 {
            return peaks;
        }
        widest(
            #[inline(always)]
            || {
                for samples in held {
                    self.look(samples, ceiling, &mut peaks);
                }
            },
        );
        peaks
    }

    #[inline(always)]
    fn look(&mut self, samples: &[f32], ceiling: f32, peaks: &mut [f32]) {
        raise(peaks, &samples[TAPS / 2 - 1..]);
        for start in (0..peaks.len()).step_by(SPOT) {
            let spot = &samples[start..samples.len().min(start + SPOT + TAPS - 1)];
            if loudest(spot) * self.between.bound() > ceiling {
                self.between.look(spot, |values| raise(&mut peaks[start..], values));
            }
        }
    }
}

#[inline(always)]
fn raise(peaks: &mut [f32], samples: &[f32]) {
    for (peak, sample) in peaks.iter_mut().zip(samples) {
        *peak = peak.max(sample.abs());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meter::Meter;

    fn limited(ceiling: f64, input: &[f32], block: usize) -> Vec<f32> {
        let mut out = Vec::new();
        let mut limiter = Limiter::new(1, ceiling);
        for block in input.chunks(block) {
            limiter.push(block, &mut out);
        }
        limiter.finish(&mut out);
        out
    }

    fn sine(hertz: f64, amplitude: f64) -> Vec<f32> {
        let step = std::f64::consts::TAU * hertz / f64::from(SAMPLE_RATE);
        (0..20_000).map(|n| ((f64::from(n) * step + 0.7).sin() * amplitude) as f32).collect()
    }

    #[test]
    fn what_is_quiet_enough_stays_as_it_is() {
        let quiet = sine(997.0, 0.5);
        assert_eq!(limited(-1.0, &quiet, 1000), quiet);
        assert_eq!(limited(-1.0, &[0.25], 1), [0.25]);
        assert!(limited(-1.0, &[], 1).is_empty());
    }

    #[test]
    fn no_peak_passes_the_ceiling_even_between_samples() {
        for hertz in [50.0, 997.0, 5_999.0, 11_999.0, 15_000.0] {
            let out = limited(-3.0, &sine(hertz, 3.0), 4096);
            let mut meter = Meter::of_everything(1);
            meter.push(&out);
            let peak = meter.read().peak;
            assert!(peak <= -2.9, "{hertz} Hz: {peak:.2} dBTP");
            assert!(peak >= -3.6, "{hertz} Hz: {peak:.2} dBTP is needlessly quiet");
        }
    }

    #[test]
    fn the_size_of_the_blocks_does_not_matter() {
        let mut loud = sine(300.0, 0.1);
        loud[9_000..9_100].iter_mut().for_each(|sample| *sample *= 15.0);
        assert_eq!(limited(-6.0, &loud, 7), limited(-6.0, &loud, 20_000));
    }

    #[test]
    fn the_sound_is_turned_down_before_a_peak_and_up_after_it() {
        let mut burst = vec![0.1; 40_000];
        burst[10_000] = 1.0;
        let out = limited(-6.0, &burst, 4096);
        assert_eq!(out[9_000], 0.1);
        assert!(out[10_000] <= 0.502);
        assert!(out[10_010] < 0.06 && out[39_999] > 0.099);
        let jump = out[9_000..9_990].windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f32::max);
        assert!(jump < 0.0005, "{jump}");
    }
}

//! Mends single ticks: a mouth, a plug, a lost sample.
//!
//! A tick stands out of the curvature of the sound (its second difference) far more than a voice
//! does and is over within a millisecond. It is replaced by a curve through its neighbours.

use lorecast_model::Clicks;

use super::survey::FULL;
use super::{BLOCK, Figure, Stage};
use crate::between::loudest;
use crate::widest::widest;

/// Longer than 32 samples (0.7 ms) is no tick but a sound.
const LONGEST: usize = 32;
/// Samples on each side of a tick that are replaced with it.
const MARGIN: usize = 2;
/// Samples of the shortest and the longest period of a voice: 500 to 77 Hz.
const LEAST_PERIOD: usize = 96;
const LONGEST_PERIOD: usize = 624;
/// From this share of its curvature on, a pulse is like another.
const ALIKE: f32 = 0.35;
/// Curvature below this (-80 dBFS) is not heard.
const LEAST: f32 = 1e-4;

pub(super) struct Mender {
    threshold: f32,
    /// For each channel three blocks: the one that goes out, the one that is mended, the one that came.
    held: Vec<Vec<f32>>,
    mended: u64,
}

impl Mender {
    pub(super) fn new(clicks: Clicks, channels: usize) -> Self {
        let held = vec![vec![0.0; 3 * BLOCK]; channels];
        Self { threshold: clicks.threshold as f32, held, mended: 0 }
    }
}

impl Stage for Mender {
    fn process(&mut self, block: &mut [f32]) {
        let channels = self.held.len();
        for (channel, held) in self.held.iter_mut().enumerate() {
            held.copy_within(BLOCK.., 0);
            for (held, frame) in held[2 * BLOCK..].iter_mut().zip(block.chunks_exact(channels)) {
                *held = frame[channel];
            }
            self.mended += mend(held, self.threshold);
            for (held, frame) in held[..BLOCK].iter().zip(block.chunks_exact_mut(channels)) {
                frame[channel] = *held;
            }
        }
    }

    fn delay(&self) -> usize {
        2
    }

    fn effects(&self) -> Vec<Figure> {
        let amount = self.mended as f64;
        vec![Figure { stage: "clicks", what: "ticks mended", amount, unit: "" }]
    }
}

fn curvature(held: &[f32], at: usize) -> f32 {
    (held[at - 1] - 2.0 * held[at] + held[at + 1]).abs()
}

/// Mends the ticks that begin in the middle block; says how many.
fn mend(held: &mut [f32], threshold: f32) -> u64 {
    let middle = BLOCK..2 * BLOCK;
    // From half a block before it to half a block behind.
    let mut around = [0.0; 2 * BLOCK];
    let (highest, sharp): (f32, u32) = widest(
        #[inline(always)]
        || {
            for (own, three) in around.iter_mut().zip(held[BLOCK / 2 - 1..].windows(3)) {
                *own = (three[0] - 2.0 * three[1] + three[2]).abs();
            }
            let highest = loudest(&around[BLOCK / 2..BLOCK * 3 / 2]);
            let mut sharp = 0;
            for usual in &around {
                sharp += u32::from(*usual * threshold > highest);
            }
            (highest, sharp)
        },
    );
    if highest < LEAST {
        return 0;
    }
    // The mean would rise with the tick; the upper quartile hardly does.
    let quartile = around.len() * 3 / 4;
    // In nearly every block it is so high that nothing stands out: that is told by counting, not sorting.
    if sharp as usize >= around.len() - quartile {
        return 0;
    }
    let usual = *around.select_nth_unstable_by(quartile, f32::total_cmp).1;
    let limit = (usual * threshold).max(LEAST);
    let (mut at, mut mended) = (middle.start, 0);
    while at < middle.end {
        if curvature(held, at) < limit {
            at += 1;
            continue;
        }
        let end = burst_end(held, at, limit);
        if end - at <= LONGEST && !is_clipped(&held[at - 1..=end]) && !is_pulse(held, at, end) {
            bridge(held, at - MARGIN, end + MARGIN);
            mended += 1;
        }
        at = end + 1;
    }
    mended
}

/// Where samples are lost at full scale, the corners stand out; a curve through them is no better.
fn is_clipped(samples: &[f32]) -> bool {
    samples.iter().any(|sample| sample.abs() >= FULL)
}

/// The vocal cords make pulses that come again: something alike is a period before and after.
fn is_pulse(held: &[f32], start: usize, end: usize) -> bool {
    let highest = |from: usize, to: usize| {
        (from.max(1)..to.min(held.len() - 1)).map(|at| curvature(held, at)).fold(0.0, f32::max)
    };
    let before = highest(start.saturating_sub(LONGEST_PERIOD), start.saturating_sub(LEAST_PERIOD));
    let after = highest(end + LEAST_PERIOD, end + LONGEST_PERIOD);
    before.min(after) > ALIKE * highest(start, end)
}

/// Behind the last sample that stands out without a rest of [`MARGIN`] times two in between.
fn burst_end(held: &[f32], start: usize, limit: f32) -> usize {
    let mut last = start;
    for at in start + 1..(start + LONGEST + 2).min(held.len() - 1 - MARGIN * 2) {
        if curvature(held, at) >= limit {
            last = at;
        } else if at - last > MARGIN * 2 {
            break;
        }
    }
    last + 1
}

/// A cubic from `from` to `to` that leaves and arrives with the slope of the sound around.
fn bridge(held: &mut [f32], from: usize, to: usize) {
    let length = (to - from) as f32;
    let (start, end) = (held[from - 1], held[to]);
    let leave = (held[from - 1] - held[from - 3]) / 2.0 * (length + 1.0);
    let arrive = (held[to + 2] - held[to]) / 2.0 * (length + 1.0);
    for (at, sample) in held[from..to].iter_mut().enumerate() {
        let t = (at + 1) as f32 / (length + 1.0);
        let (t2, t3) = (t * t, t * t * t);
        *sample = (2.0 * t3 - 3.0 * t2 + 1.0) * start
            + (t3 - 2.0 * t2 + t) * leave
            + (3.0 * t2 - 2.0 * t3) * end
            + (t3 - t2) * arrive;
    }
}

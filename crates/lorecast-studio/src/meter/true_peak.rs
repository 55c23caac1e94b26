//! The peak between samples (BS.1770-5 annex 2), by an interpolator of 48 taps for all points.

use crate::between::{Between, loudest};
use crate::channels::are_twins;
use crate::widest::widest;

/// Looks for the highest peak of each channel.
pub(super) struct TruePeak {
    between: Between,
    /// The last samples of each channel, then those of the block.
    held: Vec<Vec<f32>>,
    highest: Vec<f32>,
}

/// Taps of all phases, as the standard has it: twelve for each of four, 24 for each of two.
const TAPS: usize = 48;
/// Frames taken together, and those looked at together: few, so that one loud spot does not cost much.
const BLOCK: usize = 1024;
const SPOT: usize = 32;

impl TruePeak {
    /// Four points for each sample, and two from 96 kHz: BS.1770 asks for 192 kHz at least.
    pub(super) fn new(rate: u32, channels: usize) -> Self {
        let points = match rate {
            ..96_000 => 4,
            _ => 2,
        };
        let between = Between::new(points, TAPS / points);
        let held = vec![vec![0.0; between.taps() - 1]; channels];
        Self { between, held, highest: vec![0.0; channels] }
    }

    /// Takes interleaved frames.
    pub(super) fn push(&mut self, frames: &[f32]) {
        widest(
            #[inline(always)]
            || {
                for block in frames.chunks(BLOCK * self.held.len()) {
                    self.look_at_all(block);
                }
            },
        );
    }

    /// Of all channels, as amplitude. What lies between the very last samples is not looked at.
    pub(super) fn highest(&self) -> f32 {
        self.highest.iter().copied().fold(0.0, f32::max)
    }

    /// The highest peaks so far, which are forgotten.
    pub(super) fn take(&mut self) -> Vec<f32> {
        let none = vec![0.0; self.highest.len()];
        std::mem::replace(&mut self.highest, none)
    }

    #[inline(always)]
    fn look_at_all(&mut self, block: &[f32]) {
        if let ([left, right], [one, other]) = (&self.held[..], &self.highest[..])
            && left == right
            && one == other
            && are_twins(block)
        {
            self.look(block, 0);
            self.held[1] = self.held[0].clone();
            self.highest[1] = self.highest[0];
            return;
        }
        for channel in 0..self.held.len() {
            self.look(block, channel);
        }
    }

    #[inline(always)]
    fn look(&mut self, block: &[f32], channel: usize) {
        let channels = self.held.len();
        let (held, highest) = (&mut self.held[channel], &mut self.highest[channel]);
        let finite = |sample: &f32| if sample.is_finite() { *sample } else { 0.0 };
        match channels {
            1 => held.extend(block.iter().map(finite)),
            _ => held.extend(block.chunks_exact(channels).map(|frame| finite(&frame[channel]))),
        }
        let before = self.between.taps() - 1;
        *highest = highest.max(loudest(&held[before..]));
        if loudest(held) * self.between.bound() > *highest {
            for start in (0..held.len() - before).step_by(SPOT) {
                let spot = &held[start..held.len().min(start + SPOT + before)];
                if loudest(spot) * self.between.bound() > *highest {
                    self.between.look(spot, |values| *highest = highest.max(loudest(values)));
                }
            }
        }
        held.drain(..held.len() - before);
    }
}

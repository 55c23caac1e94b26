//! What is done to a voice, stage by stage.
//!
//! Sound runs in blocks of 10 ms, the step of the noise reduction. A stage changes its block in place
//! and may hand it on some blocks later; [`Voice`] takes the delay away, so that nothing moves in time.
//! The lengths of the takes do not matter to memory.

mod biquad;
mod clicks;
mod compressor;
mod envelope;
mod expander;
mod hum;
mod leveller;
mod noise;
mod pauses;
mod reverb;
mod rumble;
mod sibilance;
mod sides;
mod survey;

use lorecast_model::{Chain, Effects};

pub(crate) use pauses::Pauses;
pub(crate) use reverb::Hall;
pub(crate) use survey::{Findings, Survey};

use crate::SAMPLE_RATE;

/// Frames of a block, 10 ms.
pub(crate) const BLOCK: usize = SAMPLE_RATE as usize / 100;

/// One thing that is done to a sound.
pub(crate) trait Stage: Send {
    /// Works on [`BLOCK`] interleaved frames in place.
    fn process(&mut self, block: &mut [f32]);

    /// How many blocks later the sound comes out.
    fn delay(&self) -> usize {
        0
    }

    /// What it did.
    fn effects(&self) -> Vec<Figure>;
}

/// A stage's effect in a number.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Figure {
    pub(crate) stage: &'static str,
    pub(crate) what: &'static str,
    pub(crate) amount: f64,
    pub(crate) unit: &'static str,
}

/// All stages for one take: as many frames out as in, and none of them moved.
pub(crate) struct Voice {
    stages: Vec<Box<dyn Stage>>,
    channels: usize,
    waiting: Vec<f32>,
    /// Blocks of delay that still have to be thrown away.
    late: usize,
    taken: usize,
    given: usize,
}

impl Voice {
    /// The stages that are on, for a take that was surveyed.
    pub(crate) fn new(chain: &Chain, effects: &Effects, found: &Findings, channels: u16) -> Self {
        let mut stages: Vec<Box<dyn Stage>> = Vec::new();
        let channels = usize::from(channels);
        if let Some(stage) = sides::Sides::new(found) {
            stages.push(Box::new(stage));
        }
        if chain.rumble.on {
            stages.push(Box::new(rumble::HighPass::new(chain.rumble, channels)));
        }
        if chain.hum.on
            && let Some(stage) = hum::Notches::new(chain.hum, found, channels)
        {
            stages.push(Box::new(stage));
        }
        // Where there is no voice there is nothing to measure the rest by.
        if let Some(loudness) = found.loudness {
            if chain.leveller.on {
                stages.push(Box::new(leveller::Leveller::new(chain.leveller, found, channels)));
            }
            if chain.clicks.on {
                stages.push(Box::new(clicks::Mender::new(chain.clicks, channels)));
            }
            if chain.noise.on && chain.noise.wet > 0.0 {
                stages.push(Box::new(noise::Denoiser::new(chain.noise, channels)));
            }
            if chain.expander.on {
                stages.push(Box::new(expander::Gate::new(chain.expander, loudness, channels)));
            }
            if chain.sibilance.on {
                stages.push(Box::new(sibilance::DeEsser::new(chain.sibilance, loudness, channels)));
            }
            if chain.compressor.on {
                let stage = compressor::Squeeze::new(chain.compressor, loudness, channels);
                stages.push(Box::new(stage));
            }
        }
        if effects.reverb.on && effects.reverb.voice {
            stages.push(Box::new(Hall::new(effects.reverb, SAMPLE_RATE, channels)));
        }
        Self::of(stages, channels)
    }

    /// The effects that a jingle gets.
    pub(crate) fn of_jingle(effects: &Effects, channels: u16) -> Self {
        let mut stages: Vec<Box<dyn Stage>> = Vec::new();
        let channels = usize::from(channels);
        if effects.reverb.on {
            stages.push(Box::new(Hall::new(effects.reverb, SAMPLE_RATE, channels)));
        }
        Self::of(stages, channels)
    }

    fn of(stages: Vec<Box<dyn Stage>>, channels: usize) -> Self {
        let late = stages.iter().map(|stage| stage.delay()).sum();
        Self { stages, channels, waiting: Vec::new(), late, taken: 0, given: 0 }
    }

    /// Takes interleaved frames and appends what is ready.
    pub(crate) fn push(&mut self, frames: &[f32], out: &mut Vec<f32>) {
        self.taken += frames.len();
        if self.stages.is_empty() {
            out.extend_from_slice(frames);
            return;
        }
        self.waiting.extend_from_slice(frames);
        let mut waiting = std::mem::take(&mut self.waiting);
        let size = BLOCK * self.channels;
        let whole = waiting.len() / size * size;
        for block in waiting[..whole].chunks_exact_mut(size) {
            self.run(block, out);
        }
        waiting.drain(..whole);
        self.waiting = waiting;
    }

    /// Appends the rest.
    pub(crate) fn finish(&mut self, out: &mut Vec<f32>) {
        if self.stages.is_empty() {
            return;
        }
        let mut block = std::mem::take(&mut self.waiting);
        while self.given < self.taken {
            block.resize(BLOCK * self.channels, 0.0);
            self.run(&mut block, out);
            block.fill(0.0);
        }
    }

    /// What the stages did.
    pub(crate) fn effects(&self) -> Vec<Figure> {
        self.stages.iter().flat_map(|stage| stage.effects()).collect()
    }

    fn run(&mut self, block: &mut [f32], out: &mut Vec<f32>) {
        for stage in &mut self.stages {
            stage.process(block);
        }
        if self.late > 0 {
            self.late -= 1;
            return;
        }
        let keep = block.len().min(self.taken - self.given);
        out.extend_from_slice(&block[..keep]);
        self.given += keep;
    }
}

/// Decibels of a mean square.
fn power_decibels(power: f64) -> f64 {
    10.0 * power.max(1e-20).log10()
}

fn amplitude(decibels: f64) -> f64 {
    10f64.powf(decibels / 20.0)
}

#[cfg(test)]
mod tests;

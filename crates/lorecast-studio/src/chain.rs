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
use noise::Denoiser;

pub(crate) use pauses::Pauses;
pub(crate) use reverb::Hall;
pub(crate) use sides::{OPPOSITE, Sides};
pub(crate) use survey::{Findings, Survey};

use crate::SAMPLE_RATE;
use crate::decibels::{self, amplitude};

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
    /// What comes between them: it hands on stretches and no blocks.
    denoiser: Option<Denoiser>,
    /// The stages behind it.
    rest: Vec<Box<dyn Stage>>,
    cleaned: Vec<f32>,
    channels: usize,
    waiting: Vec<f32>,
    /// Blocks of delay, and how many of them still have to be thrown away.
    delay: usize,
    late: usize,
    taken: usize,
    given: usize,
}

impl Voice {
    /// The stages that are on, for a take that was surveyed. Up to `threads` threads work on it; the
    /// outcome is the same for any number.
    pub(crate) fn new(
        chain: &Chain,
        effects: &Effects,
        found: &Findings,
        channels: u16,
        threads: usize,
    ) -> Self {
        let mut stages: Vec<Box<dyn Stage>> = Vec::new();
        let channels = usize::from(channels);
        // First of all: a filter would smear a tick, and a gain hide that samples are at full scale.
        if found.loudness.is_some() && chain.clicks.on {
            stages.push(Box::new(clicks::Mender::new(chain.clicks, channels)));
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
        let Some(loudness) = found.loudness else {
            return Self::of(stages, None, hall(effects, effects.reverb.voice, channels), channels);
        };
        if chain.leveller.on {
            stages.push(Box::new(leveller::Leveller::new(chain.leveller, found, channels)));
        }
        let denoiser = (chain.noise.on && chain.noise.wet > 0.0)
            .then(|| Denoiser::new(chain, found, channels, threads));
        let mut rest: Vec<Box<dyn Stage>> = Vec::new();
        if chain.expander.on {
            rest.push(Box::new(expander::Gate::new(chain.expander, loudness, channels)));
        }
        if chain.sibilance.on {
            rest.push(Box::new(sibilance::DeEsser::new(chain.sibilance, loudness, channels)));
        }
        if chain.compressor.on {
            rest.push(Box::new(compressor::Squeeze::new(chain.compressor, loudness, channels)));
        }
        rest.extend(hall(effects, effects.reverb.voice, channels));
        Self::of(stages, denoiser, rest, channels)
    }

    /// The effects that a jingle gets.
    pub(crate) fn of_jingle(effects: &Effects, channels: u16) -> Self {
        let channels = usize::from(channels);
        Self::of(hall(effects, true, channels), None, Vec::new(), channels)
    }

    fn of(
        stages: Vec<Box<dyn Stage>>,
        denoiser: Option<Denoiser>,
        rest: Vec<Box<dyn Stage>>,
        channels: usize,
    ) -> Self {
        let delay = stages.iter().chain(&rest).map(|stage| stage.delay()).sum();
        let (waiting, cleaned) = (Vec::new(), Vec::new());
        let (late, taken, given) = (delay, 0, 0);
        Self { stages, denoiser, rest, cleaned, channels, waiting, delay, late, taken, given }
    }

    fn is_empty(&self) -> bool {
        self.stages.is_empty() && self.denoiser.is_none() && self.rest.is_empty()
    }

    /// Takes interleaved frames and appends what is ready.
    pub(crate) fn push(&mut self, frames: &[f32], out: &mut Vec<f32>) {
        self.taken += frames.len();
        if self.is_empty() {
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
        if self.is_empty() {
            return;
        }
        let mut block = std::mem::take(&mut self.waiting);
        let mut to_come = self.delay + usize::from(!block.is_empty());
        while to_come > 0 {
            block.resize(BLOCK * self.channels, 0.0);
            self.run(&mut block, out);
            block.fill(0.0);
            to_come -= 1;
        }
        if let Some(denoiser) = &mut self.denoiser {
            denoiser.finish(&mut self.cleaned);
            self.run_rest(out);
        }
    }

    /// What the stages did, in their order.
    pub(crate) fn effects(&self) -> Vec<Figure> {
        let denoiser = self.denoiser.iter().flat_map(Denoiser::effects);
        let stages = self.stages.iter().flat_map(|stage| stage.effects());
        stages.chain(denoiser).chain(self.rest.iter().flat_map(|stage| stage.effects())).collect()
    }

    fn run(&mut self, block: &mut [f32], out: &mut Vec<f32>) {
        for stage in &mut self.stages {
            stage.process(block);
        }
        match &mut self.denoiser {
            Some(denoiser) => denoiser.push(block, &mut self.cleaned),
            None => self.cleaned.extend_from_slice(block),
        }
        self.run_rest(out);
    }

    fn run_rest(&mut self, out: &mut Vec<f32>) {
        for block in self.cleaned.chunks_exact_mut(BLOCK * self.channels) {
            for stage in &mut self.rest {
                stage.process(block);
            }
            if self.late > 0 {
                self.late -= 1;
                continue;
            }
            let keep = block.len().min(self.taken - self.given);
            out.extend_from_slice(&block[..keep]);
            self.given += keep;
        }
        self.cleaned.clear();
    }
}

/// The reverb, when it is on and wanted here.
fn hall(effects: &Effects, wanted: bool, channels: usize) -> Vec<Box<dyn Stage>> {
    match effects.reverb.on && wanted {
        true => vec![Box::new(Hall::new(effects.reverb, SAMPLE_RATE, channels))],
        false => Vec::new(),
    }
}

/// Decibels of a mean square.
fn power_decibels(power: f64) -> f64 {
    decibels::of_power(power.max(1e-20))
}

#[cfg(test)]
mod tests;

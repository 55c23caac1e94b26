//! Takes away steady noise, by the recurrent network of RNNoise (J.-M. Valin) with the ears of `nnnoiseless`:
//! it knows speech at 48 kHz in steps of 10 ms.
//!
//! A take is cut into stretches, each cleaned by a fresh network that has heard the seconds before it,
//! so that several threads can clean one take. Where stretches begin does not depend on their number.

mod network;
mod suppressor;

use lorecast_model::Chain;
pub(super) use suppressor::Suppressor;

use super::survey::STEP;
use super::{BLOCK, Figure, Findings, power_decibels};
use crate::crew::Crew;

const _: () = assert!(BLOCK == nnnoiseless::DenoiseState::FRAME_SIZE);
/// The network wants the numbers of 16 bit sound.
const SCALE: f32 = 32_768.0;
/// A step so many dB below the voice is a pause: what is left in it is noise.
const PAUSE: f64 = 20.0;
/// A block whose mean square is lower, -80 dBFS, has no noise that could go.
const AUDIBLE: f64 = 1e-8;
/// Blocks of a stretch: a minute.
const STRETCH: usize = 6000;
/// Blocks that a network hears before its stretch, 1.5 s: then it knows the noise as well as one that
/// heard all.
const BEFORE: usize = 150;

/// A network does not fail.
const NEVER_GONE: &str = "a thread cleans until there is nothing to clean";

pub(super) struct Denoiser {
    channels: usize,
    crew: Crew<Job, Stretch>,
    /// Sound from [`BEFORE`] the next stretch on, the number of its first block, and that of the block
    /// behind its end.
    heard: Vec<f32>,
    from: usize,
    blocks: usize,
    /// The first block of the next stretch.
    next: usize,
    quieter: Mean,
}

/// What is the same for every stretch.
struct Cleaner {
    wet: f32,
    /// Whether what lies below a voice is gone already.
    is_filtered: bool,
    channels: usize,
    /// The level of each [`STEP`], and where a pause begins.
    levels: Vec<f32>,
    pause: f32,
}

/// What is to be cleaned: a stretch, what comes before it, and the block behind it.
struct Job {
    samples: Vec<f32>,
    /// The number of the first block, and how many come before the stretch.
    from: usize,
    before: usize,
}

/// What was cleaned.
#[derive(Default)]
struct Stretch {
    samples: Vec<f32>,
    quieter: Mean,
}

/// How many dB the blocks of pauses are quieter: the mean of decibels, for one rustle would outweigh
/// minutes of hiss in a mean of energies.
#[derive(Clone, Copy, Default)]
struct Mean {
    sum: f64,
    blocks: u64,
}

impl Denoiser {
    /// With `threads` threads of its own, or none for one. Findings are those of the take, of which the chain
    /// has taken away what lies below the voice, or not.
    pub(super) fn new(chain: &Chain, found: &Findings, channels: usize, threads: usize) -> Self {
        let cleaner = Cleaner {
            wet: chain.noise.wet as f32,
            is_filtered: chain.rumble.on,
            channels,
            levels: found.levels.clone(),
            pause: found.loudness.map_or(f32::MIN, |loudness| (loudness - PAUSE) as f32),
        };
        let crew = Crew::new(threads, move |job| cleaner.clean(&job));
        let (heard, from, blocks, next) = (Vec::new(), 0, 0, 0);
        Self { channels, crew, heard, from, blocks, next, quieter: Mean::default() }
    }

    /// Takes a block and appends what is ready, when a stretch is.
    pub(super) fn push(&mut self, block: &[f32], out: &mut Vec<f32>) {
        self.heard.extend_from_slice(block);
        self.blocks += 1;
        if self.blocks > self.next + STRETCH {
            self.clean(out);
        }
    }

    /// Appends the rest.
    pub(super) fn finish(&mut self, out: &mut Vec<f32>) {
        self.heard.resize(self.heard.len() + BLOCK * self.channels, 0.0);
        self.blocks += 1;
        self.clean(out);
        while let Some(stretch) = self.crew.take().expect(NEVER_GONE) {
            self.lay(&stretch, out);
        }
    }

    pub(super) fn effects(&self) -> Vec<Figure> {
        let amount = self.quieter.sum / self.quieter.blocks.max(1) as f64;
        vec![Figure { stage: "noise", what: "pauses quieter by", amount, unit: "dB" }]
    }

    /// Cleans all but the last block, which a network has to hear ahead.
    fn clean(&mut self, out: &mut Vec<f32>) {
        let (first, before) = (self.from, self.next - self.from);
        self.next = self.blocks - 1;
        self.from = self.next.saturating_sub(BEFORE).max(first);
        let kept = self.heard[(self.from - first) * BLOCK * self.channels..].to_vec();
        let samples = std::mem::replace(&mut self.heard, kept);
        let ready = self.crew.give(Job { samples, from: first, before });
        if let Some(stretch) = ready.expect(NEVER_GONE) {
            self.lay(&stretch, out);
        }
    }

    fn lay(&mut self, stretch: &Stretch, out: &mut Vec<f32>) {
        self.quieter.sum += stretch.quieter.sum;
        self.quieter.blocks += stretch.quieter.blocks;
        out.extend_from_slice(&stretch.samples);
    }
}

impl Cleaner {
    fn clean(&self, job: &Job) -> Stretch {
        let size = BLOCK * self.channels;
        let new = |_| Suppressor::new(self.is_filtered);
        let mut suppressors: Vec<Suppressor> = (0..self.channels).map(new).collect();
        let (mut input, mut output) = (vec![0.0; BLOCK], vec![0.0; BLOCK]);
        let mut stretch = Stretch::default();
        stretch.samples.reserve(STRETCH * size);
        let mut last: &[f32] = &[];
        for (number, block) in job.samples.chunks_exact(size).enumerate() {
            // What comes out is the block before.
            let is_kept = number > job.before;
            let start = stretch.samples.len();
            if is_kept {
                stretch.samples.resize(start + size, 0.0);
            }
            for (channel, suppressor) in suppressors.iter_mut().enumerate() {
                for (input, frame) in input.iter_mut().zip(block.chunks_exact(self.channels)) {
                    *input = frame[channel] * SCALE;
                }
                suppressor.process(&input, &mut output);
                if is_kept {
                    let out = stretch.samples[start..].chunks_exact_mut(self.channels);
                    let dry = last.chunks_exact(self.channels);
                    for ((out, dry), cleaned) in out.zip(dry).zip(&output) {
                        out[channel] = self.wet * cleaned / SCALE + (1.0 - self.wet) * dry[channel];
                    }
                }
            }
            if is_kept && self.is_pause(job.from + number - 1) {
                let (before, after) = (energy(last), energy(&stretch.samples[start..]));
                if before > AUDIBLE * last.len() as f64 {
                    stretch.quieter.sum += power_decibels(before) - power_decibels(after);
                    stretch.quieter.blocks += 1;
                }
            }
            last = block;
        }
        stretch
    }

    fn is_pause(&self, block: usize) -> bool {
        self.levels.get(block * BLOCK / STEP).is_some_and(|level| *level < self.pause)
    }
}

fn energy(samples: &[f32]) -> f64 {
    samples.iter().map(|sample| f64::from(*sample).powi(2)).sum()
}

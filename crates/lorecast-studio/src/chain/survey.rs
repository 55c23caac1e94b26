//! Listens to a take before anything is done to it.

use super::sides::{Defect, OPPOSITE};
use super::{BLOCK, Figure, power_decibels};
use crate::SAMPLE_RATE;
use crate::between::loudest;
use crate::clipping::ClippedRuns;
use crate::meter::{OFFSET, Weighting, energy, gated};

/// Frames for which one level is kept, 100 ms: 216,000 numbers for six hours.
pub(super) const STEP: usize = SAMPLE_RATE as usize / 10;
/// Steps a second.
pub(super) const WINDOW_STEPS: f64 = 10.0;
/// Samples are thinned out to 3 kHz to look for the mains' first eight harmonics.
const THIN: usize = 16;
const THIN_RATE: f64 = 3000.0;
/// Thinned samples that are looked at together: a second.
const LOOK: usize = 3000;
const HARMONICS: usize = 8;
/// The power that a tone at -90 dBFS has in a look.
const AUDIBLE: f64 = 0.5;
/// Hertz to the neighbours that a harmonic is compared with.
const NEIGHBOUR: f64 = 6.0;
/// From here on a sample is at full scale.
pub(super) const FULL: f32 = 0.9985;

/// What was heard.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Findings {
    /// Gated loudness in LUFS, of the louder channel; `None` for silence.
    pub(crate) loudness: Option<f64>,
    /// The level of each 100 ms in LUFS.
    pub(super) levels: Vec<f32>,
    /// The mains.
    pub(super) hum: Option<HumHeard>,
    /// What is wrong with the two channels.
    pub(super) defect: Option<Defect>,
    /// Whether it has two channels that are the same to the bit: one microphone, written twice.
    pub(crate) twins: bool,
    /// The mean of all samples of the worse channel, full scale being 1.
    pub(crate) offset: f64,
    /// Samples that are lost at full scale, and the frame of the first.
    pub(crate) clipped: u64,
    pub(crate) first_clipped: Option<u64>,
}

/// A hum, and how many dB each harmonic stands out.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct HumHeard {
    pub(super) mains: f64,
    pub(super) harmonics: Vec<(f64, f64)>,
}

impl Findings {
    /// The same take, when what is worked on was listened to as well.
    pub(crate) fn with(self, heard: Self) -> Self {
        let Self { loudness, levels, hum, .. } = heard;
        Self { loudness, levels, hum, ..self }
    }

    /// What is done about its two channels.
    pub(crate) fn sides(&self) -> Option<Figure> {
        self.defect.map(Defect::effect)
    }
}

pub(crate) struct Survey {
    channels: usize,
    weighting: Vec<Weighting>,
    /// Frames of one channel.
    side: Vec<f32>,
    /// Weighted energy of this step, a channel each, and its frames.
    energy: Vec<f64>,
    frames: usize,
    levels: Vec<f32>,
    sums: Vec<f64>,
    squares: Vec<f64>,
    product: f64,
    twins: bool,
    total: u64,
    runs: Vec<ClippedRuns>,
    clipped: u64,
    first_clipped: Option<u64>,
    thin: f32,
    thinned: Vec<f32>,
    /// Power at each tone and beside it, a second each.
    tones: Vec<[[f32; 2]; 2 * HARMONICS]>,
}

impl Survey {
    pub(crate) fn new(channels: u16) -> Self {
        let channels = usize::from(channels);
        Self {
            channels,
            weighting: (0..channels).filter_map(|_| Weighting::new(SAMPLE_RATE, 1)).collect(),
            side: Vec::new(),
            energy: vec![0.0; channels],
            frames: 0,
            levels: Vec::new(),
            sums: vec![0.0; channels],
            squares: vec![0.0; channels],
            product: 0.0,
            twins: channels == 2,
            total: 0,
            runs: vec![ClippedRuns::default(); channels],
            clipped: 0,
            first_clipped: None,
            thin: 0.0,
            thinned: Vec::new(),
            tones: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, frames: &[f32]) {
        let mut left = frames;
        while left.len() >= self.channels {
            let now = (left.len() / self.channels).min(STEP - self.frames);
            let (head, rest) = left.split_at(now * self.channels);
            self.hear(head);
            self.total += now as u64;
            self.frames += now;
            left = rest;
            if self.frames == STEP {
                self.end_step();
            }
        }
    }

    pub(crate) fn finish(mut self) -> Findings {
        if self.frames > 0 {
            self.end_step();
        }
        let total = self.total.max(1) as f64;
        let offset = self
            .sums
            .iter()
            .fold(0.0f64, |worst, sum| if sum.abs() > worst.abs() { *sum } else { worst })
            / total;
        Findings {
            loudness: gated(self.levels.iter().map(|level| energy(f64::from(*level)))),
            hum: hum(&self.tones),
            defect: self.defect(),
            twins: self.twins,
            levels: self.levels,
            offset,
            clipped: self.clipped,
            first_clipped: self.first_clipped,
        }
    }

    /// Frames of one step.
    fn hear(&mut self, frames: &[f32]) {
        (0..self.channels).for_each(|channel| self.weigh(channel, frames));
        if loudest(frames) >= FULL || self.runs.iter().any(ClippedRuns::goes_on) {
            self.look_for_clipping(frames);
        }
        if let (2, (pairs, _)) = (self.channels, frames.as_chunks::<2>()) {
            for [left, right] in pairs {
                self.product += f64::from(left * right);
                self.twins &= left == right;
            }
        }
        for (number, frame) in (self.total + 1..).zip(frames.chunks_exact(self.channels)) {
            self.thin += frame[0] + frame.get(1).unwrap_or(&0.0);
            if number.is_multiple_of(THIN as u64) {
                self.thinned.push(std::mem::take(&mut self.thin));
            }
            if self.thinned.len() == LOOK {
                self.tones.push(tones(&self.thinned));
                self.thinned.clear();
            }
        }
    }

    fn weigh(&mut self, channel: usize, frames: &[f32]) {
        self.side.clear();
        self.side.extend(frames.chunks_exact(self.channels).map(|frame| frame[channel]));
        self.energy[channel] += self.weighting[channel].energy(&self.side);
        let (sum, squares) = sums(&self.side);
        self.sums[channel] += sum;
        self.squares[channel] += squares;
    }

    fn look_for_clipping(&mut self, frames: &[f32]) {
        for (number, frame) in (self.total + 1..).zip(frames.chunks_exact(self.channels)) {
            for (runs, sample) in self.runs.iter_mut().zip(frame) {
                let lost = runs.push(sample.abs() >= FULL);
                if lost > 0 {
                    self.clipped += lost;
                    self.first_clipped.get_or_insert(number - lost);
                }
            }
        }
    }

    fn end_step(&mut self) {
        let loudest = self.energy.iter().fold(0.0f64, |most, energy| most.max(*energy));
        self.levels.push((power_decibels(loudest / self.frames as f64) + OFFSET) as f32);
        self.energy.fill(0.0);
        self.frames = 0;
    }

    fn defect(&self) -> Option<Defect> {
        let [left, right] = self.squares[..] else { return None };
        let total = self.total.max(1) as f64;
        // A direct current is no sound.
        let energy = |square: f64, sum: f64| (square - sum * sum / total) / total;
        let (left, right) = (energy(left, self.sums[0]), energy(right, self.sums[1]));
        let audible = 1e-7;
        if left > audible && right < left * 1e-5 {
            return Some(Defect::Dead(1));
        }
        if right > audible && left < right * 1e-5 {
            return Some(Defect::Dead(0));
        }
        let common = (self.product - self.sums[0] * self.sums[1] / total) / total;
        let likeness = common / (left * right).sqrt().max(1e-20);
        (left > audible && right > audible && likeness < OPPOSITE).then_some(Defect::Inverted)
    }
}

/// The sum of the samples, and of their squares.
fn sums(samples: &[f32]) -> (f64, f64) {
    // Side by side: each sum alone would have to wait for itself.
    let (mut sums, mut squares) = ([0.0; 8], [0.0; 8]);
    let (eights, rest) = samples.as_chunks::<8>();
    let mut add = |at: usize, sample: f32| {
        sums[at] += f64::from(sample);
        squares[at] += f64::from(sample) * f64::from(sample);
    };
    eights.iter().for_each(|eight| (0..8).for_each(|at| add(at, eight[at])));
    rest.iter().for_each(|sample| add(0, *sample));
    (sums.iter().sum(), squares.iter().sum())
}

/// The frequency of each tone: the harmonics of 50 Hz, then those of 60 Hz.
fn frequency(tone: usize) -> f64 {
    let mains = if tone < HARMONICS { 50.0 } else { 60.0 };
    mains * (tone % HARMONICS + 1) as f64
}

fn tones(samples: &[f32]) -> [[f32; 2]; 2 * HARMONICS] {
    let mut tones = [[0.0; 2]; 2 * HARMONICS];
    for (four, tones) in tones.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        let at = |aside: f64| goertzel(samples, |tone| frequency(4 * four + tone) + aside);
        let (below, here, above) = (at(-NEIGHBOUR), at(0.0), at(NEIGHBOUR));
        *tones = std::array::from_fn(|tone| [here[tone], (below[tone] + above[tone]) / 2.0]);
    }
    tones
}

/// The powers at four frequencies (Goertzel), side by side: each of them alone has to wait for itself.
fn goertzel(samples: &[f32], hertz: impl Fn(usize) -> f64) -> [f32; 4] {
    let turn = |tone| 2.0 * (std::f64::consts::TAU * hertz(tone) / THIN_RATE).cos();
    let turns: [f64; 4] = std::array::from_fn(turn);
    let (mut one, mut two) = ([0.0f64; 4], [0.0f64; 4]);
    for sample in samples {
        let sample = f64::from(*sample);
        let next = std::array::from_fn(|tone| sample + turns[tone] * one[tone] - two[tone]);
        (one, two) = (next, one);
    }
    std::array::from_fn(|tone| {
        let (one, two) = (one[tone], two[tone]);
        (one * one + two * two - turns[tone] * one * two) as f32
    })
}

/// A hum is there all the time: what counts is the quietest tenth of the seconds, where nobody speaks.
fn hum(seconds: &[[[f32; 2]; 2 * HARMONICS]]) -> Option<HumHeard> {
    let quiet = |tone: usize, which: usize| {
        let mut powers: Vec<f32> = seconds.iter().map(|second| second[tone][which]).collect();
        let at = powers.len() / 10;
        f64::from(*powers.select_nth_unstable_by(at, f32::total_cmp).1)
    };
    if seconds.is_empty() {
        return None;
    }
    let above = |tone: usize| power_decibels(quiet(tone, 0)) - power_decibels(quiet(tone, 1));
    let audible = |tone: usize| quiet(tone, 0) > AUDIBLE;
    let heard = |mains: usize| {
        let harmonics: Vec<(f64, f64)> = (mains * HARMONICS..(mains + 1) * HARMONICS)
            .filter(|tone| audible(*tone))
            .map(|tone| (frequency(tone), above(tone)))
            .collect();
        let sum: f64 = harmonics.iter().map(|(_, above)| above.max(0.0)).sum();
        (sum, HumHeard { mains: [50.0, 60.0][mains], harmonics })
    };
    let (first, second) = (heard(0), heard(1));
    let louder = if first.0 >= second.0 { first.1 } else { second.1 };
    (!louder.harmonics.is_empty()).then_some(louder)
}

const _: () = assert!(STEP.is_multiple_of(BLOCK));

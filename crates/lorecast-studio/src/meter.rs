//! Loudness and true peak (ITU-R BS.1770-5, EBU R 128, EBU Tech 3341 and 3342).
//!
//! Our own and not a library's, because a report needs momentary and short-term loudness every
//! 10 ms: what a library sums anew for each reading is kept here as one sum for each 10 ms. Tests
//! hold it to the `ebur128` crate.

mod gating;
mod true_peak;
mod weighting;

use lorecast_model::{Dbtp, Lu, Lufs};

use crate::{SAMPLE_RATE, decibels};
pub(crate) use gating::{OFFSET, energy, gated, integrated, loudness, range};
use true_peak::TruePeak;
pub(crate) use weighting::Weighting;

/// What a meter read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reading {
    /// Integrated loudness in LUFS; `None` when nothing is louder than the absolute gate of -70.
    pub(crate) loudness: Option<f64>,
    /// In dBTP, at least [`QUIETEST_PEAK`].
    pub(crate) peak: f64,
}

/// Digital silence has a peak of minus infinity, which JSON cannot write.
pub(crate) const QUIETEST_PEAK: f64 = -120.0;
/// The absolute gate of BS.1770: what a silent episode is said to have.
pub(crate) const GATE: f64 = -70.0;

/// Steps a second: an event shorter than a window is found within 10 ms (Tech 3341 asks for 20).
const STEPS: usize = 100;
/// Steps of the momentary window, 400 ms, which is also the block of the gates.
const MOMENTARY: usize = STEPS * 2 / 5;
/// Steps of the short-term window, 3 s.
const SHORT_TERM: usize = STEPS * 3;
/// Steps of a [`Tick`].
const STEPS_OF_TICK: usize = 10;
/// Ticks a second.
pub(crate) const TICKS: usize = STEPS / STEPS_OF_TICK;
/// From telephone to laboratory. Below, the weighting filter's corner passes half the rate.
const RATES: std::ops::RangeInclusive<u32> = 8_000..=384_000;

/// A loudness meter: frames in, readings out at any time. It keeps 20 bytes for each 100 ms, 4.3 MB
/// in six hours, and nothing else that grows.
///
/// ```
/// use lorecast_studio::Meter;
///
/// let mut meter = Meter::new(48_000, 2).expect("stereo at 48 kHz");
/// for n in 0..96_000 {
///     let sample = (n as f32 * 0.13).sin() * 0.1;
///     meter.push(&[sample, sample]);
/// }
/// assert!((meter.integrated().unwrap().0 - -20.0).abs() < 0.5);
/// ```
pub struct Meter {
    weighting: Weighting,
    peak: Option<TruePeak>,
    channels: usize,
    rate: u32,
    /// Frames of the step that is being filled, and its number.
    filled: usize,
    step: u64,
    /// Weighted energy of that step.
    sum: f64,
    /// Energies of the last [`SHORT_TERM`] steps, by number modulo their count.
    sums: [f64; SHORT_TERM],
    /// The loudest windows of the tick that is being filled.
    loudest: (f32, f32),
    ticks: Vec<Tick>,
    /// The first 400 ms: a shorter sound is measured as if it went on repeating.
    head: Vec<f32>,
}

/// Mean weighted energies at the end of 100 ms; those of windows that began before the sound are 0.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Tick {
    /// Of these 100 ms.
    pub(crate) own: f32,
    /// Of the last 400 ms.
    pub(crate) momentary: f32,
    /// Of the last 3 s.
    pub(crate) short_term: f32,
    /// The highest momentary energy within the tick, in steps of 10 ms.
    pub(crate) loudest_momentary: f32,
    /// The highest short-term energy within the tick.
    pub(crate) loudest_short_term: f32,
}

/// What the needle shows after another 10 ms; `None` until the window is full, and for silence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hop {
    /// Of the last 400 ms.
    pub momentary: Option<Lufs>,
    /// Of the last 3 s.
    pub short_term: Option<Lufs>,
}

impl Meter {
    /// A meter for 1 to 6 channels (mono; left, right; with a centre; with surrounds; 5.1 as left,
    /// right, centre, low frequencies, left and right surround) at 8 to 384 kHz; `None` for any
    /// other sound. Four channels are two and two surrounds, five are 5.1 without the low
    /// frequencies.
    pub fn new(rate: u32, channels: u16) -> Option<Self> {
        let weighting =
            RATES.contains(&rate).then(|| Weighting::new(rate, usize::from(channels)))??;
        Some(Self {
            weighting,
            peak: Some(TruePeak::new(rate, usize::from(channels))),
            channels: usize::from(channels),
            rate,
            filled: 0,
            step: 0,
            sum: 0.0,
            sums: [0.0; SHORT_TERM],
            loudest: (0.0, 0.0),
            ticks: Vec::new(),
            head: Vec::new(),
        })
    }

    /// Takes interleaved frames; a rest that is no whole frame is left out. Values that are not
    /// numbers are silence.
    pub fn push(&mut self, frames: &[f32]) {
        self.push_watched(frames, &mut |_| {});
    }

    /// As [`Meter::push`], and `each` sees the needle every 10 ms.
    pub fn push_watched(&mut self, frames: &[f32], each: &mut dyn FnMut(Hop)) {
        let (whole, _) = frames.split_at(frames.len() - frames.len() % self.channels);
        let room = (self.block() * self.channels).saturating_sub(self.head.len()).min(whole.len());
        self.head.extend_from_slice(&whole[..room]);
        if let Some(peak) = &mut self.peak {
            peak.push(whole);
        }
        self.weigh(whole, each);
    }

    /// Integrated loudness, gated; `None` when nothing is louder than the absolute gate of -70.
    pub fn integrated(&self) -> Option<Lufs> {
        if self.head.is_empty() || self.head.len() >= self.block() * self.channels {
            return integrated(&self.ticks).map(Lufs);
        }
        let mut longer = Self::quick(self.rate, self.channels as u16)?;
        for _ in 0..=self.block().div_ceil(self.head.len() / self.channels) {
            longer.weigh(&self.head, &mut |_| {});
        }
        integrated(&longer.ticks).map(Lufs)
    }

    /// The loudness range; 0 for a sound shorter than 3 s.
    pub fn range(&self) -> Lu {
        Lu(range(&self.ticks))
    }

    /// The highest true peak of all channels, at least -120.
    pub fn true_peak(&self) -> Dbtp {
        let highest = self.peak.as_ref().map_or(0.0, TruePeak::highest);
        Dbtp(decibels::of_amplitude(f64::from(highest)).max(QUIETEST_PEAK))
    }

    /// Measures loudness alone.
    pub(crate) fn of_loudness(channels: u16) -> Self {
        Self::quick(SAMPLE_RATE, channels).expect("one or two channels at 48 kHz are valid")
    }

    /// Measures loudness and true peak.
    pub(crate) fn of_everything(channels: u16) -> Self {
        Self::new(SAMPLE_RATE, channels).expect("one or two channels at 48 kHz are valid")
    }

    pub(crate) fn read(self) -> Reading {
        Reading { loudness: self.integrated().map(|lufs| lufs.0), peak: self.true_peak().0 }
    }

    /// What was measured, a tick for each whole 100 ms.
    pub(crate) fn ticks(&self) -> &[Tick] {
        &self.ticks
    }

    /// The highest true peak of each channel as amplitude; from here on they are looked for anew.
    pub(crate) fn take_peaks(&mut self) -> Vec<f32> {
        self.peak.as_mut().map(TruePeak::take).unwrap_or_default()
    }

    fn quick(rate: u32, channels: u16) -> Option<Self> {
        Self::new(rate, channels).map(|meter| Self { peak: None, ..meter })
    }

    /// Frames of 400 ms.
    fn block(&self) -> usize {
        self.rate as usize * MOMENTARY / STEPS
    }

    /// Cuts frames into steps. Where a rate does not divide, steps differ by one frame.
    fn weigh(&mut self, mut frames: &[f32], each: &mut dyn FnMut(Hop)) {
        while !frames.is_empty() {
            let rate = u64::from(self.rate);
            let ends = |step: u64| (step * rate / STEPS as u64) as usize;
            let size = ends(self.step % STEPS as u64 + 1) - ends(self.step % STEPS as u64);
            let now = (size - self.filled).min(frames.len() / self.channels);
            let (head, rest) = frames.split_at(now * self.channels);
            self.sum += self.weighting.energy(head);
            self.filled += now;
            frames = rest;
            if self.filled == size {
                each(self.end_step());
            }
        }
    }

    fn end_step(&mut self) -> Hop {
        self.sums[(self.step % SHORT_TERM as u64) as usize] = self.sum;
        self.step += 1;
        (self.sum, self.filled) = (0.0, 0);
        let momentary = self.window(MOMENTARY);
        let short_term = self.window(SHORT_TERM);
        self.loudest.0 = self.loudest.0.max(momentary);
        self.loudest.1 = self.loudest.1.max(short_term);
        if self.step.is_multiple_of(STEPS_OF_TICK as u64) {
            let (loudest_momentary, loudest_short_term) = std::mem::take(&mut self.loudest);
            let own = self.window(STEPS_OF_TICK);
            self.ticks.push(Tick {
                own,
                momentary,
                short_term,
                loudest_momentary,
                loudest_short_term,
            });
        }
        let needle = |energy| loudness(energy).map(Lufs);
        Hop { momentary: needle(momentary), short_term: needle(short_term) }
    }

    /// Mean energy of the last steps; 0 before there are so many.
    fn window(&self, steps: usize) -> f32 {
        if self.step < steps as u64 {
            return 0.0;
        }
        let end = ((self.step - 1) % SHORT_TERM as u64) as usize + 1;
        let recent = &self.sums[end.saturating_sub(steps)..end];
        let before = &self.sums[SHORT_TERM - (steps - recent.len())..];
        let sum: f64 = recent.iter().sum::<f64>() + before.iter().sum::<f64>();
        (sum / (f64::from(self.rate) * steps as f64 / STEPS as f64)) as f32
    }
}

#[cfg(test)]
mod tests;

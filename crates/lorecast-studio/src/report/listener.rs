//! From samples to the numbers of a report, in one pass.

use lorecast_model::{
    ChannelReport, Dbfs, Dbtp, LoudnessCurve, Lu, Lufs, Seconds, SectionReport, SoundFigures,
    SoundReport,
};

use super::{Analysis, Peaks, Section, Spoken};
use crate::between::loudest;
use crate::clipping::ClippedRuns;
use crate::decibels;
use crate::meter::{Meter, QUIETEST_PEAK, Reading, TICKS, Tick, integrated, loudness, range};

/// Hears a recording.
pub(crate) struct Listener {
    meter: Meter,
    peaks: Peaks,
    rate: u32,
    channels: usize,
    sections: Vec<Section>,
    /// What is before the first section, then each section that was reached.
    heard: Vec<Stretch>,
    runs: Vec<ClippedRuns>,
    frames: u64,
    /// Left times right.
    product: f64,
}

/// Sums over a stretch, a value for each channel.
#[derive(Clone, Default)]
struct Stretch {
    start: u64,
    frames: u64,
    /// The true peaks as amplitude.
    peaks: Vec<f32>,
    sums: Vec<f64>,
    squares: Vec<f64>,
    clipped: u64,
}

/// The highest value of 16 bit sound.
const FULL_SCALE: f32 = 32_767.0 / 32_768.0;
/// Below this, in LUFS, there is dither and no room.
const INAUDIBLE: f64 = -85.0;
/// The share of the audible time that is at most as loud as the noise floor.
const FLOOR: f64 = 0.1;
/// The most entries of a curve: a step of 1 s for the hour, of 10 s for six.
const MOST_ENTRIES: usize = 4_000;

impl Listener {
    /// `None` for sound that no meter knows.
    pub(crate) fn new(rate: u32, channels: u16, sections: &[Section]) -> Option<Self> {
        let meter = Meter::new(rate, channels)?;
        let channels = usize::from(channels);
        Some(Self {
            meter,
            peaks: Peaks::new(rate, channels),
            rate,
            channels,
            sections: sections.to_vec(),
            heard: vec![Stretch::new(0, channels)],
            runs: vec![ClippedRuns::default(); channels],
            frames: 0,
            product: 0.0,
        })
    }

    /// Takes whole interleaved frames.
    pub(crate) fn push(&mut self, mut frames: &[f32]) {
        while frames.len() >= self.channels {
            let left = (frames.len() / self.channels) as u64;
            let now = self.next_start().map_or(left, |start| left.min(start - self.frames));
            let (head, rest) = frames.split_at(now as usize * self.channels);
            self.hear(head);
            frames = rest;
            while self.next_start() == Some(self.frames) {
                self.turn();
            }
        }
    }

    /// What was heard.
    pub(crate) fn finish(mut self) -> Analysis {
        self.close();
        let whole = self.whole();
        let spoken = Spoken::all(self.sections.iter().map(|section| section.spoken));
        let mut figures = self.figures(&whole, spoken);
        // A sound shorter than a block is measured as if it went on.
        figures.loudness = self.meter.integrated();
        let sections = self.sections.iter().zip(&self.heard[1..]);
        let report = SoundReport {
            sample_rate: self.rate,
            whole: figures,
            sections: sections
                .map(|(section, stretch)| SectionReport {
                    title: section.title.clone(),
                    start: self.seconds(stretch.start),
                    figures: self.figures(stretch, section.spoken),
                })
                .collect(),
            channels: (0..self.channels).map(|channel| whole.channel(channel)).collect(),
            correlation: self.correlation(&whole),
            deviations: None,
            curve: curve(self.meter.ticks()),
        };
        self.peaks.finish();
        Analysis { report, peaks: self.peaks }
    }

    /// Loudness and true peak so far.
    pub(crate) fn reading(&mut self) -> Reading {
        self.close();
        let peaks = self.heard.iter().flat_map(|stretch| &stretch.peaks);
        let peak = peaks.copied().fold(0.0, f32::max);
        Reading {
            loudness: self.meter.integrated().map(|lufs| lufs.0),
            peak: decibels(f64::from(peak)),
        }
    }

    /// The frame at which the next section starts; a section that starts late by mistake, or before
    /// its predecessor, starts now.
    fn next_start(&self) -> Option<u64> {
        let section = self.sections.get(self.heard.len() - 1)?;
        let start = (section.start.0 * f64::from(self.rate)).round() as u64;
        Some(start.max(self.frames))
    }

    fn turn(&mut self) {
        self.close();
        self.heard.push(Stretch::new(self.frames, self.channels));
    }

    /// Gives the last stretch its true peaks.
    fn close(&mut self) {
        let peaks = self.meter.take_peaks();
        if let Some(stretch) = self.heard.last_mut() {
            stretch.peaks.iter_mut().zip(peaks).for_each(|(kept, peak)| *kept = kept.max(peak));
        }
    }

    fn hear(&mut self, frames: &[f32]) {
        let Some(stretch) = self.heard.last_mut() else { return };
        self.meter.push(frames);
        self.peaks.push(frames);
        let count = (frames.len() / self.channels) as u64;
        stretch.frames += count;
        self.frames += count;
        let clips = loudest(frames) >= FULL_SCALE;
        for channel in 0..self.channels {
            let samples = || frames.chunks_exact(self.channels).map(|frame| frame[channel]);
            let (mut sum, mut squares) = (0.0, 0.0);
            for sample in samples() {
                let value = if sample.is_finite() { f64::from(sample) } else { 0.0 };
                sum += value;
                squares += value * value;
            }
            stretch.sums[channel] += sum;
            stretch.squares[channel] += squares;
            let runs = &mut self.runs[channel];
            if clips || runs.goes_on() {
                stretch.clipped +=
                    samples().map(|sample| runs.push(sample.abs() >= FULL_SCALE)).sum::<u64>();
            }
        }
        if let (2, (pairs, _)) = (self.channels, frames.as_chunks::<2>()) {
            let products = pairs.iter().map(|[left, right]| f64::from(left * right));
            self.product += products.filter(|product| product.is_finite()).sum::<f64>();
        }
    }

    /// All stretches together.
    fn whole(&self) -> Stretch {
        let mut whole = Stretch::new(0, self.channels);
        for stretch in &self.heard {
            whole.frames += stretch.frames;
            whole.clipped += stretch.clipped;
            for channel in 0..self.channels {
                whole.peaks[channel] = whole.peaks[channel].max(stretch.peaks[channel]);
                whole.sums[channel] += stretch.sums[channel];
                whole.squares[channel] += stretch.squares[channel];
            }
        }
        whole
    }

    fn figures(&self, stretch: &Stretch, spoken: Option<Spoken>) -> SoundFigures {
        let ticks = self.ticks(stretch);
        // Windows that begin before the stretch tell of what was before.
        let momentary = ticks.get(TICKS * 2 / 5 - 1..).unwrap_or_default();
        let short_term = ticks.get(TICKS * 3 - 1..).unwrap_or_default();
        let loudest = |energies: &mut dyn Iterator<Item = f32>| {
            loudness(energies.fold(0.0, f32::max)).map(Lufs)
        };
        let length = self.seconds(stretch.frames);
        let peak = stretch.peaks.iter().copied().fold(0.0, f32::max);
        let offsets = (0..self.channels).map(|channel| stretch.offset(channel));
        SoundFigures {
            length,
            loudness: integrated(momentary).map(Lufs),
            range: Lu(range(short_term)),
            true_peak: Dbtp(decibels(f64::from(peak))),
            loudest_momentary: loudest(&mut momentary.iter().map(|tick| tick.loudest_momentary)),
            loudest_short_term: loudest(&mut short_term.iter().map(|tick| tick.loudest_short_term)),
            noise_floor: noise_floor(ticks).map(Lufs),
            clipped_samples: stretch.clipped,
            dc_offset: offsets
                .fold(0.0, |far, at| if f64::abs(at) > f64::abs(far) { at } else { far }),
            words_per_minute: spoken.and_then(|spoken| spoken.words_per_minute()),
        }
    }

    /// The ticks that lie within a stretch.
    fn ticks(&self, stretch: &Stretch) -> &[Tick] {
        let tick = |frame: u64| frame * TICKS as u64 / u64::from(self.rate);
        let ticks = self.meter.ticks();
        let start = (stretch.start * TICKS as u64).div_ceil(u64::from(self.rate)) as usize;
        let end = (tick(stretch.start + stretch.frames) as usize).min(ticks.len());
        ticks.get(start..end).unwrap_or_default()
    }

    fn seconds(&self, frames: u64) -> Seconds {
        Seconds(frames as f64 / f64::from(self.rate))
    }

    fn correlation(&self, whole: &Stretch) -> Option<f64> {
        let [left, right] = whole.squares[..] else { return None };
        let level = (left * right).sqrt();
        (level > 0.0).then(|| (self.product / level).clamp(-1.0, 1.0))
    }
}

impl Stretch {
    fn new(start: u64, channels: usize) -> Self {
        Self {
            start,
            peaks: vec![0.0; channels],
            sums: vec![0.0; channels],
            squares: vec![0.0; channels],
            ..Self::default()
        }
    }

    fn offset(&self, channel: usize) -> f64 {
        self.sums[channel] / self.frames.max(1) as f64
    }

    fn channel(&self, channel: usize) -> ChannelReport {
        let mean = self.squares[channel] / self.frames.max(1) as f64;
        ChannelReport {
            true_peak: Dbtp(decibels(f64::from(self.peaks[channel]))),
            level: Dbfs(decibels(mean.sqrt())),
            dc_offset: self.offset(channel),
        }
    }
}

fn noise_floor(ticks: &[Tick]) -> Option<f64> {
    let levels = ticks.iter().filter_map(|tick| loudness(tick.own));
    let mut heard: Vec<f64> = levels.filter(|level| *level > INAUDIBLE).collect();
    heard.sort_unstable_by(f64::total_cmp);
    heard.get((heard.len() as f64 * FLOOR) as usize).copied()
}

fn curve(ticks: &[Tick]) -> LoudnessCurve {
    // 100 ms, then the steps that people count in.
    let step =
        [1, 2, 5, 10, 20, 50, 100].into_iter().find(|step| ticks.len() / step <= MOST_ENTRIES);
    let step = step.unwrap_or(ticks.len().div_ceil(MOST_ENTRIES));
    let row = |energy: fn(&Tick) -> f32| {
        let highest = |ticks: &[Tick]| ticks.iter().map(energy).fold(0.0, f32::max);
        // Two digits: a needle shows no more, and the file stays small.
        let rounded = |lufs: f64| Lufs((lufs * 100.0).round() / 100.0);
        ticks.chunks(step).map(|ticks| loudness(highest(ticks)).map(rounded)).collect()
    };
    LoudnessCurve {
        step: Seconds(step as f64 / TICKS as f64),
        momentary: row(|tick| tick.loudest_momentary),
        short_term: row(|tick| tick.loudest_short_term),
    }
}

fn decibels(amplitude: f64) -> f64 {
    decibels::of_amplitude(amplitude).max(QUIETEST_PEAK)
}

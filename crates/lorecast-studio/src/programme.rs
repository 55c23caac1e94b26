//! The parts in time: what is heard when, how loud, and where chapters start.

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::{Chapter, Effect, Seconds};

use crate::limiter::Limiter;
use crate::recipe::Recipe;
use crate::spool::Spooled;
use crate::{LONGEST, Result, SAMPLE_RATE, StudioError};

/// An episode, decoded and ready to be heard at any gain.
pub(crate) struct Programme {
    parts: Vec<Spooled>,
    /// 1 or 2.
    channels: u16,
    /// The output that it is for.
    target: Utf8PathBuf,
    /// Amplitude factor of each part, which brings it to the episode's loudness.
    levels: Vec<f32>,
    /// Frames of silence between two parts.
    pause: u64,
    /// The chapters in order of time.
    pub(crate) chapters: Vec<Chapter>,
    /// All frames, pauses included.
    pub(crate) frames: u64,
}

/// How to render: both are found by measuring.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Setting {
    /// On top of each part's own level, in dB.
    pub(crate) gain: f64,
    /// Where the limiter stops peaks, in dBTP.
    pub(crate) ceiling: f64,
}

/// Frames of the fade at each end of a part, 5 ms: too short to hear, long enough not to click.
const FADE: u64 = SAMPLE_RATE as u64 / 200;
/// The most that a quiet part is raised, in dB: below that there is no voice, only hiss.
const MOST_LIFT: f64 = 40.0;

impl Programme {
    /// Puts decoded parts in time, one for each of the recipe's.
    pub(crate) fn new(recipe: &Recipe, parts: Vec<Spooled>, target: &Utf8Path) -> Result<Self> {
        let pause = (recipe.pause.0 * f64::from(SAMPLE_RATE)).round() as u64;
        let own = |part: &Spooled| part.loudness.map(|loudness| loudness.0);
        let levels = parts.iter().map(|part| level(own(part), recipe.loudness.0)).collect();
        let mut starts = Vec::new();
        let mut frames = 0;
        for part in &parts {
            starts.push(frames);
            frames += part.frames + pause;
        }
        frames = frames.saturating_sub(pause);
        if frames as f64 > LONGEST.0 * f64::from(SAMPLE_RATE) {
            let file = recipe.parts.last().map(|part| part.file.clone()).unwrap_or_default();
            return Err(StudioError::TooLong { file, limit: LONGEST });
        }
        Ok(Self {
            chapters: chapters(recipe, &starts),
            parts,
            channels: recipe.channels,
            target: target.to_owned(),
            levels,
            pause,
            frames,
        })
    }

    pub(crate) fn channels(&self) -> u16 {
        self.channels
    }

    /// What the stages did, part by part.
    pub(crate) fn effects(&self) -> Vec<Effect> {
        self.parts.iter().flat_map(|part| part.effects.iter().cloned()).collect()
    }

    pub(crate) fn length(&self) -> Seconds {
        Seconds(self.frames as f64 / f64::from(SAMPLE_RATE))
    }

    /// Hands on the finished sound, block by block of interleaved samples, exactly
    /// [`Programme::frames`] frames; `progress` hears from 0 to 1.
    pub(crate) fn render(
        &self,
        setting: Setting,
        progress: &mut dyn FnMut(f64),
        each: &mut dyn FnMut(&[f32]) -> Result<()>,
    ) -> Result<()> {
        let channels = self.channels;
        let gain = amplitude(setting.gain);
        let mut limiter = Limiter::new(channels, setting.ceiling);
        let mut out = Vec::new();
        let mut given = 0u64;
        let mut hand_on = |block: &mut Vec<f32>| {
            given += (block.len() / usize::from(channels)) as u64;
            each(block)?;
            block.clear();
            progress(given as f64 / self.frames.max(1) as f64);
            Ok(())
        };
        for (number, (part, level)) in self.parts.iter().zip(&self.levels).enumerate() {
            if number > 0 {
                self.be_silent(&mut limiter, &mut out, &mut hand_on)?;
            }
            let mut at = 0;
            let (copies, width) =
                (usize::from(channels / part.channels), usize::from(part.channels));
            let mut wide = Vec::new();
            part.read(&self.target, &mut |block| {
                wide.clear();
                for frame in block.chunks_exact(width) {
                    let factor = gain * level * fade(at, part.frames);
                    for sample in frame {
                        wide.extend(std::iter::repeat_n(*sample * factor, copies));
                    }
                    at += 1;
                }
                limiter.push(&wide, &mut out);
                hand_on(&mut out)
            })?;
        }
        limiter.finish(&mut out);
        hand_on(&mut out)
    }

    fn be_silent(
        &self,
        limiter: &mut Limiter,
        out: &mut Vec<f32>,
        hand_on: &mut dyn FnMut(&mut Vec<f32>) -> Result<()>,
    ) -> Result<()> {
        let silence = vec![0.0; SAMPLE_RATE as usize * usize::from(self.channels)];
        let mut left = self.pause * u64::from(self.channels);
        while left > 0 {
            let now = left.min(silence.len() as u64);
            limiter.push(&silence[..now as usize], out);
            hand_on(out)?;
            left -= now;
        }
        Ok(())
    }
}

/// The factor that brings a part to the target. Silence stays silent.
fn level(loudness: Option<f64>, target: f64) -> f32 {
    loudness.map_or(1.0, |loudness| amplitude((target - loudness).min(MOST_LIFT)))
}

fn amplitude(decibels: f64) -> f32 {
    10f64.powf(decibels / 20.0) as f32
}

/// A raised cosine at both ends, for the frame `at` of `frames`.
fn fade(at: u64, frames: u64) -> f32 {
    let length = FADE.min(frames / 2);
    let edge = at.min(frames - 1 - at);
    if edge >= length {
        return 1.0;
    }
    let share = (edge as f32 + 0.5) / length as f32;
    0.5 - 0.5 * (std::f32::consts::PI * share).cos()
}

/// What comes before the first chapter belongs to it.
fn chapters(recipe: &Recipe, starts: &[u64]) -> Vec<Chapter> {
    let mut chapters: Vec<Chapter> = recipe
        .parts
        .iter()
        .zip(starts)
        .filter_map(|(part, start)| {
            let title = part.chapter.as_deref().map(str::trim).filter(|title| !title.is_empty())?;
            let start = Seconds(*start as f64 / f64::from(SAMPLE_RATE));
            Some(Chapter { start, title: title.to_owned() })
        })
        .collect();
    if let Some(first) = chapters.first_mut() {
        first.start = Seconds(0.0);
    }
    chapters
}

//! The parts in time: what is heard when, how loud, and where chapters start.

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::{Chapter, Effect, Music, Seconds};

use crate::cache::Key;
use crate::layers::{Ducking, Layer, Mixer, STEP, Speech, fade, spared};
use crate::limiter::Limiter;
use crate::recipe::Recipe;
use crate::spool::Spooled;
use crate::{LONGEST, Result, SAMPLE_RATE, StudioError, decibels};

/// An episode, decoded and ready to be heard at any gain.
pub(crate) struct Programme {
    /// What is heard one after the other.
    parts: Vec<Placed>,
    /// What is heard at the same time.
    layers: Vec<Layer>,
    ducking: Ducking,
    music: Music,
    /// 1 or 2.
    channels: u16,
    /// 1 when every sound is mono: both sides of the episode are then the same.
    width: u16,
    /// The output that it is for.
    target: Utf8PathBuf,
    /// What the parts were made of, where there is a cache.
    pub(crate) keys: Vec<Key>,
    /// The chapters in order of time.
    pub(crate) chapters: Vec<Chapter>,
    /// All frames, pauses included.
    pub(crate) frames: u64,
}

/// A part in its place.
struct Placed {
    sound: Spooled,
    /// Where it begins, in frames of the episode.
    start: u64,
    /// Amplitude factor which brings it to the episode's loudness.
    level: f32,
    /// Frames of its fades.
    fades: (u64, u64),
    /// Whether somebody speaks.
    voice: bool,
    /// Its number in the recipe.
    number: usize,
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
/// A bed comes and goes within two seconds at least.
const BED_FADE: u64 = SAMPLE_RATE as u64 * 2;
/// The most that a quiet part is raised, in dB: below that there is no voice, only hiss.
const MOST_LIFT: f64 = 40.0;
/// Both sides of a stereo player play a mono sound: twice the power, in dB.
pub(crate) const BOTH_SIDES: f64 = 3.0103;

impl Programme {
    /// Puts decoded parts in time, one for each of the recipe's, and behind them its beds.
    pub(crate) fn new(recipe: &Recipe, mut parts: Vec<Spooled>, target: &Utf8Path) -> Result<Self> {
        let width = parts.iter().map(|part| part.channels).max().unwrap_or(1);
        let keys = parts.iter().filter_map(|part| part.key.clone()).collect();
        let beds = parts.split_off(recipe.parts.len().min(parts.len()));
        let starts = starts(recipe, &parts);
        let ends = starts.iter().zip(&parts).map(|(start, part)| start + part.frames);
        let ends: Vec<u64> = ends.collect();
        let frames = ends.iter().copied().max().unwrap_or(0);
        if frames as f64 > LONGEST.0 * f64::from(SAMPLE_RATE) {
            let file = recipe.parts.last().map(|part| part.file.clone()).unwrap_or_default();
            return Err(StudioError::TooLong { file, limit: LONGEST });
        }
        let own = |part: &Spooled| part.loudness.map(|loudness| loudness.0);
        let level = |part: &Spooled| level(own(part), recipe.loudness.0);
        let music = recipe.music;
        let fades = (in_frames(music.fade_in).max(FADE), in_frames(music.fade_out).max(FADE));
        let chapters = chapters(recipe, &starts);
        let begins = starts.clone();
        let mut layers: Vec<Layer> = Vec::new();
        let mut placed = Vec::new();
        let sounds = parts.into_iter().zip(starts).zip(&recipe.parts);
        for (number, ((sound, start), part)) in sounds.enumerate() {
            let level = level(&sound);
            if part.into_next.0 > 0.0 || part.into_last.0 > 0.0 {
                let (frames, alone) = (sound.frames, music.level);
                layers.push(Layer { sound, start, frames, level, alone, fades });
            } else if part.voice {
                let fades = (FADE, FADE);
                placed.push(Placed { sound, start, level, fades, voice: true, number });
            } else {
                let level = level * amplitude(music.level);
                placed.push(Placed { sound, start, level, fades, voice: false, number });
            }
        }
        for (sound, bed) in beds.into_iter().zip(&recipe.beds) {
            let start = begins.get(bed.parts.start).copied().unwrap_or(0);
            let end = ends.get(bed.parts.end - 1).copied().unwrap_or(frames);
            let (level, alone) = (level(&sound), music.pauses);
            let fades = (fades.0.max(BED_FADE), fades.1.max(BED_FADE));
            let frames = end.saturating_sub(start);
            layers.push(Layer { sound, start, frames, level, alone, fades });
        }
        let mut made = Self {
            chapters,
            parts: placed,
            layers,
            ducking: Ducking::default(),
            music,
            channels: recipe.channels,
            width,
            keys,
            target: target.to_owned(),
            frames,
        };
        if !made.layers.is_empty() {
            made.ducking = made.find_speech()?;
        }
        Ok(made)
    }

    /// Where somebody speaks, or a sting plays, which a bed has to give way to as well.
    fn find_speech(&self) -> Result<Ducking> {
        let mut spoken = vec![false; (self.frames / STEP + 1) as usize];
        for part in &self.parts {
            let loudness = part.sound.loudness.map(|loudness| loudness.0);
            let mut speech = Speech::new(loudness, part.sound.channels);
            part.sound.read(&self.target, &mut |samples| {
                speech.push(samples);
                Ok(())
            })?;
            let first = (part.start / STEP) as usize;
            for (step, speaks) in spoken[first..].iter_mut().zip(speech.finish()) {
                *step |= speaks;
            }
        }
        Ok(Ducking::new(&spoken))
    }

    pub(crate) fn channels(&self) -> u16 {
        self.channels
    }

    /// The channels that [`Programme::render`] hands on.
    pub(crate) fn width(&self) -> u16 {
        self.width
    }

    /// How often each of them is in the episode.
    pub(crate) fn copies(&self) -> usize {
        usize::from(self.channels / self.width)
    }

    /// How many LU louder the episode is than one of them.
    pub(crate) fn gained(&self) -> f64 {
        if self.width < self.channels { BOTH_SIDES } else { 0.0 }
    }

    /// What the stages did, part by part.
    pub(crate) fn effects(&self) -> Vec<Effect> {
        let layers = self.layers.iter().map(|layer| &layer.sound);
        let sounds = self.parts.iter().map(|part| &part.sound).chain(layers);
        sounds.flat_map(|sound| sound.effects.iter().cloned()).collect()
    }

    pub(crate) fn length(&self) -> Seconds {
        Seconds(self.frames as f64 / f64::from(SAMPLE_RATE))
    }

    /// Hands on the finished sound, block by block of [`Programme::width`] interleaved
    /// channels, exactly [`Programme::frames`] frames; `progress` hears from 0 to 1.
    pub(crate) fn render(
        &self,
        setting: Setting,
        progress: &mut dyn FnMut(f64),
        each: &mut dyn FnMut(&[f32]) -> Result<()>,
    ) -> Result<()> {
        let channels = self.width;
        let gain = amplitude(setting.gain);
        let mut limiter = Limiter::new(channels, setting.ceiling);
        let mut mixer =
            Mixer::new(&self.layers, &self.ducking, &self.music, &self.target, channels);
        let mut out = Vec::new();
        let mut given = 0u64;
        let mut push = |block: &mut [f32]| {
            mixer.mix(block, gain)?;
            limiter.push(block, &mut out);
            given += (out.len() / usize::from(channels)) as u64;
            each(&out)?;
            out.clear();
            progress(given as f64 / self.frames.max(1) as f64);
            Ok(())
        };
        let mut at = 0;
        for part in &self.parts {
            be_silent(part.start.saturating_sub(at), channels, &mut push)?;
            at = part.start;
            let sound = &part.sound;
            let (copies, width) =
                (usize::from(channels / sound.channels), usize::from(sound.channels));
            let mut wide = Vec::new();
            let mut inner = 0;
            sound.read(&self.target, &mut |block| {
                let factor = gain * part.level;
                block.iter_mut().for_each(|sample| *sample *= factor);
                let count = (block.len() / width) as u64;
                if !spared(inner, count, sound.frames, part.fades) {
                    for (at, frame) in (inner..).zip(block.chunks_exact_mut(width)) {
                        let factor = fade(at, sound.frames, part.fades);
                        frame.iter_mut().for_each(|sample| *sample *= factor);
                    }
                }
                inner += count;
                if copies == 1 {
                    return push(block);
                }
                widen(block, copies, &mut wide);
                push(&mut wide)
            })?;
            at += sound.frames;
        }
        be_silent(self.frames.saturating_sub(at), channels, &mut push)?;
        limiter.finish(&mut out);
        given += (out.len() / usize::from(channels)) as u64;
        each(&out)?;
        progress(given as f64 / self.frames.max(1) as f64);
        Ok(())
    }

    /// Hands on what is said, mixed to one channel and each part as loud as it will be, with silence
    /// where nobody speaks: exactly [`Programme::frames`] samples.
    pub(crate) fn hear_voices(&self, each: &mut dyn FnMut(&[f32])) -> Result<()> {
        let mut at = 0;
        let mut mono = Vec::new();
        let mut hear = |samples: &mut [f32]| {
            each(samples);
            Ok(())
        };
        for part in self.parts.iter().filter(|part| part.voice) {
            be_silent(part.start.saturating_sub(at), 1, &mut hear)?;
            let width = usize::from(part.sound.channels);
            let factor = part.level / width as f32;
            part.sound.read(&self.target, &mut |block| {
                mono.clear();
                let frames = block.chunks_exact(width);
                mono.extend(frames.map(|frame| frame.iter().sum::<f32>() * factor));
                hear(&mut mono)
            })?;
            at = part.start + part.sound.frames;
        }
        be_silent(self.frames.saturating_sub(at), 1, &mut hear)
    }

    /// Where each voice begins and ends, with the number of its part in the recipe.
    pub(crate) fn voices(&self) -> Vec<(usize, Seconds, Seconds)> {
        let seconds = |frames: u64| Seconds(frames as f64 / f64::from(SAMPLE_RATE));
        let voices = self.parts.iter().filter(|part| part.voice);
        voices
            .map(|part| (part.number, seconds(part.start), seconds(part.start + part.sound.frames)))
            .collect()
    }
}

/// Where each part begins: behind the one before and a pause, or beneath it.
fn starts(recipe: &Recipe, parts: &[Spooled]) -> Vec<u64> {
    let pause = in_frames(recipe.pause);
    let mut starts: Vec<u64> = Vec::new();
    for (at, (part, sound)) in recipe.parts.iter().zip(parts).enumerate() {
        let Some(before) = at.checked_sub(1) else {
            starts.push(0);
            continue;
        };
        let end = starts[before] + parts[before].frames;
        let beneath = in_frames(part.into_last).max(in_frames(recipe.parts[before].into_next));
        let beneath = beneath.min(sound.frames).min(parts[before].frames);
        starts.push(if beneath > 0 { end - beneath } else { end + pause });
    }
    starts
}

fn in_frames(time: Seconds) -> u64 {
    (time.0.max(0.0) * f64::from(SAMPLE_RATE)).round() as u64
}

/// Hands on silence for so many frames.
fn be_silent(
    frames: u64,
    channels: u16,
    push: &mut dyn FnMut(&mut [f32]) -> Result<()>,
) -> Result<()> {
    let mut silence = vec![0.0; SAMPLE_RATE as usize * usize::from(channels)];
    let mut left = frames * u64::from(channels);
    while left > 0 {
        let now = left.min(silence.len() as u64);
        silence.fill(0.0);
        push(&mut silence[..now as usize])?;
        left -= now;
    }
    Ok(())
}

/// Each sample so many times, 1 or 2, in the place of what `wide` holds: from mono to both sides.
pub(crate) fn widen(samples: &[f32], copies: usize, wide: &mut Vec<f32>) {
    if copies == 1 {
        wide.clear();
        wide.extend_from_slice(samples);
        return;
    }
    wide.resize(samples.len() * 2, 0.0);
    for (both, sample) in wide.as_chunks_mut::<2>().0.iter_mut().zip(samples) {
        *both = [*sample; 2];
    }
}

/// The factor that brings a part to the target. Silence stays silent.
fn level(loudness: Option<f64>, target: f64) -> f32 {
    loudness.map_or(1.0, |loudness| amplitude((target - loudness).min(MOST_LIFT)))
}

fn amplitude(decibels: f64) -> f32 {
    decibels::amplitude(decibels) as f32
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
            let link = recipe.tags.chapter(title).and_then(|chapter| chapter.link.clone());
            Some(Chapter { start, title: title.to_owned(), link })
        })
        .collect();
    if let Some(first) = chapters.first_mut() {
        first.start = Seconds(0.0);
    }
    chapters
}

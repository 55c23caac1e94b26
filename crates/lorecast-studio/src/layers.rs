//! Music that is heard at the same time as the voice, and gives way to it.

use camino::Utf8Path;
use lorecast_model::Music;

use crate::meter::OFFSET;
use crate::spool::Spooled;
use crate::{Result, SAMPLE_RATE, decibels};

/// Music somewhere in the episode.
pub(crate) struct Layer {
    pub(crate) sound: Spooled,
    /// Where it begins, in frames of the episode.
    pub(crate) start: u64,
    /// How long it is heard; longer than the sound itself, it begins again.
    pub(crate) frames: u64,
    /// The amplitude factor that makes it as loud as the voice.
    pub(crate) level: f32,
    /// How loud it is where nobody speaks, in LU against the voice.
    pub(crate) alone: f64,
    /// Frames of its fades.
    pub(crate) fades: (u64, u64),
}

/// Where somebody speaks, and how far music has given way: from 0 to 1 for each step of the episode.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Ducking {
    given_way: Vec<f32>,
}

/// Frames of a step, 20 ms.
pub(crate) const STEP: u64 = SAMPLE_RATE as u64 / 50;
/// Music gives way before the first word, within a quarter of a second…
const DOWN: usize = 12;
/// …stays there through the pauses between sentences, 0.6 s…
const HOLD: usize = 30;
/// …and comes back within a second.
const UP: usize = 50;
/// What lies so many dB below a voice's loudness is none.
const BELOW_VOICE: f64 = 25.0;
/// Frames that are read at once.
const CHUNK: u64 = 1 << 14;

impl Ducking {
    /// From the steps in which somebody speaks.
    pub(crate) fn new(spoken: &[bool]) -> Self {
        let mut given_way = Vec::with_capacity(spoken.len());
        let mut since = usize::MAX;
        for speaks in spoken {
            since = if *speaks { 0 } else { since.saturating_add(1) };
            let back = since.saturating_sub(HOLD) as f32 / UP as f32;
            given_way.push((1.0 - back).max(0.0));
        }
        let mut next = 0.0f32;
        for step in given_way.iter_mut().rev() {
            *step = step.max(next - 1.0 / DOWN as f32);
            next = *step;
        }
        Self { given_way }
    }

    /// How far music has given way at a frame.
    fn at(&self, frame: u64) -> f32 {
        let step = (frame / STEP) as usize;
        let of = |step: usize| self.given_way.get(step).copied().unwrap_or(0.0);
        let share = (frame % STEP) as f32 / STEP as f32;
        of(step) + (of(step + 1) - of(step)) * share
    }
}

/// Tells in which steps of a voice somebody speaks.
pub(crate) struct Speech {
    /// Of a frame, all channels together.
    least_power: f64,
    power: f64,
    taken: u64,
    channels: usize,
    pub(crate) spoken: Vec<bool>,
}

impl Speech {
    /// For a voice of that loudness in LUFS.
    pub(crate) fn new(loudness: Option<f64>, channels: u16) -> Self {
        let least = loudness.map(|loudness| loudness - OFFSET - BELOW_VOICE);
        Self {
            least_power: least.map_or(f64::INFINITY, decibels::power),
            power: 0.0,
            taken: 0,
            channels: usize::from(channels),
            spoken: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, samples: &[f32]) {
        for frame in samples.chunks_exact(self.channels) {
            self.power += frame.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>();
            self.taken += 1;
            if self.taken == STEP {
                self.close();
            }
        }
    }

    pub(crate) fn finish(mut self) -> Vec<bool> {
        if self.taken > 0 {
            self.close();
        }
        self.spoken
    }

    fn close(&mut self) {
        self.spoken.push(self.power / self.taken as f64 > self.least_power);
        (self.power, self.taken) = (0.0, 0);
    }
}

/// Mixes layers into the episode, block by block from its start.
pub(crate) struct Mixer<'a> {
    layers: &'a [Layer],
    ducking: &'a Ducking,
    music: &'a Music,
    target: &'a Utf8Path,
    channels: usize,
    at: u64,
    sound: Vec<f32>,
}

impl<'a> Mixer<'a> {
    pub(crate) fn new(
        layers: &'a [Layer],
        ducking: &'a Ducking,
        music: &'a Music,
        target: &'a Utf8Path,
        channels: u16,
    ) -> Self {
        let channels = usize::from(channels);
        Self { layers, ducking, music, target, channels, at: 0, sound: Vec::new() }
    }

    /// Adds what is heard beneath the next frames, `gain` times.
    pub(crate) fn mix(&mut self, block: &mut [f32], gain: f32) -> Result<()> {
        let frames = (block.len() / self.channels) as u64;
        let (begin, end) = (self.at, self.at + frames);
        self.at = end;
        for layer in self.layers {
            let (from, to) = (begin.max(layer.start), end.min(layer.start + layer.frames));
            let mut from = from;
            while from < to && layer.sound.frames > 0 {
                let place = (from - layer.start) % layer.sound.frames;
                let count = (to - from).min(layer.sound.frames - place).min(CHUNK);
                layer.sound.read_at(self.target, place, count, &mut self.sound)?;
                let offset = (from - begin) as usize * self.channels;
                let out = &mut block[offset..offset + count as usize * self.channels];
                self.add(layer, from, gain, out);
                from += count;
            }
        }
        Ok(())
    }

    /// Adds one stretch of a layer, which lies in `self.sound`.
    fn add(&self, layer: &Layer, from: u64, gain: f32, out: &mut [f32]) {
        let width = usize::from(layer.sound.channels);
        let alone = layer.alone;
        // Never louder beneath the voice than alone.
        let beneath = self.music.beneath.min(alone);
        let frames = self.sound.chunks_exact(width).zip(out.chunks_exact_mut(self.channels));
        for (at, (sound, out)) in (from..).zip(frames) {
            let decibels = alone + (beneath - alone) * f64::from(self.ducking.at(at));
            let factor = gain
                * layer.level
                * decibels::amplitude(decibels) as f32
                * fade(at - layer.start, layer.frames, layer.fades);
            for (channel, out) in out.iter_mut().enumerate() {
                *out += sound[channel.min(width - 1)] * factor;
            }
        }
    }
}

/// Whether fades leave so many frames from `at` on as they are.
pub(crate) fn spared(at: u64, count: u64, frames: u64, fades: (u64, u64)) -> bool {
    at >= fades.0.min(frames / 2) && at + count + fades.1.min(frames / 2) <= frames
}

/// A raised cosine at both ends, for the frame `at` of `frames`.
pub(crate) fn fade(at: u64, frames: u64, (fade_in, fade_out): (u64, u64)) -> f32 {
    let ramp = |edge: u64, length: u64| {
        let length = length.min(frames / 2);
        if edge >= length {
            return 1.0;
        }
        let share = (edge as f32 + 0.5) / length as f32;
        0.5 - 0.5 * (std::f32::consts::PI * share).cos()
    };
    ramp(at, fade_in) * ramp(frames - 1 - at, fade_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How far music has given way in each step, in tenths: `.` for not at all, `#` for wholly.
    fn drawn(spoken: &[bool]) -> String {
        let sign = |share: &f32| match (share * 10.0).round() as u32 {
            0 => '.',
            10 => '#',
            tenth => char::from_digit(tenth, 10).unwrap(),
        };
        Ducking::new(spoken).given_way.iter().map(sign).collect()
    }

    #[test]
    fn music_gives_way_in_time_and_comes_back_slowly() {
        let spoken: Vec<bool> = (0..160).map(|step| (20..40).contains(&step)).collect();
        insta::assert_snapshot!(drawn(&spoken), @".........12334567889####################################################999998888877777666665555544444333332222211111...........................................");
        let word: Vec<bool> = (0..120).map(|step| step % 28 == 0).collect();
        assert!(!drawn(&word)[1..].contains(|c| c != '#'), "{}", drawn(&word));
        assert_eq!(drawn(&[false; 40]), ".".repeat(40));
        assert_eq!(drawn(&[]), "");
    }

    #[test]
    fn silence_is_no_speech() {
        let mut speech = Speech::new(Some(-20.0), 1);
        speech.push(&[0.1; 960]);
        speech.push(&[0.001; 960]);
        speech.push(&[0.1; 10]);
        assert_eq!(speech.finish(), [true, false, true]);
        let mut silence = Speech::new(None, 2);
        silence.push(&[0.1; 1920]);
        assert_eq!(silence.finish(), [false]);
    }

    #[test]
    fn fades_meet_in_the_middle_of_what_is_short() {
        assert_eq!(fade(50, 1000, (10, 10)), 1.0);
        assert!(fade(0, 1000, (10, 10)) < 0.01 && fade(999, 1000, (10, 10)) < 0.01);
        assert!((0..3).all(|at| fade(at, 3, (100, 100)) <= 1.0));
        assert_eq!(fade(0, 1, (100, 100)), 1.0);
    }
}

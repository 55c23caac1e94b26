//! The working copy: every part decoded and worked on, at the episode's rate, on disk.

mod copy;

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use camino::Utf8Path;
use lorecast_model::{Chain, Effect, Effects, Seconds};
use serde::Serialize;

use crate::cache::{Cache, Digest, Key};
use crate::chain::{Figure, Findings, Pauses, Sides, Survey, Voice};
use crate::channels::ChannelMap;
use crate::decode::Take;
use crate::digests::Digests;
use crate::recipe::{Part, Recipe};
use crate::resample::Rate;
use crate::{LONGEST, Result, SAMPLE_RATE, StudioError};
pub(crate) use copy::Spooled;
use copy::{Raw, Sink};

/// Of everything that a part goes through. To be raised whenever the same take would come out
/// otherwise than before.
const VERSION: u32 = 5;

/// Makes the working copies of an episode. Several threads may make parts at the same time.
pub(crate) struct Spooler<'a> {
    recipe: &'a Recipe,
    /// The output that it is for; errors name it, for the copies have no name.
    target: &'a Utf8Path,
    cache: Option<&'a Cache>,
    /// For the keys.
    digests: &'a Digests,
    /// Frames of what was counted so far.
    total: AtomicU64,
    /// What all that is counted may last.
    longest: Seconds,
}

/// Everything that a worked copy depends on.
#[derive(Serialize)]
struct MadeOf<'a> {
    take: Digest,
    span: (Option<Seconds>, Option<Seconds>),
    channels: u16,
    chain: Option<&'a Chain>,
    effects: &'a Effects,
}

impl<'a> Spooler<'a> {
    /// Without a cache, the copies lie beside the output, whose disk has to have room anyway.
    pub(crate) fn new(
        recipe: &'a Recipe,
        target: &'a Utf8Path,
        cache: Option<&'a Cache>,
        digests: &'a Digests,
    ) -> Self {
        Self { recipe, target, cache, digests, total: AtomicU64::new(0), longest: LONGEST }
    }

    /// Takes a part from the cache, or decodes it and works on it; `progress` hears from 0 to 1.
    /// `may_work` is false for a part that has to be there already.
    pub(crate) fn make(
        &self,
        part: &Part,
        may_work: bool,
        progress: &mut dyn FnMut(f64),
    ) -> Result<Spooled> {
        let key = match self.cache {
            Some(_) => Some(self.key(part)?),
            None => None,
        };
        if let (Some(cache), Some(key)) = (self.cache, &key)
            && let Some(mut found) = Spooled::find(cache, key)
        {
            tracing::info!(file = %part.file, "as it was worked on before");
            // The same bytes may have had another name.
            let name = part.file.file_name().unwrap_or_default();
            found.effects.iter_mut().for_each(|effect| effect.take = name.to_owned());
            progress(1.0);
            return Ok(found);
        }
        if !may_work {
            return Err(StudioError::Changed { file: part.file.clone() });
        }
        let raw_end = if part.voice { 0.5 } else { 1.0 };
        let mut survey = None;
        let mut raw =
            self.decode(part, &mut |share| progress(share * raw_end), &mut |samples, channels| {
                if part.voice {
                    survey.get_or_insert_with(|| Survey::new(channels)).push(samples);
                }
            })?;
        let mut found = survey.map(Survey::finish).unwrap_or_default();
        raw.hear(Sides::of(&found, raw.channels, self.recipe.channels));
        if raw.sides.is_new() {
            found = found.with(self.survey(&raw)?);
        }
        let mut sink = Sink::measured(self.cache, self.target, raw.channels)?;
        let figures = if part.voice {
            self.work(&raw, &found, &mut sink, &mut |share| progress(0.5 + share / 2.0))?
        } else {
            self.echo(&raw, &mut sink)?
        };
        let effects = effects(part, figures);
        sink.finish(key, self.recipe.channels, effects)
    }

    /// Listens to what is worked on, where that was not heard while it was decoded.
    fn survey(&self, raw: &Raw) -> Result<Findings> {
        let mut survey = Survey::new(raw.channels);
        raw.read(self.target, &mut |samples| {
            survey.push(samples);
            Ok(())
        })?;
        Ok(survey.finish())
    }

    /// The chain, for a voice.
    fn work(
        &self,
        raw: &Raw,
        found: &Findings,
        sink: &mut Sink,
        progress: &mut dyn FnMut(f64),
    ) -> Result<Vec<Figure>> {
        let mut voice = Voice::new(
            &self.recipe.chain,
            &self.recipe.effects,
            found,
            raw.channels,
            self.threads_for_one(),
        );
        let mut pauses = Pauses::new(self.recipe.chain.silence, found.loudness, raw.channels);
        let (mut worked, mut ready) = (Vec::new(), Vec::new());
        let mut done = 0;
        raw.read(self.target, &mut |samples| {
            voice.push(samples, &mut worked);
            pauses.push(&worked, &mut ready);
            worked.clear();
            done += samples.len() as u64 / u64::from(raw.channels);
            progress(done as f64 / raw.frames.max(1) as f64);
            sink.write(&mut ready)
        })?;
        voice.finish(&mut worked);
        pauses.push(&worked, &mut ready);
        pauses.finish(&mut ready);
        sink.write(&mut ready)?;
        let mut figures = flaws(raw, found);
        figures.extend(found.sides());
        figures.extend(voice.effects());
        figures.extend(pauses.effects());
        Ok(figures)
    }

    /// Where there are fewer parts than threads, a part gets some for itself.
    fn threads_for_one(&self) -> usize {
        let threads = self.recipe.threads();
        threads.div_ceil(self.recipe.parts.len().clamp(1, threads))
    }

    /// The effects, for what is no voice.
    fn echo(&self, raw: &Raw, sink: &mut Sink) -> Result<Vec<Figure>> {
        let mut voice = Voice::of_jingle(&self.recipe.effects, raw.channels);
        let mut ready = Vec::new();
        raw.read(self.target, &mut |samples| {
            voice.push(samples, &mut ready);
            sink.write(&mut ready)
        })?;
        voice.finish(&mut ready);
        sink.write(&mut ready)?;
        Ok(voice.effects())
    }

    /// Decodes, mixes and resamples; `each` hears what comes out. A voice in two channels keeps both until
    /// it is known what is wrong with them.
    fn decode(
        &self,
        part: &Part,
        progress: &mut dyn FnMut(f64),
        each: &mut dyn FnMut(&[f32], u16),
    ) -> Result<Raw> {
        let mut take = Take::of(part)?;
        let channels = match take.channels.count() {
            1 => 1,
            2 if part.voice => 2,
            _ => self.recipe.channels,
        };
        let map = ChannelMap::new(&take.channels, channels);
        let mut rate = Rate::new(take.rate, channels);
        let mut sink = Sink::raw(self.target, channels)?;
        let expected = take.promised.unwrap_or(u64::MAX).max(1);
        let (mut mixed, mut ready) = (Vec::new(), Vec::new());
        let (mut decoded, mut strange) = (0u64, None);
        while let Some(block) = take.next_block()? {
            count_strange(block, decoded, &mut strange);
            mixed.clear();
            map.mix(block, &mut mixed);
            rate.push(&mixed, &mut ready);
            decoded += (mixed.len() / usize::from(channels)) as u64;
            each(&ready, channels);
            sink.write(&mut ready)?;
            progress((decoded as f64 / expected as f64).min(1.0));
        }
        rate.finish(&mut ready);
        each(&ready, channels);
        sink.write(&mut ready)?;
        let rate = take.rate;
        let strange =
            strange.map(|(count, first): (u64, u64)| (count, first as f64 / f64::from(rate)));
        sink.into_raw(strange)
    }

    /// Counts a part towards the length of the episode.
    pub(crate) fn grow(&self, made: &Spooled, part: &Part) -> Result<()> {
        let total = self.total.fetch_add(made.frames, Ordering::Relaxed) + made.frames;
        if total as f64 > self.longest.0 * f64::from(SAMPLE_RATE) {
            return Err(StudioError::TooLong { file: part.file.clone(), limit: self.longest });
        }
        Ok(())
    }

    /// What a part is made of.
    pub(crate) fn key(&self, part: &Part) -> Result<Key> {
        // Whoever adds a field has to decide whether it changes the sound.
        let Part { file, from, to, chapter: _, voice, into_next: _, into_last: _, speaker: _ } =
            part;
        let made_of = MadeOf {
            take: self.digests.of(file).map_err(|source| match source.kind() {
                io::ErrorKind::NotFound => StudioError::Missing { file: file.clone() },
                // What is no file at all is told as what it is when it is opened.
                io::ErrorKind::IsADirectory => StudioError::NotAudio { file: file.clone() },
                _ => StudioError::Read { file: file.clone(), source },
            })?,
            span: (*from, *to),
            channels: self.recipe.channels,
            chain: voice.then_some(&self.recipe.chain),
            effects: &self.recipe.effects,
        };
        Ok(Key::new("part", VERSION, &made_of))
    }
}

fn effects(part: &Part, figures: Vec<Figure>) -> Vec<Effect> {
    let take = part.file.file_name().unwrap_or_default();
    let effect = |figure: Figure| Effect {
        take: take.to_owned(),
        stage: figure.stage.to_owned(),
        what: figure.what.to_owned(),
        amount: (figure.amount * 1000.0).round() / 1000.0,
        unit: figure.unit.to_owned(),
    };
    figures.into_iter().map(effect).collect()
}

/// Counts samples that are no numbers, and remembers the first frame that has one.
fn count_strange(block: &[f32], start: u64, strange: &mut Option<(u64, u64)>) {
    let here = block.iter().filter(|sample| !sample.is_finite()).count() as u64;
    if here > 0 {
        strange.get_or_insert((0, start)).0 += here;
    }
}

/// What is wrong with the recording itself.
fn flaws(raw: &Raw, found: &Findings) -> Vec<Figure> {
    let figure = |what, amount, unit| Figure { stage: "take", what, amount, unit };
    let mut flaws = Vec::new();
    if let Some((count, first)) = raw.strange {
        flaws.push(figure("samples that are no numbers, silent now", count as f64, ""));
        flaws.push(figure("the first of them at", first, "s"));
    }
    if found.loudness.is_none() {
        flaws.push(figure("nothing is heard", 0.0, ""));
    }
    if let Some(first) = found.first_clipped {
        flaws.push(figure("samples lost at full scale", found.clipped as f64, ""));
        flaws.push(figure("the first of them at", first as f64 / f64::from(SAMPLE_RATE), "s"));
    }
    if found.offset.abs() > 0.005 {
        flaws.push(figure("direct current", found.offset * 100.0, "%"));
    }
    flaws
}

#[cfg(test)]
mod tests {
    use camino::Utf8PathBuf;
    use lorecast_testkit::tone::Tone;

    use super::*;
    use crate::gather::gather;
    use crate::recipe::Bed;

    /// Whether takes and beds of a second each fit into an episode of two and a half, in a first run
    /// and in one that finds them in the cache.
    #[track_caller]
    fn check(takes: usize, beds: usize, fits: bool) {
        let dir = tempfile::tempdir().unwrap();
        let folder = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
        let file = Tone::noise(1).seconds(1.0).write(folder.join("a.wav"));
        let recipe = Recipe {
            parts: vec![Part { file: file.clone(), ..Part::default() }; takes],
            beds: vec![Bed { file, parts: 0..takes }; beds],
            ..Recipe::default()
        }
        .with_beds();
        let cache = Cache::open(&folder.join("cache")).unwrap();
        for run in ["fresh", "cached"] {
            let (target, digests) = (folder.join("master.wav"), Digests::default());
            let spooler = Spooler {
                longest: Seconds(2.5),
                ..Spooler::new(&recipe, &target, Some(&cache), &digests)
            };
            let made = gather(&recipe, &spooler, &mut |_, _| {});
            assert_eq!(made.is_ok(), fits, "{run}: {:?}", made.err());
        }
    }

    #[test]
    fn takes_alone_count_towards_the_longest_episode() {
        check(2, 0, true);
        check(2, 2, true);
        check(3, 0, false);
    }
}

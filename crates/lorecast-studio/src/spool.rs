//! The working copy: every part decoded and worked on, at the episode's rate, on disk.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicU64, Ordering};

use camino::Utf8Path;
use lorecast_model::{Effect, Lufs};

use crate::chain::{Figure, Findings, Pauses, Survey, Voice};
use crate::channels::ChannelMap;
use crate::decode::Take;
use crate::draft::{folder_of, write_error};
use crate::meter::Meter;
use crate::recipe::{Part, Recipe};
use crate::resample::Rate;
use crate::{LONGEST, Result, SAMPLE_RATE, StudioError};

/// One decoded part in a nameless file that vanishes with the process.
pub(crate) struct Spooled {
    file: File,
    /// 1 or 2, never more than the episode has: a mono take is worked on once.
    pub(crate) channels: u16,
    pub(crate) frames: u64,
    /// Its own integrated loudness in LUFS as the episode plays it, `None` for silence.
    pub(crate) loudness: Option<Lufs>,
    /// What was done to it.
    pub(crate) effects: Vec<Effect>,
}

/// Makes the working copies of an episode. Several threads may make parts at the same time.
pub(crate) struct Spooler<'a> {
    recipe: &'a Recipe,
    /// The output that it is for; errors name it, for the copies have no name.
    target: &'a Utf8Path,
    /// Frames of all parts so far.
    total: AtomicU64,
}

/// Frames that are read at once.
const BLOCK: usize = 8192;
/// Both sides of a stereo player play a mono take: twice the power.
const BOTH_SIDES: f64 = 3.0103;

impl<'a> Spooler<'a> {
    /// The copies lie beside the output, whose disk has to have room anyway.
    pub(crate) fn new(recipe: &'a Recipe, target: &'a Utf8Path) -> Self {
        Self { recipe, target, total: AtomicU64::new(0) }
    }

    /// Decodes a part and works on it; `progress` hears from 0 to 1.
    pub(crate) fn make(&self, part: &Part, progress: &mut dyn FnMut(f64)) -> Result<Spooled> {
        if !part.voice {
            return self.jingle(part, progress);
        }
        let mut survey = None;
        let raw =
            self.decode(part, &mut |share| progress(share / 2.0), &mut |samples, channels| {
                survey.get_or_insert_with(|| Survey::new(channels)).push(samples);
            })?;
        let found = survey.map(Survey::finish).unwrap_or_default();
        let mut voice = Voice::new(&self.recipe.chain, &self.recipe.effects, &found, raw.channels);
        let mut pauses = Pauses::new(self.recipe.chain.silence, found.loudness, raw.channels);
        let mut sink = self.sink(raw.channels)?;
        let (mut worked, mut ready) = (Vec::new(), Vec::new());
        let mut done = 0;
        raw.read(self.target, &mut |samples| {
            voice.push(samples, &mut worked);
            pauses.push(&worked, &mut ready);
            worked.clear();
            done += samples.len() as u64 / u64::from(raw.channels);
            progress(0.5 + done as f64 / raw.frames.max(1) as f64 / 2.0);
            sink.write(&mut ready)
        })?;
        voice.finish(&mut worked);
        pauses.push(&worked, &mut ready);
        pauses.finish(&mut ready);
        sink.write(&mut ready)?;
        let mut figures = flaws(&found);
        figures.extend(voice.effects());
        figures.extend(pauses.effects());
        self.close(sink, part, figures)
    }

    fn jingle(&self, part: &Part, progress: &mut dyn FnMut(f64)) -> Result<Spooled> {
        let raw = self.decode(part, progress, &mut |_, _| {})?;
        let mut voice = Voice::of_jingle(&self.recipe.effects, raw.channels);
        let mut sink = self.sink(raw.channels)?;
        let mut ready = Vec::new();
        raw.read(self.target, &mut |samples| {
            voice.push(samples, &mut ready);
            sink.write(&mut ready)
        })?;
        voice.finish(&mut ready);
        sink.write(&mut ready)?;
        let figures = voice.effects();
        self.close(sink, part, figures)
    }

    /// Decodes, mixes and resamples; `each` hears what comes out.
    fn decode(
        &self,
        part: &Part,
        progress: &mut dyn FnMut(f64),
        each: &mut dyn FnMut(&[f32], u16),
    ) -> Result<Spooled> {
        let mut take = Take::of(part)?;
        let channels = if take.channels.count() == 1 { 1 } else { self.recipe.channels };
        let map = ChannelMap::new(&take.channels, channels);
        let mut rate = Rate::new(take.rate, channels);
        let mut sink = self.sink(channels)?;
        let expected = take.promised.unwrap_or(u64::MAX).max(1);
        let (mut mixed, mut ready) = (Vec::new(), Vec::new());
        let mut decoded = 0u64;
        while let Some(block) = take.next_block()? {
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
        self.grow(sink.frames, part)?;
        Ok(sink.finish()?.spooled(Vec::new()))
    }

    fn grow(&self, frames: u64, part: &Part) -> Result<()> {
        let total = self.total.fetch_add(frames, Ordering::Relaxed) + frames;
        if total as f64 > LONGEST.0 * f64::from(SAMPLE_RATE) {
            return Err(StudioError::TooLong { file: part.file.clone(), limit: LONGEST });
        }
        Ok(())
    }

    fn sink(&self, channels: u16) -> Result<Sink<'a>> {
        let file = tempfile::tempfile_in(folder_of(self.target))
            .map_err(|source| write_error(self.target, source))?;
        Ok(Sink {
            writer: BufWriter::with_capacity(1 << 18, file),
            target: self.target,
            channels,
            frames: 0,
            meter: None,
        })
    }

    fn close(&self, sink: Sink, part: &Part, figures: Vec<Figure>) -> Result<Spooled> {
        let take = part.file.file_name().unwrap_or_default();
        let effects = figures
            .into_iter()
            .map(|figure| Effect {
                take: take.to_owned(),
                stage: figure.stage.to_owned(),
                what: figure.what.to_owned(),
                amount: (figure.amount * 1000.0).round() / 1000.0,
                unit: figure.unit.to_owned(),
            })
            .collect();
        let mut spooled = sink.finish()?.spooled(effects);
        if spooled.channels < self.recipe.channels
            && let Some(loudness) = &mut spooled.loudness
        {
            loudness.0 += BOTH_SIDES;
        }
        Ok(spooled)
    }
}

/// What is wrong with the recording itself.
fn flaws(found: &Findings) -> Vec<Figure> {
    let figure = |what, amount, unit| Figure { stage: "take", what, amount, unit };
    let mut flaws = Vec::new();
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

impl Spooled {
    /// Hands it on, block by block of interleaved samples.
    pub(crate) fn read(
        &self,
        target: &Utf8Path,
        each: &mut dyn FnMut(&mut [f32]) -> Result<()>,
    ) -> Result<()> {
        let read_error = |source| StudioError::Read { file: target.to_owned(), source };
        let width = usize::from(self.channels);
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0)).map_err(read_error)?;
        let mut reader = BufReader::with_capacity(1 << 18, file);
        let mut bytes = vec![0u8; BLOCK * width * 4];
        let mut samples = Vec::with_capacity(BLOCK * width);
        let mut left = self.frames * width as u64 * 4;
        while left > 0 {
            let size = left.min(bytes.len() as u64) as usize;
            reader.read_exact(&mut bytes[..size]).map_err(read_error)?;
            samples.clear();
            samples.extend(bytes[..size].as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)));
            each(&mut samples)?;
            left -= size as u64;
        }
        Ok(())
    }
}

impl Spooled {
    /// The frames from one place on, in the place of what `samples` holds.
    pub(crate) fn read_at(
        &self,
        target: &Utf8Path,
        frame: u64,
        count: u64,
        samples: &mut Vec<f32>,
    ) -> Result<()> {
        let read_error = |source| StudioError::Read { file: target.to_owned(), source };
        let width = u64::from(self.channels) * 4;
        let mut file = &self.file;
        file.seek(SeekFrom::Start(frame * width)).map_err(read_error)?;
        let mut bytes = vec![0; (count * width) as usize];
        file.read_exact(&mut bytes).map_err(read_error)?;
        samples.clear();
        samples.extend(bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)));
        Ok(())
    }
}

/// Writes one part and measures it on the way.
struct Sink<'a> {
    writer: BufWriter<File>,
    target: &'a Utf8Path,
    channels: u16,
    frames: u64,
    meter: Option<Meter>,
}

/// A part that is written.
struct Written {
    file: File,
    channels: u16,
    frames: u64,
    loudness: Option<Lufs>,
}

impl Sink<'_> {
    fn write(&mut self, samples: &mut Vec<f32>) -> Result<()> {
        self.frames += (samples.len() / usize::from(self.channels)) as u64;
        self.meter.get_or_insert_with(|| Meter::of_loudness(self.channels)).push(samples);
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        self.writer.write_all(&bytes).map_err(|source| write_error(self.target, source))?;
        samples.clear();
        Ok(())
    }

    fn finish(self) -> Result<Written> {
        let loudness = self.meter.and_then(|meter| meter.read().loudness).map(Lufs);
        let file = self
            .writer
            .into_inner()
            .map_err(|error| write_error(self.target, io::Error::from(error)))?;
        Ok(Written { file, channels: self.channels, frames: self.frames, loudness })
    }
}

impl Written {
    fn spooled(self, effects: Vec<Effect>) -> Spooled {
        let Self { file, channels, frames, loudness } = self;
        Spooled { file, channels, frames, loudness, effects }
    }
}

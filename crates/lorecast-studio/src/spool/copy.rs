//! One part on disk: 32 bit float, interleaved.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use camino::Utf8Path;
use crc32fast::Hasher;
use lorecast_model::{Effect, Lufs};
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use crate::cache::{Cache, Key};
use crate::chain::Sides;
use crate::draft::{folder_of, write_error};
use crate::meter::Meter;
use crate::programme::BOTH_SIDES;
use crate::{Result, StudioError};

/// Decoded sound in a nameless file that vanishes with the process.
pub(super) struct Raw {
    file: File,
    /// The channels that are written, and those that are read.
    recorded: u16,
    pub(super) channels: u16,
    pub(super) sides: Sides,
    pub(super) frames: u64,
    /// How many samples were no numbers, and the second of the first block with one.
    pub(super) strange: Option<(u64, f64)>,
}

/// A part that was worked on, in a nameless file or in the cache.
pub(crate) struct Spooled {
    file: File,
    /// 1 or 2, never more than the episode has: a mono take is worked on once.
    pub(crate) channels: u16,
    pub(crate) frames: u64,
    /// Its own integrated loudness in LUFS as the episode plays it, `None` for silence.
    pub(crate) loudness: Option<Lufs>,
    /// What was done to it.
    pub(crate) effects: Vec<Effect>,
    /// What it was made of, where there is a cache.
    pub(crate) key: Option<Key>,
}

/// What stands beside the sound in the cache.
#[derive(Serialize, Deserialize)]
struct About {
    channels: u16,
    frames: u64,
    loudness: Option<Lufs>,
    effects: Vec<Effect>,
}

/// Frames that are read at once.
const BLOCK: usize = 8192;

impl Raw {
    /// From now on it is heard like that.
    pub(super) fn hear(&mut self, sides: Sides) {
        self.channels = sides.channels(self.recorded);
        self.sides = sides;
    }

    /// Hands it on, block by block.
    pub(super) fn read(
        &self,
        target: &Utf8Path,
        each: &mut dyn FnMut(&mut [f32]) -> Result<()>,
    ) -> Result<()> {
        let (width, mut one) = (self.recorded, Vec::new());
        read(&self.file, self.frames * u64::from(width), width, target, &mut |block| {
            each(self.sides.hear(block, &mut one))
        })
    }
}

impl Spooled {
    /// What the cache has.
    pub(super) fn find(cache: &Cache, key: &Key) -> Option<Self> {
        let entry = cache.find::<About>(key)?;
        let About { channels, frames, loudness, effects } = entry.text;
        let whole = matches!(channels, 1 | 2)
            && frames.checked_mul(u64::from(channels) * 4) == Some(entry.bytes);
        let (file, key) = (entry.file, Some(key.clone()));
        whole.then_some(Self { file, channels, frames, loudness, effects, key })
    }

    /// Hands it on, block by block of interleaved samples.
    pub(crate) fn read(
        &self,
        target: &Utf8Path,
        each: &mut dyn FnMut(&mut [f32]) -> Result<()>,
    ) -> Result<()> {
        read(&self.file, self.frames * u64::from(self.channels), self.channels, target, each)
    }

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
        samples.clear();
        let (mut bytes, mut left) = ([0; 1 << 14], count * width);
        while left > 0 {
            let size = left.min(bytes.len() as u64) as usize;
            file.read_exact(&mut bytes[..size]).map_err(read_error)?;
            samples.extend(floats(&bytes[..size]));
            left -= size as u64;
        }
        Ok(())
    }
}

fn read(
    mut file: &File,
    samples: u64,
    channels: u16,
    target: &Utf8Path,
    each: &mut dyn FnMut(&mut [f32]) -> Result<()>,
) -> Result<()> {
    let read_error = |source| StudioError::Read { file: target.to_owned(), source };
    let width = usize::from(channels);
    file.seek(SeekFrom::Start(0)).map_err(read_error)?;
    let mut reader = BufReader::with_capacity(1 << 18, file);
    let mut bytes = vec![0u8; BLOCK * width * 4];
    let mut block = Vec::with_capacity(BLOCK * width);
    let mut left = samples * 4;
    while left > 0 {
        let size = left.min(bytes.len() as u64) as usize;
        reader.read_exact(&mut bytes[..size]).map_err(read_error)?;
        block.clear();
        block.extend(floats(&bytes[..size]));
        each(&mut block)?;
        left -= size as u64;
    }
    Ok(())
}

fn floats(bytes: &[u8]) -> impl Iterator<Item = f32> {
    bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes))
}

/// Writes one part.
pub(super) struct Sink<'a> {
    writer: BufWriter<Place>,
    cache: Option<&'a Cache>,
    target: &'a Utf8Path,
    channels: u16,
    samples: u64,
    bytes: Vec<u8>,
    /// For what goes into the episode: how loud it is, and for the cache its checksum.
    measured: Option<(Meter, Hasher)>,
}

/// Where it is written.
enum Place {
    Nameless(File),
    Cache(NamedTempFile),
}

impl Place {
    fn file(&self) -> &File {
        match self {
            Self::Nameless(file) => file,
            Self::Cache(entry) => entry.as_file(),
        }
    }
}

impl Write for Place {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file().flush()
    }
}

impl<'a> Sink<'a> {
    /// Sound that is read once more and forgotten.
    pub(super) fn raw(target: &'a Utf8Path, channels: u16) -> Result<Self> {
        Self::new(None, target, channels, None)
    }

    /// A part as the episode gets it.
    pub(super) fn measured(
        cache: Option<&'a Cache>,
        target: &'a Utf8Path,
        channels: u16,
    ) -> Result<Self> {
        let measured = (Meter::of_loudness(channels), Hasher::new());
        Self::new(cache, target, channels, Some(measured))
    }

    fn new(
        cache: Option<&'a Cache>,
        target: &'a Utf8Path,
        channels: u16,
        measured: Option<(Meter, Hasher)>,
    ) -> Result<Self> {
        let place = match cache {
            Some(cache) => cache.begin().map(Place::Cache),
            None => tempfile::tempfile_in(folder_of(target)).map(Place::Nameless),
        };
        let place = place.map_err(|source| write_error(target, source))?;
        let writer = BufWriter::with_capacity(1 << 18, place);
        Ok(Self { writer, cache, target, channels, samples: 0, bytes: Vec::new(), measured })
    }

    pub(super) fn frames(&self) -> u64 {
        self.samples / u64::from(self.channels)
    }

    pub(super) fn write(&mut self, samples: &mut Vec<f32>) -> Result<()> {
        self.samples += samples.len() as u64;
        self.bytes.resize(samples.len() * 4, 0);
        for (bytes, sample) in self.bytes.as_chunks_mut::<4>().0.iter_mut().zip(&*samples) {
            *bytes = sample.to_le_bytes();
        }
        if let Some((meter, hasher)) = &mut self.measured {
            meter.push(samples);
            if self.cache.is_some() {
                hasher.update(&self.bytes);
            }
        }
        samples.clear();
        self.writer.write_all(&self.bytes).map_err(|source| write_error(self.target, source))
    }

    pub(super) fn into_raw(self, strange: Option<(u64, f64)>) -> Result<Raw> {
        let (channels, frames) = (self.channels, self.frames());
        let target = self.target;
        let place = self.writer.into_inner().map_err(io::Error::from);
        let file = match place.map_err(|source| write_error(target, source))? {
            Place::Nameless(file) => file,
            Place::Cache(file) => file.into_file(),
        };
        Ok(Raw { file, recorded: channels, channels, sides: Sides::AsRecorded, frames, strange })
    }

    /// Keeps it in the cache, if there is one.
    pub(super) fn finish(
        self,
        key: Option<Key>,
        episode_channels: u16,
        effects: Vec<Effect>,
    ) -> Result<Spooled> {
        let (channels, frames, target, cache) =
            (self.channels, self.frames(), self.target, self.cache);
        let complain = |source| write_error(target, source);
        let (meter, hasher) = self.measured.unzip();
        let mut loudness = meter.and_then(|meter| meter.read().loudness).map(Lufs);
        if channels < episode_channels
            && let Some(loudness) = &mut loudness
        {
            loudness.0 += BOTH_SIDES;
        }
        let about = About { channels, frames, loudness, effects };
        let place = self.writer.into_inner().map_err(|error| complain(io::Error::from(error)))?;
        let file = match (place, cache, &key) {
            (Place::Cache(entry), Some(cache), Some(key)) => {
                cache.keep(key, entry, hasher.unwrap_or_default(), &about).map_err(complain)?
            }
            (Place::Cache(entry), _, _) => entry.into_file(),
            (Place::Nameless(file), _, _) => file,
        };
        let About { channels, frames, loudness, effects } = about;
        Ok(Spooled { file, channels, frames, loudness, effects, key })
    }
}

//! The working copy: every part decoded, at the episode's rate and channels, on disk.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use camino::{Utf8Path, Utf8PathBuf};

use crate::channels::ChannelMap;
use crate::decode::Take;
use crate::draft::{folder_of, write_error};
use crate::meter::Meter;
use crate::recipe::Part;
use crate::resample::Rate;
use crate::{LONGEST, Result, SAMPLE_RATE, StudioError};

/// Decoded parts, one behind the other in a nameless file that vanishes with the process.
pub(crate) struct Spool {
    file: File,
    /// The output that it is for; errors name it, for the file itself has no name.
    target: Utf8PathBuf,
    pub(crate) channels: u16,
    /// In the order in which they came.
    pub(crate) parts: Vec<Spooled>,
}

/// One decoded part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spooled {
    /// Where it starts, in frames.
    start: u64,
    pub(crate) frames: u64,
    /// Its own integrated loudness in LUFS, `None` for silence.
    pub(crate) loudness: Option<f64>,
}

/// Frames that are read at once.
const BLOCK: usize = 8192;

impl Spool {
    /// Opens it beside the output that it is for, whose disk has to have room anyway.
    pub(crate) fn new(target: &Utf8Path, channels: u16) -> Result<Self> {
        let file = tempfile::tempfile_in(folder_of(target))
            .map_err(|source| write_error(target, source))?;
        Ok(Self { file, target: target.to_owned(), channels, parts: Vec::new() })
    }

    /// Decodes a part behind the others; `progress` hears from 0 to 1.
    pub(crate) fn add(&mut self, part: &Part, progress: &mut dyn FnMut(f64)) -> Result<()> {
        let mut take = Take::open(&part.file)?;
        let map = ChannelMap::new(&take.channels, self.channels);
        let mut rate = Rate::new(take.rate, self.channels);
        let mut sink = Sink::new(self)?;
        let expected = take.promised.unwrap_or(u64::MAX).max(1);
        let (mut mixed, mut ready) = (Vec::new(), Vec::new());
        let mut decoded = 0u64;
        while let Some(block) = take.next_block()? {
            mixed.clear();
            map.mix(block, &mut mixed);
            rate.push(&mixed, &mut ready);
            decoded += (mixed.len() / usize::from(sink.channels)) as u64;
            sink.write(&mut ready, part)?;
            progress((decoded as f64 / expected as f64).min(1.0));
        }
        rate.finish(&mut ready);
        sink.write(&mut ready, part)?;
        let spooled = sink.finish()?;
        self.parts.push(spooled);
        Ok(())
    }

    /// Hands a part on, block by block of interleaved samples.
    pub(crate) fn read(
        &self,
        part: Spooled,
        each: &mut dyn FnMut(&mut [f32]) -> Result<()>,
    ) -> Result<()> {
        let read_error = |source| StudioError::Read { file: self.target.clone(), source };
        let width = usize::from(self.channels);
        let mut file = &self.file;
        file.seek(SeekFrom::Start(part.start * width as u64 * 4)).map_err(read_error)?;
        let mut reader = BufReader::with_capacity(1 << 18, file);
        let mut bytes = vec![0u8; BLOCK * width * 4];
        let mut samples = Vec::with_capacity(BLOCK * width);
        let mut left = part.frames * width as u64 * 4;
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

    fn end(&self) -> u64 {
        self.parts.last().map_or(0, |part| part.start + part.frames)
    }
}

/// Writes one part and measures it on the way.
struct Sink<'a> {
    writer: BufWriter<&'a File>,
    target: &'a Utf8Path,
    channels: u16,
    start: u64,
    frames: u64,
    meter: Meter,
}

impl<'a> Sink<'a> {
    fn new(spool: &'a Spool) -> Result<Self> {
        let start = spool.end();
        let mut file = &spool.file;
        file.seek(SeekFrom::Start(start * u64::from(spool.channels) * 4))
            .map_err(|source| write_error(&spool.target, source))?;
        Ok(Self {
            writer: BufWriter::with_capacity(1 << 18, file),
            target: &spool.target,
            channels: spool.channels,
            start,
            frames: 0,
            meter: Meter::of_loudness(spool.channels),
        })
    }

    fn write(&mut self, samples: &mut Vec<f32>, part: &Part) -> Result<()> {
        self.frames += (samples.len() / usize::from(self.channels)) as u64;
        if (self.start + self.frames) as f64 > LONGEST.0 * f64::from(SAMPLE_RATE) {
            return Err(StudioError::TooLong { file: part.file.clone(), limit: LONGEST });
        }
        self.meter.push(samples);
        let written: io::Result<()> =
            samples.iter().try_for_each(|sample| self.writer.write_all(&sample.to_le_bytes()));
        written.map_err(|source| write_error(self.target, source))?;
        samples.clear();
        Ok(())
    }

    fn finish(mut self) -> Result<Spooled> {
        self.writer.flush().map_err(|source| write_error(self.target, source))?;
        let (start, frames) = (self.start, self.frames);
        Ok(Spooled { start, frames, loudness: self.meter.read().loudness })
    }
}

//! The bundled LAME, on several threads. Nothing else in the workspace knows it.
//!
//! The sound is cut into chunks that are encoded apart and joined at a frame where both encoders
//! agree about the bit reservoir. Where chunks begin depends on the sound's length alone, so that the
//! file is the same for any number of threads.

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::num::NonZeroU32;

use lorecast_model::Mp3Format;
use mp3lame_encoder::{
    Bitrate, BuildError, Builder, FlushGap, InterleavedPcm, Mode, MonoPcm, Quality, VbrMode,
    max_required_buffer_size,
};

use super::frames::{FRAME, Frame, size, split};
use super::info::{self, Stream};
use super::join::{Joiner, OVERLAP};
use super::{Failure, bit_rate, scale};
use crate::SAMPLE_RATE;
use crate::crew::{Crew, Gone};

/// Frames that one chunk is for: 24 seconds. What chunks overlap is encoded twice, 4 % of it all.
const SHARE: usize = 1000;
/// Frames behind a chunk that the encoder hears and whose encoding is not used: it looks ahead.
const BEHIND: usize = 4;
/// Samples that are encoded at once.
const STEP: usize = 8 * FRAME;

/// Encodes into a file, behind what is already in it.
pub(crate) struct Encoder {
    channels: usize,
    file: BufWriter<File>,
    /// Where the first frame lies, which is completed at the end.
    start: u64,
    /// Samples from the start of the next chunk.
    waiting: Vec<f32>,
    crew: Crew<Job, Result<Chunk, String>>,
    is_first: bool,
    joiner: Joiner,
    tag: Vec<u8>,
    stream: Stream,
}

struct Job {
    samples: Vec<f32>,
    is_first: bool,
    /// Only the last chunk goes to the end of the sound; the others are cut.
    is_last: bool,
}

struct Chunk {
    frames: Vec<Frame>,
    /// The tag of the first chunk.
    tag: Vec<u8>,
}

impl Encoder {
    pub(crate) fn start(
        mut file: File,
        channels: u16,
        format: Mp3Format,
        threads: usize,
    ) -> Result<Self, Failure> {
        let start = file.stream_position()?;
        let file = BufWriter::with_capacity(1 << 16, file);
        Ok(Self {
            channels: usize::from(channels),
            file,
            start,
            waiting: Vec::new(),
            crew: Crew::new(threads, move |job| encode(&job, channels, format)),
            is_first: true,
            joiner: Joiner::default(),
            tag: Vec::new(),
            stream: Stream::default(),
        })
    }

    /// Takes interleaved samples.
    pub(crate) fn write(&mut self, samples: &[f32]) -> Result<(), Failure> {
        self.stream.samples += (samples.len() / self.channels) as u64;
        self.waiting.extend_from_slice(samples);
        let whole = (SHARE + OVERLAP + BEHIND) * FRAME * self.channels;
        while self.waiting.len() >= whole {
            self.give(self.waiting[..whole].to_vec(), false)?;
            self.waiting.drain(..SHARE * FRAME * self.channels);
        }
        Ok(())
    }

    /// Encodes the rest, and writes the first frame again.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        let rest = std::mem::take(&mut self.waiting);
        self.give(rest, true)?;
        while let Some(chunk) = self.crew.take().map_err(gone)? {
            self.add(chunk)?;
        }
        let mut bytes = Vec::new();
        let (frames, marks) = std::mem::take(&mut self.joiner).finish(&mut bytes);
        (self.stream.frames, self.stream.marks) = (frames, marks);
        self.put(&bytes)?;
        info::correct(&mut self.tag, &self.stream);
        self.file.seek(SeekFrom::Start(self.start))?;
        self.file.write_all(&self.tag)?;
        Ok(self.file.flush()?)
    }

    fn give(&mut self, samples: Vec<f32>, is_last: bool) -> Result<(), Failure> {
        let job = Job { samples, is_first: std::mem::take(&mut self.is_first), is_last };
        match self.crew.give(job).map_err(gone)? {
            Some(chunk) => self.add(chunk),
            None => Ok(()),
        }
    }

    fn add(&mut self, chunk: Result<Chunk, String>) -> Result<(), Failure> {
        let chunk = chunk.map_err(Failure::Encoder)?;
        let mut bytes = Vec::new();
        if !chunk.tag.is_empty() {
            self.tag = chunk.tag;
            self.file.write_all(&self.tag)?;
        }
        self.joiner.add(chunk.frames, SHARE, &mut bytes);
        self.put(&bytes)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.stream.bytes += bytes.len() as u64;
        self.stream.crc = info::crc(self.stream.crc, bytes);
        Ok(self.file.write_all(bytes)?)
    }
}

fn gone(gone: Gone) -> Failure {
    Failure::Encoder(gone.to_string())
}

/// One chunk from a fresh encoder.
fn encode(job: &Job, channels: u16, format: Mp3Format) -> Result<Chunk, String> {
    let mut lame = build(channels, format, job.is_first).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    let mut scaled = Vec::new();
    let undo = 1.0 / scale(format, channels);
    for samples in job.samples.chunks(STEP * usize::from(channels)) {
        scaled.clear();
        scaled.extend(samples.iter().map(|sample| sample * undo));
        bytes.reserve(max_required_buffer_size(samples.len()));
        let encoded = match channels {
            1 => lame.encode_to_vec(MonoPcm(&scaled), &mut bytes),
            _ => lame.encode_to_vec(InterleavedPcm(&scaled), &mut bytes),
        };
        encoded.map_err(|error| error.to_string())?;
    }
    bytes.reserve(max_required_buffer_size(0));
    lame.flush_to_vec::<FlushGap>(&mut bytes).map_err(|error| error.to_string())?;
    let mut tag = Vec::new();
    let mut first = 0;
    if job.is_first {
        tag.reserve(lame.lame_tag_size());
        lame.lame_tag_encode_to_vec(&mut tag);
        // A place was kept for it at the front.
        first = bytes.get(..4).and_then(size).unwrap_or(0);
    }
    let mut frames = split(bytes.get(first..).unwrap_or_default())
        .ok_or_else(|| "something that is no stream of frames".to_owned())?;
    if !job.is_last {
        frames.truncate(SHARE + OVERLAP);
    }
    Ok(Chunk { frames, tag })
}

fn build(
    channels: u16,
    format: Mp3Format,
    with_tag: bool,
) -> Result<mp3lame_encoder::Encoder, BuildError> {
    let mode = if channels == 1 { Mode::Mono } else { Mode::JointStereo };
    let builder = Builder::new()
        .ok_or(BuildError::NoMem)?
        .with_sample_rate(SAMPLE_RATE)?
        .with_output_sample_rate(NonZeroU32::new(SAMPLE_RATE))?
        .with_num_channels(channels as u8)?
        .with_mode(mode)?;
    let builder = match format.vbr {
        Some(number) => {
            builder.with_vbr_mode(VbrMode::Mtrh)?.with_vbr_quality(vbr_quality(number))?
        }
        None => builder.with_brate(constant(bit_rate(format, channels)))?,
    };
    builder.with_quality(Quality::VeryNice)?.with_to_write_vbr_tag(with_tag)?.build()
}

fn constant(kbps: u16) -> Bitrate {
    match kbps {
        64 => Bitrate::Kbps64,
        80 => Bitrate::Kbps80,
        96 => Bitrate::Kbps96,
        112 => Bitrate::Kbps112,
        128 => Bitrate::Kbps128,
        160 => Bitrate::Kbps160,
        192 => Bitrate::Kbps192,
        224 => Bitrate::Kbps224,
        256 => Bitrate::Kbps256,
        _ => Bitrate::Kbps320,
    }
}

/// `-V 0` to `-V 9`.
fn vbr_quality(number: u8) -> Quality {
    match number {
        0 => Quality::Best,
        1 => Quality::SecondBest,
        2 => Quality::NearBest,
        3 => Quality::VeryNice,
        4 => Quality::Nice,
        5 => Quality::Good,
        6 => Quality::Decent,
        7 => Quality::Ok,
        8 => Quality::SecondWorst,
        _ => Quality::Worst,
    }
}

//! The bundled LAME, on several threads. Nothing else in the workspace knows it.
//!
//! The sound is cut into chunks that are encoded apart and joined at a frame where both encoders
//! agree about the bit reservoir. Where chunks begin depends on the sound's length alone, so that the
//! file is the same for any number of threads.

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::num::NonZeroU32;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

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
    workers: Vec<Worker>,
    /// Chunks that were given to workers, and those that came back: the worker of each is its number
    /// modulo the workers.
    given: usize,
    taken: usize,
    joiner: Joiner,
    tag: Vec<u8>,
    stream: Stream,
}

struct Worker {
    jobs: Option<SyncSender<Job>>,
    chunks: Receiver<Result<Chunk, String>>,
    thread: Option<JoinHandle<()>>,
}

struct Job {
    samples: Vec<f32>,
    is_first: bool,
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
            workers: (0..threads.max(1)).map(|_| Worker::start(channels, format)).collect(),
            given: 0,
            taken: 0,
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
            self.give(self.waiting[..whole].to_vec())?;
            self.waiting.drain(..SHARE * FRAME * self.channels);
        }
        Ok(())
    }

    /// Encodes the rest, and writes the first frame again.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        let rest = std::mem::take(&mut self.waiting);
        self.give(rest)?;
        while self.taken < self.given {
            // Only the last chunk goes to the end of the sound; the others were cut.
            let is_last = self.taken + 1 == self.given;
            self.take(is_last)?;
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

    fn give(&mut self, samples: Vec<f32>) -> Result<(), Failure> {
        let count = self.workers.len();
        // One chunk for each worker to do and one to begin with: then the oldest has to come back.
        if self.given - self.taken >= 2 * count {
            self.take(false)?;
        }
        let job = Job { samples, is_first: self.given == 0 };
        let jobs = &self.workers[self.given % count].jobs;
        let sent = jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok());
        self.given += 1;
        if sent { Ok(()) } else { Err(gone()) }
    }

    fn take(&mut self, is_last: bool) -> Result<(), Failure> {
        let worker = &self.workers[self.taken % self.workers.len()];
        let mut chunk = worker.chunks.recv().map_err(|_| gone())?.map_err(Failure::Encoder)?;
        self.taken += 1;
        if !is_last {
            chunk.frames.truncate(SHARE + OVERLAP);
        }
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

impl Drop for Encoder {
    fn drop(&mut self) {
        for worker in &mut self.workers {
            worker.jobs = None;
            // A worker that waits for its answer to be taken would wait for ever.
            while worker.chunks.recv().is_ok() {}
            if let Some(thread) = worker.thread.take() {
                let _ = thread.join();
            }
        }
    }
}

impl Worker {
    fn start(channels: u16, format: Mp3Format) -> Self {
        let (jobs, inbox) = sync_channel::<Job>(1);
        let (outbox, chunks) = sync_channel(2);
        let thread = std::thread::spawn(move || {
            for job in inbox {
                if outbox.send(encode(&job, channels, format)).is_err() {
                    return;
                }
            }
        });
        Self { jobs: Some(jobs), chunks, thread: Some(thread) }
    }
}

fn gone() -> Failure {
    Failure::Encoder("a thread of it ended".to_owned())
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
    let frames = split(bytes.get(first..).unwrap_or_default())
        .ok_or_else(|| "something that is no stream of frames".to_owned())?;
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

//! The bundled LAME, on several threads. Nothing else in the workspace knows it.
//!
//! The sound is cut into chunks that are encoded apart and joined at a frame where both encoders
//! agree about the bit reservoir. Where chunks begin depends on the sound's length alone, so that the
//! file is the same for any number of threads.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::num::NonZeroU32;

use lorecast_model::Mp3Format;
use mp3lame_encoder::{
    Bitrate, BuildError, Builder, EncodeError, FlushGap, InterleavedPcm, Mode, MonoPcm, Quality,
    VbrMode, max_required_buffer_size,
};

use super::frames::{FRAME, Frame, SLOWEST, rate_index, split};
use super::info::{self, Stream};
use super::join::{Joiner, OVERLAP};
use super::low_pass::{band, low_pass};
use super::{Failure, bit_rate, scale, twins};
use crate::SAMPLE_RATE;
use crate::channels::are_twins;
use crate::crew::{Crew, Gone};
use crate::programme::widen;

/// Frames that one chunk is for: 24 seconds. What chunks overlap is encoded twice, 4 % of it all.
const SHARE: usize = 1000;
/// Frames behind a chunk that the encoder hears and whose encoding is not used: it looks ahead.
const BEHIND: usize = 4;
/// Constant bit rates, in kilobits a second: those that a show may ask for.
const RATES: [u16; 10] = [64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
/// From here on, for one channel, noise lies so low that it makes no difference to shape it like the sound,
/// which takes LAME twice as long: `tests/parity/studio/twins.py` measures it.
const PLENTY: u16 = 112;
/// Samples that are encoded at once.
const STEP: usize = 8 * FRAME;

/// Encodes into a file, behind what is already in it.
pub(crate) struct Encoder {
    channels: usize,
    /// How often each sample that comes is heard.
    copies: usize,
    file: BufWriter<File>,
    /// Where the first frame lies, which is completed at the end.
    start: u64,
    /// Samples from the start of the next chunk.
    waiting: Vec<f32>,
    crew: Crew<Job, Result<Vec<Frame>, String>>,
    joiner: Joiner,
    tag: Vec<u8>,
    stream: Stream,
}

struct Job {
    samples: Vec<f32>,
    /// How often each of them is heard.
    copies: usize,
    /// Only the last chunk goes to the end of the sound; the others are cut.
    is_last: bool,
}

impl Encoder {
    pub(crate) fn start(
        mut file: File,
        channels: u16,
        format: Mp3Format,
        threads: usize,
    ) -> Result<Self, Failure> {
        let start = file.stream_position()?;
        let mut file = BufWriter::with_capacity(1 << 16, file);
        let way = Way::of(channels, format);
        let tag = tag(way).map_err(Failure::Encoder)?;
        file.write_all(&tag)?;
        Ok(Self {
            channels: usize::from(channels),
            copies: 1,
            file,
            start,
            waiting: Vec::new(),
            crew: Crew::new(threads, move |job| encode(&job, way)),
            joiner: Joiner::default(),
            tag,
            stream: Stream::default(),
        })
    }

    /// Takes interleaved samples, each as often as `copies` says.
    pub(crate) fn write(&mut self, samples: &[f32], copies: usize) -> Result<(), Failure> {
        self.copies = copies;
        let width = self.channels / copies;
        self.stream.samples += (samples.len() / width) as u64;
        self.waiting.extend_from_slice(samples);
        let whole = (SHARE + OVERLAP + BEHIND) * FRAME * width;
        while self.waiting.len() >= whole {
            let rest = self.waiting[SHARE * FRAME * width..].to_vec();
            let mut chunk = std::mem::replace(&mut self.waiting, rest);
            chunk.truncate(whole);
            self.give(chunk, false)?;
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
        match self.crew.give(Job { samples, copies: self.copies, is_last }).map_err(gone)? {
            Some(chunk) => self.add(chunk),
            None => Ok(()),
        }
    }

    fn add(&mut self, chunk: Result<Vec<Frame>, String>) -> Result<(), Failure> {
        let mut bytes = Vec::new();
        self.joiner.add(chunk.map_err(Failure::Encoder)?, SHARE, &mut bytes);
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

/// How a sound is encoded.
#[derive(Clone, Copy)]
struct Way {
    channels: u16,
    format: Mp3Format,
    /// How long LAME looks for the best way to spend its bits.
    care: Quality,
}

/// One chunk from a fresh encoder; where both sides are the same, from one that hears one of them.
fn encode(job: &Job, way: Way) -> Result<Vec<Frame>, String> {
    let twins = match (one_side(job, way.channels), Way::of_twins(way.format)) {
        (Some(side), Some(narrow)) => {
            let side = banded(side, way.format);
            twins::widen(&frames(&side, narrow)?, least_rate(way.format))
        }
        _ => None,
    };
    let mut frames = match twins {
        Some(frames) => frames,
        None if job.copies == 1 => frames(&job.samples, way)?,
        None => {
            let mut both = Vec::new();
            widen(&job.samples, job.copies, &mut both);
            frames(&both, way)?
        }
    };
    if !job.is_last {
        frames.truncate(SHARE + OVERLAP);
    }
    Ok(frames)
}

/// One side of a stereo sound, when the other is the same.
fn one_side(job: &Job, channels: u16) -> Option<Cow<'_, [f32]>> {
    if job.copies == 2 {
        return Some(Cow::Borrowed(&job.samples));
    }
    let are_twins = channels == 2 && are_twins(&job.samples);
    are_twins.then(|| job.samples.iter().step_by(2).copied().collect())
}

/// One side with the band that both have in stereo.
fn banded(side: Cow<'_, [f32]>, format: Mp3Format) -> Cow<'_, [f32]> {
    match band(bit_rate(format, 2)).filter(|_| format.vbr.is_none()) {
        Some(hertz) => low_pass(&side, hertz).into(),
        None => side,
    }
}

/// The lowest bit rate that stereo frames may have, by its index in their headers.
fn least_rate(format: Mp3Format) -> u8 {
    if format.vbr.is_some() { SLOWEST } else { rate_index(bit_rate(format, 2)) }
}

impl Way {
    fn of(channels: u16, format: Mp3Format) -> Self {
        Self { channels, format, care: Quality::VeryNice }
    }

    /// As mono, so that the frames fit into stereo ones of that format: their side information is 15 bytes
    /// shorter, and from one bit rate to the next there are 24 at least. `None` for the lowest rate.
    fn of_twins(format: Mp3Format) -> Option<Self> {
        if format.vbr.is_some() {
            return Some(Self::of(1, format));
        }
        let at = RATES.iter().position(|rate| *rate == bit_rate(format, 2))?;
        let kbps = RATES[at.checked_sub(1)?];
        let narrow = Self::of(1, Mp3Format { kbps: Some(kbps), vbr: None });
        Some(if kbps < PLENTY { narrow } else { Self { care: Quality::Ok, ..narrow } })
    }

    fn build(self, with_tag: bool) -> Result<mp3lame_encoder::Encoder, BuildError> {
        let mode = if self.channels == 1 { Mode::Mono } else { Mode::JointStereo };
        let builder = Builder::new()
            .ok_or(BuildError::NoMem)?
            .with_sample_rate(SAMPLE_RATE)?
            .with_output_sample_rate(NonZeroU32::new(SAMPLE_RATE))?
            .with_num_channels(self.channels as u8)?
            .with_mode(mode)?;
        let builder = match self.format.vbr {
            Some(number) => {
                builder.with_vbr_mode(VbrMode::Mtrh)?.with_vbr_quality(vbr_quality(number))?
            }
            None => builder.with_brate(constant(bit_rate(self.format, self.channels)))?,
        };
        builder.with_quality(self.care)?.with_to_write_vbr_tag(with_tag)?.build()
    }
}

/// The frames of a sound. Its encoder writes no tag.
fn frames(samples: &[f32], way: Way) -> Result<Vec<Frame>, String> {
    let mut lame = way.build(false).map_err(|error| error.to_string())?;
    let stream = run(&mut lame, samples, way).map_err(|error| error.to_string())?;
    split(&stream).ok_or_else(|| "something that is no stream of frames".to_owned())
}

/// The first frame, of an encoder that heard nothing: what depends on the sound is corrected at the end.
fn tag(way: Way) -> Result<Vec<u8>, String> {
    let mut lame = way.build(true).map_err(|error| error.to_string())?;
    let silence = vec![0.0; FRAME * usize::from(way.channels)];
    run(&mut lame, &silence, way).map_err(|error| error.to_string())?;
    let mut tag = Vec::with_capacity(lame.lame_tag_size());
    lame.lame_tag_encode_to_vec(&mut tag);
    Ok(tag)
}

/// Everything that an encoder makes of a sound.
fn run(
    lame: &mut mp3lame_encoder::Encoder,
    samples: &[f32],
    Way { channels, format, .. }: Way,
) -> Result<Vec<u8>, EncodeError> {
    let (mut bytes, mut scaled) = (Vec::new(), Vec::new());
    let undo = 1.0 / scale(format, channels);
    for samples in samples.chunks(STEP * usize::from(channels)) {
        scaled.clear();
        scaled.extend(samples.iter().map(|sample| sample * undo));
        bytes.reserve(max_required_buffer_size(samples.len()));
        match channels {
            1 => lame.encode_to_vec(MonoPcm(&scaled), &mut bytes)?,
            _ => lame.encode_to_vec(InterleavedPcm(&scaled), &mut bytes)?,
        };
    }
    bytes.reserve(max_required_buffer_size(0));
    lame.flush_to_vec::<FlushGap>(&mut bytes)?;
    Ok(bytes)
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

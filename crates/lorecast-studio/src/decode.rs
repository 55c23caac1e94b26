//! From a sound file to samples.

use std::fs::File;
use std::io::Read;
use std::num::NonZero;
use std::sync::LazyLock;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::Seconds;
use symphonia::core::audio::Channels;
use symphonia::core::codecs::audio::well_known::{CODEC_ID_AAC, CODEC_ID_OPUS, CODEC_ID_WAVPACK};
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::codecs::registry::CodecRegistry;
use symphonia::core::errors::Error as Fault;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo, TrackType};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::units::{TimeBase, Timestamp};

use crate::edit_list;
use crate::guard::guarded;
use crate::recipe::Part;
use crate::{LONGEST, Result, StudioError};

/// What a take is, without mastering it.
#[derive(Clone, Debug, PartialEq)]
pub struct TakeInfo {
    /// How long it plays.
    pub length: Seconds,
    /// Samples a second.
    pub sample_rate: u32,
    /// How many channels.
    pub channels: u16,
    /// The codec's short name: `pcm_s16le`, `flac`, `mp3`, `vorbis`, `aac`.
    pub codec: String,
}

/// Looks at a take. The length is read from the header where there is one, else by decoding.
///
/// # Errors
/// When the file is missing, is not audio, holds a codec that cannot be decoded, or (where it has
/// to be decoded) is damaged.
pub fn probe(file: &Utf8Path) -> Result<TakeInfo> {
    let mut take = Take::open(file)?;
    let frames = match take.promised {
        Some(frames) => frames,
        None => {
            while take.next_block()?.is_some() {}
            take.decoded
        }
    };
    Ok(take.info(frames))
}

/// What a recording is that somebody sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Examined {
    /// What is known by having decoded all of it.
    pub info: TakeInfo,
    /// The ending that its name should have, by what it holds: `wav`, `webm`.
    pub ending: &'static str,
}

/// Decodes a whole recording, in bounded memory, to know that the studio can: by what it holds, whatever its name and header say.
///
/// # Errors
/// As [`probe`]; and when it plays longer than `longest`, as soon as that is known.
pub fn examine(file: &Utf8Path, longest: Seconds) -> Result<Examined> {
    let mut take = Take::open(file)?;
    let ending = take.ending()?;
    while take.next_block()?.is_some() {
        if take.seconds(take.decoded) > longest {
            return Err(StudioError::TooLong { file: file.to_owned(), limit: longest });
        }
    }
    Ok(Examined { info: take.info(take.decoded), ending })
}

/// A sound file that is being decoded.
pub(crate) struct Take {
    file: Utf8PathBuf,
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    /// Samples a second.
    pub(crate) rate: u32,
    pub(crate) channels: Channels,
    /// Frames that the header announces.
    pub(crate) promised: Option<u64>,
    /// Frames that came out so far.
    pub(crate) decoded: u64,
    /// Samples that are still to be left out at the start (MP4, and what lies before the part).
    skip: u64,
    /// Samples that may still be heard (MP4, and up to the end of the part).
    room: u64,
    /// Where in the file the part begins, for messages.
    begin: Seconds,
    /// Whether something may lie behind what is heard.
    cut: bool,
    /// A WAV that was written into a pipe, or a WebM that a browser recorded: its header does not know its length.
    endless: bool,
    /// Its time stamps count frames.
    counts_frames: bool,
    codec: &'static str,
    block: Vec<f32>,
}

/// More channels than a field recorder has, or rates outside these, are not recordings of speech.
const MOST_CHANNELS: usize = 32;
const RATES: std::ops::RangeInclusive<u32> = 4_000..=384_000;
/// What is told of a place at which a reader or decoder itself breaks down.
const STUMBLED: &str = "it makes no sense to the decoder";
/// A hostile container can name billions of packets that hold nothing.
const MOST_EMPTY_PACKETS: u32 = 10_000;

impl Take {
    pub(crate) fn open(file: &Utf8Path) -> Result<Self> {
        let stream = stream(file)?;
        let mut hint = Hint::new();
        if let Some(extension) = file.extension() {
            hint.with_extension(extension);
        }
        let probe = symphonia::default::get_probe();
        let options = (FormatOptions::default(), MetadataOptions::default());
        let format = guarded(|| probe.probe(&hint, stream, options.0, options.1))
            .unwrap_or(Err(Fault::DecodeError(STUMBLED)))
            .map_err(|fault| not_opened(file, &fault))?;
        Self::choose_track(file, format)
    }

    /// Opens a part of a recording.
    pub(crate) fn of(part: &Part) -> Result<Self> {
        let mut take = Self::open(&part.file)?;
        let from = part.from.unwrap_or_default();
        let frames = |time: Seconds| (time.0.max(0.0) * f64::from(take.rate)).round() as u64;
        let (start, end) = (frames(from), part.to.map(frames));
        if end.is_some_and(|end| end <= start) {
            let message = format!(
                "a section of `{}` is to end before it begins, at {}",
                part.file,
                from.clock()
            );
            return Err(StudioError::Recipe { message });
        }
        if let Some(promised) = take.promised
            && promised <= start
        {
            let held = take.seconds(promised);
            return Err(StudioError::BehindEnd { file: take.file, from, held });
        }
        let width = take.channels.count() as u64;
        if start > 0 && !take.jump(start) {
            // A failed search may leave the reader anywhere.
            take = Self::open(&part.file)?;
            take.skip = take.skip.saturating_add(start.saturating_mul(width));
        }
        take.begin = from;
        take.cut = end.is_some();
        take.room = match end {
            Some(end) => take.room.min((end - start).saturating_mul(width)),
            None => take.room.saturating_sub(start.saturating_mul(width)),
        };
        take.promised = match (take.promised, end) {
            (Some(promised), Some(end)) => Some(promised.min(end) - start),
            (promised, _) => promised.map(|promised| promised - start),
        };
        // Hours need not be decoded to know that they are too many.
        if take.promised.is_some_and(|promised| take.seconds(promised) > LONGEST) {
            return Err(StudioError::TooLong { file: take.file, limit: LONGEST });
        }
        Ok(take)
    }

    /// Goes to a frame without decoding what lies before, where that is exact to the sample.
    fn jump(&mut self, frame: u64) -> bool {
        let exact = self.counts_frames && (self.codec.starts_with("pcm_") || self.codec == "flac");
        let Some(target) = i64::try_from(frame).ok().filter(|_| exact && self.skip == 0) else {
            return false;
        };
        let to = SeekTo::Timestamp { ts: Timestamp::new(target), track_id: self.track };
        let reached = guarded(|| self.format.seek(SeekMode::Accurate, to));
        let Some(Ok(reached)) = reached else { return false };
        let before =
            target.checked_sub(reached.actual_ts.get()).and_then(|n| u64::try_from(n).ok());
        let Some(before) = before else { return false };
        self.decoder.reset();
        self.skip = before * self.channels.count() as u64;
        true
    }

    fn choose_track(file: &Utf8Path, format: Box<dyn FormatReader>) -> Result<Self> {
        let unsupported = |what: String| StudioError::Unsupported { file: file.to_owned(), what };
        let track = format
            .default_track(TrackType::Audio)
            .ok_or_else(|| StudioError::NotAudio { file: file.to_owned() })?;
        let (track_id, promised, time_base) = (track.id, track.num_frames, track.time_base);
        let parameters = track
            .codec_params
            .as_ref()
            .and_then(|parameters| parameters.audio())
            .ok_or_else(|| StudioError::NotAudio { file: file.to_owned() })?;
        if let Some(what) = refused(parameters) {
            return Err(unsupported(what));
        }
        // Symphonia's Ogg counts the frames that go before an Opus sound as well.
        let promised = match (promised, parameters.codec) {
            (Some(frames), CODEC_ID_OPUS) => frames.checked_sub(opus_pre_skip(parameters)),
            (promised, _) => promised,
        };
        let make = || codecs().make_audio_decoder(parameters, &AudioDecoderOptions::default());
        let decoder = guarded(make)
            .unwrap_or(Err(Fault::DecodeError(STUMBLED)))
            .map_err(|_| unsupported(codec_in_words(parameters)))?;
        let parameters = decoder.codec_params();
        let rate = parameters.sample_rate.unwrap_or(0);
        let channels = parameters.channels.clone().unwrap_or_default();
        if !RATES.contains(&rate) {
            return Err(unsupported(format!("sound at {rate} samples a second")));
        }
        if !(1..=MOST_CHANNELS).contains(&channels.count()) {
            return Err(unsupported(format!("{} channels", channels.count())));
        }
        let codec = decoder.codec_info().short_name;
        let edit = File::open(file).ok().and_then(|mut mp4| edit_list::read(&mut mp4, rate));
        let width = channels.count() as u64;
        let heard = edit.and_then(|edit| edit.frames);
        // A browser that records writes WebM as it hears it: of no length, and ended by the end of the file.
        let kind = format.format_info().short_name;
        let live = promised.is_none() && matches!(kind, "matroska" | "mkv");
        let endless = live || is_endless(file);
        Ok(Self {
            file: file.to_owned(),
            format,
            decoder,
            track: track_id,
            rate,
            channels,
            promised: heard.or(promised).filter(|frames| *frames > 0),
            decoded: 0,
            skip: edit.map_or(0, |edit| edit.skip.saturating_mul(width)),
            room: heard.map_or(u64::MAX, |frames| frames.saturating_mul(width)),
            begin: Seconds(0.0),
            cut: false,
            endless,
            counts_frames: NonZero::new(rate)
                .is_some_and(|rate| time_base == Some(TimeBase::new(NonZero::<u32>::MIN, rate))),
            codec,
            block: Vec::new(),
        })
    }

    /// The next interleaved samples, `None` at the end.
    pub(crate) fn next_block(&mut self) -> Result<Option<&[f32]>> {
        let mut empty = 0;
        while empty < MOST_EMPTY_PACKETS {
            if self.cut && self.room == 0 {
                return Ok(None);
            }
            let skip = self.skip;
            if !self.decode_packet()? {
                self.check_end()?;
                return Ok(None);
            }
            if !self.block.is_empty() {
                self.decoded += (self.block.len() / self.channels.count()) as u64;
                if self.seconds(self.decoded) > LONGEST {
                    return Err(StudioError::TooLong { file: self.file.clone(), limit: LONGEST });
                }
                return Ok(Some(&self.block));
            }
            empty += u32::from(self.skip == skip);
        }
        Err(self.damaged("thousands of empty packets"))
    }

    /// How files that hold such sound are called.
    fn ending(&self) -> Result<&'static str> {
        Ok(match self.format.format_info().short_name {
            "wave" => "wav",
            "flac" => "flac",
            "mp3" => "mp3",
            "ogg" if self.codec == "opus" => "opus",
            "ogg" => "ogg",
            "isomp4" => "m4a",
            "aac" | "adts" => "aac",
            "aiff" => "aiff",
            "caf" => "caf",
            "matroska" | "mkv" => "webm",
            other => {
                let what = format!("sound in a file of the kind {other}");
                return Err(StudioError::Unsupported { file: self.file.clone(), what });
            }
        })
    }

    pub(crate) fn seconds(&self, frames: u64) -> Seconds {
        Seconds(frames as f64 / f64::from(self.rate))
    }

    /// What it is, when it has so many frames.
    pub(crate) fn info(&self, frames: u64) -> TakeInfo {
        TakeInfo {
            length: self.seconds(frames),
            sample_rate: self.rate,
            channels: u16::try_from(self.channels.count()).unwrap_or(u16::MAX),
            codec: self.codec.to_owned(),
        }
    }

    /// Fills the block, perhaps with nothing; false at the end.
    fn decode_packet(&mut self) -> Result<bool> {
        self.block.clear();
        let Some(packet) = guarded(|| self.format.next_packet()) else {
            return Err(self.damaged(STUMBLED));
        };
        let packet = match packet {
            Ok(Some(packet)) => packet,
            Ok(None) => return Ok(false),
            Err(Fault::IoError(error)) if self.endless && is_end(&error) => return Ok(false),
            Err(fault) => return Err(self.fault(fault)),
        };
        if packet.track_id != self.track {
            return Ok(true);
        }
        let (decoder, block) = (&mut self.decoder, &mut self.block);
        let (rate, channels) = (self.rate, self.channels.count());
        let decoded = guarded(|| {
            decoder.decode(&packet).map(|sound| {
                let spec = sound.spec();
                let same = spec.rate() == rate && spec.channels().count() == channels;
                if same {
                    sound.copy_to_vec_interleaved(block);
                }
                same
            })
        });
        match decoded.unwrap_or(Err(Fault::DecodeError(STUMBLED))) {
            Ok(false) => Err(self.damaged("the sample rate or the channels change")),
            Ok(true) => {
                self.trim();
                // Single ones are made silent, and told of; where there is no other, there is no sound.
                let no_number = |sample: &f32| !sample.is_finite();
                if !self.block.is_empty() && self.block.iter().all(no_number) {
                    return Err(self.damaged("its samples are no numbers"));
                }
                Ok(true)
            }
            Err(fault) => Err(self.fault(fault)),
        }
    }

    /// Keeps what the edit list wants to be heard.
    fn trim(&mut self) {
        let skip = self.skip.min(self.block.len() as u64);
        self.skip -= skip;
        self.block.drain(..skip as usize);
        let keep = self.room.min(self.block.len() as u64);
        self.room -= keep;
        self.block.truncate(keep as usize);
    }

    /// A header that promises more than there is tells of a copy that was cut short.
    fn check_end(&self) -> Result<()> {
        match self.promised {
            _ if self.decoded == 0 && self.begin.0 > 0.0 => Err(StudioError::BehindEnd {
                file: self.file.clone(),
                from: self.begin,
                // What was left out on the way.
                held: Seconds(self.begin.0 - self.left_out().0),
            }),
            _ if self.decoded == 0 => Err(StudioError::Empty { file: self.file.clone() }),
            Some(promised) if self.decoded < promised => Err(self.truncated(promised)),
            _ => Ok(()),
        }
    }

    /// How much of the way to the part is still to go.
    fn left_out(&self) -> Seconds {
        self.seconds(self.skip / self.channels.count() as u64)
    }

    /// The place in the file that was reached.
    fn place(&self) -> Seconds {
        Seconds(self.begin.0 + self.seconds(self.decoded).0 - self.left_out().0)
    }

    fn fault(&self, fault: Fault) -> StudioError {
        match (fault, self.promised) {
            (Fault::IoError(error), Some(promised)) if is_end(&error) => self.truncated(promised),
            (Fault::IoError(error), None) if is_end(&error) => {
                self.damaged("the file ends too early")
            }
            (Fault::IoError(source), _) => StudioError::Read { file: self.file.clone(), source },
            (fault, _) => self.damaged(&fault.to_string()),
        }
    }

    fn truncated(&self, promised: u64) -> StudioError {
        StudioError::Truncated {
            file: self.file.clone(),
            promised: Seconds(self.begin.0 + self.seconds(promised).0),
            held: self.place(),
        }
    }

    fn damaged(&self, reason: &str) -> StudioError {
        StudioError::Damaged {
            file: self.file.clone(),
            at: self.place(),
            reason: reason.to_owned(),
        }
    }
}

/// Symphonia's decoders and ours.
fn codecs() -> &'static CodecRegistry {
    static CODECS: LazyLock<CodecRegistry> = LazyLock::new(|| {
        let mut codecs = CodecRegistry::new();
        symphonia::default::register_enabled_codecs(&mut codecs);
        #[cfg(feature = "opus")]
        codecs.register_audio_decoder::<crate::opus::Opus>();
        codecs
    });
    &CODECS
}

fn stream(file: &Utf8Path) -> Result<MediaSourceStream<'static>> {
    let read_error = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::NotFound => StudioError::Missing { file: file.to_owned() },
        _ => StudioError::Read { file: file.to_owned(), source },
    };
    let sound = File::open(file).map_err(read_error)?;
    let about = sound.metadata().map_err(read_error)?;
    if !about.is_file() {
        return Err(StudioError::NotAudio { file: file.to_owned() });
    }
    if about.len() == 0 {
        return Err(StudioError::Empty { file: file.to_owned() });
    }
    Ok(MediaSourceStream::new(Box::new(sound), MediaSourceStreamOptions::default()))
}

/// A file that begins like audio and cannot be opened is a bad copy; any other is something else.
fn not_opened(file: &Utf8Path, fault: &Fault) -> StudioError {
    let mut start = [0; 12];
    let known = File::open(file).and_then(|mut sound| sound.read_exact(&mut start)).is_ok()
        && (start.starts_with(b"fLaC")
            || start.starts_with(b"OggS")
            || start.starts_with(b"ID3")
            || start[4..].starts_with(b"ftyp")
            || (start.starts_with(b"RIFF") && start.ends_with(b"WAVE")));
    match known {
        true => StudioError::Damaged {
            file: file.to_owned(),
            at: Seconds(0.0),
            reason: fault.to_string(),
        },
        false => StudioError::NotAudio { file: file.to_owned() },
    }
}

/// Programs that write WAV into a pipe put the largest length, or none, into the header.
fn is_endless(file: &Utf8Path) -> bool {
    let mut start = [0; 8];
    let read = File::open(file).and_then(|mut sound| sound.read_exact(&mut start)).is_ok();
    read && start.starts_with(b"RIFF") && matches!(start[4..], [255, 255, 255, 255] | [0, 0, 0, 0])
}

fn is_end(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::UnexpectedEof
}

/// What symphonia opens and does not decode faithfully: of HE-AAC it decodes the lower half of the
/// band alone.
fn refused(parameters: &AudioCodecParameters) -> Option<String> {
    let is_aac = parameters.codec == CODEC_ID_AAC;
    let config = parameters.extra_data.as_deref().unwrap_or_default();
    (is_aac && is_high_efficiency(config)).then(|| "HE-AAC audio".to_owned())
}

/// ISO 14496-3 section 1.6: the object types 5 (SBR) and 29 (PS), or a sync extension 0x2b7 with
/// object type 5 behind a plain AAC-LC configuration.
fn is_high_efficiency(config: &[u8]) -> bool {
    match config {
        [first, ..] if matches!(first >> 3, 5 | 29) => true,
        [_, _, 0x56, 0xE5, sbr, ..] => sbr & 0x80 != 0,
        _ => false,
    }
}

/// Frames that an Opus encoder put before the sound (RFC 7845 section 5.1).
fn opus_pre_skip(parameters: &AudioCodecParameters) -> u64 {
    match parameters.extra_data.as_deref().unwrap_or_default() {
        [b'O', b'p', b'u', b's', b'H', b'e', b'a', b'd', _, _, low, high, ..] => {
            u64::from(u16::from_le_bytes([*low, *high]))
        }
        _ => 0,
    }
}

fn codec_in_words(parameters: &AudioCodecParameters) -> String {
    match parameters.codec {
        CODEC_ID_OPUS => "Opus audio".to_owned(),
        CODEC_ID_WAVPACK => "WavPack audio".to_owned(),
        other => format!("audio of an unknown kind ({other})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn high_efficiency_aac_is_told_apart() {
        assert!(!is_high_efficiency(&[0x12, 0x10]));
        assert!(!is_high_efficiency(&[0x12, 0x10, 0x56, 0xE5, 0x00]));
        assert!(is_high_efficiency(&[0x13, 0x88, 0x56, 0xE5, 0xA0]));
        assert!(is_high_efficiency(&[0x2B, 0x8A, 0x08, 0x00]));
        assert!(!is_high_efficiency(&[]));
    }
}

//! Sound: its size, its length, its form and its loudness, as the file has them.

use std::fmt;
use std::io::Write;

use camino::Utf8Path;
use lorecast_model::{Dbtp, Lufs, Seconds};
use roxmltree::Node;

use super::document::{Feed, Space, value};
use super::enclosure::Sound;
use super::item::Episode;
use super::reach::{MEDIA, Opened};
use super::rule::rules;
use super::{Lint, Place, http, id3, values};

rules! {
    LENGTH "MD-01" Must Rss Media
        "The enclosure's `length` is the size of the file."
        => "publish again, so that the size comes from the file";
    DURATION "MD-02" Must House Media
        "`<itunes:duration>` is the length of the sound within a second."
        => "publish again, so that the length comes from the file";
    DECODES "MD-03" Must House Media
        "The file decodes without an error, and is of the form that its type says."
        => "make it again with `lorecast master`, then publish";
    CONSTANT "MD-04" Should Spotify Media
        "An MP3 has a constant bit rate, and 44.1 or 48 kHz."
        => "encode with a constant bit rate; apps seek wrongly otherwise";
    RATE "MD-05" Should Spotify Media
        "An MP3 has 96 to 320 kb/s in stereo, and at least 64 in mono."
        => "encode with a higher bit rate";
    LOUDNESS "MD-06" Should Spotify Media
        "The loudness is -16 LUFS within 1, the true peak at most -1 dBTP."
        => "make it again with `lorecast master`";
}

/// Decodes sound for the lint.
pub trait Ear: fmt::Debug + Sync {
    /// Hears a file from its start to its end.
    ///
    /// # Errors
    /// When it does not decode: why, in words.
    fn hear(&self, file: &Utf8Path) -> Result<Heard, String>;
}

/// What decoding tells of a sound.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// How long it is.
    pub length: Seconds,
    /// Its integrated loudness (ITU-R BS.1770); `None` for silence.
    pub loudness: Option<Lufs>,
    /// Its highest true peak.
    pub true_peak: Dbtp,
}

pub(super) fn check<'a>(
    lint: &mut Lint,
    feed: &Feed<'a>,
    item: Node<'a, 'a>,
    sound: &Sound,
    episode: &mut Episode,
) {
    if lint.is_settled(&sound.url) {
        return settled(lint, sound);
    }
    let (name, bytes) = match lint.reach.open(&sound.url, MEDIA) {
        Opened::File(name, bytes) => (name, bytes),
        Opened::Missing(why) => {
            let message = format!("the sound `{}` {why}", sound.url);
            return lint.find(&http::ANSWERS, &sound.place, message);
        }
        Opened::Elsewhere => return,
    };
    if let Some(said) = sound.length.filter(|said| *said != bytes.len() as u64) {
        let message = format!("the feed says {said} bytes and `{name}` has {}", bytes.len());
        lint.find(&LENGTH, &sound.place, message);
    }
    if !fits(&bytes, &sound.media_type) {
        let message = format!("it does not begin like `{}`", sound.media_type);
        return lint.find(&DECODES, &name, message);
    }
    if sound.media_type == "audio/mpeg" {
        frames(lint, &name, &bytes);
        id3::check(lint, feed, item, &name, &bytes, episode);
    }
    let Some(ear) = lint.context.ear else { return };
    if sound.media_type.starts_with("video/") {
        return;
    }
    match hear(ear, lint, &name, &bytes) {
        Ok(heard) => compare(lint, feed, item, &name, &heard, episode),
        Err(why) => lint.find(&DECODES, &name, format!("it does not decode: {why}")),
    }
}

/// Compares the size alone.
fn settled(lint: &mut Lint, sound: &Sound) {
    let Some(path) = lint.reach.path_of(&sound.url) else { return };
    let found = lint.reach.path(path.as_str()).and_then(|path| path.metadata().ok());
    let (said, found) = (sound.length, found.map(|file| file.len()));
    if said.is_some() && found.is_some() && said != found {
        let message = format!("the feed says another size than that of `{path}`");
        lint.find(&LENGTH, &sound.place, message);
    }
}

/// Hears a file of the folder where it is, and one from a server beside the others of this machine.
fn hear(ear: &dyn Ear, lint: &Lint, name: &str, bytes: &[u8]) -> Result<Heard, String> {
    if let Some(path) = lint.reach.path(name) {
        return ear.hear(&path);
    }
    let kept = || {
        let mut file = tempfile::Builder::new().suffix(".mp3").tempfile()?;
        file.write_all(bytes)?;
        Ok::<_, std::io::Error>(file)
    };
    let file = kept().map_err(|error| error.to_string())?;
    ear.hear(Utf8Path::from_path(file.path()).ok_or("its path is not UTF-8")?)
}

/// Whether a file begins as its type does.
fn fits(bytes: &[u8], media_type: &str) -> bool {
    match media_type {
        "audio/mpeg" => bytes.starts_with(b"ID3") || Frame::of(bytes).is_some(),
        "audio/x-m4a" | "audio/m4a" | "audio/mp4" | "video/mp4" | "video/x-m4v" | "video/m4v"
        | "video/quicktime" => bytes.get(4..8) == Some(b"ftyp"),
        _ => true,
    }
}

fn compare<'a>(
    lint: &mut Lint,
    feed: &Feed<'a>,
    item: Node<'a, 'a>,
    name: &str,
    heard: &Heard,
    episode: &mut Episode,
) {
    let length = heard.length.0;
    episode.length = Some(length);
    let said = values::seconds(&value(item, Space::Itunes, "duration"));
    if let Some(said) = said.filter(|said| (said - length).abs() > 1.0) {
        let place = feed.place_of(item, Space::Itunes, "duration");
        let message = format!("the feed says {said} s and the sound has {length:.1}");
        lint.find(&DURATION, place, message);
    }
    let loudness = heard.loudness.map_or(f64::NEG_INFINITY, |lufs| lufs.0);
    let peak = heard.true_peak.0;
    // Below ten seconds there is nothing to measure.
    if length >= 10.0 && ((loudness + 16.0).abs() > 1.05 || peak > -0.95) {
        let message = format!("it has {loudness:.1} LUFS and {peak:.1} dBTP");
        lint.find(&LOUDNESS, name, message);
    }
}

/// The header of an MPEG audio frame of layer III (ISO 11172-3 section 2.4.1.3).
struct Frame {
    /// In bytes, header and all.
    length: usize,
    /// In bit/s.
    rate: u32,
    sample_rate: u32,
    mono: bool,
}

impl Frame {
    fn of(bytes: &[u8]) -> Option<Self> {
        let head = bytes.get(..4)?;
        let version = head[1] >> 3 & 3;
        if head[0] != 0xff || head[1] & 0xe0 != 0xe0 || version == 1 || head[1] & 6 != 2 {
            return None;
        }
        let index = usize::from(head[2] >> 4);
        let first = version == 3;
        let rate = 1000 * if first { MPEG1[index] } else { MPEG2[index] };
        let sample_rate = *[44_100, 48_000, 32_000].get(usize::from(head[2] >> 2 & 3))?;
        let sample_rate = match version {
            3 => sample_rate,
            2 => sample_rate / 2,
            _ => sample_rate / 4,
        };
        let padding = usize::from(head[2] >> 1 & 1);
        let samples = if first { 144 } else { 72 };
        let length = (samples * rate / sample_rate) as usize + padding;
        (rate > 0).then_some(Self { length, rate, sample_rate, mono: head[3] >> 6 == 3 })
    }
}

/// Bit rates in kb/s by the index in the header; 0 is none.
const MPEG1: [u32; 16] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0];
const MPEG2: [u32; 16] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0];

fn frames(lint: &mut Lint, name: &str, bytes: &[u8]) {
    let mut at = id3::length(bytes);
    let Some(first) = bytes.get(at..).and_then(Frame::of) else {
        return lint.find(&DECODES, name, "no MP3 frame follows its ID3 tag");
    };
    let (mut varies, mut count) = (false, 0u64);
    while let Some(frame) = bytes.get(at..).and_then(Frame::of) {
        // The first may be LAME's, which describes the others.
        varies |= count > 1 && frame.rate != first.rate;
        count += 1;
        at += frame.length;
    }
    let rest = bytes.len().saturating_sub(at);
    // An ID3v1 or APE tag may stand behind the sound, and the last frame may be cut.
    let tagged =
        bytes.get(at..).is_some_and(|rest| rest.starts_with(b"TAG") || rest.starts_with(b"APETAG"));
    if rest > 0 && !tagged {
        lint.find(&DECODES, name, format!("after {count} frames stands something else"));
    }
    if at > bytes.len() {
        lint.find(&DECODES, name, "its last frame is cut off");
    }
    let kbits = first.rate / 1000;
    if varies || !matches!(first.sample_rate, 44_100 | 48_000) {
        let rate = if varies { "a variable".to_owned() } else { format!("{kbits} kb/s as") };
        let message = format!("it has {rate} bit rate and {} Hz", first.sample_rate);
        lint.find(&CONSTANT, name, message);
    }
    let least = if first.mono { 64 } else { 96 };
    if kbits < least && !varies {
        lint.find(&RATE, Place::from(name), format!("it has {kbits} kb/s, and needs {least}"));
    }
}

//! The files that a master is written to.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// `formats:` of `sound:` in `show.yaml`: which files are made, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Formats {
    /// `master.wav`.
    pub wav: WavFormat,
    /// The file that podcast apps download.
    pub mp3: Mp3Format,
    /// `master.opus`, when it is named.
    #[serde(deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    pub opus: Option<OpusFormat>,
    /// `master.m4a`, when it is named; an installed program makes it.
    #[serde(deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    pub aac: Option<AacFormat>,
}

/// What a sound for listeners is encoded with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// MPEG-1 layer III.
    Mp3,
    /// Opus in Ogg (RFC 7845).
    Opus,
    /// AAC in MP4.
    Aac,
}

/// How the WAV is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WavFormat {
    /// 16 or 24.
    pub bits: u16,
}

/// How the MP3 is encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mp3Format {
    /// The constant bit rate; 96 in mono and 128 in joint stereo when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kbps: Option<u16>,
    /// A variable bit rate instead, by the quality that LAME numbers from 0 (best, largest) to 9.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vbr: Option<u8>,
}

/// How the Opus file is encoded: with a variable bit rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OpusFormat {
    /// About how much on average; 48 in mono and 64 in stereo when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kbps: Option<u16>,
}

/// How the AAC file is encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AacFormat {
    /// About how much on average; 80 in mono and 112 in stereo when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kbps: Option<u16>,
}

impl Encoding {
    /// The ending of its file, without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Mp3 => "mp3",
            Self::Opus => "opus",
            Self::Aac => "m4a",
        }
    }

    /// The media type of its file: RFC 3003, RFC 7845 section 9, RFC 4337.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Mp3 => "audio/mpeg",
            Self::Opus => "audio/ogg",
            Self::Aac => "audio/mp4",
        }
    }

    /// What is in the file, as in the `codecs` of a media type (RFC 6381), where the type leaves it
    /// open.
    pub fn codecs(self) -> Option<&'static str> {
        match self {
            Self::Mp3 => None,
            Self::Opus => Some("opus"),
            Self::Aac => Some("mp4a.40.2"),
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mp3 => "MP3",
            Self::Opus => "Opus",
            Self::Aac => "AAC",
        })
    }
}

/// A key without a value, `opus:`, names the format as `opus: {}` does.
fn named<'de, D, T>(input: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Some(Option::deserialize(input)?.unwrap_or_default()))
}

impl Default for WavFormat {
    fn default() -> Self {
        Self { bits: 16 }
    }
}

impl Mp3Format {
    /// The bit rates of MPEG-1 layer III from what is fit for speech.
    pub const RATES: [u16; 10] = [64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
}

impl OpusFormat {
    /// Kilobits a second from what a voice can be followed at to more than anybody hears.
    pub const RATES: std::ops::RangeInclusive<u16> = 16..=256;
}

impl AacFormat {
    /// Kilobits a second that every encoder of AAC-LC takes.
    pub const RATES: std::ops::RangeInclusive<u16> = 48..=320;
}

impl Formats {
    /// The files for listeners, the MP3 first.
    pub fn encodings(&self) -> impl Iterator<Item = Encoding> + use<> {
        let others = [(self.opus.is_some(), Encoding::Opus), (self.aac.is_some(), Encoding::Aac)];
        let named = others.into_iter().filter(|(is_named, _)| *is_named);
        [Encoding::Mp3].into_iter().chain(named.map(|(_, encoding)| encoding))
    }

    /// The first key whose value is out of range, and what to write instead.
    pub fn out_of_range(&self) -> Option<(&'static str, &'static str)> {
        if !matches!(self.wav.bits, 16 | 24) {
            Some(("sound.formats.wav.bits", "use 16 or 24"))
        } else if self.mp3.kbps.is_some_and(|kbps| !Mp3Format::RATES.contains(&kbps)) {
            let advice = "use 64, 80, 96, 112, 128, 160, 192, 224, 256 or 320";
            Some(("sound.formats.mp3.kbps", advice))
        } else if self.mp3.vbr.is_some_and(|quality| quality > 9) {
            Some(("sound.formats.mp3.vbr", "use 0 (best) to 9"))
        } else if is_beyond(self.opus.and_then(|opus| opus.kbps), OpusFormat::RATES) {
            Some(("sound.formats.opus.kbps", "use 16 to 256"))
        } else if is_beyond(self.aac.and_then(|aac| aac.kbps), AacFormat::RATES) {
            Some(("sound.formats.aac.kbps", "use 48 to 320"))
        } else {
            None
        }
    }
}

/// Whether a bit rate is given and out of its range.
fn is_beyond(kbps: Option<u16>, range: std::ops::RangeInclusive<u16>) -> bool {
    kbps.is_some_and(|kbps| !range.contains(&kbps))
}

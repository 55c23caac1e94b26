//! The files that a master is written to.

use serde::{Deserialize, Serialize};

/// `formats:` of `sound:` in `show.yaml`: which files are made, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Formats {
    /// `master.wav`.
    pub wav: WavFormat,
    /// The file that podcast apps download.
    pub mp3: Mp3Format,
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

impl Default for WavFormat {
    fn default() -> Self {
        Self { bits: 16 }
    }
}

impl Mp3Format {
    /// The bit rates of MPEG-1 layer III from what is fit for speech.
    pub const RATES: [u16; 10] = [64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
}

impl Formats {
    /// The first key whose value is out of range, and what to write instead.
    pub fn out_of_range(&self) -> Option<(&'static str, &'static str)> {
        if !matches!(self.wav.bits, 16 | 24) {
            Some(("sound.formats.wav.bits", "use 16 or 24"))
        } else if self.mp3.kbps.is_some_and(|kbps| !Mp3Format::RATES.contains(&kbps)) {
            let advice = "use 64, 80, 96, 112, 128, 160, 192, 224, 256 or 320";
            Some(("sound.formats.mp3.kbps", advice))
        } else if self.mp3.vbr.is_some_and(|quality| quality > 9) {
            Some(("sound.formats.mp3.vbr", "use 0 (best) to 9"))
        } else {
            None
        }
    }
}

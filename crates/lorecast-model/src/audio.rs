//! Sound, in its units.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Effect, Encoding};

/// A length or a point of time in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seconds(pub f64);

impl fmt::Display for Seconds {
    /// `1:02:03` or `2:03`: hours only when there are any, whole seconds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.0.max(0.0).round() as u64;
        let (hours, minutes, seconds) = (all / 3600, all / 60 % 60, all % 60);
        match hours {
            0 => write!(f, "{minutes}:{seconds:02}"),
            _ => write!(f, "{hours}:{minutes:02}:{seconds:02}"),
        }
    }
}

/// Loudness in LUFS (ITU-R BS.1770-5, EBU R 128).
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lufs(pub f64);

/// True peak in dBTP (ITU-R BS.1770-5 annex 2).
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Dbtp(pub f64);

/// A difference of loudness in LU: 1 LU is 1 dB.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lu(pub f64);

/// A level below full scale in dBFS; a full-scale sine has a peak of 0.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Dbfs(pub f64);

/// A named point of an episode.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Chapter {
    /// Where it starts.
    pub start: Seconds,
    /// What a podcast app shows.
    pub title: String,
    /// Where one can read more of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// What the studio made of an episode's takes; kept as `master.json` beside the sound.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Master {
    /// The length of the episode.
    pub length: Seconds,
    /// Samples a second of `master.wav` and of the MP3.
    pub sample_rate: u32,
    /// 1 or 2.
    pub channels: u16,
    /// Integrated loudness, measured on the decoded MP3.
    pub loudness: Lufs,
    /// The highest true peak, measured on the decoded MP3.
    pub true_peak: Dbtp,
    /// The chapters in order of time; the first starts at 0.
    pub chapters: Vec<Chapter>,
    /// The file to publish.
    pub enclosure: Enclosure,
    /// The same sound, encoded otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Alternative>,
    /// The titles of the chapters that a machine reads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synthetic: Vec<String>,
    /// What the stages of the chain did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Effect>,
}

/// The file that a podcast app downloads (RSS 2.0 `enclosure`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosure {
    /// Its name, without folders: `2023-04-16.mp3`.
    pub file: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its media type, `audio/mpeg`.
    pub media_type: String,
}

/// The sound of an episode beside the one that every app downloads (Podcasting 2.0
/// `alternateEnclosure`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// The file.
    #[serde(flatten)]
    pub file: Enclosure,
    /// What it is encoded with.
    pub encoding: Encoding,
    /// Bits a second of sound on average; in AAC with the tags and pictures of the file.
    pub bit_rate: u32,
    /// Integrated loudness, measured on the decoded file.
    pub loudness: Lufs,
    /// The highest true peak, measured on the decoded file.
    pub true_peak: Dbtp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_read_as_a_clock() {
        assert_eq!(Seconds(61.6).to_string(), "1:02");
        assert_eq!(Seconds(3661.0).to_string(), "1:01:01");
        assert_eq!(Seconds(-3.0).to_string(), "0:00");
    }
}

//! What a recording sounds like, in numbers.

use serde::{Deserialize, Serialize};

use crate::{Dbfs, Dbtp, Deviation, Lu, Lufs, Seconds};

/// What was measured in a recording; kept as `master.report.json` beside the sound. In JSON each
/// value stands in the unit of its type; what cannot be measured is `null`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SoundReport {
    /// Samples a second.
    pub sample_rate: u32,
    /// The whole recording.
    pub whole: SoundFigures,
    /// Its sections in order of time; none when it has no chapters.
    pub sections: Vec<SectionReport>,
    /// Each channel by itself.
    pub channels: Vec<ChannelReport>,
    /// How alike the two channels of a stereo recording are, from 1 (the same) over 0 (nothing in
    /// common) to -1 (one is the other upside down, and both vanish in mono).
    pub correlation: Option<f64>,
    /// Where the voice left the script, in order of time; `None` when they were not compared: there
    /// is no script, or it was not found in the voice.
    #[serde(default)]
    pub deviations: Option<Vec<Deviation>>,
    /// Loudness over time.
    pub curve: LoudnessCurve,
}

/// What was measured in a stretch of sound.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SoundFigures {
    /// How long it plays.
    pub length: Seconds,
    /// Integrated loudness; `None` below -70 LUFS.
    pub loudness: Option<Lufs>,
    /// Loudness range (EBU Tech 3342).
    pub range: Lu,
    /// The highest true peak.
    pub true_peak: Dbtp,
    /// The loudest 400 ms.
    pub loudest_momentary: Option<Lufs>,
    /// The loudest 3 s.
    pub loudest_short_term: Option<Lufs>,
    /// What is heard in pauses: the loudness that a tenth of all audible 100 ms do not exceed.
    pub noise_floor: Option<Lufs>,
    /// Samples at full scale in runs of three and more, of all channels.
    pub clipped_samples: u64,
    /// The mean of the samples as a share of full scale, of the channel where it is farthest from 0.
    pub dc_offset: f64,
    /// Words of the script that are said in a minute, over the time of its sentences and the pauses
    /// between them, of which none counts more than 2 s: music, guests and what is said beside the
    /// script are left out. `None` where no sentence was found.
    pub words_per_minute: Option<f64>,
}

/// What was measured in a section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SectionReport {
    /// The chapter's title.
    pub title: String,
    /// Where it starts.
    pub start: Seconds,
    /// What was measured.
    #[serde(flatten)]
    pub figures: SoundFigures,
}

/// What was measured in a channel.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChannelReport {
    /// The highest true peak.
    pub true_peak: Dbtp,
    /// Root mean square; -120 for a dead channel.
    pub level: Dbfs,
    /// The mean of the samples as a share of full scale.
    pub dc_offset: f64,
}

/// Loudness over time. Entry `n` of each row belongs to the time `(n + 1) * step`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoudnessCurve {
    /// The time between two entries.
    pub step: Seconds,
    /// The loudest 400 ms that end within the step.
    pub momentary: Vec<Option<Lufs>>,
    /// The loudest 3 s that end within the step.
    pub short_term: Vec<Option<Lufs>>,
}

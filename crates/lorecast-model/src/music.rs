//! `sound.music` in `show.yaml`, and `music` in `episode.yaml`: what plays beside the voice.

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use crate::Seconds;

/// How music stands beside the voice. Loudness is told in LU against the voice: 0 is as loud.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Music {
    /// Intro, outro and stings, -30 to 6 LU.
    pub level: f64,
    /// A bed where nobody speaks, -40 to 6 LU.
    pub pauses: f64,
    /// All music while somebody speaks, -60 to 0 LU.
    pub beneath: f64,
    /// How long music takes to come up, 0 to 30 seconds.
    pub fade_in: Seconds,
    /// How long it takes to go, 0 to 30 seconds.
    pub fade_out: Seconds,
    /// How long the intro goes on beneath the first words, and the outro begins before the last
    /// ones, 0 to 60 seconds.
    pub overlap: Seconds,
}

/// What plays in one episode in the place of the show's music; `none` for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EpisodeMusic {
    /// Before the first take, relative to `show.yaml`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intro: Option<Utf8PathBuf>,
    /// After the last take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outro: Option<Utf8PathBuf>,
    /// Between two chapters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sting: Option<Utf8PathBuf>,
    /// Beneath the voice, over and over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bed: Option<Utf8PathBuf>,
}

impl Default for Music {
    fn default() -> Self {
        Self {
            level: 0.0,
            pauses: -14.0,
            beneath: -24.0,
            fade_in: Seconds(0.0),
            fade_out: Seconds(0.0),
            overlap: Seconds(0.0),
        }
    }
}

impl EpisodeMusic {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The nearest choice of several, where `none` chooses silence.
    pub fn chosen<'a>(
        choices: impl IntoIterator<Item = &'a Option<Utf8PathBuf>>,
    ) -> Option<&'a Utf8Path> {
        let nearest = choices.into_iter().find_map(Option::as_deref)?;
        (nearest != "none").then_some(nearest)
    }
}

impl Music {
    /// The first value out of its range: its key in `show.yaml` and what to write instead.
    pub fn out_of_range(&self) -> Option<(&'static str, &'static str)> {
        let checks = [
            ("sound.music.level", self.level, -30.0, 6.0, "write -30 to 6 LU"),
            ("sound.music.pauses", self.pauses, -40.0, 6.0, "write -40 to 6 LU"),
            ("sound.music.beneath", self.beneath, -60.0, 0.0, "write -60 to 0 LU"),
            ("sound.music.fade_in", self.fade_in.0, 0.0, 30.0, "write 0 to 30 seconds"),
            ("sound.music.fade_out", self.fade_out.0, 0.0, 30.0, "write 0 to 30 seconds"),
            ("sound.music.overlap", self.overlap.0, 0.0, 60.0, "write 0 to 60 seconds"),
        ];
        crate::chain::first_outside(&checks)
    }
}

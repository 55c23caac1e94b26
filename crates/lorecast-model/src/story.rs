//! Stories: what an episode tells.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{EpisodeId, Evidence, MessageId};

/// One covered item with its evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// The message it is about: a thread's root, a cover letter, an announcement.
    pub id: MessageId,
    /// What the producer said of it.
    #[serde(default)]
    pub state: StoryState,
    /// Other threads that the producer merged into it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<MessageId>,
    /// Its words were offered by the show's assistant, and proved like any other.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub assisted: bool,
    /// The key of the section it stands in; empty until a draft says which.
    #[serde(default)]
    pub section: String,
    /// What sort of news it is.
    #[serde(default)]
    pub kind: Kind,
    /// Its title without tags; empty until a draft says what it is.
    #[serde(default)]
    pub title: String,
    /// How highly it was ranked; higher is more newsworthy.
    #[serde(default)]
    pub score: f64,
    /// Why, in words.
    #[serde(default)]
    pub reasons: Vec<String>,
    /// Every fact that the notes state, with the message that proves it.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
}

impl Story {
    /// Whether the episode tells it.
    pub fn is_told(&self) -> bool {
        self.state != StoryState::Dropped
    }
}

/// What became of work that an earlier episode told: an entry of *Follow-ups*, with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FollowUpStory {
    /// The revision that was told last, by its root.
    pub id: MessageId,
    /// What the producer said of it.
    #[serde(default)]
    pub state: StoryState,
    /// The episode that told it last, as a story or as a follow-up.
    pub episode: EpisodeId,
    /// The title that it had then, without tags.
    pub title: String,
    /// Every fact that the notes state, with what proves it.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
}

/// A post of a blog around the show that an episode tells: its facts, and the link that proves them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostStory {
    /// Where to read it; what the blogs are remembered by proves the rest.
    pub post: String,
    /// What the producer said of it.
    #[serde(default)]
    pub state: StoryState,
    /// Whose blog it is, as `planet.yaml` names it.
    pub blog: String,
    /// Who wrote it, when the feed says another name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Its title.
    pub title: String,
    /// The day on which it came out, UTC.
    pub date: Date,
}

/// What the producer said of a story. Only people set anything but `proposed`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StoryState {
    /// The ranking chose it.
    #[default]
    Proposed,
    /// It stays, whatever the ranking says.
    Pinned,
    /// It is left out, whatever the ranking says.
    Dropped,
}

/// What sort of news a story is. Each kind has its own sentence in the notes.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A mainline kernel, final or -rc.
    Mainline,
    /// A stable or real-time kernel.
    Stable,
    /// A release of another project.
    Release,
    /// A pull request.
    Pull,
    /// A report of a regression.
    Regression,
    /// A report of what builds or tests found, with its counts.
    Build,
    /// A report of a bug that is no regression.
    Bug,
    /// A security matter: a CVE, an advisory.
    Security,
    /// A Request For Comments.
    Rfc,
    /// A new driver.
    Driver,
    /// The removal of something, or the end of its life.
    Removal,
    /// A change of maintainers.
    Maintainers,
    /// A call for papers or participation.
    Call,
    /// A patch series.
    Series,
    /// A single patch.
    Patch,
    /// A conversation that is not about one patch.
    #[default]
    Discussion,
}

//! Episodes, as they lie on disk.
//!
//! These types are read and written by `lorecast-show`; every field name here is a key of
//! `episode.yaml` or `published.yaml`. Unknown keys are errors, so that a slip of the pen is
//! reported instead of ignored.

use camino::Utf8PathBuf;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::{
    Anchor, Chapter, EpisodeFeed, EpisodeId, EpisodeMusic, FollowUpStory, Guid, MessageId,
    PostStory, Seconds, Story, clock,
};

/// `episode.yaml`: what an episode tells, and from which evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Episode {
    /// Its title in the feed.
    pub title: String,
    /// Counted from 1 (`itunes:episode`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// The days it covers.
    pub window: Window,
    /// How long it is to be, in minutes; without it, what `show.yaml` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<f64>,
    /// What it tells, in order.
    #[serde(default)]
    pub stories: Vec<Story>,
    /// What became of stories of earlier episodes, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follow_ups: Vec<FollowUpStory>,
    /// What was written in the blogs around the show, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub posts: Vec<PostStory>,
    /// What turned out wrong after it was published, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
    /// The takes in order, each with the chapter that starts there.
    #[serde(default)]
    pub chapters: Vec<ChapterPlan>,
    /// What contributors recorded, to stand between chapters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fillers: Vec<Filler>,
    /// What plays in the place of the show's music.
    #[serde(default, skip_serializing_if = "EpisodeMusic::is_empty")]
    pub music: EpisodeMusic,
    /// Sentences of the script whose times were set by hand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub anchors: Vec<Anchor>,
    /// What the feed says of it beside title and sound.
    #[serde(default, skip_serializing_if = "EpisodeFeed::is_empty")]
    pub feed: EpisodeFeed,
    /// Who made it.
    #[serde(default)]
    pub credits: Vec<String>,
}

impl Episode {
    /// An episode that tells nothing yet.
    pub fn new(title: impl Into<String>, window: Window) -> Self {
        Self {
            title: title.into(),
            number: None,
            window,
            minutes: None,
            stories: Vec::new(),
            follow_ups: Vec::new(),
            posts: Vec::new(),
            corrections: Vec::new(),
            chapters: Vec::new(),
            fillers: Vec::new(),
            music: EpisodeMusic::default(),
            anchors: Vec::new(),
            feed: EpisodeFeed::default(),
            credits: Vec::new(),
        }
    }
}

/// A chapter as planned: the take that opens it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChapterPlan {
    /// What a podcast app shows.
    pub title: String,
    /// The name of its own recording in `takes/`, with or without its ending.
    pub take: String,
    /// A recording in `takes/` that holds several chapters, used where this one has no recording of
    /// its own; `from` tells where it begins in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<String>,
    /// Where it begins in the recording; at its start when absent.
    #[serde(default, with = "clock::optional", skip_serializing_if = "Option::is_none")]
    pub from: Option<Seconds>,
    /// Where it ends in the recording; when absent, where the next chapter of the same recording
    /// begins, else at its end.
    #[serde(default, with = "clock::optional", skip_serializing_if = "Option::is_none")]
    pub to: Option<Seconds>,
    /// Read by `voice.command` of `show.yaml` as long as there is no recording.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub synthetic: bool,
    /// Played before it in the place of the show's sting, relative to `show.yaml`; `none` for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sting: Option<Utf8PathBuf>,
    /// Played beneath it in the place of the show's bed; `none` for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bed: Option<Utf8PathBuf>,
    /// A JPEG or PNG that players show while it is heard, relative to `show.yaml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Utf8PathBuf>,
}

/// What a contributor recorded to stand between two chapters, 30 to 60 seconds of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filler {
    /// The name of the recording in `takes/`.
    pub take: String,
    /// Who speaks, as listeners are told.
    pub speaker: String,
    /// The chapter that it comes after, by its take or title; fillers without one are spread evenly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// A chapter of its own starts with it when there is a title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// Something that an episode said and that later mail disproved: a dated note on its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// The day on which it was corrected, UTC.
    pub date: Date,
    /// What is right, as Markdown.
    pub text: String,
    /// What `check` found, by which it is known again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// The message that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
}

/// The days an episode covers, both included, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

impl Window {
    /// The seven days that end with `last`.
    pub fn week_ending(last: EpisodeId) -> Self {
        Self { from: last.0.saturating_sub(6.days()), to: last.0 }
    }

    /// Midnight UTC at the start of the first day (inclusive), and after the last (exclusive).
    pub fn bounds(&self) -> (Timestamp, Timestamp) {
        let midnight = |day: Date| jiff::tz::TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok();
        let from = midnight(self.from).unwrap_or(Timestamp::MIN);
        let to = self.to.checked_add(1.day()).ok().and_then(midnight).unwrap_or(Timestamp::MAX);
        (from, to)
    }

    /// Whether a moment lies inside.
    pub fn contains(&self, moment: Timestamp) -> bool {
        let (from, to) = self.bounds();
        from <= moment && moment < to
    }
}

/// `published.yaml`: what a published episode keeps for ever. `publish` writes it, and changes it only
/// when it is told why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// The permanent name in the feed.
    pub guid: Guid,
    /// Whether apps may open the name as the episode's page (RSS 2.0 `isPermaLink`): true only of guids
    /// that another publisher made.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub permalink: bool,
    /// When it was first published.
    pub date: Timestamp,
    /// Where the sound is, for ever.
    pub enclosure_url: String,
    /// What is known of a sound that was not mastered here; `master.json` tells the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sound: Option<ImportedSound>,
    /// The SHA-256 of the sound that listeners got, in hexadecimal; known once it came out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// What was changed on purpose, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub superseded: Vec<Superseded>,
}

/// The sound of an episode that came out elsewhere before the show moved here, as its feed told it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportedSound {
    /// Its file beside `published.yaml`; absent while the sound stays where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its media type: `audio/mpeg`.
    pub media_type: String,
    /// How long it is, where that is known.
    #[serde(default, with = "clock::optional", skip_serializing_if = "Option::is_none")]
    pub length: Option<Seconds>,
    /// Its chapters, in order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chapters: Vec<Chapter>,
}

/// A promise that was taken back on purpose: what it was, when and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Superseded {
    /// When.
    pub on: Timestamp,
    /// Why, in the producer's words.
    pub reason: String,
    /// What listeners had until then, in words: `enclosure_url was https://…`.
    pub was: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_the_seven_days_ending_there() {
        let week = Window::week_ending(EpisodeId::new("2023-04-16").unwrap());
        assert_eq!(week.from.to_string(), "2023-04-10");
        let (from, to) = week.bounds();
        assert_eq!(from.to_string(), "2023-04-10T00:00:00Z");
        assert_eq!(to.to_string(), "2023-04-17T00:00:00Z");
        assert!(week.contains(from) && !week.contains(to));
    }

    #[test]
    fn a_window_may_be_all_of_time() {
        let all = Window { from: Date::MIN, to: Date::MAX };
        assert_eq!(all.bounds(), (Timestamp::MIN, Timestamp::MAX));
    }
}

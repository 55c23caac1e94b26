//! The show, its episodes and their stories, as they lie on disk.
//!
//! These types are read and written by `lorecast-show`; every field name here is a key of
//! `show.yaml`, `subsystems.yaml`, `episode.yaml` or `published.yaml`. Unknown keys are errors, so
//! that a slip of the pen is reported instead of ignored.

use camino::Utf8PathBuf;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::{CommitId, EpisodeId, Guid, ListId, Lufs, MessageId, Seconds, TreeRole};

/// `show.yaml`: what is true of every episode.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Show {
    /// The name of the show.
    pub title: String,
    /// One paragraph about it.
    pub description: String,
    /// Who makes it (`itunes:author`).
    pub author: String,
    /// A public address for the directories that verify ownership; left out of the feed when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Where the site and the feed will be, with a `/` at the end.
    pub url: String,
    /// RFC 5646 language tag.
    #[serde(default = "english")]
    pub language: String,
    /// Apple Podcasts categories, best first; a subcategory is written `News > Tech News`.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Whether episodes hold explicit language.
    #[serde(default)]
    pub explicit: bool,
    /// Square artwork, JPEG or PNG, relative to `show.yaml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<Utf8PathBuf>,
    /// Archives to read when `ingest` is given none.
    #[serde(default)]
    pub sources: Vec<ShowSource>,
    /// Upstream git trees, in which `track` looks for the patches that were posted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trees: Vec<ShowTree>,
    /// A `MAINTAINERS` file, or a git tree that holds one, for exact subsystems.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maintainers: Option<Utf8PathBuf>,
    /// How many stories a draft proposes.
    #[serde(default = "two_dozen")]
    pub stories: usize,
    /// How the sound is made.
    #[serde(default)]
    pub sound: Sound,
}

/// An archive named in `show.yaml`, by a path or a URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowSource {
    /// A file or folder, relative to `show.yaml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Utf8PathBuf>,
    /// A public inbox, such as `https://lore.kernel.org/linux-pci/`; mirrored with git.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The list, when neither the name of the archive nor its mails tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<ListId>,
    /// How its mbox files escape `From ` lines, when the content cannot tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escapes: Option<MboxEscapes>,
}

/// An upstream tree named in `show.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowTree {
    /// What to call it in notes and tables: `mainline`, `tip`, `net-next`.
    pub name: String,
    /// The repository, bare or not, relative to `show.yaml`.
    pub path: Utf8PathBuf,
    /// What it is for.
    #[serde(default)]
    pub role: TreeRole,
    /// The branches to follow: full names, short ones, or patterns with `*`; all when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub branches: Vec<String>,
}

/// How an mbox file escapes `From ` lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MboxEscapes {
    /// `>` before `From `, `>From `, …: undone by taking one `>` away.
    Mboxrd,
    /// `>` before `From ` alone: `>>From ` was written so.
    Mboxo,
    /// Nothing is escaped; Content-Length says where a mail ends.
    Mboxcl2,
}

/// `sound:` in `show.yaml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sound {
    /// Played before the first take, relative to `show.yaml`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intro: Option<Utf8PathBuf>,
    /// Played after the last take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outro: Option<Utf8PathBuf>,
    /// 1 or 2.
    pub channels: u16,
    /// The loudness to reach; -16 LUFS for stereo and -19 for mono when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loudness: Option<Lufs>,
    /// Silence between takes.
    pub pause: Seconds,
}

impl Default for Sound {
    fn default() -> Self {
        Self { intro: None, outro: None, channels: 2, loudness: None, pause: Seconds(0.7) }
    }
}

/// A group of stories, and what belongs to it: one entry of `subsystems.yaml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its short name, used in `episode.yaml` and `export`.
    pub key: String,
    /// Its heading in the notes.
    pub title: String,
    /// Names of `MAINTAINERS` sections that belong here; `*` stands for any text.
    #[serde(default)]
    pub subsystems: Vec<String>,
    /// Path prefixes of the files that belong here; the longest match wins.
    #[serde(default)]
    pub paths: Vec<String>,
    /// First words of titles (`x86/mm` in `x86/mm: fix it`); the longest match wins.
    #[serde(default)]
    pub prefixes: Vec<String>,
    /// Short names of mailing lists.
    #[serde(default)]
    pub lists: Vec<String>,
}

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
    /// What it tells, in order.
    #[serde(default)]
    pub stories: Vec<Story>,
    /// What became of stories of earlier episodes, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follow_ups: Vec<FollowUpStory>,
    /// The takes in order, each with the chapter that starts there.
    #[serde(default)]
    pub chapters: Vec<ChapterPlan>,
    /// Who made it.
    #[serde(default)]
    pub credits: Vec<String>,
}

/// A chapter as planned: the take that opens it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChapterPlan {
    /// What a podcast app shows.
    pub title: String,
    /// The name of the recording in `takes/`, without its extension.
    pub take: String,
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

/// One covered item with its evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// The message it is about: a thread's root, a cover letter, an announcement.
    pub id: MessageId,
    /// What the producer said of it.
    #[serde(default)]
    pub state: StoryState,
    /// The key of the section it stands in.
    pub section: String,
    /// What sort of news it is.
    pub kind: Kind,
    /// Its title without tags.
    pub title: String,
    /// How highly it was ranked; higher is more newsworthy.
    pub score: f64,
    /// Why, in words.
    #[serde(default)]
    pub reasons: Vec<String>,
    /// Every fact that the notes state, with the message that proves it.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
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

/// A fact and its proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What sort of fact.
    pub fact: Fact,
    /// The fact itself, as the notes state it.
    pub value: String,
    /// The message that proves it; of a commit, the posted patch that it became or undid.
    pub message: MessageId,
    /// The tree of `commit`, as `show.yaml` names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tree: Option<String>,
    /// The commit that proves it, when no message does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<CommitId>,
}

/// What a piece of evidence proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fact {
    /// Who posted it, spelt as in the mail.
    Author,
    /// The title without tags.
    Title,
    /// The version of the series.
    Version,
    /// How many patches.
    Patches,
    /// The name of a release, such as `Linux 6.3-rc7`.
    Release,
    /// Words of the message, verbatim after undoing line wrapping.
    Quotation,
    /// Who replied, spelt as in the mail.
    Reply,
    /// Who said that it was applied, or the tree that holds it.
    Applied,
    /// A version that was posted since an earlier episode.
    Later,
    /// Who gave a `Reviewed-by`.
    Reviewed,
    /// Who gave an `Acked-by`.
    Acked,
    /// Who gave a `Tested-by`.
    Tested,
    /// Who asked for another version.
    ChangesRequested,
    /// Who turned it down.
    Rejected,
    /// It is in linux-next.
    Next,
    /// The first tag of mainline that contains it, such as `v6.4-rc1`; the tree without one.
    Landed,
    /// The first final release of mainline that contains it, such as `v6.4`.
    Final,
    /// A stable release that carries it, or the branch that is about to.
    Stable,
    /// The tree that took it out again.
    Dropped,
    /// The tree that undid it.
    Reverted,
    /// The day of the last word about it (`YYYY-MM-DD`), after which it went quiet.
    Quiet,
}

/// What sort of news a story is. Each kind has its own sentence in the notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
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
    /// A report of a regression or a broken build.
    Regression,
    /// A Request For Comments.
    Rfc,
    /// A patch series.
    Series,
    /// A single patch.
    Patch,
    /// A conversation that is not about one patch.
    Discussion,
}

/// `published.yaml`: what a published episode keeps for ever. Written once, by `publish`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// The permanent name in the feed.
    pub guid: Guid,
    /// When it was first published.
    pub date: Timestamp,
    /// Where the sound is, for ever.
    pub enclosure_url: String,
}

fn english() -> String {
    "en".to_owned()
}

fn two_dozen() -> usize {
    24
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

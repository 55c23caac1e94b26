//! A show as it lies on disk: `show.yaml` and `subsystems.yaml`.
//!
//! These types are read and written by `lorecast-show`; every field name here is a key of those
//! files. Unknown keys are errors, so that a slip of the pen is reported instead of ignored.

use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};

use crate::{
    Chain, Effects, Formats, ListId, Lufs, Music, Seconds, ShowCommunity, ShowDelivery, ShowFeed,
    ShowMaintainers, StoreAddress, Subscribe, Telling, TreeRole, Vouch,
};

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
    /// The PostgreSQL database that keeps the index; a file in the show's folder when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreAddress>,
    /// Archives to read when `ingest` is given none.
    #[serde(default)]
    pub sources: Vec<ShowSource>,
    /// Upstream git trees, in which `track` looks for the patches that were posted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trees: Vec<ShowTree>,
    /// A `MAINTAINERS` file, or a git tree that holds one, for exact subsystems.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maintainers: Option<ShowMaintainers>,
    /// A `.mailmap` file, or a git tree that holds one, for the addresses of one person; that of the
    /// tree of `maintainers` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailmap: Option<ShowMaintainers>,
    /// What the show is about: which rules tell news from routine.
    #[serde(default)]
    pub profile: Profile,
    /// Where a mail can be read on the web: an address in which `{id}` stands for its Message-ID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub links: Option<String>,
    /// How many stories a draft proposes.
    #[serde(default = "two_dozen")]
    pub stories: usize,
    /// How long an episode is to be, in minutes; `stories` decides when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<f64>,
    /// How the script is read aloud.
    #[serde(default)]
    pub voice: Voice,
    /// A program and its arguments that may offer prose for a story; see `docs/assistant.md`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assistant: Vec<String>,
    /// Which sources of employers may be told; none when the list is empty.
    #[serde(default = "reviewed")]
    pub employers: Vec<Vouch>,
    /// The show's page in each app, for the buttons of the subscribe page.
    #[serde(default, skip_serializing_if = "Subscribe::is_empty")]
    pub subscribe: Subscribe,
    /// More about the show for its about page, in Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// What the feed says beside titles and sound.
    #[serde(default)]
    pub feed: ShowFeed,
    /// How episodes are told of, in a mail and a post.
    #[serde(default, skip_serializing_if = "Telling::is_empty")]
    pub telling: Telling,
    /// Where `publish` carries the site; nowhere when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deliver: Option<ShowDelivery>,
    /// Where servers that share no disk keep the files of episodes for each other; nowhere when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<ShowDelivery>,
    /// How a community takes part.
    #[serde(default, skip_serializing_if = "ShowCommunity::is_default")]
    pub community: ShowCommunity,
    /// How the sound is made.
    #[serde(default)]
    pub sound: Sound,
}

impl Show {
    /// A title of an episode as feeds and tags tell it. Apps show it below the name of the show, so that
    /// name goes from its front: `The Show for 2023-04-16` is `2023-04-16`.
    pub fn below<'a>(&self, title: &'a str) -> &'a str {
        let rest = title.trim().strip_prefix(self.title.trim()).unwrap_or_default();
        let mut joints = [" for ", ": ", ", ", " – ", " — ", " - "].iter();
        let rest = joints.find_map(|joint| rest.strip_prefix(joint)).map(str::trim);
        rest.filter(|rest| !rest.is_empty()).unwrap_or(title)
    }
}

/// Which rules tell what is news on a show's lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// The Linux kernel: -rc and stable releases, `MAINTAINERS`, tip and AUTOSEL mails.
    #[default]
    Kernel,
    /// Any project with mailing lists; no word of the kernel's.
    General,
}

/// `voice:` in `show.yaml`: who reads the script, and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Voice {
    /// Words per minute; learnt from earlier takes when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words_per_minute: Option<f64>,
    /// How numbers are said.
    pub numbers: Numbers,
    /// How quotation marks are said.
    pub quotes: Quotes,
    /// A program and its arguments that reads text and writes WAV, for `master --voice`; see
    /// `docs/voice.md`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// How much of the script the program is given at a time.
    pub by: ReadBy,
    /// Who reads, as transcripts name them; the show's `author` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
}

/// How much text a synthetic voice is given at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReadBy {
    /// One sentence: so the transcript knows when each is said.
    #[default]
    Sentence,
    /// One paragraph: for programs that take long to start.
    Paragraph,
}

/// How quotation marks are said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quotes {
    /// Not at all: the marks stand in the script, and the voice does the rest.
    #[default]
    Plain,
    /// "quote … end quote".
    Spoken,
}

/// How a number, or a release such as `4.11-rc8`, is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Numbers {
    /// In words: "four point eleven R C eight".
    #[default]
    Words,
    /// As written: "4.11 RC 8".
    Digits,
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
    /// Played between two chapters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sting: Option<Utf8PathBuf>,
    /// Played beneath the voice, over and over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bed: Option<Utf8PathBuf>,
    /// How music stands beside the voice.
    pub music: Music,
    /// 1 or 2.
    pub channels: u16,
    /// The loudness to reach; -16 LUFS for stereo and -19 for mono when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loudness: Option<Lufs>,
    /// Silence between takes.
    pub pause: Seconds,
    /// What is done to the takes.
    pub chain: Chain,
    /// What is done for fun.
    pub effects: Effects,
    /// Which files are made, and how.
    pub formats: Formats,
}

impl Default for Sound {
    fn default() -> Self {
        Self {
            intro: None,
            outro: None,
            sting: None,
            bed: None,
            music: Music::default(),
            channels: 2,
            loudness: None,
            pause: Seconds(0.7),
            chain: Chain::default(),
            effects: Effects::default(),
            formats: Formats::default(),
        }
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
    /// Path prefixes of files that belong here when their subsystem belongs nowhere: `drivers/`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vague_paths: Vec<String>,
    /// First words of titles (`x86/mm` in `x86/mm: fix it`); the longest match wins.
    #[serde(default)]
    pub prefixes: Vec<String>,
    /// First words and lists that say what a mail is rather than where it belongs (`docs`,
    /// `selftests`, `linux-api`): they count when nothing else says more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vague: Vec<String>,
    /// Short names of mailing lists.
    #[serde(default)]
    pub lists: Vec<String>,
}

impl Section {
    /// A section that nothing belongs to by itself.
    pub fn named(key: &str, title: &str) -> Self {
        Self {
            key: key.to_owned(),
            title: title.to_owned(),
            subsystems: Vec::new(),
            paths: Vec::new(),
            vague_paths: Vec::new(),
            prefixes: Vec::new(),
            vague: Vec::new(),
            lists: Vec::new(),
        }
    }
}

fn english() -> String {
    "en".to_owned()
}

fn reviewed() -> Vec<Vouch> {
    Vouch::REVIEWED.to_vec()
}

fn two_dozen() -> usize {
    24
}

#[cfg(test)]
mod tests {
    use super::*;

    fn below(title: &str) -> String {
        let show = serde_json::json!({
            "title": "Kernel Notes", "description": "b", "author": "c", "url": "https://a.example/",
        });
        let show: Show = serde_json::from_value(show).unwrap();
        show.below(title).to_owned()
    }

    #[test]
    fn the_name_of_the_show_goes_from_the_front_of_a_title() {
        assert_eq!(below("Kernel Notes for 2023-04-16"), "2023-04-16");
        assert_eq!(below("Kernel Notes: the end of a lock"), "the end of a lock");
        assert_eq!(below("Kernel Notes for "), "Kernel Notes for ");
        assert_eq!(below("Kernel Notes of old"), "Kernel Notes of old");
        assert_eq!(below("The end of a lock"), "The end of a lock");
    }
}

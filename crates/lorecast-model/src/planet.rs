//! The blogs that a show gathers, and what was gathered.

use camino::Utf8PathBuf;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// `planet.yaml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planet {
    /// What the page and its feeds are called; `Planet` and the show's title when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// A blog is asked again after so many minutes at the earliest.
    #[serde(default = "half_an_hour")]
    pub every: u16,
    /// How many posts the page and its feeds show.
    #[serde(default = "forty")]
    pub posts: usize,
    /// Hosts that may be asked although only the own network has them, as they stand in URLs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<String>,
    /// The blogs. Of two that bring the same post the first is named.
    #[serde(default)]
    pub blogs: Vec<Blog>,
}

/// A blog that `planet.yaml` names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blog {
    /// Who writes it.
    pub name: String,
    /// Its feed: RSS, Atom or JSON Feed.
    pub feed: String,
    /// Its page; what the feed says when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The writer's face: an address, or a file relative to `planet.yaml`; what the feed names when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub face: Option<String>,
    /// Only posts with one of these categories; all when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// What somebody wrote in a blog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Its permanent name in its feed.
    pub id: String,
    /// Where to read it: http or https.
    pub link: String,
    /// Plain text on one line.
    pub title: String,
    /// When it came out; when it was first seen, if the feed gave no date or one to come.
    pub date: Timestamp,
    /// Who wrote it, where the feed says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// How it begins: plain text on one line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// All of it as HTML that does no harm and loads nothing; empty when that is too much.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub html: String,
}

/// The blogs and their posts as they are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gathered {
    /// What the page is called.
    pub title: String,
    /// In the order of `planet.yaml`.
    pub blogs: Vec<GatheredBlog>,
    /// The newest first.
    pub posts: Vec<GatheredPost>,
}

/// A blog as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatheredBlog {
    /// Who writes it.
    pub name: String,
    /// Its feed.
    pub feed: String,
    /// Its page.
    pub url: Option<String>,
    /// A small PNG that is kept here.
    pub face: Option<Utf8PathBuf>,
}

/// A post as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatheredPost {
    /// Whose it is: a place in [`Gathered::blogs`].
    pub blog: usize,
    /// What was written.
    pub post: Post,
}

impl Default for Planet {
    fn default() -> Self {
        Self {
            title: None,
            every: half_an_hour(),
            posts: forty(),
            allow: Vec::new(),
            blogs: Vec::new(),
        }
    }
}

fn half_an_hour() -> u16 {
    30
}

fn forty() -> usize {
    40
}

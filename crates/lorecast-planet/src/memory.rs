//! What is known of each blog from one run to the next.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lorecast_model::planet::{Blog, Post};
use serde::{Deserialize, Serialize};

use crate::read::{Entered, Feed};

/// So many posts of a blog are remembered, so that episodes which told them can be checked.
const REMEMBERED: usize = 500;
/// So many of them as a whole.
const WHOLE: usize = 40;

/// Everything that is remembered: by the address of the feed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// The blogs, also those that `planet.yaml` names no more.
    pub blogs: BTreeMap<String, Remembered>,
}

/// What is remembered of a blog.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remembered {
    /// Who writes it, as `planet.yaml` named it last.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What the server wants to hear the next time: `ETag` (RFC 9110 section 8.8.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// The same: `Last-Modified`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    /// When it was asked last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Timestamp>,
    /// Until when it wants to be left alone (`Retry-After`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
    /// It said that it is gone for good (410).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub gone: bool,
    /// The blog's page, as its feed says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The picture that its feed names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// The face that is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub face: Option<Face>,
    /// What its categories were wanted to be when the feed was read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Its posts, the newest first.
    pub posts: Vec<Post>,
}

/// A face that was fetched, or could not be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Face {
    /// Where it came from.
    pub from: String,
    /// The file that it is kept in; none when there is no picture at the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

impl Remembered {
    /// Takes in what a feed holds at this time, and says how many posts are new. A post that is known
    /// keeps its date; a date to come, or none, is the time at which it was first seen.
    pub fn take_in(&mut self, feed: Feed, blog: &Blog, now: Timestamp) -> usize {
        self.site = feed.site;
        self.picture = feed.picture;
        self.name.clone_from(&blog.name);
        let mut new = 0;
        let wanted = feed.entries.into_iter().filter(|entry| is_wanted(entry, &blog.tags));
        // What stands first in the feed is kept of two.
        let mut seen = Vec::new();
        for Entered { mut post, dated, .. } in wanted {
            if seen.contains(&post.id) {
                continue;
            }
            seen.push(post.id.clone());
            match self.posts.iter_mut().find(|known| known.id == post.id) {
                Some(known) => {
                    post.date = known.date;
                    *known = post;
                }
                None => {
                    let fits = dated && post.date <= now && post.date > Timestamp::UNIX_EPOCH;
                    post.date = if fits { post.date } else { now };
                    self.posts.push(post);
                    new += 1;
                }
            }
        }
        // Stable: those of one time stand as in the feed.
        self.posts.sort_by_key(|post| std::cmp::Reverse(post.date));
        self.posts.truncate(REMEMBERED);
        self.posts.iter_mut().skip(WHOLE).for_each(|post| post.html.clear());
        new
    }

    /// Forgets what belongs to other wishes: posts that are no longer wanted by their categories, and with
    /// them what the server would answer "not modified" to.
    pub fn wish(&mut self, tags: &[String]) {
        if self.tags != tags {
            self.tags = tags.to_vec();
            self.posts.clear();
            (self.etag, self.last_modified) = (None, None);
        }
    }
}

fn is_wanted(entry: &Entered, tags: &[String]) -> bool {
    let has = |tag: &String| entry.tags.iter().any(|own| own.to_lowercase() == tag.to_lowercase());
    tags.is_empty() || tags.iter().any(has)
}

//! Chapters of an episode that came out elsewhere.

use lorecast_model::{Chapter, Seconds};
use rss::extension::Extension;
use serde::Deserialize;

use super::tags::{address, attribute};
use crate::lint::values::{play_time, web};
use crate::text::{one_line, shortened};

/// More chapters are no help to anybody.
const MOST: usize = 1000;
/// The longest title, in characters.
const LONGEST: usize = 200;

#[derive(Deserialize)]
struct File {
    chapters: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    start_time: f64,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    url: Option<String>,
    /// Whether it stands in the list; it may only change the picture.
    #[serde(default)]
    toc: Option<bool>,
}

/// Reads a file of JSON chapters 1.2 (podcast namespace).
///
/// # Errors
/// What is wrong with it.
pub fn read(json: &[u8]) -> Result<Vec<Chapter>, String> {
    let file: File = serde_json::from_slice(json).map_err(|error| error.to_string())?;
    let listed = file.chapters.into_iter().filter(|entry| entry.toc != Some(false));
    let chapters = listed.map(|entry| Chapter {
        start: Seconds(entry.start_time),
        title: entry.title.unwrap_or_default(),
        link: entry.url.and_then(|url| web(&url)).map(String::from),
    });
    Ok(in_order(chapters.collect()))
}

/// Podlove Simple Chapters, within the feed.
pub(super) fn simple(lists: &[Extension]) -> Vec<Chapter> {
    let entries = lists.iter().filter_map(|list| list.children().get("chapter")).flatten();
    let chapters = entries.filter_map(|entry| {
        Some(Chapter {
            start: Seconds(play_time(&attribute(entry, "start")?)?),
            title: attribute(entry, "title").unwrap_or_default(),
            link: address(entry, "href").map(String::from),
        })
    });
    in_order(chapters.collect())
}

/// Those with a time and a title, in order of time.
fn in_order(mut chapters: Vec<Chapter>) -> Vec<Chapter> {
    for chapter in &mut chapters {
        chapter.title = shortened(&one_line(&chapter.title), LONGEST);
    }
    chapters.retain(|c| c.start.0.is_finite() && c.start.0 >= 0.0 && !c.title.is_empty());
    chapters.sort_by(|a, b| a.start.0.total_cmp(&b.start.0));
    chapters.truncate(MOST);
    chapters
}

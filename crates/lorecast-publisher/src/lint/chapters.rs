//! Chapter files: JSON chapters 1.2 of the podcast namespace.

use serde_json::Value;
use url::Url;

use super::{Folder, rules};
use crate::chapters::MEDIA_TYPE;

const LIMIT: u64 = 4_000_000;

/// What a feed says of a chapters file.
pub(super) struct Reference<'a> {
    pub(super) place: &'a str,
    pub(super) url: &'a Url,
    pub(super) media_type: &'a str,
    /// The length of the episode in seconds, when the feed tells it.
    pub(super) length: Option<f64>,
}

pub(super) fn check(folder: &mut Folder, reference: &Reference) {
    if reference.media_type != MEDIA_TYPE {
        let message = format!("the type of `<podcast:chapters>` is not `{MEDIA_TYPE}`");
        folder.find(&rules::CHAPTERS_TAG, reference.place, message);
    }
    let Some(path) = folder.file_of(reference.url) else { return };
    let bytes = match folder.read(&path, LIMIT) {
        Ok((bytes, true)) => bytes,
        Ok(_) => return folder.find(&rules::CHAPTERS_FILE, path, "it has more than 4 MB"),
        Err(error) => {
            let message = format!("the chapters `{path}` cannot be read: {error}");
            return folder.find(&rules::CHAPTERS_FILE, reference.place, message);
        }
    };
    match serde_json::from_slice::<Value>(&bytes) {
        Ok(json) => content(folder, path.as_str(), &json, reference.length),
        Err(error) => {
            let place = format!("{path}:{}", error.line());
            folder.find(&rules::CHAPTERS_JSON, place, format!("it is not JSON: {error}"));
        }
    }
}

fn content(folder: &mut Folder, path: &str, json: &Value, length: Option<f64>) {
    if !json["version"].is_string() {
        folder.find(&rules::CHAPTERS_JSON, path, "`version` is no string");
    }
    let Some(chapters) = json["chapters"].as_array() else {
        return folder.find(&rules::CHAPTERS_JSON, path, "`chapters` is no list");
    };
    let mut last = f64::NEG_INFINITY;
    for (number, chapter) in (1..).zip(chapters) {
        let Some(start) = chapter["startTime"].as_f64() else {
            let message = format!("`startTime` of chapter {number} is no number");
            folder.find(&rules::CHAPTERS_JSON, path, message);
            continue;
        };
        if number == 1 && start != 0.0 {
            let message = format!("the first chapter starts at {start} s");
            folder.find(&rules::CHAPTERS_START, path, message);
        }
        if start <= last || start < 0.0 {
            let message = format!("chapter {number} starts at {start} s, not after the one before");
            folder.find(&rules::CHAPTERS_ORDER, path, message);
        }
        // The feed's length has whole seconds.
        if length.is_some_and(|length| start > length + 1.0) {
            let message = format!("chapter {number} starts at {start} s, after the episode's end");
            folder.find(&rules::CHAPTERS_END, path, message);
        }
        if chapter["title"].as_str().is_none_or(|title| title.trim().is_empty()) {
            let message = format!("chapter {number} has no title");
            folder.find(&rules::CHAPTERS_JSON, path, message);
        }
        last = start;
    }
}

//! Transcript files, in the forms that the podcast namespace names.

use url::Url;

use super::{Folder, rules};
use crate::text::shortened;

/// A transcript of six hours, word by word, has a tenth.
const LIMIT: u64 = 64_000_000;
/// The types that apps know (podcast namespace, tag `transcript`).
const TYPES: &[&str] =
    &["text/plain", "text/html", "text/vtt", "application/json", "application/x-subrip"];

pub(super) fn check(folder: &mut Folder, place: &str, url: &Url, media_type: &str) {
    if !TYPES.contains(&media_type) {
        let message = format!("no app knows the type `{}`", shortened(media_type, 40));
        folder.find(&rules::TRANSCRIPT_TAG, place, message);
    }
    let Some(path) = folder.file_of(url) else { return };
    let bytes = match folder.read(&path, LIMIT) {
        Ok((bytes, true)) => bytes,
        Ok(_) => return folder.find(&rules::TRANSCRIPT_FILE, path, "it has more than 64 MB"),
        Err(error) => {
            let message = format!("the transcript `{path}` cannot be read: {error}");
            return folder.find(&rules::TRANSCRIPT_FILE, place, message);
        }
    };
    if let Some(fault) = fault(&bytes, media_type) {
        folder.find(&rules::TRANSCRIPT_FILE, path, fault);
    }
}

/// What is wrong with a file of that type.
fn fault(bytes: &[u8], media_type: &str) -> Option<String> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Some("it is no UTF-8 text".into()) };
    match media_type {
        "text/vtt" if !text.starts_with("WEBVTT") => Some("it does not begin with `WEBVTT`".into()),
        "text/vtt" | "application/x-subrip" if !text.contains(" --> ") => {
            Some("it has no times".into())
        }
        "application/json" => match serde_json::from_str::<serde_json::Value>(text) {
            Ok(json) if json["segments"].is_array() => None,
            Ok(_) => Some("`segments` is no list".into()),
            Err(error) => Some(format!("it is not JSON: {error}")),
        },
        _ => None,
    }
}

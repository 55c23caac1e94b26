//! The page of an episode: player, chapters and transcript.

use super::super::{Lint, transcripts, values};
use super::{DOWNLOAD, PLAIN, Page, SEEK, TRANSCRIPT, Told};
use crate::html::{Element, Piece};
use crate::text::shortened;

pub(super) fn check(lint: &mut Lint, page: &Page) {
    let Some(told) = page.told else { return };
    player(lint, page);
    chapters(lint, page, told);
    transcript(lint, page, told);
    download(lint, page);
}

fn player(lint: &mut Lint, page: &Page) {
    let path = page.path.as_str();
    let Some(audio) = page.elements().find(|e| matches!(&*e.name, "audio" | "video")) else {
        return lint.find(&PLAIN, path, "it has no `<audio>`");
    };
    let source = audio.get("src").is_some() || page.all("source").next().is_some();
    let plays = source && audio.get("controls").is_some();
    lint.must(plays, &PLAIN, page.place(audio), "it does not play without JavaScript");
    let hidden = page
        .elements()
        .find(|e| e.get("hidden").is_some() && matches!(&*e.name, "section" | "article" | "main"));
    if let Some(element) = hidden {
        lint.find(&PLAIN, page.place(element), "it is hidden until JavaScript shows it");
    }
    let preload = matches!(audio.get("preload"), Some("none" | "metadata"));
    lint.must(preload, &DOWNLOAD, page.place(audio), "its `preload` is not `none` or `metadata`");
}

/// Where a link to a time leads, in seconds.
fn time_of(element: &Element) -> Option<f64> {
    let written = ["data-start", "data-time", "data-t"].iter().find_map(|name| element.get(name));
    let href = element.get("href").unwrap_or_default();
    let of_link = || href.split(['#', '?', '&']).find_map(|part| part.strip_prefix("t="));
    values::play_time(written.or_else(of_link)?.trim_end_matches('s'))
}

fn chapters(lint: &mut Lint, page: &Page, told: &Told) {
    let times: Vec<(f64, &Element)> =
        page.elements().filter_map(|e| Some((time_of(e)?, e))).collect();
    for (start, title) in &told.chapters {
        if !times.iter().any(|(time, _)| (time - start).abs() <= 0.5) {
            let message = format!("`{}` at {start} s has no link", shortened(title, 60));
            return lint.find(&SEEK, page.path.as_str(), message);
        }
    }
}

fn transcript(lint: &mut Lint, page: &Page, told: &Told) {
    let mut words = Vec::new();
    for piece in page.pieces {
        if let Piece::Text(text) = piece {
            words.extend(values::words(text));
        }
    }
    let missing = transcripts::missing(&told.words, &words);
    if missing * 100 > told.words.len() {
        let message =
            format!("{missing} of {} words of the transcript are not on it", told.words.len());
        lint.find(&TRANSCRIPT, page.path.as_str(), message);
    }
}

/// The link to the file, with its size and length near it.
fn download(lint: &mut Lint, page: &Page) {
    let link = page.pieces.iter().position(|piece| {
        matches!(piece, Piece::Open(e) if e.name == "a"
            && e.get("href").is_some_and(is_sound))
    });
    let Some(at) = link else {
        return lint.find(&DOWNLOAD, page.path.as_str(), "no link leads to the sound");
    };
    let near: String = page.pieces[at.saturating_sub(6)..]
        .iter()
        .take(20)
        .filter_map(|piece| if let Piece::Text(text) = piece { Some(text.as_str()) } else { None })
        .collect();
    let size = ["kB", "KB", "MB", "KiB", "MiB", "GB"].iter().any(|unit| near.contains(unit));
    let clock = near.split_whitespace().any(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.contains(':') && values::play_time(word).is_some()
    });
    let length = clock || [" min", " h", " s"].iter().any(|unit| near.contains(unit));
    let message = "size and length do not stand beside the download";
    lint.must(size && length, &DOWNLOAD, page.path.as_str(), message);
}

fn is_sound(href: &str) -> bool {
    [".mp3", ".m4a", ".mp4", ".opus", ".ogg"].iter().any(|ending| href.ends_with(ending))
}

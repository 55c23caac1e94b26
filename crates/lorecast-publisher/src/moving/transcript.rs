//! Transcripts of an episode that came out elsewhere.

use lorecast_model::{Heading, Seconds, Sentence, Transcript};
use serde::Deserialize;

use crate::html::{Piece, pieces};
use crate::lint::values::play_time;
use crate::text::one_line;

/// More lines are no episode.
const MOST: usize = 100_000;
/// A paragraph is not longer than this, so that there is a time to click on.
const PARAGRAPH: f64 = 45.0;

#[derive(Deserialize)]
struct File {
    segments: Vec<Segment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Segment {
    #[serde(default)]
    speaker: Option<String>,
    start_time: f64,
    end_time: f64,
    body: String,
}

/// Reads a transcript in WebVTT, SubRip, or JSON of the podcast namespace.
///
/// # Errors
/// What is wrong with it.
pub fn read(bytes: &[u8], media_type: &str) -> Result<Transcript, String> {
    let mut sentences = match media_type {
        "application/json" => segments(bytes)?,
        _ => cues(&String::from_utf8_lossy(bytes)),
    };
    let timed = |s: &Sentence| s.start.0.is_finite() && s.start.0 >= 0.0 && s.end.0 >= s.start.0;
    sentences.retain(|sentence| timed(sentence) && !sentence.text.is_empty());
    sentences.sort_by(|a, b| a.start.0.total_cmp(&b.start.0));
    sentences.truncate(MOST);
    if sentences.is_empty() {
        return Err("it has no line with a time".to_owned());
    }
    into_paragraphs(&mut sentences);
    let headings = vec![Heading { title: String::new(), level: 1 }];
    Ok(Transcript { headings, sentences, deviations: Vec::new(), heard: 1.0 })
}

fn segments(bytes: &[u8]) -> Result<Vec<Sentence>, String> {
    let file: File = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let sentence = |segment: Segment| Sentence {
        start: Seconds(segment.start_time),
        end: Seconds(segment.end_time),
        speaker: one_line(&segment.speaker.unwrap_or_default()),
        text: one_line(&segment.body),
        confidence: 1.0,
        ..Sentence::default()
    };
    Ok(file.segments.into_iter().map(sentence).collect())
}

/// The cues of WebVTT and SubRip: a line with `-->`, then text up to an empty line.
fn cues(text: &str) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some((start, end)) = line.split_once("-->") else { continue };
        let end = end.split_whitespace().next().unwrap_or_default();
        let said: Vec<&str> = lines.by_ref().take_while(|line| !line.trim().is_empty()).collect();
        let (Some(start), Some(end)) = (clock(start), clock(end)) else { continue };
        let (speaker, text) = voice(&said.join(" "));
        sentences.push(Sentence {
            start,
            end,
            speaker,
            text,
            confidence: 1.0,
            ..Sentence::default()
        });
    }
    sentences
}

/// SubRip has a comma where WebVTT has a point.
fn clock(text: &str) -> Option<Seconds> {
    play_time(&text.trim().replace(',', ".")).map(Seconds)
}

/// The name in `<v Ann>`, and the text without tags.
fn voice(cue: &str) -> (String, String) {
    let name = cue.split_once("<v").and_then(|(_, rest)| rest.split_once('>'));
    let name = name.and_then(|(tag, _)| tag.split_once(' ')).map(|(_, name)| one_line(name));
    let text = pieces(cue).into_iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(text),
        _ => None,
    });
    (name.unwrap_or_default(), one_line(&text.collect::<String>()))
}

fn into_paragraphs(sentences: &mut [Sentence]) {
    let (mut paragraph, mut began) = (0, sentences[0].start.0);
    for nth in 1..sentences.len() {
        let changed = sentences[nth].speaker != sentences[nth - 1].speaker;
        if changed || sentences[nth].start.0 - began > PARAGRAPH {
            paragraph += 1;
            began = sentences[nth].start.0;
        }
        sentences[nth].paragraph = paragraph;
    }
}

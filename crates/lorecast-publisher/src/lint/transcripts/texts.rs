//! Transcripts in JSON and HTML, and scripts.

use serde_json::Value;

use super::super::{Lint, Place, values};
use super::{HTML, JSON};
use crate::html::{self, Piece};
use crate::text::shortened;

/// Reads a JSON transcript.
pub(super) fn json(lint: &mut Lint, name: &str, text: &str) -> (Vec<String>, Option<f64>) {
    let json: Value = match serde_json::from_str(text) {
        Ok(json) => json,
        Err(error) => {
            let place = Place::at(name, error.line() as u32, error.column().max(1) as u32);
            lint.find(&JSON, place, format!("it is not JSON: {error}"));
            return Default::default();
        }
    };
    lint.must(json["version"].is_string(), &JSON, name, "`version` is no string");
    let Some(segments) = json["segments"].as_array() else {
        lint.find(&JSON, name, "`segments` is no list");
        return Default::default();
    };
    let (mut words, mut last) = (Vec::new(), None::<f64>);
    for (number, segment) in (1..).zip(segments) {
        let (start, body) = (segment["startTime"].as_f64(), segment["body"].as_str());
        if start.is_none() || body.is_none() {
            let message = format!("segment {number} lacks its `startTime` or `body`");
            lint.find(&JSON, name, message);
        }
        let end = segment["endTime"].as_f64();
        if let (Some(start), Some(end)) = (start, end)
            && end < start
        {
            lint.find(&JSON, name, format!("segment {number} ends before it starts"));
        }
        last = last.into_iter().chain(end.or(start)).reduce(f64::max);
        words.extend(values::words(body.unwrap_or_default()));
    }
    (words, last)
}

/// What frames a page, and what an HTML transcript may hold.
const FRAME: &[&str] = &["html", "head", "body", "meta", "title", "link", "main", "article"];
const TAGS: &[&str] = &["cite", "time", "p"];

/// Reads an HTML transcript.
pub(super) fn html(lint: &mut Lint, name: &str, text: &str) -> (Vec<String>, Option<f64>) {
    let pieces = html::pieces(text);
    let mut elements = html::elements(&pieces);
    let other = elements.find(|e| !FRAME.contains(&&*e.name) && !TAGS.contains(&&*e.name));
    if let Some(other) = other {
        let line = u32::try_from(other.line).unwrap_or(u32::MAX);
        let message = format!("it holds `<{}>`", shortened(&other.name, 40));
        lint.find(&HTML, Place::at(name, line, 1), message);
    }
    let mut silent = Vec::new();
    let mut words = Vec::new();
    for piece in &pieces {
        match piece {
            Piece::Open(e)
                if matches!(
                    &*e.name,
                    "cite" | "time" | "title" | "h1" | "h2" | "style" | "script"
                ) =>
            {
                silent.push(e.name.as_str());
            }
            Piece::Close(name) if silent.last().is_some_and(|open| open == name) => {
                silent.pop();
            }
            Piece::Text(text) if silent.is_empty() => words.extend(values::words(text)),
            _ => {}
        }
    }
    (words, None)
}

/// How a script says what a transcript writes in digits and signs.
#[rustfmt::skip]
const NUMERALS: &[&str] = &[
    "zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    "hundred", "thousand", "million", "billion", "point", "dot", "percent",
];

/// Whether a word is the same in a script and in its transcript: no part of a number, and no letter of a
/// name that is spelt.
fn is_written_alike(word: &str) -> bool {
    word.chars().nth(1).is_some() && !NUMERALS.contains(&word)
}

/// The words of a script that are read aloud and written as they are said: no headings, comments,
/// directions and links, and no numbers.
pub(super) fn said_in(script: &str) -> Vec<String> {
    let spoken = script.lines().filter(|line| {
        let line = line.trim_start();
        !line.starts_with('#') && !line.starts_with("<!--") && !line.starts_with('[')
    });
    let text = spoken.collect::<Vec<_>>().join("\n");
    let mut words = String::new();
    let mut depth = 0usize;
    for c in text.chars() {
        match c {
            '(' | '{' | '<' => depth += 1,
            ')' | '}' | '>' => depth = depth.saturating_sub(1),
            _ if depth == 0 => words.push(c),
            _ => {}
        }
    }
    let mut words = values::words(&words);
    words.retain(|word| is_written_alike(word));
    words
}

/// How many words of a list are not in another, counted as often as they stand.
pub(in crate::lint) fn missing(wanted: &[String], there: &[String]) -> usize {
    let mut counts = std::collections::BTreeMap::<&str, i64>::new();
    there.iter().for_each(|word| *counts.entry(word).or_default() += 1);
    wanted.iter().for_each(|word| *counts.entry(word).or_default() -= 1);
    counts.values().filter(|n| **n < 0).map(|n| n.unsigned_abs() as usize).sum()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_script_without_what_a_transcript_writes_otherwise() {
        let script =
            "# Heads\n\n[slowly]\nLinux nine point four R C one (see above) has sixty patches.\n";
        assert_eq!(super::said_in(script).join(" "), "linux has patches");
    }
}

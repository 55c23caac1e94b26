//! How fast the show is read, and how long a script takes.

use std::ops::Range;

use lorecast_model::{
    Chapter, DeviationKind, Heading, Master, Seconds, Sentence, Transcript, Voice,
};
use serde::Serialize;

use super::{Script, Section};

/// Words read aloud in some time: a part of an earlier episode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Words of the script.
    pub words: usize,
    /// How long the take is.
    pub time: Seconds,
}

/// How fast a script is read.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Pace {
    /// Words per minute.
    pub words_per_minute: f64,
    /// How that is known.
    pub origin: Origin,
}

/// How a pace is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// `voice.words_per_minute` in `show.yaml`.
    Voice,
    /// The takes of earlier episodes.
    Takes,
    /// Nobody knows: what most people read at.
    Usual,
}

/// What most people read at, in words per minute.
const USUAL: f64 = 150.0;
/// Nobody reads slower or faster, in words per minute: such a take was not read from the script.
const PLAUSIBLE: std::ops::RangeInclusive<f64> = 60.0..=300.0;
/// Parts with fewer words say little about a pace.
const FEWEST_WORDS: usize = 30;

/// The reader's pace: what the show says, else the median of earlier readings, else the usual one.
pub fn pace(voice: &Voice, readings: &[Reading]) -> Pace {
    if let Some(words_per_minute) = voice.words_per_minute.filter(|pace| *pace > 0.0) {
        return Pace { words_per_minute, origin: Origin::Voice };
    }
    let mut paces: Vec<f64> = readings
        .iter()
        .filter(|reading| reading.words >= FEWEST_WORDS)
        .map(|reading| reading.words as f64 * 60.0 / reading.time.0)
        .filter(|pace| PLAUSIBLE.contains(pace))
        .collect();
    paces.sort_by(f64::total_cmp);
    let (low, high) = (paces.get(paces.len().saturating_sub(1) / 2), paces.get(paces.len() / 2));
    match low.zip(high) {
        Some((low, high)) => Pace { words_per_minute: (low + high) / 2.0, origin: Origin::Takes },
        None => Pace { words_per_minute: USUAL, origin: Origin::Usual },
    }
}

/// What a mastered episode tells about the pace: for each run of chapters that sections of its
/// script can be told to belong to, the words of these and the length of those.
///
/// A section belongs to the chapter of its title, and else to that of the section before; what
/// stands before all sections belongs to the first chapter. Chapters that no section is named after
/// count with the one before. `pause` is the silence between two takes.
pub fn readings(script: &Script, master: &Master, pause: Seconds) -> Vec<Reading> {
    let mut found = Vec::new();
    let (mut chapter, mut words, mut begun) = (0, 0, 0);
    for section in &script.sections {
        if let Some(next) = named_after(&master.chapters, chapter, section) {
            found.push(Reading { words, time: length(master, begun, next, pause) });
            (chapter, begun, words) = (next, next, 0);
        }
        words += section.words();
    }
    found.push(Reading { words, time: length(master, begun, master.chapters.len(), pause) });
    found
}

/// The same from what was heard: for each section the words that were said and how long that took,
/// what was said beside the script left out.
pub fn heard_readings(transcript: &Transcript) -> Vec<Reading> {
    let sections = 0..transcript.headings.len();
    sections.filter_map(|section| heard(transcript, section..section + 1)).collect()
}

/// What was heard of some sections.
fn heard(transcript: &Transcript, sections: Range<usize>) -> Option<Reading> {
    let said = || transcript.sentences.iter().filter(|said| sections.contains(&said.heading));
    let start = said().map(|said| said.start.0).min_by(f64::total_cmp)?;
    let end = said().map(|said| said.end.0).max_by(f64::total_cmp)?;
    let beside = transcript.deviations.iter().filter(|passage| {
        passage.kind != DeviationKind::Skipped && start <= passage.start.0 && passage.end.0 <= end
    });
    let beside: f64 = beside.map(|passage| passage.end.0 - passage.start.0).sum();
    let words = said().map(Sentence::spoken_words).sum();
    Some(Reading { words, time: Seconds((end - start - beside).max(0.0)) })
}

/// What was heard of each section of a script as it stands now, those below it included: `None` for a
/// section that was not read, or that the script did not have then.
pub fn heard_timings(script: &Script, transcript: &Transcript) -> Vec<Option<Reading>> {
    let headings = &transcript.headings;
    let mut from = 0;
    let timed = script.sections.iter().map(|section| {
        let title = section.plain_title();
        let same = |heading: &Heading| heading.title == title && heading.level == section.level;
        let at = from + headings.get(from..)?.iter().position(same)?;
        from = at + 1;
        let below = headings[at + 1..].iter().take_while(|below| below.level > section.level);
        let end = if section.level > 1 { at + 1 + below.count() } else { at + 1 };
        heard(transcript, at..end)
    });
    timed.collect()
}

/// The chapter behind `current` that has the section's title.
fn named_after(chapters: &[Chapter], current: usize, section: &Section) -> Option<usize> {
    let title = section.plain_title();
    let same = |chapter: &Chapter| chapter.title.to_lowercase() == title.to_lowercase();
    chapters.iter().skip(current + 1).position(same).map(|index| current + 1 + index)
}

fn length(master: &Master, from: usize, to: usize, pause: Seconds) -> Seconds {
    let start = |index: usize| master.chapters.get(index).map(|chapter| chapter.start.0);
    let first = start(from).unwrap_or(0.0);
    let last = start(to).unwrap_or(master.length.0);
    Seconds(last - first - pause.0 * to.saturating_sub(from) as f64)
}

/// How long a section takes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Timing {
    /// Its title; empty for what stands before all headings.
    pub title: String,
    /// The level of its heading, from 1.
    pub level: u8,
    /// Words read aloud, those of sections below it included.
    pub words: usize,
    /// Minutes at the reader's pace.
    pub minutes: f64,
}

impl Pace {
    /// Minutes for a number of words.
    pub fn minutes(&self, words: usize) -> f64 {
        words as f64 / self.words_per_minute
    }
}

/// The words and minutes of each section.
pub fn timings(script: &Script, pace: &Pace) -> Vec<Timing> {
    let below = |index: usize, level: u8| {
        let rest = script.sections.iter().skip(index + 1);
        rest.take_while(move |section| section.level > level).map(Section::words).sum::<usize>()
    };
    let timed = script.sections.iter().enumerate().map(|(index, section)| {
        let inner = if section.level > 1 { below(index, section.level) } else { 0 };
        let words = section.words() + inner;
        let minutes = pace.minutes(words);
        Timing { title: section.plain_title(), level: section.level, words, minutes }
    });
    timed.collect()
}

#[cfg(test)]
mod tests {
    use lorecast_model::{Deviation, Sentence};

    use super::*;

    fn transcript() -> Transcript {
        let heading = |title: &str, level| Heading { title: title.into(), level };
        let said = |start, end, text: &str, heading| Sentence {
            start: Seconds(start),
            end: Seconds(end),
            text: text.into(),
            heading,
            ..Sentence::default()
        };
        Transcript {
            headings: vec![heading("One", 2), heading("Inner", 3), heading("Two", 2)],
            sentences: vec![
                said(0.0, 2.0, "a b – c.", 0),
                said(2.5, 4.0, "d e.", 1),
                said(14.0, 20.0, "f.", 1),
            ],
            deviations: vec![Deviation {
                kind: DeviationKind::Inserted,
                start: Seconds(4.0),
                end: Seconds(14.0),
                text: String::new(),
            }],
            heard: 1.0,
        }
    }

    #[test]
    fn what_was_heard_is_timed_without_what_was_inserted() {
        let reading = |words, time| Reading { words, time: Seconds(time) };
        assert_eq!(heard_readings(&transcript()), [reading(3, 2.0), reading(3, 7.5)]);
        let script = Script::read("# New\n\nx\n\n## One\n\nx\n\n### Inner\n\nx\n\n## Two\n\nx\n");
        let timings = heard_timings(&script, &transcript());
        assert_eq!(timings, [None, Some(reading(6, 10.0)), Some(reading(3, 7.5)), None]);
    }
}

//! Where the sections of a script lie in one recording.

use lorecast_model::Seconds;
use serde::Serialize;

use crate::table::{Alignment, PassageKind, Status};

/// A time that a section was read, or part of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reading {
    /// Where to cut before it: in the pause before its first word.
    pub cut_start: Seconds,
    /// When its first sentence begins.
    pub start: Seconds,
    /// When its last sentence ends.
    pub end: Seconds,
    /// Where to cut behind it: in the pause after its last word.
    pub cut_end: Seconds,
    /// How many of its sentences were said to their end.
    pub sentences: usize,
}

/// A section in one recording.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SectionTimes {
    /// Its number, from 0.
    pub section: usize,
    /// How many sentences the script has in it that can be said.
    pub sentences: usize,
    /// Each time that it was read, in order of time.
    pub readings: Vec<Reading>,
    /// Which of them counts: the last one with half of its sentences. None when it was not read.
    pub chosen: Option<usize>,
}

impl SectionTimes {
    /// The reading that counts.
    pub fn reading(&self) -> Option<&Reading> {
        self.readings.get(self.chosen?)
    }
}

/// At most so much of a pause, in seconds, is left before and behind a section; half of a shorter one.
const LEAVE: f64 = 0.5;
/// A reader goes back to a sentence or two; who goes back farther reads the section once more.
const FARTHEST_BACK: usize = 4;
/// Less of a section is no reading of it.
const LEAST_READ: f64 = 0.5;

/// A sentence said, or begun.
#[derive(Debug, Clone, Copy)]
struct Said {
    start: Seconds,
    end: Seconds,
    sentence: usize,
    section: usize,
    complete: bool,
}

impl Alignment {
    /// Where the sections of the script lie in this one recording; `sections` has the number of the
    /// sentence that each begins with, in order (what [`crate::Guide::sections`] was given).
    ///
    /// A section that is read twice has two readings, of which the last one counts. Slates belong to
    /// no section. A producer should confirm what comes out before anything is cut.
    pub fn sections(&self, sections: &[usize]) -> Vec<SectionTimes> {
        let mut found: Vec<SectionTimes> = (0..sections.len())
            .map(|section| SectionTimes {
                section,
                sentences: self.sayable(sections, section),
                readings: Vec::new(),
                chosen: None,
            })
            .collect();
        let said = self.said(sections);
        let mut at = 0;
        while at < said.len() {
            let count = self.one_reading(&said[at..], sections);
            let group = &said[at..at + count];
            found[group[0].section].readings.push(self.reading(group));
            at += count;
        }
        for section in &mut found {
            let least = LEAST_READ * section.sentences as f64;
            let counts = |reading: &Reading| reading.sentences.max(1) as f64 >= least;
            section.chosen = section.readings.iter().rposition(counts);
        }
        found
    }

    /// How many sentences of a section can be said.
    fn sayable(&self, sections: &[usize], section: usize) -> usize {
        let end = sections.get(section + 1).copied().unwrap_or(usize::MAX);
        let own = self.sentences.iter().filter(|times| {
            (sections[section]..end).contains(&times.sentence)
                && !times.slate
                && times.status != Status::Empty
        });
        own.count()
    }

    /// All that was said of the script, in order of time.
    fn said(&self, sections: &[usize]) -> Vec<Said> {
        let section =
            |sentence: usize| sections.partition_point(|first| *first <= sentence).checked_sub(1);
        let sentences = self.sentences.iter().filter(|times| {
            !times.slate && matches!(times.status, Status::Spoken | Status::Repeated)
        });
        let sentences = sentences.map(|times| (times.start, times.end, times.sentence, true));
        let passages = self.passages.iter().filter_map(|passage| {
            let complete = match passage.kind {
                PassageKind::Repeat => true,
                PassageKind::FalseStart => false,
                _ => return None,
            };
            Some((passage.start, passage.end, passage.sentence?, complete))
        });
        let mut said: Vec<Said> = sentences
            .chain(passages)
            .filter_map(|(start, end, sentence, complete)| {
                Some(Said { start, end, sentence, section: section(sentence)?, complete })
            })
            .collect();
        said.sort_by(|a, b| a.start.0.total_cmp(&b.start.0));
        said
    }

    /// How many of the first of `said` belong to one reading of a section.
    fn one_reading(&self, said: &[Said], sections: &[usize]) -> usize {
        let section = said[0].section;
        let own = self.sentences.iter().skip(sections[section]);
        let first = own.into_iter().find(|times| !times.slate && times.status != Status::Empty);
        let first = first.map(|times| times.sentence);
        let mut farthest = said[0].sentence;
        let again = said.iter().skip(1).position(|next| {
            let back = farthest.saturating_sub(next.sentence);
            farthest = farthest.max(next.sentence);
            next.section != section || Some(next.sentence) == first || back > FARTHEST_BACK
        });
        again.map_or(said.len(), |at| at + 1)
    }

    fn reading(&self, group: &[Said]) -> Reading {
        let (start, end) = (group[0].start, group[group.len() - 1].end);
        let mut complete: Vec<usize> =
            group.iter().filter(|said| said.complete).map(|said| said.sentence).collect();
        complete.sort_unstable();
        complete.dedup();
        let others = self.sentences.iter().map(|times| (times.start, times.end));
        let others = others.chain(self.passages.iter().map(|passage| (passage.start, passage.end)));
        let (mut before, mut after) = (0.0f64, self.length.0.max(end.0));
        let at_end = after;
        for (from, to) in others.filter(|(from, to)| to.0 > from.0) {
            if to.0 <= start.0 {
                before = before.max(to.0);
            }
            if from.0 >= end.0 {
                after = after.min(from.0);
            }
        }
        Reading {
            cut_start: Seconds(start.0 - ((start.0 - before) / 2.0).min(LEAVE)),
            start,
            end,
            cut_end: Seconds(leave_after(end.0, after, at_end)),
            sentences: complete.len(),
        }
    }
}

/// Where to cut behind a section that ends at `end`: what follows may begin at `next`, and needs its
/// half of the pause; the end of the voice needs none.
fn leave_after(end: f64, next: f64, voice: f64) -> f64 {
    let share = if next < voice { 0.5 } else { 1.0 };
    end + ((next - end) * share).min(LEAVE)
}

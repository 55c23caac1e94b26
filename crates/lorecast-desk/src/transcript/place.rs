//! The script in the voice.

use lorecast_align::{Anchor, Cepstra, Guide, Model, Words};
use lorecast_drafter::{SaidSentence, SaidWord};
use lorecast_model::{Heading, Seconds, Transcript};

use super::anchors::Fixed;
use super::table::{Line, Turn, transcript};
use crate::Result;

/// Everything that helps to find a script in a voice.
pub(super) struct Task<'a> {
    pub said: &'a [SaidSentence],
    pub headings: &'a [Heading],
    pub fixed: &'a [Fixed],
    pub words: &'a Words,
    pub turns: &'a [Turn],
}

/// A script as the aligner wants it.
struct Lines<'a> {
    lines: Vec<Line<'a>>,
    /// The number of each sentence among the lines.
    numbers: Vec<usize>,
    /// The first line of each section that says something, and the number of the section.
    sections: Vec<(usize, usize)>,
}

impl<'a> Lines<'a> {
    fn new(said: &'a [SaidSentence], read: &'a [SaidSentence]) -> Self {
        let mut all = Self { lines: Vec::new(), numbers: Vec::new(), sections: Vec::new() };
        for said in said {
            if all.sections.last().map(|(_, section)| *section) != Some(said.section) {
                let heading = read.iter().find(|heading| heading.section == said.section);
                all.lines.extend(heading.map(Line::Heading));
                all.sections.push((all.lines.len(), said.section));
            }
            all.numbers.push(all.lines.len());
            all.lines.push(Line::Sentence(said));
        }
        all
    }

    fn script(&self) -> Vec<lorecast_align::Sentence> {
        self.lines.iter().map(sentence).collect()
    }
}

/// Aligns a script to the voice; each sentence in `fixed` begins exactly when it says.
pub(super) fn place(
    model: &Model,
    voice: &Cepstra,
    task: &Task<'_>,
    progress: &mut dyn FnMut(f64),
) -> Result<Transcript> {
    let read = read_headings(task.said, task.headings);
    let all = Lines::new(task.said, &read);
    let anchors = task.fixed.iter().filter(|(_, at)| at.0 < voice.length().0);
    let anchors = anchors
        .map(|(sentence, at)| Anchor { sentence: all.numbers[*sentence], at: *at })
        .collect();
    let sections = all.sections.iter().map(|(line, _)| *line).collect();
    let guide = Guide { words: task.words.clone(), anchors, sections };
    let alignment = model.align_watched(voice, &all.script(), &guide, progress)?;
    let anchored = |line| guide.anchors.iter().any(|anchor| anchor.sentence == line);
    let mut found = transcript(&all.lines, &alignment, &anchored, task.turns);
    found.headings = task.headings.to_vec();
    Ok(found)
}

/// Where to cut one recording so that each group of sections is read once: `group` tells the group of
/// each section, which do not decrease. The last reading of a group counts; `None` when a group was
/// not read, when they were read in another order, or when the voice reads something else.
pub(super) fn cuts(
    model: &Model,
    voice: &Cepstra,
    task: &Task<'_>,
    group: &dyn Fn(usize) -> usize,
    progress: &mut dyn FnMut(f64),
) -> Result<Option<Vec<Cut>>> {
    let read = read_headings(task.said, task.headings);
    let all = Lines::new(task.said, &read);
    let mut starts: Vec<(usize, usize)> = Vec::new();
    for (line, section) in &all.sections {
        if starts.last().map(|(_, last)| *last) != Some(group(*section)) {
            starts.push((*line, group(*section)));
        }
    }
    let sections: Vec<usize> = starts.iter().map(|(line, _)| *line).collect();
    let guide = Guide { words: task.words.clone(), anchors: Vec::new(), sections };
    let alignment = model.align_watched(voice, &all.script(), &guide, progress)?;
    if !alignment.belongs() {
        return Ok(None);
    }
    let found = alignment.sections(&guide.sections);
    let mut cuts: Vec<Cut> = Vec::new();
    for ((_, group), section) in starts.iter().zip(&found) {
        let Some(reading) = section.reading() else { return Ok(None) };
        let before = cuts.last().map_or(0.0, |before| before.to.0);
        if reading.start.0 < before {
            return Ok(None);
        }
        cuts.push(Cut {
            group: *group,
            from: reading.cut_start,
            start: reading.start,
            to: reading.cut_end,
        });
    }
    Ok(Some(cuts))
}

/// A part of a recording.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cut {
    /// The group of sections that is read there.
    pub group: usize,
    /// Where to cut before it.
    pub from: Seconds,
    /// Where its first word begins.
    pub start: Seconds,
    /// Where to cut behind it.
    pub to: Seconds,
}

/// Headings as they are said by readers who say them, each in the paragraph behind it.
fn read_headings(all: &[SaidSentence], headings: &[Heading]) -> Vec<SaidSentence> {
    let mut read: Vec<SaidSentence> = Vec::new();
    for said in all {
        let done = read.last().is_some_and(|heading| heading.section == said.section);
        let title = headings.get(said.section).map_or("", |heading| heading.title.as_str());
        // The title above all is that of the episode.
        if done || title.is_empty() || said.section == 0 {
            continue;
        }
        let mut at = 0;
        let words = title.split(' ').map(|shown| {
            let word = SaidWord { at, shown: shown.to_owned(), said: vec![shown.to_owned()] };
            at += shown.len() + 1;
            word
        });
        let words = words.collect();
        let ended = title.ends_with(['.', '?', '!', '…']);
        let text = format!("{title}{}", if ended { "" } else { "." });
        read.push(SaidSentence {
            section: said.section,
            paragraph: said.paragraph,
            count: title.split(' ').count(),
            text,
            words,
        });
    }
    read
}

fn sentence(line: &Line<'_>) -> lorecast_align::Sentence {
    let words = line.said().words.iter().flat_map(|word| word.said.iter().cloned()).collect();
    lorecast_align::Sentence { words, slate: matches!(line, Line::Heading(_)) }
}

/// What is said of anchors that lie behind the end of the voice.
pub(super) fn too_late(fixed: &[Fixed], said: &[SaidSentence], length: Seconds) -> Vec<String> {
    let late = fixed.iter().filter(|(_, at)| at.0 >= length.0);
    late.map(|(sentence, _)| {
        let text = &said[*sentence].text;
        format!("the anchor for `{text}` lies behind the end of the episode, at {length}: correct it in `episode.yaml`")
    })
    .collect()
}

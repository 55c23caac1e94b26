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

/// Aligns a script to the voice; each sentence in `fixed` begins exactly when it says.
pub(super) fn place(model: &Model, voice: &Cepstra, task: &Task<'_>) -> Result<Transcript> {
    let read = read_headings(task);
    let (mut lines, mut sections) = (Vec::new(), Vec::new());
    // The number of each sentence among the lines.
    let mut numbers = Vec::new();
    let mut section = None;
    for said in task.said {
        if section != Some(said.section) {
            section = Some(said.section);
            let heading = read.iter().find(|heading| heading.section == said.section);
            lines.extend(heading.map(Line::Heading));
            sections.push(lines.len());
        }
        numbers.push(lines.len());
        lines.push(Line::Sentence(said));
    }
    let anchors = task.fixed.iter().filter(|(_, at)| at.0 < voice.length().0);
    let anchors: Vec<Anchor> =
        anchors.map(|(sentence, at)| Anchor { sentence: numbers[*sentence], at: *at }).collect();
    let script: Vec<lorecast_align::Sentence> = lines.iter().map(sentence).collect();
    let guide = Guide { words: task.words.clone(), anchors, sections };
    let alignment = model.align(voice, &script, &guide)?;
    let anchored = |line| guide.anchors.iter().any(|anchor| anchor.sentence == line);
    let mut found = transcript(&lines, &alignment, &anchored, task.turns);
    found.headings = task.headings.to_vec();
    Ok(found)
}

/// Headings as they are said by readers who say them, each in the paragraph behind it.
fn read_headings(task: &Task<'_>) -> Vec<SaidSentence> {
    let mut read: Vec<SaidSentence> = Vec::new();
    for said in task.said {
        let done = read.last().is_some_and(|heading| heading.section == said.section);
        let title = task.headings.get(said.section).map_or("", |heading| heading.title.as_str());
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
        read.push(SaidSentence { section: said.section, paragraph: said.paragraph, text, words });
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

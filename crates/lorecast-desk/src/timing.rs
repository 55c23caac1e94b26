//! How long an episode was planned to be, and how long it is.

use lorecast_drafter::{Pace, Reading, Script, heard_timings, pace, timings};
use lorecast_model::{EpisodeId, Master, Seconds};
use lorecast_show::EpisodeDir;
use serde::Serialize;

use crate::{Desk, DeskError, Result};

/// Planned and real minutes of an episode.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimingReport {
    /// The episode.
    pub episode: EpisodeId,
    /// Its sections, in the order of the script.
    pub sections: Vec<SectionTiming>,
    /// The length of the master, when there is one.
    pub length: Option<Seconds>,
    /// The pace that the plan is made of.
    pub planned: Pace,
    /// The pace with what this episode tells of it: what the next one is planned with.
    pub learned: Pace,
}

/// Planned and real minutes of a section, those below it included.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SectionTiming {
    /// Its title; empty for what stands before all headings.
    pub title: String,
    /// The level of its heading, from 1.
    pub level: u8,
    /// Words of the script.
    pub words: usize,
    /// Minutes at the pace of earlier episodes.
    pub planned: f64,
    /// Minutes in the master, from its first word to its last; `None` when it was not read, or nobody
    /// knows where it is.
    pub real: Option<f64>,
    /// Words a minute, where sentences were heard one by one.
    pub words_per_minute: Option<f64>,
}

impl Desk<'_> {
    /// Compares the minutes of a script with those of the voice that read it. Without a transcript a
    /// section is as long as the chapter of its title.
    ///
    /// # Errors
    /// When there is no script or no master, or a file cannot be read.
    pub fn timing(&self, id: EpisodeId) -> Result<TimingReport> {
        let show = self.dir.show()?;
        let dir = self.dir.episode(id)?;
        let Some(text) = dir.script()? else { return Err(DeskError::NoScript { id }) };
        let Some(master) = dir.master()? else { return Err(DeskError::NoSound { id }) };
        let (people, glossary) = (self.dir.people()?, self.glossary()?);
        let script = Script::read(&text);
        let earlier = self.readings(&show, id, &people, &glossary)?;
        let own = self.readings_of(&dir, &show, &people, &glossary);
        let planned = pace(&show.voice, &earlier);
        let all: Vec<Reading> = earlier.into_iter().chain(own).collect();
        let real = real(&dir, &script, &master)?;
        let rows = timings(&script, &planned).into_iter().zip(real);
        let sections = rows.map(|(row, (minutes, words_per_minute))| SectionTiming {
            title: row.title,
            level: row.level,
            words: row.words,
            planned: row.minutes,
            real: minutes,
            words_per_minute,
        });
        Ok(TimingReport {
            episode: id,
            sections: sections.collect(),
            length: Some(master.length),
            planned,
            learned: pace(&show.voice, &all),
        })
    }
}

/// The minutes of each section, and words a minute.
fn real(
    dir: &EpisodeDir,
    script: &Script,
    master: &Master,
) -> Result<Vec<(Option<f64>, Option<f64>)>> {
    if let Some(transcript) = dir.transcript()? {
        let heard = heard_timings(script, &transcript).into_iter().map(|heard| {
            let minutes = heard.map(|heard| heard.time.0 / 60.0);
            let pace = heard.zip(minutes).filter(|(_, minutes)| *minutes > 0.0);
            (minutes, pace.map(|(heard, minutes)| heard.words as f64 / minutes))
        });
        return Ok(heard.collect());
    }
    let ends = master.chapters.iter().skip(1).map(|chapter| chapter.start).chain([master.length]);
    let chapters: Vec<_> = master.chapters.iter().zip(ends).collect();
    let of_title = |title: &str| {
        let same = |title: &str, other: &str| title.to_lowercase() == other.to_lowercase();
        chapters
            .iter()
            .find(|(chapter, _)| same(&chapter.title, title))
            .map(|(chapter, end)| (end.0 - chapter.start.0) / 60.0)
    };
    let sections = script.sections.iter();
    Ok(sections.map(|section| (of_title(&section.plain_title()), None)).collect())
}

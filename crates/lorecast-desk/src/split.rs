//! One recording into the chapters of an episode.

mod choose;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_drafter::Script;
use lorecast_model::{Episode, EpisodeId, Seconds};
use lorecast_show::EpisodeDir;
use lorecast_studio::{Gap, gaps};
use serde::Serialize;

use self::choose::{Wanted, choose};
use crate::transcript::Reading;
use crate::{Desk, DeskError, Result};

/// Where the chapters of one recording begin, as written into `episode.yaml`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SplitReport {
    /// The recording.
    pub file: Utf8PathBuf,
    /// How that was found.
    pub how: &'static str,
    /// Why the script did not help, when it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// In order.
    pub sections: Vec<SplitSection>,
}

/// A chapter in a recording.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SplitSection {
    /// The chapter's title.
    pub chapter: String,
    /// Where it begins.
    pub from: Seconds,
    /// Where it ends.
    pub to: Seconds,
    /// How long nobody speaks before it.
    pub pause: Seconds,
    /// What the script says how long it takes, at the pace of the whole recording.
    pub planned: Option<Seconds>,
}

/// So much of a pause stays before the first word and after the last, in seconds.
const EDGE: f64 = 0.25;

impl Desk<'_> {
    /// Finds where the chapters that have no recording of their own begin in the one recording that
    /// is left, by the script that it reads or else by its long pauses, and writes that into `episode.yaml` for the producer to look at.
    ///
    /// # Errors
    /// When there is not exactly one such recording, it has too few pauses, or it is not audio.
    pub fn split(&self, id: EpisodeId) -> Result<SplitReport> {
        let dir = self.dir.episode(id)?;
        let episode = dir.episode()?;
        let (file, chapters) = subject(&dir, &episode)?;
        let why = match self.split_by_script(&dir, &file, &episode, &chapters)? {
            Ok(sections) => {
                self.write_starts(&dir, &file, &chapters, &sections)?;
                let how = "the script in the voice";
                return Ok(SplitReport { file, how, notice: None, sections });
            }
            Err(why) => why,
        };
        let notice = Some(format!("the chapters were sought by pauses alone: {why}"));
        let words = words(&dir, &episode, &chapters)?;
        let heard = gaps(&file)?;
        let found = choose(&heard, &words).map_err(|found| DeskError::TooFewPauses {
            file: file.clone(),
            found,
            needed: chapters.len().saturating_sub(1),
        })?;
        let sections = sections(&episode, &chapters, &found, heard.info.length, &words);
        self.write_starts(&dir, &file, &chapters, &sections)?;
        let how = match words {
            Wanted::Words(_) => "the longest pauses near the planned lengths",
            Wanted::Number(_) => "the longest pauses",
        };
        Ok(SplitReport { file, how, notice, sections })
    }

    /// The chapters where the script is found in the voice, the last reading of each; or why they were
    /// not found there.
    fn split_by_script(
        &self,
        dir: &EpisodeDir,
        file: &Utf8Path,
        episode: &Episode,
        chapters: &[usize],
    ) -> Result<std::result::Result<Vec<SplitSection>, String>> {
        let reader = match self.reader(&self.dir.show()?, dir, &[])? {
            Reading::Ready(reader) => reader,
            Reading::No(why) => return Ok(Err(why.then("split"))),
        };
        let titles: Vec<&str> = episode.chapters.iter().map(|plan| plan.title.as_str()).collect();
        let chapter_of = Script::read(&dir.script()?.unwrap_or_default()).chapters(&titles);
        let group = |section: usize| chapter_of.get(section).copied().unwrap_or(usize::MAX);
        let Some(cuts) =
            reader.cuts(file, &group, &|chapter| chapters.contains(&chapter), self.progress)?
        else {
            return Ok(Err(not_read()));
        };
        let found: Vec<usize> = cuts.iter().map(|cut| cut.group).collect();
        if found != chapters {
            return Ok(Err(not_read()));
        }
        let mut end = 0.0;
        let sections = cuts.iter().map(|cut| {
            let pause = Seconds((cut.start.0 - end).max(0.0));
            end = cut.to.0;
            SplitSection {
                chapter: episode.chapters[cut.group].title.clone(),
                from: hundredths(cut.from.0),
                to: hundredths(cut.to.0),
                pause,
                planned: None,
            }
        });
        Ok(Ok(sections.collect()))
    }

    fn write_starts(
        &self,
        dir: &EpisodeDir,
        file: &Utf8Path,
        chapters: &[usize],
        sections: &[SplitSection],
    ) -> Result<()> {
        let held = self.hold(dir.id())?;
        let recording = file.file_name().unwrap_or_default();
        dir.edit(|episode| {
            for (at, section) in chapters.iter().zip(sections) {
                let Some(plan) = episode.chapters.get_mut(*at) else { continue };
                plan.recording = Some(recording.to_owned());
                plan.from = Some(section.from);
                plan.to = Some(section.to);
                plan.synthetic = false;
            }
        })?;
        held.keep()
    }
}

fn not_read() -> String {
    "the voice does not read each chapter of `script.md`, in their order".to_owned()
}

/// The recording to split, and the chapters to find in it.
fn subject(dir: &EpisodeDir, episode: &Episode) -> Result<(Utf8PathBuf, Vec<usize>)> {
    if episode.chapters.is_empty() {
        return Err(DeskError::NoChapters { file: dir.file("episode.yaml") });
    }
    let mut cleared = episode.clone();
    // A recording that was split before may be split again; what its chapters say does not count.
    for plan in &mut cleared.chapters {
        (plan.recording, plan.from, plan.to, plan.synthetic) = (None, None, None, false);
    }
    let found = dir.recordings(&cleared)?;
    let missing: Vec<usize> =
        (0..episode.chapters.len()).filter(|at| found.takes[*at].is_none()).collect();
    match found.others.as_slice() {
        [file] if !missing.is_empty() => Ok((file.clone(), missing)),
        others => Err(DeskError::NothingToSplit {
            dir: dir.file("takes"),
            others: others.len(),
            missing: missing.len(),
        }),
    }
}

/// How much each chapter has to say, where the script tells.
fn words(dir: &EpisodeDir, episode: &Episode, chapters: &[usize]) -> Result<Wanted> {
    let Some(text) = dir.script()? else { return Ok(Wanted::Number(chapters.len())) };
    let titles: Vec<&str> = episode.chapters.iter().map(|plan| plan.title.as_str()).collect();
    let all = Script::read(&text).words_of(&titles);
    let words: Vec<usize> = chapters.iter().map(|at| all[*at]).collect();
    // A chapter without a word in the script is told freely: then nothing is known of any.
    Ok(if words.contains(&0) { Wanted::Number(chapters.len()) } else { Wanted::Words(words) })
}

fn sections(
    episode: &Episode,
    chapters: &[usize],
    pauses: &[Gap],
    length: Seconds,
    words: &Wanted,
) -> Vec<SplitSection> {
    let pace = match words {
        Wanted::Words(words) => Some(length.0 / words.iter().sum::<usize>().max(1) as f64),
        Wanted::Number(_) => None,
    };
    let mut made: Vec<SplitSection> = Vec::new();
    for (number, at) in chapters.iter().enumerate() {
        // The pauses are those before each chapter, and the one behind the last.
        let (before, after) = (pauses[number], pauses[number + 1]);
        let from = (before.to.0 - EDGE).max(before.from.0);
        let to = (after.from.0 + EDGE).min(after.to.0);
        let planned = match words {
            Wanted::Words(words) => pace.map(|pace| Seconds(pace * words[number] as f64)),
            Wanted::Number(_) => None,
        };
        made.push(SplitSection {
            chapter: episode.chapters[*at].title.clone(),
            from: hundredths(from),
            to: hundredths(to),
            pause: before.length(),
            planned,
        });
    }
    made
}

/// As `episode.yaml` has it.
fn hundredths(seconds: f64) -> Seconds {
    Seconds((seconds * 100.0).round() / 100.0)
}

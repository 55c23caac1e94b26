//! What an episode's sound is made of, in order.

use std::ops::Range;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::{ChapterPlan, Episode, EpisodeMusic, Filler, Seconds, Show};
use lorecast_people::Veil;
use lorecast_show::{EpisodeDir, Recordings, Take};
use lorecast_studio::{Bed, Part};

use crate::{Desk, DeskError, Result};

/// What is heard, and what is heard beneath it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Parts {
    /// In order.
    pub parts: Vec<Part>,
    /// Music beneath some of them.
    pub beds: Vec<Bed>,
    /// The titles of the chapters that a machine reads.
    pub synthetic: Vec<String>,
}

/// A filler within these bounds keeps a show moving, in seconds: 30 to 60, and a little patience.
const FILLER: Range<f64> = 10.0..90.0;

impl Desk<'_> {
    /// Intro, takes, stings, fillers and outro of an episode. Titles are those that may be published.
    pub(crate) fn parts(&self, show: &Show, dir: &EpisodeDir, hidden: &Veil) -> Result<Parts> {
        let episode = dir.episode()?;
        let file = dir.file("episode.yaml");
        if episode.chapters.is_empty() {
            return Err(DeskError::NoChapters { file });
        }
        let found = dir.recordings(&episode)?;
        let takes = complete(dir, &episode, found)?;
        let fillers = places(dir, &episode)?;
        let sound = &show.sound;
        let music = |file: &Utf8Path| Part { file: self.dir.resolve(file), ..Part::default() };
        let mut made = Parts::default();
        if let Some(intro) = EpisodeMusic::chosen([&episode.music.intro, &sound.intro]) {
            made.parts.push(Part { into_next: sound.music.overlap, ..music(intro) });
        }
        let mut beds: Vec<(Utf8PathBuf, Range<usize>)> = Vec::new();
        for (at, (plan, take)) in episode.chapters.iter().zip(takes.takes).enumerate() {
            let sting = [&plan.sting, &episode.music.sting, &sound.sting];
            if let Some(sting) = EpisodeMusic::chosen(sting).filter(|_| at > 0) {
                made.parts.push(music(sting));
            }
            let first = made.parts.len();
            if take.synthetic {
                made.synthetic.push(hidden.text(&take.chapter).into_owned());
            }
            made.parts.push(Part {
                file: take.file,
                from: take.from,
                to: take.to,
                chapter: Some(hidden.text(&take.chapter).into_owned()),
                voice: true,
                ..Part::default()
            });
            let told = fillers.iter().zip(&episode.fillers).zip(&takes.fillers);
            for ((_, filler), file) in told.filter(|((place, _), _)| **place == at) {
                warn_of_length(file);
                made.parts.push(Part {
                    file: file.clone(),
                    chapter: filler.title.as_ref().map(|title| hidden.text(title).into_owned()),
                    speaker: Some(filler.speaker.clone()),
                    voice: true,
                    ..Part::default()
                });
            }
            let bed = [&plan.bed, &episode.music.bed, &sound.bed];
            let Some(bed) = EpisodeMusic::chosen(bed) else { continue };
            // One bed goes on beneath chapters that follow each other.
            match beds.last_mut() {
                Some((last, parts)) if last == bed && parts.end >= first.saturating_sub(1) => {
                    parts.end = made.parts.len();
                }
                _ => beds.push((bed.to_owned(), first..made.parts.len())),
            }
        }
        if let Some(outro) = EpisodeMusic::chosen([&episode.music.outro, &sound.outro]) {
            made.parts.push(Part { into_last: sound.music.overlap, ..music(outro) });
        }
        let bed = |(file, parts): (Utf8PathBuf, _)| Bed { file: self.dir.resolve(&file), parts };
        made.beds = beds.into_iter().map(bed).collect();
        Ok(made)
    }
}

/// The recordings of an episode that has all of them.
struct Complete {
    takes: Vec<Take>,
    fillers: Vec<Utf8PathBuf>,
}

fn complete(dir: &EpisodeDir, episode: &Episode, found: Recordings) -> Result<Complete> {
    let missing: Vec<&ChapterPlan> = episode
        .chapters
        .iter()
        .zip(&found.takes)
        .filter_map(|(plan, take)| take.is_none().then_some(plan))
        .collect();
    if let ([file], [_, _, ..]) = (found.others.as_slice(), missing.as_slice()) {
        return Err(DeskError::OneRecording {
            file: file.clone(),
            chapters: missing.len(),
            id: dir.id(),
        });
    }
    for file in &found.others {
        tracing::warn!("`{file}` belongs to no chapter and no filler; it is left out");
    }
    let takes = found.takes.into_iter().zip(&episode.chapters).map(|(take, plan)| {
        take.ok_or_else(|| DeskError::from(dir.no_take(&plan.title, &plan.take)))
    });
    let fillers = found.fillers.into_iter().zip(&episode.fillers).map(|(file, filler)| {
        let of = format!("filler of {}", filler.speaker);
        file.ok_or_else(|| DeskError::from(dir.no_take(&of, &filler.take)))
    });
    Ok(Complete { takes: takes.collect::<Result<_>>()?, fillers: fillers.collect::<Result<_>>()? })
}

/// After which chapter each filler comes, from 0.
fn places(dir: &EpisodeDir, episode: &Episode) -> Result<Vec<usize>> {
    let chapters = &episode.chapters;
    let named = |after: &str| {
        let is = |name: &str| name.to_lowercase() == after.to_lowercase();
        chapters.iter().position(|plan| is(&plan.take) || is(&plan.title))
    };
    let free = episode.fillers.iter().filter(|filler| filler.after.is_none()).count();
    let mut nth = 0;
    let place = |filler: &Filler| match &filler.after {
        Some(after) => named(after).ok_or_else(|| {
            let message = format!(
                "the filler `{}` is to come after `{after}`, and no chapter has that take or title",
                filler.take
            );
            dir.wrong_filler(&filler.take, message).map_or_else(DeskError::from, DeskError::from)
        }),
        None => {
            nth += 1;
            Ok(evenly(nth, free, chapters.len()))
        }
    };
    episode.fillers.iter().map(place).collect()
}

/// The chapter behind which the `nth` of `count` fillers (from 1) stands; never behind the last one.
fn evenly(nth: usize, count: usize, chapters: usize) -> usize {
    let after = (nth * chapters + count / 2) / (count + 1);
    after.clamp(1, chapters.saturating_sub(1).max(1)) - 1
}

fn warn_of_length(file: &Utf8Path) {
    // What is wrong with the file is told when it is read.
    let Ok(info) = lorecast_studio::probe(file) else { return };
    if !FILLER.contains(&info.length.0) {
        let Seconds(length) = info.length;
        tracing::warn!("the filler `{file}` plays {length:.0} seconds; 30 to 60 suit a show");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(count: usize, chapters: usize, expected: &[usize]) {
        let places: Vec<usize> = (1..=count).map(|nth| evenly(nth, count, chapters)).collect();
        assert_eq!(places, expected);
    }

    #[test]
    fn fillers_are_spread() {
        check(1, 1, &[0]);
        check(1, 2, &[0]);
        check(1, 6, &[2]);
        check(2, 6, &[1, 3]);
        check(3, 4, &[0, 1, 2]);
        check(4, 2, &[0, 0, 0, 0]);
    }
}

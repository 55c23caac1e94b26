//! Hearing a section through a player that is installed.

mod player;

use camino::{Utf8Path, Utf8PathBuf};
use lorecast_model::{EpisodeId, Master, Seconds};
use lorecast_show::{EpisodeDir, Recordings};
use lorecast_studio::Part;
use serde::Serialize;

use self::player::Player;
use crate::{Desk, DeskError, Result};

/// Which sound is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The recording as it came.
    Take,
    /// What the studio made.
    Master,
}

/// What would be played, and how.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Playing {
    /// The section's title.
    pub section: String,
    /// Which sound.
    pub source: Source,
    /// The file.
    pub file: Utf8PathBuf,
    /// Where in the file it begins.
    pub from: Seconds,
    /// Where it ends; with the file when `None`.
    pub to: Option<Seconds>,
    /// The player and its arguments; `None` when no player is installed. One that takes only whole
    /// WAV files is given an excerpt, which stands as `{wav}`.
    pub command: Option<Vec<String>>,
    #[serde(skip)]
    player: Option<Player>,
}

impl Desk<'_> {
    /// Finds a section by its number, title or take, or a filler by its take. Without `source` the
    /// master is meant when there is one, else the recording.
    ///
    /// # Errors
    /// When there is no such section, or its sound is not there.
    pub fn find_sound(
        &self,
        id: EpisodeId,
        section: &str,
        source: Option<Source>,
    ) -> Result<Playing> {
        let dir = self.dir.episode(id)?;
        let master = match source {
            Some(Source::Take) => None,
            _ => dir.master()?.filter(|_| sound_of(&dir).is_some()),
        };
        match (source, master) {
            (Some(Source::Master), None) => Err(DeskError::NotMastered { id }),
            (_, Some(master)) => match of_master(&dir, &master, section)? {
                Some(playing) => Ok(playing),
                None => of_takes(&dir, section),
            },
            (_, None) => of_takes(&dir, section),
        }
    }
}

impl Playing {
    /// Plays it to its end.
    ///
    /// # Errors
    /// When no player is installed, it cannot be run, or it fails.
    pub fn play(&self) -> Result<()> {
        let player = self.player.as_ref().ok_or(DeskError::NoPlayer)?;
        if player.seeks() {
            return player.play(&self.file, self.from, self.to);
        }
        let part =
            Part { file: self.file.clone(), from: Some(self.from), to: self.to, ..Part::default() };
        let wav = tempfile::Builder::new().suffix(".wav").tempfile();
        let wav = wav.map_err(|source| DeskError::Player {
            player: player.name().to_owned(),
            reason: format!("no room for an excerpt: {source}"),
        })?;
        let name = Utf8Path::from_path(wav.path()).unwrap_or(Utf8Path::new("excerpt.wav"));
        let file = wav.reopen().map_err(|source| DeskError::Player {
            player: player.name().to_owned(),
            reason: source.to_string(),
        })?;
        lorecast_studio::excerpt(&part, file, name)?;
        player.play(name, Seconds(0.0), None)
    }

    fn new(
        section: &str,
        source: Source,
        file: Utf8PathBuf,
        from: Seconds,
        to: Option<Seconds>,
    ) -> Self {
        let player = Player::installed();
        let command = player.as_ref().map(|player| player.shown(&file, from, to));
        Self { section: section.to_owned(), source, file, from, to, command, player }
    }
}

/// The master as it was made, else as it is published.
fn sound_of(dir: &EpisodeDir) -> Option<Utf8PathBuf> {
    ["master.wav", "master.mp3"].map(|name| dir.file(name)).into_iter().find(|file| file.is_file())
}

fn of_master(dir: &EpisodeDir, master: &Master, section: &str) -> Result<Option<Playing>> {
    let Some(file) = sound_of(dir) else { return Ok(None) };
    let titles = master.chapters.iter().map(|chapter| chapter.title.as_str());
    let takes = dir.episode()?.chapters;
    let take_of =
        |title: &str| takes.iter().find(|plan| plan.title == title).map(|plan| &plan.take);
    let names = titles.map(|title| (title, take_of(title).map(String::as_str))).collect::<Vec<_>>();
    let Some(at) = position(&names, section) else { return Ok(None) };
    let to = master.chapters.get(at + 1).map(|next| next.start);
    let chapter = &master.chapters[at];
    Ok(Some(Playing::new(&chapter.title, Source::Master, file, chapter.start, to)))
}

fn of_takes(dir: &EpisodeDir, section: &str) -> Result<Playing> {
    let episode = dir.episode()?;
    let Recordings { takes, fillers, .. } = dir.recordings(&episode)?;
    let names = episode.chapters.iter().map(|plan| (plan.title.as_str(), Some(plan.take.as_str())));
    if let Some(at) = position(&names.collect::<Vec<_>>(), section) {
        let plan = &episode.chapters[at];
        let Some(take) = takes.into_iter().nth(at).flatten() else {
            return Err(dir.no_take(&plan.title, &plan.take).into());
        };
        let from = take.from.unwrap_or_default();
        return Ok(Playing::new(&plan.title, Source::Take, take.file, from, take.to));
    }
    let filler = episode.fillers.iter().zip(fillers).find(|(filler, _)| filler.take == section);
    match filler {
        Some((filler, Some(file))) => {
            let name = filler.title.as_ref().unwrap_or(&filler.take);
            Ok(Playing::new(name, Source::Take, file, Seconds(0.0), None))
        }
        Some((filler, None)) => Err(dir.no_take(&filler.speaker, &filler.take).into()),
        None => {
            let known = episode.chapters.iter().map(|plan| format!("`{}`", plan.title));
            let known = known.collect::<Vec<_>>().join(", ");
            Err(DeskError::NoChapter { section: section.to_owned(), known })
        }
    }
}

/// The section that is meant: by title, by take, by number from 1, by the beginning of one title.
fn position(names: &[(&str, Option<&str>)], section: &str) -> Option<usize> {
    let wanted = section.trim().to_lowercase();
    let number = || wanted.parse::<usize>().ok()?.checked_sub(1).filter(|at| *at < names.len());
    let begins = || {
        let mut found = (0..names.len())
            .filter(|at| !wanted.is_empty() && names[*at].0.to_lowercase().starts_with(&wanted));
        found.next().filter(|_| found.next().is_none())
    };
    names
        .iter()
        .position(|(title, _)| title.to_lowercase() == wanted)
        .or_else(|| {
            names.iter().position(|(_, take)| take.map(str::to_lowercase) == Some(wanted.clone()))
        })
        .or_else(number)
        .or_else(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(section: &str, expected: Option<usize>) {
        let names = [("Mainline", Some("mainline")), ("Memory", Some("mm")), ("Main things", None)];
        assert_eq!(position(&names, section), expected, "{section}");
    }

    #[test]
    fn a_section_is_named_in_many_ways() {
        check("mainline", Some(0));
        check("MM", Some(1));
        check("3", Some(2));
        check("mem", Some(1));
        check("main", None);
        check("4", None);
        check("0", None);
        check("", None);
    }
}

//! A show that came out elsewhere, as a show of ours.

use camino::Utf8Path;
use lorecast_model::{Episode, EpisodeId, Publication, ShowFeed, Transcript};

use crate::scaffold::{Head, begin, show_yaml};
use crate::{EpisodeDir, Result, ShowDir, ShowError, atomic};

/// What the feed told of the show.
#[derive(Clone, Debug)]
pub struct Moved<'a> {
    /// Its name.
    pub title: &'a str,
    /// What it is about.
    pub description: &'a str,
    /// Who makes it.
    pub author: &'a str,
    /// Its owner's address.
    pub email: Option<&'a str>,
    /// Where the site will be, with a `/` at the end.
    pub url: &'a str,
    /// RFC 5646 tag.
    pub language: &'a str,
    /// As `show.yaml` writes them.
    pub categories: &'a [String],
    /// Whether episodes hold explicit language.
    pub explicit: bool,
    /// The file of its artwork, relative to `show.yaml`.
    pub cover: Option<&'a str>,
    /// The rest.
    pub feed: &'a ShowFeed,
}

/// An episode that came out.
#[derive(Clone, Debug)]
pub struct MovedEpisode {
    /// Which one it is from now on.
    pub id: EpisodeId,
    /// What goes to `episode.yaml`.
    pub episode: Episode,
    /// What goes to `notes.md`.
    pub notes: String,
    /// What goes to `published.yaml`.
    pub publication: Publication,
    /// What is said in it.
    pub transcript: Option<Transcript>,
}

/// Begins a show with episodes that came out elsewhere; `wrote` hears how many are written. The folder is
/// a show when all of it is there.
///
/// # Errors
/// [`ShowError::Exists`] when there is a show already, and when something cannot be written.
pub fn move_in(
    dir: &Utf8Path,
    show: &Moved<'_>,
    episodes: &[MovedEpisode],
    wrote: &mut dyn FnMut(u64),
) -> Result<ShowDir> {
    let file = dir.join("show.yaml");
    if file.exists() {
        return Err(ShowError::Exists { dir: dir.to_owned() });
    }
    let head = Head {
        title: show.title,
        description: show.description,
        author: show.author,
        email: show.email,
        url: show.url,
        language: show.language,
        categories: show.categories,
        explicit: show.explicit,
        cover: show.cover,
        feed: Some(show.feed),
    };
    let text = show_yaml(&file, &head)?;
    crate::show_dir::check(&file, &text)?;
    for (done, moved) in episodes.iter().enumerate() {
        let folder = EpisodeDir::new(moved.id, dir.join("episodes").join(moved.id.to_string()));
        folder.move_in(&moved.episode, &moved.notes, moved.transcript.as_ref())?;
        folder.write_publication(&moved.publication)?;
        wrote(done as u64 + 1);
    }
    begin(dir, &file, &text)
}

impl EpisodeDir {
    /// Writes what an episode tells that came out elsewhere.
    fn move_in(
        &self,
        episode: &Episode,
        notes: &str,
        transcript: Option<&Transcript>,
    ) -> Result<()> {
        let file = self.file("episode.yaml");
        atomic::write(&file, crate::yaml::write(&file, episode)?.as_bytes())?;
        atomic::write(&self.file("notes.md"), notes.as_bytes())?;
        match transcript {
            Some(transcript) => self.keep_transcript(IMPORTED_TRANSCRIPT, transcript),
            None => Ok(()),
        }
    }
}

/// What is said in an episode that was not mastered here. It cannot be made again, so it is no file that
/// `.gitignore` names.
pub(crate) const IMPORTED_TRANSCRIPT: &str = "spoken.json";

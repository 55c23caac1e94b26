//! How words would come out: rendered, checked, timed.

use lorecast_drafter::Script;
use lorecast_model::{EpisodeId, Finding, MessageId, Sheet};

use super::words::place;
use crate::community::words;
use crate::people::veil::Hidden;
use crate::{Desk, Result};

/// How long an episode is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Length {
    /// Read aloud, in minutes.
    pub minutes: f64,
    /// So many it is to take, when the show or the episode wants a certain length.
    pub target: Option<f64>,
}

impl Desk<'_> {
    /// How long an episode would be with other words in a text, of all or of one story.
    ///
    /// # Errors
    /// When there is no such episode, or a file of it cannot be read.
    pub fn length(
        &self,
        id: EpisodeId,
        sheet: Sheet,
        story: Option<&MessageId>,
        text: &str,
    ) -> Result<Length> {
        let (show, dir) = (self.dir.show()?, self.dir.episode(id)?);
        let whole = self.with_words(id, sheet, story, text)?.0;
        let words = match sheet {
            Sheet::Notes => words(&whole),
            Sheet::Script => Script::read(&whole).sections.iter().map(|one| one.words()).sum(),
        };
        let minutes = words as f64 / lorecast_drafter::words_a_minute(&show).max(1.0);
        Ok(Length { minutes, target: dir.episode()?.minutes.or(show.minutes) })
    }

    /// What `check` would say of the notes with these words in them, in the lines of these words.
    ///
    /// # Errors
    /// When nothing was ingested, there is no such episode, or a file of it cannot be read.
    pub fn check_words(
        &self,
        id: EpisodeId,
        story: Option<&MessageId>,
        text: &str,
    ) -> Result<Vec<Finding>> {
        let store = self.filled_store()?;
        let dir = self.dir.episode(id)?;
        let episode = dir.episode()?;
        let (notes, above) = self.with_words(id, Sheet::Notes, story, text)?;
        let bench = self.bench(&*store, Some(episode.window))?;
        let findings = bench.findings(Sheet::Notes.file(), &notes, Some(id), Some(&episode))?;
        let lines = above + 1..=above + text.lines().count();
        let ours = findings.into_iter().filter_map(|mut finding| {
            match &mut finding.at {
                Some(at) if lines.contains(&(at.line as usize)) => at.line -= above as u32,
                // What is said of the notes as a whole.
                None if story.is_none() => {}
                _ => return None,
            }
            // A fix would have its place in all of the notes.
            Some(Finding { fix: None, ..finding })
        });
        Ok(ours.collect())
    }

    /// Words as the page of the episode shows them, as HTML that does no harm. `None` when they nest too deeply, or are longer than
    /// notes may be.
    ///
    /// # Errors
    /// When there is no such episode, or a file of the show cannot be read.
    pub fn render_words(&self, id: EpisodeId, text: &str) -> Result<Option<String>> {
        let title = self.dir.episode(id)?.episode()?.title;
        let crowd = self.crowd()?;
        Ok(lorecast_publisher::notes_page(&self.dir.show()?, &title, text, &Hidden(&crowd.veil))?)
    }

    /// All of a text with other words for a story in it, and how many lines stand above them.
    fn with_words(
        &self,
        id: EpisodeId,
        sheet: Sheet,
        story: Option<&MessageId>,
        text: &str,
    ) -> Result<(String, usize)> {
        if story.is_none() {
            return Ok((text.to_owned(), 0));
        }
        let dir = self.dir.episode(id)?;
        let whole = dir.standing(sheet)?.unwrap_or_default().text;
        let Some(place) = place(&dir.episode()?, &whole, story) else { return Ok((whole, 0)) };
        let above = whole[..place.start].matches('\n').count();
        Ok(([&whole[..place.start], text, &whole[place.end..]].concat(), above))
    }
}

//! What the notes and the script say.

use std::ops::Range;

use lorecast_model::{Episode, EpisodeId, MessageId, Sheet};
use lorecast_show::{Saved, passage};

use crate::community::about;
use crate::{Desk, Result};

/// A text of an episode, or what it says of one story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The words, with lines that end in a line feed.
    pub text: String,
    /// The line of the file in which they begin, from 1.
    pub line: usize,
    /// The lines of the file with markers of a conflict that a draft left, from 1.
    pub markers: Vec<usize>,
}

impl Desk<'_> {
    /// What a text of an episode says, of all or of one story. `None` when there is no such text, or it does not tell of the story.
    ///
    /// # Errors
    /// When there is no such episode, or a file of it cannot be read.
    pub fn words(
        &self,
        id: EpisodeId,
        sheet: Sheet,
        story: Option<&MessageId>,
    ) -> Result<Option<Words>> {
        let dir = self.dir.episode(id)?;
        let Some(standing) = dir.standing(sheet)? else { return Ok(None) };
        let Some(place) = place(&dir.episode()?, &standing.text, story) else { return Ok(None) };
        let line = standing.text[..place.start].matches('\n').count() + 1;
        let text = standing.text[place].to_owned();
        Ok(Some(Words { text, line, markers: standing.markers }))
    }

    /// Merges what somebody made of these words into what they are now; `base` is what they were when somebody began.
    ///
    /// # Errors
    /// When there is no such episode, or a file of it cannot be read or written.
    pub fn save_words(
        &self,
        id: EpisodeId,
        sheet: Sheet,
        story: Option<&MessageId>,
        base: &str,
        text: &str,
    ) -> Result<Saved> {
        let dir = self.dir.episode(id)?;
        let held = self.hold(id)?;
        let episode = dir.episode()?;
        let saved = dir.save(sheet, |whole| place(&episode, whole, story), base, text)?;
        held.keep()?;
        Ok(saved)
    }
}

/// Where a text tells of a story; all of it when none is named.
pub(super) fn place(
    episode: &Episode,
    text: &str,
    story: Option<&MessageId>,
) -> Option<Range<usize>> {
    match story {
        None => Some(0..text.len()),
        Some(story) => passage(text, about(episode, story)),
    }
}

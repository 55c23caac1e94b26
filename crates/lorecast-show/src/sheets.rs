//! The texts of an episode, as several people edit them at a time.

use std::ops::Range;

use lorecast_model::Sheet;

use crate::merge::{self, Merged};
use crate::{EpisodeDir, Outcome, Result, atomic, yaml};

/// A text of an episode as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Its words, with lines that end in a line feed.
    pub text: String,
    /// Where both sides of a conflict with a draft stand: the lines of the markers, from 1.
    pub markers: Vec<usize>,
}

/// What became of text that somebody saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is in the file, with what others had written meanwhile.
    Kept(Outcome),
    /// Others changed the same lines, and nothing was written: both stand in `both`, which may be saved against `now` once
    /// somebody has chosen.
    Conflict {
        /// What stands there now.
        now: String,
        /// The same with what was to be saved, between markers.
        both: Merged,
    },
    /// There is no such place in the text any more, and nothing was written.
    Gone,
}

/// What stands above the words of others in a conflict, and below one's own.
const MARKS: [(&str, &str); 2] =
    [("<<<<<<< yours", "<<<<<<< saved meanwhile"), (">>>>>>> new draft", ">>>>>>> yours")];

impl EpisodeDir {
    /// A text of the episode, even when a conflict in it is not settled; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn standing(&self, sheet: Sheet) -> Result<Option<Standing>> {
        let file = self.file(sheet.file());
        if !file.is_file() {
            return Ok(None);
        }
        let text = yaml::read_text(&file)?.replace("\r\n", "\n");
        Ok(Some(Standing { markers: merge::marker_lines(&text).collect(), text }))
    }

    /// Merges what somebody made of a part of a text into what stands there now: `base` is what stood there when they began. `place`
    /// finds the part. Hold the episode meanwhile ([`crate::ShowDir::hold`]).
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn save(
        &self,
        sheet: Sheet,
        place: impl Fn(&str) -> Option<Range<usize>>,
        base: &str,
        text: &str,
    ) -> Result<Saved> {
        let Some(Standing { text: whole, .. }) = self.standing(sheet)? else {
            return Ok(Saved::Gone);
        };
        let Some(place) = place(&whole) else { return Ok(Saved::Gone) };
        let ended = |text: &str| format!("{}\n", text.trim_end());
        if ended(base) == ended(text) {
            return Ok(Saved::Kept(Outcome::Same));
        }
        let now = ended(&whole[place.clone()]);
        let merged = merge::three_way(&ended(base), &now, &ended(text));
        if !merged.conflicts.is_empty() && merged.text != now {
            let text = with_names(&merged.text);
            return Ok(Saved::Conflict { now, both: Merged { text, ..merged } });
        }
        let written = [&whole[..place.start], &merged.text, &whole[place.end..]].concat();
        Ok(Saved::Kept(self.write_sheet(sheet, &whole, &written)?))
    }

    /// Changes a text of the episode in which no conflict is open. Hold the episode meanwhile.
    ///
    /// # Errors
    /// When it cannot be read or written, or a conflict in it is not settled.
    pub fn reword(&self, sheet: Sheet, change: impl FnOnce(&str) -> String) -> Result<Outcome> {
        let Some(Standing { text, .. }) = self.standing(sheet)? else { return Ok(Outcome::Same) };
        merge::settled(&self.file(sheet.file()), &text)?;
        let changed = change(&text);
        self.write_sheet(sheet, &text, &changed)
    }

    /// Writes other words into a file, whose lines go on to end as they did.
    fn write_sheet(&self, sheet: Sheet, before: &str, text: &str) -> Result<Outcome> {
        if before == text {
            return Ok(Outcome::Same);
        }
        let file = self.file(sheet.file());
        let dos = yaml::read_text(&file)?.contains("\r\n");
        let text = if dos { text.replace('\n', "\r\n") } else { text.to_owned() };
        atomic::write(&file, text.as_bytes())?;
        Ok(Outcome::Merged)
    }
}

/// Says whose side is whose in words that fit who saves.
fn with_names(text: &str) -> String {
    text.split_inclusive('\n')
        .map(|line| {
            let mark = MARKS.iter().find(|(mark, _)| *mark == line.trim_end());
            mark.map_or_else(|| line.to_owned(), |(_, name)| format!("{name}\n"))
        })
        .collect()
}

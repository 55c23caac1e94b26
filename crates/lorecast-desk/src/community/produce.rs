//! Editors at work on an episode. The files are what counts: they are changed first, and then the journal keeps who did it. A
//! process that ends between the two has lost a line of the log, and nothing of the show.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lorecast_community::{Acting, Arrangement, Deed, EntryId, is_sheet};
use lorecast_model::{EpisodeId, MessageId, Sheet};
use lorecast_show::{Outcome, Saved};

use super::{Community, NotDone};
use crate::{Arranged, Desk, Result, Silent};

/// What somebody made of a text of an episode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The episode.
    pub episode: EpisodeId,
    /// Which text.
    pub sheet: Sheet,
    /// The story that it is about; `None` for all of it.
    pub story: Option<MessageId>,
    /// What stood there when they began.
    pub base: String,
    /// What is to stand there.
    pub text: String,
}

impl Community {
    /// Decides about a story of an episode.
    ///
    /// # Errors
    /// When the rules say no, and as [`Desk::arrange`].
    pub fn arranges(
        &self,
        acting: Acting,
        episode: EpisodeId,
        story: MessageId,
        to: Arrangement,
        at: Timestamp,
    ) -> Result<(EntryId, Arranged)> {
        let deed = Deed::Arrange { episode, story: story.clone(), to: to.clone() };
        self.may(acting, &deed, at)?;
        let today = TimeZone::UTC.to_datetime(at).date();
        let arranged = Desk::open(&self.root, &Silent)?.arrange(episode, &story, &to, today)?;
        Ok((self.does_now(acting, deed, at)?.entry, arranged))
    }

    /// Saves what somebody made of a text of an episode. There is an entry when the file is another one now.
    ///
    /// # Errors
    /// When the rules say no, and as [`Desk::save_words`].
    pub fn saves(
        &self,
        acting: Acting,
        edited: Edited,
        at: Timestamp,
    ) -> Result<(Option<EntryId>, Saved)> {
        let Edited { episode, sheet, story, base, text } = edited;
        let deed = Deed::Edit { episode, sheet, story: story.clone() };
        self.may(acting, &deed, at)?;
        is_sheet(&text).map_err(NotDone::from)?;
        let desk = Desk::open(&self.root, &Silent)?;
        let saved = desk.save_words(episode, sheet, story.as_ref(), &base, &text)?;
        let changed = matches!(saved, Saved::Kept(outcome) if outcome != Outcome::Same);
        let entry = if changed { Some(self.does_now(acting, deed, at)?.entry) } else { None };
        Ok((entry, saved))
    }

    /// Makes the script of the notes, or merges a new one into people's edits.
    ///
    /// # Errors
    /// When the rules say no, and as [`Desk::script`].
    pub fn writes_script(
        &self,
        acting: Acting,
        episode: EpisodeId,
        at: Timestamp,
    ) -> Result<Outcome> {
        let deed = Deed::Edit { episode, sheet: Sheet::Script, story: None };
        self.may(acting, &deed, at)?;
        let outcome = Desk::open(&self.root, &Silent)?.script(episode)?.outcome;
        if outcome != Outcome::Same {
            self.does_now(acting, deed, at)?;
        }
        Ok(outcome)
    }

    /// Whether the rules let somebody do it, before anything is done.
    fn may(&self, acting: Acting, deed: &Deed, at: Timestamp) -> Result<()> {
        Ok(self.look(|commons| commons.judge(acting, deed, at)).map_err(NotDone::from)?)
    }
}

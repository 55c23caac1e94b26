//! Which days an episode covers, and what is odd about them.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use lorecast_model::{EpisodeId, Window};

use crate::{Desk, DeskError, Result};

/// So many days since the last episode are no slip.
const MOST_DAYS: i32 = 62;
/// Lists may be silent for so many days before their archives look cut off.
const SILENT_DAYS: i32 = 2;

impl Desk<'_> {
    /// The days after the last episode before `last`, up to `last`, or to the newest mail held.
    ///
    /// # Errors
    /// When there is no such episode or no mail.
    pub fn since_last(&self, last: Option<EpisodeId>) -> Result<Window> {
        let Some(to) = last.map_or_else(|| self.newest(), |id| Ok(Some(id.0)))? else {
            return Err(DeskError::NothingIngested { dir: self.root().to_owned() });
        };
        let earlier = self.dir.episodes()?.into_iter().rev().find(|dir| dir.id().0 < to);
        let Some(earlier) = earlier else {
            return Err(DeskError::NoEarlierEpisode { dir: self.root().join("episodes") });
        };
        let from = earlier.episode()?.window.to.saturating_add(1.day());
        // Some mails carry dates that have not come yet.
        let long = from.saturating_add(MOST_DAYS.days()) < to;
        if long && last.is_none() {
            return Err(DeskError::LongSince { from, to });
        }
        Ok(Window { from, to })
    }

    /// The day of the newest mail.
    fn newest(&self) -> Result<Option<Date>> {
        let sent = self.filled_store()?.last_sent()?;
        Ok(sent.map(|moment| TimeZone::UTC.to_datetime(moment).date()))
    }

    /// What is odd about the days of an episode on the day `today`, UTC, each a plain sentence: they
    /// have not come yet or are not over, the archives end before them, another episode tells some.
    ///
    /// # Errors
    /// When the store or an episode cannot be read.
    pub fn odd_days(&self, id: EpisodeId, window: Window, today: Date) -> Result<Vec<String>> {
        let mut odd = Vec::new();
        let Window { from, to } = window;
        if from > today {
            odd.push(format!("the days from {from} to {to} have not come yet"));
        } else if to >= today {
            odd.push(format!(
                "the days are not over: {to} has not passed yet; what comes until then needs another draft"
            ));
        } else if let Some(newest) = self.newest()?
            && newest >= from
            && newest.saturating_add(SILENT_DAYS.days()) < to
        {
            odd.push(format!(
                "the newest mail in the archives is of {newest}, before the end of these days; `sync` or ingest the rest"
            ));
        }
        for other in self.dir.episodes()?.into_iter().filter(|dir| dir.id() != id) {
            // One that cannot be read has an error of its own, elsewhere.
            let Ok(told) = other.episode().map(|episode| episode.window) else { continue };
            if told.from <= to && from <= told.to {
                let (from, to) = (told.from.max(from), told.to.min(to));
                let days = if from == to { format!("{from}") } else { format!("{from} to {to}") };
                odd.push(format!("episode {} covers {days} as well", other.id()));
            }
        }
        Ok(odd)
    }
}

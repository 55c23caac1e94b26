//! How much somebody did on one day.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Commons;
use crate::{AccountId, Deed, Entry};

/// What is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    /// Votes, and votes taken back.
    Votes,
    /// What others are to read or hear: text for the notes, comments, notes, suggestions, reports, fillers, names.
    Words,
}

/// How much an account did on a day (UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    day: Date,
    votes: usize,
    words: usize,
}

impl Counted {
    /// As what a deed counts.
    pub(crate) fn of(deed: &Deed) -> Option<Self> {
        match deed {
            Deed::Vote { .. } => Some(Self::Votes),
            Deed::Propose { .. }
            | Deed::Comment { .. }
            | Deed::Annotate { .. }
            | Deed::Suggest { .. }
            | Deed::Report { .. }
            | Deed::OfferFiller { .. }
            | Deed::Rename { .. } => Some(Self::Words),
            _ => None,
        }
    }
}

impl Commons {
    /// How much of something an account did on the day of `now`.
    pub(crate) fn done_today(&self, by: AccountId, what: Counted, now: Timestamp) -> usize {
        let tally = self.tallies.get(&by).filter(|tally| tally.day == day(now));
        tally.map_or(0, |tally| match what {
            Counted::Votes => tally.votes,
            Counted::Words => tally.words,
        })
    }

    pub(super) fn count(&mut self, by: AccountId, entry: &Entry) {
        // Of an account that was closed, text may have stayed.
        let known = self.accounts.contains_key(&by);
        let Some(what) = Counted::of(&entry.deed).filter(|_| known) else { return };
        let today = Tally { day: day(entry.at), votes: 0, words: 0 };
        let tally = self.tallies.entry(by).or_insert(today);
        if tally.day != today.day {
            *tally = today;
        }
        match what {
            Counted::Votes => tally.votes += 1,
            Counted::Words => tally.words += 1,
        }
    }

    pub(super) fn forget_tallies(&mut self, now: Timestamp) {
        self.tallies.retain(|_, tally| tally.day >= day(now));
    }
}

fn day(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}

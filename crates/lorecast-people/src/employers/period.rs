//! From the mails that show an employer to the time in which somebody worked there.

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use lorecast_model::{Affiliation, MessageId, Vouch};
use rustc_hash::FxHashMap;

/// For so many days after the last mail that shows an employer it still holds for a person who goes on
/// writing without showing it: people leave their signature away more often than they leave a company.
pub const HOLDS_ON: i32 = 365;

/// So many employers by one source are told apart for one person.
const MOST_PERIODS: usize = 128;

/// An employer, by one source, from the first to the last mail that shows it.
pub(super) struct Period {
    pub employer: String,
    pub source: Vouch,
    pub first: Date,
    pub last: Date,
    /// The day on which it ended for certain.
    pub ended: Option<Date>,
    /// The first mail that shows it.
    pub proof: (Timestamp, Option<MessageId>),
}

impl Period {
    fn is_said(&self) -> bool {
        matches!(self.source, Vouch::Own | Vouch::Name | Vouch::Header | Vouch::Signature)
    }

    fn overlaps(&self, first: Option<Date>, last: Option<Date>) -> bool {
        first.is_none_or(|first| first <= self.last) && last.is_none_or(|last| self.first <= last)
    }
}

/// The affiliations that mails show. `reviewed` is what was said elsewhere; `written` the day of the
/// person's last mail.
pub(super) fn affiliations(
    shown: Vec<Period>,
    reviewed: &[Affiliation],
    written: Option<Date>,
) -> Vec<Affiliation> {
    let all = joined(shown, reviewed);
    let doubted = |own: &Period| {
        let said = all.iter().filter(|p| p.is_said() && p.employer != own.employer);
        let mut said = said.map(|p| (Some(p.first), Some(p.last)));
        let mut written =
            reviewed.iter().filter(|a| a.employer != own.employer).map(|a| (a.from, a.until));
        let by_address = !own.is_said();
        by_address
            && (said.any(|(first, last)| own.overlaps(first, last))
                || written.any(|(first, last)| own.overlaps(first, last)))
    };
    let kept = all.iter().filter(|period| !doubted(period));
    kept.map(|period| Affiliation {
        employer: period.employer.clone(),
        from: Some(period.first),
        until: end(period, &all, written),
        source: period.source,
        proof: period.proof.1.clone(),
    })
    .collect()
}

/// One period for each employer and source; of spellings that differ in capitals the most reliable
/// one, then the first.
fn joined(mut shown: Vec<Period>, reviewed: &[Affiliation]) -> Vec<Period> {
    shown.sort_by(|a, b| (a.source, &a.proof, &a.employer).cmp(&(b.source, &b.proof, &b.employer)));
    let mut spelled: FxHashMap<String, String> = FxHashMap::default();
    for affiliation in reviewed {
        let name = affiliation.employer.clone();
        spelled.entry(name.to_lowercase()).or_insert(name);
    }
    let mut all: Vec<Period> = Vec::new();
    for mut period in shown {
        let name = period.employer.clone();
        period.employer = spelled.entry(name.to_lowercase()).or_insert(name).clone();
        let same = |p: &Period| p.employer == period.employer && p.source == period.source;
        match all.iter().position(same) {
            Some(at) => {
                let known = &mut all[at];
                known.ended = if known.last >= period.last { known.ended } else { period.ended };
                known.first = known.first.min(period.first);
                known.last = known.last.max(period.last);
                if period.proof < known.proof {
                    known.proof = period.proof;
                }
            }
            None if all.len() < MOST_PERIODS => all.push(period),
            None => {}
        }
    }
    all
}

/// The last day: that of the change when mails show another employer later, none while nothing speaks
/// against it.
fn end(own: &Period, all: &[Period], written: Option<Date>) -> Option<Date> {
    if own.ended.is_some() {
        return own.ended;
    }
    let others = all.iter().filter(|p| p.employer != own.employer && p.last > own.last);
    let change = others.map(|other| other.first.yesterday().unwrap_or(other.first).max(own.last));
    let longest = own.last.checked_add(Span::new().days(HOLDS_ON)).unwrap_or(Date::MAX);
    let lapsed = written.filter(|written| *written > longest).map(|_| longest);
    change.min().into_iter().chain(lapsed).min()
}

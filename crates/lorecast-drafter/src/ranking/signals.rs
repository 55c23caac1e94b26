//! A thread's facts as numbers, one for each signal.

use lorecast_model::{Kind, Signal};

use super::company::Company;
use super::lists::{FOREMOST, Lists};
use super::words::{Words, part};
use crate::{Facts, Routine};

/// What the signals of a thread are read against.
pub(super) struct Lens<'a> {
    pub company: Company<'a>,
    pub lists: Lists<'a>,
    pub matters: &'a Words,
    pub hardware: &'a Words,
    /// In lower case.
    pub well_known: Vec<String>,
    pub regular_threads: u32,
}

impl Lens<'_> {
    /// The well known who answered, as they write their names.
    pub fn well_known<'f>(&self, facts: &'f Facts) -> Vec<&'f str> {
        let answered = facts.writers.iter().filter(|writer| writer.answers > 0);
        let names = answered.map(|writer| writer.who.name.as_str());
        names.filter(|name| self.well_known.contains(&name.to_lowercase())).collect()
    }

    /// Every signal that is not nothing, in their order.
    pub fn signals(&self, facts: &Facts) -> Vec<(Signal, f64)> {
        let standing = self.company.standing(facts);
        let regular = |w: &&crate::facts::Writer| {
            w.answers > 0 && self.company.answered(w) >= self.regular_threads
        };
        let regulars = facts.writers.iter().filter(regular).count();
        let hold = |holds: bool| f64::from(u8::from(holds));
        let fresh = |kind: Kind| hold(facts.kind == kind && facts.fresh);
        let unmoved = unmoved(facts);
        let routine = |wanted: &[Routine]| match facts.routine {
            Some(routine) if wanted.contains(&routine) => unmoved,
            _ => 0.0,
        };
        let value = |signal: Signal| match signal {
            Signal::Messages => log(facts.messages),
            Signal::People => log(facts.people.saturating_sub(1)),
            Signal::Replies => log(facts.replies),
            Signal::Organisations => log(facts.domains),
            Signal::Depth => log(facts.depth),
            Signal::Pace => log(facts.busiest_day),
            Signal::Regulars => (regulars as f64).ln_1p(),
            Signal::Maintainers => (facts.maintainers.len() as f64).ln_1p(),
            Signal::WellKnown => hold(!self.well_known(facts).is_empty()),
            Signal::Lists => (facts.lists.len().max(1) as f64).ln(),
            Signal::Foremost => self
                .lists
                .best(facts)
                .map_or(0.0, |(_, above)| (FOREMOST as f64 / (above + 1) as f64).ln()),
            Signal::Company => standing.company,
            Signal::Crowd => standing.crowd,
            Signal::Cover => hold(facts.cover),
            Signal::Rfc => hold(facts.rfc),
            Signal::Version => f64::from(facts.version.clamp(1, 50)).ln(),
            Signal::Patches => log(facts.patches.min(40)),
            Signal::Abi => hold(facts.abi.is_some()),
            Signal::Documents => hold(facts.documents),
            Signal::Tests => hold(facts.tests),
            Signal::Feature => hold(facts.feature),
            Signal::Performance => hold(facts.performance),
            Signal::Regression => hold(facts.regression),
            Signal::Fixes => hold(facts.fixes && !facts.regression),
            Signal::Hardware => hold(!self.hardware.of(&facts.title).is_empty()),
            Signal::Matters => (self.matters.of(&facts.title).len() as f64).ln_1p(),
            Signal::General => hold(part(&facts.title).is_none()),
            Signal::Reviewed => log(facts.reviewed),
            Signal::Refused => hold(facts.refused),
            Signal::Fresh => hold(facts.fresh),
            Signal::Told => log(facts.told),
            Signal::Mainline => fresh(Kind::Mainline),
            Signal::Stable => fresh(Kind::Stable),
            Signal::Release => fresh(Kind::Release),
            Signal::Pull => fresh(Kind::Pull),
            Signal::Discussion => hold(facts.kind == Kind::Discussion),
            Signal::Unanswered => hold(facts.kind == Kind::Discussion && facts.people < 2),
            Signal::Bot => routine(&[Routine::Bot]),
            Signal::Queue => routine(&QUEUES),
            Signal::Trivial => routine(&[Routine::Trivial]),
        };
        let all = Signal::ALL.into_iter().map(|signal| (signal, value(signal)));
        all.filter(|(_, value)| *value != 0.0).collect()
    }
}

const QUEUES: [Routine; 4] =
    [Routine::Autosel, Routine::StableQueue, Routine::Committed, Routine::Merge];

fn log(count: u32) -> f64 {
    f64::from(count).ln_1p()
}

/// Routine mail counts less, unless people talk about it: with ten of them it is no routine.
fn unmoved(facts: &Facts) -> f64 {
    let talk = f64::from(facts.people.min(10)) / 10.0;
    1.0 - talk * talk
}

//! The rules by which equal names become one person, or wait for the producer.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use lorecast_model::Pending;

use super::guises::{self, Guise};
use super::ties::{Tied, Ties};
use super::{Known, Reason};
use crate::addresses::{Likeness, Place};
use crate::census::Census;
use crate::employers::domains::company;
use crate::names::FullName;

/// A name with more addresses than this is no person's.
const MAX_BEARERS: usize = 64;
/// The most pairs that wait.
const MAX_PENDING: usize = 20_000;
/// Whoever moves still answers from the old address for so long.
const HANDOVER: SignedDuration = SignedDuration::from_hours(31 * 24);

/// What the rules say of two guises with equal names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Verdict {
    One(Reason),
    /// Not enough, and why.
    Wait(&'static str),
    /// Nothing ties them.
    No,
}

/// Ties equal names, and answers with the pairs that wait.
pub(super) fn apply(ties: &mut Ties, known: &Known<'_>) -> Vec<Pending> {
    let census = Census::of(ties.guises.iter().filter_map(|guise| guise.name.as_ref()));
    let judge = Judge { census, known };
    let mut waiting = shared_addresses(ties);
    for group in guises::by_name(&ties.guises).into_values() {
        if (2..=MAX_BEARERS).contains(&group.len()) {
            judge.settle(ties, &group, &mut waiting);
        }
    }
    pend(ties, waiting)
}

struct Judge<'a> {
    census: Census,
    known: &'a Known<'a>,
}

/// Pairs of guises that wait, each with the reason.
type Waiting = BTreeMap<(usize, usize), &'static str>;

impl Judge<'_> {
    fn settle(&self, ties: &mut Ties, group: &[usize], waiting: &mut Waiting) {
        let pairs = pairs(group);
        for (one, other) in &pairs {
            let verdict = self.of_work(&ties.guises[*one], &ties.guises[*other]);
            apply_one(ties, waiting, *one, *other, verdict);
        }
        // Where the name stands for two at work, what is private needs more to belong to one of them.
        let works: BTreeSet<usize> = group
            .iter()
            .filter(|guise| ties.guises[**guise].place == Place::Work)
            .map(|guise| ties.root(*guise))
            .collect();
        let alone = works.len() < 2;
        for (one, other) in &pairs {
            let verdict = self.of_private(&ties.guises[*one], &ties.guises[*other], alone);
            apply_one(ties, waiting, *one, *other, verdict);
        }
    }

    /// What ties two addresses at work, or any two that are alike.
    fn of_work(&self, one: &Guise, other: &Guise) -> Verdict {
        let Some(pair) = Pair::of(one, other) else { return Verdict::No };
        let both_work = one.place == Place::Work && other.place == Place::Work;
        if !both_work {
            return match pair.likeness {
                Likeness::Own => Verdict::One(Reason::Likeness),
                _ => Verdict::No,
            };
        }
        if pair.is_one_domain {
            return match () {
                () if pair.likeness > Likeness::None || !at_once(one, other) => {
                    Verdict::One(Reason::Organisation)
                }
                () if self.census.is_common(pair.name) => {
                    Verdict::Wait("equal names at one domain, which many bear")
                }
                () => Verdict::One(Reason::Organisation),
            };
        }
        if self.is_one_organisation(&pair) {
            return Verdict::One(Reason::Organisation);
        }
        match () {
            () if at_once(one, other) => {
                Verdict::Wait("equal names at two organisations at the same time")
            }
            () if pair.likeness == Likeness::Own => Verdict::One(Reason::Likeness),
            () if self.census.is_rare(pair.name) => Verdict::One(Reason::Moved),
            () => Verdict::Wait("equal names at two organisations, which many bear"),
        }
    }

    /// What ties a private address to another one.
    fn of_private(&self, one: &Guise, other: &Guise, alone: bool) -> Verdict {
        let Some(pair) = Pair::of(one, other) else { return Verdict::No };
        if one.place != Place::Private && other.place != Place::Private {
            return Verdict::No;
        }
        match () {
            () if one.place == Place::Private && other.place == Place::Private => {
                if self.census.is_common(pair.name) && pair.likeness == Likeness::None {
                    Verdict::Wait("equal names, which many bear")
                } else {
                    Verdict::One(Reason::Private)
                }
            }
            () if !alone => Verdict::Wait("equal names, but others at work bear it too"),
            () if self.census.is_common(pair.name) && pair.likeness == Likeness::None => {
                Verdict::Wait("equal names, which many bear")
            }
            () => Verdict::One(Reason::Private),
        }
    }

    fn is_one_organisation(&self, pair: &Pair<'_>) -> bool {
        let [one, other] = pair.organisations;
        let employer = |guise: &Guise| {
            let address = guise.address.as_ref()?;
            self.known.employers.of(&address.key).or_else(|| company(&address.key))
        };
        one == other || employer(pair.one).is_some_and(|a| employer(pair.other) == Some(a))
    }
}

/// Two guises with equal names, none of them an office's or a program's.
struct Pair<'a> {
    one: &'a Guise,
    other: &'a Guise,
    name: &'a FullName,
    likeness: Likeness,
    organisations: [&'a str; 2],
    is_one_domain: bool,
}

impl<'a> Pair<'a> {
    fn of(one: &'a Guise, other: &'a Guise) -> Option<Self> {
        let name = one.names.iter().find(|name| {
            let keys = name.keys();
            other.names.iter().any(|n| n.keys().iter().any(|key| keys.contains(key)))
        })?;
        let initials =
            matches!((&one.name, &other.name), (Some(a), Some(b)) if a.other_initials(b));
        let roles = one.place == Place::Role || other.place == Place::Role;
        if initials || roles || one.used.is_robot() != other.used.is_robot() {
            return None;
        }
        let likeness = match (&one.address, &other.address) {
            (Some(a), Some(b)) => a.likeness(b, name),
            _ => Likeness::None,
        };
        let organisation =
            |guise: &'a Guise| guise.address.as_ref().map_or("", |a| a.organisation());
        let domain = |guise: &'a Guise| guise.address.as_ref().map_or("", |a| a.domain());
        Some(Self {
            one,
            other,
            name,
            likeness,
            organisations: [organisation(one), organisation(other)],
            is_one_domain: domain(one) == domain(other),
        })
    }
}

/// Whether both are in use at the same time, for longer than a move takes.
fn at_once(one: &Guise, other: &Guise) -> bool {
    let (Some(a), Some(b)) = (one.used.active, other.used.active) else { return false };
    let within = |inner: (Timestamp, Timestamp), outer: (Timestamp, Timestamp)| {
        outer.0 <= inner.0 && inner.1 <= outer.1
    };
    let overlap = a.1.min(b.1).duration_since(a.0.max(b.0));
    within(a, b) || within(b, a) || overlap > HANDOVER
}

fn pairs(group: &[usize]) -> Vec<(usize, usize)> {
    let later = |(at, one): (usize, &usize)| {
        let one = *one;
        group[at + 1..].iter().map(move |other| (one, *other)).collect::<Vec<_>>()
    };
    group.iter().enumerate().flat_map(later).collect()
}

fn apply_one(ties: &mut Ties, waiting: &mut Waiting, one: usize, other: usize, verdict: Verdict) {
    match verdict {
        Verdict::One(reason) => {
            let _: Tied = ties.tie(one, other, reason);
        }
        Verdict::Wait(why) => {
            waiting.entry((one, other)).or_insert(why);
        }
        Verdict::No => {}
    }
}

/// Two names at one address that one person hardly bears.
fn shared_addresses(ties: &Ties) -> Waiting {
    let mut waiting = Waiting::new();
    for (index, pair) in ties.guises.windows(2).enumerate() {
        let [one, other] = pair else { continue };
        let named = one.name.is_some() && other.name.is_some();
        let same = one.address.is_some() && one.address == other.address;
        let robots = one.used.is_robot() || other.used.is_robot();
        if named && same && !robots && one.place != Place::Role && other.place != Place::Role {
            waiting.insert((index, index + 1), "one address under two names");
        }
    }
    waiting
}

/// One question for each pair of persons.
fn pend(ties: &Ties, waiting: Waiting) -> Vec<Pending> {
    let mut asked = BTreeSet::new();
    let mut pending = Vec::new();
    for ((one, other), why) in waiting {
        let (a, b) = (ties.root(one), ties.root(other));
        let new = a != b && !ties.are_apart(a, b) && asked.insert((a.min(b), a.max(b)));
        if new && pending.len() < MAX_PENDING {
            pending.push(Pending {
                one: ties.guises[one].mailbox(),
                other: ties.guises[other].mailbox(),
                why: why.to_owned(),
            });
        }
    }
    pending
}

//! The rules by which equal names become one person, or wait for the producer.

use std::collections::{BTreeMap, BTreeSet};

use lorecast_model::Pending;

use super::guises::{self, Guise};
use super::organisations::{Bond, Class, Organisations};
use super::pair::Pair;
use super::ties::{Tied, Ties};
use super::{Known, Reason};
use crate::addresses::{Address, Likeness, Place};
use crate::census::Census;

/// Of the addresses under one name so many are compared with each other, those of most mails.
const MAX_BEARERS: usize = 64;
/// A name before so many addresses of others, at as many organisations, is a mask: spammers send
/// under one name from whatever address they stole.
const MASKS: usize = 3;
/// So many names that no one person bears make an address nobody's: there is nothing to ask about.
const CROWD: usize = 3;
/// The most pairs that wait.
const MAX_PENDING: usize = 20_000;

/// What the rules say of two guises with equal names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    One(Reason),
    /// Not enough, and why.
    Wait(&'static str),
    /// Nothing ties them.
    No,
}

/// Pairs of guises that wait, each with the reason.
type Waiting = BTreeMap<(usize, usize), &'static str>;

/// Ties equal names, and answers with the pairs that wait, those of most mails first.
pub(super) fn apply(ties: &mut Ties, known: &Known<'_>) -> Vec<Pending> {
    let census = Census::of(ties.guises.iter().filter_map(|guise| guise.name.as_ref()));
    let organisations = Organisations::of(&ties.guises, &census, known.employers);
    let judge = Judge { census, organisations };
    let mut waiting = shared_addresses(ties);
    for mut group in guises::by_name(&ties.guises).into_values() {
        if group.len() > MAX_BEARERS {
            group.sort_by_key(|guise| std::cmp::Reverse(ties.guises[*guise].used.mails));
            group.truncate(MAX_BEARERS);
            group.sort_unstable();
        }
        judge.settle(ties, &group, &mut waiting);
    }
    pend(ties, waiting)
}

struct Judge<'a> {
    census: Census,
    organisations: Organisations<'a>,
}

impl Judge<'_> {
    fn settle(&self, ties: &mut Ties, group: &[usize], waiting: &mut Waiting) {
        if self.is_mask(ties, group) {
            return;
        }
        let pairs = pairs(group);
        for (one, other) in &pairs {
            let verdict = self.of_work(&ties.guises[*one], &ties.guises[*other]);
            follow(ties, waiting, (*one, *other), verdict);
        }
        // Where the name stands for several at work, what is private needs more to be one of theirs.
        let works: BTreeSet<usize> = group
            .iter()
            .filter(|guise| self.organisations.class(&ties.guises[**guise]) != Class::Private)
            .map(|guise| ties.root(*guise))
            .collect();
        for (one, other) in &pairs {
            let several = works.len() > 1 && !self.is_the_one_alike(ties, group, *one, *other);
            let verdict = self.of_private(&ties.guises[*one], &ties.guises[*other], several);
            follow(ties, waiting, (*one, *other), verdict);
        }
    }

    /// Whether most addresses at organisations that the name stands before are others': not made of it,
    /// and used for a mail or two.
    fn is_mask(&self, ties: &Ties, group: &[usize]) -> bool {
        let guises = || group.iter().map(|guise| &ties.guises[*guise]);
        let at_work = guises().filter(|guise| self.organisations.class(guise) != Class::Private);
        let (borrowed, own): (Vec<&Guise>, Vec<&Guise>) = at_work.partition(|g| g.is_borrowed());
        let addresses = borrowed.iter().filter_map(|guise| guise.address.as_ref());
        let places: BTreeSet<&str> = addresses.map(Address::organisation).collect();
        places.len() >= MASKS && places.len() > own.len()
    }

    /// What ties two addresses at work, or any two that are alike.
    fn of_work(&self, one: &Guise, other: &Guise) -> Verdict {
        let Some(pair) = Pair::of(one, other) else { return Verdict::No };
        let classes = [one, other].map(|guise| self.organisations.class(guise));
        if classes.contains(&Class::Private) {
            return match pair.likeness {
                Likeness::Own => Verdict::One(Reason::Likeness),
                _ => Verdict::No,
            };
        }
        if let Some(bond) = self.bond(&pair) {
            return self.within(&pair, bond);
        }
        if classes.contains(&Class::Alone) {
            return self.of_one_alone(&pair);
        }
        match () {
            () if pair.at_once() => of_two(&pair),
            () if pair.likeness == Likeness::Own => Verdict::One(Reason::Likeness),
            () if self.has_moved(&pair) => Verdict::One(Reason::Moved),
            () => of_two(&pair),
        }
    }

    /// Whether a rare name comes from one address after the other, and nobody borrowed it.
    fn has_moved(&self, pair: &Pair<'_>) -> bool {
        self.census.is_rare(pair.name) && !pair.at_once() && pair.is_meant()
    }

    /// Two addresses at one organisation.
    fn within(&self, pair: &Pair<'_>, bond: Bond) -> Verdict {
        // Where one office gives out the addresses of several domains, equal ones are one person's.
        let one_office = bond == Bond::Known && !pair.is_one_domain();
        let sure = match pair.likeness {
            Likeness::Own => true,
            Likeness::Name => one_office || !self.census.is_common(pair.name),
            Likeness::None => self.census.is_rare(pair.name) || !pair.at_once(),
        };
        if sure {
            Verdict::One(Reason::Organisation)
        } else {
            Verdict::Wait("equal names at one organisation, which many bear")
        }
    }

    /// One of the two is at a domain that nobody else writes from.
    fn of_one_alone(&self, pair: &Pair<'_>) -> Verdict {
        let rare = self.census.is_rare(pair.name);
        match () {
            () if pair.likeness == Likeness::Own => Verdict::One(Reason::Likeness),
            () if rare && (pair.likeness == Likeness::Name || pair.speaks()) => {
                Verdict::One(if pair.at_once() { Reason::Private } else { Reason::Moved })
            }
            () if self.has_moved(pair) => Verdict::One(Reason::Moved),
            () => of_two(pair),
        }
    }

    /// What ties a private address to another one; `several` at work may bear the name.
    fn of_private(&self, one: &Guise, other: &Guise, several: bool) -> Verdict {
        let Some(pair) = Pair::of(one, other) else { return Verdict::No };
        let private = [one, other].map(|guise| self.organisations.class(guise) == Class::Private);
        match private {
            [false, false] => Verdict::No,
            // Anybody can take a name to a mail provider for an hour; spammers take frequent ones.
            _ if !(self.census.is_rare(pair.name) || pair.is_meant()) => Verdict::No,
            _ if self.census.is_common(pair.name) => Verdict::Wait("equal names, which many bear"),
            [true, true] if pair.likeness > Likeness::None => Verdict::One(Reason::Private),
            [true, true] if !several => Verdict::One(Reason::Private),
            [true, true] => Verdict::No,
            _ if several => Verdict::Wait("equal names, but others at work bear it too"),
            _ => Verdict::One(Reason::Private),
        }
    }

    /// Whether of all that bear the name only these two have local parts alike.
    fn is_the_one_alike(&self, ties: &Ties, group: &[usize], one: usize, other: usize) -> bool {
        let is_private =
            |guise: usize| self.organisations.class(&ties.guises[guise]) == Class::Private;
        let (private, work) = match (is_private(one), is_private(other)) {
            (true, false) => (one, other),
            (false, true) => (other, one),
            _ => return false,
        };
        let alike = |guise: &&usize| {
            let pair = Pair::of(&ties.guises[private], &ties.guises[**guise]);
            !is_private(**guise) && pair.is_some_and(|pair| pair.likeness > Likeness::None)
        };
        let roots: BTreeSet<usize> =
            group.iter().filter(alike).map(|guise| ties.root(*guise)).collect();
        roots.len() == 1 && roots.contains(&ties.root(work))
    }

    /// What makes the two one organisation's; domains that are merely called alike only do for a name
    /// that is rare.
    fn bond(&self, pair: &Pair<'_>) -> Option<Bond> {
        let (Some(one), Some(other)) = (&pair.one.address, &pair.other.address) else {
            return None;
        };
        let bond = self.organisations.bond(one, other);
        bond.filter(|bond| *bond != Bond::Label || self.census.is_rare(pair.name))
    }
}

/// What is asked of equal names at two organisations; nothing where both addresses borrowed the name:
/// what spammers call themselves is no question to the producer.
fn of_two(pair: &Pair<'_>) -> Verdict {
    match () {
        () if pair.is_borrowed() => Verdict::No,
        () if pair.at_once() => Verdict::Wait("equal names at two organisations at the same time"),
        () => Verdict::Wait("equal names at two organisations, one after the other"),
    }
}

fn pairs(group: &[usize]) -> Vec<(usize, usize)> {
    let with_later = |(at, one): (usize, &usize)| {
        let one = *one;
        group[at + 1..].iter().map(move |other| (one, *other)).collect::<Vec<_>>()
    };
    group.iter().enumerate().flat_map(with_later).collect()
}

fn follow(ties: &mut Ties, waiting: &mut Waiting, pair: (usize, usize), verdict: Verdict) {
    match verdict {
        Verdict::One(reason) => {
            // What must stay apart does; the producer said so and need not be asked.
            let _: Tied = ties.tie(pair.0, pair.1, reason);
        }
        Verdict::Wait(why) => {
            waiting.entry(pair).or_insert(why);
        }
        Verdict::No => {}
    }
}

/// Two names at one address that one person hardly bears.
fn shared_addresses(ties: &Ties) -> Waiting {
    let mut waiting = Waiting::new();
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for guise in ties.guises.iter().filter(|guise| guise.name.is_some()) {
        if let Some(address) = &guise.address {
            *names.entry(&address.key).or_default() += 1;
        }
    }
    let crowded = |guise: &Guise| {
        let key = guise.address.as_ref().map(|address| address.key.as_str());
        key.and_then(|key| names.get(key)).is_some_and(|names| *names >= CROWD)
    };
    for (index, pair) in ties.guises.windows(2).enumerate() {
        let [one, other] = pair else { continue };
        let named = one.name.is_some() && other.name.is_some();
        let same = one.address.is_some() && one.address == other.address;
        let robots = one.used.is_robot() || other.used.is_robot();
        if named
            && same
            && !robots
            && !crowded(one)
            && one.place != Place::Role
            && other.place != Place::Role
        {
            waiting.insert((index, index + 1), "one address under two names");
        }
    }
    waiting
}

/// One question for each pair of persons, those with most mails on the smaller side first.
fn pend(ties: &Ties, waiting: Waiting) -> Vec<Pending> {
    let mut asked = BTreeSet::new();
    let mut pending = Vec::new();
    for ((one, other), why) in waiting {
        let (a, b) = (ties.root(one), ties.root(other));
        if a != b && !ties.are_apart(a, b) && asked.insert((a.min(b), a.max(b))) {
            let [one, other] = [one, other].map(|guise| &ties.guises[guise]);
            let mails = one.used.mails.min(other.used.mails);
            let (one, other) = (one.mailbox(), other.mailbox());
            pending.push((std::cmp::Reverse(mails), Pending { one, other, why: why.to_owned() }));
        }
    }
    pending.sort_by(|(m, a), (n, b)| (m, &a.one, &a.other).cmp(&(n, &b.one, &b.other)));
    pending.into_iter().take(MAX_PENDING).map(|(_, pending)| pending).collect()
}

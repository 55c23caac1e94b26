//! Guises: an address with the names that one person may bear at it. Persons are made of them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use lorecast_mail::is_robot;
use lorecast_model::{Mailbox, Sighting};

use rustc_hash::FxHashSet;

use super::Known;
use super::pair::ESTABLISHED;
use crate::addresses::{Address, Place};
use crate::names::FullName;

/// What of an address is kept, in characters.
const MAX_EMAIL: usize = 200;

/// Addresses with more names than this are nobody's own.
const MAX_NAMES: usize = 50;

/// An address and what stood beside it.
#[derive(Clone, Debug)]
pub(super) struct Guise {
    pub(super) address: Option<Address>,
    pub(super) place: Place,
    /// How it is spelled in mails, and how often, in which years.
    pub(super) spellings: BTreeMap<Mailbox, Use>,
    /// The name to compare: the full one that most mails carry.
    pub(super) name: Option<FullName>,
    /// All full names, each once.
    pub(super) names: Vec<FullName>,
    pub(super) used: Use,
    /// The entry of `people.yaml` that this stands for; it has no address then.
    pub(super) entry: Option<usize>,
}

/// How much, and when.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Use {
    pub(super) mails: u64,
    /// Of them, those of a program.
    pub(super) robot: u64,
    pub(super) active: Option<(Timestamp, Timestamp)>,
}

impl Use {
    pub(super) fn add(&mut self, other: &Self) {
        self.mails = self.mails.saturating_add(other.mails);
        self.robot = self.robot.saturating_add(other.robot);
        self.active = match (self.active, other.active) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (one, other) => one.or(other),
        };
    }

    /// Whether it is a program.
    pub(super) fn is_robot(&self) -> bool {
        self.robot * 2 > self.mails
    }

    /// Programs also send notices in the names of people: those stay people.
    fn of(sighting: &Sighting) -> Self {
        let writer = &sighting.writer;
        let named = FullName::read(&writer.who.name).is_some_and(|name| name.is_full());
        let robot = is_robot(&writer.who) || (writer.robot && !named);
        Self {
            mails: sighting.mails,
            robot: if robot { sighting.mails } else { 0 },
            active: Some((sighting.first, sighting.last)),
        }
    }
}

impl Guise {
    fn new(address: Option<Address>) -> Self {
        Self {
            address,
            place: Place::Role,
            spellings: BTreeMap::new(),
            name: None,
            names: Vec::new(),
            used: Use::default(),
            entry: None,
        }
    }

    fn add(&mut self, spelling: &Mailbox, used: &Use) {
        self.spellings.entry(spelling.clone()).or_default().add(used);
        self.used.add(used);
    }

    fn take(&mut self, other: Self) {
        for (spelling, used) in &other.spellings {
            self.add(spelling, used);
        }
    }

    /// Reads names and place from the spellings, when all are there.
    fn settle(mut self, communities: &FxHashSet<String>) -> Self {
        let mut weights: BTreeMap<String, (u64, FullName)> = BTreeMap::new();
        for (spelling, used) in &self.spellings {
            let Some(name) = FullName::read(&spelling.name).filter(FullName::is_full) else {
                continue;
            };
            let key = name.keys().swap_remove(0);
            weights.entry(key).or_insert((0, name)).0 += used.mails;
        }
        let most = weights.iter().max_by_key(|(key, (mails, _))| (*mails, std::cmp::Reverse(*key)));
        self.name = most.map(|(_, (_, name))| name.clone());
        self.names = weights.into_values().map(|(_, name)| name).collect();
        self.place = match &self.address {
            Some(address) => address.place(self.name.as_ref(), communities),
            None => Place::Role,
        };
        self
    }

    /// Whether the address is not made of the name, gave it for a few mails only, and is from where
    /// anybody may be.
    pub(super) fn is_borrowed(&self) -> bool {
        let Some(address) = &self.address else { return false };
        let speaks = self.name.as_ref().is_some_and(|name| address.speaks(name));
        let meant = self.entry.is_some() || speaks || address.is_vouched_for();
        !meant && self.used.mails < ESTABLISHED
    }

    /// How to name it to the producer.
    pub(super) fn mailbox(&self) -> Mailbox {
        let most = self.spellings.iter().max_by_key(|(spelling, used)| {
            (!spelling.name.is_empty(), used.mails, std::cmp::Reverse(*spelling))
        });
        most.map(|(spelling, _)| spelling.clone()).unwrap_or_default()
    }
}

/// All guises: those of mails, those of addresses that only `people.yaml` or decisions name, and one
/// for each entry of `people.yaml`.
pub(super) fn collect(sightings: &[Sighting], known: &Known<'_>) -> Vec<Guise> {
    let mut by_address: BTreeMap<Option<Address>, BTreeMap<Mailbox, Use>> = BTreeMap::new();
    for sighting in sightings {
        let who = shown(&sighting.writer.who);
        let address = Address::read(&who.email);
        let spellings = by_address.entry(address).or_default();
        spellings.entry(who).or_default().add(&Use::of(sighting));
    }
    for person in known.people {
        for email in &person.emails {
            let address = Address::read(email);
            if address.is_some() && !by_address.contains_key(&address) {
                // Nameless: another entry may claim it too.
                let who = shown(&Mailbox { name: String::new(), email: email.clone() });
                by_address.entry(address).or_default().insert(who, Use::default());
            }
        }
    }
    let lower = known.employers.communities.iter().map(|domain| domain.to_lowercase());
    let communities: FxHashSet<String> = lower.collect();
    let mut guises: Vec<Guise> = Vec::new();
    for (address, spellings) in by_address {
        guises
            .extend(apart(address, spellings).into_iter().map(|guise| guise.settle(&communities)));
    }
    guises.extend(known.people.iter().enumerate().map(|(index, person)| {
        let mut guise = Guise::new(None);
        for name in std::iter::once(&person.name).chain(&person.also) {
            let who = Mailbox { name: name.clone(), email: String::new() };
            guise.add(&shown(&who), &Use::default());
        }
        // Without an address it waits until the rules are through: it belongs to whoever has the name.
        let place = if person.emails.is_empty() { Place::Role } else { Place::Private };
        Guise { place, entry: Some(index), ..guise.settle(&communities) }
    }));
    guises
}

fn shown(who: &Mailbox) -> Mailbox {
    Mailbox {
        name: crate::shown::shown(&who.name),
        email: who.email.trim().chars().take(MAX_EMAIL).collect(),
    }
}

/// The names at one address, parted into those that one person may bear.
fn apart(address: Option<Address>, spellings: BTreeMap<Mailbox, Use>) -> Vec<Guise> {
    let mut named: Vec<(FullName, Mailbox, Use)> = Vec::new();
    let mut nameless: Vec<(Mailbox, Use)> = Vec::new();
    for (who, used) in spellings {
        match FullName::read(&who.name) {
            Some(name) if name.is_full() || used.is_robot() => named.push((name, who, used)),
            _ => nameless.push((who, used)),
        }
    }
    let is_role = address.as_ref().is_none_or(Address::is_role);
    let mut guises = if is_role || named.len() > MAX_NAMES {
        each_alone(address.as_ref(), named)
    } else {
        alike(address.as_ref(), named)
    };
    if let Some(rest) = together(address.as_ref(), nameless) {
        let fits = |guise: &&mut Guise| guise.used.is_robot() == rest.used.is_robot();
        match guises.iter_mut().find(fits).filter(|_| !is_role) {
            Some(first) => first.take(rest),
            None => guises.push(rest),
        }
    }
    guises
}

/// A guise for each name.
fn each_alone(address: Option<&Address>, named: Vec<(FullName, Mailbox, Use)>) -> Vec<Guise> {
    let mut guises: BTreeMap<Vec<String>, Guise> = BTreeMap::new();
    for (name, who, used) in named {
        let guise = guises.entry(name.words).or_insert_with(|| Guise::new(address.cloned()));
        guise.add(&who, &used);
    }
    guises.into_values().collect()
}

/// A guise for each person, the one with most mails first.
fn alike(address: Option<&Address>, mut named: Vec<(FullName, Mailbox, Use)>) -> Vec<Guise> {
    named.sort_by(|(_, a, m), (_, b, n)| n.mails.cmp(&m.mails).then_with(|| a.cmp(b)));
    let mut groups: Vec<(Vec<FullName>, Guise)> = Vec::new();
    for (name, who, used) in named {
        let fits = |(names, guise): &(Vec<FullName>, Guise)| {
            let both = guise.used.is_robot() == used.is_robot();
            names.iter().any(|other| {
                name.words == other.words || (both && !used.is_robot() && other.may_be(&name))
            })
        };
        let group = match groups.iter().position(fits) {
            Some(index) => index,
            None => {
                groups.push((Vec::new(), Guise::new(address.cloned())));
                groups.len() - 1
            }
        };
        groups[group].1.add(&who, &used);
        groups[group].0.push(name);
    }
    groups.into_iter().map(|(_, guise)| guise).collect()
}

fn together(address: Option<&Address>, spellings: Vec<(Mailbox, Use)>) -> Option<Guise> {
    let mut guise = Guise::new(address.cloned());
    for (who, used) in &spellings {
        guise.add(who, used);
    }
    (!spellings.is_empty()).then_some(guise)
}

/// The keys of equal names, and who bears them.
pub(super) fn by_name(guises: &[Guise]) -> BTreeMap<String, Vec<usize>> {
    let mut groups: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (index, guise) in guises.iter().enumerate() {
        for key in guise.names.iter().flat_map(FullName::keys) {
            groups.entry(key).or_default().insert(index);
        }
    }
    groups.into_iter().map(|(key, group)| (key, group.into_iter().collect())).collect()
}

//! Guises tied to persons, each tie with its reason; what must stay apart does.

use std::collections::{BTreeMap, BTreeSet};

use lorecast_model::Mailbox;
use rustc_hash::FxHashMap;

use super::guises::{self, Guise};
use super::{Conflict, Known, Merge, Reason};
use crate::addresses::Address;
use crate::names::FullName;

/// A forest of guises: the root of each tree stands for a person.
#[derive(Debug)]
pub(super) struct Ties {
    pub(super) guises: Vec<Guise>,
    pub(super) merges: Vec<Merge>,
    pub(super) conflicts: BTreeSet<Conflict>,
    parents: Vec<usize>,
    /// By root: how many guises.
    sizes: Vec<usize>,
    /// By root: guises that must stay apart from each of it.
    apart: FxHashMap<usize, Vec<usize>>,
    /// By root: the entry of `people.yaml`; two entries are two persons.
    entries: Vec<Option<usize>>,
    addresses: BTreeMap<String, Vec<usize>>,
}

/// Whether two guises were tied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tied {
    /// They are one now, or were already.
    Yes,
    /// A decision or two entries keep them apart.
    Refused,
}

impl Ties {
    pub(super) fn new(guises: Vec<Guise>) -> Self {
        let mut addresses: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, guise) in guises.iter().enumerate() {
            if let Some(address) = &guise.address {
                addresses.entry(address.key.clone()).or_default().push(index);
            }
        }
        Self {
            merges: Vec::new(),
            conflicts: BTreeSet::new(),
            parents: (0..guises.len()).collect(),
            sizes: vec![1; guises.len()],
            apart: FxHashMap::default(),
            entries: guises.iter().map(|guise| guise.entry).collect(),
            addresses,
            guises,
        }
    }

    pub(super) fn root(&self, mut guise: usize) -> usize {
        while self.parents[guise] != guise {
            guise = self.parents[guise];
        }
        guise
    }

    /// The root of each guise.
    pub(super) fn roots(&self) -> Vec<usize> {
        (0..self.guises.len()).map(|guise| self.root(guise)).collect()
    }

    /// Takes two guises for one person's, unless something keeps their persons apart.
    pub(super) fn tie(&mut self, one: usize, other: usize, reason: Reason) -> Tied {
        let (a, b) = (self.root(one), self.root(other));
        if a == b {
            return Tied::Yes;
        }
        if self.are_apart(a, b) {
            return Tied::Refused;
        }
        // The smaller tree goes below the larger: no tree gets deeper than the logarithm of its size.
        let (above, below) = if self.sizes[a] >= self.sizes[b] { (a, b) } else { (b, a) };
        self.parents[below] = above;
        self.sizes[above] += self.sizes[below];
        self.entries[above] = self.entries[above].or(self.entries[below]);
        if let Some(apart) = self.apart.remove(&below) {
            self.apart.entry(above).or_default().extend(apart);
        }
        let (one, other) = (self.guises[one].mailbox(), self.guises[other].mailbox());
        self.merges.push(Merge { one, other, reason });
        Tied::Yes
    }

    /// Whether their persons must not become one.
    pub(super) fn are_apart(&self, one: usize, other: usize) -> bool {
        let (a, b) = (self.root(one), self.root(other));
        let two_entries =
            matches!((self.entries[a], self.entries[b]), (Some(x), Some(y)) if x != y);
        let split = self.apart.get(&a).into_iter().flatten().any(|guise| self.root(*guise) == b);
        two_entries || split
    }

    fn keep_apart(&mut self, one: usize, other: usize) {
        self.apart.entry(self.root(one)).or_default().push(other);
        self.apart.entry(self.root(other)).or_default().push(one);
    }

    /// The guises at an address; of several those that may bear one of the names, when there are any.
    fn at<'n>(&self, email: &str, names: impl IntoIterator<Item = &'n String>) -> Vec<usize> {
        let Some(address) = Address::read(email) else { return Vec::new() };
        let all = self.addresses.get(&address.key).cloned().unwrap_or_default();
        if all.len() < 2 {
            return all;
        }
        let names: Vec<FullName> =
            names.into_iter().filter_map(|name| FullName::read(name)).collect();
        let fits = |index: &&usize| {
            let own = &self.guises[**index].names;
            own.iter().any(|own| names.iter().any(|name| own.may_be(name)))
        };
        let fitting: Vec<usize> = all.iter().filter(fits).copied().collect();
        if fitting.is_empty() { all } else { fitting }
    }

    /// The guises that a decision means: `address` or `Name <address>`.
    fn named(&self, text: &str) -> Vec<usize> {
        match text.trim().strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((name, email)) => self.at(email, [&name.trim().to_owned()]),
            None => self.at(text, []),
        }
    }

    fn tie_all(&mut self, guises: &[usize], reason: Reason) {
        for pair in guises.windows(2) {
            if self.tie(pair[0], pair[1], reason) == Tied::Refused {
                let (one, other) = (self.guises[pair[0]].mailbox(), self.guises[pair[1]].mailbox());
                self.conflicts.insert(Conflict::Split {
                    one: one.to_string(),
                    other: other.to_string(),
                    by: reason,
                });
            }
        }
    }
}

/// Ties what the producer and the mailmap say is one.
pub(super) fn tie_known(ties: &mut Ties, known: &Known<'_>) {
    tie_decisions(ties, known);
    tie_entries(ties, known);
    tie_mailmap(ties, known);
}

fn tie_decisions(ties: &mut Ties, known: &Known<'_>) {
    let mut last: BTreeMap<[&str; 2], bool> = BTreeMap::new();
    for decision in known.decisions {
        let mut pair = [decision.one.as_str(), decision.other.as_str()];
        pair.sort_unstable();
        last.insert(pair, decision.same);
    }
    let meant = |ties: &Ties, pair: &[&str; 2]| pair.map(|text| ties.named(text));
    for (pair, _) in last.iter().filter(|(_, same)| !**same) {
        let [ones, others] = meant(ties, pair);
        for one in &ones {
            for other in others.iter().filter(|other| *other != one) {
                ties.keep_apart(*one, *other);
            }
        }
    }
    for (pair, _) in last.iter().filter(|(_, same)| **same) {
        let [ones, others] = meant(ties, pair);
        ties.tie_all(&[ones, others].concat(), Reason::Decision);
    }
}

fn tie_entries(ties: &mut Ties, known: &Known<'_>) {
    let mut claims: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (entry, person) in known.people.iter().enumerate() {
        for address in person.emails.iter().filter_map(|email| Address::read(email)) {
            let claims = claims.entry(address.key).or_default();
            if claims.last() != Some(&entry) {
                claims.push(entry);
            }
        }
    }
    let anchors: Vec<usize> =
        (0..ties.guises.len()).filter(|index| ties.guises[*index].entry.is_some()).collect();
    for (email, claimants) in claims {
        match claimants.as_slice() {
            [entry] => {
                let person = &known.people[*entry];
                for guise in ties.at(&email, std::iter::once(&person.name).chain(&person.also)) {
                    ties.tie_all(&[anchors[*entry], guise], Reason::Entry);
                }
            }
            [one, other, ..] => {
                let by = [one, other].map(|entry| known.people[*entry].name.clone());
                ties.conflicts.insert(Conflict::Claimed { email, by });
            }
            [] => {}
        }
    }
}

/// Gives each entry without addresses the one person of its name; several are a conflict.
pub(super) fn tie_named_entries(ties: &mut Ties, known: &Known<'_>) {
    let groups = guises::by_name(&ties.guises);
    for anchor in 0..ties.guises.len() {
        let Some(entry) = ties.guises[anchor].entry else { continue };
        let person = &known.people[entry];
        let Some(name) = FullName::read(&person.name).filter(|_| person.emails.is_empty()) else {
            continue;
        };
        let bearers = name.keys().into_iter().filter_map(|key| groups.get(&key)).flatten();
        let bearers = bearers.filter(|guise| ties.guises[**guise].entry.is_none());
        let roots: BTreeMap<usize, usize> =
            bearers.map(|guise| (ties.root(*guise), *guise)).collect();
        let mut guises: Vec<usize> = roots.into_values().collect();
        guises.sort_unstable();
        match guises.as_slice() {
            [only] => ties.tie_all(&[anchor, *only], Reason::Entry),
            [] => {}
            _ => {
                let emails = guises.iter().map(|guise| ties.guises[*guise].mailbox().email);
                let (name, emails) = (person.name.clone(), emails.collect());
                ties.conflicts.insert(Conflict::Ambiguous { name, emails });
            }
        }
    }
}

fn tie_mailmap(ties: &mut Ties, known: &Known<'_>) {
    let mut proper: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for index in 0..ties.guises.len() {
        let spelled = ties.guises[index].spellings.keys();
        let maps: BTreeSet<Mailbox> = spelled.filter_map(|who| known.mailmap.proper(who)).collect();
        for who in maps {
            if let Some(address) = Address::read(&who.email) {
                proper.entry(address.key).or_default().push(index);
            }
        }
    }
    for (email, mut guises) in proper {
        let own = ties.guises[guises[0]].name.clone().map(|name| name.words.join(" "));
        guises.extend(ties.at(&email, &own));
        ties.tie_all(&guises, Reason::Mailmap);
    }
}

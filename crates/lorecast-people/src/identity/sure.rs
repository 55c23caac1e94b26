//! Which addresses are a person's beyond doubt: who holds one may speak for the person.

use std::collections::{BTreeMap, BTreeSet};

use super::guises::Guise;
use super::ties::Ties;
use crate::addresses::Address;

/// What is needed to tell.
pub(super) struct Sure<'a> {
    ties: &'a Ties,
    /// The root of each guise before the rules tied names.
    before: &'a [usize],
    /// The addresses that several people write from; programs are none.
    shared: BTreeSet<&'a str>,
}

impl<'a> Sure<'a> {
    /// `persons` are the guises of each.
    pub(super) fn new<'p>(
        ties: &'a Ties,
        before: &'a [usize],
        persons: impl Iterator<Item = &'p [usize]>,
    ) -> Self {
        let mut owners: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (person, members) in persons.enumerate() {
            for guise in members.iter().map(|guise| &ties.guises[*guise]) {
                if let Some(address) = guise.address.as_ref().filter(|_| !guise.used.is_robot()) {
                    owners.entry(&address.key).or_default().insert(person);
                }
            }
        }
        let shared = owners.into_iter().filter(|(_, owners)| owners.len() > 1);
        Self { ties, before, shared: shared.map(|(key, _)| key).collect() }
    }

    /// Those of a person, in lower case and order; `listed` are the addresses of the entry.
    pub(super) fn of(&self, members: &[usize], listed: &[String]) -> Vec<String> {
        let entry = members.iter().find(|guise| self.ties.guises[**guise].entry.is_some());
        let root = match entry {
            Some(entry) => self.before[*entry],
            // A rule tied two of them: which one is the person, nobody knows.
            None if !self.is_one_before(members) => return Vec::new(),
            None => self.before[members[0]],
        };
        let theirs = members.iter().filter(|guise| self.before[**guise] == root);
        let mut spellings: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for guise in theirs.map(|guise| &self.ties.guises[*guise]) {
            let Some(address) = self.own_address(guise) else { continue };
            let written = guise.spellings.keys().map(|who| who.email.to_lowercase());
            spellings.entry(&address.key).or_default().extend(written);
        }
        let mut listed_at: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for email in listed {
            if let Some(address) = Address::read(email) {
                listed_at.entry(address.key).or_default().insert(email.trim().to_lowercase());
            }
        }
        let mut sure = BTreeSet::new();
        for (key, written) in spellings {
            match listed_at.remove(key) {
                Some(listed) => sure.extend(listed),
                None if self.is_office(key) => {}
                None => sure.extend(untagged(key, written)),
            }
        }
        sure.into_iter().collect()
    }

    fn is_one_before(&self, members: &[usize]) -> bool {
        members.iter().all(|guise| self.before[*guise] == self.before[members[0]])
    }

    fn own_address(&self, guise: &'a Guise) -> Option<&'a Address> {
        guise.address.as_ref().filter(|address| !self.shared.contains(address.key.as_str()))
    }

    /// Whether it is an office's, a list's or a program's: who reads there is not known.
    fn is_office(&self, key: &str) -> bool {
        Address::read(key).is_none_or(|address| address.is_role())
    }
}

/// The address that mails came from: of several the one without a tag, if there is one. Not every
/// provider takes `ann+x@` for `ann@`.
fn untagged(key: &str, written: BTreeSet<String>) -> Option<String> {
    if written.len() == 1 {
        return written.into_iter().next();
    }
    written.into_iter().find(|email| email == key)
}

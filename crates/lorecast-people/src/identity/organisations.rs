//! What all mails together say of domains: where only one person writes from, and which two domains
//! are one organisation because its people write from both.

use std::collections::{BTreeMap, BTreeSet};

use lorecast_model::Employers;
use rustc_hash::{FxHashMap, FxHashSet};

use super::guises::Guise;
use crate::addresses::{Address, Place};
use crate::census::Census;
use crate::employers::domains::company;

/// So many people with both domains make them one organisation's ...
const SISTERS: usize = 3;
/// ... if they are at least one in so many of the smaller domain's.
const SHARE: usize = 3;
/// The shortest label that may name one organisation whatever stands behind it: `example` of
/// `example.com` and `example.de`.
const MIN_LABEL: usize = 4;

/// Where an address is from, for the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A mail provider, a community or a domain of one's own.
    Private,
    /// A domain that nobody else writes from: somebody's own, or a small firm.
    Alone,
    /// An organisation.
    Work,
}

/// What makes two addresses one organisation's, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bond {
    /// Its people write from both domains, or a list says that both are one employer's.
    Known,
    /// One registered domain.
    Domain,
    /// The domains are called alike, as those of strangers may be: `delta.com` and `delta.nl`.
    Label,
}

/// What is known of organisations.
#[derive(Debug)]
pub(super) struct Organisations<'a> {
    employers: &'a Employers,
    /// Domains of organisations with two people or more.
    peopled: FxHashSet<String>,
    sisters: FxHashSet<(String, String)>,
}

impl<'a> Organisations<'a> {
    pub(super) fn of(guises: &[Guise], census: &Census, employers: &'a Employers) -> Self {
        let mut people: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        let mut names: BTreeMap<String, Vec<&Guise>> = BTreeMap::new();
        for guise in guises.iter().filter(|guise| guise.place == Place::Work) {
            let (Some(address), Some(name)) = (&guise.address, &guise.name) else { continue };
            if guise.used.is_robot() || !address.speaks(name) {
                continue;
            }
            let key = name.keys().swap_remove(0);
            people.entry(address.organisation()).or_default().insert(key.clone());
            if !census.is_common(name) {
                names.entry(key).or_default().push(guise);
            }
        }
        let mut both: FxHashMap<(&str, &str), usize> = FxHashMap::default();
        for bearers in names.values() {
            let domains: BTreeSet<&str> = bearers.iter().filter_map(|g| domain(g)).collect();
            for (one, other) in pairs(&domains) {
                *both.entry((one, other)).or_default() += 1;
            }
        }
        let count = |domain: &str| people.get(domain).map_or(0, BTreeSet::len);
        let are_sisters = |((one, other), shared): &(&(&str, &str), &usize)| {
            **shared >= SISTERS && **shared * SHARE >= count(one).min(count(other))
        };
        let sisters = both.iter().filter(are_sisters);
        Self {
            employers,
            sisters: sisters.map(|((a, b), _)| ((*a).to_owned(), (*b).to_owned())).collect(),
            peopled: people
                .iter()
                .filter(|(_, people)| people.len() > 1)
                .map(|(domain, _)| (*domain).to_owned())
                .collect(),
        }
    }

    pub(super) fn class(&self, guise: &Guise) -> Class {
        let Some(address) = guise.address.as_ref().filter(|_| guise.place == Place::Work) else {
            return Class::Private;
        };
        if self.peopled.contains(address.organisation()) || self.employer(address).is_some() {
            Class::Work
        } else if address.is_generic() {
            Class::Private
        } else {
            Class::Alone
        }
    }

    /// What makes both addresses one organisation's, if anything does.
    pub(super) fn bond(&self, one: &Address, other: &Address) -> Option<Bond> {
        let (a, b) = (one.organisation(), other.organisation());
        let pair = if a <= b { (a, b) } else { (b, a) };
        let label = one.label();
        if self.sisters.contains(&(pair.0.to_owned(), pair.1.to_owned()))
            || self.employer(one).is_some_and(|employer| self.employer(other) == Some(employer))
        {
            Some(Bond::Known)
        } else if a == b {
            Some(Bond::Domain)
        } else {
            (label.len() >= MIN_LABEL && label == other.label()).then_some(Bond::Label)
        }
    }

    fn employer(&self, address: &Address) -> Option<&str> {
        self.employers.of(&address.key).or_else(|| company(&address.key))
    }
}

fn domain(guise: &Guise) -> Option<&str> {
    guise.address.as_ref().map(Address::organisation)
}

fn pairs<'a>(domains: &BTreeSet<&'a str>) -> Vec<(&'a str, &'a str)> {
    let domains: Vec<&str> = domains.iter().copied().collect();
    let with_later = |(at, one): (usize, &&'a str)| {
        let one = *one;
        domains[at + 1..].iter().map(move |other| (one, *other)).collect::<Vec<_>>()
    };
    domains.iter().enumerate().flat_map(with_later).collect()
}

//! Whom people work for, when, and who says so.
//!
//! What is known comes from the person's own entry, the producer's files, the person's mails, maps of
//! gitdm, and, last, the domain of an address. Each [`Affiliation`] says which, and names the mail
//! that shows it when one does. Nothing of it is shown by itself: a show allows sources, see
//! [`employer_on`].

pub(crate) mod domains;
mod period;
mod spelling;

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use lorecast_model::{Affiliation, Employers, Person, Sighting, Vouch, Writer};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::gitdm;
use period::Period;
use spelling::Spelling;

/// So many addresses of a person are looked up; who has more is a list or a program.
const MOST_ADDRESSES: usize = 256;

/// What a show knows of employers beside the mails: its `employers.yaml`, the maps that it imports,
/// and our own lists of companies and of domains that are nobody's employer.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// `domains:` of `employers.yaml`, in small letters.
    domains: FxHashMap<String, String>,
    /// `people:` of `employers.yaml`, by address in small letters.
    people: FxHashMap<String, Vec<Affiliation>>,
    maps: Vec<gitdm::Map>,
    communities: FxHashSet<String>,
    spelling: Spelling,
}

impl Sources {
    /// Of maps the first that knows an address counts.
    pub fn new(employers: &Employers, maps: Vec<gitdm::Map>) -> Self {
        let small = |domain: &String| domain.trim_start_matches('@').to_lowercase();
        Self {
            domains: employers.domains.iter().map(|(d, name)| (small(d), name.clone())).collect(),
            people: employers
                .people
                .iter()
                .map(|(e, said)| (e.to_lowercase(), said.clone()))
                .collect(),
            maps,
            communities: employers.communities.iter().map(small).collect(),
            spelling: Spelling::new(employers),
        }
    }

    /// What an employer is called, from how somebody writes it: legal forms, countries and other
    /// spellings taken away (`Intel Corporation` is Intel), the show's `aliases:` before ours. `None`
    /// when it names no employer (`private`, `n/a`).
    pub fn name(&self, written: &str) -> Option<String> {
        self.spelling.name(written)
    }

    /// The employer that a writer declares. What stands behind a name at a company's own address is a
    /// department or a nickname unless it is that company or another one that is known; so is a single
    /// unknown word with digits, anywhere.
    pub fn declared(&self, writer: &Writer) -> Option<String> {
        let declared = writer.declared.as_ref()?;
        let name = self.name(&declared.employer)?;
        if declared.by != Vouch::Name || self.spelling.knows(&declared.employer) {
            return Some(name);
        }
        let email = writer.who.email.to_lowercase();
        let company = self.vendor(&email).or_else(|| self.of_domain(&email));
        let nickname = !name.contains(' ') && name.contains(|c: char| c.is_ascii_digit());
        let doubted = nickname || company.is_some_and(|company| company != name);
        (!doubted).then_some(name)
    }

    /// The employer that `domains:` gives for an address in small letters; `None` as in
    /// [`of_domain`](Self::of_domain).
    fn vendor(&self, email: &str) -> Option<String> {
        if self.is_silent(email) {
            return None;
        }
        let name = domains::nearest(email, |domain| self.domains.get(domain))?;
        Some(self.name(name).unwrap_or_else(|| name.clone()))
    }

    /// The employer that the domain of an address stands for by our own list; `None` for communities,
    /// for mail that anybody can have, and for addresses that say `external`.
    pub fn of_domain(&self, email: &str) -> Option<String> {
        let email = email.to_lowercase();
        if self.is_silent(&email) { None } else { self.name(domains::company(&email)?) }
    }

    /// Whether the domain of an address in small letters says nothing of its owner's employer.
    fn is_silent(&self, email: &str) -> bool {
        self.is_community(email) || domains::is_outsider(email)
    }

    /// What `people:` of `employers.yaml` says of the owner of an address, as it stands there.
    pub fn reviewed(&self, email: &str) -> &[Affiliation] {
        self.people.get(&email.to_lowercase()).map_or(&[], Vec::as_slice)
    }

    /// Whether the domain of an address is nobody's employer.
    pub fn is_community(&self, email: &str) -> bool {
        domains::is_community(&email.to_lowercase(), &self.communities)
    }
}

/// Whom a person worked for, in the order of time, by everything that is known.
///
/// The person's own entry replaces all else. What the producer wrote stands as it is. What mails show
/// begins with the first mail that shows it and holds on until mails show another employer, or until
/// the person has written without it for a year. A map and a domain count for the time
/// in which the address was written from, and not where the person or the producer says otherwise.
pub fn affiliations(
    person: &Person,
    sightings: &[Sighting],
    sources: &Sources,
) -> Vec<Affiliation> {
    if let Some(own) = person.own.as_ref().and_then(|own| own.employers.as_ref()) {
        return reviewed(
            own.iter().cloned().map(|a| Affiliation { source: Vouch::Own, ..a }),
            sources,
        );
    }
    let emails: BTreeSet<String> = person
        .emails
        .iter()
        .chain(sightings.iter().map(|s| &s.writer.who.email))
        .map(|email| email.to_lowercase())
        .take(MOST_ADDRESSES)
        .collect();
    let said = emails.iter().filter_map(|email| sources.people.get(email));
    let mut found = reviewed(person.employers.iter().chain(said.flatten()).cloned(), sources);
    let mut shown = Vec::new();
    for sighting in sightings.iter().filter(|sighting| !sighting.writer.robot) {
        shown.extend(shown_by(sighting, sources));
    }
    let written = sightings.iter().map(|s| day(s.last)).max();
    found.extend(period::affiliations(shown, &found, written));
    found.sort_by(|a, b| (a.from, a.source, &a.employer).cmp(&(b.from, b.source, &b.employer)));
    found
}

/// Whom somebody worked for on a day, by the sources that are allowed: by the most reliable of them.
/// `None` when nobody says, and when that source names two at once.
pub fn employer_on<'a>(
    affiliations: &'a [Affiliation],
    on: Date,
    allowed: &[Vouch],
) -> Option<&'a Affiliation> {
    let holds = |a: &&Affiliation| a.holds(on) && allowed.contains(&a.source);
    let best = affiliations.iter().filter(holds).map(|a| a.source).min()?;
    let mut equal = affiliations.iter().filter(holds).filter(|a| a.source == best);
    let first = equal.next()?;
    equal.all(|other| other.employer == first.employer).then_some(first)
}

/// The employers of all people whom a story names, each on the day of the own mail, in their order;
/// `None` when one of them has none: to name some would be unfair to the others. Programs are no
/// people: leave them out.
pub fn for_story<'a>(
    people: &[(&'a [Affiliation], Date)],
    allowed: &[Vouch],
) -> Option<Vec<&'a Affiliation>> {
    people.iter().map(|(affiliations, on)| employer_on(affiliations, *on, allowed)).collect()
}

/// What people wrote, with one spelling of each employer; one without an end closes when the next
/// begins.
fn reviewed(said: impl Iterator<Item = Affiliation>, sources: &Sources) -> Vec<Affiliation> {
    let named = |a: Affiliation| {
        // The producer's and the person's own words stand even where we would not take a mail's.
        let employer = sources.name(&a.employer).unwrap_or_else(|| a.employer.trim().to_owned());
        Affiliation { employer, ..a }
    };
    let mut said: Vec<Affiliation> = said.map(named).filter(|a| !a.employer.is_empty()).collect();
    said.sort_by_key(|a| (a.from, a.until));
    said.dedup();
    for at in 0..said.len() {
        let own = &said[at];
        let next = said[at + 1..].iter().find(|next| {
            next.source == own.source && next.from > own.from && next.employer != own.employer
        });
        if let (None, Some(next)) = (own.until, next) {
            said[at].until = next.from.and_then(|from| from.yesterday().ok());
        }
    }
    said
}

/// What a sighting shows: what the person says there, and what the address stands for.
fn shown_by(sighting: &Sighting, sources: &Sources) -> Vec<Period> {
    let email = sighting.writer.who.email.to_lowercase();
    let (first, last) = (day(sighting.first), day(sighting.last));
    let period = |employer: String, source: Vouch| Period {
        employer,
        source,
        first,
        last,
        ended: None,
        proof: (sighting.first, sighting.proof.clone()),
    };
    let mut shown = Vec::new();
    if let Some(declared) = &sighting.writer.declared {
        let name = sources.declared(&sighting.writer);
        shown.extend(name.map(|name| period(name, declared.by)));
    }
    shown.extend(sources.vendor(&email).map(|name| period(name, Vouch::Producer)));
    shown.extend(sources.of_domain(&email).map(|name| period(name, Vouch::Domain)));
    let mapped = sources.maps.iter().map(|map| map.of(&email)).find(|found| !found.is_empty());
    for employed in mapped.unwrap_or_default() {
        if sources.is_silent(&email) && !employed.listed {
            continue;
        }
        let first = employed.from.map_or(first, |from| from.max(first));
        let until = employed.until.map_or(last, |until| until.min(last));
        if first > until {
            continue;
        }
        let ended = employed.until.filter(|_| until < last);
        let names = employed.employers.iter().filter_map(|name| sources.name(name));
        shown.extend(names.map(|name| Period {
            first,
            last: until,
            ended,
            ..period(name, Vouch::Map)
        }));
    }
    shown
}

fn day(time: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(time).date()
}

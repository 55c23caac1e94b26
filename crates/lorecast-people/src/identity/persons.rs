//! From tied guises to persons: the name to show, the addresses in order, the id.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lorecast_model::{Mailbox, Pending, Person};
use rustc_hash::FxHashMap;

use super::guises::{Guise, Use};
use super::sure::Sure;
use super::ties::Ties;
use super::{Known, Owner, People, Somebody, slugs};
use crate::names::FullName;
use crate::shown::shown;

/// The most other spellings and addresses of one person that are kept.
const MAX_SPELLINGS: usize = 200;

/// Makes everything that stands in [`People`]. `sure` has the root of each guise before the rules.
pub(super) fn assemble(
    mut ties: Ties,
    sure: &[usize],
    pending: Vec<Pending>,
    known: &Known<'_>,
) -> People {
    let mut clusters: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for guise in 0..ties.guises.len() {
        clusters.entry(ties.root(guise)).or_default().push(guise);
    }
    let drafts = clusters.into_values().map(|members| (draft(&ties, &members, known), members));
    // What is left is an address that two entries claim and no mail came from.
    let is_somebody =
        |(draft, _): &(Draft, Vec<usize>)| draft.entry.is_some() || draft.used.mails > 0;
    let mut persons: Vec<(Draft, Vec<usize>)> = drafts.filter(is_somebody).collect();
    // An id stays its owner's when older mails come: for the show's own people in any case.
    persons.sort_by(|(a, one), (b, other)| {
        let entry = |draft: &Draft| draft.entry.unwrap_or(usize::MAX);
        let first = |draft: &Draft| draft.used.active.map_or(Timestamp::MAX, |(first, _)| first);
        (entry(a), first(a), one).cmp(&(entry(b), first(b), other))
    });
    let ids = slugs::number(persons.iter().map(|(draft, _)| draft.slugged()));
    let sure = Sure::new(&ties, sure, persons.iter().map(|(_, members)| members.as_slice()));
    let mut order: Vec<usize> = (0..persons.len()).collect();
    order.sort_by(|a, b| ids[*a].cmp(&ids[*b]));
    let mut owners = vec![usize::MAX; ties.guises.len()];
    let mut people = People { pending, ..People::default() };
    for index in order {
        let (draft, members) = &persons[index];
        let person = people.persons.len();
        people.ids.insert(ids[index].clone(), person);
        for member in members {
            owners[*member] = person;
        }
        let robot = draft.person.robot.unwrap_or(draft.used.is_robot());
        people.persons.push(Somebody {
            id: ids[index].clone(),
            robot,
            mails: draft.used.mails,
            active: draft.used.active,
            entry: draft.entry,
            sure: if robot { Vec::new() } else { sure.of(members, &draft.listed) },
            person: draft.person.clone(),
        });
    }
    people.addresses = index_addresses(&ties, &owners);
    ties.merges.retain(|merge| !merge.one.email.is_empty() && !merge.other.email.is_empty());
    people.merges = ties.merges;
    people.conflicts = ties.conflicts.into_iter().collect();
    people
}

struct Draft {
    person: Person,
    used: Use,
    entry: Option<usize>,
    /// The addresses of the entry.
    listed: Vec<String>,
}

impl Draft {
    /// What makes the id: the name and its language, the person's own where given.
    fn slugged(&self) -> (&str, Option<&str>) {
        let own = self.person.own.as_deref();
        let name = own.and_then(|own| own.name.as_deref()).filter(|name| !name.is_empty());
        let lang = own.and_then(|own| own.lang.as_deref()).or(self.person.lang.as_deref());
        (name.unwrap_or(&self.person.name), lang)
    }
}

fn draft(ties: &Ties, members: &[usize], known: &Known<'_>) -> Draft {
    let guises: Vec<&Guise> = members.iter().map(|index| &ties.guises[*index]).collect();
    let mut used = Use::default();
    let mut spellings: BTreeMap<&Mailbox, Use> = BTreeMap::new();
    for guise in &guises {
        used.add(&guise.used);
        for (who, use_) in guise.spellings.iter().filter(|(who, _)| !who.email.is_empty()) {
            spellings.entry(who).or_default().add(use_);
        }
    }
    let entry = guises.iter().find_map(|guise| guise.entry);
    let mut person = entry.map(|entry| known.people[entry].clone()).unwrap_or_default();
    let listed = person.emails.clone();
    if person.name.trim().is_empty() {
        person.name = name(&spellings, known);
    }
    person.name = shown(&person.name);
    if let Some(own) = person.own.as_mut().and_then(|own| own.name.as_mut()) {
        *own = shown(own);
    }
    let mut names = ranked(&spellings, |who| Some(&who.name).filter(|name| is_name(name)));
    names.retain(|name| *name != person.name && !person.also.contains(name));
    person.also.extend(names.into_iter().take(MAX_SPELLINGS));
    let mut emails = ranked(&spellings, |who| Some(&who.email));
    emails.retain(|email| !person.emails.iter().any(|own| own.eq_ignore_ascii_case(email)));
    person.emails.extend(emails.into_iter().take(MAX_SPELLINGS));
    Draft { person, used, entry, listed }
}

/// The name to show: the mailmap's, else the most used of the latest year, else whatever there is.
fn name(spellings: &BTreeMap<&Mailbox, Use>, known: &Known<'_>) -> String {
    let mapped = spellings.iter().filter_map(|(who, used)| {
        let proper = known.mailmap.proper(who)?;
        is_name(&proper.name).then_some((used.mails, std::cmp::Reverse(proper.name)))
    });
    if let Some((_, std::cmp::Reverse(name))) = mapped.max() {
        return name;
    }
    let full = |who: &Mailbox| FullName::read(&who.name).is_some_and(|name| name.is_full());
    let mut names = ranked(spellings, |who| Some(&who.name).filter(|_| full(who)));
    names.extend(ranked(spellings, |who| Some(&who.name).filter(|name| is_name(name))));
    names.extend(ranked(spellings, |who| Some(&who.email)));
    let first = names.into_iter().next().unwrap_or_default();
    match first.split_once('@') {
        Some((local, _)) if !local.is_empty() => local.to_owned(),
        _ => first,
    }
}

/// What spellings say, the most used of the latest year first; of equals the one with more letters
/// beyond ASCII, which some mailers lose.
fn ranked(
    spellings: &BTreeMap<&Mailbox, Use>,
    what: impl Fn(&Mailbox) -> Option<&String>,
) -> Vec<String> {
    let mut uses: BTreeMap<&str, BTreeMap<i16, u64>> = BTreeMap::new();
    for (who, used) in spellings {
        let Some(text) = what(who).filter(|text| !text.is_empty()) else { continue };
        let year = used.active.map_or(i16::MIN, |(_, last)| year(last));
        *uses.entry(text).or_default().entry(year).or_default() += used.mails;
    }
    let mut ranked: Vec<_> =
        uses.into_iter().map(|(text, years)| (years.into_iter().next_back(), text)).collect();
    let beyond = |text: &str| text.chars().filter(|c| !c.is_ascii()).count();
    ranked.sort_by(|(a, one), (b, other)| {
        (b, beyond(other)).cmp(&(a, beyond(one))).then_with(|| one.cmp(other))
    });
    ranked.into_iter().map(|(_, text)| text.to_owned()).collect()
}

fn year(time: Timestamp) -> i16 {
    TimeZone::UTC.to_datetime(time).year()
}

fn is_name(text: &str) -> bool {
    !text.contains('@') && text.chars().any(char::is_alphabetic)
}

/// Who writes from each address; first the human with most mails from there, for mails whose name
/// tells nothing. `owners` has the person of each guise.
fn index_addresses(ties: &Ties, owners: &[usize]) -> FxHashMap<String, Vec<Owner>> {
    let mut guises: Vec<(&Guise, usize)> = ties.guises.iter().zip(owners.iter().copied()).collect();
    guises.retain(|(_, person)| *person != usize::MAX);
    guises.sort_by_key(|(guise, _)| (guise.used.is_robot(), std::cmp::Reverse(guise.used.mails)));
    let mut addresses: FxHashMap<String, Vec<Owner>> = FxHashMap::default();
    for (guise, person) in guises {
        let Some(address) = &guise.address else { continue };
        let words = |who: &Mailbox| FullName::read(&who.name).map(|name| name.words);
        let names = guise.spellings.keys().map(words).collect();
        addresses.entry(address.key.clone()).or_default().push(Owner { names, person });
    }
    addresses
}

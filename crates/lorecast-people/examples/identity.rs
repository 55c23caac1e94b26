//! What identification reaches on real headers, and how fast: see tests/parity/people/README.md.
//!
//!     cargo run --release -p lorecast-people --example identity -- MAILMAP HEADERS.tsv...
//!
//! HEADERS has a header line or none, and the date (seconds) and the sender in columns 3 and 6.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used, reason = "it measures")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use jiff::Timestamp;
use lorecast_mail::is_robot;
use lorecast_model::{Employers, Mailbox, Sighting, Writer};
use lorecast_people::{Known, Mailmap, People, identify};

fn main() {
    let mut arguments = std::env::args().skip(1).collect::<Vec<_>>();
    let show = arguments.iter().position(|a| a == "--show").map(|at| {
        arguments.remove(at);
    });
    let mailmap = std::fs::read(arguments.remove(0)).unwrap();
    let (mailmap, complaints) = Mailmap::read(&mailmap);
    println!("mailmap: {} addresses, {} complaints", mailmap.len(), complaints.len());
    let mails: Vec<(Mailbox, i64)> = arguments.iter().flat_map(|file| read(file)).collect();

    let start = Instant::now();
    let sightings = sightings(&mails);
    let none = Mailmap::default();
    let people = resolve(&sightings, &none);
    let known = mails.iter().filter(|(who, _)| people.of(who).is_some()).count();
    let robots = mails.iter().filter(|(who, _)| people.of(who).is_some_and(|p| p.robot)).count();
    println!(
        "{} mails of {} sightings in {:.2} s: {} persons; {known} mails resolved, {robots} of robots; {} merges, {} pending",
        mails.len(),
        sightings.len(),
        start.elapsed().as_secs_f64(),
        people.persons.len(),
        people.merges.len(),
        people.pending.len(),
    );
    let mut reasons = BTreeMap::<String, usize>::new();
    for merge in &people.merges {
        *reasons.entry(merge.reason.to_string()).or_default() += 1;
    }
    for pending in &people.pending {
        *reasons.entry(format!("waits: {}", pending.why)).or_default() += 1;
    }
    for (reason, count) in reasons {
        println!("    {count:6} {reason}");
    }
    pairs(&sightings, &people, &mailmap);
    if show.is_some() {
        for merge in &people.merges {
            println!("M {:?}\t{}\t{}", merge.reason, merge.one, merge.other);
        }
        for pending in &people.pending {
            println!("P {}\t{}\t{}", pending.why, pending.one, pending.other);
        }
    }
}

fn resolve(sightings: &[Sighting], mailmap: &Mailmap) -> People {
    let employers = Employers::default();
    identify(sightings, &Known { people: &[], mailmap, decisions: &[], employers: &employers })
}

/// Pairs of addresses that the mailmap says are one person's, and whether they are found without it.
fn pairs(sightings: &[Sighting], people: &People, mailmap: &Mailmap) {
    let mut owners: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for who in sightings.iter().map(|sighting| &sighting.writer.who) {
        let email = who.email.to_lowercase();
        let proper = mailmap.proper(who).map_or(email.clone(), |who| who.email.to_lowercase());
        owners.entry(proper).or_default().insert(email.clone());
        names.entry(email).or_default().insert(who.name.to_lowercase());
    }
    let (mut all, mut all_found, mut equal, mut equal_found, mut wait) = (0, 0, 0, 0, 0);
    let person = |email: &str| {
        people.of(&Mailbox { name: String::new(), email: email.to_owned() }).map(|p| p.id.clone())
    };
    for emails in owners.values() {
        for (at, one) in emails.iter().enumerate() {
            for other in emails.iter().skip(at + 1) {
                all += 1;
                let found = person(one) == person(other);
                all_found += usize::from(found);
                let named = names[one].iter().any(|n| n.contains(' ') && names[other].contains(n));
                equal += usize::from(named);
                equal_found += usize::from(named && found);
                let waits = people.pending.iter().any(|p| {
                    let ids = [&p.one, &p.other].map(|who| person(&who.email));
                    ids.contains(&person(one)) && ids.contains(&person(other))
                });
                wait += usize::from(named && !found && waits);
                if !found {
                    let kind = if waits { "waits" } else { "missed" };
                    println!("    {kind}: {one} {:?} {other} {:?}", names[one], names[other]);
                }
            }
        }
    }
    println!(
        "pairs of the mailmap: {all_found} of {all}; of equal names {equal_found} of {equal}, {wait} wait"
    );
}

fn sightings(mails: &[(Mailbox, i64)]) -> Vec<Sighting> {
    let mut uses: BTreeMap<&Mailbox, (u64, i64, i64)> = BTreeMap::new();
    for (who, time) in mails {
        let used = uses.entry(who).or_insert((0, i64::MAX, i64::MIN));
        *used = (used.0 + 1, used.1.min(*time), used.2.max(*time));
    }
    let sighting = |(who, (mails, first, last)): (&Mailbox, (u64, i64, i64))| Sighting {
        writer: Writer { who: who.clone(), declared: None, robot: is_robot(who) },
        mails,
        first: Timestamp::from_second(first).unwrap(),
        last: Timestamp::from_second(last).unwrap(),
        proof: "a@x.example".parse().unwrap(),
    };
    uses.into_iter().map(sighting).collect()
}

fn read(file: &str) -> Vec<(Mailbox, i64)> {
    let text = if file.ends_with(".gz") {
        std::process::Command::new("zcat").arg(file).output().unwrap().stdout
    } else {
        std::fs::read(file).unwrap()
    };
    let text = String::from_utf8_lossy(&text);
    text.lines().filter_map(line).collect()
}

fn line(line: &str) -> Option<(Mailbox, i64)> {
    let fields: Vec<&str> = line.split('\t').collect();
    let from = format!("From: {}\n\n", fields.get(5)?);
    let time = fields[2].parse().ok()?;
    let message = lorecast_mail::parse(from.as_bytes(), &lorecast_mail::Arrival::default());
    Some((message.header.from, time))
}

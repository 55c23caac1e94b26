//! What identification reaches on real headers, and how fast: see tests/parity/people/README.md.
//!
//!     cargo run --release -p lorecast-people --example identity -- [--list] MAILMAP CASES HEADERS…
//!
//! HEADERS are tables: list, id, seconds, -, -, sender. CASES is a table of kinds and senders; those
//! of the kind `homonym` must not be anybody's who writes from another organisation. `--list` prints
//! each merge and each question.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "it measures")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use jiff::Timestamp;
use lorecast_mail::is_robot;
use lorecast_model::{Employers, Mailbox, Sighting, Writer};
use lorecast_people::{Known, Mailmap, People, identify};

/// One mail of a table.
struct Mail {
    list: String,
    time: i64,
    who: Mailbox,
}

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let list = arguments.first().is_some_and(|argument| argument == "--list");
    arguments.drain(..usize::from(list));
    let (mailmap, complaints) = Mailmap::read(&std::fs::read(&arguments[0]).unwrap());
    println!("mailmap: {} addresses, {} complaints", mailmap.len(), complaints.len());
    let homonyms = homonyms(&std::fs::read_to_string(&arguments[1]).unwrap());
    let mails: Vec<Mail> = arguments[2..].iter().flat_map(|file| read(file)).collect();

    let all: Vec<&Mail> = mails.iter().collect();
    let start = Instant::now();
    let sightings = sightings(&all);
    let people = resolve(&sightings, &Mailmap::default());
    let known = mails.iter().filter(|mail| people.of(&mail.who).is_some()).count();
    println!(
        "{} mails, {} sightings: {known} mails have a person, {} persons, in {:.2} s",
        mails.len(),
        sightings.len(),
        people.persons.len(),
        start.elapsed().as_secs_f64()
    );
    reasons(&people);
    pairs(&sightings, &people, &mailmap);
    not_merged(&homonyms, &people, "all mails");
    slices(&mails, &homonyms, &people);
    if list {
        for merge in &people.merges {
            println!("M {}\t{}\t{}", merge.reason, merge.one, merge.other);
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

fn reasons(people: &People) {
    let mut reasons = BTreeMap::<String, usize>::new();
    for merge in &people.merges {
        *reasons.entry(format!("merged: {}", merge.reason)).or_default() += 1;
    }
    for pending in &people.pending {
        *reasons.entry(format!("waits: {}", pending.why)).or_default() += 1;
    }
    for (reason, count) in reasons {
        println!("    {count:6} {reason}");
    }
}

/// Pairs of addresses that the mailmap says are one person's: are they found without it?
fn pairs(sightings: &[Sighting], people: &People, mailmap: &Mailmap) {
    let mut owners: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for who in sightings.iter().map(|sighting| &sighting.writer.who) {
        let email = who.email.to_lowercase();
        let proper = mailmap.proper(who).map_or(email.clone(), |who| who.email.to_lowercase());
        owners.entry(proper).or_default().insert(email.clone());
        names.entry(email).or_default().insert(who.name.to_lowercase());
    }
    let (mut all, mut found, mut equal, mut equal_found, mut wait) = (0, 0, 0, 0, 0);
    for emails in owners.values() {
        for (at, one) in emails.iter().enumerate() {
            for other in emails.iter().skip(at + 1) {
                let ids = [person(people, one), person(people, other)];
                let same = ids[0] == ids[1];
                let named = names[one].iter().any(|n| n.contains(' ') && names[other].contains(n));
                let waits = !same
                    && people.pending.iter().any(|pending| {
                        let asked =
                            [&pending.one, &pending.other].map(|who| person(people, &who.email));
                        ids.iter().all(|id| asked.contains(id))
                    });
                all += 1;
                found += usize::from(same);
                equal += usize::from(named);
                equal_found += usize::from(named && same);
                wait += usize::from(named && waits);
                if !same {
                    println!("    {}: {one} {other}", if waits { "waits" } else { "missed" });
                }
            }
        }
    }
    println!(
        "pairs of the mailmap: {found} of {all}; of equal names {equal_found} of {equal}, {wait} wait"
    );
}

fn person(people: &People, email: &str) -> Option<String> {
    let who = Mailbox { name: String::new(), email: email.to_owned() };
    people.of(&who).map(|somebody| somebody.id.0.clone())
}

fn homonyms(cases: &str) -> BTreeSet<Mailbox> {
    let cases = cases.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    cases.filter(|case| case[0] == "homonym").map(|case| sender(case[3])).collect()
}

/// Names each homonym whose person writes from another organisation too.
fn not_merged(homonyms: &BTreeSet<Mailbox>, people: &People, of: &str) -> usize {
    let organisation = |email: &str| {
        let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain).to_lowercase();
        domain.rsplitn(3, '.').take(2).collect::<Vec<_>>().join(".")
    };
    let shared = ["com.gmail", "org.kernel", "dev.linux"];
    let (mut seen, mut merged) = (0, 0);
    for who in homonyms {
        let Some(somebody) = people.of(who) else { continue };
        seen += 1;
        let mut domains: BTreeSet<String> =
            somebody.person.emails.iter().map(|email| organisation(email)).collect();
        domains.retain(|domain| !shared.contains(&domain.as_str()));
        if domains.len() > 1 {
            merged += 1;
            println!("    MERGED {who}: {}", somebody.person.emails.join(" "));
        }
    }
    if of == "all mails" {
        println!("homonyms: {merged} of {seen} merged");
    }
    seen
}

/// The same on each list and each month alone, where less is known: what is merged there that waits
/// or stays apart when everything is known?
fn slices(mails: &[Mail], homonyms: &BTreeSet<Mailbox>, whole: &People) {
    let mut slices: BTreeMap<String, Vec<&Mail>> = BTreeMap::new();
    for mail in mails {
        let month = mail.time / (30 * 86_400);
        slices.entry(mail.list.clone()).or_default().push(mail);
        slices.entry(format!("month {month}")).or_default().push(mail);
    }
    let (mut merges, mut seen) = (0, 0);
    let mut wrong = BTreeSet::new();
    for (slice, mails) in &slices {
        let people = resolve(&sightings(mails), &Mailmap::default());
        seen += not_merged(homonyms, &people, slice);
        merges += people.merges.len();
        for merge in &people.merges {
            let ids = [&merge.one, &merge.other].map(|who| whole.of(who).map(|one| &one.id));
            if ids[0] != ids[1] {
                wrong.insert(format!("{}: {} = {}", merge.reason, merge.one, merge.other));
            }
        }
    }
    println!(
        "{} lists and months alone: {merges} merges, {} pairs of which are not one person in all; {seen} homonyms seen",
        slices.len(),
        wrong.len()
    );
    for wrong in wrong {
        println!("    {wrong}");
    }
}

fn sightings(mails: &[&Mail]) -> Vec<Sighting> {
    let mut uses: BTreeMap<&Mailbox, (u64, i64, i64)> = BTreeMap::new();
    for mail in mails {
        let used = uses.entry(&mail.who).or_insert((0, i64::MAX, i64::MIN));
        *used = (used.0 + 1, used.1.min(mail.time), used.2.max(mail.time));
    }
    let sighting = |(who, (mails, first, last)): (&Mailbox, (u64, i64, i64))| Sighting {
        writer: Writer { who: who.clone(), declared: None, robot: is_robot(who) },
        mails,
        first: Timestamp::from_second(first).unwrap(),
        last: Timestamp::from_second(last).unwrap(),
        proof: Some("a@x.example".parse().unwrap()),
    };
    uses.into_iter().map(sighting).collect()
}

fn read(file: &str) -> Vec<Mail> {
    let text = if file.ends_with(".gz") {
        std::process::Command::new("zcat").arg(file).output().unwrap().stdout
    } else {
        std::fs::read(file).unwrap()
    };
    String::from_utf8_lossy(&text).lines().filter_map(line).collect()
}

fn line(line: &str) -> Option<Mail> {
    let fields: Vec<&str> = line.split('\t').collect();
    let (time, from) = (fields.get(2)?.parse().ok()?, fields.get(5)?);
    Some(Mail { list: fields[0].to_owned(), time, who: sender(from) })
}

fn sender(from: &str) -> Mailbox {
    let header = format!("From: {from}\n\n");
    lorecast_mail::parse(header.as_bytes(), &lorecast_mail::Arrival::default()).header.from
}

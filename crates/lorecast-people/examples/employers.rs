//! Whom people work for, by tables of what mails show: see tests/parity/people/README.md.
//!
//!     cargo run -p lorecast-people --example employers -- [MAP...] < SIGHTINGS.tsv
//!
//! A line is `person, address, first day, last day`, and for what the mail says `source, employer`
//! (`header`, `Widgets Ltd`). Lines of one person stand together. Prints
//! `person, employer, from, until, source`.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used, reason = "it measures")]

use std::io::BufRead;

use lorecast_model::{Declared, Employers, Mailbox, MessageId, Person, Sighting, Vouch, Writer};
use lorecast_people::{Sources, affiliations, gitdm};

fn main() {
    let maps = std::env::args().skip(1).map(|file| {
        let (folder, root) = file.rsplit_once('/').unwrap_or((".", &file));
        let mut files = |name: &str| std::fs::read(format!("{folder}/{name}")).ok();
        let (map, complaints) = gitdm::read(&mut files, root);
        complaints.iter().for_each(|complaint| eprintln!("{complaint}"));
        map
    });
    let sources = Sources::new(&Employers::default(), maps.collect());
    let mut person = String::new();
    let mut seen = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let cells: Vec<&str> = line.split('\t').collect();
        if cells[0] != person {
            print(&person, &seen, &sources);
            seen.clear();
            person = cells[0].to_owned();
        }
        seen.push(sighting(&cells));
    }
    print(&person, &seen, &sources);
}

fn sighting(cells: &[&str]) -> Sighting {
    let at = |day: &str| format!("{day}T12:00:00Z").parse().unwrap();
    let by = |name: &str| Vouch::ALL.into_iter().find(|vouch| vouch.name() == name).unwrap();
    let declared = cells
        .get(5)
        .map(|employer| Declared { employer: (*employer).to_owned(), by: by(cells[4]) });
    let who = Mailbox { name: String::new(), email: cells[1].to_owned() };
    Sighting {
        writer: Writer { who, declared, robot: false },
        mails: 1,
        first: at(cells[2]),
        last: at(cells[3]),
        proof: MessageId::new("mail@x.example").ok(),
    }
}

fn print(person: &str, seen: &[Sighting], sources: &Sources) {
    for found in affiliations(&Person::default(), seen, sources) {
        let day = |day: Option<jiff::civil::Date>| day.map(|d| d.to_string()).unwrap_or_default();
        let (from, until) = (day(found.from), day(found.until));
        println!("{person}\t{}\t{from}\t{until}\t{}", found.employer, found.source.name());
    }
}

//! Whatever a mailmap says, it is read, the same each time; whoever stands in it becomes persons, in
//! whatever order they come.

use jiff::Timestamp;
use lorecast_model::{Employers, Mailbox, MessageId, Sighting, Writer};
use lorecast_people::{Known, Mailmap, People, identify};

/// More lines say nothing new, and persons of equal names are compared pair by pair.
const MAX_SIGHTINGS: usize = 100;

pub fn check(bytes: &[u8]) {
    let (map, complaints) = Mailmap::read(bytes);
    assert_eq!((map.clone(), complaints.clone()), Mailmap::read(bytes), "a second reading");
    let lines = bytes.split(|byte| *byte == b'\n').count();
    assert!(map.len() + complaints.len() <= lines, "a line is read or complained of");
    assert!(complaints.iter().all(|complaint| (1..=lines).contains(&complaint.line)));
    let mut sightings: Vec<Sighting> = mailboxes(bytes).take(MAX_SIGHTINGS).map(sighting).collect();
    let people = resolve(&sightings, &map);
    for sighting in &sightings {
        let who = &sighting.writer.who;
        assert!(!is_address(&who.email) || people.of(who).is_some(), "{who:?} is somebody");
    }
    sightings.reverse();
    assert_eq!(people, resolve(&sightings, &map), "the order does not matter");
}

fn is_address(email: &str) -> bool {
    let end = |text: &str| text.chars().all(|c| c.is_whitespace() || c == '.');
    email.len() < 100
        && email
            .rsplit_once('@')
            .is_some_and(|(local, domain)| !local.trim().is_empty() && !end(domain))
}

fn resolve(sightings: &[Sighting], mailmap: &Mailmap) -> People {
    let employers = Employers::default();
    identify(sightings, &Known { people: &[], mailmap, decisions: &[], employers: &employers })
}

/// Everything of the form `name <address>`.
fn mailboxes(bytes: &[u8]) -> impl Iterator<Item = Mailbox> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let parts: Vec<String> = text.split(['\n', '>']).map(str::to_owned).collect();
    parts.into_iter().filter_map(|part| {
        let (name, email) = part.split_once('<')?;
        Some(Mailbox { name: name.trim().to_owned(), email: email.to_owned() })
    })
}

fn sighting(who: Mailbox) -> Sighting {
    Sighting {
        writer: Writer { who, ..Writer::default() },
        mails: 1,
        first: Timestamp::UNIX_EPOCH,
        last: Timestamp::UNIX_EPOCH,
        proof: MessageId::new("a@x.example").ok(),
    }
}

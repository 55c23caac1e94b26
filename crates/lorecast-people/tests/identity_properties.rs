//! What holds for any mails: the order does not matter, what is split stays split, and everybody who
//! wrote is somebody.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails like the test itself")]

use jiff::Timestamp;
use lorecast_model::{Decision, Employers, Mailbox, Person, Sighting, Writer};
use lorecast_people::{Known, Mailmap, People, identify};
use proptest::prelude::*;

const NAMES: [&str; 10] = [
    "",
    "ann",
    "Ann Quill",
    "Quill, Ann",
    "Ann K. Quill",
    "Ånn Quill",
    "Bo Vogel",
    "Wei Wang",
    "Bo Quill",
    "noreply bot",
];
const LOCALS: [&str; 7] = ["ann", "ann.quill", "aq", "bo", "wwang", "noreply", "Ann+x"];
const DOMAINS: [&str; 7] = [
    "gmail.com",
    "kernel.org",
    "intel.com",
    "linux.intel.com",
    "nxp.com",
    "quill.example",
    "a.example",
];

fn email() -> impl Strategy<Value = String> {
    (0..LOCALS.len(), 0..DOMAINS.len())
        .prop_map(|(local, domain)| format!("{}@{}", LOCALS[local], DOMAINS[domain]))
}

fn sighting() -> impl Strategy<Value = Sighting> {
    (0..NAMES.len(), email(), 0..1000_i64, 0..400_i64, 1..9_u64, prop::bool::weighted(0.1))
        .prop_map(|(name, email, first, length, mails, robot)| Sighting {
            writer: Writer {
                who: Mailbox { name: NAMES[name].to_owned(), email },
                declared: None,
                robot,
            },
            mails,
            first: Timestamp::from_second(first * 86_400).unwrap(),
            last: Timestamp::from_second((first + length) * 86_400).unwrap(),
            proof: Some("a@x.example".parse().unwrap()),
        })
}

fn decision() -> impl Strategy<Value = Decision> {
    (email(), email(), any::<bool>()).prop_map(|(one, other, same)| Decision {
        one,
        other,
        same,
        date: None,
    })
}

fn entry() -> impl Strategy<Value = Person> {
    (0..NAMES.len(), prop::collection::vec(email(), 0..3)).prop_map(|(name, emails)| Person {
        name: NAMES[name].to_owned(),
        emails,
        ..Person::default()
    })
}

fn resolve(sightings: &[Sighting], people: &[Person], decisions: &[Decision]) -> People {
    let (mailmap, _) = Mailmap::read(b"Ann Quill <aq@gmail.com> <bo@nxp.com>\n");
    let employers = Employers::default();
    identify(sightings, &Known { people, mailmap: &mailmap, decisions, employers: &employers })
}

/// An address without its tag, in lower case.
fn key(email: &str) -> String {
    let (local, domain) = email.rsplit_once('@').unwrap();
    format!("{}@{domain}", local.split('+').next().unwrap()).to_lowercase()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_mails_does_not_matter(
        (sightings, shuffled) in prop::collection::vec(sighting(), 0..25)
            .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        people in prop::collection::vec(entry(), 0..3),
        decisions in prop::collection::vec(decision(), 0..3),
    ) {
        prop_assert_eq!(
            resolve(&sightings, &people, &decisions),
            resolve(&shuffled, &people, &decisions)
        );
    }

    #[test]
    fn what_is_split_stays_split(
        sightings in prop::collection::vec(sighting(), 0..25),
        people in prop::collection::vec(entry(), 0..3),
        decisions in prop::collection::vec(decision(), 1..5),
    ) {
        let resolved = resolve(&sightings, &people, &decisions);
        let pair = |decision: &Decision| {
            let mut pair = [key(&decision.one), key(&decision.other)];
            pair.sort();
            pair
        };
        for decision in decisions.iter().filter(|decision| !decision.same) {
            let last = decisions.iter().rfind(|other| pair(other) == pair(decision)).unwrap();
            let [one, other] = pair(decision);
            if last.same || one == other {
                continue;
            }
            for somebody in &resolved.persons {
                let entry = somebody.entry.map(|entry| people[entry].emails.clone());
                let mut emails: Vec<String> =
                    somebody.person.emails.iter().map(|email| key(email)).collect();
                // What an entry claims is repeated even where it was refused.
                let claimed = entry.unwrap_or_default();
                emails.retain(|email| !claimed.iter().any(|claim| key(claim) == *email));
                prop_assert!(!(emails.contains(&one) && emails.contains(&other)), "{somebody:?}");
            }
            let owner = |email: &str| {
                let who = Mailbox { name: String::new(), email: email.to_owned() };
                resolved.of(&who).map(|somebody| somebody.id.clone())
            };
            prop_assert!(owner(&one).is_none() || owner(&one) != owner(&other));
        }
    }

    #[test]
    fn everybody_who_wrote_is_somebody(sightings in prop::collection::vec(sighting(), 0..25)) {
        let resolved = resolve(&sightings, &[], &[]);
        let mails: u64 = resolved.persons.iter().map(|somebody| somebody.mails).sum();
        prop_assert_eq!(mails, sightings.iter().map(|sighting| sighting.mails).sum::<u64>());
        let mut ids: Vec<_> = resolved.persons.iter().map(|somebody| &somebody.id).collect();
        ids.dedup();
        prop_assert_eq!(ids.len(), resolved.persons.len());
        for sighting in &sightings {
            let somebody = resolved.of(&sighting.writer.who).unwrap();
            let own = key(&sighting.writer.who.email);
            prop_assert!(somebody.person.emails.iter().any(|email| key(email) == own));
        }
    }

    #[test]
    fn no_text_is_a_trap(name in "\\PC{0,40}", email in "\\PC{0,20}@?[a-z.]{0,9}", at in "[ab. @<>\"+-]{0,12}") {
        let who = Mailbox { name, email };
        let other = Mailbox { name: at.clone(), email: at };
        let sightings: Vec<Sighting> = [who.clone(), other]
            .into_iter()
            .map(|who| Sighting {
                writer: Writer { who, ..Writer::default() },
                mails: 1,
                first: Timestamp::UNIX_EPOCH,
                last: Timestamp::UNIX_EPOCH,
                proof: Some("a@x.example".parse().unwrap()),
            })
            .collect();
        let resolved = resolve(&sightings, &[], &[]);
        prop_assert!(!resolved.persons.is_empty());
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let plain = resolved.persons.iter().all(|somebody| somebody.id.0.chars().all(is_plain));
        prop_assert!(plain);
    }
}

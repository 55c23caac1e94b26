//! The affiliations of everybody, by who wrote a mail.

use std::collections::BTreeMap;

use lorecast_model::{Affiliation, Mailbox, PersonId, Sighting};

use crate::{People, Sources, affiliations};

/// Whom everybody behind some mails worked for, and when.
#[derive(Clone, Debug, Default)]
pub struct Affiliations {
    people: People,
    of: BTreeMap<PersonId, Vec<Affiliation>>,
}

impl Affiliations {
    /// Of the persons that [`identify`](crate::identify) made of these sightings.
    pub fn new(people: People, sightings: &[Sighting], sources: &Sources) -> Self {
        let mut seen: BTreeMap<PersonId, Vec<Sighting>> = BTreeMap::new();
        for sighting in sightings {
            if let Some(somebody) = people.of(&sighting.writer.who) {
                seen.entry(somebody.id.clone()).or_default().push(sighting.clone());
            }
        }
        let known = people.persons.iter().filter(|somebody| !somebody.robot);
        let of = known.map(|somebody| {
            let seen = seen.get(&somebody.id).map_or(&[][..], Vec::as_slice);
            (somebody.id.clone(), affiliations(&somebody.person, seen, sources))
        });
        Self { of: of.collect(), people }
    }

    /// Of who wrote a mail ([`Writer::who`](lorecast_model::Writer)), in the order of time; nothing for
    /// programs, and for those of whom nothing is known.
    pub fn of(&self, who: &Mailbox) -> &[Affiliation] {
        let found = self.people.of(who).and_then(|somebody| self.of.get(&somebody.id));
        found.map_or(&[], Vec::as_slice)
    }

    /// Of a person, by id.
    pub fn of_person(&self, id: &PersonId) -> &[Affiliation] {
        self.of.get(id).map_or(&[], Vec::as_slice)
    }

    /// The persons themselves.
    pub fn people(&self) -> &People {
        &self.people
    }
}

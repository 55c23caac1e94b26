//! What may be published about people: those whom an episode names, and those who wrote something
//! about themselves.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;
use lorecast_model::{Affiliation, Episode, EpisodeId, Fact, MessageId, Person, PersonId, Vouch};
use lorecast_people::{Affiliations, People, Somebody, Veil, effective};
use lorecast_publisher::{Appearance, Employment, Portrait};
use lorecast_store::Store;

use crate::{Desk, Result};

/// The facts of a story that name a person.
const NAMES: [Fact; 9] = [
    Fact::Author,
    Fact::Writer,
    Fact::Reply,
    Fact::Reviewed,
    Fact::Acked,
    Fact::Tested,
    Fact::ChangesRequested,
    Fact::Rejected,
    Fact::Applied,
];

/// Everybody, and which of their names are not told.
pub(crate) struct Crowd {
    store: Option<Box<dyn Store>>,
    everybody: Affiliations,
    /// What is published goes through it.
    pub(crate) veil: Veil,
}

impl Desk<'_> {
    /// Everybody whom the index and `people.yaml` know. Without an index only the entries of
    /// `people.yaml` are known.
    ///
    /// # Errors
    /// When the store or a file of the show cannot be read.
    pub(crate) fn crowd(&self) -> Result<Crowd> {
        let store = self.store()?;
        let report = match &store {
            Some(store) => self.people_of(&**store)?,
            None => self.people_among(Vec::new())?,
        };
        let (everybody, _) = self.affiliations_of(report)?;
        let veil = Veil::of(self.forgotten()?, everybody.people());
        Ok(Crowd { store, everybody, veil })
    }

    /// A portrait of everybody who may have a page. Programs have none, nor has who asked to be
    /// forgotten.
    ///
    /// # Errors
    /// When the store or a file of the show cannot be read.
    pub(crate) fn portraits(
        &self,
        episodes: &[(EpisodeId, &Episode)],
        crowd: &Crowd,
    ) -> Result<Vec<Portrait>> {
        let everybody = &crowd.everybody;
        let seen = self.appearances(episodes, crowd)?;
        let (allowed, forgotten) = (self.dir.show()?.employers, crowd.veil.forgotten());
        let named = |somebody: &&Somebody| seen.contains_key(&somebody.id);
        let spoke = |somebody: &&Somebody| somebody.person.own.is_some();
        let shown = everybody.people().persons.iter().filter(|somebody| {
            !somebody.robot
                && (named(somebody) || spoke(somebody))
                && !forgotten.is_person(&somebody.person)
        });
        Ok(shown
            .map(|somebody| {
                let person = effective(&somebody.person);
                let last = somebody.active.map(|(_, last)| last);
                let appearances = seen.get(&somebody.id).cloned().unwrap_or_default();
                let jobs = employments(everybody.of_person(&somebody.id), &allowed, last);
                portrait(somebody.id.clone(), person, self.root(), jobs, appearances)
            })
            .collect())
    }

    /// Which stories of which episodes name whom.
    fn appearances(
        &self,
        episodes: &[(EpisodeId, &Episode)],
        crowd: &Crowd,
    ) -> Result<BTreeMap<PersonId, Vec<Appearance>>> {
        let (people, store) = (crowd.everybody.people(), crowd.store.as_deref());
        let by_name = by_name(people);
        let mut all: BTreeMap<PersonId, Vec<Appearance>> = BTreeMap::new();
        for (id, episode) in episodes {
            for story in episode.stories.iter().filter(|story| story.is_told()) {
                let facts = story.evidence.iter().filter(|fact| NAMES.contains(&fact.fact));
                let mut named: BTreeSet<PersonId> = BTreeSet::new();
                for fact in facts {
                    named.extend(self.named(
                        &fact.value,
                        &fact.message,
                        people,
                        &by_name,
                        store,
                    )?);
                }
                for person in named {
                    all.entry(person).or_default().push(Appearance {
                        episode: *id,
                        title: crowd.veil.text(&story.title).into_owned(),
                        message: story.id.clone(),
                    });
                }
            }
        }
        Ok(all)
    }

    /// Who bears the name that a message proves: its writer, else the only one of that name.
    fn named(
        &self,
        name: &str,
        message: &MessageId,
        people: &People,
        by_name: &BTreeMap<String, Option<PersonId>>,
        store: Option<&dyn Store>,
    ) -> Result<Option<PersonId>> {
        let message = match store {
            Some(store) => store.message(message)?,
            None => None,
        };
        let writer = message.and_then(|message| people.of(&message.writer.who));
        let bears = |somebody: &&Somebody| {
            let Person { name: own, also, .. } = &somebody.person;
            own == name || also.iter().any(|other| other == name)
        };
        Ok(match writer.filter(bears) {
            Some(somebody) => Some(somebody.id.clone()),
            None => by_name.get(name).cloned().flatten(),
        })
    }
}

/// Who bears a name; nobody when several do.
fn by_name(people: &People) -> BTreeMap<String, Option<PersonId>> {
    let mut all: BTreeMap<String, Option<PersonId>> = BTreeMap::new();
    for somebody in &people.persons {
        let Person { name, also, .. } = &somebody.person;
        for name in std::iter::once(name).chain(also) {
            all.entry(name.clone())
                .and_modify(|id| {
                    if id.as_ref() != Some(&somebody.id) {
                        *id = None;
                    }
                })
                .or_insert_with(|| Some(somebody.id.clone()));
        }
    }
    all
}

/// Employers that the show may tell, the latest first. The years are told where a person or the producer
/// gave them; what mails show says when mails were written, not when somebody was hired, so of that only
/// the last one stands.
pub(super) fn employments(
    all: &[Affiliation],
    allowed: &[Vouch],
    last: Option<jiff::Timestamp>,
) -> Vec<Employment> {
    let last = last.map(|last| last.to_zoned_datetime(jiff::tz::TimeZone::UTC).date());
    let told = |a: &&Affiliation| {
        let given = matches!(a.source, Vouch::Own | Vouch::Producer);
        allowed.contains(&a.source) && (given || last.is_none_or(|last| a.holds(last)))
    };
    let mut found: Vec<&Affiliation> = all.iter().filter(told).collect();
    found.sort_by_key(|a| (std::cmp::Reverse((a.until.is_none(), a.until, a.from)), a.source));
    let mut seen = BTreeSet::new();
    found.retain(|a| seen.insert((&a.employer, years(a))));
    let one = |a: &Affiliation| Employment {
        employer: a.employer.clone(),
        years: years(a),
        source: a.source,
    };
    found.into_iter().map(one).collect()
}

fn years(a: &Affiliation) -> String {
    match (a.source, a.from, a.until) {
        (Vouch::Own | Vouch::Producer, Some(from), Some(until)) if from.year() == until.year() => {
            format!("{}", from.year())
        }
        (Vouch::Own | Vouch::Producer, Some(from), Some(until)) => {
            format!("{} to {}", from.year(), until.year())
        }
        (Vouch::Own | Vouch::Producer, Some(from), None) => format!("since {}", from.year()),
        (Vouch::Own | Vouch::Producer, None, Some(until)) => format!("until {}", until.year()),
        _ => String::new(),
    }
}

pub(super) fn portrait(
    id: PersonId,
    person: Person,
    root: &Utf8Path,
    employers: Vec<Employment>,
    appearances: Vec<Appearance>,
) -> Portrait {
    Portrait {
        id,
        name: person.name,
        pronouns: person.pronouns,
        say: person.say,
        ipa: person.ipa,
        lang: person.lang,
        // A file of the show and no other: whoever writes an entry does not choose from a whole disk.
        audio: person.audio.filter(|file| is_below(file)).map(|file| root.join(file)),
        bio: person.bio,
        links: person.links,
        employers,
        appearances,
    }
}

/// Whether a path stays below the folder that it is relative to.
fn is_below(file: &str) -> bool {
    let path = Utf8Path::new(file);
    path.is_relative()
        && path.components().all(|part| matches!(part, camino::Utf8Component::Normal(_)))
}

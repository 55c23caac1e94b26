//! People as commands print them. Addresses stand in it: this is for the producer, never published.

use jiff::Timestamp;
use lorecast_model::{Affiliation, Pending, Person, PersonId};
use lorecast_people::{Affiliations, Forgotten, Somebody, effective};
use serde::Serialize;

use crate::{Desk, Result};

/// Somebody, with everything that is known of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PersonView {
    /// The name within the show.
    pub id: PersonId,
    /// Whether it is a program.
    pub robot: bool,
    /// Whether the person asked to be forgotten.
    pub forgotten: bool,
    /// How many mails.
    pub mails: u64,
    /// The date of the first, UTC.
    pub first: Option<Timestamp>,
    /// The date of the last, UTC.
    pub last: Option<Timestamp>,
    /// Name, spellings, addresses, and what `people.yaml` says, the person's own word over all else.
    pub person: Person,
    /// Employers from all sources, allowed or not, in the order of time.
    pub employers: Vec<Affiliation>,
}

/// What waits for the producer, and what was done.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PeopleReview {
    /// Pairs that may be one person.
    pub pending: Vec<Pending>,
    /// What contradicts itself, in words.
    pub conflicts: Vec<String>,
    /// Merges that were made, with their reasons.
    pub merges: Vec<MadeMerge>,
    /// What is wrong with files that say who people are, in words.
    pub complaints: Vec<String>,
}

/// A merge that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MadeMerge {
    /// The one.
    pub one: String,
    /// The other.
    pub other: String,
    /// Why, in words.
    pub why: String,
}

impl Desk<'_> {
    /// Everybody who wrote or has an entry, by id.
    ///
    /// # Errors
    /// When nothing was ingested, or a file of the show cannot be read.
    pub fn everybody(&self) -> Result<Vec<PersonView>> {
        let (all, _) = self.affiliations_of(self.people()?)?;
        let forgotten = self.forgotten()?;
        Ok(all.people().persons.iter().map(|s| view(s, &all, &forgotten)).collect())
    }

    /// Somebody, by address, whole name or id.
    ///
    /// # Errors
    /// When there is nobody, or there are several.
    pub fn person(&self, whom: &str) -> Result<PersonView> {
        let (all, _) = self.affiliations_of(self.people()?)?;
        let somebody = super::whom::find(all.people(), whom)?;
        Ok(view(somebody, &all, &self.forgotten()?))
    }

    /// What waits for the producer, and which merges were made.
    ///
    /// # Errors
    /// When nothing was ingested, or a file of the show cannot be read.
    pub fn review_people(&self) -> Result<PeopleReview> {
        let report = self.people()?;
        let merges = report.people.merges.iter().map(|merge| MadeMerge {
            one: merge.one.to_string(),
            other: merge.other.to_string(),
            why: merge.reason.to_string(),
        });
        let (_, wrong) = self.employer_sources()?;
        Ok(PeopleReview {
            merges: merges.collect(),
            conflicts: report.people.conflicts.iter().map(ToString::to_string).collect(),
            pending: report.people.pending,
            complaints: report.complaints.into_iter().chain(wrong).collect(),
        })
    }
}

fn view(somebody: &Somebody, all: &Affiliations, forgotten: &Forgotten) -> PersonView {
    let person = effective(&somebody.person);
    PersonView {
        id: somebody.id.clone(),
        robot: somebody.robot,
        forgotten: forgotten.is_person(&somebody.person),
        mails: somebody.mails,
        first: somebody.active.map(|(first, _)| first),
        last: somebody.active.map(|(_, last)| last),
        employers: all.of_person(&somebody.id).to_vec(),
        person,
    }
}

//! Who is who: persons, made of what the store saw and of what the show knows.

mod circle;
mod claim;
mod entry;
mod forget;
mod import;
pub(crate) mod lately;
mod own_word;
mod portraits;
mod recording;
mod spoken;
mod stats;
pub(crate) mod veil;
mod view;
mod whom;

use jiff::civil::Date;
use lorecast_model::{Decision, Mailbox, ShowMaintainers, Sighting};
use lorecast_people::{Known, Mailmap, People, identify};
use lorecast_store::{Span, Store};

pub use circle::{Circle, CircleStamp};
pub use claim::ClaimMail;
pub use entry::{ENTRY_KEYS, EntryChange, Hand, said_by};
pub use forget::Forgot;
pub use import::{Imported, ImportedAs};
pub use lately::Lately;
pub use own_word::OwnWord;
pub use stats::{CreditFor, CreditReport};
pub use view::{MadeMerge, PeopleReview, PersonView};

use crate::{Desk, DeskError, Result, maintainers};

/// So many lines of a mailmap that cannot be read are named one by one.
const MOST_COMPLAINTS: usize = 20;

/// Everybody, and what is wrong with the files that say so.
#[derive(Debug, Default)]
pub struct PeopleReport {
    /// Everybody.
    pub people: People,
    /// Every writer as the mails show them; persons were made of these.
    pub sightings: Vec<Sighting>,
    /// Lines of the mailmap that cannot be used, in words.
    pub complaints: Vec<String>,
}

impl Desk<'_> {
    /// Every writer of the messages in a span, and what these say of them.
    ///
    /// # Errors
    /// When nothing was ingested, or the store fails.
    pub fn sightings(&self, span: Span) -> Result<Vec<Sighting>> {
        sightings(&*self.filled_store()?, span)
    }

    /// Everybody who wrote, by `people.yaml`, `merges.yaml`, the mailmap and the mails.
    ///
    /// # Errors
    /// When nothing was ingested, or the store or a file of the show cannot be read.
    pub fn people(&self) -> Result<PeopleReport> {
        self.people_of(&*self.filled_store()?)
    }

    /// Keeps whether two are one person, each named by an address, a whole name or an id; the last word
    /// about a pair counts. Returns both as they are called, with the address that was written down.
    ///
    /// # Errors
    /// When there is nobody of a name, or `merges.yaml` cannot be read or written.
    pub fn decide(&self, pair: [&str; 2], same: bool, day: Date) -> Result<[Mailbox; 2]> {
        let report = self.people()?;
        let [one, other] = pair.map(|whom| whom::mailbox(&report.people, whom));
        let (one, other) = (one?, other?);
        self.dir.decide(&[Decision {
            one: one.email.clone(),
            other: other.email.clone(),
            same,
            date: Some(day),
        }])?;
        Ok([one, other])
    }

    /// The same as [`Desk::people`], of a store that is open.
    ///
    /// # Errors
    /// When the store or a file of the show cannot be read.
    pub(crate) fn people_of(&self, store: &dyn Store) -> Result<PeopleReport> {
        self.people_among(sightings(store, Span::ALL)?)
    }

    /// The same, of what was seen anywhere; of nothing, the entries of `people.yaml`.
    ///
    /// # Errors
    /// When a file of the show cannot be read.
    pub(crate) fn people_among(&self, sightings: Vec<Sighting>) -> Result<PeopleReport> {
        let (people, employers) = (self.dir.people()?, self.dir.employers()?);
        let (mailmap, complaints) = self.mailmap()?;
        let decisions = self.dir.decisions()?;
        let known = Known {
            people: &people,
            mailmap: &mailmap,
            decisions: &decisions,
            employers: &employers,
        };
        Ok(PeopleReport { people: identify(&sightings, &known), sightings, complaints })
    }

    /// The mailmap that `show.yaml` names, else the one of the tree that MAINTAINERS is read from, if it
    /// has one; and what is wrong with it, in words.
    ///
    /// # Errors
    /// When `show.yaml` names one that cannot be read.
    pub(crate) fn mailmap(&self) -> Result<(Mailmap, Vec<String>)> {
        let show = self.dir.show()?;
        let resolve =
            |from: ShowMaintainers| ShowMaintainers { path: self.dir.resolve(&from.path), ..from };
        let found = match (show.mailmap.map(resolve), show.maintainers.map(resolve)) {
            (Some(from), _) => Some((named(&from)?, from.path)),
            (None, Some(from)) => beside(&from).map(|bytes| (bytes, from.path)),
            (None, None) => None,
        };
        let Some((bytes, path)) = found else { return Ok(Default::default()) };
        let (mailmap, wrong) = Mailmap::read(&bytes);
        let beyond = wrong.len().saturating_sub(MOST_COMPLAINTS);
        let file = if path.is_dir() { path.join(".mailmap") } else { path };
        let path = self.shown(&file);
        let said = wrong.iter().take(MOST_COMPLAINTS);
        let mut complaints: Vec<String> =
            said.map(|wrong| format!("{path}:{}: {}", wrong.line, wrong.why)).collect();
        if beyond > 0 {
            complaints.push(format!("{path}: {beyond} more lines cannot be used"));
        }
        Ok((mailmap, complaints))
    }
}

fn sightings(store: &dyn Store, span: Span) -> Result<Vec<Sighting>> {
    let mut found = Vec::new();
    store.each_sighting(span, &mut |sighting| {
        found.push(sighting);
        Ok(())
    })?;
    Ok(found)
}

fn named(from: &ShowMaintainers) -> Result<Vec<u8>> {
    let fail = |message: String| DeskError::Mailmap { path: from.path.clone(), message };
    let found = maintainers::file_beside(from, ".mailmap").map_err(fail)?;
    found.ok_or_else(|| fail("there is no such file".to_owned()))
}

/// The file beside MAINTAINERS. Who gave a list of folders has no tree; what else is wrong with the
/// tree is said where MAINTAINERS is read.
fn beside(from: &ShowMaintainers) -> Option<Vec<u8>> {
    let folder =
        if from.path.is_dir() { from.path.clone() } else { from.path.parent()?.to_owned() };
    let from = ShowMaintainers { path: folder, ..from.clone() };
    maintainers::file_beside(&from, ".mailmap").ok().flatten()
}

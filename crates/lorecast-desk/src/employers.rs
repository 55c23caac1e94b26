//! What the show knows of employers, put together from its files and its mails.

use lorecast_people::{Affiliations, Sources, gitdm};
use lorecast_store::Store;

use crate::people::PeopleReport;
use crate::{Desk, Result};

/// So many lines of a map that cannot be read are named one by one.
const MOST_COMPLAINTS: usize = 20;

impl Desk<'_> {
    /// `employers.yaml` and the maps that it imports; and what is wrong with the maps, in words.
    ///
    /// # Errors
    /// When `employers.yaml` cannot be used. A map's broken lines are skipped.
    pub(crate) fn employer_sources(&self) -> Result<(Sources, Vec<String>)> {
        let employers = self.dir.employers()?;
        let (mut maps, mut complaints) = (Vec::new(), Vec::new());
        for file in &employers.maps {
            let (map, wrong) = gitdm::read(&mut |name| self.dir.employer_map(name), file);
            maps.push(map);
            let beyond = wrong.len().saturating_sub(MOST_COMPLAINTS);
            complaints.extend(wrong.iter().take(MOST_COMPLAINTS).map(ToString::to_string));
            if beyond > 0 {
                complaints.push(format!("{file}: {beyond} more lines cannot be used"));
            }
        }
        Ok((Sources::new(&employers, maps), complaints))
    }

    /// Whom everybody worked for, by the show's files and all of its mails; and what is wrong with
    /// the maps and the mailmap.
    ///
    /// # Errors
    /// When a file of the show or the store cannot be read.
    pub(crate) fn affiliations(&self, store: &dyn Store) -> Result<(Affiliations, Vec<String>)> {
        self.affiliations_of(self.people_of(store)?)
    }

    /// The same, of people who are known already.
    ///
    /// # Errors
    /// When `employers.yaml` cannot be used.
    pub(crate) fn affiliations_of(
        &self,
        known: PeopleReport,
    ) -> Result<(Affiliations, Vec<String>)> {
        let (sources, mut complaints) = self.employer_sources()?;
        complaints.extend(known.complaints);
        Ok((Affiliations::new(known.people, &known.sightings, &sources), complaints))
    }
}

//! Who has a spoken form, under every name that is theirs alone.

use std::collections::BTreeMap;

use lorecast_model::{Person, PersonId};
use lorecast_people::{People, effective};

use crate::{Desk, Result};

impl Desk<'_> {
    /// The entries of `people.yaml` with the persons' own words over the show's, each with the
    /// spellings of all of the person's addresses. A spelling that another person has too, and a single
    /// word, stand only where the entry has them.
    ///
    /// # Errors
    /// When a file of the show cannot be read.
    pub(crate) fn spoken_people(&self) -> Result<Vec<Person>> {
        let entries = self.dir.people()?;
        let mut spoken: Vec<Person> = entries.iter().map(effective).collect();
        // Without an index, or with one that is being made anew, the script is no worse to read.
        if let Some(store) = self.filled_store().ok().filter(|_| !spoken.is_empty()) {
            let people = self.people_of(&*store)?.people;
            let owners = owners(&people);
            for somebody in &people.persons {
                let Some(entry) = somebody.entry.and_then(|nth| spoken.get_mut(nth)) else {
                    continue;
                };
                let Person { name, also, .. } = &somebody.person;
                let sole = |name: &&String| {
                    name.contains(' ') && owners.get(name.as_str()) == Some(&Some(&somebody.id))
                };
                let theirs = std::iter::once(name).chain(also).filter(sole);
                let new = theirs.filter(|name| **name != entry.name && !entry.also.contains(name));
                let new: Vec<String> = new.cloned().collect();
                entry.also.extend(new);
            }
        }
        Ok(spoken)
    }
}

/// Whose each spelling is; nothing for one that several have.
fn owners(people: &People) -> BTreeMap<&str, Option<&PersonId>> {
    let mut owners: BTreeMap<&str, Option<&PersonId>> = BTreeMap::new();
    for somebody in &people.persons {
        for name in std::iter::once(&somebody.person.name).chain(&somebody.person.also) {
            let owner = owners.entry(name).or_insert(Some(&somebody.id));
            if *owner != Some(&somebody.id) {
                *owner = None;
            }
        }
    }
    owners
}

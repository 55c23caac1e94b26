//! What somebody who proved an address says of themselves, and takes back.

use lorecast_community::Name;
use lorecast_model::{Own, Person, PersonId};
use lorecast_people::{People, Somebody};

use super::entry::{self, EntryChange};
use super::recording::recorded;
use crate::sharing::Room;
use crate::{Desk, DeskError, Result};

/// What somebody says of themselves.
#[derive(Clone, Copy, Debug)]
pub struct OwnWord<'a> {
    /// Of whom.
    pub person: &'a PersonId,
    /// The addresses that they proved to be theirs.
    pub emails: &'a [String],
    /// What.
    pub changes: &'a [EntryChange],
    /// A recording of the name, as [`Desk::keep_recording`] calls it.
    pub recording: Option<&'a str>,
}

impl Desk<'_> {
    /// Whether it could be written now.
    ///
    /// # Errors
    /// Why not.
    pub fn can_say(&self, word: &OwnWord<'_>) -> Result<()> {
        let people = self.people()?.people;
        let (somebody, email) = self.speaker(&people, word)?;
        let (entry, _) = self.with_word(somebody, &email, word)?;
        self.dir.wrong_with(&entry).map_or(Ok(()), |message| Err(DeskError::Entry { message }))
    }

    /// Writes it into `people.yaml`, with everything around it as it was. Returns the address that
    /// proves whose word it is, and what the person said of themselves before.
    ///
    /// # Errors
    /// When no proved address is that person's beyond doubt, it says what cannot be, or the file cannot be written.
    pub(crate) fn say(&self, word: &OwnWord<'_>) -> Result<(String, Own)> {
        let held = self.hold(Room::People)?;
        let people = self.people()?.people;
        let (somebody, email) = self.speaker(&people, word)?;
        let (entry, before) = self.with_word(somebody, &email, word)?;
        self.dir.write_person(somebody.entry, Some(&entry))?;
        let now = entry.own.and_then(|own| own.audio);
        if let Some(old) = before.audio.as_deref().filter(|old| Some(*old) != now.as_deref()) {
            self.drop_recording(old)?;
        }
        held.keep()?;
        Ok((email, before))
    }

    /// Puts back what the owner of an address said of themselves before, as far as these keys go.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn unsay(&self, email: &str, keys: &[String], before: &Own) -> Result<()> {
        let held = self.hold(Room::People)?;
        let people = self.people()?.people;
        let Some(nth) = people.at(email).and_then(|somebody| somebody.entry) else {
            return Ok(());
        };
        let mut entry = self.dir.people()?.swap_remove(nth);
        let mut own = entry.own.take().map(|own| *own).unwrap_or_default();
        let spoken = own.audio.clone();
        keys.iter().for_each(|key| entry::put_back(&mut own, key, before));
        own.audio.take_if(|file| !self.root().join(&*file).is_file());
        let gone = spoken.filter(|old| own.audio.as_ref() != Some(old));
        entry.own = (own != Own::default()).then(|| Box::new(own));
        self.dir.write_person(Some(nth), Some(&entry))?;
        gone.map_or(Ok(()), |old| self.drop_recording(&old))?;
        held.keep()
    }

    /// Takes away all that the owners of these addresses said of themselves.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn withdraw(&self, emails: &[String]) -> Result<()> {
        if emails.is_empty() {
            return Ok(());
        }
        let held = self.hold(Room::People)?;
        for email in emails {
            let people = self.people()?.people;
            let Ok(email) = self.known_address(&people, email) else { continue };
            let Some(nth) = people.at(&email).and_then(|somebody| somebody.entry) else { continue };
            let mut entry = self.dir.people()?.swap_remove(nth);
            let Some(own) = entry.own.take() else { continue };
            self.dir.write_person(Some(nth), Some(&entry))?;
            own.audio.map_or(Ok(()), |audio| self.drop_recording(&audio))?;
        }
        held.keep()
    }

    /// Who speaks, and the address that proves it.
    fn speaker<'a>(
        &self,
        people: &'a People,
        word: &OwnWord<'_>,
    ) -> Result<(&'a Somebody, String)> {
        let mut why = DeskError::NotThem { whom: word.person.to_string() };
        for email in word.emails {
            match self.known_address(people, email) {
                Ok(email) => match people.at(&email).filter(|somebody| somebody.id == *word.person)
                {
                    Some(somebody) => return Ok((somebody, email)),
                    None => continue,
                },
                Err(error) => why = error,
            }
        }
        Err(why)
    }

    /// The entry with it, and what the person said of themselves before.
    fn with_word(
        &self,
        somebody: &Somebody,
        email: &str,
        word: &OwnWord<'_>,
    ) -> Result<(Person, Own)> {
        let mut entry = self.entry_of(somebody, email)?;
        let before = entry.own.take().map(|own| *own).unwrap_or_default();
        let mut said = before.clone();
        for change in word.changes {
            if change.chooses_a_file() {
                return Err(DeskError::OwnAudio);
            }
            if let Some(url) = change.link().filter(|url| !url.starts_with("https://")) {
                return Err(DeskError::NotHttps { url: url.to_owned() });
            }
            if let Some(name) = change.name() {
                Name::parse(name).map_err(|why| DeskError::NoName { why })?;
            }
            entry::apply(&mut said, change, true);
        }
        if let Some(digest) = word.recording {
            let file = recorded(digest);
            if !self.root().join(&file).is_file() {
                return Err(DeskError::NoRecording { why: "it is not there".to_owned() });
            }
            said.audio = Some(file);
        }
        entry.own = Some(Box::new(said));
        Ok((entry, before))
    }
}

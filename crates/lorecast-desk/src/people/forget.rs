//! Somebody asks to be forgotten.

use lorecast_model::EpisodeId;
use lorecast_people::{Forgotten, Veil};
use lorecast_show::FORGOTTEN_KEY;

use crate::sharing::Room;
use crate::{Desk, DeskError, Result};

/// What became of a wish to be forgotten.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forgot {
    /// How many addresses and spellings of the name are known by their hashes from now on.
    pub remembered: usize,
    /// Whether an entry of `people.yaml` went.
    pub entry: bool,
    /// Files of the show that still hold an address or the name and that people edit; each is to be
    /// cleaned by hand.
    pub by_hand: Vec<String>,
    /// Episodes whose sound has the name in its tags; mastered again, it has not.
    pub masters: Vec<EpisodeId>,
}

impl Desk<'_> {
    /// Forgets somebody: the entry in `people.yaml` and the claims of the addresses go, and hashes of the addresses and names under the
    /// show's key take care that no import brings the person back. From the next `draft` and `publish`
    /// on, the name is "a developer" wherever it stood.
    ///
    /// # Errors
    /// When there is nobody of that name or address, there is neither a whole name nor an address to
    /// remember, or a file cannot be written.
    pub fn forget(&self, whom: &str) -> Result<Forgot> {
        let held = self.hold(Room::People)?;
        let report = self.people()?;
        let somebody = super::whom::find(&report.people, whom)?;
        let person = &somebody.person;
        let own = person.own.as_ref().and_then(|own| own.name.as_deref());
        let names = std::iter::once(person.name.as_str())
            .chain(person.also.iter().map(String::as_str))
            .chain(own);
        let (mut key, _) = self.dir.forgotten()?;
        if key.is_empty() {
            key = vec![0; FORGOTTEN_KEY];
            getrandom::fill(&mut key).map_err(|source| DeskError::Random { source })?;
        }
        let forgotten = Forgotten::new(&key, []);
        let hashes = forgotten.hashes_of(person.emails.iter().map(String::as_str), names.clone());
        if hashes.is_empty() {
            return Err(DeskError::Unknowable { whom: whom.to_owned() });
        }
        let masters = self.masters_naming(Forgotten::new(&key, hashes.iter().cloned()))?;
        self.dir.forget(&key, &hashes)?;
        if somebody.entry.is_some() {
            self.dir.write_person(somebody.entry, None)?;
        }
        let spoken = person.own.as_ref().and_then(|own| own.audio.as_deref());
        spoken.map_or(Ok(()), |audio| self.drop_recording(audio))?;
        self.dir.drop_claims(&person.emails)?;
        held.keep()?;
        let words: Vec<&str> = person.emails.iter().map(String::as_str).chain(names).collect();
        Ok(Forgot {
            remembered: hashes.len(),
            entry: somebody.entry.is_some(),
            by_hand: self.dir.holding(&words)?,
            masters,
        })
    }

    /// The episodes whose sound names somebody in its tags: its title, or that of a chapter.
    fn masters_naming(&self, forgotten: Forgotten) -> Result<Vec<EpisodeId>> {
        let veil = Veil::new(forgotten, []);
        let mut found = Vec::new();
        for dir in self.dir.episodes()? {
            let Some(master) = dir.master()? else { continue };
            let title = dir.episode()?.title;
            let mut titles = master.chapters.iter().map(|c| &c.title).chain([&title]);
            if titles.any(|title| !veil.finds(title).is_empty()) {
                found.push(dir.id());
            }
        }
        Ok(found)
    }

    /// Who asked to be forgotten.
    ///
    /// # Errors
    /// When the key is gone, or a file cannot be read.
    pub(crate) fn forgotten(&self) -> Result<Forgotten> {
        let (key, hashes) = self.dir.forgotten()?;
        Ok(Forgotten::new(&key, hashes))
    }
}

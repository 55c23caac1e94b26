//! Entries of `people.yaml`, written by the producer or by the person.

use jiff::Timestamp;
use jiff::civil::Date;
use lorecast_model::{Affiliation, Own, Person, Vouch};
use lorecast_people::Somebody;

use super::whom;
use crate::sharing::Room;
use crate::{Desk, DeskError, Result};

/// A change of an entry, as people type it: `say=ann FOH-gel`, `link:Blog=https://…`, and nothing
/// behind the `=` to take something away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryChange {
    key: Key,
    value: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Key {
    Name,
    Say,
    Ipa,
    Audio,
    Lang,
    Pronouns,
    Bio,
    /// The title of a link.
    Link(String),
    /// All employers, separated by `;`: `Example 2019-01-01..2021-06-30; Other 2021-07-01..`.
    Employers,
}

/// The keys, as `--help` and errors list them.
pub const ENTRY_KEYS: &str = "name, say, ipa, audio, lang, pronouns, bio, link:TITLE, employers";

impl std::str::FromStr for EntryChange {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let (key, value) =
            text.split_once('=').ok_or_else(|| format!("write `KEY=VALUE`; keys: {ENTRY_KEYS}"))?;
        let key = match key.trim() {
            "name" => Key::Name,
            "say" => Key::Say,
            "ipa" => Key::Ipa,
            "audio" => Key::Audio,
            "lang" => Key::Lang,
            "pronouns" => Key::Pronouns,
            "bio" => Key::Bio,
            "employers" => Key::Employers,
            other => match other.split_once(':') {
                Some(("link", title)) if !title.trim().is_empty() => {
                    Key::Link(title.trim().to_owned())
                }
                _ => return Err(format!("`{other}` is no key; keys: {ENTRY_KEYS}")),
            },
        };
        let value = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
        if let (Key::Employers, Some(value)) = (&key, &value) {
            employers(value, Vouch::Own)?;
        }
        Ok(Self { key, value })
    }
}

/// Whose word a change of an entry is.
#[derive(Clone, Copy, Debug)]
pub enum Hand<'a> {
    /// The producer's.
    Producer,
    /// The person's own; `whom` is the address that a token was mailed to.
    Own {
        /// The token.
        token: &'a str,
        /// The time it is now.
        now: Timestamp,
    },
}

impl EntryChange {
    /// The key, when the person says something else of it in an entry, which is what is shown.
    pub fn overruled_in(&self, entry: &Person) -> Option<&'static str> {
        let own = entry.own.as_deref()?;
        let said = said_by(own);
        said.into_iter().find(|key| *key == self.key.word())
    }

    /// Whether it names a file of the show.
    pub(super) fn chooses_a_file(&self) -> bool {
        self.key == Key::Audio && self.value.is_some()
    }

    /// The address that a link is to lead to.
    pub(super) fn link(&self) -> Option<&str> {
        self.value.as_deref().filter(|_| matches!(self.key, Key::Link(_)))
    }

    /// The new name.
    pub(super) fn name(&self) -> Option<&str> {
        self.value.as_deref().filter(|_| self.key == Key::Name)
    }

    fn takes_the_name(&self) -> bool {
        self.key == Key::Name && self.value.is_none()
    }
}

impl Key {
    fn word(&self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Say => "say",
            Self::Ipa => "ipa",
            Self::Audio => "audio",
            Self::Lang => "lang",
            Self::Pronouns => "pronouns",
            Self::Bio => "bio",
            Self::Link(_) => "links",
            Self::Employers => "employers",
        }
    }
}

/// What of an entry is the person's own word, by key.
pub fn said_by(own: &Own) -> Vec<&'static str> {
    let Own { name, say, ipa, audio, lang, pronouns, bio, links, employers } = own;
    let said = [
        ("name", name.as_ref().is_some_and(|name| !name.is_empty())),
        ("say", say.is_some()),
        ("ipa", ipa.is_some()),
        ("audio", audio.is_some()),
        ("lang", lang.is_some()),
        ("pronouns", pronouns.is_some()),
        ("bio", bio.is_some()),
        ("links", links.is_some()),
        ("employers", employers.is_some()),
    ];
    said.into_iter().filter(|(_, said)| *said).map(|(key, _)| key).collect()
}

impl Desk<'_> {
    /// Changes the entry of somebody in `people.yaml`, or begins one. The person's own word wins over
    /// everything else.
    ///
    /// Returns the entry as it is now.
    ///
    /// # Errors
    /// When there is nobody of that name or address, the token proves nothing, or the file cannot be
    /// written.
    pub fn set_person(
        &self,
        whom: &str,
        changes: &[EntryChange],
        hand: Hand<'_>,
    ) -> Result<Person> {
        let held = self.hold(Room::People)?;
        let report = self.people()?;
        let own = match hand {
            Hand::Producer => false,
            Hand::Own { token, now } => {
                self.prove_among(&report.people, whom, token, now)?;
                true
            }
        };
        whom::uncontested(&report.people, whom)?;
        let somebody = whom::find(&report.people, whom)?;
        if !own && changes.iter().any(EntryChange::takes_the_name) {
            return Err(DeskError::Nameless);
        }
        if somebody.robot && somebody.entry.is_none() {
            return Err(DeskError::Program { whom: whom.to_owned() });
        }
        if self.forgotten()?.is_person(&somebody.person) {
            return Err(DeskError::Forgotten { whom: whom.to_owned() });
        }
        let mut entry = self.entry_of(somebody, whom)?;
        let mut said =
            if own { entry.own.take().map(|own| *own).unwrap_or_default() } else { shared(&entry) };
        // Whoever holds a token does not choose among the show's files.
        if own && changes.iter().any(EntryChange::chooses_a_file) {
            return Err(DeskError::OwnAudio);
        }
        changes.iter().for_each(|change| apply(&mut said, change, own));
        match own {
            true => entry.own = Some(Box::new(said)),
            false => keep(&mut entry, said),
        }
        self.dir.write_person(somebody.entry, Some(&entry))?;
        held.keep()?;
        Ok(entry)
    }

    /// What `people.yaml` says of somebody, or a new entry: the name, and the addresses known by it.
    pub(super) fn entry_of(&self, somebody: &Somebody, whom: &str) -> Result<Person> {
        if let Some(nth) = somebody.entry {
            return Ok(self.dir.people()?.swap_remove(nth));
        }
        let person = &somebody.person;
        // One address is enough to know them by; others may be wrong.
        let claimed = whom.trim().to_lowercase();
        let emails = match claimed.contains('@') {
            true => vec![claimed],
            false => person.emails.iter().take(1).cloned().collect(),
        };
        Ok(Person { name: person.name.clone(), emails, ..Person::default() })
    }
}

/// The part of an entry that changes can be about.
fn shared(person: &Person) -> Own {
    Own {
        name: Some(person.name.clone()),
        say: person.say.clone(),
        ipa: person.ipa.clone(),
        audio: person.audio.clone(),
        lang: person.lang.clone(),
        pronouns: person.pronouns.clone(),
        bio: person.bio.clone(),
        links: Some(person.links.clone()),
        employers: Some(person.employers.clone()),
    }
}

/// The inverse of [`shared`].
fn keep(person: &mut Person, said: Own) {
    let Own { name, say, ipa, audio, lang, pronouns, bio, links, employers } = said;
    if let Some(name) = name.filter(|name| *name != person.name) {
        let before = std::mem::replace(&mut person.name, name);
        if !person.also.contains(&before) {
            person.also.push(before);
        }
    }
    (person.say, person.ipa, person.audio, person.lang) = (say, ipa, audio, lang);
    (person.pronouns, person.bio) = (pronouns, bio);
    person.links = links.unwrap_or_default();
    person.employers = employers.unwrap_or_default();
}

/// Changes what is said. A person's own empty word takes away what others say.
pub(super) fn apply(said: &mut Own, EntryChange { key, value }: &EntryChange, own: bool) {
    let value = value.clone().or_else(|| own.then(String::new));
    let value_of_links = value.clone().filter(|value| !value.is_empty());
    match key {
        // An empty own name takes the own name back.
        Key::Name => said.name = value.or_else(|| said.name.take()),
        Key::Say => said.say = value,
        Key::Ipa => said.ipa = value,
        Key::Audio => said.audio = value,
        Key::Lang => said.lang = value,
        Key::Pronouns => said.pronouns = value,
        Key::Bio => said.bio = value,
        Key::Link(title) => {
            let links = said.links.get_or_insert_default();
            match value_of_links {
                Some(url) => links.insert(title.clone(), url),
                None => links.remove(title),
            };
        }
        Key::Employers => {
            let source = if own { Vouch::Own } else { Vouch::Producer };
            let all = value.as_deref().map(|text| employers(text, source));
            said.employers = Some(all.and_then(std::result::Result::ok).unwrap_or_default());
        }
    }
}

/// Puts back what was said before, of one key as people type it.
pub(super) fn put_back(said: &mut Own, key: &str, before: &Own) {
    match key {
        "name" => said.name.clone_from(&before.name),
        "say" => said.say.clone_from(&before.say),
        "ipa" => said.ipa.clone_from(&before.ipa),
        "audio" => said.audio.clone_from(&before.audio),
        "lang" => said.lang.clone_from(&before.lang),
        "pronouns" => said.pronouns.clone_from(&before.pronouns),
        "bio" => said.bio.clone_from(&before.bio),
        "employers" => said.employers.clone_from(&before.employers),
        link => {
            let title = link.strip_prefix("link:").unwrap_or(link);
            let old = before.links.as_ref().and_then(|links| links.get(title));
            let links = said.links.get_or_insert_default();
            match old {
                Some(url) => drop(links.insert(title.to_owned(), url.clone())),
                None => drop(links.remove(title)),
            }
            said.links.take_if(|links| links.is_empty() && before.links.is_none());
        }
    }
}

/// `Example 2019-01-01..2021-06-30; Other 2021-07-01..; Third`.
fn employers(text: &str, source: Vouch) -> std::result::Result<Vec<Affiliation>, String> {
    let one = |text: &str| {
        let (employer, from, until) = match text.rsplit_once(' ') {
            Some((name, days)) if days.contains("..") => {
                let (from, until) = days.split_once("..").unwrap_or((days, ""));
                (name.trim(), day(from)?, day(until)?)
            }
            _ => (text, None, None),
        };
        if from.zip(until).is_some_and(|(from, until)| from > until) {
            return Err(format!("`{text}` ends before it begins"));
        }
        Ok(Affiliation { employer: employer.to_owned(), from, until, source, proof: None })
    };
    text.split(';').map(str::trim).filter(|text| !text.is_empty()).map(one).collect()
}

fn day(text: &str) -> std::result::Result<Option<Date>, String> {
    match text.trim() {
        "" => Ok(None),
        text => {
            text.parse().map(Some).map_err(|_| format!("`{text}` is no day; write `2021-07-01`"))
        }
    }
}

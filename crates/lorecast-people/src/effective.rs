//! A person's own word over everybody else's.

use lorecast_model::Person;

/// The person with each field that they gave themselves in place of what others say. `own` itself is
/// kept, so that its source can be shown.
pub fn effective(person: &Person) -> Person {
    let mut person = person.clone();
    let Some(own) = person.own.clone() else { return person };
    if let Some(name) = own.name.filter(|name| !name.trim().is_empty()) {
        let before = std::mem::replace(&mut person.name, name);
        person.also.retain(|name| *name != person.name);
        if before != person.name && !before.is_empty() && !person.also.contains(&before) {
            person.also.push(before);
        }
    }
    person.say = own.say.or(person.say);
    person.ipa = own.ipa.or(person.ipa);
    person.audio = own.audio.or(person.audio);
    person.lang = own.lang.or(person.lang);
    person.pronouns = own.pronouns.or(person.pronouns);
    person.bio = own.bio.or(person.bio);
    person.links = own.links.unwrap_or(person.links);
    person.employers = own.employers.unwrap_or(person.employers);
    person
}

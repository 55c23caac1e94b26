//! A person's own word over everybody else's.

use lorecast_model::Person;

/// The person with each field that they gave themselves in place of what others say; one that they
/// gave as empty is none, whatever others say. `own` itself is kept, so that its source can be shown.
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
    person.say = word(own.say, person.say);
    person.ipa = word(own.ipa, person.ipa);
    person.audio = word(own.audio, person.audio);
    person.lang = word(own.lang, person.lang);
    person.pronouns = word(own.pronouns, person.pronouns);
    person.bio = word(own.bio, person.bio);
    person.links = own.links.unwrap_or(person.links);
    person.employers = own.employers.unwrap_or(person.employers);
    person
}

/// What the person says, else what others say.
fn word(own: Option<String>, others: Option<String>) -> Option<String> {
    own.or(others).filter(|text| !text.trim().is_empty())
}

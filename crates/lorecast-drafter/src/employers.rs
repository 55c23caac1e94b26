//! Whom the people of a story worked for when they wrote.

use jiff::tz::TimeZone;
use lorecast_mail::poster;
use lorecast_model::{Affiliation, Evidence, Message, MessageId, Person, Vouch};
use lorecast_people::{Sources, for_story};

use crate::names::own_name;
use crate::telling::Known;

/// The employers of all who wrote these messages, each on the day of the message, with the message
/// that shows it: an earlier one of the same person, or the message itself where other sources say so.
/// `None` when somebody has none that the show allows.
pub(crate) fn of<'m>(
    messages: impl Iterator<Item = &'m Message>,
    known: Known<'_>,
) -> Option<Vec<(String, MessageId)>> {
    let messages: Vec<&Message> = messages.collect();
    if !messages.iter().all(|message| is_writer(message)) {
        return None;
    }
    let day = |message: &Message| TimeZone::UTC.to_datetime(message.header.date).date();
    let people: Vec<_> = messages
        .iter()
        .map(|message| (known.employers.of(&message.writer.who), day(message)))
        .collect();
    let told = for_story(&people, &known.show.employers)?;
    let shown = |(affiliation, message): (&Affiliation, &&Message)| {
        let said = matches!(affiliation.source, Vouch::Name | Vouch::Header | Vouch::Signature);
        let proof = affiliation.proof.as_ref().filter(|_| said);
        (affiliation.employer.clone(), proof.unwrap_or(&message.header.id).clone())
    };
    Some(told.into_iter().zip(&messages).map(shown).collect())
}

/// Whether who is named as the sender wrote it: the author of a patch that somebody else posts is not
/// the one of whom the story speaks.
pub(crate) fn is_writer(message: &Message) -> bool {
    let (poster, who) = (poster(message), &message.writer.who);
    poster.email.eq_ignore_ascii_case(&who.email) || poster.name == own_name(&who.name)
}

/// What a message says instead of an employer; `None` when it says so, or says nothing: the producer,
/// a map or the address may know it.
pub(crate) fn against(evidence: &Evidence, message: &Message, sources: &Sources) -> Option<String> {
    let says = sources.declared(&message.writer)?;
    (says.to_lowercase() != evidence.value.to_lowercase())
        .then(|| format!("the message says `{says}`"))
}

/// Whether the producer says so of who wrote a message, whatever that says.
pub(crate) fn is_reviewed(
    evidence: &Evidence,
    message: &Message,
    sources: &Sources,
    people: &[Person],
) -> bool {
    let email = &message.writer.who.email;
    let same = |other: &String| other.eq_ignore_ascii_case(email);
    let own = people.iter().filter(|person| person.emails.iter().any(same));
    let own = own.flat_map(|person| {
        let own = person.own.as_ref().and_then(|own| own.employers.as_ref());
        own.unwrap_or(&person.employers)
    });
    let known = sources.reviewed(email).iter().chain(own);
    let name = |a: &Affiliation| sources.name(&a.employer).unwrap_or_else(|| a.employer.clone());
    known.into_iter().any(|affiliation| name(affiliation) == evidence.value)
}

//! Who vouches for a patch: the trailers that answers gave.

use std::collections::HashSet;

use lorecast_mail::{About, Given, given_trailers, linked_message, poster};
use lorecast_model::{Mailbox, Message, MessageId, Revision, Trailer};

use crate::places::{Place, Places};

mod agree;

pub use agree::agrees;

/// A trailer that an answer gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouch {
    /// The trailer. Of a person's the value is name and address.
    pub trailer: Trailer,
    /// The number of the patch; `None` when it counts for each patch of the revision.
    pub patch: Option<u32>,
    /// The answer.
    pub message: MessageId,
    /// Who sent it.
    pub by: Mailbox,
}

/// What answers gave to one revision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vouched {
    /// The trailers that count, by date.
    pub vouches: Vec<Vouch>,
    /// Trailers that name somebody else than the sender: shown, never counted.
    pub mismatches: Vec<Vouch>,
}

impl Vouched {
    /// The trailers that count for one patch, those of the whole revision among them.
    pub fn for_patch(&self, number: u32) -> impl Iterator<Item = &Vouch> {
        self.vouches.iter().filter(move |vouch| vouch.patch.is_none_or(|patch| patch == number))
    }
}

/// Finds the trailers that answers gave, one [`Vouched`] for each revision, in their order.
///
/// An answer, also one to another answer, belongs to the nearest posting above it; to a cover letter
/// it counts for each patch, and so it does when it says "for the whole series". A personal trailer
/// counts when sender and person [agree](agrees). A trailer that was given twice is listed once. What
/// the author signs off himself is none, nor are the trailers of a patch that an answer proposes.
pub fn vouched(messages: &[Message], revisions: &[Revision]) -> Vec<Vouched> {
    let places = Places::new(messages, revisions);
    let mut found = vec![Vouched::default(); revisions.len()];
    let mut seen = HashSet::new();
    for message in by_date(messages) {
        if places.posting(&message.header.id).is_some() || message.header.references.is_empty() {
            continue;
        }
        let given = given_trailers(&message.text);
        if given.is_empty() {
            continue;
        }
        let Some(place) = places.answered(message) else { continue };
        let revision = &revisions[place.revision];
        for (vouch, counts) in weigh(message, given, place, revision) {
            let same = (
                place.revision,
                vouch.trailer.key.clone(),
                gist(&vouch.trailer),
                vouch.patch,
                counts,
            );
            if !seen.insert(same) {
                continue;
            }
            let Vouched { vouches, mismatches } = &mut found[place.revision];
            if counts { vouches.push(vouch) } else { mismatches.push(vouch) }
        }
    }
    found
}

/// What makes two trailers of a key the same: the mail that a link shows, whatever its address, and
/// any other value in small letters.
fn gist(trailer: &Trailer) -> String {
    let linked = (trailer.key == "link").then(|| linked_message(&trailer.value)).flatten();
    linked.map_or_else(|| trailer.value.to_lowercase(), |id| id.to_string())
}

/// The messages by date, each id once.
pub(crate) fn by_date(messages: &[Message]) -> Vec<&Message> {
    let mut sorted: Vec<&Message> = messages.iter().collect();
    sorted.sort_by_key(|message| (message.header.date, &message.header.id));
    sorted.dedup_by_key(|message| &message.header.id);
    sorted
}

/// The trailers of one answer, each with whether it counts.
fn weigh(
    message: &Message,
    given: Vec<Given>,
    place: Place,
    revision: &Revision,
) -> Vec<(Vouch, bool)> {
    let from = &poster(message);
    let signs = |given: &Given| given.trailer.key == "signed-off-by";
    // A patch in an answer comes with its own trailers.
    if !message.diff.is_empty() && given.iter().any(signs) {
        return Vec::new();
    }
    let by_author = agrees(from, &revision.author);
    let mut found = Vec::new();
    for one in given {
        if signs(&one) && by_author {
            continue;
        }
        let counts = match &one.person {
            None => true,
            // "Reviewed-by: tags are welcome" names nobody.
            Some(person) if person.email.is_empty() && !agrees(person, from) => continue,
            Some(person) => agrees(person, from),
        };
        let vouch = |patch| Vouch {
            trailer: one.trailer.clone(),
            patch,
            message: message.header.id.clone(),
            by: from.clone(),
        };
        found.extend(
            patches(&one.about, place, revision).into_iter().map(|patch| (vouch(patch), counts)),
        );
    }
    found
}

/// The patches that a trailer is for; `None` stands for all.
fn patches(about: &About, place: Place, revision: &Revision) -> Vec<Option<u32>> {
    match about {
        About::Series => vec![None],
        About::Patches(numbers) => {
            let there = |number: &u32| revision.patches.iter().any(|patch| patch.number == *number);
            let known: Vec<Option<u32>> =
                numbers.iter().filter(|n| there(n)).map(|n| Some(*n)).collect();
            if known.is_empty() { vec![place.patch] } else { known }
        }
        About::Answered => vec![place.patch],
    }
}

//! Links: to mails that the archives hold.

use lorecast_model::{Fix, MessageId};

use super::case::{Case, Reading, entries};
use super::rules::LINK;
use super::spelling::distance;

/// How many letters of an id may be wrong for it to be recognised.
const SLIPS: usize = 2;

/// Checks every link of a passage.
pub(super) fn check(case: &Case<'_>, reading: &Reading<'_>) {
    for link in &reading.passage.links {
        let Some(id) = link.id.as_ref().filter(|id| case.cited(id).is_none()) else { continue };
        let address = link.address.clone();
        let message = format!("the message `{id}` is not in the store");
        let fix = meant(case, reading, id).map(|right| Fix {
            from: address.start,
            to: address.end,
            text: right.lore_url(),
        });
        case.report(&LINK, address, message, fix);
    }
}

/// The id that was meant: one of the evidence or of the passage's threads, a letter off.
fn meant(case: &Case<'_>, reading: &Reading<'_>, id: &MessageId) -> Option<MessageId> {
    let told = entries(case.episode());
    let evidence = told.iter().flat_map(|entry| entry.evidence()).map(|e| &e.message);
    let thread = reading.talks.iter().flat_map(|talk| &talk.messages).map(|m| &m.header.id);
    let mut known = told.iter().map(|entry| entry.id()).chain(evidence).chain(thread);
    known.find(|other| distance(id.as_str(), other.as_str(), SLIPS).is_some()).cloned()
}

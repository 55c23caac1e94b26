//! Addresses of mails in notes: how they are written, and what they lead to.

use lorecast_mail::linked_message;
use lorecast_model::{MessageId, Show};

/// Where a mail can be read: where the show's own links lead, else at lore.kernel.org.
pub(crate) fn address_of(show: Option<&Show>, id: &MessageId) -> String {
    show.map_or_else(|| id.lore_url(), |show| show.link(id))
}

/// The mail that an address leads to: by the show's own links, or in an archive that is known by its
/// addresses.
pub(crate) fn mail_at(show: Option<&Show>, address: &str) -> Option<MessageId> {
    show.and_then(|show| show.linked(address)).or_else(|| linked_message(address))
}

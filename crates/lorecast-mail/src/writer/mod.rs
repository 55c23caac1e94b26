//! Who wrote a mail, and what it says of them.
//!
//! | file | what it reads |
//! |---|---|
//! | `behind` | who is behind a From that a list or a relay rewrote |
//! | `in_body` | the author that the body of a patch names |
//! | `declared` | whom the writer works for: behind the name, in a header, in the signature |
//! | `poster` | who posted it, when that is not who wrote it |

mod behind;
mod declared;
mod in_body;
mod poster;

use lorecast_model::{Header, Mailbox, Writer};

pub use poster::poster;

use crate::fields::Fields;
use crate::own_name::{own_name, spelt_name};
use crate::robot;

/// What a mail is read from, beside its fields.
pub(crate) struct Parts<'a> {
    pub(crate) header: &'a Header,
    /// Its recipients, To and Cc.
    pub(crate) recipients: [&'a [Mailbox]; 2],
    pub(crate) text: &'a str,
    /// Whether it holds a diff.
    pub(crate) diff: bool,
}

/// Reads the writer of a mail. A program writes what it sends, whoever made the patch in it: for a
/// queue of stable patches, or a notice about somebody's commit, nobody gets credit twice.
pub(crate) fn read(fields: &Fields<'_>, parts: &Parts<'_>) -> Writer {
    let header = parts.header;
    let named = in_body::author(parts);
    let sender = behind::sender(fields, parts, named.as_ref());
    if robot::sent_by_robot(fields, &sender, &header.subject) {
        return Writer { who: clean(&sender), declared: None, robot: true };
    }
    let own = named.as_ref().is_none_or(|named| is_same(named, &sender));
    let who = named.unwrap_or_else(|| sender.clone());
    let declared = declared::read(fields, parts, &who, &sender, own);
    Writer { who: clean(&who), declared, robot: false }
}

/// Whether both are one person as far as a mail shows: the same address, or the same name.
fn is_same(one: &Mailbox, other: &Mailbox) -> bool {
    let name = own_name(&one.name);
    one.email.eq_ignore_ascii_case(&other.email)
        || !name.is_empty() && name == own_name(&other.name)
}

fn clean(mailbox: &Mailbox) -> Mailbox {
    let name = spelt_name(&mailbox.name);
    let is_address = name.contains('@') && !name.contains(' ');
    let name = if is_address { String::new() } else { name };
    Mailbox { name, email: bounded(&mailbox.email).to_owned() }
}

/// The longest address, in bytes (RFC 5321 section 4.5.3.1.3).
const ADDRESS: usize = 256;

fn bounded(email: &str) -> &str {
    let end = (0..=ADDRESS.min(email.len())).rev().find(|&end| email.is_char_boundary(end));
    &email[..end.unwrap_or_default()]
}

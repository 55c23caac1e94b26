//! Who posted a mail, who need not be who wrote the patch in it.

use lorecast_model::{Header, Mailbox, Message};

use super::is_same;
use crate::ids;
use crate::own_name::own_name;

/// Who sent a mail, by their own name: the writer behind the address of a list or a relay, else the
/// `From`. When the body of a patch names another author, that one wrote it, and the sender posted it.
pub fn poster(message: &Message) -> Mailbox {
    let (from, who) = (&message.header.from, &message.writer.who);
    let hidden =
        !who.email.is_empty() && (is_same(who, from) || is_rewritten(&message.header, who));
    let Mailbox { name, email } = if hidden { who } else { from };
    Mailbox { name: own_name(name), email: email.clone() }
}

/// Whether the `From` is a list's or a relay's own, which nobody has.
fn is_rewritten(header: &Header, who: &Mailbox) -> bool {
    let from = &header.from;
    let list = ids::list_of_address(&from.email);
    from.email.starts_with("devnull+")
        || list.is_some_and(|list| header.lists.contains(&list)) && own_name(&from.name).is_empty()
        || own_name(&from.name).eq_ignore_ascii_case(&who.email)
}

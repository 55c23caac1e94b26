//! What people are called, as their own mails say it.

pub(crate) use lorecast_mail::own_name;
use lorecast_mail::{poster, trailer_person, trailers};
use lorecast_model::{Mailbox, Message, MessageId};

/// A person's name as the mail spells it, without the `via …` that lists and relays add, the
/// employer behind it and the quotes around it; `Last, First` is turned round.
pub(crate) fn name(from: &Mailbox) -> String {
    own_name(from.called())
}

/// The sender of a mail: the own name of who posted it, else the one that a trailer of the mail gives to
/// the same address, else the part of the address before the `@`.
pub(crate) fn sender(message: &Message) -> String {
    spelt(message).unwrap_or_else(|| name(&poster(message)))
}

/// Who wrote it: of a patch the author that its body names, else the sender.
pub(crate) fn writer(message: &Message) -> String {
    own_name(&message.writer.who.name)
}

/// The sender's name, and the message that gives it: this one, or another of the same sender.
pub(crate) fn sender_among(message: &Message, others: &[Message]) -> (String, MessageId) {
    let own = std::iter::once(message);
    let from = poster(message);
    let same = |other: &&Message| poster(other).email == from.email;
    let found =
        own.chain(others.iter().filter(same).take(MOST_READ)).find_map(|m| Some((spelt(m)?, m)));
    match found {
        Some((name, by)) => (name, by.header.id.clone()),
        None => (name(&from), message.header.id.clone()),
    }
}

/// So many mails of a sender are read for a name.
const MOST_READ: usize = 12;

/// A name that is more than a part of the address.
fn spelt(message: &Message) -> Option<String> {
    let from = poster(message);
    let is_name = |name: &String| !name.is_empty() && !name.contains('@');
    if let Some(own) = Some(from.name).filter(is_name) {
        return Some(own);
    }
    let people = trailers(&message.text).into_iter().map(|t| trailer_person(&t.value));
    let own = |person: &Mailbox| person.email.eq_ignore_ascii_case(&from.email);
    people.filter(own).map(|person| own_name(&person.name)).find(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, email: &str) -> String {
        super::name(&Mailbox { name: name.to_owned(), email: email.to_owned() })
    }

    #[test]
    fn names_are_told_from_what_stands_around_them() {
        for (name, email, told) in [
            ("Ann Vogel", "ann@home.example", "Ann Vogel"),
            ("Ann Vogel (Widgets)", "ann@home.example", "Ann Vogel"),
            ("Vogel, Ann M.", "ann@vendor.example", "Ann M. Vogel"),
            ("Vogel, Ann (Widgets)", "ann@x.example", "Ann Vogel"),
            ("Tom Abel, Jr.", "tom@dev.vendor.example", "Tom Abel, Jr."),
            ("", "avogel@x.example", "avogel"),
        ] {
            assert_eq!(check(name, email), told, "{name} <{email}>");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_a_mail_calls_somebody_is_read(name in "\\PC{0,60}", email in "\\PC{0,20}") {
            check(&name, &email);
        }
    }
}

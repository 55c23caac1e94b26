//! Whether two mailboxes are one person's, as far as a mail tells.

use lorecast_model::Mailbox;

/// The same address, or the same full name: people change employers and machines, and lists put
/// their own address before a name (`Ada Example via linux-mm`).
pub(crate) fn same(one: &Mailbox, other: &Mailbox) -> bool {
    if !one.email.is_empty() && one.email.eq_ignore_ascii_case(&other.email) {
        return true;
    }
    let name = name(one);
    name.contains(' ') && name == self::name(other)
}

/// A name without case, order of words, punctuation, a note in brackets, and the list it came
/// through; the address where there is no name.
pub(crate) fn name(mailbox: &Mailbox) -> String {
    let own = mailbox.name.split(" via ").next().unwrap_or_default();
    let own = own.split(['(', '[', '<']).next().unwrap_or_default();
    let letters = |word: &&str| !word.is_empty();
    let mut words: Vec<String> =
        own.split(|c: char| !c.is_alphanumeric()).filter(letters).map(str::to_lowercase).collect();
    if words.is_empty() {
        return mailbox.email.to_lowercase();
    }
    words.sort_unstable();
    words.join(" ")
}

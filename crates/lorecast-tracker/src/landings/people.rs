//! Whether two mailboxes are one person's, as far as a commit and a mail can tell.

use lorecast_model::Mailbox;

/// The same address, or the same name under another address: people commit and post from several.
pub(super) fn same_person(one: &Mailbox, other: &Mailbox) -> bool {
    if !one.email.is_empty() && one.email.eq_ignore_ascii_case(&other.email) {
        return true;
    }
    let (one, other) = (words(&one.name), words(&other.name));
    // One word in ASCII is a login or a first name; others write whole names without a space.
    let full = one.len() > 1 || one.iter().any(|word| !word.is_ascii());
    full && one == other
}

/// The words of a name in order of the alphabet: `Lovelace, Ada` and `Ada K. Lovelace (Engine)`
/// are one. What lists add (`Ada via list`) is left out.
fn words(name: &str) -> Vec<String> {
    let name = name.split(['(', '<', '[']).next().unwrap_or(name);
    let name = name.split(" via ").next().unwrap_or(name);
    let letters = |c: char| !(c.is_alphanumeric() || c == '-' || c == '\'');
    let mut words: Vec<String> = name
        .split(letters)
        .filter(|word| word.chars().count() > 1 || !word.is_ascii())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.sort_unstable();
    words
}

//! Who is behind a From that a list or a relay rewrote.
//!
//! Lists rewrite the From of domains with a strict DMARC policy (RFC 7489), relays send for people
//! whose own server does not. Where the real address goes depends on the program: Mailman adds it to
//! Reply-To or Cc, Google Groups writes X-Original-From, b4 Reply-To and a From line in the body,
//! GitGitGadget that line and Cc.

use lorecast_model::{ListId, Mailbox};

use super::{Parts, is_same};
use crate::fields::Fields;
use crate::own_name::sent_for;
use crate::{address, ids};

/// Headers that hold the From as it was, the surest first.
const ORIGINAL: [&str; 5] = [
    "X-Original-From",
    "X-Mailman-Original-From",
    "X-Google-Original-From",
    "X-Original-Sender",
    "Reply-To",
];

/// The sender of a mail: its From, or who that was before. `named` is the author in its body.
pub(super) fn sender(fields: &Fields<'_>, parts: &Parts<'_>, named: Option<&Mailbox>) -> Mailbox {
    let from = &parts.header.from;
    let called = sent_for(&from.name);
    if called.is_none() && !is_of_list(fields, parts) {
        return from.clone();
    }
    let called = called.unwrap_or(&from.name).trim_matches(['\'', '"', ' ']);
    let hidden = Mailbox { name: called.to_owned(), email: String::new() };
    let candidates = ORIGINAL.iter().flat_map(|name| people(fields, name));
    let candidates: Vec<Mailbox> =
        candidates.filter(|found| is_person(found, from, &parts.header.lists)).collect();
    let of_that_name = |found: &&Mailbox| is_same(found, &hidden);
    let address = called.contains('@').then(|| called.to_lowercase());
    let found = candidates
        .iter()
        .find(of_that_name)
        .or(named.filter(|found| of_that_name(found)))
        .or(parts.recipients.iter().flat_map(|all| all.iter()).find(of_that_name))
        .or(candidates.first())
        .or(named);
    let email = match found {
        Some(found) => found.email.clone(),
        // Nobody knows the address; the list's own is at least where the mail came from.
        None => address.clone().unwrap_or_else(|| from.email.clone()),
    };
    let name = match found {
        Some(found) if called.is_empty() || address.is_some() => found.name.clone(),
        _ if address.is_some() => String::new(),
        _ => called.to_owned(),
    };
    Mailbox { name, email }
}

/// Whether the From is the list's own address, although somebody else's stands in another field.
fn is_of_list(fields: &Fields<'_>, parts: &Parts<'_>) -> bool {
    let header = parts.header;
    let of_list = |list: Option<ListId>| list.is_some_and(|list| header.lists.contains(&list));
    let list = || {
        header.from.email.starts_with("devnull+")
            || of_list(ids::list_of_address(&header.from.email))
    };
    list() && ORIGINAL.iter().any(|name| fields.first(name).is_some())
}

fn people(fields: &Fields<'_>, name: &str) -> Vec<Mailbox> {
    fields.all(name).next().map(|raw| address::mailboxes(raw).0).unwrap_or_default()
}

fn is_person(found: &Mailbox, from: &Mailbox, lists: &[ListId]) -> bool {
    let list = ids::list_of_address(&found.email);
    found.email.contains('@')
        && !found.email.eq_ignore_ascii_case(&from.email)
        && !list.is_some_and(|list| lists.contains(&list))
}

//! One event, as a follow-up reads it.

use lorecast_model::{Event, Mailbox, Proof, What};

use super::telling::Outcome;
use crate::telling::own_name;

/// Where an event leaves the work.
pub(super) fn of(what: &What) -> Option<Outcome> {
    Some(match what {
        What::Reverted => Outcome::Reverted,
        What::Landed { .. } => Outcome::Landed,
        What::Dropped { .. } => Outcome::Dropped,
        What::Rejected => Outcome::Rejected,
        What::Next => Outcome::Next,
        What::Applied { .. } => Outcome::Applied,
        What::ChangesRequested => Outcome::ChangesRequested,
        What::Answered | What::Promised | What::Vouched { .. } | What::Stable { .. } => {
            return None; // nothing that a state follows from
        }
    })
}

/// Who did it, as the mail spells it.
pub(super) fn who(event: &Event) -> String {
    own_name(&event.who)
}

/// Who applied it, or the tree that did when no mail tells.
pub(super) fn taker(event: &Event) -> String {
    Some(who(event)).filter(|name| !name.is_empty()).unwrap_or_else(|| place(event))
}

/// The tree that an event happened in, as the mail or `show.yaml` names it; without the `.git` that
/// nobody says.
pub(super) fn place(event: &Event) -> String {
    match (&event.what, &event.proof) {
        (What::Applied { tree, .. } | What::Dropped { tree }, _) if !tree.is_empty() => {
            tree.strip_suffix(".git").unwrap_or(tree).to_owned()
        }
        (_, Proof::Commit { tree, .. }) => tree.clone(),
        (What::Applied { .. } | What::Dropped { .. }, Proof::Message(_)) => String::new(),
        (_, Proof::Message(_)) => "mainline".to_owned(),
    }
}

/// The first tag that contains what landed, else the tree.
pub(super) fn tag(event: &Event) -> String {
    first_tag(event).unwrap_or_else(|| place(event))
}

pub(super) fn first_tag(event: &Event) -> Option<String> {
    match &event.what {
        What::Landed { tag, .. } => tag.clone(),
        _ => None,
    }
}

/// Whether a stable release is of a branch: `v6.1.25` of `6.1`.
pub(super) fn is_of(release: &str, branch: &str) -> bool {
    let rest = release.trim_start_matches('v').strip_prefix(branch);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The numbers of a release, to order them by.
pub(super) fn numbers(release: &str) -> Vec<u64> {
    release.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

/// Whether a tree is named, not only addressed.
pub(super) fn is_speakable(tree: &str) -> bool {
    const LONGEST: usize = 30;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    (1..=LONGEST).contains(&tree.len()) && tree.chars().all(plain) && tree.matches('/').count() < 2
}

pub(super) fn is_robot(name: &str) -> bool {
    lorecast_mail::is_robot(&Mailbox { name: name.to_owned(), email: String::new() })
}

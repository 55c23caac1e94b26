//! Whom a command is about: an address, a name, or a name within the show.

use lorecast_model::{Mailbox, PersonId};
use lorecast_people::{Conflict, People, Somebody};

use crate::{DeskError, Result};

/// So many are named when a name has several bearers.
const NAMED: usize = 5;

/// The person that `whom` names: by address, by id (`ann-vogel`), or by the whole name when nobody else
/// bears it.
///
/// # Errors
/// When there is nobody, or several.
pub(super) fn find<'a>(people: &'a People, whom: &str) -> Result<&'a Somebody> {
    let whom = whom.trim();
    if whom.contains('@') {
        let bare = whom.rsplit_once('<').map_or(whom, |(_, rest)| rest.trim_end_matches('>'));
        let name = whom.split('<').next().filter(|_| whom.contains('<')).unwrap_or_default();
        let who = Mailbox { name: name.trim().to_owned(), email: bare.to_owned() };
        let found = if who.name.is_empty() { people.at(&who.email) } else { people.of(&who) };
        return found.ok_or_else(|| DeskError::Nobody { whom: whom.to_owned() });
    }
    if let Some(somebody) = people.get(&PersonId(whom.to_owned())) {
        return Ok(somebody);
    }
    let bears = |somebody: &&Somebody| {
        let names = std::iter::once(&somebody.person.name).chain(&somebody.person.also);
        names.into_iter().any(|name| name.to_lowercase() == whom.to_lowercase())
    };
    let found: Vec<&Somebody> = people.persons.iter().filter(bears).collect();
    match found[..] {
        [only] => Ok(only),
        [] => Err(DeskError::Nobody { whom: whom.to_owned() }),
        _ => {
            let ids: Vec<&str> = found.iter().take(NAMED).map(|s| s.id.0.as_str()).collect();
            Err(DeskError::Several { whom: whom.to_owned(), ids: ids.join(", ") })
        }
    }
}

/// That no two entries of `people.yaml` claim what `whom` names, when that is an address.
///
/// # Errors
/// When they do.
pub(super) fn uncontested(people: &People, whom: &str) -> Result<()> {
    let is = |conflict: &&Conflict| matches!(conflict, Conflict::Claimed { email, .. } if email.eq_ignore_ascii_case(whom.trim()));
    match people.conflicts.iter().find(is) {
        Some(conflict) => Err(DeskError::Contested { conflict: conflict.clone() }),
        None => Ok(()),
    }
}

/// Somebody's name, and the address that stands for them: the one that was given, else the main one.
///
/// # Errors
/// When there is nobody, there are several, or no address is known.
pub(super) fn mailbox(people: &People, whom: &str) -> Result<Mailbox> {
    let Somebody { person, .. } = find(people, whom)?;
    let email = match whom.contains('@') {
        true => Some(whom.trim().to_owned()),
        false => person.emails.first().cloned(),
    };
    let email = email.ok_or_else(|| DeskError::Nobody { whom: whom.to_owned() })?;
    Ok(Mailbox { name: person.name.clone(), email })
}

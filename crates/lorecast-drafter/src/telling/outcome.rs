//! Who took it, and how far it came.

use lorecast_mail::is_robot;
use lorecast_model::{Fact, Message, Proof, Revision, State};

use super::teller::Teller;
use crate::names::sender;
use crate::profile::rules;
use crate::taken::taken_part;

impl Teller<'_> {
    pub(super) fn applied(&mut self, revision: &Revision, seen: &[&Message]) -> Option<String> {
        let State::Applied { by: Proof::Message(by) } = &revision.state else { return None };
        let message = seen.iter().find(|m| m.header.id == *by)?;
        let name = Some(sender(message)).filter(|name| !name.is_empty())?;
        self.proves(Fact::Applied, &name, by);
        // A robot tells of it; who did it, its mail may not say.
        let robot = is_robot(&message.header.from);
        Some(if robot { self.author() } else { name })
    }

    pub(super) fn applied_to(&mut self, revision: &Revision) -> Option<String> {
        let State::Applied { by: by @ Proof::Commit { tree, .. } } = &revision.state else {
            return None;
        };
        self.proved_by(Fact::Applied, tree, by);
        Some(tree.clone())
    }

    /// How much of a series was applied, unless it was all of it.
    pub(super) fn part(&self, revision: &Revision, seen: &[&Message]) -> Option<String> {
        let State::Applied { by: Proof::Message(by) } = &revision.state else { return None };
        let message = seen.iter().find(|m| m.header.id == *by)?;
        taken_part(message, revision)
    }

    pub(super) fn next(&mut self, revision: &Revision, seen: &[&Message]) -> Option<String> {
        let State::Next { by } = &revision.state else { return None };
        let tree = rules(self.known.show.profile).next_tree();
        if !is_known(by, seen) {
            return None;
        }
        self.proved_by(Fact::Next, tree, by);
        Some(tree.to_owned())
    }

    pub(super) fn landed(&mut self, revision: &Revision, seen: &[&Message]) -> Option<String> {
        let State::Landed { by, tag, .. } = &revision.state else { return None };
        let tree = match by {
            Proof::Commit { tree, .. } => tree.as_str(),
            Proof::Message(_) => "mainline",
        };
        let place = tag.as_deref().unwrap_or(tree);
        if !is_known(by, seen) {
            return None;
        }
        self.proved_by(Fact::Landed, place, by);
        Some(place.to_owned())
    }
}

/// Whether a commit proves it, or a mail that was sent before the window ended.
fn is_known(proof: &Proof, seen: &[&Message]) -> bool {
    match proof {
        Proof::Message(id) => seen.iter().any(|message| message.header.id == *id),
        Proof::Commit { .. } => true,
    }
}

//! What people say of themselves.

use jiff::Timestamp;
use lorecast_model::{Own, PersonId};

use super::Commons;
use crate::{AccountId, Entry, EntryId};

/// So many descriptions of one account are remembered, the latest: these can be undone.
const REMEMBERED: usize = 20;

/// An address of the archives that somebody proved to be theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Whose it is.
    pub by: AccountId,
    /// Since when.
    pub at: Timestamp,
}

/// Something that somebody said of themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// Of whom: themselves.
    pub person: PersonId,
    /// What, each as `KEY=VALUE`.
    pub changes: Vec<String>,
    /// The recording of the name, by its digest.
    pub recording: Option<String>,
    /// What became of it.
    pub state: DescriptionState,
}

/// What became of a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DescriptionState {
    /// It goes into `people.yaml`.
    Waiting,
    /// It stands there.
    Stands {
        /// The address that the person is known by, and what they said of themselves before.
        before: Box<(String, Own)>,
    },
    /// It could not stand there.
    Dropped,
    /// An editor undid it; what was before goes into `people.yaml`.
    Undoing {
        /// The address that the person is known by, and what they said of themselves before.
        before: Box<(String, Own)>,
    },
    /// What was before stands there again.
    Undone,
}

impl Description {
    /// The address of whom it is, once it stood in `people.yaml`.
    pub fn address(&self) -> Option<&str> {
        match &self.state {
            DescriptionState::Stands { before } | DescriptionState::Undoing { before } => {
                Some(&before.0)
            }
            _ => None,
        }
    }

    /// What it is about: `bio`, `link:Blog`.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let keys = self.changes.iter().map(|change| change.split('=').next().unwrap_or_default());
        keys.chain(self.recording.as_ref().map(|_| "audio"))
    }
}

impl Commons {
    /// Who proved that an address is theirs.
    pub fn proof(&self, email: &str) -> Option<&Proof> {
        self.proofs.get(email)
    }

    /// The addresses that an account proved, in their order.
    pub fn proved(&self, account: AccountId) -> impl Iterator<Item = &str> {
        let own = self.proofs.iter().filter(move |(_, proof)| proof.by == account);
        own.map(|(email, _)| email.as_str())
    }

    /// A description.
    pub fn description(&self, id: EntryId) -> Option<&Description> {
        self.descriptions.get(&id)
    }

    /// The descriptions by an account that are remembered, the oldest first.
    pub fn descriptions_by(
        &self,
        account: AccountId,
    ) -> impl DoubleEndedIterator<Item = (EntryId, &Description)> {
        let by = self.descriptions.iter().filter(move |(_, one)| one.by == account);
        by.map(|(id, one)| (*id, one))
    }

    /// What has to be written into `people.yaml`, the oldest first: a server that ended too early finds here what is
    /// left to do.
    pub fn to_write(&self) -> impl Iterator<Item = (EntryId, &Description)> {
        let open = |one: &Description| {
            matches!(one.state, DescriptionState::Waiting | DescriptionState::Undoing { .. })
        };
        self.descriptions.iter().filter(move |(_, one)| open(one)).map(|(id, one)| (*id, one))
    }

    pub(super) fn prove(&mut self, who: AccountId, entry: &Entry, email: &str) {
        if self.accounts.contains_key(&who) {
            self.proofs.insert(email.to_owned(), Proof { by: who, at: entry.at });
        }
    }

    pub(super) fn disown(&mut self, by: AccountId, email: &str) {
        self.proofs.retain(|proved, proof| proved != email || proof.by != by);
    }

    pub(super) fn describe(
        &mut self,
        by: AccountId,
        entry: &Entry,
        person: &PersonId,
        changes: &[String],
        recording: Option<&String>,
    ) {
        let description = Description {
            by,
            at: entry.at,
            person: person.clone(),
            changes: changes.to_vec(),
            recording: recording.cloned(),
            state: DescriptionState::Waiting,
        };
        self.descriptions.insert(entry.id, description);
        let own = self.descriptions.iter().filter(|(_, one)| one.by == by);
        let settled = own.filter(|(_, one)| one.state != DescriptionState::Waiting);
        let ids: Vec<EntryId> = settled.map(|(id, _)| *id).collect();
        for id in ids.iter().take(ids.len().saturating_sub(REMEMBERED)) {
            self.descriptions.remove(id);
        }
    }

    pub(super) fn written(&mut self, what: EntryId, before: Option<&(String, Own)>) {
        let Some(description) = self.descriptions.get_mut(&what) else { return };
        description.state = match (&description.state, before) {
            (DescriptionState::Undoing { .. }, _) => DescriptionState::Undone,
            (_, Some(before)) => DescriptionState::Stands { before: Box::new(before.clone()) },
            (_, None) => DescriptionState::Dropped,
        };
    }

    /// Undoing answers all reports of it.
    pub(super) fn undo(&mut self, what: EntryId) {
        let Some(description) = self.descriptions.get_mut(&what) else { return };
        if let DescriptionState::Stands { before } = &description.state {
            description.state = DescriptionState::Undoing { before: before.clone() };
        }
        self.reports.retain(|_, report| report.what != what);
    }
}

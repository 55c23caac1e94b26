//! Accounts, and what lets somebody into them.

use jiff::Timestamp;

use super::Commons;
use crate::{AccountId, By, Deed, Digest, Door, Entry, EntryId, Name, Role, Scope};

/// So many sessions has an account; the one that ends first makes room for a new one.
const MOST_SESSIONS: usize = 20;

/// Somebody who takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// What they are called.
    pub name: Name,
    /// Their mail address, in small letters, which they proved to be theirs; only they and owners see it.
    pub email: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Since when.
    pub joined: Timestamp,
    /// Why they may do nothing any more.
    pub banned: Option<String>,
}

/// A program's way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// For whom it acts.
    pub by: AccountId,
    /// What it is for, in its owner's words.
    pub title: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it stops working.
    pub until: Timestamp,
}

/// A way in that was offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// Its entry.
    pub(crate) id: EntryId,
    /// Who made it: it goes with what gave them the right to.
    pub(crate) by: By,
    pub(crate) door: Door,
    pub(crate) until: Timestamp,
    pub(crate) then: Option<Deed>,
}

/// Somebody's browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) account: AccountId,
    pub(crate) until: Timestamp,
}

impl Commons {
    /// An account.
    pub fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.get(&id)
    }

    /// All accounts, the oldest first.
    pub fn accounts(&self) -> impl Iterator<Item = (AccountId, &Account)> {
        self.accounts.iter().map(|(id, account)| (*id, account))
    }

    /// What somebody is called; an account that was closed has no name any more.
    pub fn name(&self, id: AccountId) -> &str {
        self.accounts.get(&id).map_or("somebody who left", |account| account.name.as_str())
    }

    /// Whose session this is, as long as it lasts.
    pub fn session(&self, key: &Digest, now: Timestamp) -> Option<(AccountId, &Account)> {
        let session = self.sessions.get(key).filter(|session| session.until > now)?;
        Some((session.account, self.accounts.get(&session.account)?))
    }

    /// The token of a key, as long as it lasts.
    pub fn token(&self, key: &Digest, now: Timestamp) -> Option<&Token> {
        let token = self.tokens.get(self.token_keys.get(key)?).filter(|token| token.until > now)?;
        let account = self.accounts.get(&token.by)?;
        account.banned.is_none().then_some(token)
    }

    /// The tokens of an account, the oldest first.
    pub fn tokens_of(&self, account: AccountId) -> impl Iterator<Item = (EntryId, &Token)> {
        self.tokens
            .iter()
            .filter(move |(_, token)| token.by == account)
            .map(|(id, token)| (*id, token))
    }

    /// Where a link leads, as long as it was not used and has not run out; and the account that is there already.
    pub fn door(&self, key: &Digest, now: Timestamp) -> Option<(&Door, Option<AccountId>)> {
        let link = self.links.get(key).filter(|link| link.until > now)?;
        Some((&link.door, self.behind(&link.door)))
    }

    /// What the visitor wanted to do who was given this link.
    pub fn wish(&self, key: &Digest) -> Option<&Deed> {
        self.links.get(key)?.then.as_ref()
    }

    /// The account that a door leads to; `None` when entering opens a new one.
    pub(crate) fn behind(&self, door: &Door) -> Option<AccountId> {
        match door {
            Door::Mail { email, .. } => self.by_email.get(email).copied(),
            Door::Invitation { .. } => None,
            Door::Account(id) => self.accounts.contains_key(id).then_some(*id),
        }
    }

    pub(super) fn link(
        &mut self,
        entry: &Entry,
        key: &Digest,
        door: &Door,
        until: Timestamp,
        then: Option<&Deed>,
    ) {
        let (id, by) = (entry.id, entry.by);
        self.links
            .insert(key.clone(), Link { id, by, door: door.clone(), until, then: then.cloned() });
    }

    /// Links that ran out without being used, by their entries: they may go from the journal, with the addresses that they were sent
    /// to and the text that waited.
    pub fn unused_links(&self, now: Timestamp) -> Vec<EntryId> {
        let out = self.links.values().filter(|link| link.until <= now);
        let mut ids: Vec<EntryId> = out.map(|link| link.id).collect();
        ids.sort();
        ids
    }

    /// What somebody may no longer do, nobody may with a link of theirs.
    pub(super) fn drop_links_of(&mut self, account: AccountId) {
        self.links.retain(|_, link| link.by != By::Account(account));
    }

    pub(super) fn enter(
        &mut self,
        entry: &Entry,
        link: &Digest,
        session: &Digest,
        until: Timestamp,
        name: Option<&Name>,
    ) {
        let Some(link) = self.links.remove(link) else { return };
        let account = match (self.behind(&link.door), name) {
            (Some(account), _) => account,
            (None, Some(name)) => self.open(entry, &link.door, name),
            (None, None) => return,
        };
        let own = self.sessions.iter().filter(|(_, session)| session.account == account);
        if own.clone().count() >= MOST_SESSIONS {
            let first =
                own.min_by_key(|(key, session)| (session.until, *key)).map(|(key, _)| key.clone());
            first.map(|key| self.sessions.remove(&key));
        }
        self.sessions.insert(session.clone(), Session { account, until });
    }

    fn open(&mut self, entry: &Entry, door: &Door, name: &Name) -> AccountId {
        let id = AccountId(entry.id);
        let (email, role) = match door {
            Door::Mail { email, role } => (Some(email.clone()), *role),
            Door::Invitation { role } => (None, *role),
            // Whoever it led to has closed the account.
            Door::Account(_) => (None, Role::Reader),
        };
        if let Some(email) = &email {
            self.by_email.insert(email.clone(), id);
        }
        self.known_by(name, id);
        let account = Account { name: name.clone(), email, role, joined: entry.at, banned: None };
        self.accounts.insert(id, account);
        id
    }

    pub(super) fn end_session(&mut self, key: &Digest) {
        self.sessions.remove(key);
    }

    pub(super) fn rename(&mut self, id: AccountId, name: &Name) {
        if let Some(account) = self.accounts.get_mut(&id) {
            account.name = name.clone();
            self.by_looks.retain(|_, known| *known != id);
            self.known_by(name, id);
        }
    }

    fn known_by(&mut self, name: &Name, id: AccountId) {
        self.by_looks.extend(name.looks().map(|look| (look, id)));
    }

    pub(super) fn drop_token(&mut self, token: EntryId) {
        self.tokens.remove(&token);
        self.token_keys.retain(|_, known| *known != token);
    }

    pub(super) fn grant(&mut self, id: AccountId, role: Role) {
        if let Some(account) = self.accounts.get_mut(&id) {
            account.role = role;
        }
        self.drop_links_of(id);
    }

    pub(super) fn ban(&mut self, id: AccountId, why: Option<&String>) {
        if let Some(account) = self.accounts.get_mut(&id) {
            account.banned = why.cloned();
            self.sessions.retain(|_, session| why.is_none() || session.account != id);
        }
        self.drop_links_of(id);
    }
}

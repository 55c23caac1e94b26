//! Accounts, and what lets somebody into them.

use jiff::Timestamp;

use super::Commons;
use super::ways_in::Way;
use crate::{AccountId, Digest, Door, Entry, EntryId, Name, Role, Scope};

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
    /// The link that opened it, which goes with it.
    pub(crate) link: Digest,
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
    /// Whether it was made in a session that began with a passkey.
    pub passkey: bool,
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

    /// Whether an account has this mail address.
    pub fn has_address(&self, email: &str) -> bool {
        self.by_email.contains_key(email)
    }

    /// What somebody is called; an account that was closed has no name any more.
    pub fn name(&self, id: AccountId) -> &str {
        self.accounts.get(&id).map_or("somebody who left", |account| account.name.as_str())
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

    pub(super) fn enter(
        &mut self,
        entry: &Entry,
        link: &Digest,
        session: &Digest,
        until: Timestamp,
        name: Option<&Name>,
    ) {
        let Some((key, link)) = self.links.remove_entry(link) else { return };
        let account = match (self.behind(&link.door), name) {
            (Some(account), _) => account,
            (None, Some(name)) => self.open(entry, key, &link.door, name),
            (None, None) => return,
        };
        let way = match link.door {
            Door::Identity { identity, .. } => Way::Provider(identity.issuer),
            Door::Account(_) => Way::Operator,
            Door::Mail { .. } | Door::Invitation { .. } => Way::Link,
        };
        self.begin_session(entry, session, account, until, way);
    }

    fn open(&mut self, entry: &Entry, link: Digest, door: &Door, name: &Name) -> AccountId {
        let id = AccountId(entry.id);
        let (email, role) = match door {
            Door::Mail { email, role, .. } => (Some(email.clone()), *role),
            // An account that has the address meanwhile keeps it.
            Door::Identity { email, role, .. } => {
                (email.clone().filter(|email| !self.by_email.contains_key(email)), *role)
            }
            Door::Invitation { role } => (None, *role),
            // Whoever it led to has closed the account.
            Door::Account(_) => (None, Role::Reader),
        };
        if let Some(email) = &email {
            self.by_email.insert(email.clone(), id);
        }
        self.known_by(name, id);
        let (name, joined) = (name.clone(), entry.at);
        self.accounts.insert(id, Account { name, email, role, joined, banned: None, link });
        if let Door::Identity { identity, .. } = door {
            self.add_tie(id, entry, identity);
        }
        id
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

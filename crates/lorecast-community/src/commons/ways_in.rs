//! Sessions, and what begins one but a link: passkeys, and providers to whom somebody is known.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::Commons;
use crate::{Account, AccountId, Digest, Door, Entry, EntryId, Identity, Seal};

/// So many sessions has an account; the one that ends first makes room for a new one.
const MOST_SESSIONS: usize = 20;

/// A session ends when it was not used for so long, whatever is left of it.
const IDLE: SignedDuration = SignedDuration::from_hours(24 * 14);

/// How often it is noted that a session is in use.
const NOTED: SignedDuration = SignedDuration::from_hours(24);

/// How long it is remembered what was proven already: longer than anything may be kept that proves it.
const PROVEN: SignedDuration = SignedDuration::from_hours(24);

/// Somebody's browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub account: AccountId,
    /// The entry that began it.
    pub entry: EntryId,
    /// When it began.
    pub since: Timestamp,
    /// When it ends.
    pub until: Timestamp,
    /// When it was noted last that it is in use.
    pub used: Timestamp,
    /// The entry that noted it.
    noted: Option<EntryId>,
    /// With what it began.
    pub way: Way,
}

impl Session {
    /// Whether it lets nobody in any more: it has run out, or was left alone for two weeks.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.until <= now || now.duration_since(self.used) >= IDLE
    }

    /// Whether it should be noted that it is in use: that was done a day ago or longer.
    pub fn is_to_be_noted(&self, now: Timestamp) -> bool {
        now.duration_since(self.used) >= NOTED
    }
}

/// With what a session began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// A link, by mail or handed on.
    Link,
    /// A link to the account that the operator of the show made, at the machine.
    Operator,
    /// A passkey of the account.
    Passkey,
    /// A provider, by its address.
    Provider(String),
}

/// A key that somebody's device keeps and the show knows the public half of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// Whose it is.
    pub by: AccountId,
    /// By which browsers name it, in base64url.
    pub id: String,
    /// What is known of it, as the server that checks it writes it.
    pub credential: String,
    /// What its owner calls it.
    pub title: String,
    /// Since when.
    pub added: Timestamp,
    /// When somebody signed in with it last.
    pub used: Option<Timestamp>,
}

/// An account is somebody whom a provider knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    /// The account.
    pub by: AccountId,
    /// Who that is at the provider.
    pub identity: Identity,
    /// Since when.
    pub added: Timestamp,
    /// When somebody signed in so last.
    pub used: Option<Timestamp>,
}

impl Commons {
    /// A session, as long as it lasts, and whose it is.
    pub fn session(&self, key: &Digest, now: Timestamp) -> Option<(&Session, &Account)> {
        let session = self.sessions.get(key).filter(|session| !session.is_over(now))?;
        Some((session, self.accounts.get(&session.account)?))
    }

    /// The sessions of an account that last, the oldest first.
    pub fn sessions_of(&self, account: AccountId, now: Timestamp) -> Vec<&Session> {
        let lasts = |session: &&Session| session.account == account && !session.is_over(now);
        let mut sessions: Vec<&Session> = self.sessions.values().filter(lasts).collect();
        sessions.sort_by_key(|session| session.entry);
        sessions
    }

    /// A passkey, by which browsers name it.
    pub fn passkey(&self, id: &str) -> Option<(EntryId, &Passkey)> {
        let entry = self.passkey_ids.get(id)?;
        Some((*entry, self.passkeys.get(entry)?))
    }

    /// The passkeys of an account, the oldest first.
    pub fn passkeys_of(&self, account: AccountId) -> impl Iterator<Item = (EntryId, &Passkey)> {
        let own = self.passkeys.iter().filter(move |(_, passkey)| passkey.by == account);
        own.map(|(id, passkey)| (*id, passkey))
    }

    /// The account of somebody whom a provider knows.
    pub fn tie(&self, identity: &Identity) -> Option<(EntryId, &Tie)> {
        let entry = self.by_identity.get(identity)?;
        Some((*entry, self.ties.get(entry)?))
    }

    /// The providers that know whose account it is, the oldest first.
    pub fn ties_of(&self, account: AccountId) -> impl Iterator<Item = (EntryId, &Tie)> {
        let own = self.ties.iter().filter(move |(_, tie)| tie.by == account);
        own.map(|(id, tie)| (*id, tie))
    }

    /// By which the show knows again what it handed out; made when it is first needed.
    pub fn seal(&self) -> Option<&Seal> {
        self.seal.as_ref()
    }

    /// Whose the passkey is, or the tie.
    pub(crate) fn opened_with(&self, with: EntryId) -> Option<AccountId> {
        let passkey = self.passkeys.get(&with).map(|passkey| passkey.by);
        passkey.or_else(|| self.ties.get(&with).map(|tie| tie.by))
    }

    /// Whether somebody gets into an account again without being handed a link.
    pub fn can_come_back(&self, id: AccountId) -> bool {
        self.account(id).is_some_and(|account| account.email.is_some())
            || self.passkeys_of(id).next().is_some()
            || self.ties_of(id).next().is_some()
    }

    /// Whether there is another way into an account than this passkey or tie.
    pub(crate) fn has_other_way(&self, id: AccountId, with: EntryId) -> bool {
        let by_mail = self.account(id).is_some_and(|account| account.email.is_some());
        let passkeys = self.passkeys_of(id).map(|(entry, _)| entry);
        let mut others = passkeys.chain(self.ties_of(id).map(|(entry, _)| entry));
        by_mail || others.any(|entry| entry != with)
    }

    pub(super) fn begin_session(
        &mut self,
        entry: &Entry,
        key: &Digest,
        account: AccountId,
        until: Timestamp,
        way: Way,
    ) {
        let own = self.sessions.iter().filter(|(_, session)| session.account == account);
        if own.clone().count() >= MOST_SESSIONS {
            let first =
                own.min_by_key(|(key, session)| (session.until, *key)).map(|(key, _)| key.clone());
            first.map(|key| self.sessions.remove(&key));
        }
        let (since, used) = (entry.at, entry.at);
        let session = Session { account, entry: entry.id, since, until, used, noted: None, way };
        self.sessions.insert(key.clone(), session);
    }

    pub(super) fn stay(&mut self, entry: &Entry, session: EntryId) {
        if let Some(known) = self.sessions.values_mut().find(|known| known.entry == session) {
            known.used = known.used.max(entry.at);
            known.noted = Some(entry.id);
        }
        self.stays.insert(entry.id);
    }

    /// Entries that tell when sessions were used which were used again since, or are over: they may go from the journal, which
    /// does not keep who came when.
    pub fn past_stays(&self, now: Timestamp) -> Vec<EntryId> {
        let last = self.last_stays(now);
        self.stays.iter().filter(|stay| !last.contains(*stay)).copied().collect()
    }

    pub(super) fn forget_past_stays(&mut self, now: Timestamp) {
        self.stays = self.last_stays(now);
    }

    fn last_stays(&self, now: Timestamp) -> BTreeSet<EntryId> {
        let going_on = self.sessions.values().filter(|session| !session.is_over(now));
        going_on.filter_map(|session| session.noted).collect()
    }

    pub(super) fn end_session(&mut self, key: &Digest) {
        self.sessions.remove(key);
    }

    pub(super) fn end_sessions_of(&mut self, account: AccountId, but: Option<&Digest>) {
        self.sessions.retain(|key, session| session.account != account || Some(key) == but);
    }

    /// Begins a session with a passkey or a tie.
    pub(super) fn enter_with(
        &mut self,
        entry: &Entry,
        with: EntryId,
        credential: Option<&String>,
        session: &Digest,
        until: Timestamp,
    ) {
        let (account, way) = if let Some(passkey) = self.passkeys.get_mut(&with) {
            passkey.used = Some(entry.at);
            if let Some(credential) = credential {
                passkey.credential.clone_from(credential);
            }
            (passkey.by, Way::Passkey)
        } else if let Some(tie) = self.ties.get_mut(&with) {
            tie.used = Some(entry.at);
            (tie.by, Way::Provider(tie.identity.issuer.clone()))
        } else {
            return;
        };
        self.begin_session(entry, session, account, until, way);
    }

    pub(super) fn add_passkey(
        &mut self,
        by: AccountId,
        entry: &Entry,
        id: &str,
        credential: &str,
        title: &str,
    ) {
        let (id, credential, title) = (id.to_owned(), credential.to_owned(), title.to_owned());
        self.passkey_ids.insert(id.clone(), entry.id);
        let passkey = Passkey { by, id, credential, title, added: entry.at, used: None };
        self.passkeys.insert(entry.id, passkey);
    }

    pub(super) fn drop_passkey(&mut self, passkey: EntryId) {
        self.passkeys.remove(&passkey);
        self.passkey_ids.retain(|_, known| *known != passkey);
    }

    pub(super) fn add_tie(&mut self, by: AccountId, entry: &Entry, identity: &Identity) {
        self.by_identity.insert(identity.clone(), entry.id);
        let tie = Tie { by, identity: identity.clone(), added: entry.at, used: None };
        self.ties.insert(entry.id, tie);
    }

    pub(super) fn drop_tie(&mut self, tie: EntryId) {
        self.ties.remove(&tie);
        self.by_identity.retain(|_, known| *known != tie);
    }

    /// What was proven once does not prove anything again.
    pub(super) fn spend(&mut self, proof: &Digest, at: Timestamp) {
        self.proven.insert(proof.clone(), at);
    }

    pub(super) fn forget_proofs(&mut self, now: Timestamp) {
        self.proven.retain(|_, at| now.duration_since(*at) <= PROVEN);
    }

    /// Forgets the ways into an account that is closed.
    pub(super) fn close_ways_into(&mut self, id: AccountId) {
        self.end_sessions_of(id, None);
        self.passkeys.retain(|_, passkey| passkey.by != id);
        let passkeys = &self.passkeys;
        self.passkey_ids.retain(|_, passkey| passkeys.contains_key(passkey));
        let gone: Vec<Identity> = self.ties_of(id).map(|(_, tie)| tie.identity.clone()).collect();
        self.ties.retain(|_, tie| tie.by != id);
        let ties = &self.ties;
        self.by_identity.retain(|_, tie| ties.contains_key(tie));
        self.links.retain(|_, link| {
            !matches!(&link.door, Door::Identity { identity, .. } if gone.contains(identity))
        });
    }
}

//! What people follow, and what they were told of it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Commons;
use crate::{AccountId, Digest, Entry, Interest, NewsKey, Notice};

/// So many pieces of news that somebody was told are remembered, the latest.
const REMEMBERED: usize = 4_000;
/// So many mails can be answered with "no more of these", the latest.
const WAYS_OUT: usize = 12;

/// What an account follows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Following {
    /// Each, and how it began.
    pub interests: BTreeMap<Interest, Begun>,
    /// How they are told.
    pub notice: Notice,
    /// When the last mail went out.
    pub told: Option<Timestamp>,
    /// What mails told them, the oldest first.
    known: Vec<NewsKey>,
    /// The key of the feed.
    feed: Option<Digest>,
    /// Keys that stand in mails, the oldest first.
    ways_out: Vec<Digest>,
    /// What was before the last mail, in case that it was not sent.
    before: Option<(Option<Timestamp>, usize)>,
}

/// How somebody began to follow something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// When.
    pub at: Timestamp,
    /// What was so already, which is no news.
    pub known: Vec<NewsKey>,
}

impl Following {
    /// Whether a mail told of it.
    pub fn was_told(&self, news: &NewsKey) -> bool {
        self.known.contains(news)
    }

    /// The same as if no mail had told of anything: what a page and a feed go by.
    pub fn untold(&self) -> Self {
        Self { known: vec![], ..self.clone() }
    }

    /// Whether there is a feed of it.
    pub fn has_feed(&self) -> bool {
        self.feed.is_some()
    }

    fn learn(&mut self, news: &[NewsKey]) {
        self.known.extend(news.iter().cloned());
        let beyond = self.known.len().saturating_sub(REMEMBERED);
        self.known.drain(..beyond);
    }
}

impl Commons {
    /// What an account follows; nothing when it never did.
    pub fn following(&self, account: AccountId) -> Option<&Following> {
        self.following.get(&account)
    }

    /// All that follow something, by account.
    pub fn followers(&self) -> impl Iterator<Item = (AccountId, &Following)> {
        self.following.iter().map(|(id, following)| (*id, following))
    }

    /// Whether an account follows it.
    pub fn follows(&self, account: AccountId, interest: &Interest) -> bool {
        self.following(account).is_some_and(|held| held.interests.contains_key(interest))
    }

    /// Whose feed has this key; nobody's who is shut out.
    pub fn feed_of(&self, key: &Digest) -> Option<AccountId> {
        let (id, _) = self.followers().find(|(_, held)| held.feed.as_ref() == Some(key))?;
        self.account(id).is_some_and(|account| account.banned.is_none()).then_some(id)
    }

    /// Whose mails the key of such a mail ends.
    pub fn way_out(&self, key: &Digest) -> Option<AccountId> {
        let (id, _) = self.followers().find(|(_, held)| held.ways_out.contains(key))?;
        Some(id)
    }

    pub(super) fn follow(
        &mut self,
        by: AccountId,
        entry: &Entry,
        what: &Interest,
        known: &[NewsKey],
    ) {
        let held = self.following.entry(by).or_default();
        let begun = Begun { at: entry.at, known: known.to_vec() };
        held.interests.entry(what.clone()).or_insert(begun);
    }

    pub(super) fn unfollow(&mut self, by: AccountId, what: &Interest) {
        self.of_follower(by, |held| {
            held.interests.remove(what);
        });
    }

    pub(super) fn notify(&mut self, by: AccountId, notice: Notice) {
        let held = self.following.entry(by).or_default();
        held.notice = notice;
    }

    pub(super) fn make_feed(&mut self, by: AccountId, key: &Digest) {
        self.following.entry(by).or_default().feed = Some(key.clone());
    }

    pub(super) fn tell(
        &mut self,
        who: AccountId,
        at: Timestamp,
        news: &[NewsKey],
        way_out: &Digest,
    ) {
        self.of_follower(who, |held| {
            held.before = Some((held.told, news.len()));
            held.told = Some(at);
            held.learn(news);
            held.ways_out.push(way_out.clone());
            let beyond = held.ways_out.len().saturating_sub(WAYS_OUT);
            held.ways_out.drain(..beyond);
        });
    }

    /// The last mail was not sent: nothing of it is known.
    pub(super) fn untell(&mut self, who: AccountId) {
        self.of_follower(who, |held| {
            let Some((told, news)) = held.before.take() else { return };
            held.told = told;
            held.known.truncate(held.known.len().saturating_sub(news));
        });
    }

    pub(super) fn unsubscribe(&mut self, key: &Digest) {
        if let Some(who) = self.way_out(key) {
            self.of_follower(who, |held| held.notice = Notice::Never);
        }
    }

    fn of_follower(&mut self, who: AccountId, change: impl FnOnce(&mut Following)) {
        self.following.get_mut(&who).map(change);
    }
}

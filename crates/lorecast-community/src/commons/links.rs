//! Links: ways in that were offered, for how long, and to which browsers.

use jiff::{SignedDuration, Timestamp};
use lorecast_model::MessageId;

use super::Commons;
use crate::{AccountId, By, Deed, Digest, Door, Entry, EntryId, ShortNumber};

/// How long after it ran out it is known what a link was for: a mail may be late, and brings another one then.
const LATE: SignedDuration = SignedDuration::from_hours(1);

/// Numbers that may be given for one link: of 10,000, three are hardly ever enough for who has to guess.
const MOST_NUMBERS: u8 = 3;

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
    /// The browser in which the right number was given last.
    told: Option<Digest>,
    /// How many numbers were given.
    numbers: u8,
    /// Why it works no more, though it was not used and its time is not over.
    ended: Option<Over>,
}

/// Why a link that was sent by mail, and that nobody used, lets nobody in any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Its time is over.
    RanOut,
    /// A later one for the same was sent to the same address.
    Replaced,
    /// Too many wrong numbers were given.
    WrongNumbers,
}

impl Link {
    fn over(&self, now: Timestamp) -> Option<Over> {
        self.ended.or((self.until <= now).then_some(Over::RanOut))
    }

    fn is_remembered(&self, now: Timestamp) -> bool {
        self.until > now - LATE
    }
}

impl Commons {
    /// Where a link leads, as long as it was not used and is not over; and the account that is there already.
    pub fn door(&self, key: &Digest, now: Timestamp) -> Option<(&Door, Option<AccountId>)> {
        let link = self.links.get(key).filter(|link| link.over(now).is_none())?;
        Some((&link.door, self.behind(&link.door)))
    }

    /// What the visitor wanted to do who was given this link.
    pub fn wish(&self, key: &Digest) -> Option<&Deed> {
        self.links.get(key)?.then.as_ref()
    }

    /// Whether a link lets in from a browser, by the digest of the key that this keeps: from the one that asked for it, and from
    /// one where the number was given that the other shows. What no browser asked for lets in from any.
    pub fn is_for(&self, key: &Digest, browser: Option<&Digest>) -> bool {
        let Some(link) = self.links.get(key) else { return false };
        let Door::Mail { asked: Some(asked), .. } = &link.door else { return true };
        browser
            .is_some_and(|browser| *browser == asked.browser || link.told.as_ref() == Some(browser))
    }

    /// How many numbers may still be given for a link.
    pub fn numbers_left(&self, key: &Digest) -> u8 {
        self.links.get(key).map_or(0, |link| MOST_NUMBERS.saturating_sub(link.numbers))
    }

    /// Why a link that was sent by mail, and that nobody used, lets nobody in; for an hour after its time.
    pub fn over(&self, key: &Digest, now: Timestamp) -> Option<Over> {
        self.addressee(key, now)?;
        self.links.get(key)?.over(now)
    }

    /// Where a link was sent by mail that nobody used; until an hour after its time.
    pub fn addressee(&self, key: &Digest, now: Timestamp) -> Option<&str> {
        match self.links.get(key).filter(|link| link.is_remembered(now)).map(|link| &link.door) {
            Some(Door::Mail { email, .. }) => Some(email),
            _ => None,
        }
    }

    /// How many texts wait for somebody to follow a link, or to ask for another one.
    pub(crate) fn waiting_wishes(&self, now: Timestamp) -> usize {
        let waits = |link: &&Link| link.then.is_some() && link.is_remembered(now);
        self.links.values().filter(waits).count()
    }

    /// The account that a door leads to; `None` when entering opens a new one.
    pub(crate) fn behind(&self, door: &Door) -> Option<AccountId> {
        match door {
            Door::Mail { email, .. } => self.by_email.get(email).copied(),
            Door::Invitation { .. } => None,
            Door::Account(id) => self.accounts.contains_key(id).then_some(*id),
            Door::Identity { identity, .. } => self.tie(identity).map(|(_, tie)| tie.by),
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
        if let Door::Identity { proof, .. } = door {
            self.spend(proof, entry.at);
        }
        if let Door::Mail { email, .. } = door {
            self.replace_links_to(email, then);
        }
        let (door, then, told, numbers, ended) = (door.clone(), then.cloned(), None, 0, None);
        let link = Link { id, by, door, until, then, told, numbers, ended };
        self.links.insert(key.clone(), link);
    }

    /// Of the links to one address that are for the same, the last one works.
    fn replace_links_to(&mut self, address: &str, then: Option<&Deed>) {
        for link in self.links.values_mut() {
            let to_it = matches!(&link.door, Door::Mail { email, .. } if email == address);
            if to_it && are_alike(link.then.as_ref(), then) {
                link.ended.get_or_insert(Over::Replaced);
            }
        }
    }

    pub(super) fn give_number(&mut self, key: &Digest, number: ShortNumber, browser: &Digest) {
        let Some(link) = self.links.get_mut(key) else { return };
        let Door::Mail { asked: Some(asked), .. } = &link.door else { return };
        link.numbers = link.numbers.saturating_add(1);
        if asked.number == number {
            link.told = Some(browser.clone());
        } else if link.numbers >= MOST_NUMBERS {
            link.ended.get_or_insert(Over::WrongNumbers);
        }
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
}

/// Whether visitors want the same: to be let in, or to say something of the same story.
fn are_alike(one: Option<&Deed>, other: Option<&Deed>) -> bool {
    one.and_then(about) == other.and_then(about)
}

fn about(wish: &Deed) -> Option<(&'static str, &MessageId)> {
    match wish {
        Deed::Propose { story, .. } => Some(("text", story)),
        Deed::Suggest { story, .. } => Some(("suggestion", story)),
        Deed::Vote { story, .. } => Some(("vote", story)),
        Deed::Claim { story, .. } => Some(("claim", story)),
        _ => None,
    }
}

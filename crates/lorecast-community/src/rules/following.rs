//! Who may follow what.

use super::{Judged, at_most, no_more, text};
use crate::commons::Commons;
use crate::{AccountId, By, Deed, Digest, Interest, NewsKey, Notice, Refusal};

/// What one account follows at most.
const MOST: usize = 200;
/// Searches among that: each is made anew for every mail and feed.
const MOST_SEARCHES: usize = 20;
/// Characters of a search, and of the id of a person.
const LONGEST: usize = 500;
/// Pieces of news that are known when somebody begins to follow, and that one mail tells.
const MOST_NEWS: usize = 200;

impl Commons {
    pub(super) fn may_follow(&self, id: AccountId, what: &Interest, known: &[NewsKey]) -> Judged {
        text("what to follow", what.of(), LONGEST)?;
        no_more("pieces of news", known.len(), MOST_NEWS)?;
        let Some(held) = self.following(id) else { return Ok(()) };
        if held.interests.contains_key(what) {
            return Err(Refusal::Settled("followed by you"));
        }
        let searches = held.interests.keys().filter(|one| matches!(one, Interest::Search(_)));
        if matches!(what, Interest::Search(_)) {
            at_most("followed searches", searches.count(), MOST_SEARCHES)?;
        }
        at_most("followed things", held.interests.len(), MOST)
    }

    /// A mail needs somewhere to go.
    pub(super) fn may_notify(&self, id: AccountId, notice: Notice) -> Judged {
        match notice {
            Notice::Never => Ok(()),
            Notice::Daily | Notice::Weekly => {
                self.address_of(id).map(drop).ok_or(Refusal::NoAddress)
            }
        }
    }

    /// Only the show tells, one mail at a time: of two servers that want to, the second one is refused.
    pub(super) fn may_tell(&self, by: By, deed: &Deed) -> Judged {
        let (By::Show, Deed::Tell { who, since, news, .. }) = (by, deed) else {
            return Err(Refusal::ShowOnly);
        };
        super::not_banned(self.known(*who)?)?;
        let held = self.following(*who).filter(|held| held.notice != Notice::Never);
        let held = held.ok_or(Refusal::Settled("told"))?;
        no_more("pieces of news", news.len(), MOST_NEWS)?;
        if held.told == *since { Ok(()) } else { Err(Refusal::Settled("told")) }
    }

    pub(super) fn may_unsubscribe(&self, key: &Digest) -> Judged {
        self.way_out(key).map(drop).ok_or(Refusal::Link)
    }

    /// Where mail for an account goes: to its own address, else to one that it proved.
    pub fn address_of(&self, id: AccountId) -> Option<&str> {
        let own = self.account(id)?.email.as_deref();
        own.or_else(|| self.proved(id).next())
    }
}

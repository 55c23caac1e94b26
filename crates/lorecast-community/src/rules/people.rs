//! Who may say what of people.

use super::{Judged, at_most, no_more, text, text_at_most};
use crate::commons::Commons;
use crate::{AccountId, By, DescriptionState, EntryId, Refusal, is_mail_address};

/// Addresses that one account proved.
const MOST_PROOFS: usize = 20;
/// Changes in one description.
const MOST_CHANGES: usize = 40;
/// Characters of all of them: a bio is a paragraph or a few.
const LONGEST: usize = 20_000;
/// Descriptions of one account that wait to be written.
const MOST_WAITING: usize = 10;

impl Commons {
    /// The show says so, because somebody came back with what was mailed there.
    pub(super) fn may_prove(&self, by: By, who: AccountId, email: &str) -> Judged {
        if by != By::Show {
            return Err(Refusal::ShowOnly);
        }
        super::not_banned(self.known(who)?)?;
        if !is_mail_address(email) {
            return Err(Refusal::Address);
        }
        let others = self.proved(who).filter(|proved| *proved != email);
        at_most("addresses", others.count(), MOST_PROOFS)
    }

    pub(super) fn may_disown(&self, id: AccountId, email: &str) -> Judged {
        match self.proof(email) {
            Some(proof) if proof.by == id => Ok(()),
            _ => Err(Refusal::NotProved),
        }
    }

    /// Whose page it is follows from mails, which are not known here: that one of the addresses is the person's is asked before,
    /// and again when it is written.
    pub(super) fn may_describe(
        &self,
        id: AccountId,
        changes: &[String],
        recording: Option<&str>,
    ) -> Judged {
        if self.proved(id).next().is_none() {
            return Err(Refusal::NotProved);
        }
        if changes.is_empty() && recording.is_none() {
            return Err(Refusal::Empty("a change"));
        }
        no_more("changes", changes.len(), MOST_CHANGES)?;
        text_at_most("all of it", &changes.concat(), LONGEST)?;
        let digits = |text: &str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
        if !recording.is_none_or(digits) {
            return Err(Refusal::Empty("the recording"));
        }
        let waiting = self.to_write().filter(|(_, one)| one.by == id);
        at_most("changes that wait", waiting.count(), MOST_WAITING)
    }

    pub(super) fn may_undo(&self, what: EntryId, why: &str) -> Judged {
        text("a reason", why, super::LONGEST_REASON)?;
        match self.description(what).map(|one| &one.state) {
            Some(DescriptionState::Stands { .. }) => Ok(()),
            Some(DescriptionState::Waiting) => Err(Refusal::Settled("kept, but not written")),
            Some(_) => Err(Refusal::Settled("undone")),
            None => Err(Refusal::Nothing { what: "change of a page", id: what }),
        }
    }
}

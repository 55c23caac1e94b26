//! What goes when somebody leaves.

use super::{Commons, Filler, FillerState, LogLine};
use crate::{AccountId, By, Deed, Door, Entry, EntryId};

impl Commons {
    /// What stands in the place of an entry when an account is closed; `None` when the entry stays as it is. What the
    /// account decided about others stays, and so does its text that was accepted, without its name. This has to
    /// be asked before it is closed.
    pub fn left_behind(&self, id: AccountId, entry: &Entry) -> Option<Deed> {
        let own = entry.by.account() == Some(id) || entry.deed.about() == Some(id);
        let accepted = || self.proposal(entry.id).is_some_and(|proposal| proposal.is_accepted());
        let goes = match &entry.deed {
            Deed::Link { door: Door::Mail { email, .. }, .. } => {
                self.account(id).is_some_and(|account| account.email.as_ref() == Some(email))
            }
            // What a provider told of it.
            Deed::Link { key, door: Door::Identity { .. }, .. } => {
                self.account(id).is_some_and(|account| account.link == *key)
            }
            Deed::EnterWith { account, .. } => *account == id,
            // The link that it used stays used.
            Deed::Enter { link, session, until, .. } if entry.id == id.0 => {
                let (link, session) = (link.clone(), session.clone());
                let (until, name, browser) = (*until, None, None);
                return Some(Deed::Enter { link, session, until, name, browser });
            }
            Deed::Enter { .. } | Deed::Link { .. } => false,
            Deed::Propose { .. } => own && !accepted(),
            Deed::OfferFiller { .. } => {
                let stays = |filler: &Filler| matches!(filler.state, FillerState::Accepted { .. });
                own && !self.filler(entry.id).is_some_and(stays)
            }
            // Others rely on it; none of these has words of its own but the reason given to them.
            Deed::Accept { .. }
            | Deed::Decline { .. }
            | Deed::AcceptFiller { .. }
            | Deed::DeclineFiller { .. }
            | Deed::Sound { .. }
            | Deed::Release { .. }
            | Deed::Erase => false,
            deed => own && !deed.is_public(),
        };
        goes.then_some(Deed::Gone)
    }

    /// The recordings beside the journal that go when an account is closed: those of its own that nobody accepted.
    pub fn recordings_of(&self, id: AccountId) -> impl Iterator<Item = &str> {
        let own = self.fillers().filter(move |(_, filler)| filler.by == id && filler.is_open());
        own.map(|(_, filler)| filler.recording.as_str())
    }

    /// Closes an account, and forgets what goes with it.
    pub(super) fn erase(&mut self, id: AccountId) {
        let Some(account) = self.accounts.remove(&id) else { return };
        if let Some(email) = account.email {
            self.by_email.remove(&email);
            self.links.retain(
                |_, link| !matches!(&link.door, Door::Mail { email: other, .. } if *other == email),
            );
        }
        self.by_looks.retain(|_, known| *known != id);
        self.drop_links_of(id);
        self.close_ways_into(id);
        self.tokens.retain(|_, token| token.by != id);
        let tokens = &self.tokens;
        self.token_keys.retain(|_, token| tokens.contains_key(token));
        self.reports.retain(|_, report| report.by != id);
        self.proofs.retain(|_, proof| proof.by != id);
        self.following.remove(&id);
        self.tallies.remove(&id);
        // What they decided stays; what they said of themselves does not.
        let own = |line: &LogLine| line.by == By::Account(id);
        self.log.retain(|line| !own(line) || !matches!(line.deed, Deed::Describe { .. }));
        self.forget_words(id);
    }

    fn forget_words(&mut self, id: AccountId) {
        let own = self.annotations.iter().filter(|(_, annotation)| annotation.by == id);
        let own: Vec<EntryId> = own.map(|(id, _)| *id).collect();
        own.into_iter().for_each(|annotation| self.retract(annotation));
        self.descriptions.retain(|_, description| description.by != id);
        self.proposals.retain(|_, proposal| {
            proposal.comments.retain(|comment| comment.by != id);
            proposal.by != id || proposal.is_accepted()
        });
        self.fillers.retain(|_, filler| {
            filler.by != id || matches!(filler.state, FillerState::Accepted { .. })
        });
        let (proposals, fillers) = (&self.proposals, &self.fillers);
        self.comments.retain(|comment, on| {
            proposals
                .get(on)
                .is_some_and(|proposal| proposal.comments.iter().any(|c| c.id == *comment))
        });
        for talk in self.stories.values_mut() {
            talk.votes.remove(&id);
            talk.claim.take_if(|claim| claim.by == id);
            talk.suggestions.retain(|suggestion| suggestion.by != id);
            talk.proposals.retain(|proposal| proposals.contains_key(proposal));
            talk.fillers.retain(|filler| fillers.contains_key(filler));
        }
        self.stories.retain(|_, talk| !talk.is_silent());
        let stories = &self.stories;
        self.suggestions.retain(|id, story| {
            stories.get(story).is_some_and(|talk| talk.suggestions.iter().any(|s| s.id == *id))
        });
    }
}

//! Text that was offered for stories.

use jiff::Timestamp;
use lorecast_model::MessageId;

use super::Commons;
use crate::{AccountId, Entry, EntryId};

/// Text offered for a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Who offers it.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// For which story.
    pub story: MessageId,
    /// What the notes said when it was written.
    pub base: String,
    /// The text, in Markdown.
    pub text: String,
    /// What became of it.
    pub state: ProposalState,
    /// What was said of it, the oldest first.
    pub comments: Vec<Comment>,
}

/// What became of a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProposalState {
    /// Nobody decided.
    Open,
    /// It goes into the notes.
    Accepted {
        /// Who decided so.
        by: AccountId,
        /// When.
        at: Timestamp,
        /// What the notes said then: the ancestor of the merge.
        base: String,
        /// The text as it was accepted.
        text: String,
        /// Whether it stands in the notes already.
        merged: bool,
    },
    /// It does not.
    Declined {
        /// Who decided so.
        by: AccountId,
        /// When.
        at: Timestamp,
        /// The reason.
        why: String,
    },
    /// Who wrote it took it back.
    Withdrawn,
}

/// Something said of a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its entry.
    pub id: EntryId,
    /// Who said it.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: String,
}

impl Proposal {
    /// Whether nobody has decided yet.
    pub fn is_open(&self) -> bool {
        self.state == ProposalState::Open
    }

    /// Whether it went or goes into the notes.
    pub fn is_accepted(&self) -> bool {
        matches!(self.state, ProposalState::Accepted { .. })
    }
}

impl ProposalState {
    /// What it is, in a word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted { .. } => "accepted",
            Self::Declined { .. } => "declined",
            Self::Withdrawn => "taken back",
        }
    }
}

impl Commons {
    /// A proposal.
    pub fn proposal(&self, id: EntryId) -> Option<&Proposal> {
        self.proposals.get(&id)
    }

    /// All proposals, the oldest first.
    pub fn proposals(&self) -> impl Iterator<Item = (EntryId, &Proposal)> {
        self.proposals.iter().map(|(id, proposal)| (*id, proposal))
    }

    /// Accepted text that does not stand in the notes yet, the oldest first: a server that ended too early
    /// finds here what is left to do.
    pub fn to_merge(&self) -> impl Iterator<Item = (EntryId, &Proposal)> {
        let open = |proposal: &Proposal| {
            matches!(proposal.state, ProposalState::Accepted { merged: false, .. })
        };
        self.proposals().filter(move |(_, proposal)| open(proposal))
    }

    pub(super) fn propose(
        &mut self,
        by: AccountId,
        entry: &Entry,
        story: &MessageId,
        base: &str,
        text: &str,
    ) {
        let proposal = Proposal {
            by,
            at: entry.at,
            story: story.clone(),
            base: base.to_owned(),
            text: text.to_owned(),
            state: ProposalState::Open,
            comments: Vec::new(),
        };
        self.proposals.insert(entry.id, proposal);
        self.on_story(story, |talk| talk.proposals.push(entry.id));
    }

    pub(super) fn settle(&mut self, id: EntryId, state: ProposalState) {
        if let Some(proposal) = self.proposals.get_mut(&id) {
            proposal.state = state;
        }
    }

    pub(super) fn merged(&mut self, id: EntryId) {
        let state = self.proposals.get_mut(&id).map(|proposal| &mut proposal.state);
        if let Some(ProposalState::Accepted { merged, .. }) = state {
            *merged = true;
        }
    }

    pub(super) fn comment(&mut self, by: AccountId, entry: &Entry, on: EntryId, text: &str) {
        if let Some(proposal) = self.proposals.get_mut(&on) {
            let comment = Comment { id: entry.id, by, at: entry.at, text: text.to_owned() };
            proposal.comments.push(comment);
            self.comments.insert(entry.id, on);
        }
    }
}

//! What one mail says, before it is clear which revision it means.

use lorecast_model::{MessageId, What};

/// One statement of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    /// What happened.
    pub(crate) what: What,
    /// Who did it, when that is not the sender.
    pub(crate) who: Option<String>,
    /// To what.
    pub(crate) to: Target,
}

impl Statement {
    pub(crate) fn new(what: What, to: Target) -> Self {
        Self { what, who: None, to }
    }
}

/// What a statement is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// The patch or revision that the mail answers.
    Answered,
    /// All of the revision that the mail answers.
    Whole,
    /// These patches of that revision.
    Numbers(Vec<u32>),
    /// A patch that the mail names.
    Item(Item),
}

/// A patch as a notice names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Item {
    /// `n` of `[n/m]`.
    pub(crate) number: Option<u32>,
    /// Its title without tags; may be empty.
    pub(crate) title: String,
    /// Postings that the notice links to or answers, the surest first.
    pub(crate) ids: Vec<MessageId>,
    /// The notice need not answer the thread that it is about: what it answers proves nothing.
    pub(crate) elsewhere: bool,
}

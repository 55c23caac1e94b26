//! Groups messages into threads, series and revisions.
//!
//! It never renders, and does no I/O: everything here is a pure function of the messages it is
//! given, so the same mail gives the same answer in whatever order and batches it came.
//!
//! | module | question |
//! |---|---|
//! | [`threads`] | which messages belong together, and in which tree |
//! | [`series`] | which of them are revisions of patch series, and how those follow each other |
//! | [`state`] | whether somebody said that a revision was applied |

pub mod series;
pub mod state;
pub mod threads;

use lorecast_model::{Message, Revision, Thread};

/// What one thread turns out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackedThread {
    /// Its summary.
    pub thread: Thread,
    /// The revisions posted in it, with their state as far as this thread tells.
    pub revisions: Vec<Revision>,
}

/// Tracks one thread; `None` when it has no message.
pub fn track(messages: &[Message]) -> Option<TrackedThread> {
    let thread = threads::summarise(messages.iter().map(|message| &message.header))?;
    let mut revisions = series::revisions(messages);
    for revision in &mut revisions {
        revision.state = state::state(revision, messages);
    }
    Some(TrackedThread { thread, revisions: series::link(revisions) })
}

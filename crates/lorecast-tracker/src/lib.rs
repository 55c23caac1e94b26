//! Groups messages into threads, series and revisions, and notes which were taken.
//!
//! It never renders, does I/O or reads a clock: every function here is pure and gives the same
//! answer whatever the order of its input.

use lorecast_model::{Header, Message, Posted, Thread};

mod events;
mod forest;
mod kin;
pub mod landings;
mod person;
mod places;
mod pulls;
pub mod series;
mod stamp;
pub mod threads;
mod union;
mod vouch;

pub use events::{Named, events, named};
pub use kin::{PATIENCE, kin, loner_keys};
pub use pulls::{Pull, pulls};
pub use vouch::{Vouch, Vouched, agrees, vouched};

/// Whether one mail says that a patch was taken.
pub mod state {
    pub use crate::events::{is_commit_notice, says_taken};
}

/// What one thread holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackedThread {
    /// Its summary.
    pub thread: Thread,
    /// The revisions posted in it, by date, then by root.
    pub revisions: Vec<Posted>,
}

/// Everything that can be said from one thread's messages alone; `None` when there are none.
/// [`series::link`] then joins revisions across threads.
pub fn track(messages: &[Message]) -> Option<TrackedThread> {
    let headers: Vec<&Header> = messages.iter().map(|message| &message.header).collect();
    let thread = threads::summarise(headers)?;
    Some(TrackedThread { thread, revisions: series::revisions(messages) })
}

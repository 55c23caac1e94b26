//! Groups messages into threads, series and revisions, and notes which were taken.
//!
//! It never renders, does I/O or reads a clock: every function here is pure and gives the same
//! answer whatever the order of its input.

use lorecast_model::{Event, Header, Message, Posted, Revision, Thread};

mod events;
mod forest;
mod hash;
mod kin;
pub mod landings;
pub mod marks;
mod person;
mod places;
mod pulls;
pub mod series;
mod stamp;
pub mod state;
pub mod threads;
mod union;
mod vouch;

pub use events::{Named, events, named};
pub use kin::{PATIENCE, kin, loner_keys};
pub use pulls::{Pull, pulls};
pub use vouch::{Vouch, Vouched, agrees, vouched};

/// What one thread holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackedThread {
    /// Its summary.
    pub thread: Thread,
    /// The revisions posted in it, by date, then by root.
    pub revisions: Vec<Posted>,
    /// What happened to each revision, in their order.
    pub events: Vec<Vec<Event>>,
    /// Its pull requests.
    pub pulls: Vec<Pull>,
}

/// Everything that can be said from one thread's messages, and from notices elsewhere that name what
/// was posted in it (see [`named`]); `None` when the thread has no messages. [`series::link`] then
/// joins revisions across threads.
pub fn track(messages: &[Message], notices: &[Message]) -> Option<TrackedThread> {
    let headers: Vec<&Header> = messages.iter().map(|message| &message.header).collect();
    let thread = threads::summarise(headers)?;
    let mut posted = series::revisions(messages);
    let revisions: Vec<Revision> = posted.iter().map(|posted| posted.revision.clone()).collect();
    let vouched = vouched(messages, &revisions);
    let events = match notices {
        [] => events(messages, &revisions, &vouched),
        _ => events(&[messages, notices].concat(), &revisions, &vouched),
    };
    for (posted, events) in posted.iter_mut().zip(&events) {
        (posted.revision.state, _) = state::decide(&posted.revision, events, None, None);
    }
    Some(TrackedThread { thread, revisions: posted, events, pulls: pulls(messages) })
}

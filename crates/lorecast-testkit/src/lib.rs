//! Builds mailboxes, inboxes, trees, tones and shows for tests.
//!
//! It never ships: nothing but tests depends on it.

pub mod inbox;
pub mod mailbox;
pub mod tone;

//! Builds mailboxes, inboxes, trees, tones and shows for tests.
//!
//! It never ships: nothing but tests depends on it.

pub mod git;
pub mod hostile;
pub mod inbox;
pub mod kernel;
pub mod mailbox;
pub mod maildir;
pub mod packed;
pub mod passkey;
pub mod postgres;
pub mod provider;
pub mod public_inbox;
pub mod s3;
pub mod server;
pub mod tone;
pub mod tree;
pub mod web;

//! Builds mailboxes, inboxes, trees, tones and shows for tests
//!
//! It never ships.

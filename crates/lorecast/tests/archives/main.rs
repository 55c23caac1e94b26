//! Archives through the real command: read, synced, searched, and none the worse for whatever
//! happens to them.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod damage;
mod formats;
mod hostile;
mod identity;
mod interrupted;
mod odd_weeks;
mod raw;
mod search;
#[path = "../show/mod.rs"]
mod show;
mod sync;
mod world;

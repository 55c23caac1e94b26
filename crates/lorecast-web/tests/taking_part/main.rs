//! What people do for a show, through its pages.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod annotating;
mod hall;
mod passkeys;
mod programs;
mod proposing;
mod providers;
mod refused;
mod sessions;
mod stories;
mod ways_in;

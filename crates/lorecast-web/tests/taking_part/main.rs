//! What people do for a show, through its pages.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod annotating;
mod fillers;
mod following;
mod hall;
mod links;
mod passkeys;
mod passkeys_needed;
mod people;
mod producing;
mod programs;
mod proposing;
mod providers;
mod refused;
mod sessions;
mod sound;
mod stories;
mod ways_in;

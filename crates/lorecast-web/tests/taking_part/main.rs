//! What people do for a show, through its pages.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod annotating;
mod following;
mod hall;
mod people;
mod programs;
mod proposing;
mod refused;
mod stories;
mod ways_in;

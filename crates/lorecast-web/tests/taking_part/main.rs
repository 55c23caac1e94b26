//! What people do for a show, through its pages.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod annotating;
mod fillers;
mod hall;
mod programs;
mod proposing;
mod refused;
mod sound;
mod stories;
mod ways_in;

//! What may be done, and what follows from it.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod accounts;
mod following;
mod hall;
mod links;
mod people;
mod roles;
mod stories;
mod ways_in;

//! What is read from archives of every kind, and what mirrors bring.

#![allow(clippy::unwrap_used)] // the helpers of tests are tests too

mod discovery;
mod epochs;
mod errors;
mod forms;
mod inbox_v1;
mod maildir;
mod mbox;
mod mirror;
mod packed;
mod reading;
mod real;
mod single;

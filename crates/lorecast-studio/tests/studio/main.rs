//! The studio at its boundary: files in, files out.

#![allow(clippy::unwrap_used, reason = "a test says what failed by panicking")]

mod bad_takes;
mod cache;
mod desk;
mod errors;
mod formats;
mod formats_out;
mod join;
mod listeners;
mod loudness;
mod music;
mod outputs;
mod report;
mod sent;
mod spans;
mod tags;
mod twins;

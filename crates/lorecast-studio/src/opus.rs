//! Opus: what browsers and phones record, and what a master may be encoded with.
//!
//! `opus-pure` is a port of libopus to Rust, so that no C has to be built, and writes the pages of Ogg.

mod comments;
mod decoder;
mod encoder;

pub(crate) use decoder::Opus;
pub(crate) use encoder::Coding;

//! Serves a show over HTTP: for now a preview of the published site.
//!
//! It never parses mail or writes SQL.

pub mod preview;

pub use preview::{WebError, preview};

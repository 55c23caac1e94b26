//! What is read from upstream git trees.

#![allow(clippy::unwrap_used)] // the helpers of tests are tests too

mod bounds;
mod brought;
mod dates;
mod diffs;
mod errors;
mod gone;
mod history;
mod incremental;
mod kernel;
mod messages;
mod reading;
mod refs;
mod releases;

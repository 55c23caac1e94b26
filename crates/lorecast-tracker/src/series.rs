//! Series and their revisions, from subject tags, senders and titles.

mod clues;
mod interdiff;
mod likeness;
mod link;
mod post;
mod revisions;
mod title;

pub use clues::{message_key, title_key};
pub use interdiff::{Change, PatchChange, interdiff};
pub use link::link;
pub use revisions::revisions;
pub(crate) use title::{folded, likeness};

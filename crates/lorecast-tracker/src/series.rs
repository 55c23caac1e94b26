//! Series and their revisions, from subject tags, senders and titles.

mod link;
mod revisions;
mod title;

pub use link::link;
pub use revisions::revisions;

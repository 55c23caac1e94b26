//! Feeds of blogs to posts that do no harm: read, cleaned, dated and told apart.
//!
//! It never asks a server, reads a clock or touches a file: bytes and the time come in, and a [`Memory`]
//! goes from run to run.
//!
//! | module | what it does |
//! |---|---|
//! | `read` | bytes of a feed → what it holds |
//! | `clean` | HTML of strangers → HTML that loads nothing, and plain words |
//! | `memory` | what is known of each blog, and what a feed adds to it |
//! | `together` | the posts of all blogs in one row |
//! | `opml` | lists of blogs as other programs write them |

mod clean;
mod memory;
mod opml;
mod read;
mod together;

pub use clean::words;
pub use memory::{Face, Memory, Remembered};
pub use opml::{OpmlError, opml};
pub use read::{Feed, Unreadable, read};
pub use together::together;

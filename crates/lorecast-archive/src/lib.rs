//! Reads mail archives incrementally: mbox files and public-inbox git epochs.
//!
//! It never knows SQL, and never looks into a mail further than to find where it ends: what the
//! mail says is for `lorecast-mail`.
//!
//! An [`Archive`] is found by [`discover`] and read by [`Archive::read`], which takes the cursor of
//! the last reading and yields only what came since. A damaged archive yields everything before
//! (and, in git, around) the damage and says where it is.

mod discover;
pub mod epoch;
mod error;
mod git;
mod mbox;
mod reader;
mod source;

pub use discover::discover;
pub use error::ArchiveError;
pub use reader::{Archive, MAIL_LIMIT, RawMail, Reader};

//! Reads mail archives incrementally, and mirrors public inboxes with the user's own git.
//!
//! It never knows SQL, and never looks into a mail further than to find where it ends: what the
//! mail says is for `lorecast-mail`.
//!
//! An [`Archive`] is found by [`discover`] and read by [`Archive::read`], which takes the cursor of
//! the last reading and yields only what came since. A damaged archive yields everything before
//! (and, in git, around) the damage and says where it is.

mod archive;
mod bomb;
mod discover;
mod eml;
pub mod epoch;
mod error;
mod file;
mod git;
mod maildir;
mod mbox;
mod mirror;
mod reader;
mod source;

pub use archive::{Archive, Hints};
pub use discover::discover;
pub use error::ArchiveError;
pub use git::{Blobs, read_blob};
pub use mbox::MboxForm;
pub use mirror::{Mirror, MirrorReport, Progress};
pub use reader::{Item, MAIL_LIMIT, Place, RawMail, Reader};

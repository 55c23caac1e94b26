//! Which posted patch a commit is.
//!
//! A mail is boiled down to a [`PostedPatch`], a commit to a [`Seen`]; an [`Index`] holds the
//! patches, and [`land`] asks it. Nothing here opens a tree: commits come in as values, from a tree
//! or, by [`commit_of_notice`], from the mail that a bot sent for one.
//!
//! Four things bring a patch up as a candidate: the commit names its mail, both have the same patch
//! id, they have the same title or were written in the same second, and they share changed lines.
//! None of the four is believed alone; `weigh` says what has to come together.

mod index;
mod land;
mod line_index;
mod matter;
mod notice;
mod overlap;
mod people;
mod posted;
mod postings;
mod print;
mod print_bytes;
mod renames;
mod robots;
mod seen;
mod titles;
mod weigh;

pub use index::Index;
pub use land::{Found, land};
pub use line_index::LineIndex;
pub use notice::{Notice, commit_of_notice};
pub use posted::PostedPatch;
pub use print::Print;
pub use seen::{CommitPrefix, Named, Naming, Seen};

//! Asks web servers, bounded in size and time.
//!
//! It never reaches an address of a private network whose host was not named, however a link or a
//! redirect leads there, and it never reads a file or a clock. A [`Client`] has its [`Manners`] and gives
//! an [`Answer`] or words that say why there is none; whether a redirect may lead to another host is one of them.

mod answer;
mod client;
mod download;
mod public;

pub use answer::Answer;
pub use client::{Client, Manners, Redirects};
pub use download::{Begun, Piece};
pub use public::is_private;

//! Marks follow the text: finds a marked span again in its own mail, and in the next revision.
//!
//! A mark is carried when a reader would say that a note on it still speaks of the text, and else it is
//! outdated: a mark in the wrong place is worse than none. Texts are compared word by word, so that
//! wrapping, indentation and the signs before the lines of a diff do not matter; what a diff removes never
//! equals what it adds or leaves.
//!
//! 1. Which mails of the new revision continue the old one is told by title, by what their titles have in
//!    common, by being the cover letters, and by the text that they share (`pairing`).
//! 2. The words of the old mail are aligned with those of each (`align`). What stands where the marked words
//!    stood is the new span, if enough of them are still there and enough of what stands around them, in the
//!    same file (`judge`).
//! 3. Else the same words may stand elsewhere, with so much of what stood around them that there is one such
//!    place in the new revision, and was one in the old (`runs`).
//!
//! Time is in proportion to `n log n` of the text, and memory to the text, whatever it says: see
//! [`LONGEST_TEXT`] and [`MOST_WORDS`].

mod align;
mod body;
mod carry;
mod judge;
mod pairing;
mod place;
mod runs;

pub use body::{LONGEST_TEXT, MOST_WORDS, body};
pub use carry::Carrier;
pub use place::place;

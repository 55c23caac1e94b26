//! An episode in the hands of its editors: what the command line and a text editor do to its files, for several people at a
//! time.
//!
//! | file | |
//! |---|---|
//! | `arrange` | which stories are told, and in which order |
//! | `words` | what the notes and the script say |
//! | `proofs` | how that would come out: rendered, checked, timed |

mod arrange;
mod proofs;
mod words;

pub use arrange::Arranged;
pub use proofs::Length;
pub use words::Words;
